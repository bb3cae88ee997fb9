"""What opens a vault: envelopes, failures counted before each check, and the way back when passphrase or keyring are lost."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap

import keyring
import msgspec
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError
from nacl.public import PrivateKey, SealedBox

from guichet.contract.sync import CleDeCoffre, DemandeDeSecours
from guichet.store import cles, essais, secours
from guichet.store.coffre import ouvrir
from guichet.store.erreurs import CoffreScelle, PhraseFausse, PosteInconnu, SansSecours, SecoursRefuse, TropTot

PHRASE = "quatre mots de passe"
CENTRE = PrivateKey.generate()


class EnMemoire(KeyringBackend):
    """A keyring of the test's own: Debian's wants a session bus, which a test machine has not."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.gardes = {}

    def get_password(self, service, username):
        return self.gardes.get((service, username))

    def set_password(self, service, username, password):
        self.gardes[service, username] = password

    def delete_password(self, service, username):
        if self.gardes.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


@pytest.fixture
def trousseau():
    avant, neuf = keyring.get_keyring(), EnMemoire()
    keyring.set_keyring(neuf)
    yield neuf
    keyring.set_keyring(avant)


@pytest.fixture
def horloge(monkeypatch):
    """A clock that the test moves."""
    maintenant = [1_795_000_000.0]
    monkeypatch.setattr(essais.time, "time", lambda: maintenant[0])
    return maintenant


@pytest.fixture
def profil(tmp_path):
    ouvrir(tmp_path / "profil", PHRASE).fermer()
    return tmp_path / "profil"


@pytest.fixture
def enrole(profil):
    coffre = ouvrir(profil, PHRASE)
    coffre.assurer_secours(bytes(CENTRE.public_key))
    coffre.fermer()
    return profil


def _rater(profil, horloge, fois):
    for _ in range(fois):
        with pytest.raises((PhraseFausse, CoffreScelle)):
            ouvrir(profil, "autre")
        horloge[0] += 300


def _secourir(profil, cle=CENTRE):
    demande = msgspec.json.decode(secours.demander(profil), type=DemandeDeSecours)
    from nacl.public import PublicKey

    return SealedBox(PublicKey(demande.reponse_pour)).encrypt(SealedBox(cle).decrypt(demande.secours))


def test_after_a_failure_one_waits_longer_each_time_and_a_clock_set_back_does_not_help(profil, horloge, monkeypatch):
    monkeypatch.setattr(essais, "_PATIENCE_S", 0)
    for attente in (1, 2, 4):
        with pytest.raises(PhraseFausse):
            ouvrir(profil, "autre")
        horloge[0] += attente - 0.5
        with pytest.raises(TropTot, match="attendre"):
            ouvrir(profil, PHRASE)
        horloge[0] -= 1000
        with pytest.raises(TropTot):
            ouvrir(profil, PHRASE)
        horloge[0] += 1000.5
    ouvrir(profil, PHRASE).fermer()
    assert not (profil / essais.NOM).exists()


def test_a_wait_of_a_second_is_waited_out_rather_than_said(profil, horloge, monkeypatch):
    attendus = []
    monkeypatch.setattr(essais.time, "sleep", attendus.append)
    with pytest.raises(PhraseFausse):
        ouvrir(profil, "autre")
    horloge[0] += 0.25
    ouvrir(profil, PHRASE).fermer()
    assert attendus == [0.75]


def test_a_try_is_counted_though_the_process_is_killed_before_it_is_checked(profil):
    script = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from guichet.store import cles
        cles.hash_secret_raw = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        cles.ouvrir(Path(sys.argv[1]), "autre")
    """)
    rendu = subprocess.run([sys.executable, "-c", script, str(profil)], check=False)
    assert rendu.returncode == -signal.SIGKILL
    assert msgspec.json.decode((profil / essais.NOM).read_bytes())["echecs"] == 1


def test_ten_failures_remove_the_passphrase_not_the_data_and_support_gives_them_back(enrole, horloge):
    _rater(enrole, horloge, 10)
    assert cles.lire(enrole).agent is None
    with pytest.raises(CoffreScelle, match="intactes"):
        ouvrir(enrole, PHRASE)
    secours.reprendre(enrole, _secourir(enrole), "une tout autre phrase")
    coffre = ouvrir(enrole, "une tout autre phrase")
    coffre.fermer()
    with pytest.raises(PhraseFausse):
        ouvrir(enrole, PHRASE)


def test_killed_at_the_tenth_failure_the_vault_is_closed_all_the_same(enrole, horloge):
    _rater(enrole, horloge, 9)
    (enrole / essais.NOM).write_bytes(msgspec.json.encode(essais.Essais(10, horloge[0])))
    with pytest.raises(CoffreScelle):
        ouvrir(enrole, PHRASE)
    assert cles.lire(enrole).agent is None


def test_a_vault_that_nobody_could_rescue_keeps_its_passphrase(profil, horloge):
    _rater(profil, horloge, 12)
    ouvrir(profil, PHRASE).fermer()
    with pytest.raises(SansSecours):
        secours.demander(profil)


def test_an_answer_for_another_request_changes_nothing(enrole, tmp_path):
    reponse = _secourir(enrole)
    secours.demander(enrole)
    for fausse in (reponse, b"", b"x" * 200):
        with pytest.raises(SecoursRefuse):
            secours.reprendre(enrole, fausse, "une tout autre phrase")
    ouvrir(enrole, PHRASE).fermer()
    autre = SealedBox(PrivateKey((enrole / "secours.cle").read_bytes()).public_key).encrypt(
        msgspec.json.encode(CleDeCoffre("ailleurs", os.urandom(32)))
    )
    with pytest.raises(SecoursRefuse):
        secours.reprendre(enrole, autre, "une tout autre phrase")


def test_a_copied_folder_does_not_open_without_the_keyring_of_its_workstation(enrole, trousseau, tmp_path):
    ouvrir(enrole, PHRASE).fermer()
    assert cles.lire(enrole).agent.trousseau
    assert len(trousseau.gardes) == 1
    ouvrir(enrole, PHRASE).fermer()
    copie = shutil.copytree(enrole, tmp_path / "copie")
    trousseau.gardes.clear()
    with pytest.raises(PosteInconnu, match="trousseau"):
        ouvrir(copie, PHRASE)
    assert not (copie / essais.NOM).exists()
    secours.reprendre(enrole, _secourir(enrole), PHRASE)
    ouvrir(enrole, PHRASE).fermer()


def test_the_keyring_is_never_joined_before_somebody_can_rescue_the_vault(profil, trousseau):
    ouvrir(profil, PHRASE).fermer()
    assert not cles.lire(profil).agent.trousseau
    assert trousseau.gardes == {}


def test_a_vault_of_the_first_version_opens(profil):
    fichier = cles.lire(profil)
    ancien = {"version": 1, "vault_id": fichier.vault_id} | msgspec.to_builtins(fichier.agent)
    del ancien["trousseau"]
    (profil / cles.NOM).write_bytes(msgspec.json.encode(ancien))
    coffre = ouvrir(profil, PHRASE)
    assert coffre.vault_id == fichier.vault_id
    with coffre.lecture() as connexion:
        assert connexion.exec_driver_sql("SELECT vault_id FROM coffre").scalar_one() == fichier.vault_id
    coffre.fermer()
