"""A row goes out as JSON and comes back the same, known fields or not."""

from datetime import UTC, date, datetime, time

import msgspec
import pytest
from sqlalchemy import JSON, Boolean, Date, Integer, String, Time

from guichet.contract.corps import champs, empreinte, encoder, lire
from guichet.models import ENTITES
from guichet.models.base import Instant

EXEMPLES = {
    Integer: 3, String: "x", Boolean: True, Date: date(2026, 7, 1), Instant: datetime(2026, 7, 1, 8, tzinfo=UTC), Time: time(8, 30), JSON: {"a": [1]},
}  # fmt: skip


def _exemple(type_):
    colonnes = ENTITES[type_].__table__.c
    return {nom: next(v for genre, v in EXEMPLES.items() if isinstance(colonnes[nom].type, genre)) for nom in champs(type_)}


@pytest.mark.parametrize("type_", sorted(ENTITES))
def test_every_entity_makes_the_round_trip(type_):
    avant = _exemple(type_)
    assert lire(type_, msgspec.json.decode(encoder(type_, avant))) == avant | {"extra": None}


def test_unknown_fields_are_kept_and_sent_back():
    lu = lire("personne", {"cle": "A B", "couleur": "bleu"})
    assert lu["extra"] == {"couleur": "bleu"}
    assert msgspec.json.decode(encoder("personne", lu)) == {"cle": "A B", "couleur": "bleu"}


def test_the_hash_sees_every_part():
    assert len({empreinte("a", 1, b"{}"), empreinte("b", 1, b"{}"), empreinte("a", 2, b"{}"), empreinte("a", 1, b"[]")}) == 4
