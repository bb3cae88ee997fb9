"""A workstation of one's own: signing in by the browser, the vault of each advisor, and work without the centre."""

import re
import threading
import time
from urllib.parse import urljoin

import httpx2
import pyotp
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from guichet.app import creer_fenetre
from guichet.central.base import BaseCentre
from guichet.central.identity.tables import famille
from guichet.store.profils import lister
from tests.outils import guichet
from tests.sync.outils import poste
from tests.views.outils import cliquer, photographier

CAF, FS = "conseiller.caf31", "hotesse.fs"
MOT_DE_PASSE = "canard violon horizon tabouret"
PHRASE = "une phrase de passe d'essai"


@pytest.fixture
def profil(servi, tmp_path):
    """A profile that was synchronised once, then closed."""
    centre, _ = servi
    session = poste(tmp_path / "profil", centre, CAF)
    session.synchroniser()
    session.fermer()
    return centre, tmp_path / "profil"


def _fenetre(qtbot, dossier, url):
    fenetre = creer_fenetre(dossier, url, demonstration=False)
    fenetre.pannes = []
    fenetre.poste.taches.panne.connect(fenetre.pannes.append)
    qtbot.addWidget(fenetre)
    fenetre.show()
    qtbot.waitExposed(fenetre)
    fenetre.connexion.revenir()
    return fenetre


def _ouvrir(qtbot, fenetre, phrase):
    coffre = fenetre.connexion.coffre
    qtbot.waitUntil(coffre.phrase.isVisible)
    coffre.phrase.setText(phrase)
    qtbot.keyClick(coffre.phrase, Qt.Key.Key_Return)


class Navigateur:
    """The browser that the window opens: it fills the centre's pages, on a thread of its own."""

    def __init__(self, centre, monkeypatch):
        self._centre, self._totp, self.login, self.vus = centre, {}, CAF, []
        monkeypatch.setattr(QDesktopServices, "openUrl", self.ouvrir)

    def ouvrir(self, url):
        self.vus.append(url.toString())
        threading.Thread(target=self._suivre, args=(url.toString(), self.login), daemon=True).start()
        return True

    def _suivre(self, adresse, login):
        with httpx2.Client(follow_redirects=True) as http:
            page = http.get(adresse)
            page = http.post(urljoin(adresse, "/oauth/compte"), data={"login": login, "mot_de_passe": MOT_DE_PASSE})
            assert "Code du moment" in page.text, page.text[-400:]
            page = http.post(urljoin(adresse, "/oauth/code"), data={"code": pyotp.TOTP(self._totp[login]).at(time.time() + 30)})
            assert "fermer cette page" in page.text
            self.vus.append(str(page.url))

    def inscrire(self, login):
        """Invite an agent from the command line, and have him open his account; his codes start anew each time."""
        rendu = guichet(
            "centre", "compte", "inviter", "--base", self._centre.base, "--agent", login, "--adresse-publique", self._centre.url
        )
        lien = rendu.stdout.strip()
        secret = re.search(r"<code>([A-Z2-7]{32})</code>", httpx2.get(lien).text).group(1)
        corps = {"mot_de_passe": MOT_DE_PASSE, "encore": MOT_DE_PASSE, "code": pyotp.TOTP(secret).now()}
        assert "ouvert" in httpx2.post(lien, data=corps).text
        self._totp[login] = secret
        return self


@pytest.fixture
def navigateur(servi, monkeypatch):
    return Navigateur(servi[0], monkeypatch).inscrire(CAF)


def _connecter(qtbot, fenetre):
    coffre = fenetre.connexion.coffre
    cliquer(qtbot, fenetre.connexion, "Se connecter")
    qtbot.waitUntil(lambda: "connecté" in coffre.etat.text())
    return coffre


def _creer(qtbot, fenetre, phrase=PHRASE, encore=None):
    coffre = fenetre.connexion.coffre
    coffre.phrase.setText(phrase)
    coffre.encore.setText(phrase if encore is None else encore)
    cliquer(qtbot, fenetre.connexion, "Créer mon coffre")


@pytest.mark.exigence("MCP-01")
def test_an_advisor_signs_in_makes_his_vault_works_signs_out(qtbot, servi, tmp_path, navigateur):
    centre, _ = servi
    fenetre = _fenetre(qtbot, tmp_path, centre.url)
    photographier(fenetre, "connexion-clair-100")
    coffre = _connecter(qtbot, fenetre)
    assert "Malika Serrano" in coffre.etat.text()
    _creer(qtbot, fenetre, "malika2026")
    qtbot.waitUntil(lambda: "devine trop vite" in fenetre.connexion.message.text())
    _creer(qtbot, fenetre, encore="autre chose")
    assert "pas les mêmes" in fenetre.connexion.message.text()
    assert not any(lister(tmp_path))
    _creer(qtbot, fenetre)
    qtbot.waitUntil(lambda: fenetre.onglets.count() == 4)
    qtbot.waitUntil(lambda: "● Connecté" in fenetre.barre.connexion.text())
    assert [p.nom for p in lister(tmp_path)] == ["Malika Serrano"]
    assert "access_token" not in navigateur.vus[-1]
    qtbot.mouseClick(fenetre.partir, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: fenetre._pile.currentWidget() is fenetre.connexion)
    base = BaseCentre(centre.base)

    def revoquees():
        with base.lecture() as connexion:
            return connexion.scalars(select(famille.c.revoquee_le).order_by(famille.c.ouverte_le.desc())).first() is not None

    qtbot.waitUntil(revoquees)
    base.fermer()
    assert fenetre.pannes == []
    fenetre.quitter()


