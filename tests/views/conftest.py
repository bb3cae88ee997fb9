"""One served world for the views, and windows on it."""

import pytest

from tests.outils import centre_servi
from tests.views.outils import entrer, habiller, liberer, ouvrir_fenetre

QUI = {
    "dossiers": "Conseillère Caf 31",
    "documents": "Conseillère Caf 31",
    "rendezvous": "Conseillère Caf 31",
    "reperes": "Conseillère Caf 31",
    "bailleur": "Bailleur social",
}


@pytest.fixture(autouse=True)
def _sans_etalement(monkeypatch):
    """The morning's spread is tested on its own: here a profile says hello at once."""
    monkeypatch.setattr("guichet.presenters.synchro.ETALEMENT_S", 0.0)


@pytest.fixture(scope="module")
def servi(monde, tmp_path_factory):
    dossier = tmp_path_factory.mktemp("vues")
    with centre_servi(monde, dossier) as (centre, _):
        yield centre, dossier / "profils"


@pytest.fixture
def fenetre_sur(qtbot, qapp, servi):
    """Open the window on a tab, in a skin and at a size of text, as somebody whose desk is free; close it at the end."""
    centre, profils = servi
    ouvertes = []

    def ouvrir(onglet, theme="clair", pour_cent=100, taille=(1280, 800), qui=""):
        habiller(qapp, theme, pour_cent)
        centre.oublier_les_codes()
        fenetre = ouvrir_fenetre(qtbot, profils, centre.url, taille)
        ouvertes.append(fenetre)
        entrer(qtbot, fenetre, qui or QUI[onglet])
        liberer(fenetre)
        return fenetre, fenetre.page(onglet)

    yield ouvrir
    for fenetre in ouvertes:
        fenetre.quitter()
        assert fenetre.pannes == []
    habiller(qapp)
