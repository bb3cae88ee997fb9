"""The sync protocol: hello, pull, push (design/sync.md §4)."""

from datetime import UTC, datetime

import msgspec
import zstandard
from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import FromQuery, JSONBody
from sqlalchemy import select

from guichet.central.api.commun import Requete
from guichet.central.fil import remplacer
from guichet.central.refus import RefusCentre
from guichet.central.services.couloir import executer
from guichet.central.tables import device, lane, scope_head, sync_row
from guichet.contract.codes import Code
from guichet.contract.limites import PAGE_LIGNES, PAGE_MEDIA, SCHEMA
from guichet.contract.sync import Bonjour, EnTetePage, Envoi, EtatPortee, FinPage, Ligne, Verdict

_ENCODEUR = msgspec.json.Encoder()


@post("/sync/hello", status_code=200, sync_to_thread=True)
def hello(state: State, request: Requete, data: JSONBody[Bonjour]) -> list[EtatPortee]:
    """Say where every scope of the agent stands, and which known ones are no longer his. 426 for an unknown schema."""
    if not SCHEMA - 2 <= data.schema <= SCHEMA:
        raise RefusCentre(426, Code.SCHEMA_INCONNU, "Cette version du poste est trop ancienne ou trop récente pour ce centre.")
    agent = request.user
    with state.centre.base.ecriture() as connexion:
        remplacer(connexion, device, [{"id": data.appareil, "agent_id": agent.agent_id, "vu_le": datetime.now(UTC)}])
        tetes = connexion.execute(
            select(scope_head, lane.c.last.label("couloir"))
            .outerjoin(lane, (lane.c.scope_id == scope_head.c.scope_id) & (lane.c.device_id == data.appareil))
            .where(scope_head.c.scope_id.in_(agent.portees))
            .order_by(scope_head.c.scope_id)
        ).all()
    ouvertes = [EtatPortee(t.scope_id, t.kind, t.epoch, t.last, t.couloir or 0) for t in tetes]
    return ouvertes + [EtatPortee(p, revoquee=True) for p in sorted(set(data.curseurs) - agent.portees)]


@get("/sync/pull", sync_to_thread=True)
def pull(state: State, request: Requete, portee: FromQuery[str], epoque: FromQuery[str], apres: FromQuery[int]) -> Response[bytes]:
    """Serve one page of a scope's feed as NDJSON under zstd. 403 without right, 409 for another epoch, 410 for a cursor ahead."""
    request.user.exiger(portee)
    with state.centre.base.lecture() as connexion:
        tete = connexion.execute(select(scope_head).where(scope_head.c.scope_id == portee)).one()
        if tete.epoch != epoque:
            raise RefusCentre(409, Code.EPOQUE_CHANGEE, "Le centre a été rétabli : les données vont être relues.")
        if apres > tete.last:
            raise RefusCentre(410, Code.A_RELIRE, "Le poste est en avance sur le centre : les données vont être relues.")
        lignes = connexion.execute(
            select(sync_row).where(sync_row.c.scope_id == portee, sync_row.c.seq > apres).order_by(sync_row.c.seq).limit(PAGE_LIGNES)
        ).all()
    jusque = lignes[-1].seq if len(lignes) == PAGE_LIGNES else tete.last
    sorties = [
        _ENCODEUR.encode(EnTetePage(epoque, apres, jusque, tete.last, len(lignes))),
        *(_ENCODEUR.encode(Ligne(x.etype, x.id, x.rev, x.seq, x.deleted, msgspec.Raw(x.body))) for x in lignes),
        _ENCODEUR.encode(FinPage(len(lignes), tete.digest, tete.live)),
    ]
    corps = zstandard.ZstdCompressor(level=3).compress(b"\n".join(sorties))
    return Response(corps, media_type=PAGE_MEDIA)


@post("/sync/push", status_code=200, sync_to_thread=True)
def push(state: State, request: Requete, data: JSONBody[Envoi]) -> list[Verdict]:
    """Execute operations in the order of their lane; each has its own verdict, given again to whoever asks twice."""
    return executer(state.centre.base, request.user, data)
