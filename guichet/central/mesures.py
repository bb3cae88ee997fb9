"""What the centre counts, as OpenMetrics: no name, no identifier of a person ever becomes a label."""

from collections.abc import Iterable
from datetime import UTC, datetime
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import func, select

from guichet.central.base import BaseCentre
from guichet.central.garde import elargir
from guichet.central.tables import blob, device, lane, quarantine, scope_head
from guichet.models.enums import EtatDocument

_SECONDES = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_RETARDS = (1, 10, 30, 60, 300, 1800, 3600, 86400)
_SEUILS_RETARD = (3600, 86400, 7 * 86400)


class _Mesures:
    """The counters of this replica."""

    def __init__(self) -> None:
        self.registre = CollectorRegistry()
        self.requetes = Histogram(
            "guichet_requete_secondes", "Durée des requêtes", ["route", "statut"], registry=self.registre, buckets=_SECONDES
        )
        self.lots_en_file = Gauge("guichet_lots_en_file", "Gros lots qui attendent leur tour ou passent", registry=self.registre)
        self.operations = Counter("guichet_operations", "Opérations jugées, par verdict", ["etat"], registry=self.registre)
        self.retard_fil = Histogram(
            "guichet_fil_retard_secondes", "Âge de la ligne la plus récente quand un poste la lit", registry=self.registre, buckets=_RETARDS
        )


MESURES = _Mesures()


class DeLaBase:
    """Gauges read from the database each time they are asked for."""

    def __init__(self, base: BaseCentre) -> None:
        self._base = base

    def collect(self) -> Iterable[Metric]:
        """Read lanes, quarantine, silent workstations and how far files are looked at."""
        maintenant = datetime.now(UTC)
        with self._base.lecture() as connexion:
            elargir(connexion, connexion.scalars(select(scope_head.c.scope_id)).all())
            couloirs = connexion.scalar(select(func.count()).select_from(lane)) or 0
            attente: dict[str, int] = dict(connexion.execute(select(quarantine.c.etat, func.count()).group_by(quarantine.c.etat)).all())
            vus = list(connexion.scalars(select(device.c.vu_le)))
            fichiers: dict[str, int] = dict(
                connexion.execute(select(blob.c.etat, func.count()).where(blob.c.complet).group_by(blob.c.etat)).all()
            )
        yield GaugeMetricFamily("guichet_couloirs", "Couloirs ouverts (poste et portée)", couloirs)
        quarantaine = GaugeMetricFamily("guichet_quarantaine", "Opérations en quarantaine", labels=["etat"])
        for etat in ("a_traiter", "rejouee", "close"):
            quarantaine.add_metric([etat], attente.get(etat, 0))
        yield quarantaine
        par_etat = GaugeMetricFamily("guichet_fichiers", "Fichiers du centre, par état de leur analyse", labels=["etat"])
        for etat in (EtatDocument.RECU, EtatDocument.ANALYSE, EtatDocument.DISPONIBLE, EtatDocument.QUARANTAINE):
            par_etat.add_metric([etat], fichiers.get(etat, 0))
        yield par_etat
        silencieux = GaugeMetricFamily(
            "guichet_postes_silencieux", "Postes sans nouvelles depuis plus de tant de secondes", labels=["depuis"]
        )
        for seuil in _SEUILS_RETARD:
            silencieux.add_metric([str(seuil)], sum((maintenant - v).total_seconds() > seuil for v in vus))
        yield silencieux


def servir(base: BaseCentre, hote: str, port: int) -> WSGIServer:
    """Serve /metrics on an address of its own, which the outside need not reach; return the server."""
    MESURES.registre.register(DeLaBase(base))
    serveur, _ = start_http_server(port, hote, registry=MESURES.registre)
    return serveur
