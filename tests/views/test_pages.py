"""The tabs, driven as a person drives them."""

import sys

import pytest
from PySide6.QtCore import QMimeData, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage

from tests.ateliers import ateliers
from tests.outils import ICI
from tests.views.outils import cliquer

DONNEES = ICI / "donnees"


def test_binding_keeps_its_references(qapp):
    """PySide6 6.12.0 on CPython before 3.12 loses a reference to True per emit and to None per call, and aborts."""

    class Cloche(QObject):
        sonnee = Signal()

    cloche, reserve = Cloche(), [None, True] * 2000
    avant = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(500):
        cloche.sonnee.emit()
        cloche.parent()
    apres = sys.getrefcount(True), sys.getrefcount(None)
    # Threads of windows just closed may still be letting go of theirs; the fault loses one at each of the 500 turns.
    assert apres[0] > avant[0] - 300
    assert apres[1] > avant[1] - 300
    del reserve


def test_the_window_is_painted_before_anything_heavy_is_imported():
    import subprocess

    script = (
        "import sys; from pathlib import Path; from guichet.app import creer_application, creer_fenetre;"
        "app = creer_application(['x']); f = creer_fenetre(Path('x'), None, demonstration=False); f.show(); f.grab();"
        "print([m for m in ('sqlalchemy', 'PIL', 'pypdf', 'pikepdf', 'httpx2', 'qtawesome', 'numpy', 'alembic') if m in sys.modules])"
    )
    rendu = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert rendu.stdout.strip() == "[]"


def test_models_obey_qt(qtbot, qtmodeltester, fenetre_sur):
    _, page = fenetre_sur("bailleur")
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 406)
    qtmodeltester.check(page.table.model())
    _, page = fenetre_sur("rendezvous")
    qtbot.waitUntil(lambda: page.table.model().rowCount() > 0)
    qtmodeltester.check(page.table.model())


@pytest.mark.exigence("PORT-03")
def test_the_bar_names_who_works_for_which_body_and_where(fenetre_sur):
    fenetre, _ = fenetre_sur("dossiers")
    assert fenetre.lieu.text() == "Conseillère Caf 31 · Caf de la Haute-Garonne · Toulouse Riquet · guichet 3"


