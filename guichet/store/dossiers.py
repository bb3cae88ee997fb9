"""Dossiers on this workstation: finding one, and reading its card."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    Select,
    bindparam,
    case,
    func,
    literal_column,
    null,
    select,
    text,
)  # fmt: skip

from guichet.contract import corps
from guichet.contract.vues import lisibles
from guichet.models import (
    Alerte,
    Contact,
    Courrier,
    Demarche,
    Dette,
    Document,
    Dossier,
    Droit,
    Echeance,
    Foyer,
    Identifiant,
    Membre,
    Organisme,
    Paiement,
    Personne,
    Piece,
    Prestation,
    Ressource,
    Retenue,
    Visite,
)  # fmt: skip
from guichet.rules.phonetique import initiales, se_ressemblent
from guichet.rules.recherche import Champ, Critere, Requete
from guichet.rules.visiteurs import Vue
from guichet.store.tables import curseur, recherche
from guichet.store.visites import QUELQU_UN

_ICI = recherche.c


def _hors_visite(colonne: ColumnElement[str | None]) -> ColumnElement[str | None]:
    """Where people live is their contact details: not for a visitor who reads over the desk (AUT-06, SEC-03)."""
    return case((QUELQU_UN, null()), else_=colonne)


_CHOIX = select(
    _ICI.rid, _ICI.scope_id, _ICI.dossier_id, _ICI.personne_id, _ICI.nom, _ICI.prenoms, _ICI.ne_le, _ICI.role, _ICI.numero,
    _hors_visite(_ICI.code_postal), _hors_visite(_ICI.commune),
)  # fmt: skip
"""What a Trouve is made of, in its order, but why."""
_COLONNES = {
    Champ.NIR: recherche.c.nir, Champ.NUMERO: recherche.c.numero, Champ.PROVISOIRE: recherche.c.provisoire,
    Champ.TELEPHONE: recherche.c.telephone,
}  # fmt: skip
_RECUES = (
    "dossier", "foyer", "membre", "personne", "identifiant", "contact", "alerte", "droit", "paiement", "retenue", "ressource", "dette",
    "demarche", "piece", "courrier", "echeance", "document", "visite",
)  # fmt: skip
_AU_DELA = "\U0010ffff"
_VARIANTES = 40
_MILIEU_LETTRES, _CANDIDATS = 4, 4
"""From how many letters the middle of a word is looked for; how many candidates are looked at for each line shown."""


class Trouve(NamedTuple):
    """One person found, and why; `rid`: his row in the index. A plain tuple: fifty are made at each keystroke."""

    rid: int
    portee: str
    dossier_id: str
    personne_id: str
    nom: str
    prenoms: str
    ne_le: date
    role: str
    numero: str
    code_postal: str | None
    commune: str | None
    pourquoi: Champ


def numeros(connexion: Connection, portee: str, ids: Sequence[str]) -> dict[str, str]:
    """Return the numbers of those of these dossiers that are here."""
    lus = connexion.execute(select(Dossier.id, Dossier.numero).where(Dossier.scope_id == portee, Dossier.id.in_(ids)))
    return {x.id: x.numero for x in lus}


def chercher(connexion: Connection, requete: Requete, limite: int) -> list[Trouve]:
    """Return at most `limite` people, names in alphabetical order, each once per dossier."""
    trouves: dict[int, Trouve] = {}
    for lignes, pourquoi in _passes(connexion, requete, limite):
        trouves |= _nommes([x for x in lignes if x[0] not in trouves] if trouves else lignes, pourquoi)
        if len(trouves) >= limite:
            break
    if not trouves and requete.mots:
        trouves = _nommes(_approchants(connexion, requete, limite), Champ.PROCHE)
    if not trouves:
        trouves = _nommes(_par_ancien_numero(connexion, requete), Champ.NUMERO)
    return list(trouves.values())[:limite]


def _nommes(lignes: Sequence[Any], pourquoi: Champ) -> dict[int, Trouve]:
    # A NamedTuple's own _make counts the values again, which the statement fixes.
    faire = tuple.__new__
    return {x[0]: faire(Trouve, (*x, pourquoi)) for x in lignes}


def _par_ancien_numero(connexion: Connection, requete: Requete) -> Sequence[Any]:
    """People of the dossier that took the place of another, by the number that this one had: papers still bear it."""
    entiers = [c.valeur for c in requete.criteres if c.champ is Champ.NUMERO and not c.prefixe]
    if not entiers:
        return ()
    ici = Dossier.scope_id.in_(select(curseur.c.scope_id))
    restes = select(Dossier.fusionne_dans).where(ici, Dossier.numero.in_(entiers), Dossier.fusionne_dans.is_not(None))
    return connexion.execute(_CHOIX.where(recherche.c.dossier_id.in_(restes))).all()


def _passes(connexion: Connection, requete: Requete, limite: int) -> Iterator[tuple[Sequence[Any], Champ]]:
    for critere in requete.criteres:
        yield _par_critere(connexion, critere, limite), critere.champ
    if requete.milieu:
        yield _par_milieu(connexion, (requete.milieu,), limite), Champ.NUMERO
    if requete.voie:
        yield _par_adresse(connexion, requete, limite), Champ.ADRESSE
    if requete.mots:
        if not requete.precisee:
            yield _par_cle(connexion, requete.mots, limite), Champ.NOM
        yield _par_mots(connexion, requete, [f'"{mot}"*' for mot in requete.essentiels], limite), Champ.NOM
        if not requete.precisee and all(len(mot) >= _MILIEU_LETTRES for mot in requete.mots):
            yield _par_milieu(connexion, requete.mots, limite), Champ.NOM
    elif requete.naissance is not None:
        yield _nes_entre(connexion, *requete.naissance, limite), Champ.NAISSANCE


def _par_adresse(connexion: Connection, requete: Requete, limite: int) -> Sequence[Any]:
    """Who answers for the dossiers of a street, or of one of its numbers."""
    a = recherche.c.adresse
    choix = _CHOIX.where(a >= requete.voie, a < requete.voie + _AU_DELA)
    if requete.numero_voie:
        choix = choix.where(a.endswith(f" {requete.numero_voie}", autoescape=True))
    if requete.code_postal:
        choix = choix.where(recherche.c.code_postal == requete.code_postal)
    return connexion.execute(_au_plus(choix.order_by(a, recherche.c.rid), limite)).all()


def _approchants(connexion: Connection, requete: Requete, limite: int) -> Sequence[Any]:
    """People whose names are one typing error away, or sound the same: the words known here give those to look for."""
    motifs = []
    for mot in requete.essentiels:
        connus = [x for x in _vocabulaire(connexion, mot) if se_ressemblent(mot, x)]
        if not connus:
            return []
        motifs.append("(" + " OR ".join(f'"{x}"' for x in connus[:_VARIANTES]) + ")")
    return _par_mots(connexion, requete, motifs, limite)


def _vocabulaire(connexion: Connection, mot: str) -> Sequence[str]:
    """Return the words of names that begin as this one may; the table of them is the full text's own, seen by this connection alone."""
    connexion.execute(text("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulaire USING fts5vocab(main, recherche_mots, row)"))
    lettres = initiales(mot).lower()
    ou = " OR ".join(f"(term >= :debut{n} AND term < :fin{n})" for n, _ in enumerate(lettres))
    bornes = {f"{nom}{n}": valeur for n, lettre in enumerate(lettres) for nom, valeur in (("debut", lettre), ("fin", chr(ord(lettre) + 1)))}
    # Only the numbers of our own parameters are written in.
    termes = connexion.execute(text(f"SELECT term FROM temp.vocabulaire WHERE {ou}"), bornes).scalars()  # noqa: S608
    return [terme.upper() for terme in termes]


