"""The card of a dossier: alerts, last payment, rights, requests, profile, letters."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QMessageBox, QPushButton, QVBoxLayout, QWidget

from guichet.presenters.controle import ControlePresenter
from guichet.presenters.dossiers import DossiersPresenter
from guichet.rules.visiteurs import Acte, Information
from guichet.views.dossiers.fil import FilDossier
from guichet.views.dossiers.menu import Entree, MenuCompte, fait, voit
from guichet.views.dossiers.suivi import ETATS
from guichet.views.formats import FUSEAU, date_courte, date_longue, heure, montant
from guichet.views.widgets.base import amener, annoncer, bouton, cadenas, cadre, champ, etiquette, rangee, teinter, trait, vider
from guichet.views.widgets.colonnes import Colonnes

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from guichet.contract.sync import ExportDossier
    from guichet.services.carte import Carte, DemarcheAffichee, DroitAffiche
    from guichet.services.reperes import Rubrique
    from guichet.services.visites import VisiteOuverte
    from guichet.views.dossiers.mandats import MandatsDialog
    from guichet.views.dossiers.papiers import PapiersDialog
    from guichet.views.dossiers.visite import VisiteDialog

_ENVOIS = {
    "refuse": ("▲ Un envoi de ce dossier est refusé : voyez « Envois », en bas de la fenêtre.", "error"),
    "quarantaine": ("◆ Un envoi de ce dossier est gardé au centre pour l'assistance : voyez « Envois ».", "error"),
    "en_attente": ("○ Ce qui a été fait ici pour ce dossier n'est pas encore parti.", "warning"),
    "envoi": ("↑ Envoi en cours pour ce dossier.", "info"),
}  # fmt: skip
_MONTREES = 5
"""How many requests or papers the card shows; all are in « Suivre les démarches »."""
_CMG = "PAJE-CMG"
_FINIES = ("traitee", "refusee")
_PROFIL = (Information.SITUATION, Information.FOYER, Information.ACTIVITE, Information.COORDONNEES, Information.GESTION)
_ECHEANCES = {
    "paiement": "Paiement", "declaration": "Déclaration de ressources", "modification": "Modification de droits", "renouvellement": "Renouvellement",
}  # fmt: skip


class CarteDossier(QWidget):
    """Shows one card; made once, filled at each opening."""

    def __init__(self, presenter: DossiersPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._carte: Carte | None = None
        self.nom = etiquette("", "titre")
        self.sous_titre = etiquette("", "discret")
        self.reveler = bouton(self.tr("Montrer le NIR"), presenter.reveler_nir, lien=True)
        self.visite = bouton(self.tr("&Ouvrir une visite"), self.demander_visite, principal=True)
        entete = QVBoxLayout()
        entete.setSpacing(4)
        entete.addWidget(self.nom)
        entete.addLayout(rangee(self.sous_titre, self.reveler))
        self._controle = ControlePresenter(presenter.poste, self)
        self.exporter = bouton(self.tr("E&xporter ces données…"), self._exporter, lien=True)
        self._controle.exporte.connect(self._ecrire_export)
        self._controle.refuse.connect(presenter.refuse)
        self.menu = MenuCompte(self.tr("Mon &Compte"), self._entrees())
        entete.addLayout(rangee(self.visite, self.menu.bouton, None))
        entete.addLayout(rangee(self.exporter, None))
        self.autorisation = etiquette("", "discret")
        entete.addWidget(self.autorisation)
        self._autres = QVBoxLayout()
        entete.addLayout(self._autres)
        self.ferme = etiquette("", ton="info")
        self.ferme.hide()
        entete.addWidget(self.ferme)
        self.glace = etiquette("", ton="warning")
        self.glace.hide()
        entete.addWidget(self.glace)
        self._fermer = _minuteur(self, presenter.fermer_la_carte)
        self._masquer, self._reposer = _minuteur(self, self.masquer), _minuteur(self, self.glace.hide)
        self.envois = etiquette()
        self.envois.hide()
        entete.addWidget(self.envois)
        self._alertes = QVBoxLayout()
        boite_paiements, self._paiements = cadre()
        boite_demarches, self._demarches = cadre()
        self._boite_profil, self._profil = cadre()
        self._boite_agenda, self._agenda = cadre()
        self.fil = FilDossier()
        colonne = QVBoxLayout(self)
        colonne.setContentsMargins(0, 0, 0, 0)
        colonne.setSpacing(12)
        colonne.addLayout(entete)
        colonne.addLayout(self._alertes)
        colonne.addWidget(Colonnes([boite_paiements, boite_demarches, self._boite_profil], 36, 3))
        colonne.addWidget(Colonnes([self.fil.boite, self._boite_agenda], 48, 2))
        colonne.addStretch(1)
        presenter.nir_revele.connect(self._montrer_nir)
        presenter.motif_demande.connect(self._demander_motif)
        presenter.fiche.connect(self._montrer_fiche)
        presenter.poste.visite_changee.connect(self._montrer_bouton_visite)

    def montrer(self, carte: "Carte") -> None:
        """Fill the card; a number shown in clear stays for its time when it is the same dossier, read again."""
        meme, self._carte = self._carte, carte
        self.nom.setText(carte.nom)
        autre = meme is None or meme.dossier_id != carte.dossier_id
        if autre:
            self.glace.hide()
            self.masquer()
            QTimer.singleShot(0, self, lambda: amener(self.nom))  # once it is laid out
        elif not self._masquer.isActive():
            self.masquer()
        self._montrer_bouton_visite(self._presenter.poste.visite)
        self.menu.adapter(carte)
        agent = self._presenter.poste.agent
        self.exporter.setVisible(agent is not None and agent.role == "responsable" and carte.jusqua is None and carte.vue.qualite is None)
        self.autorisation.setText(carte.autorisation)
        self.autorisation.setVisible(bool(carte.autorisation))
        vider(self._autres)
        for a in carte.autres:
            texte = self.tr("Autre dossier : n° {0}, {1}").format(a.numero, a.organisme)
            lien = bouton(texte, partial(self._presenter.ouvrir_autre, a.dossier_id), lien=True)
            temps = etiquette(_periode(a.ouvert_le, a.ferme_le), "discret")
            lien.setAccessibleDescription(temps.text())
            self._autres.addLayout(rangee(lien, None))
            self._autres.addWidget(temps)
        self.ferme.setVisible(carte.ferme_le is not None)
        if carte.ferme_le is not None:
            self.ferme.setText(
                self.tr("Dossier fermé le {0} : il se consulte, et la personne peut écrire à cette caisse.").format(
                    date_courte(carte.ferme_le)
                )
            )
        self._borner(carte)
        self.envois.setVisible(carte.envois is not None)
        if carte.envois is not None:
            texte, ton = _ENVOIS[carte.envois]
            self.envois.setText(texte)
            teinter(self.envois, ton)
        self._remplir_alertes(carte)
        self._remplir_paiements(carte)
        self._remplir_demarches(carte)
        self._remplir_profil(carte)
        self._remplir_agenda(carte)
        self._remplir_fil(carte, autre=autre)
        annoncer(self.nom, carte.nom)

    def _entrees(self) -> list[Entree]:
        """The twelve, as caf.fr has them (001, l. 1970-1981)."""
        toujours = voit(Information.IDENTITE)
        en_visite = lambda carte: self._presenter.poste.visite is not None and carte.vue.qualite is not None  # noqa: E731 (one of a list)
        return [
            Entree(self.tr("Accueil Mon Compte"), lambda: amener(self.nom), toujours),
            Entree(self.tr("Consulter mes paiements et droits"), self._montrer_paiements, voit(Information.PAIEMENTS)),
            Entree(self.tr("Télécharger une attestation"), self.demander_papiers, fait(Acte.TELECHARGER)),
            Entree(self.tr("Suivre mes démarches"), self._montrer_suivi, voit(Information.DEMARCHES)),
            Entree(self.tr("Consulter mes courriers, courriels"), lambda: self._montrer_suivi(1), voit(Information.COURRIERS)),
            Entree(self.tr("Mes ressources"), lambda: amener(self._boite_profil), voit(Information.RESSOURCES)),
            Entree(self.tr("Déclarer un changement"), lambda: self.faire_une_demarche(), en_visite),
            Entree(self.tr("Simuler ou demander une prestation"), lambda: self.faire_une_demarche(), en_visite),
            Entree(self.tr("Mon agenda"), lambda: amener(self._boite_agenda), voit(Information.AGENDA)),
            Entree(self.tr("Contacter ma Caf"), lambda: self._presenter.demander_fiche("Contacter la Caf"), fait(Acte.TELEPHONER)),
            Entree(self.tr("Gérer Mon Compte"), lambda: self._presenter.demander_fiche("Gérer Mon Compte"), fait(Acte.GERER_ACCES)),
            Entree(self.tr("Déconnexion : terminer la visite"), self._presenter.terminer_visite, en_visite),
        ]

    def _montrer_fiche(self, rubrique: "Rubrique") -> None:
        from guichet.views.dossiers.fiche import FicheDialog

        FicheDialog(rubrique, self.window()).open()

    def _montrer_bouton_visite(self, visite: "VisiteOuverte | None") -> None:
        self.visite.setVisible(visite is None and (self._carte is None or self._carte.jusqua is None))

    def _borner(self, carte: "Carte") -> None:
        """A dossier of another site says so, and goes by itself when its minutes are over."""
        from guichet.services.session import maintenant

        self._fermer.stop()
        if carte.jusqua is not None:
            self.glace.setText(
                self.tr("▲ Dossier d'un autre site, montré jusqu'à {0} : motif gardé au journal, responsable prévenu.").format(
                    heure(carte.jusqua, FUSEAU)
                )
            )
            self.glace.show()
            self._fermer.start(max(0, round((carte.jusqua - maintenant()).total_seconds() * 1000)))

    def _reserver(self, colonne: QVBoxLayout, carte: "Carte", *informations: Information) -> bool:
        """Lay a lock when any of these may not be shown; tell whether all may."""
        libre = carte.vue.voir.issuperset(informations)
        if not libre:
            colonne.addLayout(cadenas(carte.vue.refus))
        return libre

    def _remplir_alertes(self, carte: "Carte") -> None:
        vider(self._alertes)
        self._reserver(self._alertes, carte, Information.ALERTES)
        if carte.courriers_non_lus:
            self._alertes.addWidget(etiquette(self.tr("● Courriers non lus : {0}").format(carte.courriers_non_lus), ton="info"))
        for libelle, demandee, avant in carte.alertes:
            boite, colonne = cadre("alerte")
            suite = self.tr("demandée le {0}").format(date_courte(demandee))
            if avant is not None:
                suite += self.tr(", à faire avant le {0}").format(date_courte(avant))
            colonne.addWidget(etiquette(f"▲ {libelle}, {suite}", "section", ton="warning"))
            colonne.addLayout(rangee(self._repondre(libelle), None))
            self._alertes.addWidget(boite)

    def _repondre(self, alerte: str) -> QPushButton:
        """Lead from an alert to its form when somebody is there to fill it in, else to what was asked for (MC-04, DOC-13)."""
        from datetime import date

        from guichet.rules.formulaires import qui_repond

        formulaire = qui_repond(alerte, date.today())
        if formulaire is not None and self._presenter.poste.visite is not None:
            texte = self.tr("Remplir « {0} »…").format(formulaire.libelle)
            return bouton(texte, lambda: self.faire_une_demarche(formulaire.code), lien=True)
        return bouton(self.tr("Compléter les démarches…"), lambda: self._montrer_suivi(2), lien=True)

    def _remplir_paiements(self, carte: "Carte") -> None:
        colonne = self._paiements
        vider(colonne)
        colonne.addLayout(
            rangee(
                etiquette(self.tr("Paiements et droits"), "section", retour=False),
                None,
                etiquette(self.tr("24 mois"), "discret", retour=False),
            )
        )
        if not self._reserver(colonne, carte, Information.PAIEMENTS, Information.DROITS, Information.QUOTIENT, Information.DETTES):
            colonne.addStretch(1)
            return
        if not carte.versements:
            colonne.addWidget(etiquette(self.tr("Il n'y a pas de paiement sur 24 mois."), "discret"))
        else:
            dernier = carte.versements[0]
            colonne.addWidget(etiquette(self.tr("Dernier paiement le {0}").format(date_longue(dernier.le)), "discret"))
            colonne.addWidget(etiquette(montant(dernier.montant_cents), "montant", retour=False))
            colonne.addWidget(etiquette(dernier.destinataire))
        colonne.addWidget(trait())
        colonne.addLayout(_droits((*carte.mois[0].droits, *carte.mois[0].sans_droit) if carte.mois else ()))
        if not carte.sante:
            qf = str(carte.quotient_familial) + " €" if carte.quotient_familial is not None else self.tr("Indisponible")
            colonne.addWidget(etiquette(self.tr("Quotient familial : {0}").format(qf), "discret"))
        if any(d.code == _CMG for m in carte.mois[:1] for d in m.droits):
            colonne.addWidget(etiquette(self.tr("Le salaire de la garde se déclare sur pajemploi.urssaf.fr."), "discret"))
        self._remplir_dettes(carte)
        colonne.addLayout(rangee(bouton(self.tr("Paiements et droits, mois par &mois…"), self._montrer_paiements, lien=True), None))
        if carte.jusqua is None and Acte.TELECHARGER in carte.vue.faire:
            colonne.addLayout(rangee(bouton(self.tr("A&ttestations et relevés…"), self.demander_papiers, lien=True), None))
        colonne.addStretch(1)

    def _remplir_dettes(self, carte: "Carte") -> None:
        """Say what is owed, debt by debt, and where it is reimbursed; nothing when nothing is (PAI-13)."""
        if not carte.dettes:
            return
        du = sum(d.solde_cents for d in carte.dettes)
        self._paiements.addWidget(etiquette(self.tr("▲ Reste dû : {0}").format(montant(du)), ton="warning"))
        for d in carte.dettes:
            texte = self.tr("{0}, depuis le {1} : {2}").format(d.libelle, date_courte(d.nee_le), montant(d.solde_cents))
            self._paiements.addWidget(etiquette(texte, "discret"))
        ou = self.tr("Se rembourse en ligne, en tout ou en partie : Mon Compte, « Mes dettes ».")
        self._paiements.addWidget(etiquette(ou, "discret"))

    def _remplir_demarches(self, carte: "Carte") -> None:
        colonne = self._demarches
        vider(colonne)
        colonne.addWidget(etiquette(self.tr("Démarches"), "section"))
        if self._reserver(colonne, carte, Information.DEMARCHES, Information.PIECES) and not carte.demarches and not carte.pieces:
            colonne.addWidget(etiquette(self.tr("Aucune démarche sur 24 mois, aucune pièce demandée."), "discret"))
        for demarche in _premieres(carte.demarches):
            mot, ton = ETATS[demarche.etat]
            colonne.addLayout(rangee(etiquette(demarche.libelle, "section"), etiquette(mot, ton=ton, retour=False)))
            texte = self.tr("Arrivée le {0}.").format(date_courte(demarche.deposee_le))
            colonne.addWidget(etiquette(f"{texte} {demarche.delai}", "discret"))
            if demarche.retard:
                retard = self.tr("▲ Sans réponse plus de deux semaines après la date attendue : à signaler au service.")
                colonne.addWidget(etiquette(retard, ton="warning"))
        for libelle, demandee in carte.pieces[:_MONTREES]:
            colonne.addLayout(rangee(etiquette(libelle, "section"), etiquette(self.tr("▲ pièce demandée"), ton="error", retour=False)))
            colonne.addWidget(
                etiquette(self.tr("Demandée le {0}. À numériser dans l'onglet Documents.").format(date_courte(demandee)), "discret")
            )
        if carte.demarches or carte.pieces:
            texte = self.tr("&Suivre les démarches ({0})…").format(len(carte.demarches))
            colonne.addLayout(rangee(bouton(texte, lambda: self._montrer_suivi(), lien=True), None))
        if self._presenter.poste.visite is not None and carte.jusqua is None:
            colonne.addLayout(rangee(bouton(self.tr("&Faire une démarche…"), lambda: self.faire_une_demarche()), None))
        colonne.addLayout(rangee(bouton(self.tr("&Démarches possibles…"), self._montrer_possibles, lien=True), None))
        colonne.addStretch(1)

    def _remplir_profil(self, carte: "Carte") -> None:
        colonne = self._profil
        vider(colonne)
        colonne.addWidget(etiquette(self.tr("Profil"), "section"))
        enfants = sum(m.role == "enfant" for m in carte.membres)
        activite = carte.titulaire.activite if carte.titulaire is not None else ""
        for titre, valeur, informations in (
            (
                self.tr("Situation"),
                self.tr("{0}, {1} enfant(s)").format(carte.situation, enfants),
                (Information.SITUATION, Information.FOYER),
            ),
            (self.tr("Activité"), activite or self.tr("Non connue"), (Information.ACTIVITE,)),
            *(
                (self.tr("Activité du conjoint"), m.activite or self.tr("Non connue"), (Information.ACTIVITE_FOYER,))
                for m in carte.membres
                if m.role == "conjoint" and m != carte.titulaire
            ),
            (self.tr("Adresse"), carte.adresse, (Information.COORDONNEES,)),
            (self.tr("Contact"), carte.contacts, (Information.COORDONNEES,)),
            (self.tr("Ressources utilisées"), _ressources(carte), (Information.RESSOURCES,)),
            (self.tr("Gestion du dossier"), carte.gestion, (Information.GESTION,)),
        ):
            if carte.vue.voir.issuperset(informations):
                colonne.addLayout(champ(titre, valeur))
        if self._reserver(colonne, carte, *_PROFIL) and carte.jusqua is None:
            colonne.addLayout(rangee(bouton(self.tr("Man&dats…"), self.montrer_mandats, lien=True), None))
        colonne.addStretch(1)

    def _remplir_agenda(self, carte: "Carte") -> None:
        colonne = self._agenda
        vider(colonne)
        colonne.addWidget(etiquette(self.tr("Agenda des six prochains mois"), "section"))
        if self._reserver(colonne, carte, Information.AGENDA) and not carte.agenda:
            colonne.addWidget(etiquette(self.tr("Aucune date à retenir."), "discret"))
        for le, type_, libelle in carte.agenda:
            colonne.addLayout(
                rangee(etiquette(date_courte(le), "discret", retour=False), etiquette(f"{_ECHEANCES.get(type_, type_)} : {libelle}"))
            )
        colonne.addStretch(1)

    def _remplir_fil(self, carte: "Carte", *, autre: bool) -> None:
        vider(self.fil.verrou)
        self._reserver(self.fil.verrou, carte, Information.PAIEMENTS, Information.COURRIERS, Information.DEMARCHES)
        self.fil.montrer(carte.fil, autre=autre)

    def masquer(self) -> None:
        """Hide the number again: its time is over, or somebody comes near."""
        self._masquer.stop()
        carte = self._carte
        if carte is not None:
            identifiant = (carte.nir if carte.nir.startswith("P") else f"NIR {carte.nir}") if carte.nir else self.tr("NIR non conservé ici")
            if carte.titulaire is None:
                identifiant = carte.vue.refus
            self.sous_titre.setText(f"{carte.numero_dit} · {identifiant} · {carte.organisme}")
            self.reveler.setVisible(carte.nir_revelable)

    def _demander_motif(self) -> None:
        from guichet.views.dossiers.motif import MotifDialog

        texte = self.tr(
            "Ce motif est gardé au journal et le responsable du site est prévenu. Le numéro ne reste affiché que quelques secondes."
        )
        dialogue = MotifDialog(self.tr("Voir en clair"), texte, self.window())
        dialogue.choisi.connect(self._presenter.reveler_nir)
        dialogue.open()

    def _montrer_nir(self, nir: str, fin: "datetime") -> None:
        from guichet.ressources import regle_du_jour
        from guichet.services.session import maintenant

        if self._carte is None:
            return
        self.sous_titre.setText(f"{self._carte.numero_dit} · NIR {nir} · {self._carte.organisme}")
        self.reveler.hide()
        self.glace.setText(self.tr("▲ Bris de glace jusqu'à {0} : motif gardé au journal, responsable prévenu.").format(heure(fin, FUSEAU)))
        self.glace.show()
        self._masquer.start(regle_du_jour("bris_de_glace")["montre_s"] * 1000)
        self._reposer.start(max(0, round((fin - maintenant()).total_seconds() * 1000)))

    def _exporter(self) -> None:
        """Ask where, then for the data: the person's right of access, answered at the counter."""
        from pathlib import Path

        from PySide6.QtWidgets import QFileDialog

        if self._carte is None:
            return
        titre = self.tr("Exporter les données (JSON et PDF, non chiffrés)")
        chemin, _ = QFileDialog.getSaveFileName(self, titre, "donnees.pdf", "PDF (*.pdf)")
        if chemin:
            self._controle.exporter(self._carte.portee, self._carte.dossier_id, Path(chemin))

    def _ecrire_export(self, export: "ExportDossier", chemin: "Path") -> None:
        from guichet.views.dossiers.export import ecrire

        try:
            en_json, en_pdf = ecrire(export, chemin)
        except OSError as erreur:
            self._presenter.refuse.emit(self.tr("L'export n'a pas pu être écrit : {0}. Rien n'est resté à moitié.").format(erreur.strerror))
            return
        boite = QMessageBox(
            QMessageBox.Icon.Information, self.tr("Données exportées"), f"{en_pdf.name}\n{en_json.name}", parent=self.window()
        )
        boite.setInformativeText(
            self.tr("Ces fichiers ne sont pas chiffrés : remettez-les à la personne, puis effacez-les. L'export est inscrit au journal.")
        )
        boite.addButton(self.tr("J'ai compris"), QMessageBox.ButtonRole.AcceptRole)
        boite.open()

    def _montrer_paiements(self) -> None:
        from guichet.views.dossiers.paiements import PaiementsDialog

        if self._carte is not None:
            PaiementsDialog(self._carte, self.window()).open()

    def demander_papiers(self) -> "PapiersDialog | None":
        """Offer the papers of the dossier that is shown."""
        from guichet.views.dossiers.papiers import PapiersDialog

        if self._carte is None:
            return None
        dialogue = PapiersDialog(self._presenter.poste, self._carte, self.window())
        dialogue.open()
        return dialogue

    def montrer_mandats(self) -> "MandatsDialog | None":
        """Show what the person lets this counter do in her name."""
        from guichet.views.dossiers.mandats import MandatsDialog

        if self._carte is None:
            return None
        dialogue = MandatsDialog(self._presenter.poste, self._carte, self.window())
        dialogue.open()
        return dialogue

    def _montrer_suivi(self, page: int = 0) -> None:
        from guichet.views.dossiers.suivi import SuiviDialog

        if self._carte is not None:
            dialogue = SuiviDialog(self._carte, self.window())
            dialogue.onglets.setCurrentIndex(page)
            dialogue.open()

    def _montrer_possibles(self) -> None:
        from guichet.views.dossiers.possibles import PossiblesDialog

        if self._carte is not None:
            PossiblesDialog(self._carte.vue, self.window()).open()

    def faire_une_demarche(self, code: str = "") -> None:
        """Open the forms for the person at the counter, at once on the one of this code."""
        from guichet.views.dossiers.demarche import DemarcheDialog

        visite = self._presenter.poste.visite
        if visite is not None:
            DemarcheDialog(self._presenter.poste, visite, self.window(), code).open()

    def demander_visite(self) -> "VisiteDialog":
        """Ask who stands there, for the dossier that is shown."""
        from guichet.views.dossiers.visite import VisiteDialog

        assert self._carte is not None
        dialogue = VisiteDialog(self._carte, self._presenter, self.window())
        dialogue.open()
        return dialogue


