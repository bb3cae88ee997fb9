"""People of this workstation who may be one: the pairs to look at, what is known of each, and whom somebody new looks like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, select
from sqlalchemy.orm import aliased

from guichet.models import Contact, Demarche, Dossier, Doublon, Identifiant, Organisme, Personne
from guichet.models.enums import EtatDoublon, TypeIdentifiant
from guichet.rules.recherche import Champ, Critere, Requete, plier
from guichet.store.dossiers import Trouve, chercher

_CANDIDATS = 200


@dataclass(frozen=True)
class DoublonLu:
    """A pair, by name and number; `decide_le`: when it was joined."""

    id: str
    portee: str
    score: int
    raisons: tuple[str, ...]
    etat: EtatDoublon
    noms: tuple[str, str]
    numeros: tuple[str, str]
    decide_le: datetime | None


@dataclass(frozen=True)
class Cote:
    """One of a pair: her row, her dossier's, her contacts by kind, her NIR, how many requests her dossier has."""

    personne: Mapping[str, Any]
    dossier: Mapping[str, Any]
    contacts: Mapping[str, Mapping[str, Any]]
    nir: str
    demarches: int


def du_site(connexion: Connection, portee: str, fusions_depuis: datetime, limite: int) -> list[DoublonLu]:
    """Return the pairs to look at, the likeliest first, then those joined since a moment, the latest first."""
    a_voir = _paires(portee).where(Doublon.etat == EtatDoublon.A_EXAMINER).order_by(Doublon.score.desc(), Doublon.id).limit(limite)
    jointes = (
        _paires(portee)
        .where(Doublon.etat == EtatDoublon.FUSIONNE, Doublon.decide_le >= fusions_depuis)
        .order_by(Doublon.decide_le.desc())
        .limit(limite)
    )
    return [_lu(x) for requete in (a_voir, jointes) for x in connexion.execute(requete)]


def lire(connexion: Connection, portee: str, id_: str) -> tuple[DoublonLu, Cote, Cote] | None:
    """Return a pair and what is known of each, or None when it is gone."""
    x = connexion.execute(_paires(portee).where(Doublon.id == id_)).first()
    if x is None:
        return None
    return _lu(x), _cote(connexion, portee, x.personne_id, x.dossier_id), _cote(connexion, portee, x.autre_id, x.autre_dossier_id)


def candidats(connexion: Connection, noms: Sequence[str], prenoms: str, ne_le: date, nir: str) -> list[Trouve]:
    """Return who may be somebody new: of her NIR, of a name like hers with her first name, or born on her day."""
    premier = plier(prenoms).split()[:1]
    requetes = [Requete(criteres=(Critere(Champ.NAISSANCE, ne_le.isoformat()),))]
    requetes += [Requete(mots=(*plier(nom).split(), *premier)) for nom in noms if nom]
    if nir:
        requetes.append(Requete(criteres=(Critere(Champ.NIR, nir),)))
    trouves = (t for requete in requetes for t in chercher(connexion, requete, _CANDIDATS))
    return list({t.personne_id: t for t in trouves}.values())


def identite(connexion: Connection, portee: str, personne_id: str) -> tuple[Mapping[str, Any], str] | None:
    """Return a person's row and NIR, or None when she is gone."""
    t = Personne.__table__
    ligne = connexion.execute(select(t).where(t.c.scope_id == portee, t.c.id == personne_id)).mappings().first()
    return (dict(ligne), _nir(connexion, portee, personne_id)) if ligne is not None else None


def organismes(connexion: Connection, types: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return the bodies of some kinds: id, name, département."""
    requete = select(Organisme.id, Organisme.nom, Organisme.departement).where(Organisme.type.in_(types)).order_by(Organisme.nom)
    return [(x.id, x.nom, x.departement) for x in connexion.execute(requete)]


def _paires(portee: str) -> Any:  # noqa: ANN401 (a Select of Doublon and of four columns)
    une, autre, son_dossier, l_autre_dossier = aliased(Personne), aliased(Personne), aliased(Dossier), aliased(Dossier)
    colonnes = [une.nom_naissance, une.prenoms, son_dossier.numero]
    celles_de_l_autre = [
        autre.nom_naissance.label("autre_nom"),
        autre.prenoms.label("autre_prenoms"),
        l_autre_dossier.numero.label("autre_numero"),
    ]
    return (
        select(Doublon.__table__, *colonnes, *celles_de_l_autre)
        .join(une, and_(une.scope_id == Doublon.scope_id, une.id == Doublon.personne_id))
        .join(autre, and_(autre.scope_id == Doublon.scope_id, autre.id == Doublon.autre_id))
        .join(son_dossier, and_(son_dossier.scope_id == Doublon.scope_id, son_dossier.id == Doublon.dossier_id))
        .join(l_autre_dossier, and_(l_autre_dossier.scope_id == Doublon.scope_id, l_autre_dossier.id == Doublon.autre_dossier_id))
        .where(Doublon.scope_id == portee)
    )


def _lu(x: Any) -> DoublonLu:  # noqa: ANN401 (a row of _paires)
    noms = f"{x.nom_naissance.upper()} {x.prenoms}", f"{x.autre_nom.upper()} {x.autre_prenoms}"
    return DoublonLu(
        x.id, x.scope_id, x.score, tuple(x.raisons), EtatDoublon(x.etat), noms, (x.numero, x.autre_numero), x.decide_le
    )  # fmt: skip


def _cote(connexion: Connection, portee: str, personne_id: str, dossier_id: str) -> Cote:
    def une(classe: Any, id_: str) -> Mapping[str, Any]:  # noqa: ANN401 (a mapped class)
        t = classe.__table__
        return dict(connexion.execute(select(t).where(t.c.scope_id == portee, t.c.id == id_)).mappings().one())

    t = Contact.__table__
    contacts = connexion.execute(select(t).where(t.c.scope_id == portee, t.c.personne_id == personne_id)).mappings()
    demarches = connexion.scalars(select(Demarche.id).where(Demarche.scope_id == portee, Demarche.dossier_id == dossier_id)).all()
    return Cote(
        une(Personne, personne_id), une(Dossier, dossier_id), {c["type"]: dict(c) for c in contacts}, _nir(connexion, portee, personne_id),
        len(demarches),
    )  # fmt: skip


def _nir(connexion: Connection, portee: str, personne_id: str) -> str:
    requete = select(Identifiant.valeur).where(Identifiant.scope_id == portee, Identifiant.personne_id == personne_id)
    return connexion.scalar(requete.where(Identifiant.type == TypeIdentifiant.NIR).limit(1)) or ""
