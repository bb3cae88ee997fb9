"""The sync protocol's messages (design/sync.md §4)."""

from typing import Any

import msgspec


class Bonjour(msgspec.Struct):
    """`POST /v1/sync/hello`: what this workstation knows; `curseurs`: scope to [epoch, seq]."""

    schema: int
    appareil: str
    curseurs: dict[str, tuple[str, int]] = {}


class EtatPortee(msgspec.Struct, omit_defaults=True):
    """One line of the answer: where a scope stands, or that its right is gone."""

    portee: str
    genre: str = ""
    epoque: str = ""
    tete: int = 0
    couloir: int = 0
    revoquee: bool = False


class EnTetePage(msgspec.Struct):
    """First line of a pull: the page covers `de` (excluded) to `a` (included); `tete` is the scope's last."""

    epoque: str
    de: int
    a: int
    tete: int
    n: int


class Ligne(msgspec.Struct, array_like=True):
    """A row of a page. `corps` is the exact JSON whose hash enters the digest; null in a tombstone."""

    type: str
    id: str
    rev: int
    seq: int
    supprimee: bool
    corps: msgspec.Raw


class FinPage(msgspec.Struct):
    """Last line of a pull: its count, and what the whole scope must add up to once `a` is `tete`."""

    fin: int
    digest: int
    vivantes: int


class Mutation(msgspec.Struct, omit_defaults=True):
    """`new`: a fact and all its fields. `set`: the changed fields, and what they were based on."""

    k: str
    type: str
    id: str
    set: dict[str, Any]
    was: dict[str, Any] = {}


class Operation(msgspec.Struct):
    """One act of a person, numbered in the lane of its device and scope."""

    lseq: int
    opid: str
    v: int
    muts: list[Mutation]


class Envoi(msgspec.Struct):
    """`POST /v1/sync/push`: `base` is the last number of the lane that this device no longer holds."""

    appareil: str
    portee: str
    epoque: str
    base: int
    operations: list[Operation]


class Verdict(msgspec.Struct, omit_defaults=True):
    """What became of one operation; stored by the centre and given again to whoever asks twice."""

    lseq: int
    opid: str
    st: str
    code: str = ""
    detail: str = ""
    serveur: dict[str, Any] = {}


class EtatFichier(msgspec.Struct):
    """Which parts of a file the centre holds, and whether it is complete."""

    complet: bool
    parts: list[int]


class AgentDemonstration(msgspec.Struct):
    """A person whom the demonstration lets sign in by one click."""

    login: str
    nom: str
    fonction: str
    lieu: str


class Session(msgspec.Struct):
    """A bearer token and whom it stands for."""

    jeton: str
    agent_id: str
    portee_agent: str


class Moi(msgspec.Struct):
    """Who the centre takes the bearer of a token for."""

    agent_id: str
    portee_agent: str


class Probleme(msgspec.Struct, omit_defaults=True):
    """Problem details (RFC 9457) with our stable `code`; `retry_in` in seconds."""

    title: str
    status: int
    code: str
    detail: str = ""
    type: str = "about:blank"
    retry_in: float = 0
