"""What a workstation keeps no longer than it must: copies that the centre has, traces of what is gone, its own old journal.

Dossiers past their time go by the centre's tombstones; erased rows are overwritten (secure_delete), and a file without its key is noise.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection, delete, exists, select

from guichet.models import Document, Dossier, Locataire
from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur
from guichet.store import bac, journal
from guichet.store.fichiers import chemin
from guichet.store.sortie import EtatEnvoi
from guichet.store.tables import brouillon, curseur, fichier, sortie


@dataclass(frozen=True)
class Rapport:
    """What went. `copies`: sealed files, already unreadable, to be erased once this is committed."""

    lignes_de_journal: int
    gestes: int
    brouillons: int
    copies: list[Path]


def purger(connexion: Connection, dossier: Path, maintenant: datetime) -> Rapport:
    """Let go, in the caller's transaction, of what is past the rules of the day."""
    regles = donnees("regles.yaml")
    conservation = en_vigueur(regles, "conservation", maintenant.date())
    copies = maintenant - timedelta(days=conservation["copies_locales_jours"])
    journaux = maintenant - relativedelta(months=en_vigueur(regles, "garde_journal", maintenant.date())["mois"])
    lignes, gestes, inutiles = journal.purger(connexion, journaux, maintenant), _oublier_les_gestes(connexion), _copies(connexion, copies)
    for portee, sha256 in inutiles:
        connexion.execute(delete(fichier).where(fichier.c.scope_id == portee, fichier.c.sha256 == sha256))
    brouillons = _oublier_les_brouillons(connexion, maintenant - timedelta(days=conservation["brouillons_jours"]))
    bac.oublier_les_vieilles(connexion, maintenant - timedelta(days=conservation["brouillons_jours"]))
    return Rapport(lignes, gestes, brouillons, [chemin(dossier, portee, sha256) for portee, sha256 in inutiles])


def _copies(connexion: Connection, avant: datetime) -> list[tuple[str, str]]:
    """Return the files that the centre has and no document given since a moment needs here."""
    utile = exists().where(Document.scope_id == fichier.c.scope_id, Document.sha256 == fichier.c.sha256, Document.saisi_le >= avant)
    requete = select(fichier.c.scope_id, fichier.c.sha256).where(fichier.c.envoye, ~utile)
    return [(x.scope_id, x.sha256) for x in connexion.execute(requete)]


def _oublier_les_brouillons(connexion: Connection, avant: datetime) -> int:
    """Forget what was typed in a form and left there, or for a dossier that is no more."""
    vivant = exists().where(Dossier.scope_id.in_(select(curseur.c.scope_id)), Dossier.id == brouillon.c.dossier_id)
    return connexion.execute(delete(brouillon).where((brouillon.c.le < avant) | ~vivant)).rowcount


def _oublier_les_gestes(connexion: Connection) -> int:
    """Take out of the outbox the acts that the centre has, on a dossier or a tenant that is no more."""
    vivant = [exists().where(c.scope_id == sortie.c.scope_id, c.id == sortie.c.parent) for c in (Dossier, Locataire)]
    finis = sortie.c.etat.in_((EtatEnvoi.TRANSMIS, EtatEnvoi.REGLE)) & sortie.c.parent.is_not(None)
    return connexion.execute(delete(sortie).where(finis, ~vivant[0], ~vivant[1])).rowcount
