"""The access journal at the centre: chained as it arrives, scope by scope; verified by anybody who may read the base."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from guichet.central.fil import inserer_absent
from guichet.central.tables import journal_chaine, journal_scelle, journal_tete
from guichet.contract import lots
from guichet.models import Journal, uuid7
from guichet.rules.journal import ORIGINE, Maillon, Rupture, chainer, verifier

_J, _C, _S = Journal.__table__, journal_chaine.c, journal_scelle.c


def ecrire(connexion: Connection, portee: str, lignes: Sequence[Mapping[str, Any]]) -> None:
    """Append lines to a scope's journal, each with the same columns; its head is locked until the end of the transaction."""
    if not lignes:
        return
    lots.ajouter(connexion, _J, lignes)  # type: ignore[arg-type]
    ici = journal_tete.c.scope_id == portee
    tete = connexion.execute(select(journal_tete).where(ici).with_for_update()).first()
    if tete is None:
        inserer_absent(connexion, journal_tete, {"scope_id": portee, "rang": 0, "maillon": ORIGINE})
        tete = connexion.execute(select(journal_tete).where(ici).with_for_update()).one()
    rang, lien, recu_le = tete.rang, tete.maillon, datetime.now(UTC)
    maillons = []
    for ligne in lignes:
        rang += 1
        lien = chainer(lien, rang, _contenu(ligne, recu_le))
        maillons.append({"scope_id": portee, "rang": rang, "id": ligne["id"], "maillon": lien, "recu_le": recu_le})
    lots.ajouter(connexion, journal_chaine, maillons)
    connexion.execute(update(journal_tete).where(ici).values(rang=rang, maillon=lien))


def noter(connexion: Connection, portee: str, agent_id: str, action: str, objet: str, motif: str = "", auteur: str | None = None) -> None:
    """Append a line for what an agent does at the centre itself."""
    ligne = dict.fromkeys(("extra", "appareil", "rang", "maillon")) | {
        "scope_id": portee, "id": uuid7(), "agent_id": agent_id, "le": datetime.now(UTC), "action": action, "objet": objet,
        "motif": motif or None, "auteur": auteur,
    }  # fmt: skip
    ecrire(connexion, portee, [ligne])


def controler(connexion: Connection, portee: str) -> tuple[list[Rupture], int, str]:
    """Walk a scope's chain from its last seal on; return what does not hold, and its head.

    A chain shorter than its head says, or workstations' own chains that miss a line, are ruptures too.
    """
    depart, precedent = sceau(connexion, portee)
    requete = (
        select(journal_chaine.c.rang.label("place"), journal_chaine.c.maillon.label("lien"), journal_chaine.c.recu_le, _J)
        .outerjoin(_J, (_J.c.scope_id == _C.scope_id) & (_J.c.id == _C.id))
        .where(_C.scope_id == portee)
        .order_by(_C.rang)
    )
    lues = connexion.execute(requete).all()

    def lignes() -> Iterator[Maillon]:
        for x in lues:
            yield Maillon(x.place, _contenu(x._mapping, x.recu_le) if x.id is not None else (), x.lien)  # noqa: SLF001 (SQLAlchemy's public name)

    ruptures, rang, lien = verifier(lignes(), depart, precedent)
    tete = connexion.execute(select(journal_tete).where(journal_tete.c.scope_id == portee)).first()
    if tete is not None and (tete.rang, tete.maillon) != (rang, lien):
        ruptures.append(Rupture(rang, f"la chaîne s'arrête avant sa tête, qui est à {tete.rang}"))
    return ruptures + _des_postes(lues), rang, lien


def sceau(connexion: Connection, portee: str) -> tuple[int, str]:
    """Return the place and hash of a scope's last seal."""
    dernier = connexion.execute(select(_S.jusque, _S.maillon).where(_S.scope_id == portee).order_by(_S.jusque.desc()).limit(1)).first()
    return (dernier.jusque, dernier.maillon) if dernier is not None else (0, ORIGINE)


def purger(connexion: Connection, portee: str, avant: datetime) -> int:
    """Seal and take out the lines received before a moment; return how many."""
    vieilles = (_C.scope_id == portee) & (_C.recu_le < avant)
    dernier = connexion.execute(select(_C.rang, _C.maillon).where(vieilles).order_by(_C.rang.desc()).limit(1)).first()
    if dernier is None:
        return 0
    jusque = (_C.scope_id == portee) & (_C.rang <= dernier.rang)
    ids = list(connexion.scalars(select(_C.id).where(jusque)))
    connexion.execute(
        insert(journal_scelle).values(scope_id=portee, jusque=dernier.rang, maillon=dernier.maillon, lignes=len(ids), le=datetime.now(UTC))
    )
    connexion.execute(delete(journal_chaine).where(jusque))
    for debut in range(0, len(ids), 500):
        connexion.execute(delete(_J).where(_J.c.scope_id == portee, _J.c.id.in_(ids[debut : debut + 500])))  # type: ignore[arg-type]
    return len(ids)


def lire(connexion: Connection, portee: str, avant: int | None, limite: int) -> Sequence[Row[Any]]:
    """Return a scope's lines, latest first, below a place."""
    requete = select(_C.rang.label("place"), _J).join(_J, (_J.c.scope_id == _C.scope_id) & (_J.c.id == _C.id)).where(_C.scope_id == portee)
    if avant is not None:
        requete = requete.where(_C.rang < avant)
    return connexion.execute(requete.order_by(_C.rang.desc()).limit(limite)).all()


def _contenu(x: Mapping[Any, Any], recu_le: datetime) -> tuple[str, ...]:
    champs = (x[nom] for nom in ("id", "agent_id", "appareil", "action", "objet", "motif", "rang", "maillon"))
    return (*("" if valeur is None else str(valeur) for valeur in champs), x["le"].isoformat(), recu_le.isoformat())


def _des_postes(lues: Sequence[Row[Any]]) -> list[Rupture]:
    """Walk the chain of each workstation among the lines of a scope: it may have begun before the first one that is left."""
    par_poste: dict[str, list[Maillon]] = {}
    for x in lues:
        if x.appareil is not None and x.rang is not None and x.maillon is not None:
            contenu = (x.id, x.agent_id, x.appareil, x.le.isoformat(), x.action, x.objet, x.motif or "")
            par_poste.setdefault(x.appareil, []).append(Maillon(x.rang, contenu, x.maillon))
    ruptures = []
    for poste, maillons in par_poste.items():
        premier, *suite = sorted(maillons)
        trouvees, _, _ = verifier(suite, premier.rang, premier.maillon)
        ruptures += [Rupture(r.rang, f"poste {poste} : {r.pourquoi}") for r in trouvees]
    return ruptures
