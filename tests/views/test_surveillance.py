"""A watched folder: what another program leaves there comes to the tray once it is whole, and nothing else does."""

import shutil

import pytest
from PySide6.QtWidgets import QFileDialog

from tests.outils import ICI
from tests.views.outils import au_calme, cliquer, coupes

PHOTO = ICI / "donnees" / "photo.jpg"


@pytest.fixture
def surveillee(qtbot, fenetre_sur, tmp_path, monkeypatch):
    """The tab, watching a folder that had a file already."""
    depot = tmp_path / "Numérisations"
    depot.mkdir()
    shutil.copy(PHOTO, depot / "ancienne.jpg")
    _, page = fenetre_sur("documents")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(depot))
    cliquer(qtbot, page, "Surveiller un dossier…")
    assert page.surveiller.text() == "Ne plus surveiller « Numérisations »"
    _attendre_la_liste(qtbot, page)
    return page, depot


def _regarder(qtbot, page):
    """Look at the folder once, when the test says, and not when the second is over."""
    page.surveillance._minuterie.stop()
    page.surveillance._regarder()
    _attendre_la_liste(qtbot, page)


def _attendre_la_liste(qtbot, page):
    qtbot.waitUntil(lambda: not page.surveillance._en_vol)


def _noms(page):
    return [p.nom for p in page.presenter.pages]


def test_what_comes_is_taken_once_it_is_whole_and_left_where_it_is(qtbot, surveillee):
    page, depot = surveillee
    octets = PHOTO.read_bytes()
    with (depot / "lente.jpg").open("wb") as fichier:
        for debut in range(0, len(octets), len(octets) // 4 + 1):
            fichier.write(octets[debut : debut + len(octets) // 4 + 1])
            fichier.flush()
            _regarder(qtbot, page)
            assert _noms(page) == []
    (depot / "notes.txt").write_text("rien")
    (depot / ".cachee.jpg").write_bytes(octets)
    (depot / "dossier.pdf").mkdir()
    _regarder(qtbot, page)
    qtbot.waitUntil(lambda: _noms(page) == ["lente"])
    assert (depot / "lente.jpg").read_bytes() == octets
    shutil.copy(PHOTO, depot / "suivante.jpg")
    for _ in range(2):
        _regarder(qtbot, page)
    qtbot.waitUntil(lambda: _noms(page) == ["lente", "suivante"])
    page.presenter.annuler()
    for _ in range(2):
        _regarder(qtbot, page)
    au_calme(qtbot, page.window())
    assert _noms(page) == ["lente"], "what was taken out does not come back"
    assert coupes(page) == []


def test_a_bad_file_is_said_and_the_next_ones_come(qtbot, surveillee):
    page, depot = surveillee
    (depot / "fausse.jpg").write_bytes(b"MZ" + bytes(3000))
    qtbot.waitUntil(lambda: "fausse.jpg" in page.message.text())
    shutil.copy(PHOTO, depot / "bonne.jpg")
    qtbot.waitUntil(lambda: _noms(page) == ["bonne"])


def test_it_stops_when_asked_or_when_the_folder_goes(qtbot, surveillee):
    page, depot = surveillee
    cliquer(qtbot, page, "Ne plus surveiller « Numérisations »")
    shutil.copy(PHOTO, depot / "apres.jpg")
    assert not page.surveillance._minuterie.isActive()
    page.surveillance._regarder()
    au_calme(qtbot, page.window())
    assert _noms(page) == []
    cliquer(qtbot, page, "Surveiller un dossier…")
    _attendre_la_liste(qtbot, page)
    shutil.rmtree(depot)
    qtbot.waitUntil(lambda: "n'est plus accessible" in page.message.text())
    assert page.surveiller.text() == "Surveiller un dossier…"
