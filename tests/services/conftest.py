"""A household whose every information is marked, on a workstation; visits opened for it."""

import keyring
import pytest
from keyring.backends.fail import Keyring as AucunTrousseau

from guichet.services import visites
from guichet.services.bac import Bac
from tests.menage import LEYLA, PORTEE, ecrire_menage, placer
from tests.outils import centre_servi
from tests.sync.outils import CAF, poste


def _deux_menages(base):
    """Write the household, and another without delegation of which Leyla is too."""
    ids, sans = ecrire_menage(base), ecrire_menage(base, "7654322", autorise=False)
    placer(base, sans["dossier"], ids[LEYLA])
    return ids, sans


@pytest.fixture(scope="module")
def deux(monde, tmp_path_factory):
    """A centre with the household twice, the second without delegation, and a workstation in step; returns the session and their ids."""
    dossier = tmp_path_factory.mktemp("menage")
    with centre_servi(monde, dossier, _deux_menages) as (centre, (ids, sans)):
        session = poste(dossier / "poste", centre, CAF)
        session.synchroniser()
        yield session, ids, sans
        session.fermer()


@pytest.fixture
def menage(deux):
    return deux[:2]


@pytest.fixture
def visite(menage):
    """Open a visit in a quality that the dossier gives."""
    session, ids = menage
    ouvertes = []

    def ouvrir(qui, qualite, visiteur=""):
        ouvertes.append(visites.ouvrir(session, PORTEE, ids["dossier"], ids[qui], qualite, "Passeport, valide", visiteur))
        return ouvertes[-1]

    yield ouvrir
    for ouverte in ouvertes:
        visites.terminer(session, ouverte)


@pytest.fixture
def sans_trousseau():
    """No keyring, whatever other tests used before: the process that is killed would not have the same."""
    avant = keyring.get_keyring()
    keyring.set_keyring(AucunTrousseau())
    yield
    keyring.set_keyring(avant)


@pytest.fixture
def bac(menage):
    ouvert = Bac(menage[0])
    yield ouvert
    ouvert.fermer()
