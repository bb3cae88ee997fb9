"""What every counter reads: processing times."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, Row, func, select

from guichet.models import Actualite, Delai, Organisme, Prestation, Site


def delais(connexion: Connection, organisme_id: str) -> Sequence[Delai]:
    """Return a body's windows and what was observed."""
    t = Delai.__table__
    return [Delai(**dict(x)) for x in connexion.execute(select(t).where(t.c.organisme_id == organisme_id)).mappings()]


def organismes_qui_publient(connexion: Connection) -> Sequence[str]:
    """Return the bodies that say their processing times."""
    return connexion.scalars(select(Delai.organisme_id).distinct().order_by(Delai.organisme_id)).all()


def departement(connexion: Connection, organisme_id: str) -> str:
    """Return where a body is, or nothing when it is not known here."""
    return connexion.scalar(select(Organisme.departement).where(Organisme.id == organisme_id)) or ""


def adresse_postale(connexion: Connection, organisme_id: str) -> list[str]:
    """Return the lines of a body's postal address, as far as its sites give one."""
    requete = select(Site.adresse, Site.code_postal, Site.commune).where(Site.organisme_id == organisme_id, Site.adresse.is_not(None))
    lu = connexion.execute(requete.order_by(Site.nom).limit(1)).first()
    return [str(lu.adresse), " ".join(filter(None, (lu.code_postal, lu.commune)))] if lu is not None else []


def organismes(connexion: Connection) -> Mapping[str, Row[str, str, str]]:
    """Return each body's name and department by its id."""
    requete = select(Organisme.id, Organisme.nom, Organisme.departement)
    return {x.id: x for x in connexion.execute(requete)}


def tous_les_delais(connexion: Connection) -> Sequence[Delai]:
    """Return every body's windows, in the order of their words."""
    t = Delai.__table__
    return [Delai(**dict(x)) for x in connexion.execute(select(t).order_by(t.c.libelle, t.c.id)).mappings()]


def delais_publies_le(connexion: Connection) -> date | None:
    """Return when the latest windows were published."""
    return connexion.scalar(select(func.max(Delai.publie_le)))


def sites(connexion: Connection) -> Sequence[Site]:
    """Return the places where people are received, by name."""
    t = Site.__table__
    return [Site(**dict(x)) for x in connexion.execute(select(t).order_by(t.c.nom)).mappings()]


def actualites(connexion: Connection) -> Sequence[Row[date, str, str, str | None]]:
    """Return the news, latest first."""
    requete = select(Actualite.publiee_le, Actualite.thematique, Actualite.titre, Actualite.departement)
    return connexion.execute(requete.order_by(Actualite.publiee_le.desc(), Actualite.titre)).all()


def prestations(connexion: Connection) -> Sequence[tuple[str, str]]:
    """Return the benefits: code and words."""
    return connexion.execute(select(Prestation.code, Prestation.libelle).order_by(Prestation.libelle)).all()
