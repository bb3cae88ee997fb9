"""Slots handed over to a workstation, and given back (design/sync.md §7)."""

from litestar import post
from litestar.datastructures import State
from litestar.params import FromQuery, JSONBody

from guichet.central.api.commun import Requete
from guichet.central.refus import RefusCentre
from guichet.central.services import creneaux
from guichet.central.services.appareils import exiger_appareil
from guichet.contract.codes import Code
from guichet.contract.sync import Accord, Possession, Rendus, Restitution


@post("/slots/own", opt={"etendue": "dossiers:write"}, status_code=200, sync_to_thread=True)
def own(state: State, request: Requete, data: JSONBody[Possession]) -> Accord:
    """Hand free slots over to an enrolled workstation, which may then confirm them offline."""
    request.user.exiger(data.portee)
    with state.centre.base.lecture(request.user.portee_agent) as connexion:
        exiger_appareil(connexion, request.user, data.appareil)
    return state.centre.base.ecrire(lambda connexion: creneaux.posseder(connexion, data), data.portee)  # type: ignore[no-any-return]


@post("/slots/release", opt={"etendue": "dossiers:write"}, status_code=200, sync_to_thread=True)
def release(state: State, request: Requete, data: JSONBody[Restitution]) -> Rendus:
    """Take slots back, once the device's lane has been executed up to its barrier."""
    request.user.exiger(data.portee)
    with state.centre.base.lecture(request.user.portee_agent) as connexion:
        exiger_appareil(connexion, request.user, data.appareil)
    return Rendus(state.centre.base.ecrire(lambda connexion: creneaux.rendre(connexion, data), data.portee))


@post("/slots/reprendre", opt={"etendue": "creneaux:reprendre"}, status_code=200, sync_to_thread=True)
def reprendre(state: State, request: Requete, portee: FromQuery[str], appareil: FromQuery[str]) -> Rendus:
    """Take back the slots of a workstation that does not come back: a supervisor's decision, journaled. 403 for anybody else."""
    request.user.exiger(portee)
    if portee not in request.user.encadrees:
        raise RefusCentre(403, Code.ECRITURE_INTERDITE, "Seul un responsable reprend les créneaux d'un poste.")
    agent_id = request.user.agent_id
    return Rendus(state.centre.base.ecrire(lambda connexion: creneaux.reprendre(connexion, portee, appareil, agent_id), portee))
