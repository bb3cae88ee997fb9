"""The centre's ASGI application."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from sqlalchemy.exc import DBAPIError

from guichet import __version__
from guichet.central.api import (
    comptes,
    creneaux,
    demonstration,
    dossiers,
    evenements,
    fichiers,
    journal,
    oauth,
    sante,
    sync,
    telephone,
    verification,
)
from guichet.central.api.commun import Authentification, Centre, Identites, exiger_etendue, sur_base, sur_http, sur_panne, sur_refus
from guichet.central.base import BaseCentre
from guichet.central.fichiers import Fichiers
from guichet.central.identity.acces import Acces
from guichet.central.identity.cles import Cles
from guichet.central.identity.fournisseur import Fournisseur, Reglages
from guichet.central.journaux import JOURNAL
from guichet.central.mesures import MESURES
from guichet.central.refus import RefusCentre
from guichet.central.vanne import Vanne
from guichet.contract.sync import Probleme

_PROBLEME = ResponseSpec(Probleme, description="Refus", media_type="application/problem+json", generate_examples=False)


def creer_application(
    base: BaseCentre, dossier_fichiers: Path, emetteur: str = "http://127.0.0.1", fournisseur: Reglages | None = None,
    arrive: Callable[[str], None] = lambda _portee: None,
) -> Litestar:  # fmt: skip
    """Build the application over a migrated database and a folder for files.

    `emetteur`: the address by which workstations know this centre; `fournisseur`: the agents' identity provider, if there is one;
    `arrive`: told the scope of each file that has come whole.
    """
    base = base.gardee()
    v1 = Router(
        "/v1",
        route_handlers=_documenter([
            demonstration.lister, demonstration.moi, sync.enroler, sync.hello, sync.pull, sync.push,
            sync.lire_part, sync.verifier, sync.rapporter, sync.devancer, evenements.events, creneaux.own, creneaux.release, creneaux.reprendre,
            fichiers.etat, fichiers.part, fichiers.commit, fichiers.lire, journal.lire, dossiers.exporter, dossiers.briser, dossiers.chercher, dossiers.fusionner, dossiers.separer, comptes.lister, comptes.inviter,
            comptes.fermer, comptes.confirmer, telephone.ouvrir, telephone.suivre, telephone.lire, telephone.prendre, telephone.fermer,
        ]),
        guards=[exiger_etendue],
    )  # fmt: skip
    gestionnaires: dict[Any, Callable[..., Any]] = {
        RefusCentre: sur_refus, HTTPException: sur_http, DBAPIError: sur_base, Exception: sur_panne,
    }  # fmt: skip
    return Litestar(
        route_handlers=[
            sante.vivant,
            sante.pret,
            oauth.metadonnees,
            oauth.OAUTH,
            verification.demander,
            verification.verifier,
            telephone.montrer,
            telephone.script,
            telephone.commencer,
            telephone.etat,
            telephone.part,
            v1,
        ],
        state=State(composer_etat(base, dossier_fichiers, emetteur, fournisseur, arrive)),
        middleware=[
            _trace,
            DefineMiddleware(Authentification, exclude_from_auth_key="public", exclude=["^/openapi.json"]),
        ],
        exception_handlers=gestionnaires,
        openapi_config=OpenAPIConfig(
            title="Centre Guichet", version=__version__, path="/", render_plugins=[JsonRenderPlugin(path="/openapi.json")]
        ),
        on_shutdown=[base.fermer],
        logging_config=None,
        request_max_body_size=4 * 1024 * 1024,
    )


def composer_etat(
    base: BaseCentre, dossier_fichiers: Path, emetteur: str, fournisseur: Reglages | None, arrive: Callable[[str], None]
) -> dict[str, Any]:
    """Return what the routes work on: the centre, what watches it, who may come in. Arguments as for `creer_application`."""
    retour = f"{emetteur}/oauth/retour-fournisseur"
    return {
        "centre": Centre(base, Fichiers(dossier_fichiers), Vanne(), arrive),
        "guetteur": evenements.Guetteur(base),
        "identites": Identites(Acces(Cles(base), emetteur), Fournisseur(fournisseur, retour) if fournisseur is not None else None),
    }


def _documenter(routes: list[Any]) -> list[Any]:
    """Have the document of the API say how any of these routes may refuse: problem details, each with our code."""
    for route in routes:
        publique = route.opt.get("public")
        for statut in (400, 404, 405, 409, 410, 413, 415, 422, 426, 429, 500, 503, *(() if publique else (401, 403))):
            route.responses = {statut: _PROBLEME} | dict(route.responses or {})
    return routes


def _trace(app: ASGIApp) -> ASGIApp:
    """Log one line per request: the route's template, never its parameters, which name people's rows."""

    async def tracer(scope: Scope, receive: Receive, send: Send) -> None:
        debut, statut = time.perf_counter(), 500

        async def noter(message: Message) -> None:
            nonlocal statut
            if message["type"] == "http.response.start":
                statut = message["status"]
            await send(message)

        try:
            await app(scope, receive, noter)
        except (RefusCentre, HTTPException) as refus:
            statut = refus.statut if isinstance(refus, RefusCentre) else refus.status_code
            raise
        finally:
            secondes = time.perf_counter() - debut
            methode, route = scope.get("method", ""), scope.get("path_template", "")
            MESURES.requetes.labels(route, statut).observe(secondes)
            duree = round(secondes * 1000, 1)
            JOURNAL.info("requete", extra={"methode": methode, "route": route, "statut": statut, "ms": duree})

    return tracer
