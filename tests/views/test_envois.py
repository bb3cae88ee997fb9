"""What the user sees of the synchronisation: each state, each decision, the end of the day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from nacl.public import SealedBox
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from sqlalchemy import select, text, update

from guichet.app import creer_fenetre
from guichet.central.base import BaseCentre
from guichet.central.fil import Ecrit, inscrire
from guichet.central.services.appareils import cle_scellement
from guichet.central.tables import scope_head
from guichet.contract.limites import SCHEMA
from guichet.models import Declaration, Locataire, uuid7
from guichet.presenters.poste import EtatConnexion
from guichet.services import envois, locataires
from guichet.store import sortie
from guichet.sync.client import ClientCentre
from guichet.sync.erreurs import CentreEnPanne
from tests.sync.outils import poste
from tests.views.outils import au_calme, cliquer, habiller, photographier, repondre

BAILLEUR = "bailleur.social"


@pytest.fixture
def base(servi):
    ouverte = BaseCentre(servi[0].base)
    yield ouverte
    ouverte.fermer()


def _dialogue(fenetre, titre):
    return next((w for w in QApplication.topLevelWidgets() if w.windowTitle() == titre and w.isVisible()), None)


def _ouvrir_envois(qtbot, fenetre):
    from guichet.presenters.envois import EnvoisPresenter
    from guichet.views.widgets.envois import EnvoisDialog

    dialogue = EnvoisDialog(EnvoisPresenter(fenetre.poste), "Europe/Paris", fenetre)
    dialogue.open()
    qtbot.waitUntil(lambda: dialogue.table.rowCount() > 0 or dialogue.vide.isVisible())
    return dialogue


def _locataire_attendu(session):
    ids = locataires.identifiants(session, locataires.criteres(attendus=True, nom="", numero="", code_postal=""))
    return sorted(ids)[0]


@pytest.fixture
def conflit(qtbot, fenetre_sur, servi, tmp_path):
    """Two desks of a landlord declared another rent for the same tenant: this window's came second."""
    fenetre, _ = fenetre_sur("bailleur")
    session = fenetre.poste.session
    for ligne in envois.lister(session):  # an earlier test's, which would be shown beside this one's
        if ligne.a_revoir:
            envois.retirer(session, ligne.opid)
    fenetre.poste._lire_etat()  # and no pass: what is declared below must not leave before the other desk's
    au_calme(qtbot, fenetre)
    assert "à revoir" not in fenetre.barre.envois.text()
    locataire = _locataire_attendu(session)
    autre = poste(tmp_path / "autre", servi[0], BAILLEUR)
    autre.synchroniser()
    locataires.declarer_loyers(session, {locataire: 61_240}, date(2026, 7, 1))
    locataires.declarer_loyers(autre, {locataire: 59_900}, date(2026, 7, 1))
    autre.synchroniser()
    autre.fermer()
    fenetre.poste.apres_saisie()
    qtbot.waitUntil(lambda: "à revoir" in fenetre.barre.envois.text())
    return fenetre, locataire


def test_a_conflict_shows_both_values_their_author_and_date_and_mine_is_withdrawn(qtbot, conflit):
    fenetre, locataire = conflit
    dialogue = _ouvrir_envois(qtbot, fenetre)
    qtbot.waitUntil(dialogue.panneau.isVisible)
    assert dialogue.table.item(0, 2).text() == "▲ refusé"
    assert "612,40" in dialogue.la_mienne.text()
    assert "599,00" in dialogue.du_centre.text()
    assert "Thierry Lacaze" in dialogue.du_centre.text()
    qtbot.waitUntil(lambda: dialogue.retirer.width() >= dialogue.retirer.sizeHint().width())
    toutes = locataires.lire(fenetre.poste.session, locataires.criteres(attendus=False, nom="", numero="", code_postal=""), 0, 500)
    assert {x.etat_loyer for x in toutes if x.id == locataire} == {"a_revoir"}
    assert datetime.now(ZoneInfo("Europe/Paris")).strftime("%d/%m/%Y") in dialogue.du_centre.text()
    photographier(fenetre, "envois-fenetre")
    photographier(dialogue, "envois-conflit")
    cliquer(qtbot, dialogue, "Garder la valeur du centre")
    qtbot.waitUntil(lambda: "à revoir" not in fenetre.barre.envois.text())
    with fenetre.poste.session.coffre.lecture() as connexion:
        assert connexion.execute(select(Declaration.loyer_cents).where(Declaration.locataire_id == locataire)).scalars().all() == [59_900]
    dialogue.accept()


