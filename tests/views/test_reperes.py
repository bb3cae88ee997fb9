"""Repères: the tables that decide, as anybody may read them at the counter."""

import pytest
from PySide6.QtCore import Qt

from tests.views.outils import photographier


@pytest.fixture
def page(qtbot, fenetre_sur):
    fenetre, page = fenetre_sur("reperes")
    fenetre.onglets.setCurrentIndex(3)
    qtbot.waitUntil(lambda: page.liste.count() == 5)
    return page


def _choisir(page, titre):
    page.liste.setCurrentItem(page.liste.findItems(titre, Qt.MatchFlag.MatchExactly)[0])


def _lignes(page):
    modele = page.table.model()
    return [[modele.data(modele.index(r, c)) for c in range(modele.columnCount())] for r in range(modele.rowCount())]


def test_the_table_of_visitors_is_shown_as_it_decides(page):
    _choisir(page, "Qui peut voir quoi")
    modele = page.table.model()
    titres = [modele.headerData(c, Qt.Orientation.Horizontal) for c in range(modele.columnCount())]
    lignes = {x[0]: dict(zip(titres[1:], x[1:], strict=True)) for x in _lignes(page)}
    assert set(lignes["Les coordonnées des autres membres"].values()) == {"✕ non"}
    assert lignes["Les paiements"]["Allocataire"] == "✓ oui"
    assert lignes["Les paiements"]["Conjoint"] == "✕ non"
    assert "AUT-01" in page.source.text()


def test_the_forty_one_lines_and_their_filter(qtbot, page):
    _choisir(page, "Démarches en ligne")
    assert len(_lignes(page)) == 41
    qtbot.keyClicks(page.recherche, "ressources rsa")
    assert [x[1] for x in _lignes(page)] == [
        "Ressources trim. Revenu de solidarité active (Rsa)", "Ressources trim. Revenu de solidarité active (Rsa) en FALC",
    ]  # fmt: skip
    photographier(page.window(), "reperes-filtre")
    page.recherche.setText("rien de tel")
    assert page.message.isVisible()
    assert "Effacez le filtre" in page.message.text()
    _choisir(page, "Prestations")
    assert len(_lignes(page)) == 25
    assert not page.message.isVisible()


def test_the_windows_of_each_body(page):
    _choisir(page, "Délais de traitement")
    assert len(_lignes(page)) >= 3
    assert "inutile de relancer" in page.intro.text()
