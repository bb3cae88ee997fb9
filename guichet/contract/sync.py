"""The sync protocol's messages (design/sync.md §4)."""

from datetime import date
from typing import Any

import msgspec


class Enrolement(msgspec.Struct):
    """`POST /v1/devices`: a workstation presents its Ed25519 key; `preuve` signs `ENROLEMENT` and its identifier."""

    appareil: str
    cle: bytes
    preuve: bytes


class Enrole(msgspec.Struct):
    """The answer: `cle_centre` (X25519) seals what only the centre may open.

    `adresse`: where the public finds the centre; `demonstration`: whether its people are invented, which every paper then says.
    """

    appareil: str
    cle_centre: bytes
    adresse: str = ""
    demonstration: bool = False


ENROLEMENT = b"guichet enrolement 1 "


class Bonjour(msgspec.Struct):
    """`POST /v1/sync/hello`. `empreinte`: what this workstation holds (corps.empreinte_curseurs); the same at the centre answers 204."""

    schema: int
    appareil: str
    empreinte: str = ""


class Instantane(msgspec.Struct):
    """A ready copy of a scope as it was at `seq`, in `parts` parts."""

    id: str
    seq: int
    parts: int
    vivantes: int


class EtatPortee(msgspec.Struct, omit_defaults=True):
    """Where a scope stands at the centre. `plancher`: tombstones up to it are purged; `couloir`: last number executed for this device."""

    portee: str
    genre: str
    epoque: str
    tete: int = 0
    plancher: int = 0
    couloir: int = 0
    digest: int = 0
    vivantes: int = 0
    instantane: Instantane | None = None


class Accueil(msgspec.Struct):
    """The answer to hello: every scope of the agent. `restauration` changes when the centre was restored."""

    restauration: str
    portees: list[EtatPortee]


class EnTetePage(msgspec.Struct):
    """First line of a pull: the page covers `de` (excluded) to `a` (included) for the walk `gen`; `tete` is the scope's last."""

    epoque: str
    gen: int
    de: int
    a: int
    tete: int
    n: int


class Ligne(msgspec.Struct, array_like=True):
    """A row of a page. `corps` is the exact JSON whose hash enters the digest.

    null in a tombstone; null in a living row that the asking device wrote itself and holds already (own stub).
    """

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


class ColonnesType(msgspec.Struct):
    """The rows of one type in a part of a snapshot, column by column; None where a row has no such field.

    `empreintes`: their hashes as they enter the digest, 8 bytes each, little-endian. Raises ValueError when a column is not as long as `ids`.
    """

    type: str
    ids: list[str]
    revs: list[int]
    empreintes: bytes
    champs: list[str]
    colonnes: list[list[Any]]

    def __post_init__(self) -> None:
        longueurs = {len(self.revs), *map(len, self.colonnes)}
        if longueurs != {len(self.ids)} or len(self.empreintes) != 8 * len(self.ids) or len(self.champs) != len(self.colonnes):
            raise ValueError("a column of the snapshot has not one value per row")


class PartInstantane(msgspec.Struct):
    """One part of a snapshot. `brutes`: the rows whose JSON the columns would not give back to the byte."""

    groupes: list[ColonnesType]
    brutes: list[Ligne]


class Seaux(msgspec.Struct):
    """`GET /v1/sync/check`: the digest of each bucket of a scope at `tete`."""

    epoque: str
    tete: int
    seaux: list[int]


class CleDeCoffre(msgspec.Struct):
    """The data key of a vault, as it is sealed for the centre, and by it for the agent who asks for it back."""

    vault_id: str
    cle: bytes


class DemandeDeSecours(msgspec.Struct):
    """What an agent takes to support: the sealed key of his vault, and a key of the moment to answer under."""

    vault_id: str
    secours: bytes
    reponse_pour: bytes


class Mutation(msgspec.Struct, omit_defaults=True):
    """`new`: a fact and all its fields. `set`: the changed fields, and what they were based on."""

    k: str
    type: str
    id: str
    set: dict[str, Any]
    was: dict[str, Any] = {}


class Operation(msgspec.Struct, omit_defaults=True):
    """One act of a person, numbered in the lane of its device and scope.

    `a_part`: the workstation saw the centre fail on it, and asks that it be set aside unread, so that the lane goes on.
    """

    lseq: int
    opid: str
    v: int
    muts: list[Mutation]
    a_part: bool = False


class Envoi(msgspec.Struct):
    """`POST /v1/sync/push`: `base` is the last number of the lane that this device no longer holds."""

    appareil: str
    portee: str
    epoque: str
    base: int
    operations: list[Operation]


class Verdict(msgspec.Struct, omit_defaults=True):
    """What became of one operation; stored by the centre and given again to whoever asks twice.

    `serveur`: the fields as the centre has them, written by `auteur` at `le`; `champ`: which one differs.
    `lignes`: the rows it touched, as they are now. `couloir`: the lane's last number, in a gap.
    """

    lseq: int
    opid: str
    st: str
    code: str = ""
    detail: str = ""
    champ: str = ""
    serveur: dict[str, Any] = {}
    auteur: str = ""
    le: str = ""
    couloir: int = 0
    lignes: list[Ligne] = []


class Scelles(msgspec.Struct):
    """`POST /v1/sync/scelles`: operations of a scope that this device lost, sealed for the centre, after a restore."""

    appareil: str
    portee: str
    scelles: list[bytes]


class Retraits(msgspec.Struct):
    """`POST /v1/sync/retraits`: revocations of mandates, heard before their turn; each comes in its lane too."""

    appareil: str
    portee: str
    operations: list[Operation]


