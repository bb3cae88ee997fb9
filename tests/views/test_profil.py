"""The workstation's own profile: its form, its refusals, and work without the centre."""

import pytest
from PySide6.QtCore import Qt

from guichet.app import creer_fenetre
from tests.sync.outils import poste
from tests.views.outils import cliquer


@pytest.fixture
def profil(servi, tmp_path):
    """A profile that was synchronised once, then closed."""
    centre, _ = servi
    session = poste(tmp_path / "profil", centre, "conseiller.caf31")
    session.synchroniser()
    session.fermer()
    return centre, tmp_path / "profil"


def _fenetre(qtbot, dossier, url):
    fenetre = creer_fenetre(dossier, url, demonstration=False)
    qtbot.addWidget(fenetre)
    fenetre.show()
    qtbot.waitExposed(fenetre)
    return fenetre


def _ouvrir(qtbot, fenetre, phrase, jeton=""):
    fenetre.connexion.phrase.setText(phrase)
    fenetre.connexion.jeton.setText(jeton)
    qtbot.keyClick(fenetre.connexion.phrase, Qt.Key.Key_Return)


def test_a_wrong_passphrase_is_said_and_what_was_typed_stays(qtbot, profil):
    _, dossier = profil
    fenetre = _fenetre(qtbot, dossier, None)
    cliquer(qtbot, fenetre.connexion, "Ouvrir")
    assert "Saisissez la phrase" in fenetre.connexion.message.text()
    _ouvrir(qtbot, fenetre, "fausse")
    qtbot.waitUntil(lambda: "n'ouvre pas ce coffre" in fenetre.connexion.message.text(), timeout=10_000)
    assert fenetre.connexion.phrase.text() == "fausse"
    assert fenetre.connexion.isEnabled()
    _ouvrir(qtbot, fenetre, "phrase")
    qtbot.waitUntil(lambda: fenetre.onglets.count() == 3, timeout=10_000)
    assert "Hors ligne" in fenetre.barre.connexion.text()
    fenetre.close()


def test_a_profile_that_was_never_synchronised_says_what_to_do(qtbot, tmp_path):
    fenetre = _fenetre(qtbot, tmp_path / "neuf", None)
    _ouvrir(qtbot, fenetre, "phrase")
    qtbot.waitUntil(lambda: "jamais été synchronisé" in fenetre.connexion.message.text(), timeout=10_000)
    fenetre.close()


@pytest.mark.parametrize("joignable", [True, False])
def test_with_a_token_the_profile_works_whether_the_centre_answers_or_not(qtbot, profil, joignable):
    centre, dossier = profil
    fenetre = _fenetre(qtbot, dossier, centre.url if joignable else "http://127.0.0.1:9")
    _ouvrir(qtbot, fenetre, "phrase", centre.jeton("conseiller.caf31"))
    qtbot.waitUntil(lambda: fenetre.onglets.count() == 3, timeout=15_000)
    attendu = "Connecté" if joignable else "Hors ligne"
    qtbot.waitUntil(lambda: attendu in fenetre.barre.connexion.text(), timeout=15_000)
    page = fenetre.page("dossiers")
    qtbot.keyClicks(page.recherche, "ma")
    qtbot.waitUntil(lambda: page.liste.count() > 0)
    fenetre.close()
