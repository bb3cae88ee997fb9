"""The access journal at both ends, by the command line: whole, nothing to say; touched, it says where."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from guichet.central import entretien
from guichet.central.fichiers import Fichiers
from guichet.central.services import journal as du_centre
from guichet.central.tables import journal_chaine, journal_scelle
from guichet.models import Habilitation, Journal, uuid7
from guichet.store import journal as du_poste
from guichet.store.coffre import ouvrir
from tests.central.test_centre import BAILLEUR, CAF, Poste
from tests.outils import PHRASE, guichet

J = Journal.__table__


# ---- the workstation's


@pytest.fixture
def profil(tmp_path):
    coffre = ouvrir(tmp_path / "profil", PHRASE)
    for n in range(12):
        with coffre.ecriture() as connexion:
            du_poste.inscrire(connexion, uuid7(), "agent", datetime(2026, 11, 1 + n, tzinfo=UTC), "ouverture", f"d{n}", "")
    coffre.fermer()
    return tmp_path / "profil"


def _toucher(profil, *ordres):
    """As somebody would who has the key and takes the guards off."""
    coffre = ouvrir(profil, PHRASE)
    with coffre.ecriture() as connexion:
        for (nom,) in connexion.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'journal%'")).all():
            connexion.execute(text(f"DROP TRIGGER {nom}"))
        for ordre in ordres:
            connexion.execute(text(ordre))
    coffre.fermer()


def _verifier(*arguments):
    return guichet("journal", "verifier", *arguments)


def test_a_whole_chain_has_nothing_to_say(profil):
    rendu = _verifier("--profil", str(profil))
    assert rendu.returncode == 0
    assert rendu.stdout.startswith("12 lignes")


@pytest.mark.parametrize(
    "ordre", ["UPDATE journal_local SET objet = 'x'", "DELETE FROM journal_local WHERE rang = 12", "DELETE FROM journal_scelle"]
)
def test_lines_are_only_ever_added(profil, ordre):
    coffre = ouvrir(profil, PHRASE)
    with coffre.ecriture() as connexion:
        du_poste.purger(connexion, datetime(2026, 11, 3, tzinfo=UTC), datetime.now(UTC))
    with pytest.raises(DBAPIError, match="append only"), coffre.ecriture() as connexion:
        connexion.execute(text(ordre))
    coffre.fermer()


@pytest.mark.parametrize(
    ("ordres", "rang"),
    [
        (["UPDATE journal_local SET objet = 'autre' WHERE rang = 5"], 5),
        (["DELETE FROM journal_local WHERE rang = 7"], 8),
        (["DELETE FROM journal_local WHERE rang <= 3"], 4),
        (["UPDATE journal_local SET rang = 99 WHERE rang = 4", "UPDATE journal_local SET rang = 4 WHERE rang = 5", "UPDATE journal_local SET rang = 5 WHERE rang = 99"], 4),
        (["UPDATE journal_local SET agent_id = 'autre' WHERE rang = 12"], 12),
    ],
)  # fmt: skip
def test_a_touched_chain_says_where(profil, ordres, rang):
    _toucher(profil, *ordres)
    rendu = _verifier("--profil", str(profil))
    assert rendu.returncode == 4
    assert f"ligne {rang} :" in rendu.stderr


def test_a_sealed_segment_leaves_a_chain_that_verifies(profil):
    coffre = ouvrir(profil, PHRASE)
    with coffre.ecriture() as connexion:
        assert du_poste.purger(connexion, datetime(2026, 11, 6, tzinfo=UTC), datetime.now(UTC)) == 5
        assert du_poste.purger(connexion, datetime(2026, 11, 6, tzinfo=UTC), datetime.now(UTC)) == 0
        du_poste.inscrire(connexion, uuid7(), "agent", datetime.now(UTC), "ouverture", "d", "")
    coffre.fermer()
    assert _verifier("--profil", str(profil)).stdout.startswith("13 lignes")
    _toucher(profil, "DELETE FROM journal_local WHERE rang = 6")
    assert _verifier("--profil", str(profil)).returncode == 4


# ---- the centre's


def _ligne(action="ouverture", **reste):
    return {"le": datetime.now(UTC).isoformat(), "action": action, "objet": uuid7()} | reste


@pytest.fixture
def ecrit(client, base):
    """A site whose journal holds nine lines."""
    poste = Poste(client, base, CAF)
    portee = poste.portee("site")
    for _ in range(9):
        assert poste.faire(portee, "journal", _ligne())["st"] == "applied"
    return poste, portee


def test_the_centre_chains_what_arrives_and_its_command_says_so(base, ecrit):
    _, portee = ecrit
    rendu = _verifier("--base", base.url)
    assert rendu.returncode == 0, rendu.stderr
    assert f"{portee} : 9 lignes" in rendu.stdout


@pytest.mark.parametrize(
    "ordre",
    ["UPDATE journal SET objet = 'x'", "DELETE FROM journal", "DELETE FROM journal_chaine", "UPDATE journal_chaine SET maillon = 'x'"],
)
def test_the_centres_lines_are_only_ever_added(base, ecrit, ordre):
    with pytest.raises(DBAPIError, match="append only"), base.ecriture() as connexion:
        connexion.execute(text(ordre))


def _gardes_levees(base, *ordres):
    with base.ecriture() as connexion:
        if base.sqlite:
            noms = connexion.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            for (nom,) in noms:
                connexion.execute(text(f"DROP TRIGGER {nom}"))
        else:
            for table in ("journal", "journal_chaine", "journal_scelle"):
                connexion.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        for ordre in ordres:
            connexion.execute(text(ordre))


@pytest.mark.parametrize(
    "ordres",
    [
        ["UPDATE journal SET objet = 'autre' WHERE id IN (SELECT id FROM journal_chaine WHERE rang = 4)"],
        ["DELETE FROM journal WHERE id IN (SELECT id FROM journal_chaine WHERE rang = 4)"],
        ["DELETE FROM journal_chaine WHERE rang = 4"],
        ["DELETE FROM journal_chaine WHERE rang = 9"],
    ],
    ids=["changed", "emptied", "taken out", "end cut"],
)
def test_the_centres_chain_says_where_it_was_touched(base, ecrit, ordres):
    _gardes_levees(base, *ordres)
    rendu = _verifier("--base", base.url)
    assert rendu.returncode == 4
    assert "RUPTURE" in rendu.stderr


def test_an_end_cut_with_its_head_is_seen_by_the_head_kept_elsewhere(base, ecrit, tmp_path):
    _, portee = ecrit
    tetes = tmp_path / "tetes"
    tetes.write_text(guichet("journal", "tetes", "--base", base.url).stdout)
    assert _verifier("--base", base.url, "--tetes", str(tetes)).returncode == 0
    with base.lecture() as connexion:
        huit = connexion.scalar(select(journal_chaine.c.maillon).where(journal_chaine.c.scope_id == portee, journal_chaine.c.rang == 8))
    _gardes_levees(base, "DELETE FROM journal_chaine WHERE rang = 9", f"UPDATE journal_tete SET rang = 8, maillon = '{huit}'")
    assert _verifier("--base", base.url).returncode == 0
    assert "n'y est plus" in _verifier("--base", base.url, "--tetes", str(tetes)).stderr


def test_a_line_that_a_workstation_kept_back_is_missed(base, client, ecrit, tmp_path):
    poste, portee = ecrit
    coffre = ouvrir(tmp_path / "autre", PHRASE)
    with coffre.ecriture() as connexion:
        lignes = [du_poste.inscrire(connexion, uuid7(), poste.agent.id, datetime.now(UTC), "ouverture", "d", "") for _ in range(3)]
        ids = list(connexion.scalars(text("SELECT id FROM journal_local ORDER BY rang")))
    coffre.fermer()
    for id_, ligne in list(zip(ids, lignes, strict=True))[::2]:
        operation = poste.operation(
            portee, {"k": "new", "type": "journal", "id": id_, "set": {n: v for n, v in ligne.items() if v is not None}}
        )
        assert poste.pousser(portee, operation).json()[0]["st"] == "applied"
    rendu = _verifier("--base", base.url)
    assert rendu.returncode == 4
    assert "1 ligne(s) manquent" in rendu.stderr


def test_after_its_time_a_segment_is_sealed_and_goes(base, ecrit):
    poste, portee = ecrit
    _gardes_levees(base)
    vieux = datetime.now(UTC) - timedelta(days=400)
    with base.ecriture() as connexion:
        assert du_centre.purger(connexion, portee, vieux) == 0
        assert du_centre.purger(connexion, portee, datetime.now(UTC) + timedelta(seconds=1)) == 9
        sceau = connexion.execute(select(journal_scelle).where(journal_scelle.c.scope_id == portee)).one()
        assert (sceau.jusque, sceau.lignes) == (9, 9)
        assert connexion.execute(select(J).where(J.c.scope_id == portee)).all() == []
    assert poste.faire(portee, "journal", _ligne())["st"] == "applied"
    assert _verifier("--base", base.url).returncode == 0


def test_the_caretaker_purges_under_the_guards(base, ecrit, monkeypatch, tmp_path):
    _, portee = ecrit
    monkeypatch.setattr(entretien, "relativedelta", lambda months: timedelta(seconds=-60))
    entretien.passer(base.gardee(), Fichiers(tmp_path))
    with base.lecture() as connexion:
        assert connexion.execute(select(J).where(J.c.scope_id == portee)).all() == []
    assert _verifier("--base", base.url).returncode == 0


def _responsable(base, login):
    with base.ecriture() as connexion:
        from guichet.central.jetons import agent_nomme

        id_ = agent_nomme(connexion, login).id
        connexion.execute(update(Habilitation.__table__).where(Habilitation.agent_id == id_).values(role="responsable"))


def test_the_responsable_reads_it_and_that_is_journaled_too(base, client, ecrit):
    poste, portee = ecrit
    params = {"portee": portee}
    assert client.get("/v1/journal", params=params, headers=poste.entetes).status_code == 403
    with base.lecture() as connexion:
        refus = connexion.execute(select(J).where(J.c.action == "refus", J.c.agent_id == poste.agent.id)).one()
    assert (refus.scope_id, refus.objet, refus.auteur) == (f"user:{CAF}", "/v1/journal", "Malika Serrano")
    _responsable(base, CAF)
    lues = client.get("/v1/journal", params=params, headers=poste.entetes)
    assert lues.status_code == 200
    assert [x["place"] for x in lues.json()] == list(range(9, 0, -1))
    assert {x["auteur"] for x in lues.json()} == {"Malika Serrano"}
    suite = client.get("/v1/journal", params=params | {"avant": 5}, headers=poste.entetes).json()
    assert [x["place"] for x in suite] == [4, 3, 2, 1]
    with base.lecture() as connexion:
        actions = connexion.scalars(select(J.c.action).where(J.c.scope_id == portee)).all()
    assert actions.count("lecture_journal") == 2
    assert _verifier("--base", base.url).returncode == 0


def test_nobody_reads_the_journal_of_another_site(base, client, ecrit):
    _, portee = ecrit
    _responsable(base, BAILLEUR)
    autre = Poste(client, base, BAILLEUR)
    assert client.get("/v1/journal", params={"portee": portee}, headers=autre.entetes).status_code == 403
    assert client.get("/v1/journal", params={"portee": "absente"}, headers=autre.entetes).status_code == 403
