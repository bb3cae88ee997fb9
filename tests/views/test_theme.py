"""The skins, wherever the program is installed."""

import shutil

import pytest

from guichet.ressources import RACINE
from guichet.views import theme


@pytest.mark.parametrize("dossier", ["sans rien", "Mes dépôts à moi", "copie (2)", "l'accueil"])
def test_a_skin_is_worn_from_a_folder_of_any_name(qtbot, qapp, tmp_path, monkeypatch, dossier):
    """Qt said that it could not parse the whole of it, and the window stayed bare, where a space was."""
    theme.appliquer(qapp, "clair")  # palettes and fonts are read once
    shutil.copytree(RACINE / "icones", tmp_path / dossier / "icones")
    monkeypatch.setattr(theme, "RACINE", tmp_path / dossier)
    theme.appliquer(qapp, "sombre", 1.5)
    try:
        assert f'url("{tmp_path / dossier}/icones/coche-sombre.svg")' in qapp.styleSheet()
    finally:
        monkeypatch.undo()
        theme.appliquer(qapp, "clair")
