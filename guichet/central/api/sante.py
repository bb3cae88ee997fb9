"""Health and readiness, for load balancers."""

from litestar import get
from litestar.datastructures import State
from sqlalchemy import select

from guichet.central.tables import reglage


@get("/sante", opt={"public": True}, sync_to_thread=False)
def vivant() -> dict[str, str]:
    """Say that the process answers."""
    return {"etat": "vivant"}


@get("/pret", opt={"public": True}, sync_to_thread=True)
def pret(state: State) -> dict[str, str]:
    """Say that the database answers and is migrated."""
    with state.centre.base.lecture() as connexion:
        connexion.execute(select(reglage.c.id)).first()
    return {"etat": "pret"}
