"""Sending from the « Documents » tab when there is something to ask first: a reason, lighter pages, the CPAM's form, a paper given before."""

import io
from datetime import date
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pypdf
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from bench import photos
from guichet.central.analyse import noter
from guichet.central.base import BaseCentre
from guichet.documents.page import Page, documents_de
from guichet.models import Document, Dossier
from guichet.models.enums import EtatDocument, Qualite
from guichet.services import documents, visites
from guichet.store import bac, fichiers
from guichet.store.documents import PieceDemandee
from guichet.views.documents.depart import DepartDialog
from guichet.views.documents.recu import RecuDialog
from tests.outils import ICI
from tests.views.outils import boutons, cliquer, coupes, entrer, habiller, liberer, ouvrir_fenetre, photographier, textes

PHOTO = ICI / "donnees" / "photo.jpg"


@pytest.fixture
def en_visite(qtbot, qapp, servi):
    """Open a window on the papers of somebody who is at the counter, with one page in the tray."""
    centre, profils = servi
    ouvertes = []

    def ouvrir(qui="Conseillère Caf 31", theme="clair", pour_cent=100, fichier=PHOTO, pages=1):
        habiller(qapp, theme, pour_cent)
        centre.oublier_les_codes()
        fenetre = ouvrir_fenetre(qtbot, profils, centre.url, (1280, 720))
        entrer(qtbot, fenetre, qui)
        page, session = fenetre.page("documents"), fenetre.poste.session
        liberer(fenetre)
        with session.coffre.lecture() as connexion:
            dossier = connexion.execute(
                select(Dossier.scope_id, Dossier.id, Dossier.responsable_id).where(Dossier.ferme_le.is_(None))
            ).first()
        visite = visites.ouvrir(session, *dossier, Qualite.ALLOCATAIRE, "Carte")
        fenetre.poste.porter_visite(visite)
        ouvertes.append(fenetre)
        page.presenter.importer([fichier])
        qtbot.waitUntil(lambda: len(page.presenter.pages) == pages and not page.arreter.isVisible())
        return page, session, visite

    yield ouvrir
    for fenetre in ouvertes:
        assert fenetre.pannes == []
    habiller(qapp)


def _envoyer(qtbot, page, type_piece):
    page.envoi.type_piece.setCurrentIndex(page.envoi.type_piece.findData(type_piece))
    qtbot.waitUntil(page.envoi.envoyer.isEnabled)
    cliquer(qtbot, page, "Envoyer au dossier")


def _dialogue(qtbot):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), DepartDialog))
    return QApplication.activeModalWidget()


@pytest.mark.exigence("DOC-02", "PRO-19")
def test_what_lacks_nothing_leaves_at_once(qtbot, en_visite):
    page, session, visite = en_visite()
    avant = len(documents.du_dossier(session, visite))
    qtbot.waitUntil(
        lambda: "Un document spontané doit être utile à l'étude du dossier" in page.envoi.demande.text() or page.envoi.repond_a.count() > 1
    )
    _envoyer(qtbot, page, "autre")
    page.envoi.type_piece.setCurrentIndex(page.envoi.type_piece.findData("bail"))  # for the next one: this one is on its way
    qtbot.waitUntil(lambda: page.presenter.pages == ())
    assert QApplication.activeModalWidget() is None
    (donne, *reste) = documents.du_dossier(session, visite)
    assert (donne.type_piece, len(reste)) == ("autre", avant)
    assert page.envoi.type_piece.currentData() == "bail"


@pytest.mark.exigence("DOC-05")
def test_what_nobody_asked_for_says_what_it_is_for(qtbot, en_visite):
    """Whatever this dossier was asked for: the list of what is asked for comes empty, then not."""
    page, *_ = en_visite()
    page.presenter.documents_lus.emit([], [])
    assert page.envoi.demande.isVisible()
    assert page.envoi.demande.text() == "Aucune pièce n'est demandée. Un document spontané doit être utile à l'étude du dossier."
    page.presenter.documents_lus.emit([PieceDemandee("1", "bail", date(2026, 11, 2))], [])
    assert page.envoi.demande.text() == "À transmettre : 1 pièce(s) demandée(s)."
    assert [page.envoi.repond_a.itemText(n) for n in range(2)] == ["Rien : document spontané", "Bail, demandé le 02/11/2026"]


