"""The keys that sign access tokens, shared by the replicas through the base."""

import threading
from datetime import UTC, datetime
from typing import Any

from joserfc.jwk import ECKey, KeySet
from sqlalchemy import insert, select

from guichet.central.base import BaseCentre
from guichet.central.identity.tables import cle_jeton


class Cles:
    """What this replica knows of the keys. The youngest signs; one it has never seen is looked up once more in the base."""

    def __init__(self, base: BaseCentre) -> None:
        self._base, self._verrou = base, threading.Lock()
        self._connues: list[ECKey] = []

    def courante(self) -> ECKey:
        """Return the key that signs, made the first time."""
        with self._verrou:
            return (self._connues or self._lire() or self._creer())[0]

    def toutes(self) -> KeySet:
        """Return every key that may have signed a token."""
        self.courante()
        return KeySet(list(self._connues))

    def connait(self, kid: str) -> bool:
        """Tell whether one of our keys bears this name."""
        with self._verrou:
            return any(c.kid == kid for c in self._connues) or any(c.kid == kid for c in self._lire())

    def publiques(self) -> dict[str, Any]:
        """Return the public halves, as a JWK set (RFC 7517)."""
        return dict(self.toutes().as_dict(private=False))

    def tourner(self) -> None:
        """Have a new key sign from now on."""
        with self._verrou:
            self._creer()

    def _lire(self) -> list[ECKey]:
        with self._base.lecture() as connexion:
            lues = connexion.scalars(select(cle_jeton.c.privee).order_by(cle_jeton.c.le.desc(), cle_jeton.c.kid)).all()
        self._connues = [ECKey.import_key(privee) for privee in lues]
        return self._connues

    def _creer(self) -> list[ECKey]:
        cle = ECKey.generate_key("P-256", parameters={"use": "sig", "alg": "ES256"}, auto_kid=True)
        with self._base.ecriture() as connexion:
            connexion.execute(insert(cle_jeton).values(kid=cle.kid, privee=cle.as_dict(private=True), le=datetime.now(UTC)))
        return self._lire()
