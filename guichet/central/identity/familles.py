"""A sign-in and the tokens that come from it: refresh tokens turn at each use, and one used twice ends them all (RFC 9700 §4.14)."""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Row, insert, select, update

from guichet.central.identity.acces import Connecte
from guichet.central.identity.regles import regle
from guichet.central.identity.tables import code_acces, famille, rafraichissement
from guichet.models import uuid7


def ouvrir(connexion: Connection, agent_id: str, portee: str, acr: str) -> str:
    """Begin a family for an agent who has just proved who he is; return its identifier."""
    id_, maintenant = uuid7(), datetime.now(UTC)
    fin = maintenant + timedelta(hours=regle("jetons")["session_h"])
    connexion.execute(insert(famille).values(id=id_, agent_id=agent_id, agent_scope=portee, acr=acr, ouverte_le=maintenant, expire_le=fin))
    return id_


def vivante(connexion: Connection, id_: str) -> Connecte | None:
    """Return whom a family stands for, or None once it is revoked, over or unknown."""
    f = connexion.execute(select(famille).where(famille.c.id == id_)).first()
    if f is None or f.revoquee_le is not None or f.expire_le <= datetime.now(UTC):
        return None
    return Connecte(f.agent_id, f.agent_scope, f.id, f.acr)


def revoquer(connexion: Connection, id_: str) -> None:
    """End a family: none of its tokens is good any more."""
    connexion.execute(update(famille).where(famille.c.id == id_, famille.c.revoquee_le.is_(None)).values(revoquee_le=datetime.now(UTC)))


def revoquer_agent(connexion: Connection, agent_id: str) -> None:
    """End every family of an agent."""
    ouvertes = (famille.c.agent_id == agent_id) & famille.c.revoquee_le.is_(None)
    connexion.execute(update(famille).where(ouvertes).values(revoquee_le=datetime.now(UTC)))


def garder_code(connexion: Connection, code: str, id_: str, retour: str, defi: str) -> None:
    """Write an authorization code down, by its hash."""
    fin = datetime.now(UTC) + timedelta(seconds=regle("jetons")["code_s"])
    connexion.execute(insert(code_acces).values(empreinte=empreinte(code), famille=id_, retour=retour, defi=defi, expire_le=fin))


def prendre_code(connexion: Connection, code: str) -> Row[tuple[str, str, str, str, datetime, bool]] | None:
    """Use a code up, whatever comes of it, and return it; a second use ends its family."""
    c = code_acces.c
    pris = connexion.execute(update(code_acces).where(c.empreinte == empreinte(code), ~c.utilise).values(utilise=True)).rowcount
    lu = connexion.execute(select(code_acces).where(c.empreinte == empreinte(code))).first()
    if lu is not None and not pris:
        revoquer(connexion, lu.famille)
    return lu if pris and lu is not None and lu.expire_le > datetime.now(UTC) else None


def garder_rafraichissement(connexion: Connection, jeton: str, id_: str) -> None:
    """Write a refresh token down, by its hash; it outlives neither its own idle time nor its family."""
    fin = datetime.now(UTC) + timedelta(hours=regle("jetons")["inactif_h"])
    connexion.execute(insert(rafraichissement).values(empreinte=empreinte(jeton), famille=id_, expire_le=fin))


def prendre_rafraichissement(connexion: Connection, jeton: str) -> Connecte | None:
    """Use a refresh token up and return whom it stands for; a second use ends its family."""
    r = rafraichissement.c
    pris = connexion.execute(update(rafraichissement).where(r.empreinte == empreinte(jeton), ~r.utilise).values(utilise=True)).rowcount
    lu = connexion.execute(select(rafraichissement).where(r.empreinte == empreinte(jeton))).first()
    if lu is None:
        return None
    if not pris:
        revoquer(connexion, lu.famille)
        return None
    return vivante(connexion, lu.famille) if lu.expire_le > datetime.now(UTC) else None


def famille_de(connexion: Connection, jeton: str) -> str | None:
    """Return the family of a refresh token, used or not."""
    r = rafraichissement.c
    return connexion.scalar(select(r.famille).where(r.empreinte == empreinte(jeton)))


def empreinte(texte: str) -> str:
    """Return the hash a secret is kept by; those we make are 256 bits of chance, which need no salt."""
    return hashlib.sha256(texte.encode()).hexdigest()
