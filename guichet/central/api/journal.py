"""Reading the access journal of a scope: for who answers for it, and itself journaled."""

from litestar import get
from litestar.datastructures import State
from litestar.params import FromQuery
from sqlalchemy import Connection

from guichet.central.api.commun import Requete
from guichet.central.refus import RefusCentre
from guichet.central.services import journal
from guichet.contract.codes import Code
from guichet.contract.sync import LigneJournal

_PAGE = 200


@get("/journal", opt={"etendue": "journal:read"}, sync_to_thread=True)
def lire(state: State, request: Requete, portee: FromQuery[str], avant: FromQuery[int | None] = None) -> list[LigneJournal]:
    """List who did what in a scope, latest first, 200 lines at most below a place. 403 for anybody but its responsable."""
    if portee not in request.user.encadrees:
        raise RefusCentre(403, Code.PORTEE_INTERDITE, "Seul le responsable de ce site en consulte le journal.")

    def travail(connexion: Connection) -> list[LigneJournal]:
        lues = journal.lire(connexion, portee, avant, _PAGE)
        journal.noter(
            connexion, portee, request.user.agent_id, "lecture_journal", "" if avant is None else str(avant), auteur=request.user.nom
        )
        return [
            LigneJournal(x.place, x.agent_id, x.auteur or "", x.le.isoformat(), x.action, x.objet, x.motif or "", x.appareil or "")
            for x in lues
        ]

    return state.centre.base.ecrire(travail, portee)  # type: ignore[no-any-return]