def test_no_document_leaves_for_what_the_last_one_was(qtbot, en_visite):
    page, session, visite = en_visite()
    avant = len(documents.du_dossier(session, visite))
    qtbot.waitUntil(page.envoi.envoyer.isEnabled)
    cliquer(qtbot, page, "Envoyer au dossier")
    assert "Choisissez le type de pièce" in page.envoi.manque.text()
    assert page.envoi.manque.isVisible()
    assert page.envoi.type_piece.hasFocus()
    qtbot.waitUntil(lambda: coupes(page.envoi) == [])
    photographier(page, "depart-sans-type")
    _envoyer(qtbot, page, "autre")
    assert not page.envoi.manque.isVisible()
    qtbot.waitUntil(lambda: page.presenter.pages == ())
    qtbot.waitUntil(lambda: page.envoi.type_piece.currentIndex() == -1)
    assert page.envoi.nom.text() == ""
    assert len(documents.du_dossier(session, visite)) == avant + 1


def test_a_proof_of_what_was_given_is_printed_or_saved(qtbot, en_visite, tmp_path):
    page, session, visite = en_visite()
    _envoyer(qtbot, page, "autre")
    qtbot.waitUntil(lambda: page.presenter.pages == ())
    donnes = documents.du_dossier(session, visite)
    qtbot.waitUntil(lambda: len(boutons(page.envoi, "Reçu")) == len(donnes))
    cliquer(qtbot, page.envoi, "Reçu")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), RecuDialog))
    dialogue = QApplication.activeModalWidget()
    donne = donnes[0]
    dit = dialogue.papier.apercu.accessibleDescription()
    with session.coffre.lecture() as connexion:
        sha256 = connexion.scalar(select(Document.sha256).where(Document.id == donne.id))
    assert donne.nom in dit
    assert sha256 in "".join(dit.split())
    assert f"{donne.saisi_le.astimezone(ZoneInfo('Europe/Paris')):%d/%m/%Y à %H:%M}" in dit
    assert dialogue.papier.imprimer.isEnabled()
    qtbot.waitUntil(lambda: coupes(dialogue) == [])
    photographier(dialogue, "recu-depot")
    dialogue.reject()


@pytest.mark.exigence("DEP-06")
def test_the_desk_sees_what_the_centre_made_of_a_document(qtbot, en_visite, servi):
    """Received, then available; put aside, it opens no more, and says what to do."""
    page, session, visite = en_visite()
    _envoyer(qtbot, page, "autre")
    qtbot.waitUntil(lambda: page.presenter.pages == ())
    donne = documents.du_dossier(session, visite)[0]
    qtbot.waitUntil(lambda: documents.du_dossier(session, visite)[0].etat == "disponible")
    qtbot.waitUntil(lambda: "✓ disponible au centre" in textes(page.envoi))
    lisibles = len(boutons(page.envoi, "Voir"))
    base = BaseCentre(servi[0].base)
    with base.ecriture(visite.portee) as connexion:
        noter(connexion, visite.portee, connexion.scalar(select(Document.sha256).where(Document.id == donne.id)), EtatDocument.QUARANTAINE)
    base.fermer()
    page.presenter.poste.synchroniser()
    qtbot.waitUntil(lambda: any("en quarantaine" in t and "Numérisez le papier à nouveau" in t for t in textes(page.envoi)))
    qtbot.waitUntil(lambda: len(boutons(page.envoi, "Voir")) < lisibles)
    photographier(page, "quarantaine")


@pytest.fixture(scope="module")
def pile(tmp_path_factory):
    """Six scanned pages of words, in one file: reading them takes seconds."""
    chemin = tmp_path_factory.mktemp("pile") / "pile.tif"
    premiere, *autres = [Image.fromarray(photos.page(graine)[0]) for graine in range(6)]
    premiere.save(chemin, save_all=True, append_images=autres, dpi=(150, 150))
    return chemin


def test_a_document_waits_for_its_words_before_it_leaves(qtbot, en_visite, pile):
    """What is expected of it is told by its words, and it is searched by them later."""
    page, session, visite = en_visite(fichier=pile, pages=6)
    avant = len(documents.du_dossier(session, visite))
    _envoyer(qtbot, page, "autre")
    qtbot.waitUntil(page.envoi.attente.isVisible)
    assert "page(s) se lisent encore : le document part ensuite" in page.envoi.attente.text()
    assert not page.envoi.envoyer.isEnabled()
    qtbot.waitUntil(lambda: coupes(page.envoi) == [])
    photographier(page, "depart-attente")
    cliquer(qtbot, page.envoi, "Ne pas envoyer")
    assert page.envoi.envoyer.isEnabled()
    assert not page.envoi.attente.isVisible()
    _envoyer(qtbot, page, "autre")
    qtbot.waitUntil(lambda: page.presenter.pages == ())
    assert not page.envoi.attente.isVisible()
    donne, *reste = documents.du_dossier(session, visite)
    assert len(reste) == avant
    with session.coffre.lecture() as connexion:
        sha256 = connexion.scalar(select(Document.sha256).where(Document.id == donne.id))
        pdf = fichiers.lire(connexion, session.coffre.dossier, visite.portee, sha256)
    assert [len(p.extract_text().split()) > 20 for p in pypdf.PdfReader(io.BytesIO(pdf)).pages] == [True] * 6


