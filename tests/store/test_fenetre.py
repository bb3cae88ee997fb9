"""How long a vault opens without the centre's word."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from guichet.services import session as service
from guichet.services.session import ouvrir_session
from guichet.store.coffre import ouvrir
from guichet.store.erreurs import FenetrePassee
from guichet.store.tables import coffre as table

PHRASE = "une phrase de passe d'essai"
HIER = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def profil(tmp_path):
    """A vault last in step on a Saturday morning."""
    coffre = ouvrir(tmp_path, PHRASE)
    with coffre.ecriture() as connexion:
        connexion.execute(update(table).values(sync_le=HIER))
    coffre.fermer()
    return tmp_path


@pytest.fixture
def a(monkeypatch):
    def regler(heures):
        monkeypatch.setattr(service, "maintenant", lambda: HIER + timedelta(hours=heures))

    return regler


def test_three_days_then_the_vault_waits_for_the_centre_whole(profil, a):
    a(71.9)
    ouvrir_session(profil, PHRASE).fermer()
    a(72.1)
    with pytest.raises(FenetrePassee, match="intact"):
        ouvrir_session(profil, PHRASE)
    # With the centre's word, it opens.
    ouvrir_session(profil, PHRASE, "http://127.0.0.1:9", "jeton").fermer()


def test_a_clock_set_back_does_not_make_them_longer(profil, a):
    a(60)
    ouvrir_session(profil, PHRASE).fermer()
    a(10)
    ouvrir_session(profil, PHRASE).fermer()
    coffre = ouvrir(profil, PHRASE)
    with coffre.lecture() as connexion:
        assert connexion.scalar(select(table.c.horloge_vue)) == HIER + timedelta(hours=60)
    with coffre.ecriture() as connexion:
        connexion.execute(update(table).values(horloge_vue=HIER + timedelta(hours=73)))
    coffre.fermer()
    with pytest.raises(FenetrePassee):
        ouvrir_session(profil, PHRASE)


def test_a_vault_never_in_step_has_nothing_to_wait_for(tmp_path, a):
    a(1000)
    ouvrir_session(tmp_path, PHRASE).fermer()
    ouvrir_session(tmp_path, PHRASE).fermer()
