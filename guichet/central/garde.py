"""No row without its scope: a transaction says which scopes it is for, and anything else is refused before it reaches the base.

Two barriers, each enough by itself: here, every statement must name the scope of each table it touches, by a value the transaction
was opened for; on PostgreSQL, row-level security checks the rows themselves, under a role that cannot go round it.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Column, Connection, Delete, Engine, Insert, Table, Update, event
from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ClauseElement, Grouping
from sqlalchemy.sql.selectable import FromClause, Join, Select

ROLE = "guichet_app"
"""Whom guarded transactions are run as on PostgreSQL: neither owner, nor superuser, nor BYPASSRLS."""
REGLAGE = "guichet.portees"
SANS_PORTEE = frozenset({"scope_head"})
"""The directory of scopes itself: names and counts, no person."""

_Besoins = tuple[frozenset[str], bool]
"""The parameters that name scopes; whether every table is held by one."""
_lus: WeakKeyDictionary[Any, _Besoins] = WeakKeyDictionary()


class HorsPortee(RuntimeError):
    """A statement of ours reaches for rows that its transaction is not for: a fault of ours, never a user's."""


def limiter(connexion: Connection, portees: Iterable[str], *, gardee: bool) -> None:
    """Say which scopes the transaction is for, until its end; again to change them."""
    voulues = frozenset(portees)
    if gardee:
        connexion.execution_options(portees=voulues)
    if connexion.dialect.name == "postgresql":
        role = ROLE if gardee else "none"
        # Local to the transaction (true): a setting that outlives it would go to the next borrower of the connection.
        connexion.exec_driver_sql(
            f"SELECT set_config('role', %s, true), set_config('{REGLAGE}', %s, true)", (role, ",".join(sorted(voulues)))
        )


def elargir(connexion: Connection, portees: Iterable[str]) -> None:
    """Add scopes to a transaction that is under way."""
    deja = connexion.get_execution_options().get("portees")
    limiter(connexion, frozenset(portees) | (deja or frozenset()), gardee=deja is not None)


def poser(moteur: Engine) -> None:
    """Have every statement of guarded transactions checked on its way to the base."""
    event.listen(moteur, "before_cursor_execute", _verifier)


def _verifier(_: Connection, __: DBAPICursor, sql: str, ___: object, contexte: ExecutionContext | None, ____: bool) -> None:
    options = contexte.execution_options if contexte is not None else {}
    portees = options.get("portees")
    compilee = getattr(contexte, "compiled", None)
    if portees is None or compilee is None or options.get("portees_verifiees"):
        return  # a transaction of the command line's; or what the driver is told directly: settings, and bulk rows checked by their door
    noms, tenue = _besoins(compilee)
    valeurs = {v for ligne in contexte.compiled_parameters for v in _valeurs(ligne, noms)}  # type: ignore[union-attr]
    if not tenue or not portees.issuperset(valeurs):
        raise HorsPortee(sql)


def _valeurs(parametres: dict[str, Any], noms: frozenset[str]) -> Iterator[Any]:
    for nom in noms:
        if nom in parametres:
            yield parametres[nom]
        else:  # an IN, each value under a name of its own
            yield from (valeur for cle, valeur in parametres.items() if cle.startswith(f"{nom}_"))


def _besoins(compilee: Any) -> _Besoins:  # noqa: ANN401 (SQLAlchemy's compiled statement, kept by it from one run to the next)
    deja = _lus.get(compilee)
    if deja is None:
        deja = _lus[compilee] = _analyser(compilee.statement, compilee)
    return deja


def _analyser(ordre: ClauseElement, compilee: Any) -> _Besoins:  # noqa: ANN401
    """Find which parameters name the scope of each table of a statement."""
    noeuds = [*visitors.iterate(ordre)]
    # What `join` was given becomes a FROM only here.
    noeuds += [n for s in noeuds if isinstance(s, Select) for origine in s.get_final_froms() for n in visitors.iterate(origine)]
    a_tenir = {n for n in noeuds if isinstance(n, FromClause) and not isinstance(n, (Select, Join)) and _portee(n) is not None}
    if isinstance(ordre, (Insert, Update, Delete)):
        table = ordre.table
        if isinstance(ordre, Insert):
            return _insertion(table, compilee)
        if _portee(table) is not None:
            a_tenir.add(table)
    if not a_tenir and not any(isinstance(n, (Table, FromClause)) for n in noeuds):
        return frozenset(), type(ordre).__name__ != "TextClause"
    noms, tenues, liens = set[str](), set[FromClause](), list[tuple[FromClause, FromClause]]()
    for egalite in _egalites(noeuds):
        gauche, droite = egalite.left, egalite.right
        if not _est_portee(gauche):
            gauche, droite = droite, gauche
        if not _est_portee(gauche):
            continue
        if isinstance(droite, BindParameter) and egalite.operator in (operators.eq, operators.in_op):
            # A condition that SQLAlchemy saw to be false is written without the rest of its AND: nothing is read then.
            if droite in compilee.bind_names:
                noms.add(compilee.bind_names[droite])
            tenues.add(gauche.table)
        elif _est_portee(droite) and egalite.operator is operators.eq:
            liens.append((gauche.table, droite.table))
    while neuves := {b for un, autre in liens for a, b in ((un, autre), (autre, un)) if a in tenues and b not in tenues}:
        tenues |= neuves
    return frozenset(noms), a_tenir <= tenues


def _insertion(table: Any, compilee: Any) -> _Besoins:  # noqa: ANN401 (SQLAlchemy's own types)
    if _portee(table) is None:
        return frozenset(), True
    noms = frozenset(nom for nom in compilee.params if nom == "scope_id" or nom.startswith("scope_id_m"))
    return noms, bool(noms)


def _portee(table: Any) -> Any:  # noqa: ANN401
    origine = getattr(table, "element", table)
    if not isinstance(origine, Table) or origine.name in SANS_PORTEE:
        return None
    return table.c.get("scope_id")


def _est_portee(element: Any) -> bool:  # noqa: ANN401
    return isinstance(element, Column) and element.name == "scope_id"


def _egalites(noeuds: Iterable[Any]) -> Iterator[BinaryExpression[Any]]:
    """Yield the comparisons that must all hold: those of a where or of a join, never one side of an OR."""
    for n in noeuds:
        if isinstance(n, (Select, Update, Delete)):
            for clause in n._where_criteria:  # noqa: SLF001 (what `where` was given, one by one)
                yield from _ensemble(clause)
        elif isinstance(n, Join) and n.onclause is not None:
            yield from _ensemble(n.onclause)


def _ensemble(clause: Any) -> Iterator[BinaryExpression[Any]]:  # noqa: ANN401
    if isinstance(clause, Grouping):
        yield from _ensemble(clause.element)
    elif isinstance(clause, BooleanClauseList) and clause.operator is operators.and_:
        for partie in clause.clauses:
            yield from _ensemble(partie)
    elif isinstance(clause, BinaryExpression):
        yield clause