@pytest.mark.exigence("PORT-03")
def test_ctrl_k_finds_people_benefits_and_actions(qtbot, fenetre_sur):
    fenetre, _ = fenetre_sur("dossiers")
    qtbot.keyClick(fenetre, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert fenetre.recherche.hasFocus()
    qtbot.keyClicks(fenetre.recherche, "ren")
    qtbot.waitUntil(fenetre._palette.isVisible)
    lignes = [fenetre._palette.liste.item(i).text() for i in range(fenetre._palette.liste.count())]
    assert "Prendre un rendez-vous" in lignes
    assert any(x.startswith("Prestation : Allocation de rentrée scolaire") for x in lignes)
    qtbot.keyClick(fenetre.recherche, Qt.Key.Key_Escape)
    assert not fenetre._palette.isVisible()
    assert fenetre.recherche.text() == "ren", "Escape keeps what was typed"


def test_an_action_chosen_by_keyboard_goes_to_its_tab(qtbot, fenetre_sur):
    fenetre, _ = fenetre_sur("dossiers")
    qtbot.keyClick(fenetre, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(fenetre.recherche, "prendre un")
    qtbot.waitUntil(lambda: fenetre._palette.liste.count() == 0 or fenetre._palette.isVisible())
    fenetre.recherche.clear()
    qtbot.keyClicks(fenetre.recherche, "rendez")
    qtbot.waitUntil(lambda: fenetre._palette.isVisible() and fenetre._palette.liste.count() == 1)
    qtbot.keyClick(fenetre.recherche, Qt.Key.Key_Return)
    assert fenetre.onglets.currentWidget().objectName() == "rendezvous"


@pytest.mark.exigence("CNX-02")
def test_the_search_says_what_is_wrong_and_what_to_do(qtbot, fenetre_sur):
    _, page = fenetre_sur("dossiers")
    qtbot.keyClicks(page.recherche, "zzzzqx")
    qtbot.waitUntil(lambda: "Personne sur ce poste" in page.compte.text())
    page.recherche.clear()
    qtbot.keyClicks(page.recherche, "2 82 06 81 364 636 46")
    qtbot.waitUntil(lambda: "la clé « 46 »" in page.conseil.text())
    assert page.recherche.text() == "2 82 06 81 364 636 46"


@pytest.mark.exigence("PORT-03", "PORT-18")
def test_the_skin_changes_at_once_and_is_remembered(qtbot, qapp, fenetre_sur):
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QMenu

    fenetre, _ = fenetre_sur("dossiers")
    cliquer(qtbot, fenetre.affichage.parentWidget(), "")
    menu = fenetre.findChild(QMenu)
    next(a for a in menu.actions() if a.text() == "Contrasté").trigger()
    assert qapp.palette().window().color().name() == "#000000"
    assert QSettings().value("theme") == "contraste"
    next(a for a in menu.actions() if a.text() == "200 %").trigger()
    from guichet.views.widgets.reglages import choisi

    assert choisi() == ("contraste", 2.0)
    QSettings().clear()
    assert choisi() == ("clair", 1.0)


@pytest.mark.exigence("DOC-07")
def test_pages_are_moved_turned_named_removed_and_undone(qtbot, fenetre_sur):
    _, page = fenetre_sur("documents")
    page.presenter.importer([DONNEES / "photo.jpg", DONNEES / "trois.tif"])
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 4)
    assert [page.bac.item(i).text() for i in range(4)] == ["photo", "trois 1", "trois 2", "trois 3"]
    page.bac.setCurrentRow(0)
    page.bac.setFocus()
    qtbot.keyClick(page.bac, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert [p.nom for p in page.presenter.pages][:2] == ["trois 1", "photo"]
    qtbot.keyClick(page.bac, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.presenter.pages[1].retouches.rotation == 90)
    page.bac.item(1).setText("Ma photo")
    assert page.presenter.pages[1].nom == "Ma photo"
    qtbot.keyClick(page.bac, Qt.Key.Key_Delete)
    assert len(page.presenter.pages) == 3
    for _ in range(4):
        qtbot.keyClick(page.bac, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [(p.nom, p.retouches.rotation) for p in page.presenter.pages][:2] == [("photo", 0), ("trois 1", 0)]


@pytest.mark.usefixtures("ateliers_neufs")
def test_the_workshop_is_made_as_the_tab_opens_and_goes_with_it(qtbot, fenetre_sur):
    """The first paper, a telephone's in the second of its code included, does not wait for it."""
    avant = ateliers()
    fenetre, _ = fenetre_sur("documents")
    qtbot.waitUntil(lambda: bool(ateliers() - avant))
    fenetre.quitter()
    qtbot.waitUntil(lambda: not ateliers() - avant)


@pytest.mark.exigence("DOC-03")
def test_files_come_by_drop_and_images_by_paste(qtbot, fenetre_sur):
    _, page = fenetre_sur("documents")
    donnees = QMimeData()
    donnees.setUrls([QUrl.fromLocalFile(str(DONNEES / "photo.jpg"))])
    page.dropEvent(
        QDropEvent(page.rect().center(), Qt.DropAction.CopyAction, donnees, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    )
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 1)
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(page.bac, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 2)


def test_a_bad_file_leaves_the_good_ones_and_says_why(qtbot, fenetre_sur, tmp_path):
    mauvais = tmp_path / "facture.jpg"
    mauvais.write_bytes((DONNEES / "photo.jpg").read_bytes()[:900])
    parti = tmp_path / "parti.pdf"
    parti.write_bytes(b"%PDF-1.7")
    _, page = fenetre_sur("documents")
    page.envoi.nom.setText("Ce que j'ai tapé")
    page.presenter.importer([mauvais, DONNEES / "photo.jpg", parti])
    parti.unlink()  # it vanishes while the files before it are read
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 1 and not page.arreter.isVisible())
    assert page.message.isVisible()
    assert page.message.text().startswith("parti.pdf : ce fichier a disparu")
    assert page.envoi.nom.text() == "Ce que j'ai tapé"


@pytest.mark.exigence("DOC-08")
def test_the_preview_is_the_pdf_read_back(qtbot, fenetre_sur):
    _, page = fenetre_sur("documents")
    page.presenter.importer([DONNEES / "trois.tif"])
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 3)
    with qtbot.waitSignal(page.presenter.apercu_pret) as rendu:
        page.presenter.apercu_pret.disconnect(page._montrer_apercu)
        cliquer(qtbot, page, "Aperçu du PDF")
    assert len(rendu.args[0]) == 3
    assert rendu.args[1] > 0


def test_a_pdf_that_cannot_be_written_says_so_and_keeps_the_pages(qtbot, fenetre_sur, tmp_path):
    _, page = fenetre_sur("documents")
    page.presenter.importer([DONNEES / "photo.jpg"])
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 1)
    obstacle = tmp_path / "fichier"
    obstacle.write_text("x")
    page.presenter.enregistrer(obstacle / "sortie.pdf")
    qtbot.waitUntil(lambda: "ne peut pas être écrit" in page.message.text())
    assert len(page.presenter.pages) == 1
    page.presenter.enregistrer(tmp_path / "sortie.pdf")
    qtbot.waitUntil((tmp_path / "sortie.pdf").is_file)


@pytest.mark.exigence("BAI-13")
def test_one_tenant_goes_straight_to_the_card(qtbot, servi):
    from tests.views.outils import entrer, ouvrir_fenetre

    centre, profils = servi
    fenetre = ouvrir_fenetre(qtbot, profils, centre.url)
    entrer(qtbot, fenetre, "Propriétaire d'un logement")
    page = fenetre.page("bailleur")
    qtbot.waitUntil(page.fiche.isVisible)
    assert page.fiche.nom.text()
    fenetre.close()


