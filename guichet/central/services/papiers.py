"""Papers made at counters: what each says, for whoever was given one and asks whether it is true."""

from typing import Any

from sqlalchemy import Connection, RowMapping, select

from guichet.central.fil import portees_du_genre
from guichet.central.garde import elargir
from guichet.models import Attestation
from guichet.models.enums import TypePapier
from guichet.rules.papiers import lire_reference

VERIFIABLES = frozenset(TypePapier) - {TypePapier.RECAPITULATIF}
_LIGNES_AU_PLUS, _SIGNES_AU_PLUS = 500, 200


def complet(valeurs: dict[str, Any]) -> bool:
    """Tell whether a paper says what a reader needs: whom it is about, who made it, its lines of words and cents."""
    contenu = valeurs["contenu"]
    lignes = contenu.get("lignes")
    return (
        valeurs["type"] in VERIFIABLES
        and lire_reference(valeurs["reference"]) == valeurs["reference"]
        and all(_mots(contenu.get(nom)) for nom in ("titulaire", "organisme"))
        and isinstance(lignes, list)
        and len(lignes) <= _LIGNES_AU_PLUS
        and all(isinstance(x, list) and len(x) == 2 and _mots(x[0]) and isinstance(x[1], int) for x in lignes)
    )


def _mots(valeur: object) -> bool:
    return isinstance(valeur, str) and 0 < len(valeur) <= _SIGNES_AU_PLUS


def verifier(connexion: Connection, reference: str) -> RowMapping | None:
    """Return the paper of a reference, whatever site made it, or None. Who has the reference has the paper."""
    portees = portees_du_genre(connexion, "site")
    elargir(connexion, portees)
    t = Attestation.__table__.c
    requete = select(t.type, t.du, t.au, t.emise_le, t.contenu).where(t.scope_id.in_(portees), t.reference == reference)
    return connexion.execute(requete).mappings().first()
