"""What is said of a request: what the body publishes, and what the centre saw."""

from datetime import date

from guichet.rules.delais import Observation, Publication
from guichet.services.reperes import Delais

JOUR = date(2026, 11, 22)
PUBLIE = {"autres": Publication(date(2026, 10, 12), date(2026, 10, 22), date(2026, 11, 16))}


def test_what_was_seen_is_told_beside_what_is_published_with_its_day_and_its_weight():
    delais = Delais("31", PUBLIE, {"autres": Observation(12, 20, 38, 142, JOUR)})
    dit = delais.dire("autres", date(2026, 11, 3), JOUR)
    assert "arrivées du 12/10/2026 au 22/10/2026" in dit
    assert "Constaté au 22/11/2026 : 3 sur 10 en 12 jours, 6 sur 10 en 20 jours, 9 sur 10 en 38 jours (142 réponses en 30 jours)." in dit


def test_where_too_little_was_seen_nothing_is_told_of_it():
    assert "Constaté" not in Delais("31", PUBLIE, {}).dire("autres", date(2026, 11, 3), JOUR)
