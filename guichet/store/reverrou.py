"""A short code unlocks a screen, never a vault: it wraps the key in memory only, three wrong ones forget it (research/security.md §0.4)."""

import os
from itertools import pairwise

from argon2.low_level import Type, hash_secret_raw
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from guichet.ressources import regle_du_jour
from guichet.store.erreurs import CodeFaible, CodeFaux, CodeOublie

_TOURS, _MEMOIRE_KIO, _FILS = 3, 65_536, 2


class Reverrou:
    """The key of a shut vault, under its agent's screen code; without one, only the passphrase opens it again."""

    def __init__(self, vault_id: str, cle: bytes, sel: bytes | None, derive: bytes | None) -> None:
        self.vault_id, self._sel = vault_id, sel
        self._boite = bytes(SecretBox(derive).encrypt(cle)) if derive is not None else b""
        self._essais = int(regle_du_jour("code_ecran")["essais"])

    @property
    def par_code(self) -> bool:
        """Whether a code may still open it."""
        return bool(self._boite)

    def ouvrir(self, code: str) -> bytes:
        """Return the key. Raises CodeFaux, or CodeOublie once only the passphrase is left."""
        if self._sel is None or not self._boite:
            raise CodeOublie
        self._essais -= 1
        boite = self._boite
        if self._essais == 0:
            self._boite = b""
        try:
            cle = SecretBox(_deriver(code, self._sel)).decrypt(boite)
        except CryptoError as erreur:
            raise CodeFaux(self._essais) if self._essais else CodeOublie() from erreur
        return bytes(cle)


def deriver_code(code: str) -> tuple[bytes, bytes]:
    """Return the salt and the derivation of a code just chosen. Raises CodeFaible."""
    chiffres = int(regle_du_jour("code_ecran")["chiffres"])
    pas = {(int(b) - int(a)) % 10 for a, b in pairwise(code)} if code.isascii() and code.isdecimal() else {0}
    if len(code) < chiffres or pas <= {0} or pas in ({1}, {9}):
        raise CodeFaible(chiffres)
    sel = os.urandom(16)
    return sel, _deriver(code, sel)


def _deriver(code: str, sel: bytes) -> bytes:
    return hash_secret_raw(code.encode(), sel, _TOURS, _MEMOIRE_KIO, _FILS, SecretBox.KEY_SIZE, Type.ID)