# Statements are made once for each shape and not at each keystroke, of which that was a third.
_ORDRE = (_ICI.cle, _ICI.rid)


def _au_plus(choix: Select[Any], limite: int) -> Select[Any]:
    """Write the limit in: SQLite prepares a statement again each time that its limit is a parameter, longer than it takes to find nobody."""
    return choix.limit(literal_column(str(limite), Integer)).offset(literal_column("0", Integer))


def _par_critere(connexion: Connection, critere: Critere, limite: int) -> Sequence[Any]:
    if critere.champ is Champ.NAISSANCE:
        jour = date.fromisoformat(critere.valeur)
        return _nes_entre(connexion, jour, jour, limite)
    valeurs = {"valeur": critere.valeur, "fin": critere.valeur + _AU_DELA} if critere.prefixe else {"valeur": critere.valeur}
    return connexion.execute(_requete_critere(critere.champ, limite, prefixe=critere.prefixe), valeurs).all()


@cache
def _requete_critere(champ: Champ, limite: int, *, prefixe: bool) -> Select[Any]:
    colonne = _COLONNES[champ]
    valeur: BindParameter[str] = bindparam("valeur")
    if prefixe:
        voulu = (colonne >= valeur) & (colonne < bindparam("fin"))
        return _au_plus(_CHOIX.where(voulu).order_by(colonne, *_ORDRE), limite)
    return _au_plus(_CHOIX.where(colonne == valeur).order_by(*_ORDRE), limite)