def test_at_200_percent_what_may_be_done_about_a_conflict_stays_within_the_window(qtbot, qapp, conflit):
    fenetre, _ = conflit
    habiller(qapp, "contraste", 200)
    fenetre.resize(1280, 720)
    dialogue = _ouvrir_envois(qtbot, fenetre)
    qtbot.waitUntil(dialogue.panneau.isVisible)
    QApplication.processEvents()
    photographier(dialogue, "envois-conflit-200")
    assert dialogue.size().boundedTo(fenetre.size()) == dialogue.size()
    offerts = [b for b in dialogue.findChildren(QPushButton) if b.isVisible()]
    assert len(offerts) == 5
    coupes = [b.text() for b in offerts if not dialogue.rect().contains(QRect(b.mapTo(dialogue, QPoint()), b.size()))]
    serres = [b.text() for b in offerts if b.width() < b.minimumSizeHint().width()]
    assert (coupes, serres) == ([], [])
    cliquer(qtbot, dialogue, "Garder la valeur du centre")
    qtbot.waitUntil(lambda: "à revoir" not in fenetre.barre.envois.text())
    dialogue.accept()


def test_a_refused_act_is_mended_and_sent_again(qtbot, conflit, base):
    fenetre, locataire = conflit
    with base.ecriture() as connexion:
        x = connexion.execute(select(Declaration.__table__).where(Declaration.locataire_id == locataire)).mappings().one()
        inscrire(connexion, x["scope_id"], [Ecrit("declaration", x["id"], None)])
    dialogue = _ouvrir_envois(qtbot, fenetre)
    qtbot.waitUntil(dialogue.valeur.isVisible)
    dialogue.valeur.setText("douze")
    cliquer(qtbot, dialogue, "Renvoyer")
    assert "montant" in dialogue.dit.text()
    dialogue.valeur.setText("615,00")
    cliquer(qtbot, dialogue, "Renvoyer")
    qtbot.waitUntil(lambda: fenetre.barre.envois.text() == "Tout est envoyé")
    with base.lecture() as connexion:
        assert connexion.scalar(select(Declaration.loyer_cents).where(Declaration.locataire_id == locataire)) == 61_500
        assert connexion.scalar(select(Locataire.loyer_cents).where(Locataire.id == locataire)) == 61_500
    dialogue.accept()


def test_a_refused_act_goes_to_support_in_a_file_that_the_centre_alone_opens(qtbot, conflit, base, tmp_path, monkeypatch):
    fenetre, locataire = conflit
    dialogue = _ouvrir_envois(qtbot, fenetre)
    qtbot.waitUntil(dialogue.assistance.isVisible)
    fichier = tmp_path / "envoi.guichet"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(fichier), ""))
    cliquer(qtbot, dialogue, "Remettre à l'assistance…")
    qtbot.waitUntil(fichier.is_file)
    scelle = fichier.read_bytes()
    assert locataire.encode() not in scelle
    with base.lecture() as connexion:
        clair = SealedBox(cle_scellement(connexion)).decrypt(scelle)
    assert locataire.encode() in clair
    qtbot.waitUntil(lambda: "Fichier chiffré" in dialogue.dit.text())
    dialogue.accept()


def test_each_state_has_its_words(qtbot, fenetre_sur):
    fenetre, _ = fenetre_sur("dossiers")
    session = fenetre.poste.session
    with session.coffre.ecriture() as connexion:
        portee = connexion.scalar(text("SELECT scope_id FROM curseur WHERE genre = 'agenda'"))
        for rang, etat in enumerate(("en_attente", "envoi", "transmis", "refuse", "quarantaine", "regle", "en_attente")):
            mutation = {
                "k": "new",
                "type": "rendez_vous" if rang == 6 else "visite",
                "id": f"x{rang}",
                "set": {"etat": "demande"},
                "was": {},
            }
            connexion.execute(
                sortie.sortie.insert().values(
                    scope_id=portee, lseq=10_000 + rang, opid=uuid7(), libelle=f"Acte {rang}", muts=[mutation], cible="x", etat=etat,
                    code="", detail="", saisi_le=sortie.datetime.now(sortie.UTC), essais=0,
                )
            )  # fmt: skip
    dialogue = _ouvrir_envois(qtbot, fenetre)
    qtbot.waitUntil(lambda: dialogue.table.rowCount() >= 7)
    vus = {dialogue.table.item(n, 1).text(): dialogue.table.item(n, 2).text().split(" ", 1)[1] for n in range(dialogue.table.rowCount())}
    voulus = ("en attente", "envoi en cours", "transmis", "refusé", "en quarantaine", "réglé", "provisoire")
    assert [vus[f"Acte {n}"] for n in range(7)] == list(voulus)
    dialogue.seulement.setChecked(True)
    assert {dialogue.table.item(n, 2).text() for n in range(dialogue.table.rowCount())} == {"▲ refusé", "◆ en quarantaine"}
    photographier(dialogue, "envois-etats")
    dialogue.accept()
    with session.coffre.ecriture() as connexion:
        connexion.execute(text("DELETE FROM sortie WHERE lseq >= 10000"))


