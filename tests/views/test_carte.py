"""What the card of a dossier says of the household, line by line as it is read on the screen."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from guichet.views.formats import date_courte
from tests.menage import LEYLA, MARC, MARQUES, NUMERO, ecrire_menage
from tests.outils import centre_servi

JOUR = date.today()


@pytest.fixture(scope="module")
def servi(monde, tmp_path_factory):
    dossier = tmp_path_factory.mktemp("carte")
    with centre_servi(monde, dossier, ecrire_menage) as (centre, _):
        yield centre, dossier / "profils"


@pytest.fixture
def carte(qtbot, fenetre_sur):
    _, page = fenetre_sur("dossiers")
    page.recherche.setText(NUMERO)
    qtbot.waitUntil(lambda: page.liste.count() > 0 and NUMERO in page.liste.item(0).text())
    qtbot.keyClick(page.recherche, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.presenter.carte is not None and page.carte.isVisible())
    qtbot.waitUntil(lambda: "Profil" in _lus(page.carte))
    return page.carte


def _lus(vue):
    """Return what is read on the screen, in its order."""
    return [
        mots.text().replace("\u202f", " ").replace("\u00a0", " ") for mots in vue.findChildren(QLabel) if mots.isVisible() and mots.text()
    ]


def _sous(lus, titre):
    return lus[lus.index(titre) + 1]


@pytest.mark.exigence("MC-07", "PAI-17", "AUT-02", "AUT-04")
def test_the_profile_says_each_of_its_lines(carte):
    lus = _lus(carte)
    assert _sous(lus, "Situation") == f"{MARQUES['situation']} depuis le 07/06/2014, 2 enfant(s)"
    assert _sous(lus, "Activité") == f"{MARQUES['activite', LEYLA]} depuis le 01/01/2019"
    assert _sous(lus, "Activité du conjoint") == f"{MARQUES['activite', MARC]} depuis le 01/01/2019"
    assert _sous(lus, "Adresse") == f"{MARQUES['adresse', LEYLA]}, 31000 Toulouse"
    assert _sous(lus, "Contact") == "XX XX XX 00 01"
    ressources = _sous(lus, "Ressources utilisées")
    assert MARQUES["ressources", LEYLA] in ressources
    assert "19 000,00 €" in ressources
    assert _sous(lus, "Gestion du dossier").startswith("VERGNEBRUNE Marc, autorisation du 03/04/2021")


@pytest.mark.exigence("DOC-04", "SUI-01")
def test_what_is_asked_for_and_what_was_asked_stand_together(carte):
    lus = _lus(carte)
    assert _sous(lus, MARQUES["pieces"]) == "▲ pièce demandée"
    assert f"Demandée le {date_courte(JOUR - timedelta(days=4))}. À numériser dans l'onglet Documents." in lus
    assert MARQUES["demarches"] in lus
