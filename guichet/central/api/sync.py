"""The sync protocol: hello, pull, push, snapshots, buckets (design/sync.md §4)."""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
import zstandard
from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy import Connection, Row, select

from guichet.central import instantanes
from guichet.central.api.commun import Requete
from guichet.central.api.octets import servir_octets
from guichet.central.base import BaseCentre
from guichet.central.fil import en_ligne
from guichet.central.mesures import MESURES
from guichet.central.refus import RefusCentre
from guichet.central.services import appareils, retraits, scelles
from guichet.central.services.couloir import executer
from guichet.central.tables import instantane_part, lane, reglage, scope_head, sync_row
from guichet.contract.codes import Code
from guichet.contract.corps import empreinte_curseurs, par_seau, seau
from guichet.contract.limites import PAGE_LIGNES, PAGE_MEDIA, REQUETE_OCTETS, SCHEMA
from guichet.contract.sync import (
    Accueil,
    Bonjour,
    Enrole,
    Enrolement,
    EnTetePage,
    Envoi,
    EtatPortee,
    FinPage,
    Instantane,
    Ligne,
    Retraits,
    Scelles,
    Seaux,
    Verdict,
)  # fmt: skip

_ENCODEUR = msgspec.json.Encoder()
_A_NOUS = msgspec.Raw(b"null")


@post("/devices", opt={"etendue": "dossiers:read"}, status_code=200, sync_to_thread=True)
def enroler(state: State, request: Requete, data: JSONBody[Enrolement]) -> Enrole:
    """Enrol a workstation; asking again is harmless."""
    adresse = state.identites.acces.emetteur
    return state.centre.base.ecrire(lambda connexion: appareils.enroler(connexion, request.user, data, adresse), request.user.portee_agent)  # type: ignore[no-any-return]


@post("/sync/hello", opt={"etendue": "dossiers:read"}, status_code=200, sync_to_thread=True)
def hello(state: State, request: Requete, data: JSONBody[Bonjour]) -> Response[bytes]:
    """Say where every scope of the agent stands, or 204 when the workstation is in step. 403 when not enrolled, 426 for an unknown schema."""
    if not SCHEMA - 2 <= data.schema <= SCHEMA:
        raise RefusCentre(426, Code.SCHEMA_INCONNU, "Cette version du poste est trop ancienne ou trop récente pour ce centre.")
    base, agent = state.centre.base, request.user
    with base.lecture(agent.portee_agent) as connexion:
        vu_le = appareils.exiger_appareil(connexion, agent, data.appareil)
        restauration = connexion.execute(select(reglage.c.restauration)).scalar_one()
    if appareils.a_revoir(vu_le):
        base.ecrire(lambda connexion: appareils.voir(connexion, agent, data.appareil), agent.portee_agent)
    etats = [e for portee in sorted(agent.portees) if (e := _etat(base, portee, data.appareil)) is not None]
    if empreinte_curseurs(restauration, ((e.portee, e.epoque, e.tete, e.digest, e.vivantes) for e in etats)) == data.empreinte:
        return Response(b"", status_code=204)
    return Response(_ENCODEUR.encode(Accueil(restauration, etats)), media_type="application/json")


def _etat(base: BaseCentre, portee: str, appareil: str) -> EtatPortee | None:
    """Read one scope's head in a transaction of its own: no request touches two scopes at once."""
    with base.lecture(portee) as connexion:
        t = connexion.execute(select(scope_head).where(scope_head.c.scope_id == portee)).first()
        if t is None:
            return None
        couloir = connexion.scalar(select(lane.c.last).where(lane.c.scope_id == portee, lane.c.device_id == appareil))
        i = instantanes.a_jour(connexion, portee) if t.live >= instantanes.LIGNES_AU_MOINS else None
    pret = Instantane(i.id, i.seq, i.parts, i.live) if i is not None else None
    return EtatPortee(t.scope_id, t.kind, t.epoch, t.last, t.floor, couloir or 0, t.digest, t.live, pret)


