"""The visitor's telephone: a link that serves once and for minutes, and the photos that come by it until the desk has them."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from guichet.central.base import BaseCentre
from guichet.central.fichiers import Fichiers
from guichet.central.fil import inserer_absent
from guichet.central.identity.familles import empreinte
from guichet.central.identity.regles import regle
from guichet.central.refus import RefusCentre
from guichet.central.tables import lien_telephone, photo_telephone
from guichet.contract.codes import Code

PART_OCTETS = 128 * 1024
"""What a cut line costs at most: two seconds at 512 kbit/s."""
Lien = Row[tuple[str, str, str, str, str | None, datetime]]


def ouvrir(connexion: Connection, portee: str, agent_id: str, lieu: str) -> tuple[str, datetime]:
    """Make a link for a desk; return its secret and its end."""
    secret = secrets.token_urlsafe(24)
    fin = datetime.now(UTC) + timedelta(minutes=regle("telephone")["minutes"])
    valeurs = {"empreinte": empreinte(secret), "portee": portee, "agent_id": agent_id, "lieu": lieu, "expire_le": fin}
    connexion.execute(insert(lien_telephone).values(valeurs))
    return secret, fin


def trouver(connexion: Connection, secret: str) -> Lien:
    """Return an open link by its secret. Raises RefusCentre 410 for one that is over, or never was."""
    return _vivant(connexion, lien_telephone.c.empreinte == empreinte(secret))


def prendre(connexion: Connection, secret: str, deja: str) -> str:
    """Tie a link to the first browser that takes it; return that browser's secret. Raises RefusCentre 410 for any other browser."""
    lien = trouver(connexion, secret)
    if tenu_par(lien, deja):
        return deja
    temoin = secrets.token_urlsafe(24)
    libre = (lien_telephone.c.empreinte == lien.empreinte) & lien_telephone.c.temoin.is_(None)
    if not connexion.execute(update(lien_telephone).where(libre).values(temoin=empreinte(temoin))).rowcount:
        raise RefusCentre(410, Code.INTROUVABLE, "Ce lien a déjà servi sur un autre téléphone. Demandez-en un autre au conseiller.")
    return temoin


def tenu_par(lien: Lien, temoin: str) -> bool:
    """Tell whether a link was taken by the browser that has this secret."""
    return lien.temoin is not None and secrets.compare_digest(lien.temoin, empreinte(temoin))


def du_telephone(connexion: Connection, secret: str, temoin: str) -> Lien:
    """Return the link of the browser that took it. Raises RefusCentre 410 when it is over, 403 for another browser."""
    lien = trouver(connexion, secret)
    if not tenu_par(lien, temoin):
        raise RefusCentre(403, Code.ECRITURE_INTERDITE, "Ce lien sert déjà sur un autre téléphone.")
    return lien


def du_poste(connexion: Connection, id_: str, portee: str, agent_id: str) -> Lien:
    """Return the link that an agent opened. Raises RefusCentre 404 when it is over or another's."""
    t = lien_telephone.c
    try:
        return _vivant(connexion, (t.empreinte == id_) & (t.portee == portee) & (t.agent_id == agent_id))
    except RefusCentre:
        raise RefusCentre(404, Code.INTROUVABLE, "Ce lien n'est plus valable : montrez un nouveau code.") from None