@pytest.mark.exigence("BAI-07", "BAI-08", "BAI-09", "BAI-10", "BAI-12")
def test_filters_apply_on_demand_and_the_selection_stays(qtbot, fenetre_sur):
    _, page = fenetre_sur("bailleur")
    qtbot.waitUntil(lambda: page.compte.text() == "Vous recherchez : 406 locataires")
    assert page.tout.text().replace("&", "") == "Tout sélectionner (406)"
    qtbot.waitUntil(lambda: page.table.model().ligne(0) is not None)
    premier = page.table.model().ligne(0)
    page.table.setCurrentIndex(page.table.model().index(0, 0))
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert page.selection.text() == "Vous avez sélectionné 1 locataire(s)"
    qtbot.keyClicks(page.code_postal, "31800")
    assert page.compte.text() == "Vous recherchez : 406 locataires", "the filter waits for « Appliquer »"
    cliquer(qtbot, page, "Appliquer")
    qtbot.waitUntil(lambda: page.presenter.total < 406)
    assert page.presenter.selection == {premier.id}
    cliquer(qtbot, page, "Réinitialiser")
    qtbot.waitUntil(lambda: page.presenter.total == 406)
    qtbot.keyClicks(page.nom, "qqqq")
    cliquer(qtbot, page, "Appliquer")
    qtbot.waitUntil(page.vide.isVisible)
    cliquer(qtbot, page, "Quitter")
    assert page.selection.text() == "Vous avez sélectionné 0 locataire(s)"


@pytest.mark.exigence("BAI-10")
def test_a_bad_rent_is_said_in_place_and_nothing_is_sent(qtbot, fenetre_sur):
    _, page = fenetre_sur("bailleur")
    qtbot.waitUntil(lambda: page.presenter.total == 406)
    cliquer(qtbot, page, page.tout.text())
    qtbot.waitUntil(lambda: len(page.presenter.selection) == 406)
    cliquer(qtbot, page, "Continuer")
    qtbot.waitUntil(page.loyers.isVisible)
    modele = page.loyers.modele
    modele.setData(modele.index(0, 3), "beaucoup")
    assert "à corriger" in modele.data(modele.index(0, 4))
    cliquer(qtbot, page.loyers, "Déclarer")
    assert "1 montant(s) à corriger" in page.loyers.titre.text()
    modele.setData(modele.index(0, 3), "9 999,99")
    assert "change de plus de 10 %" in modele.data(modele.index(0, 4))
    cliquer(qtbot, page.loyers, "Précédent")
    assert page.table.isVisible()


@pytest.mark.parametrize(
    ("texte", "cents"),
    [
        ("612,40", 61_240),
        ("612.4 €", 61_240),
        ("1 205", 120_500),
        ("0,05", 5),
        ("", None),
        ("-3", None),
        ("1,234", None),
        ("abc", None),
        ("²", None),
    ],
)
def test_amounts_as_they_are_typed(texte, cents):
    from guichet.views.formats import lire_montant

    assert lire_montant(texte) == cents


@pytest.mark.parametrize(("nombre", "texte"), [(0, "0 envoi en attente"), (1, "1 envoi en attente"), (5, "5 envois en attente")])
def test_plurals_go_through_the_catalogue(qapp, nombre, texte):
    from PySide6.QtCore import QTranslator

    from guichet.ressources import RACINE

    traducteur = QTranslator()
    assert traducteur.load("guichet_fr", str(RACINE / "traductions"))
    assert traducteur.translate("BarreEtat", "%n envoi(s) en attente", "", nombre).replace("%n", str(nombre)) == texte


def test_every_state_has_its_words():
    from guichet.models.enums import EtatDeclaration, EtatDemarche, EtatDocument, EtatLoyer, EtatRendezVous, Mode, Qualite
    from guichet.rules.visiteurs import nom_qualite
    from guichet.store.sortie import EtatEnvoi
    from guichet.views.bailleur import table as bailleur
    from guichet.views.documents import envoi
    from guichet.views.dossiers import carte, suivi
    from guichet.views.rendezvous import resume, table
    from guichet.views.widgets import envois

    assert set(suivi.ETATS) == set(EtatDemarche)
    assert set(envoi._ETATS) == set(EtatDocument)
    assert set(resume._ISSUES) == set(EtatRendezVous)
    assert set(table.MODES) == set(Mode)
    assert set(bailleur.ETATS) == {*EtatLoyer, *EtatDeclaration, "a_revoir"}
    assert set(carte._ENVOIS) == {"refuse", "quarantaine", "en_attente", "envoi"}
    assert set(envois.ETATS) == {*EtatEnvoi, "provisoire"}
    assert all(nom_qualite(q) for q in Qualite)


@pytest.mark.exigence("SEC-08")
def test_french_formats(qapp):
    from datetime import UTC, date, datetime

    from guichet.views import formats

    assert formats.date_longue(date(2023, 3, 9)) == "jeudi 9 mars 2023"
    assert formats.date_courte(date(2023, 3, 9)) == "09/03/2023"
    assert formats.montant(196_477).replace("\u202f", " ").replace("\u00a0", " ") == "1 964,77 €"
    assert formats.heure(datetime(2023, 3, 9, 14, 50, tzinfo=UTC), "Europe/Paris") == "15:50"
