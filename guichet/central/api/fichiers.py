"""Files: parts that may be sent again, a commit that checks the whole, and the same bytes back."""

import math
from datetime import UTC, datetime

from litestar import Response, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, RawBody
from sqlalchemy import Connection, select

from guichet.central.api.commun import Requete
from guichet.central.api.octets import servir_octets
from guichet.central.fil import inscrire
from guichet.central.refus import RefusCentre
from guichet.central.services.faits import documents_recus
from guichet.central.tables import blob
from guichet.contract import lots
from guichet.contract.codes import Code
from guichet.contract.limites import PART_OCTETS
from guichet.contract.sync import EtatFichier
from guichet.models.enums import EtatDocument


@get("/fichiers/{sha256:str}/etat", opt={"etendue": "pieces:write"}, sync_to_thread=True)
def etat(state: State, request: Requete, sha256: FromPath[str], portee: FromQuery[str]) -> EtatFichier:
    """Say which parts of a file the centre holds for a scope, and whether it is whole."""
    request.user.exiger(portee)
    complet = state.centre.fichiers.chemin(portee, sha256).is_file()
    return EtatFichier(complet, state.centre.fichiers.parts(portee, sha256))


@put(
    "/fichiers/{sha256:str}/parts/{numero:int}",
    opt={"etendue": "pieces:write"},
    status_code=204,
    sync_to_thread=True,
    request_max_body_size=PART_OCTETS,
)
def part(state: State, request: Requete, sha256: FromPath[str], numero: FromPath[int], portee: FromQuery[str], body: RawBody) -> None:
    """Keep one part of at most 1 MiB; sending it again is harmless."""
    request.user.exiger(portee)
    state.centre.fichiers.recevoir(portee, sha256, numero, body)


@post("/fichiers/{sha256:str}/commit", opt={"etendue": "pieces:write"}, status_code=200, sync_to_thread=True)
def commit(state: State, request: Requete, sha256: FromPath[str], portee: FromQuery[str], octets: FromQuery[int]) -> EtatFichier:
    """Join the parts and check the hash; the documents that waited for the file become received. 409 and 422 say what is wrong."""
    request.user.exiger(portee)
    taille = state.centre.fichiers.assembler(portee, sha256, math.ceil(octets / PART_OCTETS))

    def noter(connexion: Connection) -> None:
        lots.remplacer(
            connexion, blob, [{"scope_id": portee, "sha256": sha256, "octets": taille, "le": datetime.now(UTC), "complet": True}]
        )
        inscrire(connexion, portee, documents_recus(connexion, portee, sha256))

    state.centre.base.ecrire(noter, portee)
    state.centre.arrive(portee)
    return EtatFichier(complet=True, parts=[])


@get("/fichiers/{sha256:str}", opt={"etendue": "pieces:read"}, sync_to_thread=True)
def lire(state: State, request: Requete, sha256: FromPath[str], portee: FromQuery[str]) -> Response[bytes]:
    """Give a file's bytes back to who may read its scope. 404 otherwise, whether it exists elsewhere or not; 409 when it was put aside."""
    request.user.exiger(portee)
    with state.centre.base.lecture(portee) as connexion:
        connu = connexion.execute(select(blob.c.complet, blob.c.etat).where(blob.c.scope_id == portee, blob.c.sha256 == sha256)).first()
    if connu is None or not connu.complet:
        raise RefusCentre(404, Code.INTROUVABLE, "Ce fichier n'est pas au centre.")
    if connu.etat == EtatDocument.QUARANTAINE:
        raise RefusCentre(409, Code.EN_QUARANTAINE, "Ce fichier est en quarantaine : il ne s'ouvre plus. Numérisez le papier à nouveau.")
    return servir_octets(request, state.centre.fichiers.chemin(portee, sha256).read_bytes(), sha256, "application/pdf")
