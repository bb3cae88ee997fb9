"""The runbook of docs/exploitation.md, rehearsed on both engines: backup, work, restore, new epoch, everything comes back."""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select

from guichet.central.base import BaseCentre
from guichet.central.tables import reglage, scope_head
from guichet.models import Declaration
from guichet.services import locataires
from tests.outils import CentreEnMarche, guichet
from tests.sync.outils import poste


@pytest.fixture
def sauvegarde(url_base, tmp_path):
    """Return how to back a centre up and how to put the backup back."""
    fichier = tmp_path / "sauvegarde"
    if url_base.startswith("sqlite"):
        chemin = Path(make_url(url_base).database)

        def remettre():
            for reste in ("-wal", "-shm"):
                Path(f"{chemin}{reste}").unlink(missing_ok=True)
            shutil.copy(fichier, chemin)

        return lambda: guichet("centre", "sauvegarder", "--base", url_base, "--vers", str(fichier)).returncode == 0, remettre
    outils = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    commandes = (
        [outils / "pg_dump", "--format=custom", f"--file={fichier}", url_base],
        [outils / "pg_restore", "--clean", "--if-exists", f"--dbname={url_base}", fichier],
    )
    faire = [lambda c=c: subprocess.run(c, check=True, capture_output=True).returncode == 0 for c in commandes]
    return faire[0], faire[1]


def test_a_restored_centre_gets_back_from_the_workstations_what_its_backup_lacks(url_base, tmp_path, sauvegarde):
    sauver, remettre = sauvegarde
    centre = CentreEnMarche(url_base, tmp_path / "pieces")
    centre.demarrer()
    port = centre.url.rsplit(":", 1)[1]
    session = poste(tmp_path / "poste", centre, "bailleur.social")
    session.synchroniser()
    assert sauver()
    ids = sorted(locataires.identifiants(session, locataires.criteres(attendus=True, nom="", numero="", code_postal="")))[:7]
    locataires.declarer_loyers(session, dict.fromkeys(ids, 50_000), date(2026, 7, 1))
    session.synchroniser()
    assert _declarations(url_base) == 7
    centre.tuer()
    remettre()
    assert _declarations(url_base) == 0
    avant = _epoques(url_base)
    rendu = guichet("centre", "retablir", "--base", url_base)
    assert rendu.returncode == 0, rendu.stderr
    apres = _epoques(url_base)
    assert avant.keys() == apres.keys()
    assert not set(avant.values()) & set(apres.values())
    centre.demarrer(f"127.0.0.1:{port}")
    bilan = session.synchroniser()
    assert bilan.repares == 0
    assert _declarations(url_base) == 7
    assert _en_retablissement(url_base)
    assert guichet("centre", "retablir", "--base", url_base, "--terminer").returncode == 0
    assert not _en_retablissement(url_base)
    session.fermer()
    centre.tuer()


def test_postgresql_is_backed_up_by_its_own_tool(url_pg, tmp_path):
    rendu = guichet("centre", "sauvegarder", "--base", url_pg, "--vers", str(tmp_path / "x"))
    assert rendu.returncode == 2
    assert "pg_dump" in rendu.stderr


def _lire(url, requete):
    base = BaseCentre(url)
    with base.lecture() as connexion:
        lu = connexion.execute(requete).all()
    base.fermer()
    return lu


def _declarations(url):
    return _lire(url, select(func.count()).select_from(Declaration))[0][0]


def _epoques(url):
    return dict(_lire(url, select(scope_head.c.scope_id, scope_head.c.epoch)))


def _en_retablissement(url):
    return _lire(url, select(reglage.c.retablissement))[0][0]
