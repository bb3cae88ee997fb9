"""Pages put right in the window: cropped by itself or by hand, in black and white, undone, found again."""

import cv2
import numpy as np
import pikepdf
import pypdf
import pytest
from PIL import Image, ImageDraw, ImageFont
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel
from sqlalchemy import select

from bench import photos
from guichet.contract.demonstration import PHRASE as PHRASE_DEMONSTRATION
from guichet.documents.page import Genre
from guichet.models import Dossier, Piece
from guichet.models.enums import Qualite
from guichet.ressources import RACINE
from guichet.services import visites
from guichet.views.documents.mots import alertes
from guichet.views.dossiers.demarche import DemarcheDialog
from tests.views.outils import cliquer, coupes, photographier


def _ecrire(chemin, pixels):
    cv2.imwrite(str(chemin), pixels, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return chemin


@pytest.fixture
def nette(tmp_path):
    return _ecrire(tmp_path / "nette.jpg", photos.photographier(0).pixels)


@pytest.fixture
def pale(tmp_path):
    """A page that is seen, and not surely."""
    pixels = photos.photographier(3).pixels.astype(np.float32) * 0.3 + 140 + np.random.default_rng(3).normal(0, 3, (2016, 1512, 3))
    return _ecrire(tmp_path / "pale.jpg", np.clip(pixels, 0, 255).astype(np.uint8))


@pytest.fixture
def page_sur(qtbot, fenetre_sur):
    def ouvrir(fichier, *peau):
        fenetre, page = fenetre_sur("documents", *peau)
        page.presenter.importer([fichier])
        qtbot.waitUntil(lambda: len(page.presenter.pages) == 1 and not page.arreter.isVisible())
        return fenetre, page

    return ouvrir


def _une(page):
    return page.presenter.pages[0]


def _coins(qtbot, page):
    page.bac.setFocus()
    qtbot.keyClick(page.bac, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.coins.isVisible)
    qtbot.waitUntil(lambda: page.coins.poignees[0].hasFocus())


def test_a_photo_comes_cropped_and_says_so(qtbot, page_sur, nette):
    fenetre, page = page_sur(nette)
    assert _une(page).faite.recadre
    assert page.fait.text().startswith("Recadrée · ")
    assert "A4" in page.fait.text()
    assert not page.conseil.isVisible()
    photographier(fenetre, "documents-recadree")


def test_a_photo_is_glimpsed_before_its_page_is_done(qtbot, fenetre_sur, nette, tmp_path):
    _, page = fenetre_sur("documents")
    vues = []
    page.presenter.apercue.connect(
        lambda _: vues.append((page.bac.count(), page.bac.item(page.bac.count() - 1).text(), len(page.presenter.pages)))
    )
    page.presenter.importer([nette])
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 1)
    assert vues == [(1, "En cours…", 0)]
    qtbot.waitUntil(lambda: [page.bac.item(n).text() for n in range(page.bac.count())] == ["nette"])
    octets = nette.read_bytes()
    (tmp_path / "coupee.jpg").write_bytes(octets[: len(octets) * 3 // 4])
    page.presenter.importer([tmp_path / "coupee.jpg"])
    qtbot.waitUntil(lambda: "coupee.jpg" in page.message.text())
    assert page.bac.count() == 1, "what is refused leaves nothing behind"
    page.bac.attendre(page.presenter.pages[0].faite.apercu)
    assert page.bac.choisies() == [0]
    assert not page.bac.item(1).flags() & Qt.ItemFlag.ItemIsSelectable
    page.presenter.dupliquer(0)
    assert [page.bac.item(n).text() for n in range(3)] == ["nette", "nette", "En cours…"], "it stays the last"


def test_a_page_that_is_not_sure_is_asked_about_and_kept_whole(qtbot, page_sur, pale):
    fenetre, page = page_sur(pale)
    assert (_une(page).faite.recadre, _une(page).faite.quad is None) == (False, False)
    assert "ne sont pas sûrs" in page.conseil.text()
    assert "bords à vérifier" in alertes(_une(page))
    assert "bords à vérifier" in page.bac.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    _coins(qtbot, page)
    trouve = [QPointF(x, y) for x, y in _une(page).faite.quad]
    assert page.coins._points == trouve, "the corners are offered where they were seen"
    photographier(fenetre, "documents-coins")
    cliquer(qtbot, page, "Recadrer ainsi")
    qtbot.waitUntil(lambda: _une(page).faite.recadre)
    assert not page.conseil.isVisible()
    assert page.fait.text().startswith("Recadrée à la main")


def test_corners_are_moved_by_keyboard_and_mouse_and_undone(qtbot, page_sur, nette):
    _, page = page_sur(nette)
    automatique = _une(page)
    _coins(qtbot, page)
    avant = list(page.coins._points)
    for _ in range(3):
        qtbot.keyClick(page.coins.poignees[0], Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    k = page.coins._echelle()
    assert page.coins._points[0].x() - avant[0].x() == pytest.approx(30 / k, rel=0.01)
    coin = page.coins.poignees[2]
    qtbot.mousePress(coin, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    qtbot.mouseMove(coin, QPoint(10, 14))
    qtbot.mouseRelease(coin, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert page.coins._points[2] != avant[2]
    for _ in range(200):
        qtbot.keyClick(coin, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert page.coins._points[2].y() == 2016, "a corner stays in its picture"
    qtbot.keyClick(coin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _une(page).retouches.coins is not None)
    assert _une(page).retouches.coins[0][0] == pytest.approx(avant[0].x() + 30 / k, abs=1)
    qtbot.keyClick(page.bac, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert _une(page).id == automatique.id


def test_escape_leaves_the_page_as_it_was_and_the_whole_picture_comes_back_in_one_click(qtbot, page_sur, nette):
    _, page = page_sur(nette)
    avant = _une(page)
    _coins(qtbot, page)
    qtbot.keyClick(page.coins.poignees[1], Qt.Key.Key_Left)
    qtbot.keyClick(page.coins.poignees[1], Qt.Key.Key_Escape)
    assert not page.coins.isVisible()
    assert _une(page).id == avant.id
    _coins(qtbot, page)
    cliquer(qtbot, page, "Image entière")
    qtbot.waitUntil(lambda: not _une(page).faite.recadre)
    assert "bords à vérifier" not in alertes(_une(page)), "it was asked for"
    _coins(qtbot, page)
    cliquer(qtbot, page, "Recadrage automatique")
    qtbot.waitUntil(lambda: _une(page).faite.recadre)
    assert _une(page).faite.quad == avant.faite.quad


def test_black_on_white_is_small_and_turns_with_the_rest(qtbot, page_sur, nette):
    _, page = page_sur(nette)
    page.mode.setCurrentIndex(page.mode.findData("texte"))
    page.mode.activated.emit(page.mode.currentIndex())
    page.presenter.tourner(0, 90)  # while the first is being done
    qtbot.waitUntil(lambda: _une(page).faite.genre is Genre.G4)
    assert _une(page).retouches.rotation == 90
    assert _une(page).octets <= 35_000
    assert "1 page(s), environ" in page.envoi.taille.text()


def test_pages_are_doubled_and_several_are_taken_out_at_once(qtbot, page_sur, nette):
    _, page = page_sur(nette)
    page.bac.setFocus()
    for _ in range(2):
        qtbot.keyClick(page.bac, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert len({p.id for p in page.presenter.pages}) == 3
    page.bac.selectAll()
    qtbot.keyClick(page.bac, Qt.Key.Key_Delete)
    assert page.presenter.pages == ()
    assert page.vide.isVisible()
    qtbot.keyClick(page.bac, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(page.presenter.pages) == 3


def test_blank_pages_are_offered_for_removal(qtbot, page_sur, nette, tmp_path):
    _, page = page_sur(nette)
    page.presenter.importer([_papier(tmp_path / f"vide{n}.png", "") for n in (1, 2)])
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 3)
    assert [page.bac.item(n).data(Qt.ItemDataRole.AccessibleTextRole) for n in (1, 2)] == ["vide1, blanche", "vide2, blanche"]
    cliquer(qtbot, page, "Retirer 2 page(s) blanche(s)")
    assert [p.nom for p in page.presenter.pages] == ["nette"]
    assert not page.blanches.isVisible()
    page.presenter.annuler()
    assert len(page.presenter.pages) == 3


def _menu(page, debut):
    next(a for a in page.autres.menu().actions() if a.text().startswith(debut)).trigger()


def test_two_sides_of_a_card_go_on_one_page(qtbot, page_sur, nette):
    _, page = page_sur(nette)
    _menu(page, "Réunir")
    assert "Choisissez les pages à réunir" in page.message.text()
    _menu(page, "Dupliquer")
    page.bac.selectAll()
    _menu(page, "Réunir")
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 1)
    assert _une(page).faite.genre is Genre.PDF
    page.presenter.annuler()
    assert len(page.presenter.pages) == 2


def test_a_picture_of_one_paper_is_not_cut(qtbot, page_sur, nette):
    _, page = page_sur(nette)
    _menu(page, "Séparer")
    qtbot.waitUntil(lambda: "ne voit qu'un papier" in page.message.text())
    assert len(page.presenter.pages) == 1


def test_the_tray_is_found_again_after_the_window_closed(qtbot, fenetre_sur, page_sur, nette):
    fenetre, page = page_sur(nette)
    page.bac.setFocus()
    qtbot.keyClick(page.bac, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    page.presenter.renommer(1, "La copie")
    page.presenter.tourner(1, -90)
    qtbot.waitUntil(lambda: page.presenter.pages[1].retouches.rotation == 270)
    gardees = page.presenter.pages
    page.presenter.poste.sortir()
    qtbot.waitUntil(lambda: page.presenter.pages == ())
    fenetre.quitter()
    _, retrouvee = fenetre_sur("documents")
    qtbot.waitUntil(lambda: len(retrouvee.presenter.pages) == 2)
    assert [(p.id, p.nom, p.retouches) for p in retrouvee.presenter.pages] == [(p.id, p.nom, p.retouches) for p in gardees]


def test_a_page_named_while_it_is_done_again_has_both(qtbot, page_sur, nette):
    _, page = page_sur(nette)
    page.presenter.rendre_entiere(0)
    page.presenter.renommer(0, "Facture de mars")
    page.presenter.renommer(0, "Facture d'avril")
    qtbot.waitUntil(lambda: page.presenter.prets)
    assert (_une(page).nom, _une(page).faite.recadre) == ("Facture d'avril", False)
    page.presenter.annuler()
    assert (_une(page).nom, _une(page).faite.recadre) == ("Facture d'avril", True)


def test_the_papers_of_who_leaves_leave_the_screen(qtbot, page_sur, nette):
    fenetre, page = page_sur(nette)
    session = fenetre.poste.session
    with session.coffre.lecture() as connexion:
        qui = connexion.execute(select(Dossier.scope_id, Dossier.id, Dossier.responsable_id)).first()
    visite = visites.ouvrir(session, *qui, Qualite.ALLOCATAIRE, "Carte")
    fenetre.poste.porter_visite(visite)
    assert len(page.presenter.pages) == 1, "what was prepared before the visit is for it"
    visites.terminer(session, visite)
    fenetre.poste.porter_visite(None)
    assert page.presenter.pages == ()
    assert "1 page(s) restée(s)" in page.message.text()
    page.presenter.annuler()
    assert len(page.presenter.pages) == 1


@pytest.mark.exigence("DOC-04")
def test_what_is_asked_for_is_answered_and_what_was_given_is_seen_again(qtbot, page_sur, nette):
    fenetre, page = page_sur(nette)
    session = fenetre.poste.session
    with session.coffre.lecture() as connexion:
        requete = select(Dossier.scope_id, Dossier.id, Dossier.responsable_id).join(
            Piece, (Piece.scope_id == Dossier.scope_id) & (Piece.dossier_id == Dossier.id)
        )
        qui = connexion.execute(requete.where(Piece.document_id.is_(None), Dossier.ferme_le.is_(None))).first()
    visite = visites.ouvrir(session, *qui, Qualite.ALLOCATAIRE, "Carte")
    fenetre.poste.porter_visite(visite)
    qtbot.waitUntil(lambda: page.envoi.repond_a.count() > 1)
    combien = page.envoi.repond_a.count()
    page.envoi.repond_a.setCurrentIndex(1)
    page.envoi.repond_a.activated.emit(1)
    demandee = page.envoi.repond_a.currentData()
    assert _choisi(page) == demandee.type
    page.presenter.rendre_entiere(0)
    cliquer(qtbot, page, "Envoyer au dossier")
    assert "encore en cours de traitement" in page.message.text()
    qtbot.waitUntil(lambda: not _une(page).faite.recadre)
    page.envoi.nom.setText("La pièce demandée")
    cliquer(qtbot, page, "Envoyer au dossier")
    qtbot.waitUntil(lambda: page.envoi.repond_a.count() == combien - 1)
    qtbot.waitUntil(lambda: "La pièce demandée" in _dits(page.envoi))
    with qtbot.waitSignal(page.presenter.apercu_pret) as vu:
        page.presenter.apercu_pret.disconnect(page._montrer_apercu)
        cliquer(qtbot, page.envoi, "Voir")
    assert len(vu.args[0]) == 1
    visites.terminer(session, visite)
    fenetre.poste.porter_visite(None)


def test_a_lock_that_cuts_the_adding_short_is_told_and_the_tray_goes_on(qtbot, page_sur, nette):
    fenetre, page = page_sur(nette)
    page.presenter.importer([nette] * 3)
    session = fenetre.poste.session
    fenetre.poste.verrouiller()
    qtbot.waitUntil(lambda: session.coffre._cle == b"")
    fenetre.poste.deverrouiller(PHRASE_DEMONSTRATION)
    qtbot.waitUntil(lambda: "interrompu l'ajout de 3" in page.message.text())
    assert len(page.presenter.pages) == 1
    page.presenter.rendre_entiere(0)
    qtbot.waitUntil(lambda: not _une(page).faite.recadre)


def test_a_password_is_asked_for(qtbot, page_sur, nette, tmp_path, monkeypatch):
    _, page = page_sur(nette)
    pdf, fichier = pikepdf.new(), tmp_path / "avis.pdf"
    pdf.add_blank_page()
    pdf.save(fichier, encryption=pikepdf.Encryption(owner="p", user="bon"))
    demandes, reponses = [], iter([("faux", True), ("bon", True), ("", False)])
    monkeypatch.setattr(QInputDialog, "getText", lambda *a: (demandes.append((a[2], a[3])), next(reponses))[1])
    page.presenter.importer([fichier])
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 2)
    assert [("protégé" in d[0], "pas le mot de passe" in d[0]) for d in demandes] == [(True, False), (False, True)]
    assert all(echo.name == "Password" for _, echo in demandes)
    page.presenter.importer([fichier])
    qtbot.waitUntil(lambda: "n'a pas été ajouté" in page.message.text())
    assert len(page.presenter.pages) == 2


@pytest.mark.parametrize(
    "peau", [("clair", 100, (1280, 720)), ("clair", 200, (1280, 720)), ("contraste", 200, (1280, 720)), ("sombre", 150)]
)
def test_the_tools_of_a_page_are_not_cut(qtbot, page_sur, pale, peau):
    fenetre, page = page_sur(pale, *peau)
    qtbot.waitUntil(lambda: coupes(page) == [])
    photographier(fenetre, f"documents-page-{peau[0]}-{peau[1]}")
    _coins(qtbot, page)
    qtbot.waitUntil(lambda: coupes(page) == [])
    photographier(fenetre, f"documents-coins-{peau[0]}-{peau[1]}")


def _choisi(page):
    return page.envoi.type_piece.currentData()


def test_what_the_pages_say_is_suggested_and_taken_in_one_click(qtbot, page_sur, tmp_path):
    texte = "BULLETIN DE PAIE\nPériode du 01/09/2026 au 30/09/2026\nSalaire de base 1 800,00\nNet à payer 1 420,50\nFR76 3000 6000 0112 3456 7890 189"
    _, page = page_sur(_papier(tmp_path / "scan.png", texte))
    qtbot.waitUntil(lambda: "ressemblent à : Bulletin de salaire" in _dits(page.envoi.lecture))
    dits = _dits(page.envoi.lecture)
    assert "IBAN finissant par 0189" in dits
    assert "3456" not in dits, "masked"
    assert _choisi(page) is None, "nothing is decided"
    cliquer(qtbot, page, "Choisir « Bulletin de salaire 2026-09 »")
    assert (_choisi(page), page.envoi.nom.text()) == ("bulletin_salaire", "Bulletin de salaire 2026-09")
    assert "ressemblent" not in _dits(page.envoi.lecture)


@pytest.mark.exigence("DOC-06")
def test_a_rib_is_led_to_its_own_form(qtbot, page_sur, tmp_path):
    """By a button, once somebody is there; it does not leave as « Autre document »."""
    texte = "RELEVÉ D'IDENTITÉ BANCAIRE\nTitulaire du compte\nCode banque 30006 Code guichet 00001\nIBAN FR76 3000 6000 0112 3456 7890 189\nBIC AGRIFRPP"
    fenetre, page = page_sur(_papier(tmp_path / "scan.png", texte))
    qtbot.waitUntil(lambda: "par la démarche « Changement de compte bancaire »" in _dits(page.envoi.lecture))
    cliquer(qtbot, page.envoi, "Remplir le changement de compte bancaire…")
    assert "Ouvrez d'abord une visite" in page.message.text()
    session = fenetre.poste.session
    with session.coffre.lecture() as connexion:
        qui = connexion.execute(select(Dossier.scope_id, Dossier.id, Dossier.responsable_id).where(Dossier.ferme_le.is_(None))).first()
    visite = visites.ouvrir(session, *qui, Qualite.ALLOCATAIRE, "Carte")
    fenetre.poste.porter_visite(visite)
    page.envoi.type_piece.setCurrentIndex(page.envoi.type_piece.findData("autre"))
    qtbot.waitUntil(page.envoi.envoyer.isEnabled)
    cliquer(qtbot, page, "Envoyer au dossier")
    qtbot.waitUntil(lambda: "un RIB ne s'envoie pas" in page.message.text())
    assert len(page.presenter.pages) == 1
    cliquer(qtbot, page.envoi, "Remplir le changement de compte bancaire…")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), DemarcheDialog))
    demarche = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: "iban" in demarche.saisies and demarche.saisies["iban"].isVisible())
    assert fenetre.onglets.currentWidget().objectName() == "dossiers"
    demarche.reject()
    visites.terminer(session, visite)
    fenetre.poste.porter_visite(None)


def test_what_is_read_is_under_the_page_that_is_sent_turned_or_not(qtbot, page_sur, tmp_path):
    couchee = cv2.rotate(
        cv2.imread(str(_papier(tmp_path / "x.png", "ATTESTATION\nToulouse Riquet\nhébergement gratuit\n" * 4))), cv2.ROTATE_180
    )
    fichier = tmp_path / "couchee.png"
    cv2.imwrite(str(fichier), couchee)
    _, page = page_sur(fichier)
    page.presenter.dupliquer(0)
    page.presenter.tourner(1, 90)
    qtbot.waitUntil(lambda: all(p.lue for p in page.presenter.pages) and page.presenter.pages[1].retouches.rotation == 90)
    page.presenter.enregistrer(tmp_path / "sortie.pdf")
    qtbot.waitUntil((tmp_path / "sortie.pdf").is_file)
    lu = pypdf.PdfReader(tmp_path / "sortie.pdf").pages[0].extract_text()
    assert "Toulouse" in lu


def _papier(chemin, texte):
    """A clean scan of a few lines."""
    image = Image.new("RGB", (1240, 1754), "white")
    dessin, police = ImageDraw.Draw(image), ImageFont.truetype(str(RACINE / "fonts" / "Inter-Regular.otf"), 36)
    for rang, ligne in enumerate(texte.splitlines()):
        dessin.text((120, 140 + 70 * rang), ligne, "black", font=police)
    image.save(chemin, dpi=(150, 150))
    return chemin


def _dits(panneau):
    return "\n".join(e.text() for e in panneau.findChildren(QLabel) if e.isVisible())
