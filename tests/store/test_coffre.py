"""A profile: encrypted, locked, and never replaced in silence."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest
from sqlalchemy import text

from guichet.store import cles
from guichet.store.coffre import ouvrir
from guichet.store.erreurs import CleAbimee, CoffreAbime, CoffreAutrui, CoffreTropRecent, PhraseFausse, ProfilOccupe

PHRASE = "quatre mots de passe"


def _empreinte(dossier):
    return {p.name: p.read_bytes() for p in sorted(dossier.iterdir()) if p.is_file() and p.name not in ("verrou", "essais.json")}


@pytest.fixture
def profil(tmp_path):
    """A closed profile with one secret in it."""
    coffre = ouvrir(tmp_path, PHRASE)
    with coffre.ecriture() as connexion:
        connexion.execute(
            text(
                "INSERT INTO personne(scope_id, id, nom_naissance, prenoms, sexe, ne_le, cle) VALUES ('s','i','SECRETISSIME','x','F','1990-01-01','SECRETISSIME X')"
            )
        )
    coffre.fermer()
    return tmp_path


def test_nothing_is_readable_on_disk_and_it_opens_again(profil):
    assert not any(b"SECRETISSIME" in octets or octets.startswith(b"SQLite format 3") for octets in _empreinte(profil).values())
    coffre = ouvrir(profil, PHRASE)
    with coffre.lecture() as connexion:
        assert connexion.scalar(text("SELECT nom_naissance FROM personne")) == "SECRETISSIME"
        assert connexion.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connexion.scalar(text("PRAGMA synchronous")) == 2
    coffre.fermer()


def test_a_wrong_passphrase_changes_nothing(profil):
    avant = _empreinte(profil)
    with pytest.raises(PhraseFausse, match="Rien n'a été modifié"):
        ouvrir(profil, "autre")
    assert _empreinte(profil) == avant


def test_one_process_per_profile(profil):
    coffre = ouvrir(profil, PHRASE)
    with pytest.raises(ProfilOccupe, match="déjà ouvert"):
        ouvrir(profil, PHRASE)
    coffre.fermer()
    ouvrir(profil, PHRASE).fermer()


def test_a_profile_opened_in_one_thread_is_freed_from_another(profil):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as ouvrier:
        coffre = ouvrier.submit(ouvrir, profil, PHRASE).result()
    coffre.fermer()
    encore = ouvrir(profil, PHRASE)
    assert encore.vault_id == coffre.vault_id
    encore.fermer()


@pytest.mark.parametrize("mal", ["vide", "tronque", "bits", "base_perdue", "cle_perdue", "cle_abimee", "autre_base"])
def test_damage_is_said_and_nothing_is_replaced(profil, tmp_path_factory, mal):
    base, cle = profil / "coffre.db", profil / cles.NOM
    if mal == "vide":
        base.write_bytes(b"")
    elif mal == "tronque":
        base.write_bytes(base.read_bytes()[:-4096])
    elif mal == "bits":
        octets = bytearray(base.read_bytes())
        octets[len(octets) // 2] ^= 1
        base.write_bytes(octets)
    elif mal == "base_perdue":
        base.unlink()
    elif mal == "cle_perdue":
        cle.unlink()
    elif mal == "cle_abimee":
        cle.write_bytes(cle.read_bytes()[:-9])
    else:
        ailleurs = tmp_path_factory.mktemp("autre")
        ouvrir(ailleurs, PHRASE).fermer()
        base.write_bytes((ailleurs / "coffre.db").read_bytes())
    avant = _empreinte(profil)
    with pytest.raises((CoffreAbime, CleAbimee), match="Rien n'a été modifié"):
        ouvrir(profil, PHRASE)
    assert {n: o for n, o in _empreinte(profil).items() if not n.endswith(("-wal", "-shm"))} == avant


def test_a_newer_schema_is_left_alone(profil):
    coffre = ouvrir(profil, PHRASE)
    with coffre.ecriture() as connexion:
        connexion.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    coffre.fermer()
    with pytest.raises(CoffreTropRecent, match="plus récente"):
        ouvrir(profil, PHRASE)


def test_a_vault_is_one_agent_s(profil):
    coffre = ouvrir(profil, PHRASE)
    coffre.attribuer("moi", "user:moi")
    with pytest.raises(CoffreAutrui):
        coffre.attribuer("autre", "user:autre")
    coffre.fermer()


def test_what_was_committed_survives_a_kill(tmp_path):
    """A child writes and is killed with SIGKILL; every row it announced is there."""
    ouvrir(tmp_path, PHRASE).fermer()
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from sqlalchemy import text
        from guichet.store.coffre import ouvrir
        coffre = ouvrir(Path(sys.argv[1]), sys.argv[2])
        for n in range(10_000):
            with coffre.ecriture() as c:
                c.execute(text("INSERT INTO foyer(scope_id, id, situation, depuis) VALUES ('s', :n, 'x', '2020-01-01')"), {"n": str(n)})
            print(n, flush=True)
    """)
    processus = subprocess.Popen([sys.executable, "-c", script, str(tmp_path), PHRASE], stdout=subprocess.PIPE, text=True)
    dernier = -1
    for ligne in processus.stdout:
        dernier = int(ligne)
        if dernier >= 150:
            os.kill(processus.pid, signal.SIGKILL)
            break
    reste = [int(x) for x in processus.stdout.read().split()]
    processus.wait()
    processus.stdout.close()
    coffre = ouvrir(tmp_path, PHRASE)
    with coffre.lecture() as connexion:
        assert connexion.scalar(text("SELECT count(*) FROM foyer")) >= max([dernier, *reste]) + 1
    coffre.fermer()


def test_a_cut_while_the_vault_is_made_is_picked_up(profil):
    """Between the key and the rename: the base still bears its first name."""
    (profil / "coffre.db").rename(profil / "coffre.neuf.db")
    ouvrir(profil, PHRASE).fermer()
    assert (profil / "coffre.db").is_file()
