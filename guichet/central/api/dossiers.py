"""Dossiers out of the ordinary: the copy that people have a right to, those of another site, with a reason, and those of one person twice."""

from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromQuery, JSONBody
from sqlalchemy import Connection

from guichet.central.api.commun import Requete
from guichet.central.refus import RefusCentre
from guichet.central.services import fusion, glace, journal, recherche
from guichet.central.services.export import exporter as rassembler
from guichet.contract.codes import Code
from guichet.contract.sync import (
    BrisDeGlace,
    DossierHorsPortee,
    DoublonNomme,
    ExportDossier,
    Fusion,
    Fusionnes,
    RechercheHorsPortee,
    ResultatsHorsPortee,
    Separes,
)  # fmt: skip


@get("/dossiers/export", opt={"etendue": "personnes:exporter"}, sync_to_thread=True)
def exporter(state: State, request: Requete, portee: FromQuery[str], dossier: FromQuery[str]) -> ExportDossier:
    """Give all that is held of a dossier, for its people; journaled. 403 for anybody but the responsable of its scope, 404 when it has none."""
    if portee not in request.user.encadrees:
        raise RefusCentre(403, Code.PORTEE_INTERDITE, "Seul le responsable de ce site exporte les données d'une personne.")

    def travail(connexion: Connection) -> ExportDossier:
        try:
            rendu = rassembler(connexion, portee, dossier)
        except LookupError as erreur:
            raise RefusCentre(404, Code.INTROUVABLE, "Ce dossier n'est pas ici.") from erreur
        journal.noter(connexion, portee, request.user.agent_id, "export", dossier, "droit d'accès", request.user.nom)
        return rendu

    return state.centre.base.ecrire(travail, portee)  # type: ignore[no-any-return]


@post("/dossiers/glace", opt={"etendue": "glace:briser"}, status_code=200, sync_to_thread=True)
def briser(state: State, request: Requete, data: JSONBody[BrisDeGlace]) -> DossierHorsPortee:
    """Show a dossier of another site of one's organisme: journaled with its reason, its responsables told. 404 when there is none."""
    return glace.briser(state.centre.base, request.user, data)


@post("/dossiers/recherche", opt={"etendue": "glace:briser"}, status_code=200, sync_to_thread=True)
def chercher(state: State, request: Requete, data: JSONBody[RechercheHorsPortee]) -> ResultatsHorsPortee:
    """Find people of the organisme's other sites by their name, masked; journaled. 400 for less than three letters."""
    return recherche.chercher(state.centre.base, request.user, data)


@post("/doublons/fusion", opt={"etendue": "doublons:fusionner"}, status_code=200, sync_to_thread=True)
def fusionner(state: State, request: Requete, data: JSONBody[Fusion]) -> Fusionnes:
    """Join two people who are one; journaled. 403 out of one's scopes, 404 when the pair is gone, 409 when they are not to be joined."""
    request.user.exiger(data.portee)
    return state.centre.base.ecrire(lambda c: fusion.fusionner(c, request.user, data), data.portee)  # type: ignore[no-any-return]


@post("/doublons/separation", opt={"etendue": "doublons:fusionner"}, status_code=200, sync_to_thread=True)
def separer(state: State, request: Requete, data: JSONBody[DoublonNomme]) -> Separes:
    """Undo a merge; journaled. 403 out of one's scopes, 404 when the pair is gone, 409 when it was undone before."""
    request.user.exiger(data.portee)
    return state.centre.base.ecrire(lambda c: fusion.separer(c, request.user, data), data.portee)  # type: ignore[no-any-return]