def test_who_is_in_a_hurry_does_not_wait_for_words(qtbot, en_visite, pile):
    page, session, visite = en_visite(fichier=pile, pages=6)
    avant = len(documents.du_dossier(session, visite))
    _envoyer(qtbot, page, "autre")
    cliquer(qtbot, page.envoi, "Envoyer sans attendre")
    qtbot.waitUntil(lambda: page.presenter.pages == ())
    assert len(documents.du_dossier(session, visite)) == avant + 1


def _documents(page):
    return [[p.nom for p in d] for d in documents_de(page.presenter.pages)]


def test_a_tray_of_several_papers_is_split_and_each_is_sent_by_itself(qtbot, en_visite, pile):
    page, session, visite = en_visite(fichier=pile, pages=6)
    noms = [p.nom for p in page.presenter.pages]
    page.bac.setCurrentRow(2)
    page.bac.setFocus()
    qtbot.keyClick(page.bac, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: _documents(page) == [noms[:2], noms[2:]])
    page.bac.setCurrentRow(4)
    page._couper.trigger()
    assert _documents(page) == [noms[:2], noms[2:4], noms[4:]]
    assert page.envoi.taille.text().startswith("Document 3 sur 3 : 2 page(s)")
    assert "▸ Document 3, pile 5" in page.bac.item(4).data(Qt.ItemDataRole.AccessibleTextRole)
    photographier(page, "documents-plusieurs")
    page._couper.trigger()
    assert _documents(page) == [noms[:2], noms[2:]], "joined again"
    page.presenter.retirer([2])
    assert _documents(page) == [noms[:2], noms[3:]], "a document goes on without its first page"
    page.presenter.deplacer(2, 0)
    assert _documents(page) == [[noms[3], *noms[:2]], noms[4:]]
    page.presenter.dupliquer(3)
    assert _documents(page)[1] == [noms[4], noms[4], noms[5]]
    for _ in range(3):
        page.presenter.annuler()
    assert _documents(page) == [noms[:2], noms[2:]]

    def gardees():
        with session.coffre.lecture() as connexion:
            return [msgspec.msgpack.decode(p, type=Page).debut for p in bac.relire(connexion)]

    qtbot.waitUntil(lambda: gardees() == [False, False, True, False, False, False])  # written beside the window; found again so

    page.bac.setCurrentRow(3)
    assert page.envoi.taille.text().startswith("Document 2 sur 2 : 4 page(s)")
    _envoyer(qtbot, page, "autre")
    qtbot.waitUntil(lambda: [p.nom for p in page.presenter.pages] == noms[:2])
    assert documents.du_dossier(session, visite)[0].pages == 4
    qtbot.waitUntil(lambda: page.envoi.taille.text().startswith("2 page(s)"))
    _envoyer(qtbot, page, "autre")
    qtbot.waitUntil(lambda: page.presenter.pages == ())
    assert documents.du_dossier(session, visite)[0].pages == 2


def test_a_page_changed_while_its_document_waits_is_not_left_out(qtbot, en_visite, pile):
    page, session, visite = en_visite(fichier=pile, pages=6)
    avant = len(documents.du_dossier(session, visite))
    _envoyer(qtbot, page, "autre")
    qtbot.waitUntil(page.envoi.attente.isVisible)
    page.presenter.renommer(0, "Une autre")
    cliquer(qtbot, page.envoi, "Envoyer sans attendre")
    qtbot.waitUntil(lambda: "a changé pendant l'attente : rien n'est parti" in page.message.text())
    assert len(documents.du_dossier(session, visite)) == avant
    assert len(page.presenter.pages) == 6
    assert page.envoi.envoyer.isEnabled()


@pytest.mark.exigence("DOC-10")
def test_without_a_visit_nothing_is_sent(qtbot, en_visite):
    """DOC-10: a document goes to a dossier, whose person is there."""
    page, session, visite = en_visite()
    visites.terminer(session, visite)
    page.presenter.poste.porter_visite(None)
    page.presenter.annuler()
    assert len(page.presenter.pages) == 1
    assert not page.envoi.envoyer.isEnabled()
    assert "Aucune visite ouverte" in page.envoi.dossier.text()
    page.envoi._depot.examiner("autre")
    assert "Ouvrez d'abord une visite" in page.message.text()


