"""The centre's own accounts: landlords, and agents whom no provider knows. A password chosen by its owner, and a code of the moment."""

import secrets
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, insert, select, update

from guichet.central.base import BaseCentre
from guichet.central.identity.familles import empreinte, revoquer_agent
from guichet.central.identity.regles import regle
from guichet.central.identity.tables import compte
from guichet.contract.demonstration import GRAINE_TOTP, PHRASE
from guichet.models import Agent
from guichet.rules.mots_de_passe import bits

_PAS_S = 30

LigneCompte = Row[tuple[str, str, str, str | None, str | None, int, int, datetime | None, bool, str | None, datetime | None]]


class EntreeRefusee(Exception):
    """Nobody comes in by this; the text is French and says no more than it must."""


def _hacheur() -> PasswordHasher:
    """Return what hashes a password, at the cost that is in force today; a hash carries the cost it was made at."""
    cout = regle("hachage")
    return PasswordHasher(cout["tours"], cout["memoire_kio"], cout["fils"])


@cache
def _personne() -> str:
    """Return what an unknown name is checked against, so that it takes as long as a known one."""
    return _hacheur().hash("nobody")


def verifier_mot_de_passe(base: BaseCentre, login: str, mot_de_passe: str) -> tuple[str, str]:
    """Return the agent and scope of an account whose password this is; his code comes next. Raises EntreeRefusee.

    The try is counted, and committed, before the password is looked at: a killed process does not give a free one.
    """
    lu = base.ecrire(lambda connexion: _compter(connexion, login))
    try:
        _hacheur().verify(lu.mot_de_passe if lu is not None and lu.mot_de_passe else _personne(), mot_de_passe)
    except (VerificationError, InvalidHashError) as erreur:
        raise EntreeRefusee("Identifiant ou mot de passe inconnu.") from erreur
    if lu is None or lu.mot_de_passe is None or lu.ferme:
        raise EntreeRefusee("Identifiant ou mot de passe inconnu.")
    return lu.agent_id, lu.agent_scope


def verifier_code(base: BaseCentre, agent_id: str, code: str) -> None:
    """Check the code of the moment of an account and forget its failures. Raises EntreeRefusee; a code serves once."""

    def juger(connexion: Connection) -> bool:
        lu = connexion.execute(select(compte).where(compte.c.agent_id == agent_id, ~compte.c.ferme)).first()
        pas = _pas(lu.totp, code) if lu is not None and lu.totp else None
        if lu is None or pas is None or pas <= lu.totp_pas:
            return False
        connexion.execute(update(compte).where(compte.c.agent_id == agent_id).values(totp_pas=pas, echecs=0, echec_le=None))
        return True

    login = base.ecrire(lambda connexion: connexion.scalar(select(compte.c.login).where(compte.c.agent_id == agent_id)))
    base.ecrire(lambda connexion: _compter(connexion, login or ""))
    if not base.ecrire(juger):
        raise EntreeRefusee("Ce code n'est pas le bon, ou il a déjà servi : attendez le suivant.")


def inviter(connexion: Connection, agent: Agent) -> str:
    """Open an agent's account, or open it again, and return the secret of the link by which he chooses his password."""
    secret, maintenant = secrets.token_urlsafe(32), datetime.now(UTC)
    valeurs = {
        "invitation": empreinte(secret), "invitation_expire_le": maintenant + timedelta(hours=regle("invitation")["heures"]),
        "totp": pyotp.random_base32(), "totp_pas": 0, "mot_de_passe": None, "ferme": False, "echecs": 0, "echec_le": None,
    }  # fmt: skip
    if not connexion.execute(update(compte).where(compte.c.agent_id == agent.id).values(valeurs)).rowcount:
        connexion.execute(insert(compte).values(agent_id=agent.id, agent_scope=agent.scope_id, login=agent.login, **valeurs))
    revoquer_agent(connexion, agent.id)
    return secret