def _nes_entre(connexion: Connection, du: date, au: date, limite: int) -> Sequence[Any]:
    jours = {"du": du} if du == au else {"du": du, "au": au}
    return connexion.execute(_requete_nes(limite, un_jour=du == au), jours).all()


@cache
def _requete_nes(limite: int, *, un_jour: bool) -> Select[Any]:
    du: BindParameter[date] = bindparam("du")
    quand = _ICI.ne_le == du if un_jour else _ICI.ne_le.between(du, bindparam("au"))
    return _au_plus(_CHOIX.where(quand).order_by(_ICI.ne_le, *_ORDRE), limite)


def _par_cle(connexion: Connection, mots: tuple[str, ...], limite: int) -> Sequence[Any]:
    """Names typed in their order: a walk of the sorted index, no ranking (research/sync.md §2.7)."""
    debut = " ".join(mots)
    return connexion.execute(_requete_cle(limite), {"debut": debut, "fin": debut + _AU_DELA}).all()


@cache
def _requete_cle(limite: int) -> Select[Any]:
    return _au_plus(_CHOIX.where(_ICI.cle >= bindparam("debut"), _ICI.cle < bindparam("fin")).order_by(*_ORDRE), limite)


def _par_mots(connexion: Connection, requete: Requete, motifs: Sequence[str], limite: int) -> Sequence[Any]:
    """Words in any order: the full text gives the rows, unsorted beyond the limit."""
    valeurs: dict[str, Any] = {"motif": " AND ".join(motifs)}
    if requete.naissance is not None:
        valeurs |= {"du": requete.naissance[0], "au": requete.naissance[1]}
    if requete.code_postal:
        valeurs["code_postal"] = requete.code_postal
    return connexion.execute(_requete_mots(limite, nee=requete.naissance is not None, la=bool(requete.code_postal)), valeurs).all()


@cache
def _requete_mots(limite: int, *, nee: bool, la: bool) -> Select[Any]:
    sous = "SELECT rowid FROM recherche_mots WHERE recherche_mots MATCH :motif"
    if not (nee or la):
        sous += f" LIMIT {limite}"
    choix = _CHOIX.where(_ICI.rid.in_(text(sous).columns(_ICI.rid).scalar_subquery()))
    if nee:
        choix = choix.where(_ICI.ne_le.between(bindparam("du"), bindparam("au")))
    if la:
        choix = choix.where(_ICI.code_postal == bindparam("code_postal"))
    return _au_plus(choix.order_by(*_ORDRE), limite)


def _par_milieu(connexion: Connection, textes: Sequence[str], limite: int) -> Sequence[Any]:
    """Pieces found anywhere in a name or a number: the trigrams give candidates, which are looked at again (research/sync.md §2.7)."""
    trios = [texte[debut : debut + 3] for texte in textes for debut in range(len(texte) - 2)]
    motif = " AND ".join(f'"{trio}"' for trio in dict.fromkeys(trios))
    pieces = {f"piece{rang}": texte for rang, texte in enumerate(textes)}
    return connexion.execute(_requete_milieu(len(textes), limite), {"motif": motif} | pieces).all()


@cache
def _requete_milieu(combien: int, limite: int) -> Select[Any]:
    sous = "SELECT rowid FROM recherche_milieux WHERE recherche_milieux MATCH :motif"
    choisies = text(f"{sous} LIMIT {limite * _CANDIDATS}")
    ou = _ICI.cle + " " + _ICI.numero + " " + func.coalesce(_ICI.nir, "")
    pieces = [func.instr(ou, bindparam(f"piece{rang}")) > 0 for rang in range(combien)]
    choix = _CHOIX.where(_ICI.rid.in_(choisies.columns(_ICI.rid).scalar_subquery()), *pieces)
    return _au_plus(choix.order_by(*_ORDRE), limite)