def _periode(ouvert_le: "date", ferme_le: "date | None") -> str:
    depuis = date_courte(ouvert_le)
    return f"depuis le {depuis}" if ferme_le is None else f"du {depuis} au {date_courte(ferme_le)}"


def _premieres(demarches: "tuple[DemarcheAffichee, ...]") -> "list[DemarcheAffichee]":
    """Return what the card has room for: those that wait for an answer first."""
    return sorted(demarches, key=lambda d: d.etat in _FINIES)[:_MONTREES]


def _droits(droits: "tuple[DroitAffiche, ...]") -> QGridLayout:
    grille = QGridLayout()
    grille.setColumnStretch(0, 1)
    for rang, droit in enumerate(droits):
        grille.addWidget(etiquette(droit.libelle), rang, 0)
        valeur = (
            etiquette(montant(droit.montant_cents), "section", retour=False) if not droit.mention else etiquette(droit.mention, "discret")
        )
        grille.addWidget(valeur, rang, 1)
    if not droits:
        grille.addWidget(etiquette("Aucun droit ce mois-ci.", "discret"), 0, 0)
    return grille


def _ressources(carte: "Carte") -> str:
    """Write those of the latest year that rights are reckoned on."""
    if not carte.ressources:
        return "Non connues"
    annee = carte.ressources[0].annee
    lignes = [f"{r.nom}, {r.nature} : {montant(r.montant_cents)}" for r in carte.ressources if r.annee == annee]
    return "\n".join((f"Année {annee}", *lignes))


def _minuteur(parent: QWidget, action: Callable[[], None]) -> QTimer:
    minuteur = QTimer(parent)
    minuteur.setSingleShot(True)
    minuteur.timeout.connect(action)
    return minuteur
