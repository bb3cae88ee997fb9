"""How long answers really took: reckoned once a day from the requests that the centre holds, told beside what bodies publish."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from guichet.central import entretien
from guichet.central.fil import Ecrit, inscrire
from guichet.models import Delai, Demarche, Dossier, uuid7

JOUR = date.today()
SITE, REF = "site:caf-31:toulouse-riquet", "ref:national"


def _repondre(base, durees, *, il_y_a=3, famille="autres"):
    """Have the body answer requests after so many days, some days ago."""
    traitee = JOUR - timedelta(days=il_y_a)
    with base.lecture(SITE) as connexion:
        dossier = connexion.scalar(select(Dossier.id).where(Dossier.scope_id == SITE).limit(1))
    ecrits = [
        Ecrit("demarche", uuid7(), {
            "dossier_id": dossier, "libelle": "Essai", "famille": famille, "etat": "traitee", "deposee_le": traitee - timedelta(days=n),
            "traitee_le": traitee,
        })
        for n in durees
    ]  # fmt: skip
    base.ecrire(lambda c: inscrire(c, SITE, ecrits), SITE)


def _observe(base, famille="autres"):
    entretien.observer_les_delais(base, [SITE, REF], JOUR)
    with base.lecture(SITE) as connexion:
        organisme = connexion.scalar(select(Dossier.organisme_id).where(Dossier.scope_id == SITE).limit(1))
    with base.lecture(REF) as connexion:
        t = Delai.__table__
        lu = connexion.execute(select(t).where(t.c.scope_id == REF, t.c.organisme_id == organisme, t.c.famille == famille)).mappings().one()
    return tuple(lu[f"observe_{nom}"] for nom in ("rapide", "moyen", "lent", "sur", "le"))


@pytest.fixture(autouse=True)
def _rien_de_traite(base):
    base.ecrire(lambda c: c.execute(delete(Demarche).where(Demarche.scope_id == SITE, Demarche.traitee_le.is_not(None))), SITE)


def test_three_tiers_of_what_was_answered_in_thirty_days(base):
    _repondre(base, range(1, 101))
    assert _observe(base) == (30, 60, 90, 100, JOUR)


def test_what_was_answered_before_does_not_count_and_too_few_say_nothing(base):
    _repondre(base, range(1, 101), il_y_a=31)
    _repondre(base, range(1, 20))
    assert _observe(base) == (None,) * 5
    _repondre(base, [20])
    assert _observe(base)[:4] == (6, 12, 18, 20)


def test_each_family_has_its_own(base):
    _repondre(base, [5] * 20)
    _repondre(base, [50] * 20, famille="rsa_aah")
    assert _observe(base)[2] == 5
    assert _observe(base, "rsa_aah")[2] == 50


def test_nothing_is_published_again_when_nothing_changed(base):
    from guichet.central.tables import scope_head

    _repondre(base, [5] * 20)
    _observe(base)

    def tete():
        with base.lecture(REF) as connexion:
            return connexion.scalar(select(scope_head.c.last).where(scope_head.c.scope_id == REF))

    avant = tete()
    _observe(base)
    assert tete() == avant