def recevoir(base: BaseCentre, fichiers: Fichiers, lien: Lien, sha256: str, numero: int, octets: int, part: bytes) -> bool:
    """Keep one part of a photo of so many bytes; return whether it is whole now. Raises RefusCentre past the limits, or when it is damaged."""
    limites, dossier = regle("telephone"), _dossier(lien.empreinte)
    nombre = -(-octets // PART_OCTETS)
    if not 0 < octets <= limites["photo_octets"] or not 0 <= numero < nombre:
        raise RefusCentre(413, Code.FICHIER_TROP_LOURD, "Cette photo est trop lourde.")
    fichiers.chemin(dossier, sha256)
    if base.ecrire(lambda c: _annoncer(c, lien.empreinte, sha256, octets, limites["photos"])) != "en_cours":
        return True
    fichiers.recevoir(dossier, sha256, numero, part)
    if fichiers.parts(dossier, sha256) != list(range(nombre)):
        return False
    fichiers.assembler(dossier, sha256, nombre)
    base.ecrire(lambda c: _noter(c, lien.empreinte, sha256, "recue"))
    return True


def photos(connexion: Connection, id_: str) -> Sequence[Row[Any, Any, Any]]:
    """Return the photos of a link in the order they came: sha256, octets, etat."""
    t = photo_telephone.c
    return connexion.execute(select(t.sha256, t.octets, t.etat).where(t.lien == id_).order_by(t.le, t.sha256)).all()


def parts(fichiers: Fichiers, id_: str, sha256: str) -> list[int]:
    """Return which parts of a photo the centre holds."""
    return fichiers.parts(_dossier(id_), sha256)


def lire(fichiers: Fichiers, id_: str, sha256: str) -> bytes:
    """Return a photo that was received. Raises RefusCentre 404 when it is not here."""
    try:
        return fichiers.chemin(_dossier(id_), sha256).read_bytes()
    except FileNotFoundError:
        raise RefusCentre(404, Code.INTROUVABLE, "Cette photo n'est pas au centre.") from None


def remettre(base: BaseCentre, fichiers: Fichiers, id_: str, sha256: str) -> None:
    """Erase a photo that the desk has; the telephone is told so."""
    fichiers.chemin(_dossier(id_), sha256)
    base.ecrire(lambda c: _noter(c, id_, sha256, "remise"))
    fichiers.effacer(_dossier(id_), sha256)


def fermer(base: BaseCentre, fichiers: Fichiers, id_: str) -> None:
    """End a link and erase all that came by it."""

    def travail(connexion: Connection) -> None:
        connexion.execute(delete(photo_telephone).where(photo_telephone.c.lien == id_))
        connexion.execute(delete(lien_telephone).where(lien_telephone.c.empreinte == id_))

    base.ecrire(travail)
    fichiers.oublier(_dossier(id_))


def fermer_les_perimes(base: BaseCentre, fichiers: Fichiers, maintenant: datetime) -> None:
    """End the links whose time is over."""
    with base.lecture() as connexion:
        perimes = connexion.scalars(select(lien_telephone.c.empreinte).where(lien_telephone.c.expire_le < maintenant)).all()
    for id_ in perimes:
        fermer(base, fichiers, id_)


def _vivant(connexion: Connection, celui: Any) -> Lien:  # noqa: ANN401 (a condition)
    lien = connexion.execute(select(lien_telephone).where(celui)).first()
    if lien is None or lien.expire_le <= datetime.now(UTC):
        raise RefusCentre(410, Code.INTROUVABLE, "Ce lien n'est plus valable. Demandez-en un autre au conseiller.")
    return lien


def _annoncer(connexion: Connection, id_: str, sha256: str, octets: int, au_plus: int) -> str:
    t = photo_telephone.c
    etat: str | None = connexion.scalar(select(t.etat).where(t.lien == id_, t.sha256 == sha256))
    if etat is not None:
        return etat
    if (connexion.scalar(select(func.count()).where(t.lien == id_)) or 0) >= au_plus:
        raise RefusCentre(413, Code.LOT_TROP_LOURD, f"Ce lien a déjà reçu {au_plus} photos. Demandez-en un autre au conseiller.")
    ligne = {"lien": id_, "sha256": sha256, "octets": octets, "etat": "en_cours", "le": datetime.now(UTC)}
    inserer_absent(connexion, photo_telephone, ligne)
    return "en_cours"


def _noter(connexion: Connection, id_: str, sha256: str, etat: str) -> None:
    t = photo_telephone
    connexion.execute(update(t).where(t.c.lien == id_, t.c.sha256 == sha256).values(etat=etat))


def _dossier(id_: str) -> str:
    """Return the name under which its files lie, among those of scopes."""
    return f"telephone:{id_}"
