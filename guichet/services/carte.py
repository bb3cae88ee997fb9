"""The card of a dossier, from what was read of it: amounts in cents, personal numbers masked, one line of time for all that happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from dateutil.relativedelta import relativedelta

from guichet.models.enums import EtatDemarche, EtatDroit, Qualite, RoleMembre, TypeContact, TypeIdentifiant, TypeOrganisme
from guichet.ressources import regle_du_jour
from guichet.rules.assurance_maladie import nom_du_droit
from guichet.rules.masques import courriel_masque, nir_masque, telephone_masque
from guichet.rules.visiteurs import Vue, est_ferme
from guichet.services import reperes
from guichet.store.dossiers import AutreDossier, FicheDossier
from guichet.store.sortie import EtatEnvoi

_DELEGATION = "autorisation"
"""The form by which a responsable lets his partner manage the dossier, or no longer."""


@dataclass(frozen=True)
class DroitAffiche:
    """A right of the month: its code and name, and an amount in cents or the words that replace it."""

    code: str
    libelle: str
    montant_cents: int
    mention: str
    ouvert: bool


@dataclass(frozen=True)
class MoisDeDroits:
    """The rights of one month: those that are paid or suspended, and those that are not, with the reason (PAI-07, C09)."""

    mois: date
    droits: tuple[DroitAffiche, ...]
    sans_droit: tuple[DroitAffiche, ...]


@dataclass(frozen=True)
class Versement:
    """A payment: what for, to whom, what was kept back from it. `periode`: its months in words, when they are not the one before.

    `tiers`: it went to somebody else.
    """

    le: date
    montant_cents: int
    objet: str
    periode: str
    destinataire: str
    tiers: bool
    retenues: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class RessourceAffichee:
    """What a member earned in a year."""

    annee: int
    nom: str
    nature: str
    montant_cents: int


@dataclass(frozen=True)
class DetteAffichee:
    """What is still owed: for which benefit, since when, in cents (PAI-13)."""

    libelle: str
    nee_le: date
    solde_cents: int


@dataclass(frozen=True)
class DemarcheAffichee:
    """A request, where it stands, and what the processing times say of it while it is open. `retard`: an answer is long overdue."""

    libelle: str
    etat: EtatDemarche
    deposee_le: date
    delai: str
    retard: bool


@dataclass(frozen=True)
class PersonneAffichee:
    """A member of the household; `numero` and contacts are masked."""

    personne_id: str
    nom: str
    role: RoleMembre
    ne_le: date
    autorise_le: date | None
    activite: str


class Genre(StrEnum):
    """What kind of thing happened."""

    PAIEMENT = "paiement"
    COURRIER = "courrier"
    DEMARCHE = "demarche"
    DOCUMENT = "document"
    VISITE = "visite"


@dataclass(frozen=True)
class Fait:
    """One thing that happened in a dossier. `montant_cents`: of a payment; `nouveau`: a letter that was not read."""

    le: date
    genre: Genre
    texte: str
    montant_cents: int = 0
    nouveau: bool = False


@dataclass(frozen=True)
class Carte:
    """The card of a dossier, ready to be shown.

    What `vue` does not let through is empty here. `titulaire`: whose card it is, the responsable's or the visitor's own; `agenda`: the next
    six months, of four kinds (MC-08); `fil`: all that happened, latest first.
    """

    vue: Vue
    portee: str
    dossier_id: str
    nom: str
    numero: str
    organisme_id: str
    organisme: str
    type_organisme: str | None
    ouvert_le: date
    ferme_le: date | None
    titulaire: PersonneAffichee | None
    nir: str
    nir_revelable: bool
    alertes: tuple[tuple[str, date, date | None], ...]
    courriers_non_lus: int
    versements: tuple[Versement, ...]
    mois: tuple[MoisDeDroits, ...]
    quotient_familial: int | None
    ressources: tuple[RessourceAffichee, ...]
    dettes: tuple[DetteAffichee, ...]
    demarches: tuple[DemarcheAffichee, ...]
    pieces: tuple[tuple[str, date], ...]
    agenda: tuple[tuple[date, str, str], ...]
    situation: str
    membres: tuple[PersonneAffichee, ...]
    adresse: str
    contacts: str
    gestion: str
    autorisation: str
    fil: tuple[Fait, ...]
    envois: EtatEnvoi | None
    """The worst state among what was done here for this dossier; None when all of it was sent."""
    jusqua: datetime | None = None
    """Until when a dossier of another site may be shown; None for one of this site."""
    autres: tuple[AutreDossier, ...] = ()
    """The other dossiers of the person whose card it is."""

    @property
    def sante(self) -> bool:
        """Whether its body is of the Assurance Maladie, which knows no allocataire and no quotient."""
        return self.type_organisme == TypeOrganisme.CPAM

    @property
    def numero_dit(self) -> str:
        """Its number, as its body calls it."""
        return f"{'Dossier' if self.sante else 'Allocataire'} n° {self.numero}"


def composer(
    vue: Vue,
    portee: str,
    fiche: FicheDossier,
    delais: reperes.Delais,
    pire: EtatEnvoi | None,
    aujourd_hui: date,
    *,
    voit_nir: bool,
) -> Carte:
    """Make a card from what a view let through of a dossier."""
    membres = tuple(sorted((_membre(m) for m in fiche.membres), key=lambda m: (list(RoleMembre).index(m.role), m.ne_le)))
    qui = titulaire(fiche, vue)
    son = next((m for m in membres if m.personne_id == qui), None)
    nir = identifiant(fiche, qui, TypeIdentifiant.NIR)
    return Carte(
        vue=vue,
        portee=portee,
        dossier_id=fiche.dossier["id"],
        nom=son.nom if son is not None else f"Dossier {fiche.dossier['numero']}",
        numero=fiche.dossier["numero"],
        organisme_id=fiche.dossier["organisme_id"],
        organisme=fiche.dossier["organisme_nom"],
        type_organisme=fiche.organisme,
        ouvert_le=fiche.dossier["ouvert_le"],
        ferme_le=fiche.dossier["ferme_le"] if est_ferme(fiche.dossier["ferme_le"], aujourd_hui) else None,
        titulaire=son,
        nir=nir_masque(nir) if nir else identifiant(fiche, qui, TypeIdentifiant.PROVISOIRE),
        nir_revelable=bool(nir) and voit_nir,
        alertes=tuple((a["libelle"], a["demandee_le"], a["avant_le"]) for a in fiche.alertes),
        courriers_non_lus=sum(c["sens"] == "recu" and not c["lu"] for c in fiche.courriers),
        versements=tuple(_versement(fiche, p) for p in fiche.paiements),
        mois=_mois(fiche),
        quotient_familial=fiche.dossier["quotient_familial"],
        ressources=_ressources(fiche, membres),
        dettes=tuple(DetteAffichee(_prestation(fiche, d["prestation_code"]), d["nee_le"], d["solde_cents"]) for d in fiche.dettes),
        demarches=tuple(_demarche(d, delais, aujourd_hui) for d in fiche.demarches),
        pieces=tuple((reperes.nom_piece(p["type"]), p["demandee_le"]) for p in fiche.pieces),
        agenda=_agenda(fiche, aujourd_hui),
        situation=f"{fiche.foyer['situation']} depuis le {fiche.foyer['depuis']:%d/%m/%Y}" if fiche.foyer else "",
        membres=membres,
        adresse=_adresse(fiche, vue),
        contacts=_contacts(fiche, vue),
        gestion=_gestion(fiche, membres),
        autorisation=_autorisation(fiche, vue, membres),
        fil=_fil(fiche),
        envois=pire,
    )


def titulaire(fiche: FicheDossier, vue: Vue) -> str:
    """Return whose card this is: the responsable's where he may be seen, else the visitor's own."""
    responsable: str = fiche.dossier["responsable_id"]
    return responsable if any(m["personne_id"] == responsable for m in fiche.membres) else vue.personne_id


def identifiant(fiche: FicheDossier, personne_id: str, type_: TypeIdentifiant) -> str:
    """Return a number of a person, or nothing."""
    return next((str(i["valeur"]) for i in fiche.identifiants if i["personne_id"] == personne_id and i["type"] == type_), "")


def _membre(m: Mapping[Any, Any]) -> PersonneAffichee:
    activite = f"{m['activite']} depuis le {m['activite_depuis']:%d/%m/%Y}" if m["activite"] else ""
    nom = f"{(m['nom_usage'] or m['nom_naissance']).upper()} {m['prenoms']}"
    return PersonneAffichee(m["personne_id"], nom, RoleMembre(m["role"]), m["ne_le"], m["autorise_le"], activite)


def _gestion(fiche: FicheDossier, membres: tuple[PersonneAffichee, ...]) -> str:
    """Say who manages the dossier, and each change that was asked for at a counter, latest first (AUT-04)."""
    qui = next((f"{m.nom}, autorisation du {m.autorise_le:%d/%m/%Y}" for m in membres if m.autorise_le), "Responsable seul")
    demandes = [
        f"{'Autorisation demandée' if d['contenu']['champs'].get('autorise') == 'Oui' else 'Retrait demandé'} le {d['deposee_le']:%d/%m/%Y}"
        for d in fiche.demarches
        if (d.get("contenu") or {}).get("formulaire") == _DELEGATION
    ]
    return "\n".join((qui, *demandes))


def _autorisation(fiche: FicheDossier, vue: Vue, membres: tuple[PersonneAffichee, ...]) -> str:
    """Say who may manage the dossier, as each of the two reads it (AUT-05)."""
    autorise = next((m for m in membres if m.autorise_le is not None), None)
    if autorise is None or autorise.autorise_le is None:
        return ""
    depuis = f"depuis le {autorise.autorise_le:%d/%m/%Y}"
    responsable = next((m.nom for m in membres if m.personne_id == fiche.dossier["responsable_id"]), "")
    if vue.qualite is Qualite.CONJOINT_AUTORISE:
        return f"{responsable} vous autorise à gérer son dossier {depuis}."
    vous = "Vous autorisez" if vue.qualite is Qualite.ALLOCATAIRE else f"{responsable} autorise"
    return f"{vous} {autorise.nom} à gérer le dossier {depuis}."


def _demarche(d: Mapping[Any, Any], delais: reperes.Delais, aujourd_hui: date) -> DemarcheAffichee:
    etat, arrivee = EtatDemarche(d["etat"]), d["deposee_le"]
    if etat in (EtatDemarche.TRAITEE, EtatDemarche.REFUSEE):
        return DemarcheAffichee(d["libelle"], etat, arrivee, "", retard=False)
    dit, retard = delais.dire(d["famille"], arrivee, aujourd_hui), delais.en_retard(d["famille"], arrivee, aujourd_hui)
    return DemarcheAffichee(d["libelle"], etat, arrivee, dit, retard)


def _mois(fiche: FicheDossier) -> tuple[MoisDeDroits, ...]:
    """Lay out the rights month by month, latest first; suspended ones give no reason, absent ones do (C09)."""

    def montrer(droits: list[Mapping[Any, Any]]) -> tuple[DroitAffiche, ...]:
        ouvert = "droit ouvert" if fiche.organisme == TypeOrganisme.CPAM else ""  # what an Assurance Maladie opens has no amount
        mots = {EtatDroit.OUVERT: ouvert, EtatDroit.SUSPENDU: "suspendu", EtatDroit.SANS_DROIT: "sans droit : {motif}"}
        return tuple(
            DroitAffiche(
                d["prestation_code"], _prestation(fiche, d["prestation_code"]), d["montant_cents"],
                mots[d["etat"]].format(motif=d["motif"]), d["etat"] == EtatDroit.OUVERT,
            )
            for d in droits
        )  # fmt: skip

    par_mois = [(mois, list(droits)) for mois, droits in groupby(fiche.droits, key=lambda d: d["mois"])]
    return tuple(
        MoisDeDroits(
            mois,
            montrer([d for d in droits if d["etat"] != EtatDroit.SANS_DROIT]),
            montrer([d for d in droits if d["etat"] == EtatDroit.SANS_DROIT]),
        )
        for mois, droits in par_mois
    )


def _prestation(fiche: FicheDossier, code: str) -> str:
    return fiche.prestations.get(code) or nom_du_droit(code)


def _versement(fiche: FicheDossier, p: Mapping[Any, Any]) -> Versement:
    periode = f"{p['periode_du']:%m/%Y} à {p['periode_au']:%m/%Y}" if p["periode_du"] and p["periode_au"] else ""
    retenues = tuple((r["libelle"], r["montant_cents"]) for r in fiche.retenues if r["paiement_id"] == p["id"])
    return Versement(p["verse_le"], p["montant_cents"], p["libelle"] or "", periode, _destinataire(fiche, p), bool(p["tiers"]), retenues)


def _destinataire(fiche: FicheDossier, paiement: Mapping[Any, Any]) -> str:
    if paiement["tiers"]:
        return f"Versé à un tiers : {paiement['tiers']}"
    iban, qui = fiche.dossier["iban"], "l'assuré" if fiche.organisme == TypeOrganisme.CPAM else "l'allocataire"
    return f"Versé à {qui}, {iban[:4]} •••• {iban[-4:]}" if iban else f"Versé à {qui}"


def _ressources(fiche: FicheDossier, membres: tuple[PersonneAffichee, ...]) -> tuple[RessourceAffichee, ...]:
    noms = {m.personne_id: m.nom for m in membres}
    return tuple(RessourceAffichee(r["annee"], noms.get(r["personne_id"], ""), r["nature"], r["montant_cents"]) for r in fiche.ressources)


def _agenda(fiche: FicheDossier, aujourd_hui: date) -> tuple[tuple[date, str, str], ...]:
    fin = aujourd_hui + relativedelta(months=regle_du_jour("agenda")["mois"])
    return tuple((e["le"], e["type"], e["libelle"]) for e in fiche.echeances if aujourd_hui <= e["le"] <= fin)


def _contact(fiche: FicheDossier, vue: Vue, type_: TypeContact) -> Mapping[Any, Any] | None:
    """The other members' contact details are never shown, to any role (SEC-03)."""
    return next((c for c in fiche.contacts if c["personne_id"] == vue.personne_id and c["type"] == type_), None)