def test_a_replaced_value_is_told_to_its_author_and_acknowledged(qtbot, fenetre_sur, base):
    fenetre, _ = fenetre_sur("dossiers")
    agent = fenetre.poste.agent
    with base.ecriture() as connexion:
        inscrire(connexion, agent.travail, [Ecrit("avis", uuid7(), {
            "agent_id": agent.id, "cible_type": "contact", "cible_id": "c", "champ": "valeur", "avant": "0611", "apres": "0622",
            "auteur": "Nadia Ferrand", "le": sortie.datetime.now(sortie.UTC), "lu_le": None,
        })])  # fmt: skip
    fenetre.poste.synchroniser()
    dialogue = _ouvrir_envois(qtbot, fenetre)
    qtbot.waitUntil(lambda: dialogue.vu.isVisible())
    assert "Nadia Ferrand" in dialogue.table.item(0, 2).text()
    assert "0611" in dialogue.la_mienne.text()
    assert "0622" in dialogue.du_centre.text()
    photographier(dialogue, "envois-avis")
    cliquer(qtbot, dialogue, "J'ai vu")
    qtbot.waitUntil(lambda: not dialogue.vu.isVisible())
    dialogue.accept()


# ---- diagnostic


def _ouvrir_diagnostic(qtbot, fenetre):
    from guichet.presenters.envois import EnvoisPresenter
    from guichet.views.widgets.diagnostic import DiagnosticDialog

    dialogue = DiagnosticDialog(EnvoisPresenter(fenetre.poste), "Europe/Paris", fenetre)
    dialogue.open()
    qtbot.waitUntil(lambda: dialogue.table.rowCount() == 4)
    return dialogue


def test_the_diagnostic_names_scopes_clock_and_disk_and_nobody(qtbot, fenetre_sur):
    fenetre, _ = fenetre_sur("dossiers")
    dialogue = _ouvrir_diagnostic(qtbot, fenetre)
    texte = dialogue.resume.text()
    for mot in ("schéma", "Centre : http", "Dernière synchronisation", "d'écart", "place libre"):
        assert mot in texte
    assert {dialogue.table.item(n, 3).text() for n in range(4)} == {"✓ en phase"}
    assert not dialogue.alerte.isVisible()
    cliquer(qtbot, dialogue, "Copier")
    assert f'"schema": {SCHEMA}' in QApplication.clipboard().text()
    assert fenetre.poste.agent.nom not in QApplication.clipboard().text()
    photographier(dialogue, "diagnostic")
    dialogue.accept()


@pytest.mark.parametrize("ouvrir", [_ouvrir_envois, _ouvrir_diagnostic])
def test_at_200_percent_a_dialogue_stays_within_its_window(qtbot, fenetre_sur, ouvrir):
    fenetre, _ = fenetre_sur("dossiers", pour_cent=200, taille=(1280, 720))
    dialogue = ouvrir(qtbot, fenetre)
    photographier(dialogue, f"{ouvrir.__name__}-200")
    assert dialogue.size().boundedTo(fenetre.size()) == dialogue.size()
    (fermer,) = [b for b in dialogue.findChildren(QPushButton) if b.text() == "&Fermer"]
    assert dialogue.rect().contains(fermer.geometry())


