"""How long bodies really take to answer, as the centre sees it in the requests that it holds; told beside what they publish."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, and_, select

from guichet.central.fil import Ecrit, inscrire
from guichet.models import Delai, Demarche, Dossier
from guichet.ressources import donnees
from guichet.rules.delais import observer
from guichet.rules.regles import en_vigueur

Durees = Mapping[tuple[str, str], Sequence[int]]
"""Days from arrival to answer, by body and family of requests."""


def mesurer(connexion: Connection, portee: str, aujourd_hui: date) -> Durees:
    """Return how long the answers of the last days took in a scope."""
    depuis = aujourd_hui - timedelta(days=en_vigueur(donnees("regles.yaml"), "delais_observes", aujourd_hui)["jours"])
    requete = (
        select(Dossier.organisme_id, Demarche.famille, Demarche.deposee_le, Demarche.traitee_le)
        .join(Dossier, and_(Dossier.scope_id == Demarche.scope_id, Dossier.id == Demarche.dossier_id))
        .where(Demarche.scope_id == portee, Demarche.traitee_le >= depuis)
    )
    durees = defaultdict[tuple[str, str], list[int]](list)
    for organisme, famille, deposee_le, traitee_le in connexion.execute(requete):
        if traitee_le is not None and deposee_le <= traitee_le <= aujourd_hui:
            durees[organisme, famille].append((traitee_le - deposee_le).days)
    return durees


def reunir(par_portee: Sequence[Durees]) -> Durees:
    """Put the scopes' measures together: a body answers for several sites."""
    toutes = defaultdict[tuple[str, str], list[int]](list)
    for durees in par_portee:
        for cle, jours in durees.items():
            toutes[cle] += jours
    return toutes


def publier(connexion: Connection, portee: str, durees: Durees, aujourd_hui: date) -> None:
    """Write what was observed beside the windows of a reference scope; what is too little to tell is emptied."""
    regle, t = en_vigueur(donnees("regles.yaml"), "delais_observes", aujourd_hui), Delai.__table__
    ecrits = []
    for lu in connexion.execute(select(t).where(t.c.scope_id == portee)).mappings():
        o = observer(durees.get((lu["organisme_id"], lu["famille"]), ()), regle["paliers_pct"], regle["au_moins"], aujourd_hui)
        neuves = {
            "observe_rapide": o and o.rapide, "observe_moyen": o and o.moyen, "observe_lent": o and o.lent, "observe_sur": o and o.sur,
            "observe_le": o and o.le,
        }  # fmt: skip
        if neuves != {nom: lu[nom] for nom in neuves}:
            ecrits.append(Ecrit("delai", lu["id"], dict(lu) | neuves))
    inscrire(connexion, portee, ecrits)