def _adresse(fiche: FicheDossier, vue: Vue) -> str:
    contact = _contact(fiche, vue, TypeContact.ADRESSE)
    return f"{contact['valeur']}, {contact['code_postal']} {contact['commune']}" if contact else "Adresse inconnue"


def _contacts(fiche: FicheDossier, vue: Vue) -> str:
    telephone, courriel = _contact(fiche, vue, TypeContact.TELEPHONE), _contact(fiche, vue, TypeContact.COURRIEL)
    lignes = [telephone_masque(telephone["valeur"])] if telephone else []
    if courriel:
        lignes.append(courriel_masque(courriel["valeur"]))
    return " · ".join(lignes) or "Aucun contact connu"


def _fil(fiche: FicheDossier) -> tuple[Fait, ...]:
    """Lay all that happened on one line, latest first: a visitor says « c'était en mars »."""
    faits = [Fait(p["verse_le"], Genre.PAIEMENT, p["libelle"] or "", p["montant_cents"]) for p in fiche.paiements]
    faits += [
        Fait(
            c["le"],
            Genre.COURRIER,
            f"{'reçu' if c['sens'] == 'recu' else 'envoyé'} : {c['objet']}",
            nouveau=c["sens"] == "recu" and not c["lu"],
        )
        for c in fiche.courriers
    ]
    faits += [Fait(d["deposee_le"], Genre.DEMARCHE, d["libelle"]) for d in fiche.demarches]
    faits += [Fait(d["saisi_le"].date(), Genre.DOCUMENT, d["nom"]) for d in fiche.documents]
    faits += [Fait(v["ouverte_le"].date(), Genre.VISITE, v["preuve"]) for v in fiche.visites]
    return tuple(sorted(faits, key=lambda f: (f.le, f.genre), reverse=True))
