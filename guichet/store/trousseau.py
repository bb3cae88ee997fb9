"""The secret that the system's keyring keeps for a vault, where there is a keyring."""

import base64
import os

_SERVICE = "guichet"


def lire(vault_id: str) -> bytes | None:
    """Return the secret of a vault, or None: no keyring, or one that has lost it."""
    import keyring
    from keyring.errors import KeyringError

    try:
        garde = keyring.get_password(_SERVICE, vault_id)
    except KeyringError:
        return None
    return base64.b64decode(garde) if garde else None


def confier(vault_id: str) -> bytes | None:
    """Have a new secret kept for a vault, and return it once it reads back; None when there is no keyring that keeps it."""
    import keyring
    from keyring.errors import KeyringError

    secret = os.urandom(32)
    try:
        keyring.set_password(_SERVICE, vault_id, base64.b64encode(secret).decode())
    except KeyringError:
        return None
    return secret if lire(vault_id) == secret else None
