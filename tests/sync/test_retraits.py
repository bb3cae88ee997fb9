"""A mandate taken back is so at the centre first, whatever else waits to be sent."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, text

from guichet.central.tables import quarantine
from guichet.contract.sync import Mutation
from guichet.models import Autorisation, Visite, uuid7
from guichet.models.enums import Qualite
from guichet.rules.visiteurs import Acte
from guichet.services import dossiers, mandats, visites
from guichet.store import sortie
from guichet.sync.client import ClientCentre
from guichet.sync.erreurs import Injoignable

ACTES = [Acte.MODIFIER_COORDONNEES, Acte.ENVOYER_MAIL]


@pytest.fixture
def carte(caf):
    """A dossier whose holder is a grown-up."""
    with caf.coffre.lecture() as connexion:
        portee, id_ = connexion.execute(text(
            "SELECT d.scope_id, d.id FROM dossier d JOIN personne p ON p.scope_id = d.scope_id AND p.id = d.responsable_id"
            " WHERE p.ne_le < '1990-01-01' AND d.ferme_le IS NULL ORDER BY d.id LIMIT 1"
        )).one()  # fmt: skip
    return dossiers.ouvrir(caf, portee, id_, date.today())


@pytest.fixture
def visite(caf, carte):
    return visites.ouvrir(caf, carte.portee, carte.dossier_id, carte.titulaire.personne_id, Qualite.ALLOCATAIRE, "Passeport, valide")


def _donne(caf, carte, visite):
    mandats.accorder(caf, visite, 31, ACTES)
    return mandats.du_dossier(caf, carte)[0].lu


def _retirer(caf, mandat):
    mandats.revoquer(caf, mandat, [a.id for a in mandat.autorisations])


def _au_centre(base, mandat):
    """When each act of a mandate was taken back, as the centre has it."""
    with base.lecture(mandat.portee) as connexion:
        return connexion.scalars(select(Autorisation.revoquee_le).where(Autorisation.mandat_id == mandat.id)).all()


def _en_attente(caf):
    with caf.coffre.lecture() as connexion:
        return {e.libelle for e in sortie.lister(connexion) if e.etat in sortie.A_ENVOYER}


def test_a_revocation_reaches_the_centre_before_the_acts_done_before_it(caf, base, carte, visite, monkeypatch):
    mandat = _donne(caf, carte, visite)
    caf.synchroniser()
    visites.terminer(caf, visite)
    _retirer(caf, mandat)

    def coupee(_client, _envoi):
        raise Injoignable

    with monkeypatch.context() as ligne:
        ligne.setattr(ClientCentre, "pousser", coupee)
        with pytest.raises(Injoignable):
            caf.synchroniser()
    assert None not in _au_centre(base, mandat), "taken back, though the line fell before anything of the lane"
    assert {"Fin de visite", "Retrait de mandat"} <= _en_attente(caf)
    le = _au_centre(base, mandat)
    with base.lecture(mandat.portee) as connexion:
        assert connexion.scalar(select(Visite.fermee_le).where(Visite.id == visite.id)) is None

    caf.synchroniser()
    assert _au_centre(base, mandat) == le, "its turn in the lane changes nothing"
    assert caf.etat().comptes == sortie.Comptes(0, 0)
    with base.lecture(mandat.portee) as connexion:
        assert connexion.scalar(select(Visite.fermee_le).where(Visite.id == visite.id)) is not None


def test_a_mandate_given_and_taken_back_without_a_line_is_both_at_the_centre(caf, base, carte, visite):
    mandat = _donne(caf, carte, visite)
    _retirer(caf, mandat)
    caf.synchroniser()
    assert len(_au_centre(base, mandat)) == len(ACTES)
    assert None not in _au_centre(base, mandat)
    caf.synchroniser()
    assert caf.etat().comptes == sortie.Comptes(0, 0)
    assert not mandats.du_dossier(caf, carte)[0].actif


def test_a_centre_that_cannot_hear_it_early_hears_it_in_its_turn(caf, base, carte, visite):
    """A revocation of what does not exist is no reason to stop, nor is a lane with an act that nobody may write."""
    mandat = _donne(caf, carte, visite)
    caf.synchroniser()
    with caf.coffre.ecriture() as connexion:
        perdue = Mutation("set", "autorisation", uuid7(), {"revoquee_le": datetime.now(UTC).isoformat()}, {"revoquee_le": None})
        sortie.poster(connexion, mandat.portee, "Retrait de mandat", [perdue])
    _retirer(caf, mandat)
    caf.synchroniser()
    assert None not in _au_centre(base, mandat)
    assert caf.etat().comptes == sortie.Comptes(0, 1), "the lost one is shown as refused, alone"
    with base.lecture(mandat.portee) as connexion:
        assert connexion.scalar(select(func.count()).select_from(quarantine)) == 0
