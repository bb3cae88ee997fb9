"""How long data live: what is past its time goes, family by family, here and, by its tombstones, on every workstation.

A dossier is past its time two years after the last thing that happened in it, when no request is open and nothing is owed. Its people go
with it when no other dossier has them. What is left of it: the line of the journal that says how many went.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Connection, Date, Table, and_, delete, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from guichet.central.fil import Ecrit, inscrire
from guichet.central.services import journal
from guichet.central.tables import fusion, historique, instantane, instantane_part, sync_row
from guichet.models import (
    ENTITES,
    Attestation,
    Avis,
    Contact,
    Courrier,
    Demarche,
    Dette,
    Document,
    Dossier,
    Doublon,
    Droit,
    Foyer,
    Identifiant,
    Mandat,
    Membre,
    Paiement,
    Personne,
    RendezVous,
    Visite,
)  # fmt: skip
from guichet.models.enums import EtatDemarche

_CLOSES = (EtatDemarche.TRAITEE, EtatDemarche.REFUSEE)
_VIE: tuple[InstrumentedAttribute[date] | InstrumentedAttribute[datetime], ...] = (
    Visite.ouverte_le, Mandat.signe_le, Attestation.emise_le, Document.saisi_le, Courrier.le, Demarche.deposee_le, Paiement.verse_le, Droit.mois,
)  # fmt: skip
"""What says that a dossier lives."""
_DU_DOSSIER = tuple(nom for nom, classe in ENTITES.items() if "dossier_id" in classe.__table__.c)
_LOT = 200
AU_PLUS = 50
"""How many of a family go in one transaction: those who write meanwhile wait no longer than that."""
AUTEUR = "centre"
"""Who purges, in the journal: nobody."""


@dataclass(frozen=True)
class Constat:
    """What one family holds past its time in a scope. `contenus`: files that nothing names any more, to be erased once this is committed."""

    portee: str
    famille: str
    a_purger: int
    lignes: int
    contenus: tuple[str, ...]


@dataclass(frozen=True)
class _Echu:
    """Rows to bury, and the contents of the documents among them."""

    lignes: list[tuple[str, str]]
    contenus: list[str]


def purger(
    connexion: Connection, portee: str, regle: Mapping[str, Any], aujourd_hui: date, *, au_plus: int | None, a_blanc: bool = False
) -> list[Constat]:
    """Let go of what is past its time in a scope, `au_plus` of each family (None: all); `a_blanc`: only say what would."""
    avant = aujourd_hui - relativedelta(months=regle["dossiers_mois"])
    familles = {
        "dossiers": [_graphe(connexion, portee, d) for d in dossiers_echus(connexion, portee, avant, au_plus)],
        "sans_dossier": _sans_dossier_echues(connexion, portee, avant)[:au_plus],
        "pieces_identite": _identites_echues(connexion, portee, regle, aujourd_hui)[:au_plus],
        "rendez_vous": _dates_echues(
            connexion, portee, "rendez_vous", RendezVous.saisi_le, aujourd_hui - relativedelta(months=regle["rendez_vous_mois"])
        )[:au_plus],
        "avis": _dates_echues(connexion, portee, "avis", Avis.le, aujourd_hui - relativedelta(months=regle["avis_mois"]))[:au_plus],
    }
    constats = []
    for famille, echus in familles.items():
        if not echus:
            continue
        contenus: tuple[str, ...] = ()
        if not a_blanc:
            contenus = _enterrer(connexion, portee, echus)
            journal.noter(connexion, portee, AUTEUR, "purge", famille, f"{len(echus)} au-delà de leur durée")
        constats.append(Constat(portee, famille, len(echus), sum(len(e.lignes) for e in echus), contenus))
    return constats


def effacer(connexion: Connection, portee: str, dossier_id: str, agent_id: str, motif: str) -> Constat:
    """Erase one dossier because its person asked (RGPD art. 17), with a reason that stays in the journal. Raises LookupError."""
    if connexion.scalar(select(Dossier.id).where(Dossier.scope_id == portee, Dossier.id == dossier_id)) is None:
        raise LookupError(dossier_id)
    echu = _graphe(connexion, portee, dossier_id)
    contenus = _enterrer(connexion, portee, [echu])
    journal.noter(connexion, portee, agent_id, "effacement", dossier_id, motif)
    return Constat(portee, "effacement", 1, len(echu.lignes), contenus)


def dossiers_echus(connexion: Connection, portee: str, avant: date, au_plus: int | None = None) -> list[str]:
    """Return the dossiers in which nothing happened since a day, no request is open and nothing is owed."""
    ouvertes = exists().where(
        Demarche.scope_id == portee, Demarche.scope_id == Dossier.scope_id, Demarche.dossier_id == Dossier.id, Demarche.etat.not_in(_CLOSES)
    )
    dues = exists().where(
        Dette.scope_id == portee, Dette.scope_id == Dossier.scope_id, Dette.dossier_id == Dossier.id, Dette.solde_cents > 0
    )
    vies = [_depuis(colonne, portee, avant) for colonne in _VIE]
    requete = (
        select(Dossier.id).where(Dossier.scope_id == portee, Dossier.ouvert_le < avant, ~or_(ouvertes, dues, *vies)).order_by(Dossier.id)
    )
    return list(connexion.scalars(requete.limit(au_plus)))


def _depuis(colonne: "InstrumentedAttribute[date] | InstrumentedAttribute[datetime]", portee: str, avant: date) -> ColumnElement[bool]:
    t: Table = colonne.class_.__table__
    limite = datetime.combine(avant, datetime.min.time(), UTC) if not isinstance(t.c[colonne.key].type, Date) else avant
    return exists().where(and_(t.c.scope_id == portee, t.c.dossier_id == Dossier.id, t.c[colonne.key] >= limite))


def _graphe(connexion: Connection, portee: str, dossier_id: str) -> _Echu:
    """Return all that a dossier is made of in its scope, with the dossiers and people that were joined to it; people whom another has stay."""
    joints = connexion.scalars(select(Dossier.id).where(Dossier.scope_id == portee, Dossier.fusionne_dans == dossier_id)).all()
    echus = [_graphe(connexion, portee, joint) for joint in joints]
    lignes = [("dossier", dossier_id), *(x for e in echus for x in e.lignes)]
    paires = select(Doublon.id).where(Doublon.scope_id == portee, Doublon.autre_dossier_id == dossier_id)
    lignes += [("doublon", i) for i in connexion.scalars(paires)]
    for nom in _DU_DOSSIER:
        t: Table = ENTITES[nom].__table__  # type: ignore[assignment]
        lignes += [(nom, i) for i in connexion.scalars(select(t.c.id).where(t.c.scope_id == portee, t.c.dossier_id == dossier_id))]
    ici = (Membre.scope_id == portee) & (Membre.dossier_id == dossier_id)
    gens = set(connexion.scalars(select(Membre.personne_id).where(ici)))
    ailleurs = set(
        connexion.scalars(
            select(Membre.personne_id).where(Membre.scope_id == portee, Membre.personne_id.in_(gens), Membre.dossier_id != dossier_id)
        )
    )
    seuls = gens - ailleurs
    seuls |= set(connexion.scalars(select(Personne.id).where(Personne.scope_id == portee, Personne.fusionne_dans.in_(seuls))))
    for personne in sorted(seuls):
        lignes.append(("personne", personne))
        for classe in (Identifiant, Contact):
            des_gens = select(classe.id).where(classe.scope_id == portee, classe.personne_id == personne)
            lignes += [(classe.__tablename__, i) for i in connexion.scalars(des_gens)]
    foyer = connexion.scalar(select(Dossier.foyer_id).where(Dossier.scope_id == portee, Dossier.id == dossier_id))
    autres = (
        select(func.count()).select_from(Dossier).where(Dossier.scope_id == portee, Dossier.foyer_id == foyer, Dossier.id != dossier_id)
    )
    if foyer and not connexion.scalar(autres) and connexion.scalar(select(Foyer.id).where(Foyer.scope_id == portee, Foyer.id == foyer)):
        lignes.append(("foyer", foyer))
    contenus = connexion.scalars(select(Document.sha256).where(Document.scope_id == portee, Document.dossier_id == dossier_id))
    return _Echu(
        [x for x in dict.fromkeys(lignes) if x[0] != "personne" or _existe(connexion, portee, x[1])],
        [*contenus, *(c for e in echus for c in e.contenus)],
    )


def _existe(connexion: Connection, portee: str, personne: str) -> bool:
    return connexion.scalar(select(Personne.id).where(Personne.scope_id == portee, Personne.id == personne)) is not None


def _identites_echues(connexion: Connection, portee: str, regle: Mapping[str, Any], aujourd_hui: date) -> list[_Echu]:
    """Return the copies of identity papers of dossiers whose requests have all been closed for long enough."""
    limite = datetime.combine(aujourd_hui, datetime.min.time(), UTC) - timedelta(days=regle["identite_jours"])
    papiers = connexion.execute(
        select(Document.id, Document.sha256, Document.dossier_id).where(
            Document.scope_id == portee, Document.type_piece.in_(regle["types"]), Document.saisi_le < limite
        )
    ).all()
    ouverts = {d for d in {x.dossier_id for x in papiers} if _occupe(connexion, portee, d, limite)}
    return [_Echu([("document", x.id)], [x.sha256]) for x in papiers if x.dossier_id not in ouverts]


def _occupe(connexion: Connection, portee: str, dossier_id: str, limite: datetime) -> bool:
    """Tell whether a dossier has a request that is open, or was closed since a moment (its row's last change)."""
    requete = (
        select(Demarche.id)
        .outerjoin(sync_row, (sync_row.c.scope_id == Demarche.scope_id) & (sync_row.c.id == Demarche.id))
        .where(Demarche.scope_id == portee, Demarche.dossier_id == dossier_id, Demarche.etat.not_in(_CLOSES) | (sync_row.c.le >= limite))
        .limit(1)
    )
    return connexion.scalar(requete) is not None


def _sans_dossier_echues(connexion: Connection, portee: str, avant: date) -> list[_Echu]:
    """Return the mails of people who have no dossier, past the time of a dossier."""
    requete = select(Demarche.id).where(Demarche.scope_id == portee, Demarche.dossier_id == "", Demarche.deposee_le < avant)
    return [_Echu([("demarche", i)], []) for i in connexion.scalars(requete)]


def _dates_echues(connexion: Connection, portee: str, nom: str, colonne: "InstrumentedAttribute[datetime]", avant: date) -> list[_Echu]:
    t: Table = ENTITES[nom].__table__  # type: ignore[assignment]
    limite = datetime.combine(avant, datetime.min.time(), UTC)
    return [_Echu([(nom, i)], []) for i in connexion.scalars(select(t.c.id).where(t.c.scope_id == portee, t.c[colonne.key] < limite))]


def _enterrer(connexion: Connection, portee: str, echus: Sequence[_Echu]) -> tuple[str, ...]:
    """Bury rows, forget their history and the snapshots that hold them; return the contents that nothing names any more."""
    lignes = sorted({x for e in echus for x in e.lignes}, key=lambda x: x[1])
    for debut in range(0, len(lignes), _LOT):
        lot = lignes[debut : debut + _LOT]
        inscrire(connexion, portee, [Ecrit(type_, id_, None) for type_, id_ in lot])
        ids = [i for _, i in lot]
        connexion.execute(delete(historique).where(historique.c.scope_id == portee, historique.c.cible_id.in_(ids)))
        connexion.execute(delete(fusion).where(fusion.c.scope_id == portee, fusion.c.personne_id.in_(ids)))
    for table in (instantane_part, instantane):
        connexion.execute(delete(table).where(table.c.scope_id == portee))
    return tuple(s for s in dict.fromkeys(s for e in echus for s in e.contenus) if not _nomme(connexion, portee, s))


def _nomme(connexion: Connection, portee: str, sha256: str) -> bool:
    return connexion.scalar(select(Document.id).where(Document.scope_id == portee, Document.sha256 == sha256).limit(1)) is not None