@get("/sync/pull", opt={"etendue": "dossiers:read"}, sync_to_thread=True)
def pull(
    state: State, request: Requete, portee: FromQuery[str], epoque: FromQuery[str], apres: FromQuery[int],
    appareil: FromQuery[str] = "", depart: FromQuery[int] = 0, gen: FromQuery[int] = 0, limite: FromQuery[int] = PAGE_LIGNES,
    types: FromQuery[str] = "", seaux: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    """Serve one page of a scope's feed as NDJSON under zstd.

    `depart`: the head when the walk under way began; `types`: only these (partial walk); `seaux`: only these buckets (repair).
    403 without right, 409 for another epoch or a cursor ahead, 410 for a cursor below the floor.
    """
    request.user.exiger(portee)
    with state.centre.base.lecture(portee) as connexion:
        tete = _tete(connexion, portee, epoque)
        if apres > tete.last:
            raise RefusCentre(409, Code.EPOQUE_CHANGEE, "Le poste est en avance sur le centre : les données vont être relues.")
        if apres > 0 and max(apres, depart) < tete.floor:
            raise RefusCentre(410, Code.A_RELIRE, "Le poste a pris du retard : les données vont être relues.")
        borne = min(max(limite, 1), PAGE_LIGNES)
        requete = select(sync_row).where(sync_row.c.scope_id == portee, sync_row.c.seq > apres).order_by(sync_row.c.seq)
        if types:
            requete = requete.where(sync_row.c.etype.in_(types.split(",")))
        if seaux:
            voulus = {int(n) for n in seaux.split(",")}
            lignes = [x for x in connexion.execute(requete.where(~sync_row.c.deleted)) if seau(x.id) in voulus]
        else:
            lignes = list(connexion.execute(requete.limit(borne)))
    jusque = lignes[-1].seq if len(lignes) == borne and not seaux else tete.last
    en_marche = bool(apres and not depart and not types and not seaux)
    if en_marche and lignes and lignes[-1].le is not None:
        MESURES.retard_fil.observe((datetime.now(UTC) - lignes[-1].le).total_seconds())
    return _page(EnTetePage(epoque, gen, apres, jusque, tete.last, len(lignes)), tete, _servies(lignes, appareil if en_marche else ""))


def _tete(connexion: Connection, portee: str, epoque: str) -> Row[tuple[str, str, str, int, int, int, int]]:
    tete = connexion.execute(select(scope_head).where(scope_head.c.scope_id == portee)).one()
    if tete.epoch != epoque:
        raise RefusCentre(409, Code.EPOQUE_CHANGEE, "Le centre a été rétabli : les données vont être relues.")
    return tete


def _servies(lignes: Iterable[Row[tuple[object, ...]]], appareil: str) -> Iterable[Ligne]:
    """Leave out the body of what the asking device wrote itself: it came with the verdict (own stub)."""
    for x in lignes:
        ligne = en_ligne(x)
        if appareil and x.last_device == appareil:
            ligne.corps = _A_NOUS
        yield ligne


def _page(entete: EnTetePage, tete: Row[tuple[str, str, str, int, int, int, int]], lignes: Iterable[Ligne]) -> Response[bytes]:
    corps = [_ENCODEUR.encode(entete), *map(_ENCODEUR.encode, lignes), _ENCODEUR.encode(FinPage(entete.n, tete.digest, tete.live))]
    return Response(zstandard.ZstdCompressor(level=3).compress(b"\n".join(corps)), media_type=PAGE_MEDIA)


@get("/sync/snapshot/{instantane:str}/{part:int}", opt={"etendue": "dossiers:read"}, sync_to_thread=True)
def lire_part(
    state: State, request: Requete, instantane: FromPath[str], part: FromPath[int], portee: FromQuery[str]
) -> Response[bytes]:  # fmt: skip
    """Serve a part of a snapshot, or the range that is missing of it; it never changes, and its ETag is its SHA-256."""
    request.user.exiger(portee)
    p = instantane_part.c
    with state.centre.base.lecture(portee) as connexion:
        lu = connexion.execute(select(p.sha256, p.corps).where(p.scope_id == portee, p.id == instantane, p.n == part)).first()
    if lu is None:
        raise RefusCentre(404, Code.INTROUVABLE, "Cet instantané n'est plus au centre.")
    return servir_octets(request, bytes(lu.corps), lu.sha256, PAGE_MEDIA)


@get("/sync/check", opt={"etendue": "dossiers:read"}, sync_to_thread=True)
def verifier(state: State, request: Requete, portee: FromQuery[str], epoque: FromQuery[str]) -> Seaux:
    """Give the digest of each bucket of a scope, so that a workstation finds what differs and reads only that again."""
    request.user.exiger(portee)
    with state.centre.base.lecture(portee) as connexion:
        tete = _tete(connexion, portee, epoque)
        lignes = connexion.execute(select(sync_row.c.id, sync_row.c.h).where(sync_row.c.scope_id == portee, ~sync_row.c.deleted))
        return Seaux(epoque, tete.last, par_seau((x.id, x.h) for x in lignes))


@post("/sync/push", opt={"etendue": "dossiers:write"}, status_code=200, sync_to_thread=True, request_max_body_size=REQUETE_OCTETS)
def push(state: State, request: Requete, data: JSONBody[Envoi]) -> list[Verdict]:
    """Execute operations in the order of their lane; each has its own verdict, given again to whoever asks twice. 429 when heavy batches take turns."""
    with state.centre.vanne.passer(len(data.operations)):
        return executer(state.centre.base, request.user, data)


@post("/sync/scelles", opt={"etendue": "dossiers:write"}, status_code=204, sync_to_thread=True, request_max_body_size=REQUETE_OCTETS)
def rapporter(state: State, request: Requete, data: JSONBody[Scelles]) -> None:
    """Take back, after a restore, operations of a scope that the workstation no longer holds in clear (design/sync.md §8)."""
    scelles.rapporter(state.centre.base, request.user, data)


@post("/sync/retraits", opt={"etendue": "dossiers:write"}, status_code=204, sync_to_thread=True, request_max_body_size=REQUETE_OCTETS)
def devancer(state: State, request: Requete, data: JSONBody[Retraits]) -> None:
    """Hear revocations of mandates before their turn in the lane."""
    retraits.devancer(state.centre.base, request.user, data)
