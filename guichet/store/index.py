"""The search index: one row per person and dossier, the words of his name, and the middles of name and numbers."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import BindParameter, Connection, bindparam, select, text

from guichet.contract.sync import Ligne
from guichet.models import ENTITES, Membre
from guichet.store import acces
from guichet.store.tables import recherche

_LIENS = {"dossier", "membre", "personne", "identifiant", "contact"}

_CORPS = """
SELECT m.scope_id, p.id, d.id, p.cle, p.nom_naissance, p.prenoms, p.ne_le, m.role, d.numero,
  (SELECT i.valeur FROM identifiant i WHERE i.scope_id = p.scope_id AND i.personne_id = p.id AND i.type = 'nir' LIMIT 1),
  (SELECT i.valeur FROM identifiant i WHERE i.scope_id = p.scope_id AND i.personne_id = p.id AND i.type = 'provisoire' LIMIT 1),
  (SELECT c.valeur FROM contact c WHERE c.scope_id = p.scope_id AND c.personne_id = p.id AND c.type = 'telephone' LIMIT 1),
  a.code_postal, a.commune, CASE m.role WHEN 'responsable' THEN cle_adresse(a.valeur) END
FROM membre m
JOIN dossier d ON d.scope_id = m.scope_id AND d.id = m.dossier_id
JOIN personne p ON p.scope_id = m.scope_id AND p.id = m.personne_id
LEFT JOIN contact a ON a.scope_id = d.scope_id AND a.personne_id = d.responsable_id AND a.type = 'adresse'
WHERE m.scope_id = :portee AND d.fusionne_dans IS NULL
"""
_COLONNES = (
    "scope_id, personne_id, dossier_id, cle, nom, prenoms, ne_le, role, numero, nir, provisoire, telephone, code_postal, commune, adresse"
)
_TEXTES = {"recherche_mots": "mots", "recherche_milieux": "texte"}
_CONTENUS = {"recherche_mots": "cle", "recherche_milieux": "cle || ' ' || numero || ' ' || coalesce(nir, '')"}
_LOT = 300


def refaire(connexion: Connection, portee: str, lignes: Sequence[Ligne]) -> None:
    """Bring the index in step with the rows of one page."""
    if any(x.type in _LIENS and x.supprimee for x in lignes):
        tout_refaire(connexion, portee)
        return
    for lot in _lots(_dossiers_touches(connexion, portee, [x for x in lignes if x.type in _LIENS])):
        rafraichir(connexion, portee, lot)


def suivre(connexion: Connection, portee: str, type_: str, id_: str) -> None:
    """Bring the index in step with one row that was edited here: what was just typed is found, line or no line."""
    if type_ not in _LIENS:
        return
    table = ENTITES[type_].__table__
    lien = next((table.c[nom] for nom in ("dossier_id", "personne_id") if nom in table.c), table.c.id)
    cible = connexion.scalar(select(lien).where(table.c.scope_id == portee, table.c.id == id_))
    if cible is not None:
        dossiers = {cible} if type_ in ("dossier", "membre") else _dossiers_de(connexion, portee, [cible])
        rafraichir(connexion, portee, sorted(dossiers))


class _Renvois(msgspec.Struct):
    dossier_id: str = ""
    personne_id: str = ""


def _dossiers_touches(connexion: Connection, portee: str, lignes: Sequence[Ligne]) -> set[str]:
    """Return the dossiers whose lines may differ once these rows are written."""
    dossiers, personnes = set[str](), set[str]()
    for x in lignes:
        renvois = msgspec.json.decode(x.corps, type=_Renvois)
        if x.type in ("dossier", "membre"):
            dossiers.add(renvois.dossier_id or x.id)
        else:
            personnes.add(renvois.personne_id or x.id)
    return dossiers | _dossiers_de(connexion, portee, personnes)


def _dossiers_de(connexion: Connection, portee: str, personnes: Iterable[str]) -> set[str]:
    dossiers = set[str]()
    for lot in _lots(personnes):
        requete = select(Membre.dossier_id).where(Membre.scope_id == portee, Membre.personne_id.in_(lot))
        dossiers.update(connexion.scalars(requete))
    return dossiers


def tout_refaire(connexion: Connection, portee: str) -> None:
    """Build a scope's index again, in one pass."""
    vider(connexion, portee)
    if connexion.execute(select(Membre.id).where(Membre.scope_id == portee).limit(1)).first() is None:
        return
    acces.ranger(connexion, [recherche])
    _ajouter(connexion, portee, None)
    acces.poser(connexion, [recherche])


