"""One organisme never reads nor writes another's rows: the program's own guard, and PostgreSQL's row-level security beneath it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, ProgrammingError

from guichet.central.base import BaseCentre
from guichet.central.fil import Ecrit, inscrire, portees_du_genre
from guichet.central.garde import ROLE, SANS_PORTEE, HorsPortee
from guichet.central.identity.tables import IDENTITE
from guichet.central.tables import lane, quarantine, reglage, scope_head, sync_row
from guichet.contract import lots
from guichet.contract.lots import LigneHorsPortee
from guichet.models import Base, Dossier, Identifiant, Locataire, Personne, uuid7
from tests.central.test_distribution import PETITES, TABLES
from tests.outils import executer_sql


@pytest.fixture
def base(url_base):
    ouverte = BaseCentre(url_base)
    yield ouverte.gardee()
    ouverte.fermer()


@pytest.fixture
def chez(base):
    """Two scopes of people, of two organismes."""
    with base.lecture() as connexion:
        sites, bailleurs = portees_du_genre(connexion, "site"), portees_du_genre(connexion, "bailleur")
    return sites[0], bailleurs[0]


def _nir():
    return Ecrit("identifiant", uuid7(), {"personne_id": uuid7(), "type": "nir", "valeur": "2690549588157"})


def test_a_nir_is_held_by_social_protection_alone(base):
    """France Services and landlords never hold one, whatever the program does (décret 2019-341)."""
    with base.lecture() as connexion:
        sites, bailleurs = portees_du_genre(connexion, "site"), portees_du_genre(connexion, "bailleur")
    fs = next(s for s in sites if "fs-" in s)
    for portee in (fs, bailleurs[0]):
        with pytest.raises(DBAPIError, match="nir: not in this scope"), base.ecriture(portee) as connexion:
            inscrire(connexion, portee, [_nir()])
        provisoire = Ecrit("identifiant", uuid7(), {"personne_id": uuid7(), "type": "provisoire", "valeur": "P12345678"})
        base.ecrire(lambda c, p=portee, e=provisoire: inscrire(c, p, [e]), portee)
        with pytest.raises(DBAPIError, match="nir: not in this scope"), base.ecriture(portee) as connexion:
            connexion.execute(update(N).where(N.c.scope_id == portee).values(type="nir"))
    caf = next(s for s in sites if s.startswith("site:caf"))
    base.ecrire(lambda c: inscrire(c, caf, [_nir()]), caf)


D, N, L, P = Dossier.__table__, Identifiant.__table__, Locataire.__table__, Personne.__table__


def test_what_a_transaction_is_opened_for_is_read_and_nothing_else(base, chez):
    nous, eux = chez
    with base.lecture(nous) as connexion:
        assert connexion.execute(select(D).where(D.c.scope_id == nous)).all()
        assert connexion.execute(
            select(D).join(P, (P.c.scope_id == D.c.scope_id) & (P.c.id == D.c.responsable_id)).where(D.c.scope_id == nous)
        ).all()
    with base.lecture(nous, eux) as connexion:
        assert connexion.execute(select(L).where(L.c.scope_id.in_([nous, eux]))).all()


@pytest.mark.parametrize(
    "ordre",
    [
        lambda nous, eux: select(D),
        lambda nous, eux: select(D.c.id).where(D.c.numero == "1000126"),
        lambda nous, eux: select(L).where(L.c.scope_id == eux),
        lambda nous, eux: select(L).where(L.c.scope_id.in_([nous, eux])),
        lambda nous, eux: select(D).where((D.c.scope_id == nous) | (D.c.numero == "1")),
        lambda nous, eux: select(D).where(D.c.scope_id != nous),
        lambda nous, eux: select(D).where(D.c.scope_id.not_in([nous])),
        lambda nous, eux: select(D).join(P, P.c.id == D.c.responsable_id).where(D.c.scope_id == nous),
        lambda nous, eux: select(D).where(D.c.scope_id == nous, D.c.id.in_(select(L.c.id))),
        lambda nous, eux: select(D.alias("d")),
        lambda nous, eux: update(D).values(numero="1"),
        lambda nous, eux: update(L).where(L.c.scope_id == eux).values(nom="x"),
        lambda nous, eux: delete(sync_row).where(sync_row.c.seq > 0),
        lambda nous, eux: delete(lane).where(lane.c.scope_id == eux),
        lambda nous, eux: insert(lane).values(scope_id=eux, device_id="x", last=1),
        lambda nous, eux: insert(lane).values([{"scope_id": s, "device_id": "x", "last": 1} for s in (nous, eux)]),
        lambda nous, eux: text("SELECT * FROM dossier"),
    ],
)  # fmt: skip
def test_what_does_not_name_its_scope_never_reaches_the_base(base, chez, ordre):
    with pytest.raises(HorsPortee), base.ecriture(chez[0]) as connexion:
        connexion.execute(ordre(*chez))


def test_a_transaction_opened_for_nothing_reads_nobody(base, chez):
    with base.lecture() as connexion:
        assert connexion.scalar(select(reglage.c.id)) is not None
        with pytest.raises(HorsPortee):
            connexion.execute(select(D).where(D.c.scope_id == chez[0]))


def test_rows_in_bulk_are_looked_at_one_by_one(base, chez):
    lignes = [{"scope_id": s, "device_id": uuid7(), "last": 1} for s in chez]
    with pytest.raises(LigneHorsPortee), base.ecriture(chez[0]) as connexion:
        lots.ajouter(connexion, lane, lignes)
    with base.ecriture(*chez) as connexion:
        lots.ajouter(connexion, lane, lignes)


# ---- PostgreSQL beneath


@pytest.fixture
def pg(url_pg):
    ouverte = BaseCentre(url_pg)
    yield ouverte
    ouverte.fermer()


def _portees(pg):
    with pg.lecture() as connexion:
        return portees_du_genre(connexion, "site")[0], portees_du_genre(connexion, "bailleur")[0]


def test_every_table_with_a_scope_is_closed_and_forced(pg):
    with pg.lecture() as connexion:
        etat = dict(
            connexion.execute(text("SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relkind = 'r'")).all()
        )
        role = connexion.execute(text("SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = :r"), {"r": ROLE}).one()
    for table in TABLES:
        assert etat[table.name] is ("scope_id" in table.c and table.name not in SANS_PORTEE), table.name
    assert tuple(role) == (False, False, False)
    assert {t.name for t in TABLES if not etat[t.name]} == PETITES | IDENTITE | SANS_PORTEE


@pytest.mark.parametrize("contexte", [None, "", "site:ailleurs", "'; DROP TABLE dossier; --"])
def test_without_its_scope_the_base_itself_shows_nothing(pg, contexte):
    """The statements below go round the program's guard, as an injection would."""
    nous, _ = _portees(pg)
    with pg.ecriture() as connexion:
        connexion.execute(text(f"SET LOCAL ROLE {ROLE}"))
        if contexte is not None:
            connexion.execute(text("SELECT set_config('guichet.portees', :c, true)"), {"c": contexte})
        for table in Base.metadata.tables:
            assert connexion.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, table
        assert connexion.execute(text("UPDATE dossier SET numero = '1' WHERE scope_id = :s"), {"s": nous}).rowcount == 0
        assert connexion.execute(text("DELETE FROM dossier")).rowcount == 0