def test_a_walk_that_would_delete_much_asks_first(qtbot, fenetre_sur, base):
    """The centre's scope came back nearly empty under a new epoch: nothing goes without a person's word."""
    fenetre, _ = fenetre_sur("dossiers")
    portee = fenetre.poste.agent.travail
    with fenetre.poste.session.coffre.lecture() as connexion:
        avant = connexion.scalar(text("SELECT vivantes FROM curseur WHERE scope_id = :p"), {"p": portee})
    with base.ecriture() as connexion:
        perdus = connexion.execute(
            text("SELECT id, etype FROM sync_row WHERE scope_id = :p AND etype = 'paiement' AND NOT deleted"), {"p": portee}
        ).all()
        inscrire(connexion, portee, [Ecrit(x.etype, x.id, None) for x in perdus])
        connexion.execute(text("DELETE FROM sync_row WHERE scope_id = :p AND deleted"), {"p": portee})
        connexion.execute(update(scope_head).where(scope_head.c.scope_id == portee).values(epoch=uuid7()))
    assert len(perdus) > avant / 5
    fenetre.poste.synchroniser()
    qtbot.waitUntil(lambda: "à confirmer" in fenetre.barre.envois.text())
    dialogue = _ouvrir_diagnostic(qtbot, fenetre)
    qtbot.waitUntil(dialogue.alerte.isVisible)
    assert "Rien n'a été effacé" in dialogue.texte_alerte.text()
    photographier(dialogue, "diagnostic-effacement")
    assert "Effacer" in repondre(qtbot, "Garder", lambda: dialogue._confirmer())
    with fenetre.poste.session.coffre.lecture() as connexion:
        assert connexion.scalar(text("SELECT vivantes FROM curseur WHERE scope_id = :p"), {"p": portee}) == avant
    repondre(qtbot, "Effacer", lambda: dialogue._confirmer())
    qtbot.waitUntil(lambda: not dialogue.alerte.isVisible())
    with fenetre.poste.session.coffre.lecture() as connexion:
        assert connexion.scalar(text("SELECT vivantes FROM curseur WHERE scope_id = :p"), {"p": portee}) == avant - len(perdus)
    dialogue.accept()


# ---- the end of the day


@pytest.fixture
def en_panne(monkeypatch):
    """The centre breaks on every push until told otherwise."""
    etat = {"panne": True}
    vraie = ClientCentre.bonjour

    def bonjour(self, message):
        if etat["panne"]:
            raise CentreEnPanne
        return vraie(self, message)

    monkeypatch.setattr(ClientCentre, "bonjour", bonjour)
    return etat


def test_closing_with_something_unsent_asks_and_sends(qtbot, fenetre_sur, en_panne):
    en_panne["panne"] = False
    fenetre, _ = fenetre_sur("bailleur")
    en_panne["panne"] = True
    locataires.declarer_loyers(fenetre.poste.session, {_locataire_attendu(fenetre.poste.session): 50_000}, date(2026, 7, 1))
    fenetre.poste.apres_saisie()
    qtbot.waitUntil(lambda: "en attente" in fenetre.barre.envois.text())
    fenetre.close()
    assert fenetre.isVisible()
    dialogue = _dialogue(fenetre, "Tout n'est pas parti")
    assert "encore parti" in dialogue.texte.text()
    assert "gardés chiffrés" in dialogue.suite.text()
    photographier(dialogue, "fin-de-journee")
    cliquer(qtbot, dialogue, "Rester")
    assert fenetre.isVisible()
    en_panne["panne"] = False
    fenetre.close()
    dialogue = _dialogue(fenetre, "Tout n'est pas parti")
    cliquer(qtbot, dialogue, "Envoyer puis quitter")
    qtbot.waitUntil(lambda: not fenetre.isVisible())


def test_closing_with_nothing_unsent_does_not_ask(qtbot, fenetre_sur):
    fenetre, _ = fenetre_sur("bailleur")
    qtbot.waitUntil(lambda: fenetre.poste.non_partis == 0)
    fenetre.close()
    assert not fenetre.isVisible()


# ---- the morning


def test_workstations_that_open_together_are_spread_but_work_that_waits_is_not(monkeypatch):
    from types import SimpleNamespace

    from guichet.presenters import synchro

    monkeypatch.setattr(synchro, "ETALEMENT_S", 20.0)

    def attente(en_attente, synchronise=True):
        etat = SimpleNamespace(comptes=SimpleNamespace(en_attente=en_attente), synchronise_le=date.today() if synchronise else None)
        return synchro.Synchro(SimpleNamespace(etat=lambda: etat))._premiere_attente()

    attentes = [attente(0) for _ in range(200)]
    assert max(attentes) - min(attentes) > 10
    assert max(attentes) <= 20
    assert attente(3) == 0
    assert attente(0, synchronise=False) == 0


def test_what_is_received_is_counted_as_people_write_numbers(qtbot, tmp_path):
    fenetre = creer_fenetre(tmp_path, None, demonstration=False)
    qtbot.addWidget(fenetre)
    fenetre.barre.montrer_connexion(EtatConnexion(en_cours=126_093))
    assert fenetre.barre.connexion.text() == "● Synchronisation : 126\u202f093 lignes reçues"
