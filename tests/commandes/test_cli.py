"""The command line, as IT services script it."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date

import pytest

from tests.outils import guichet


def test_help_is_french_and_every_command_is_there():
    aide = guichet("--aide")
    assert aide.returncode == 0
    for commande in ("centre", "coffre", "convertir", "demo", "desktop", "etat", "sync", "version"):
        assert f"  {commande} " in aide.stdout
    assert "Utilisation :" in aide.stdout
    assert "Commandes :" in aide.stdout
    assert "Usage:" not in aide.stdout
    assert guichet("version").stdout.startswith("guichet ")


def test_wrong_use_is_said_in_french_with_code_2():
    rendu = guichet("centre", "migrer")
    assert rendu.returncode == 2
    assert "Option manquante" in rendu.stderr
    assert "Erreur :" in rendu.stderr


def test_from_nothing_to_a_synchronised_profile(tmp_path):
    base = f"sqlite:///{tmp_path / 'c.db'}"
    assert "migrer" in guichet("centre", "peupler", "--base", base).stderr
    assert guichet("centre", "migrer", "--base", base).returncode == 0
    assert guichet("centre", "peupler", "--base", base, "--dossiers", "12", "--graine", "3").returncode == 0
    assert "n'a pas été modifiée" in guichet("centre", "peupler", "--base", base).stderr
    logins = [a["login"] for a in json.loads(guichet("centre", "jeton", "--base", base, "--liste", "--json").stdout)]
    assert logins[:4] == ["conseiller.caf31", "conseillere.cpam31", "hotesse.fs", "bailleur.social"]
    assert guichet("centre", "jeton", "--base", base, "--agent", "personne").returncode == 1
    jeton = guichet("centre", "jeton", "--base", base, "--agent", "hotesse.fs").stdout.strip()
    centre = subprocess.Popen(
        [sys.executable, "-m", "guichet", "centre", "servir", "--base", base, "--adresse", "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    url = centre.stdout.readline().strip()
    profil = str(tmp_path / "profil")
    bilan = json.loads(guichet("sync", "--profil", profil, "--centre", url, "--jeton", jeton, "--json").stdout)
    assert bilan["recues"] > 100
    assert bilan["refusees"] == 0
    etat = json.loads(guichet("etat", "--profil", profil, "--json").stdout)
    assert etat["agent"] == "Hôtesse France Services"
    assert etat["en_attente"] == 0
    demande, reponse = str(tmp_path / "demande"), str(tmp_path / "reponse")
    assert guichet("centre", "secourir", "--base", base, __file__, "--vers", reponse).returncode == 1
    assert guichet("coffre", "demander", "--profil", profil, "--vers", demande).returncode == 0
    assert guichet("coffre", "reprendre", "--profil", profil, __file__).returncode == 1
    assert guichet("centre", "secourir", "--base", base, demande, "--vers", reponse).returncode == 0
    assert guichet("coffre", "reprendre", "--profil", profil, reponse, phrase="une phrase toute neuve").returncode == 0
    assert guichet("etat", "--profil", profil).returncode == 1
    time.sleep(1)  # after a failure one waits
    hors_ligne = guichet("sync", "--profil", profil, "--centre", "http://127.0.0.1:9", "--jeton", jeton, phrase="une phrase toute neuve")
    assert hors_ligne.returncode == 3
    centre.send_signal(signal.SIGTERM)
    _, journal = centre.communicate(timeout=60)
    lignes = [json.loads(x) for x in journal.splitlines()]
    assert {x["route"] for x in lignes} >= {"/v1/sync/hello", "/v1/sync/pull"}
    assert jeton not in journal
    assert "site:" not in journal


def test_production_refuses_demonstration_tokens(url_sqlite, tmp_path):
    centre = subprocess.Popen(
        [sys.executable, "-m", "guichet", "centre", "servir", "--base", url_sqlite, "--adresse", "127.0.0.1:0", "--production"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert centre.stdout.readline().startswith("http://127.0.0.1:")
    rendu = guichet("centre", "jeton", "--base", url_sqlite, "--agent", "hotesse.fs")
    centre.kill()
    centre.communicate()
    assert rendu.returncode == 1
    assert "en production" in rendu.stderr


@pytest.mark.exigence("OUT-09")
def test_the_same_seed_and_day_make_the_same_world(tmp_path):
    import sqlite3

    empreintes = []
    for nom in ("a", "b"):
        base = tmp_path / f"{nom}.db"
        guichet("centre", "migrer", "--base", f"sqlite:///{base}")
        guichet("centre", "peupler", "--base", f"sqlite:///{base}", "--dossiers", "20", "--graine", "5", "--jour", "2026-11-21")
        with sqlite3.connect(base) as connexion:
            empreintes.append(connexion.execute("SELECT scope_id, digest, live FROM scope_head ORDER BY scope_id").fetchall())
    assert empreintes[0] == empreintes[1]
    assert len(empreintes[0]) > 10


@contextmanager
def _demo(dossier, fin=signal.SIGINT):
    """Run the demonstration without a display, and end it."""
    environnement = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    environnement |= {"GUICHET_DEMO": str(dossier), "PYTHONUNBUFFERED": "1"}
    # A test run in the background has its interruptions ignored, and so would have its children.
    avant = signal.signal(signal.SIGINT, signal.default_int_handler)
    commande = [sys.executable, "-m", "guichet", "demo", "--dossiers", "10"]
    demo = subprocess.Popen(commande, stdout=subprocess.PIPE, text=True, env=environnement)
    signal.signal(signal.SIGINT, avant)
    try:
        yield demo
    finally:
        demo.send_signal(fin)
        try:
            demo.communicate(timeout=60)
        finally:
            demo.kill()


@pytest.mark.exigence("OUT-09")
@pytest.mark.parametrize("fin", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_demo_without_a_display_says_so_serves_and_takes_its_centre_with_it(tmp_path, fin):
    import httpx2

    with _demo(tmp_path, fin) as demo:
        lignes = [demo.stdout.readline() for _ in range(3)]
        assert "Aucun écran" in lignes[1]
        url = lignes[2].split()[4]
        assert len(httpx2.get(f"{url}/v1/demonstration/agents").json()) == 7
    time.sleep(0.2)
    with pytest.raises(httpx2.TransportError):
        httpx2.get(f"{url}/pret")


def test_tables_of_before_are_not_served_and_a_demonstration_is_brought_up_to_date(tmp_path):
    """A program that was updated during the day finds the morning's demonstration: it failed at the first new table."""
    from datetime import date

    from guichet.central.base import BaseCentre
    from guichet.migration import en_retard, migrer, revisions

    dossier = tmp_path / f"{date.today():%Y%m%d}-10"
    dossier.mkdir()
    base = BaseCentre(f"sqlite:///{dossier / 'centre.db'}")
    with base.ecriture() as connexion:
        migrer(connexion, "guichet.central", revisions("guichet.central")[-2])
    refus = guichet("centre", "servir", "--base", base.url, "--adresse", "127.0.0.1:0")
    assert (refus.returncode, refus.stdout) == (1, "")
    assert "lancez d'abord « guichet centre migrer »" in refus.stderr
    with _demo(tmp_path) as demo:
        assert any("Centre de démonstration : http://" in demo.stdout.readline() for _ in range(3))
        with base.lecture() as connexion:
            assert not en_retard(connexion, "guichet.central")
    base.fermer()