def test_the_base_itself_lets_nobody_write_or_move_rows_elsewhere(pg):
    nous, eux = _portees(pg)

    def sous(ordre, **valeurs):
        with pg.ecriture() as connexion:
            connexion.execute(text(f"SET LOCAL ROLE {ROLE}"))
            connexion.execute(text("SELECT set_config('guichet.portees', :c, true)"), {"c": nous})
            return connexion.execute(text(ordre), valeurs)

    assert sous("SELECT count(*) FROM dossier").scalar() > 0
    with pytest.raises(ProgrammingError, match="row-level security"):
        sous("INSERT INTO lane (scope_id, device_id, last) VALUES (:s, 'x', 1)", s=eux)
    with pytest.raises(ProgrammingError, match="row-level security"):
        sous("UPDATE dossier SET scope_id = :s", s=eux)
    with pytest.raises(DBAPIError):
        sous("ALTER TABLE dossier DISABLE ROW LEVEL SECURITY")


def test_the_context_ends_with_its_transaction(pg):
    nous, _ = _portees(pg)
    gardee = pg.gardee()
    for _ in range(3):
        with gardee.lecture(nous) as connexion:
            assert connexion.exec_driver_sql("SELECT current_user").scalar() == ROLE
    with pg.lecture() as connexion:
        assert connexion.exec_driver_sql("SELECT current_setting('guichet.portees', true)").scalar() in (None, "")
        assert connexion.exec_driver_sql("SELECT current_user").scalar() == "postgres"


def test_a_centre_may_be_served_by_a_user_who_owns_nothing(pg, url_pg):
    """As docs/exploitation.md has it: the owner migrates and seeds, another serves."""
    executer_sql(url_pg, f"DO $$ BEGIN CREATE ROLE service LOGIN IN ROLE {ROLE}; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    nous, _ = _portees(pg)
    service = BaseCentre(url_pg.replace("postgres@", "service@")).gardee()
    with service.ecriture(nous) as connexion:
        assert connexion.execute(select(D).where(D.c.scope_id == nous)).all()
        connexion.execute(insert(quarantine).values(scope_id=nous, id=uuid7(), device_id="x", operation={}, why="", le=datetime.now(UTC)))
        assert connexion.scalar(select(scope_head.c.scope_id).where(scope_head.c.scope_id == nous)) == nous
    service.fermer()


def test_no_statement_is_written_by_hand_where_the_guard_would_not_see_it():
    from pathlib import Path

    import guichet.central

    racine = Path(guichet.central.__file__).parent
    permis = {"base.py", "garde.py", "chargeur.py", "monde.py", "tables.py"}
    for fichier in racine.rglob("*.py"):
        if "migrations" not in fichier.parts and fichier.name not in permis:
            contenu = fichier.read_text()
            assert "exec_driver_sql" not in contenu, fichier
            assert " text(" not in contenu.replace("read_text(", ""), fichier