def vider(connexion: Connection, portee: str) -> None:
    """Remove a scope from the index."""
    _retirer(connexion, "scope_id = :portee", {"portee": portee})


def completer_textes(connexion: Connection, apres: int = 0) -> None:
    """Write the full texts of the rows added after a row number."""
    for table, colonne in _TEXTES.items():
        # Tables and expressions are our own constants.
        requete = f"INSERT INTO {table}(rowid, {colonne}) SELECT rid, {_CONTENUS[table]} FROM recherche WHERE rid > :apres"  # noqa: S608
        connexion.execute(text(requete), {"apres": apres})


def _ajouter(connexion: Connection, portee: str, dossiers: Sequence[str] | None) -> None:
    dernier = connexion.scalar(text("SELECT coalesce(max(rid), 0) FROM recherche"))
    requete = f"INSERT INTO recherche({_COLONNES}) {_CORPS}"
    if dossiers is None:
        connexion.execute(text(requete), {"portee": portee})
    else:
        borne = text(f"{requete} AND m.dossier_id IN :dossiers").bindparams(bindparam("dossiers", expanding=True))
        connexion.execute(borne, {"portee": portee, "dossiers": list(dossiers)})
    completer_textes(connexion, int(dernier or 0))


def rafraichir(connexion: Connection, portee: str, dossiers: Sequence[str]) -> None:
    """Bring some dossiers' lines in step, writing only those that changed: a telephone does not touch the full texts."""
    lot: BindParameter[object] = bindparam("dossiers", expanding=True)
    valeurs = {"portee": portee, "dossiers": list(dossiers)}
    neuves = {(x[1], x[2]): tuple(x) for x in connexion.execute(text(f"{_CORPS} AND m.dossier_id IN :dossiers").bindparams(lot), valeurs)}
    # Our own constants.
    lues = f"SELECT rid, {_COLONNES} FROM recherche WHERE scope_id = :portee AND dossier_id IN :dossiers"  # noqa: S608
    anciennes = {(x[2], x[3]): x for x in connexion.execute(text(lues).bindparams(lot), valeurs)}
    refaits = {cle[1] for cle in neuves.keys() ^ anciennes.keys()}
    refaits |= {cle[1] for cle, x in neuves.items() if cle in anciennes and _texte(x) != _texte(anciennes[cle][1:])}
    if refaits:
        _retirer(connexion, "dossier_id IN :dossiers", {"dossiers": sorted(refaits)})
        _ajouter(connexion, portee, sorted(refaits))
    colonnes = _COLONNES.split(", ")
    for rang, colonne in enumerate(colonnes):
        # Only what changed: an index is touched when one of its columns is named, were its value the same.
        changees = [
            {"valeur": x[rang], "rid": anciennes[cle][0]}
            for cle, x in neuves.items() if cle[1] not in refaits and x[rang] != anciennes[cle][1 + rang]
        ]  # fmt: skip
        if changees:
            connexion.execute(text(f"UPDATE recherche SET {colonne} = :valeur WHERE rid = :rid"), changees)  # noqa: S608


def _texte(ligne: Sequence[object]) -> tuple[object, ...]:
    """Return what the full texts are made of: key, number, NIR."""
    return ligne[3], ligne[8], ligne[9]


def _retirer(connexion: Connection, condition: str, valeurs: dict[str, object]) -> None:
    marques: list[BindParameter[object]] = [bindparam(nom, expanding=True) for nom, v in valeurs.items() if isinstance(v, (list, tuple))]
    requetes = [
        f"DELETE FROM {table} WHERE rowid IN (SELECT rid FROM recherche WHERE {condition})"  # noqa: S608 (our own constants)
        for table in _TEXTES
    ]
    requetes.append(f"DELETE FROM recherche WHERE {condition}")  # noqa: S608 (our own constants)
    for requete in requetes:
        connexion.execute(text(requete).bindparams(*marques), valeurs)


def _lots(ids: Iterable[str]) -> Iterable[list[str]]:
    liste = list(ids)
    return (liste[debut : debut + _LOT] for debut in range(0, len(liste), _LOT))