def test_the_vault_opens_again_without_the_browser_and_stays_connected(qtbot, servi, tmp_path, navigateur):
    centre, _ = servi
    fenetre = _fenetre(qtbot, tmp_path, centre.url)
    _connecter(qtbot, fenetre)
    _creer(qtbot, fenetre)
    qtbot.waitUntil(lambda: "● Connecté" in fenetre.barre.connexion.text())
    fenetre.quitter()
    autre = _fenetre(qtbot, tmp_path, centre.url)
    _ouvrir(qtbot, autre, PHRASE)
    qtbot.waitUntil(lambda: "● Connecté" in autre.barre.connexion.text())
    assert len([v for v in navigateur.vus if "/oauth/authorize" in v]) == 1
    autre.quitter()


def test_two_advisors_have_each_their_vault_on_the_same_workstation(qtbot, servi, tmp_path, navigateur):
    centre, _ = servi
    navigateur.inscrire(FS)
    for login, nom in ((CAF, "Malika Serrano"), (FS, "Noémie Daubas")):
        navigateur.login = login
        fenetre = _fenetre(qtbot, tmp_path, centre.url)
        assert nom in _connecter(qtbot, fenetre).etat.text()
        _creer(qtbot, fenetre, f"{PHRASE} de {nom}")
        qtbot.waitUntil(lambda f=fenetre: "● Connecté" in f.barre.connexion.text())
        fenetre.quitter()
    fenetre = _fenetre(qtbot, tmp_path, centre.url)
    coffre = fenetre.connexion.coffre
    qtbot.waitUntil(coffre.profil.isVisible)
    assert [coffre.profil.itemText(i).split(" · ")[0] for i in range(coffre.profil.count())] == ["Malika Serrano", "Noémie Daubas"]
    coffre.profil.setCurrentIndex(1)
    _ouvrir(qtbot, fenetre, f"{PHRASE} de Noémie Daubas")
    qtbot.waitUntil(lambda: "France Services" in fenetre.lieu.text())
    fenetre.quitter()


def test_giving_up_in_the_browser_changes_nothing(qtbot, servi, tmp_path, monkeypatch):
    centre, _ = servi
    ouvertes = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: bool(ouvertes.append(url)))
    fenetre = _fenetre(qtbot, tmp_path, centre.url)
    cliquer(qtbot, fenetre.connexion, "Se connecter")
    qtbot.waitUntil(lambda: bool(ouvertes))
    coffre = fenetre.connexion.coffre
    qtbot.waitUntil(lambda: "copiez l'adresse" in coffre.etat.text())
    cliquer(qtbot, coffre, "Annuler")
    qtbot.waitUntil(lambda: "pas été terminée" in fenetre.connexion.message.text())
    assert coffre.connecter.isEnabled()
    assert list(tmp_path.glob("*/")) == []
    fenetre.quitter()


def test_a_closed_account_does_not_open_by_what_the_vault_kept(qtbot, servi, tmp_path, navigateur):
    centre, _ = servi
    fenetre = _fenetre(qtbot, tmp_path, centre.url)
    _connecter(qtbot, fenetre)
    _creer(qtbot, fenetre)
    qtbot.waitUntil(lambda: "● Connecté" in fenetre.barre.connexion.text())
    fenetre.quitter()
    assert guichet("centre", "compte", "fermer", "--base", centre.base, "--agent", CAF).returncode == 0
    autre = _fenetre(qtbot, tmp_path, centre.url)
    _ouvrir(qtbot, autre, PHRASE)
    qtbot.waitUntil(lambda: "reconnectez-vous" in autre.barre.connexion.text())
    autre.quitter()


def test_signing_in_again_goes_on_where_one_was(qtbot, servi, tmp_path, navigateur):
    centre, _ = servi
    fenetre = _fenetre(qtbot, tmp_path, centre.url)
    _connecter(qtbot, fenetre)
    _creer(qtbot, fenetre)
    qtbot.waitUntil(lambda: "● Connecté" in fenetre.barre.connexion.text())
    page = fenetre.page("dossiers")
    qtbot.keyClicks(page.recherche, "ma")
    guichet("centre", "compte", "fermer", "--base", centre.base, "--agent", CAF)
    fenetre.poste.synchroniser()
    qtbot.waitUntil(fenetre.barre.reconnecter.isVisible)
    navigateur.inscrire(CAF)
    cliquer(qtbot, fenetre.barre, "Se reconnecter")
    qtbot.waitUntil(lambda: "● Connecté" in fenetre.barre.connexion.text())
    assert not fenetre.barre.reconnecter.isVisible()
    assert page.recherche.text() == "ma"
    fenetre.quitter()