def invite(connexion: Connection, secret: str) -> LigneCompte:
    """Return the account that an invitation opens. Raises EntreeRefusee once it was used or is too old."""
    lu = connexion.execute(select(compte).where(compte.c.invitation == empreinte(secret))).first()
    if lu is None or lu.invitation_expire_le is None or lu.invitation_expire_le <= datetime.now(UTC):
        raise EntreeRefusee("Ce lien a déjà servi ou il est trop ancien : demandez-en un autre.")
    return lu


def activer(connexion: Connection, secret: str, mot_de_passe: str, code: str) -> None:
    """Set the password of an invited account, its owner showing that he holds the code too. Raises EntreeRefusee."""
    lu = invite(connexion, secret)
    if bits(mot_de_passe, (lu.login, "guichet")) < regle("secret_personnel")["bits"]:
        raise EntreeRefusee("Ce mot de passe se devine trop vite : allongez-le, par exemple avec plusieurs mots sans lien entre eux.")
    pas = _pas(lu.totp or "", code)
    if pas is None:
        raise EntreeRefusee("Ce code n'est pas celui du moment : vérifiez l'heure de votre téléphone.")
    connexion.execute(
        update(compte)
        .where(compte.c.agent_id == lu.agent_id)
        .values(
            mot_de_passe=_hacheur().hash(mot_de_passe), totp_pas=pas, invitation=None, invitation_expire_le=None, echecs=0, echec_le=None
        )
    )


def adresse_totp(lu: LigneCompte) -> str:
    """Return what a telephone scans to hold the codes of an account."""
    return pyotp.TOTP(lu.totp or "").provisioning_uri(name=lu.login, issuer_name="Guichet")


def ouvrir_demonstration(connexion: Connection, agents: Iterable[Agent]) -> None:
    """Open the accounts of a demonstration's invented people, whose password and codes are everybody's."""
    mot_de_passe = _hacheur().hash(PHRASE)
    connexion.execute(
        insert(compte),
        [
            {"agent_id": a.id, "agent_scope": a.scope_id, "login": a.login, "totp": GRAINE_TOTP, "mot_de_passe": mot_de_passe}
            for a in agents
        ],
    )


def de_demonstration(connexion: Connection) -> frozenset[str]:
    """Return the agents whose account is a demonstration's, and open."""
    return frozenset(connexion.scalars(select(compte.c.agent_id).where(compte.c.totp == GRAINE_TOTP, ~compte.c.ferme)))


def fermer_demonstration(connexion: Connection) -> None:
    """Close the accounts of a demonstration and end what they opened."""
    for agent_id in de_demonstration(connexion):
        fermer(connexion, agent_id)


def fermer(connexion: Connection, agent_id: str) -> None:
    """Close an account and end what it opened."""
    connexion.execute(update(compte).where(compte.c.agent_id == agent_id).values(ferme=True, invitation=None))
    revoquer_agent(connexion, agent_id)


def _compter(connexion: Connection, login: str) -> LigneCompte | None:
    """Count a try against an account. Raises EntreeRefusee while the delay of the last failures runs."""
    lu = connexion.execute(select(compte).where(compte.c.login == login).with_for_update()).first()
    if lu is None:
        return None
    maintenant, r = datetime.now(UTC), regle("essais_compte")
    if lu.echecs > r["sans_attente"] and lu.echec_le is not None:
        delai = timedelta(seconds=min(2 ** (lu.echecs - r["sans_attente"]), r["delai_max_s"]))
        if maintenant - lu.echec_le < delai:
            raise EntreeRefusee("Trop d'essais à la suite : attendez un moment avant de recommencer.")
    connexion.execute(update(compte).where(compte.c.agent_id == lu.agent_id).values(echecs=lu.echecs + 1, echec_le=maintenant))
    return lu


def _pas(secret: str, code: str) -> int | None:
    """Return the half-minute that a code is of, among the last, this one and the next; None when it is of none."""
    totp, maintenant = pyotp.TOTP(secret), int(time.time()) // _PAS_S
    return next(
        (p for p in (maintenant - 1, maintenant, maintenant + 1) if secrets.compare_digest(totp.at(p * _PAS_S), code.strip())), None
    )
