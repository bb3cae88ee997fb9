"""A household whose every information is marked, on a workstation; visits opened for it."""

import shutil

import pytest

from guichet.central.base import BaseCentre
from guichet.central.fil import Ecrit, inscrire
from guichet.models import uuid7
from guichet.services import visites
from tests.menage import LEYLA, PORTEE, ecrire_menage
from tests.outils import CentreEnMarche
from tests.sync.outils import CAF, poste


@pytest.fixture(scope="module")
def deux(monde, tmp_path_factory):
    """A centre with the household twice, the second without delegation, and a workstation in step; returns the session and their ids."""
    dossier = tmp_path_factory.mktemp("menage")
    shutil.copy(monde, dossier / "centre.db")
    url = f"sqlite:///{dossier / 'centre.db'}"
    base = BaseCentre(url)
    ids, sans = ecrire_menage(base), ecrire_menage(base, "7654322", autorise=False)
    # Leyla is in both: she has two dossiers (AUT-12).
    place = Ecrit("membre", uuid7(), {"dossier_id": sans["dossier"], "personne_id": ids[LEYLA], "role": "autre"})
    base.ecrire(lambda connexion: inscrire(connexion, PORTEE, [place]), PORTEE)
    base.fermer()
    centre = CentreEnMarche(url, dossier / "pieces")
    centre.demarrer()
    session = poste(dossier / "poste", centre, CAF)
    session.synchroniser()
    yield session, ids, sans
    session.fermer()
    centre.tuer()


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