def test_somebody_else_does_not_go_on_in_ones_place(qtbot, servi, tmp_path, navigateur):
    centre, _ = servi
    fenetre = _fenetre(qtbot, tmp_path, centre.url)
    _connecter(qtbot, fenetre)
    _creer(qtbot, fenetre)
    qtbot.waitUntil(lambda: "● Connecté" in fenetre.barre.connexion.text())
    navigateur.inscrire(FS)
    navigateur.login = FS
    fenetre.poste.se_reconnecter()
    qtbot.waitUntil(lambda: "autre agent" in fenetre.barre.connexion.text())
    fenetre.quitter()


def test_a_wrong_passphrase_is_said_and_what_was_typed_stays(qtbot, profil):
    _, dossier = profil
    fenetre = _fenetre(qtbot, dossier, None)
    qtbot.waitUntil(fenetre.connexion.coffre.phrase.isVisible)
    cliquer(qtbot, fenetre.connexion, "Ouvrir")
    assert "Saisissez la phrase" in fenetre.connexion.message.text()
    _ouvrir(qtbot, fenetre, "fausse")
    qtbot.waitUntil(lambda: "n'ouvre pas ce coffre" in fenetre.connexion.message.text())
    assert fenetre.connexion.coffre.phrase.text() == "fausse"
    assert fenetre.connexion.isEnabled()
    _ouvrir(qtbot, fenetre, PHRASE)
    qtbot.waitUntil(lambda: fenetre.onglets.count() == 4)
    assert "Hors ligne" in fenetre.barre.connexion.text()
    fenetre.close()


def test_without_a_vault_nor_a_centre_the_page_says_whom_to_call(qtbot, tmp_path):
    fenetre = _fenetre(qtbot, tmp_path / "neuf", None)
    qtbot.waitUntil(lambda: "service informatique" in fenetre.connexion.message.text())
    fenetre.close()


@pytest.mark.parametrize("joignable", [True, False])
def test_with_a_token_the_profile_works_whether_the_centre_answers_or_not(qtbot, profil, joignable):
    centre, dossier = profil
    fenetre = _fenetre(qtbot, dossier, centre.url if joignable else "http://127.0.0.1:9")
    fenetre.poste.entrer(PHRASE, centre.jeton(CAF))
    qtbot.waitUntil(lambda: fenetre.onglets.count() == 4)
    attendu = "Connecté" if joignable else "Hors ligne"
    qtbot.waitUntil(lambda: attendu in fenetre.barre.connexion.text())
    page = fenetre.page("dossiers")
    qtbot.keyClicks(page.recherche, "ma")
    qtbot.waitUntil(lambda: page.liste.count() > 0)
    fenetre.close()


def test_the_status_bar_says_connected_once_a_new_profile_is_filled(qtbot, servi, tmp_path, monkeypatch):
    monkeypatch.setattr("guichet.presenters.synchro.ETALEMENT_S", 3600.0)
    centre, _ = servi
    fenetre = _fenetre(qtbot, tmp_path / "neuf", centre.url)
    fenetre.poste.entrer(PHRASE, centre.jeton(CAF))
    qtbot.waitUntil(lambda: fenetre.onglets.count() == 4)
    assert "Connecté" in fenetre.barre.connexion.text()
    fenetre.quitter()


def test_a_damaged_vault_is_repaired_from_the_sign_in_page(qtbot, servi, profil):
    centre, dossier = profil
    octets = bytearray((dossier / "coffre.db").read_bytes())
    octets[len(octets) // 2] ^= 0xFF
    (dossier / "coffre.db").write_bytes(octets)
    fenetre = _fenetre(qtbot, dossier, None)
    _ouvrir(qtbot, fenetre, PHRASE)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    question = QApplication.activeModalWidget()
    assert "abîmé" in question.text()
    cliquer(qtbot, question, "&Plus tard")
    assert "Rien n'a été modifié" in fenetre.connexion.message.text()
    assert not list(dossier.glob("coffre.db.hs-*"))
    _ouvrir(qtbot, fenetre, PHRASE)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() not in (None, question))
    cliquer(qtbot, QApplication.activeModalWidget(), "&Réparer")
    qtbot.waitUntil(lambda: "refait" in getattr(QApplication.activeModalWidget(), "text", str)())
    photographier(fenetre, "connexion-reparee-clair-100")
    cliquer(qtbot, QApplication.activeModalWidget(), "J'ai compris")
    assert fenetre.pannes == []
    fenetre.quitter()
    session = poste(dossier, centre, CAF)
    session.synchroniser()
    assert session.agent().nom == "Malika Serrano"
    session.fermer()
