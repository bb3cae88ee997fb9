"""The faults of `bench/faults`, a few rounds of each; `python -m bench.faults --long` plays them by the hundred."""

import re
import subprocess
import sys

import pytest
from sqlalchemy.exc import DBAPIError

from bench.faults.__main__ import PANNES
from guichet.store import ancre
from guichet.store.coffre import ancrer, ouvrir
from guichet.store.erreurs import CoffreAbime
from tests.ampleur import ampleur

PHRASE = "une phrase de passe d'essai"


@pytest.mark.ampleur
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("panne", PANNES)
def test_nothing_kept_is_lost_and_no_damage_goes_unseen(panne):
    combien = ["--long"] if ampleur("pannes") else []
    rendu = subprocess.run([sys.executable, "-m", "bench.faults", panne, *combien], capture_output=True, text=True, check=False)
    assert rendu.returncode == 0, rendu.stdout + rendu.stderr
    assert re.match(rf"{panne} +(tenu|non joué)", rendu.stdout)


def test_each_fault_of_the_matrix_is_played():
    assert list(PANNES) == ["temoin", "tues", "coupures", "pleins", "entrees_sorties", "bits", "journal", "temoin_journal", "echanges"]


def test_an_anchor_survives_a_half_written_place(tmp_path):
    assert ancre.lire(tmp_path) == 0
    for version in range(1, 8):
        ancre.noter(tmp_path, version)
        assert ancre.lire(tmp_path) == version
    octets = bytearray((tmp_path / ancre.NOM).read_bytes())
    octets[16 + 3] ^= 0xFF  # the seventh, being written
    (tmp_path / ancre.NOM).write_bytes(octets)
    assert ancre.lire(tmp_path) == 6
    (tmp_path / ancre.NOM).write_bytes(octets[:20])
    assert ancre.lire(tmp_path) == 6


def test_a_vault_behind_its_anchor_does_not_open(tmp_path):
    coffre = ouvrir(tmp_path / "p", PHRASE)
    for _ in range(3):
        with coffre.ecriture() as connexion:
            ancrer(connexion)
    with coffre.ecriture() as connexion:
        connexion.exec_driver_sql("UPDATE coffre SET sync_le = NULL")  # what the program does by itself is not counted
    coffre.fermer()
    assert ancre.lire(tmp_path / "p") == 3
    ouvrir(tmp_path / "p", PHRASE).fermer()
    ancre.noter(tmp_path / "p", 4)
    with pytest.raises(CoffreAbime, match="Rien n'a été modifié"):
        ouvrir(tmp_path / "p", PHRASE)


def _echouer(coffre):
    with coffre.ecriture() as connexion:
        ancrer(connexion)
        connexion.exec_driver_sql("SELECT * FROM nulle_part")


def test_a_transaction_that_fails_is_not_anchored(tmp_path):
    coffre = ouvrir(tmp_path / "p", PHRASE)
    with pytest.raises(DBAPIError):
        _echouer(coffre)
    with coffre.ecriture() as connexion:
        connexion.exec_driver_sql("UPDATE coffre SET sync_le = NULL")
    coffre.fermer()
    assert ancre.lire(tmp_path / "p") == 0