def test_the_check_digits_of_the_demonstration_are_right(monde):
    import re
    import sqlite3

    from stdnum import iban, luhn
    from stdnum.fr import siret

    from guichet.rules.assurance_maladie import natures
    from guichet.rules.identifiants import nir_verifie

    with sqlite3.connect(monde) as connexion:
        nirs = [x for (x,) in connexion.execute("SELECT valeur FROM identifiant WHERE type = 'nir'")]
        assert len(nirs) > 50
        assert [nir_verifie(x) for x in nirs] == nirs
        assert all(re.fullmatch(r"P\d{8}", x) for (x,) in connexion.execute("SELECT valeur FROM identifiant WHERE type = 'provisoire'"))
        ibans = [x for (x,) in connexion.execute("SELECT iban FROM dossier WHERE iban IS NOT NULL")]
        assert ibans
        for x in ibans:
            assert iban.is_valid(x)
            banque, agence, compte, cle = int(x[4:9]), int(x[9:14]), int(x[14:25]), int(x[25:])
            assert (89 * banque + 15 * agence + 3 * compte + cle) % 97 == 0
        sirets = [x for (x,) in connexion.execute("SELECT siret FROM bailleur")]
        assert len(sirets) == 3
        assert all(siret.is_valid(x) and luhn.is_valid(x[:9]) for x in sirets)
        tailles = sorted(n for (n,) in connexion.execute("SELECT count(*) FROM locataire GROUP BY scope_id"))
        assert tailles == [1, 406, 12_000]
        mois = connexion.execute(
            "SELECT count(*) FROM paiement JOIN dossier d ON d.id = dossier_id JOIN organisme o ON o.id = d.organisme_id"
            " WHERE d.ferme_le IS NULL AND o.type = 'caf' GROUP BY dossier_id"
        ).fetchall()
        assert {n for (n,) in mois} == {24}
        verses = "FROM paiement JOIN dossier d ON d.id = dossier_id JOIN organisme o ON o.id = d.organisme_id WHERE o.type = 'cpam'"
        sante = {libelle for (libelle,) in connexion.execute(f"SELECT DISTINCT libelle {verses}")}
        assert len(sante) > 2
        assert sante <= natures(date.today()).keys()
        assert connexion.execute(f"SELECT count(*) {verses} AND verse_le < date('now', '-25 months')").fetchone()[0] > 0
        assert connexion.execute(
            "SELECT count(*) FROM delai WHERE organisme_id IN (SELECT id FROM organisme WHERE code = 'caf-31')"
        ).fetchone() == (3,)