class Possession(msgspec.Struct):
    """`POST /v1/slots/own`: slots that a device asks to own, so as to confirm them while offline."""

    appareil: str
    portee: str
    creneaux: list[str]


class Accord(msgspec.Struct):
    """The answer: slots and the number of their right, valid `duree_s` seconds from before the request."""

    accordes: list[tuple[str, int]]
    duree_s: int


class Restitution(msgspec.Struct):
    """`POST /v1/slots/release`: rights given back, once the lane has been executed up to `barriere`."""

    appareil: str
    portee: str
    paires: list[tuple[str, int]]
    barriere: int


class Rendus(msgspec.Struct):
    """The answer: the slots that are no longer this device's."""

    rendus: list[str]


class EtatFichier(msgspec.Struct):
    """Which parts of a file the centre holds, and whether it is complete."""

    complet: bool
    parts: list[int]


class DemandeTelephone(msgspec.Struct):
    """For which scope a desk opens a link to a visitor's telephone."""

    portee: str


class LienTelephone(msgspec.Struct):
    """A link for a visitor's telephone: what the desk calls it, what is shown as a code, until when it serves."""

    id: str
    adresse: str
    jusqua: str


class PhotoTelephone(msgspec.Struct):
    """A photo that waits for the desk."""

    sha256: str
    octets: int


class EtatTelephone(msgspec.Struct):
    """Where a link stands, for its desk. `en_cours`: photos of which a part has come."""

    pris: bool
    en_cours: int
    photos: list[PhotoTelephone]


class PhotoVue(msgspec.Struct):
    """A photo as its sender is told of it: `en_cours` (with the parts that came), `recue` by the centre, `remise` to the desk."""

    sha256: str
    etat: str
    parts: list[int]


class VueTelephone(msgspec.Struct):
    """Where a link stands, for the telephone: seconds left, and what was sent."""

    reste_s: int
    photos: list[PhotoVue]


class AgentDemonstration(msgspec.Struct):
    """A person whom the demonstration lets sign in by one click."""

    login: str
    nom: str
    fonction: str
    lieu: str


class Moi(msgspec.Struct):
    """Who the centre takes the bearer of a token for."""

    agent_id: str
    portee_agent: str
    nom: str = ""


class LigneJournal(msgspec.Struct):
    """A line of the access journal; `place` is where the next page goes on from."""

    place: int
    agent_id: str
    auteur: str
    le: str
    action: str
    objet: str
    motif: str
    appareil: str


class Consultation(msgspec.Struct):
    """That somebody's data were looked at, as they are told of it: never by whom."""

    le: str
    service: str
    action: str
    motif: str


class ExportDossier(msgspec.Struct):
    """`GET /v1/dossiers/export`: all that is held of a dossier's people. `donnees`: rows by entity; `durees`: how long each family is kept."""

    exporte_le: str
    service: str
    numero: str
    donnees: dict[str, list[dict[str, Any]]]
    consultations: list[Consultation]
    destinataires: list[str]
    durees: dict[str, str]


class BrisDeGlace(msgspec.Struct):
    """`POST /v1/dossiers/glace`: a dossier of another site, by its exact number or by its id that a search gave, and why it must be seen."""

    numero: str
    motif: str
    dossier: str = ""


class RechercheHorsPortee(msgspec.Struct):
    """`POST /v1/dossiers/recherche`: words that begin those of a name, and perhaps the days between which the person was born."""

    mots: list[str]
    ne_du: date | None = None
    ne_au: date | None = None


class TrouveHorsPortee(msgspec.Struct):
    """Somebody of another site, masked: enough to tell whether it may be the person at the counter. `portee` and `dossier` open it, with a reason."""

    portee: str
    dossier: str
    nom: str
    initiale: str
    annee: int
    organisme: str


class ResultatsHorsPortee(msgspec.Struct):
    """The first found; `plus`: there are more."""

    trouves: list[TrouveHorsPortee]
    plus: bool


class DossierHorsPortee(msgspec.Struct):
    """A dossier of another site, to be shown until a moment and kept nowhere. `donnees`: rows by entity."""

    portee: str
    jusqua: str
    donnees: dict[str, list[dict[str, Any]]]


class DoublonNomme(msgspec.Struct):
    """A pair of people of a scope, by its id."""

    portee: str
    doublon: str


class Fusion(DoublonNomme):
    """`POST /v1/doublons/fusion`: join a pair. `garde`: the person who stays; `repris`: the fields that are taken from the other."""

    garde: str
    repris: list[str]


class Fusionnes(msgspec.Struct):
    """The dossier that stays, and how many fields changed."""

    dossier: str
    changements: int


class Separes(msgspec.Struct):
    """How many fields took back what they had, and how many were changed since and stay as they are."""

    rendus: int
    gardes: int


class CompteAgent(msgspec.Struct):
    """An agent of a scope. `etat` of his account: aucun, invite, ouvert, ferme; attendu or fournisseur when a provider vouches for him.

    `rattachement`: his provider changed, and a responsable has to confirm him.
    """

    login: str
    nom: str
    fonction: str
    role: str
    etat: str
    rattachement: bool


class DesignationAgent(msgspec.Struct):
    """An agent by his name, on a scope where who asks manages him."""

    portee: str
    login: str


class Invitation(msgspec.Struct):
    """Where an agent chooses his password, once: a path of the centre's address."""

    chemin: str


class Probleme(msgspec.Struct, omit_defaults=True):
    """Problem details (RFC 9457) with our stable `code`; `retry_in` in seconds."""

    title: str
    status: int
    code: str
    detail: str = ""
    type: str = "about:blank"
    retry_in: float = 0
