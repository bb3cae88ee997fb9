"""Hints that something moved (SSE): they only spare waiting; correctness never depends on them (design/sync.md §4)."""

import asyncio
from collections.abc import AsyncGenerator

import anyio.to_thread
import msgspec
from litestar import get
from litestar.datastructures import State
from litestar.response import ServerSentEvent
from sqlalchemy import select

from guichet.central.api.commun import Requete
from guichet.central.base import BaseCentre
from guichet.central.tables import scope_head

_PERIODE_S, _DUREE_S = 1.0, 600.0
"""How often heads are looked at; how long a stream lasts before the rights of its reader are checked again."""


class Guetteur:
    """Looks at every head once a period, for all the streams of this replica together."""

    def __init__(self, base: BaseCentre) -> None:
        self._base, self._tetes, self._lues_a = base, dict[str, int](), -_PERIODE_S
        self._verrou = asyncio.Lock()

    async def tetes(self) -> dict[str, int]:
        """Return the heads, at most a period old."""
        async with self._verrou:
            maintenant = asyncio.get_running_loop().time()
            if maintenant - self._lues_a >= _PERIODE_S:
                self._tetes, self._lues_a = await anyio.to_thread.run_sync(self._lire), maintenant
        return self._tetes

    def _lire(self) -> dict[str, int]:
        with self._base.lecture() as connexion:
            return {x.scope_id: x.last for x in connexion.execute(select(scope_head.c.scope_id, scope_head.c.last))}


@get("/sync/events", opt={"etendue": "dossiers:read"})
async def events(state: State, request: Requete) -> ServerSentEvent:
    """Stream {portee, tete} each time the head of one of the agent's scopes moves."""
    guetteur: Guetteur = state.guetteur
    portees = request.user.portees

    async def suivre() -> AsyncGenerator[dict[str, str], None]:
        fin = asyncio.get_running_loop().time() + _DUREE_S
        vues = await guetteur.tetes()
        while asyncio.get_running_loop().time() < fin:
            await asyncio.sleep(_PERIODE_S)
            tetes = await guetteur.tetes()
            for portee in portees:
                if tetes.get(portee) != vues.get(portee):
                    yield {"event": "tete", "data": msgspec.json.encode({"portee": portee, "tete": tetes.get(portee)}).decode()}
            vues = tetes
            yield {"comment": "vivant"}

    return ServerSentEvent(suivre())
