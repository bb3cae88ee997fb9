"""Papers made at counters: what each says, for whoever was given one and asks whether it is true."""

import hashlib
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from guichet.central.fil import inserer_absent
from guichet.central.garde import elargir
from guichet.central.tables import papier
from guichet.models import Attestation
from guichet.models.enums import TypePapier
from guichet.rules.papiers import lire_reference

VERIFIABLES = frozenset(TypePapier) - {TypePapier.RECAPITULATIF, TypePapier.LETTRE, TypePapier.RECU_DEPOT}
_LIGNES_AU_PLUS, _SIGNES_AU_PLUS = 500, 200


def complet(valeurs: dict[str, Any]) -> bool:
    """Tell whether a paper says what a reader needs: whom it is about, who made it, its lines of words and cents, or none."""
    contenu = valeurs["contenu"]
    lignes = contenu.get("lignes")
    return (
        valeurs["type"] in VERIFIABLES
        and lire_reference(valeurs["reference"]) == valeurs["reference"]
        and all(_mots(contenu.get(nom)) for nom in ("titulaire", "organisme"))
        and isinstance(lignes, list)
        and len(lignes) <= _LIGNES_AU_PLUS
        and all(isinstance(x, list) and len(x) == 2 and _mots(x[0]) and isinstance(x[1], int | None) for x in lignes)
    )


def _mots(valeur: object) -> bool:
    return isinstance(valeur, str) and 0 < len(valeur) <= _SIGNES_AU_PLUS


def noter(connexion: Connection, portee: str, id_: str, reference: str) -> None:
    """Let a paper be found by its reference alone."""
    inserer_absent(connexion, papier, {"empreinte": _empreinte(reference), "portee": portee, "attestation_id": id_})


def verifier(connexion: Connection, reference: str) -> RowMapping | None:
    """Return the paper of a reference, whatever site made it, or None. Who has the reference has the paper."""
    lu = connexion.execute(select(papier.c.portee, papier.c.attestation_id).where(papier.c.empreinte == _empreinte(reference))).first()
    if lu is None:
        return None
    elargir(connexion, [lu.portee])
    t = Attestation.__table__.c
    requete = select(t.type, t.du, t.au, t.emise_le, t.contenu).where(t.scope_id == lu.portee, t.id == lu.attestation_id)
    return connexion.execute(requete).mappings().first()


def _empreinte(reference: str) -> str:
    return hashlib.sha256(reference.encode()).hexdigest()