@dataclass(frozen=True)
class FicheDossier:
    """Everything the card shows, as it is kept: rows of the tables of the same names."""

    dossier: Mapping[Any, Any]
    foyer: Mapping[Any, Any] | None
    membres: Sequence[Mapping[Any, Any]]
    identifiants: Sequence[Mapping[Any, Any]]
    contacts: Sequence[Mapping[Any, Any]]
    alertes: Sequence[Mapping[Any, Any]]
    droits: Sequence[Mapping[Any, Any]]
    paiements: Sequence[Mapping[Any, Any]]
    retenues: Sequence[Mapping[Any, Any]]
    ressources: Sequence[Mapping[Any, Any]]
    dettes: Sequence[Mapping[Any, Any]]
    demarches: Sequence[Mapping[Any, Any]]
    pieces: Sequence[Mapping[Any, Any]]
    courriers: Sequence[Mapping[Any, Any]]
    echeances: Sequence[Mapping[Any, Any]]
    documents: Sequence[Mapping[Any, Any]]
    visites: Sequence[Mapping[Any, Any]]
    prestations: Mapping[str, str]
    organisme: str | None
    """What kind of body it is of; None when that body is not known here."""


def entete(connexion: Connection, portee: str, dossier_id: str) -> Any:  # noqa: ANN401 (a row of these columns, or None)
    """Return who answers for a dossier (responsable_id) and since when it is closed (ferme_le), or None when it is not on this workstation."""
    voulu = (Dossier.scope_id == portee, Dossier.id == dossier_id)
    return connexion.execute(select(Dossier.responsable_id, Dossier.ferme_le).where(*voulu)).first()


def reste(connexion: Connection, portee: str, dossier_id: str) -> str:
    """Return the dossier that stands for this one: itself, or the one that took its place."""
    vers = connexion.scalar(select(Dossier.fusionne_dans).where(Dossier.scope_id == portee, Dossier.id == dossier_id))
    return reste(connexion, portee, vers) if vers else dossier_id


class AutreDossier(NamedTuple):
    """Another dossier of somebody, at its body, and its time (« Mes dossiers », AUT-12)."""

    dossier_id: str
    numero: str
    organisme: str
    ouvert_le: date
    ferme_le: date | None


def autres(connexion: Connection, portee: str, personne_id: str, dossier_id: str) -> list[AutreDossier]:
    """Return the other dossiers of a person, those that are open first."""
    requete = (
        select(Dossier.id, Dossier.numero, Dossier.organisme_nom, Dossier.ouvert_le, Dossier.ferme_le)
        .join(Membre, (Membre.scope_id == Dossier.scope_id) & (Membre.dossier_id == Dossier.id))
        .where(Membre.scope_id == portee, Membre.personne_id == personne_id, Membre.dossier_id != dossier_id)
        .where(Dossier.fusionne_dans.is_(None))
    )
    return [AutreDossier._make(x) for x in connexion.execute(requete.order_by(Dossier.ferme_le.is_not(None), Dossier.numero))]