@pytest.mark.parametrize(("theme", "pour_cent"), [("clair", 100), ("contraste", 100), ("sombre", 200)])
def test_a_paper_that_lacks_a_side_leaves_with_a_reason(qtbot, en_visite, theme, pour_cent):
    page, session, visite = en_visite(theme=theme, pour_cent=pour_cent)
    avant = len(documents.du_dossier(session, visite))
    _envoyer(qtbot, page, "piece_identite")
    dialogue = _dialogue(qtbot)
    qtbot.waitUntil(lambda: coupes(dialogue) == [])
    photographier(dialogue, f"depart-motif-{theme}-{pour_cent}")
    cliquer(qtbot, dialogue, "Envoyer")
    assert "pourquoi le document part tel quel" in dialogue.message.text()
    assert dialogue.isVisible()
    dialogue.reject()
    assert len(page.presenter.pages) == 1, "nothing left, nothing lost"
    _envoyer(qtbot, page, "piece_identite")
    dialogue = _dialogue(qtbot)
    dialogue.motif.setCurrentIndex(1)
    cliquer(qtbot, dialogue, "Envoyer")
    qtbot.waitUntil(lambda: page.presenter.pages == ())
    assert len(documents.du_dossier(session, visite)) == avant + 1


def test_a_page_too_heavy_is_made_lighter_then_leaves(qtbot, en_visite, tmp_path):
    alea = np.random.default_rng(1)
    lourde = tmp_path / "lourde.jpg"
    Image.fromarray(alea.integers(0, 255, (2600, 2000, 3), np.uint8)).save(lourde, quality=95, dpi=(200, 200))
    assert lourde.stat().st_size > 5_000_000
    page, _, _ = en_visite(fichier=lourde)
    qtbot.waitUntil(lambda: "au plus 5,0\u00a0Mo" in page.envoi.taille.text())
    _envoyer(qtbot, page, "autre")
    dialogue = _dialogue(qtbot)
    photographier(dialogue, "depart-lourd")
    cliquer(qtbot, dialogue, "Alléger les pages")
    qtbot.waitUntil(lambda: page.presenter.pages[0].octets < 5_000_000)
    page.presenter.annuler()
    assert page.presenter.pages[0].octets > 5_000_000, "lighter pages are undone as any edit"
    page.presenter.alleger(5_000_000)
    qtbot.waitUntil(lambda: page.presenter.pages[0].octets < 5_000_000)
    _envoyer(qtbot, page, "autre")
    qtbot.waitUntil(lambda: page.presenter.pages == ())


@pytest.mark.exigence("DEP-03")
@pytest.mark.parametrize(("theme", "pour_cent"), [("clair", 100), ("clair", 200)])
def test_the_cpam_s_form_goes_with_the_document(qtbot, en_visite, theme, pour_cent):
    """DEP-01 to DEP-04: eight fields that are required, what is known filled in, a PDF."""
    page, session, visite = en_visite("Conseillère CPAM 31", theme, pour_cent)
    avant = len(documents.du_dossier(session, visite))
    _envoyer(qtbot, page, "autre")
    dialogue = _dialogue(qtbot)
    assert dialogue.saisie.saisies["nom"].text()
    assert dialogue.saisie.saisies["nir"].text()
    qtbot.waitUntil(lambda: coupes(dialogue) == [])
    photographier(dialogue, f"depart-cpam-{theme}-{pour_cent}")
    cliquer(qtbot, dialogue, "Envoyer")
    assert dialogue.isVisible()
    assert len(documents.du_dossier(session, visite)) == avant
    dialogue.saisie.ecrire({"sujet": "Arrêt"})
    dialogue.reject()
    _envoyer(qtbot, page, "autre")
    dialogue = _dialogue(qtbot)
    assert dialogue.saisie.saisies["sujet"].text() == "Arrêt", "what was typed is found again"
    dialogue.saisie.ecrire({"courriel": "leyla@exemple.fr", "fixe": "05 61 99 00 12", "portable": "06 39 98 12 34"})
    cliquer(qtbot, dialogue, "Envoyer")
    qtbot.waitUntil(lambda: page.presenter.pages == ())
    assert len(documents.du_dossier(session, visite)) == avant + 1


def test_what_was_given_and_is_still_good_is_offered(qtbot, en_visite):
    page, session, visite = en_visite()
    _envoyer(qtbot, page, "bail")
    qtbot.waitUntil(lambda: page.presenter.pages == ())
    (donne, *_) = documents.du_dossier(session, visite)
    demandee = PieceDemandee("0" * 36, "bail", donne.saisi_le.date())
    page.envoi._montrer_envoyes([demandee], [donne])
    assert not page.envoi.reutiliser.isVisible()
    page.envoi.repond_a.setCurrentIndex(1)
    page.envoi.repond_a.activated.emit(1)
    qtbot.waitUntil(page.envoi.reutiliser.isVisible)
    assert page.envoi.reutiliser.text().startswith("Réutiliser « Bail », donné le ")
    qtbot.mouseClick(page.envoi.reutiliser, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "n'a pas à être donné une seconde fois" in page.message.text())