def lire(connexion: Connection, portee: str, dossier_id: str, depuis: date, vue: Vue) -> FicheDossier | None:
    """Return what a view shows of a dossier, what happened in it from a day on (PAI-01, SUI-01), or None when it is not on this workstation."""

    def une(classe: Any, condition: ColumnElement[bool]) -> RowMapping | None:  # noqa: ANN401 (a mapped class)
        requete = lisibles(classe.__tablename__, vue).where(classe.scope_id == portee, condition)
        return connexion.execute(requete).mappings().first()

    dossier = une(Dossier, Dossier.id == dossier_id)
    if dossier is None:
        return None
    noms = [Personne.__table__.c[nom] for nom in ("nom_naissance", "nom_usage", "prenoms", "sexe", "ne_le")]
    lien = lisibles("membre", vue, *noms).join(Personne, (Personne.scope_id == Membre.scope_id) & (Personne.id == Membre.personne_id))
    membres = connexion.execute(lien.where(Membre.scope_id == portee, Membre.dossier_id == dossier_id)).mappings().all()
    personnes = [m["personne_id"] for m in membres]

    def du_dossier(classe: Any, ordre: Any, *conditions: ColumnElement[bool]) -> Sequence[RowMapping]:  # noqa: ANN401 (a mapped class and its column)
        requete = lisibles(classe.__tablename__, vue).where(classe.scope_id == portee, classe.dossier_id == dossier_id, *conditions)
        return connexion.execute(requete.order_by(ordre)).mappings().all()

    def des_personnes(classe: Any) -> Sequence[RowMapping]:  # noqa: ANN401 (a mapped class)
        requete = lisibles(classe.__tablename__, vue).where(classe.scope_id == portee, classe.personne_id.in_(personnes))
        return connexion.execute(requete).mappings().all()

    return FicheDossier(
        dossier=dossier,
        foyer=une(Foyer, Foyer.id == dossier["foyer_id"]),
        membres=membres,
        identifiants=des_personnes(Identifiant),
        contacts=des_personnes(Contact),
        alertes=du_dossier(Alerte, Alerte.demandee_le),
        droits=du_dossier(Droit, Droit.mois.desc()),
        paiements=du_dossier(Paiement, Paiement.verse_le.desc(), Paiement.verse_le >= depuis),
        retenues=du_dossier(Retenue, Retenue.id),
        ressources=du_dossier(Ressource, Ressource.annee.desc()),
        dettes=du_dossier(Dette, Dette.nee_le),
        demarches=du_dossier(Demarche, Demarche.deposee_le.desc(), Demarche.deposee_le >= depuis),
        pieces=du_dossier(Piece, Piece.demandee_le, Piece.document_id.is_(None)),
        courriers=du_dossier(Courrier, Courrier.le.desc(), Courrier.le >= depuis),
        echeances=du_dossier(Echeance, Echeance.le),
        documents=du_dossier(Document, Document.saisi_le.desc()),
        visites=du_dossier(Visite, Visite.ouverte_le.desc()),
        prestations=_prestations(connexion),
        organisme=_type_d_organisme(connexion, dossier["organisme_id"]),
    )


def recue(connexion: Connection, lignes: Mapping[str, Sequence[Mapping[str, Any]]], depuis: date) -> FicheDossier:
    """Return a dossier from rows that the centre gave and that are kept nowhere here; only the names of benefits are this vault's.

    Raises ValueError or LookupError when they are not those of a dossier.
    """
    lues = {
        nom: [corps.lire(nom, {c: v for c, v in x.items() if c != "id"}) | {"id": x["id"]} for x in lignes.get(nom, ())] for nom in _RECUES
    }
    gens = {p["id"]: p for p in lues["personne"]}

    def par(nom: str, champ: str, *, recents: bool = False) -> list[dict[str, Any]]:
        return sorted(lues[nom], key=lambda x: x[champ], reverse=recents)

    return FicheDossier(
        dossier=lues["dossier"][0],
        foyer=next(iter(lues["foyer"]), None),
        membres=[gens[m["personne_id"]] | m for m in lues["membre"]],
        identifiants=lues["identifiant"],
        contacts=lues["contact"],
        alertes=par("alerte", "demandee_le"),
        droits=par("droit", "mois", recents=True),
        paiements=[p for p in par("paiement", "verse_le", recents=True) if p["verse_le"] >= depuis],
        retenues=lues["retenue"],
        ressources=par("ressource", "annee", recents=True),
        dettes=par("dette", "nee_le"),
        demarches=[d for d in par("demarche", "deposee_le", recents=True) if d["deposee_le"] >= depuis],
        pieces=[p for p in par("piece", "demandee_le") if p["document_id"] is None],
        courriers=[c for c in par("courrier", "le", recents=True) if c["le"] >= depuis],
        echeances=par("echeance", "le"),
        documents=par("document", "saisi_le", recents=True),
        visites=par("visite", "ouverte_le", recents=True),
        prestations=_prestations(connexion),
        organisme=_type_d_organisme(connexion, lues["dossier"][0]["organisme_id"]),
    )


def _type_d_organisme(connexion: Connection, organisme_id: str) -> str | None:
    return connexion.scalar(select(Organisme.type).where(Organisme.id == organisme_id))


def _prestations(connexion: Connection) -> dict[str, str]:
    return dict(connexion.execute(select(Prestation.code, Prestation.libelle)).all())
