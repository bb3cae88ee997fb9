"""Mandates: given act by act, printed at once, taken back, found again by the centre and by who comes with one."""

import io
from datetime import date, timedelta

import pypdf
import pytest
from sqlalchemy import update

from guichet.models import Autorisation, Mandat
from guichet.models.enums import Qualite, TypePapier
from guichet.rules import mandats as regles
from guichet.rules.visiteurs import Acte, Information
from guichet.services import dossiers, mandats, papiers, visites
from guichet.services.bac import Bac
from guichet.services.session import Refus
from tests.menage import ADAM, LEYLA, PORTEE
from tests.outils import ICI
from tests.sync.outils import envoyer

JOUR = date.today()
ACTES = [Acte.MODIFIER_COORDONNEES, Acte.ENVOYER_MAIL]


@pytest.fixture
def carte(menage):
    session, ids = menage
    return lambda: dossiers.ouvrir(session, PORTEE, ids["dossier"], JOUR)


@pytest.fixture
def recevoir(menage):
    """Open a visit, after the one that is open is closed."""
    session, ids = menage

    def suivant():
        if (ouverte := visites.reprendre(session)) is not None:
            visites.terminer(session, ouverte)

    def ouvrir(qui=LEYLA, qualite=Qualite.ALLOCATAIRE, visiteur=""):
        suivant()
        return visites.ouvrir(session, PORTEE, ids["dossier"], ids[qui], qualite, "Passeport, valide", visiteur)

    yield ouvrir
    suivant()


@pytest.fixture
def donner(menage, recevoir, carte):
    """Give a mandate at the counter; return its paper and the mandate. At the end all is taken back."""
    session, _ = menage
    donnes = []

    def accorder(jours=31, actes=ACTES):
        qui = recevoir()
        avant = {m.lu.id for m in mandats.du_dossier(session, carte())}
        papier = mandats.accorder(session, qui, jours, actes)
        donnes.append(next(m for m in mandats.du_dossier(session, carte()) if m.lu.id not in avant).lu)
        return papier, donnes[-1]

    yield accorder
    for mandat in donnes:
        mandats.revoquer(session, mandat, [a.id for a in mandat.autorisations])


def _seul(session, carte, mandat):
    return next(m for m in mandats.du_dossier(session, carte()) if m.lu.id == mandat.id)


def test_the_paper_names_each_act_its_end_and_its_fingerprint(donner):
    papier, mandat = donner(182)
    texte = "\n".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(papier.pdf)).pages)
    assert mandat.expire_le == JOUR + timedelta(days=181)
    for mots in ("DARTIGUELONGUE", "Modifier ses coordonnées", "Envoyer un mail", "Signature", "mot de passe", mandat.empreinte):
        assert mots in texte
    assert "Modifier le compte bancaire" not in texte


def test_each_act_is_an_authorisation_taken_back_alone_or_with_the_others(menage, donner, carte):
    session, _ = menage
    _, mandat = donner()
    lu = _seul(session, carte, mandat)
    assert (lu.actif, lu.conforme, {a.acte for a in lu.lu.autorisations}) == (True, True, set(ACTES))
    mandats.revoquer(session, lu.lu, [lu.lu.autorisations[0].id])
    lu = _seul(session, carte, mandat)
    assert lu.actif
    assert [a.revoquee_le is None for a in lu.lu.autorisations] == [False, True]
    mandats.revoquer(session, lu.lu, [a.id for a in lu.lu.autorisations])
    assert not _seul(session, carte, mandat).actif
    session.synchroniser()
    session.synchroniser()
    lu = _seul(session, carte, mandat)
    assert all(a.revoquee_le is not None for a in lu.lu.autorisations), "the centre has taken them back too"
    assert session.etat().comptes.refuses == 0


def test_who_comes_with_a_mandate_does_what_it_names_and_no_more(menage, donner, recevoir):
    session, _ = menage
    _, mandat = donner(actes=[Acte.ENVOYER_MAIL])
    porteur = recevoir(LEYLA, Qualite.TIERS_MANDATE, "Odile Marty")
    visites.exiger(porteur, Acte.ENVOYER_MAIL)
    with pytest.raises(Refus, match="mandat signé"):
        visites.exiger(porteur, Acte.MODIFIER_BANQUE)
    with session.coffre.lecture() as connexion:
        vue = visites.vue(connexion, session.agent(), PORTEE, porteur.dossier_id, JOUR)
    assert vue.voir == {Information.IDENTITE}, "to read the dossier is an act of its own"
    mandats.revoquer(session, mandat, [a.id for a in mandat.autorisations])
    with pytest.raises(Refus):
        visites.exiger(recevoir(LEYLA, Qualite.TIERS_MANDATE, "Odile Marty"), Acte.ENVOYER_MAIL)


def test_to_consult_is_given_too(donner, recevoir):
    donner(actes=[Acte.CONSULTER])
    assert Information.PAIEMENTS in visites.vue_de(recevoir(LEYLA, Qualite.TIERS_MANDATE, "Odile Marty")).voir


def test_a_paper_is_not_made_of_what_its_bearer_may_not_read(menage, donner, recevoir, carte):
    """It would attest that nothing was paid."""
    session, _ = menage
    demande = papiers.Demande(TypePapier.ATTESTATION_PERIODE, JOUR - timedelta(days=60), JOUR)
    for actes in ([Acte.TELECHARGER], [Acte.TELECHARGER, Acte.CONSULTER]):
        _, mandat = donner(actes=actes)
        porteur = recevoir(LEYLA, Qualite.TIERS_MANDATE, "Odile Marty")
        if Acte.CONSULTER in actes:
            assert papiers.etablir(session, carte(), demande, porteur).reference
        else:
            with pytest.raises(Refus, match="autoriser la consultation"):
                papiers.etablir(session, carte(), demande, porteur)
        mandats.revoquer(session, mandat, [a.id for a in mandat.autorisations])


def test_only_the_person_gives_one(menage, recevoir):
    session, _ = menage
    for qui, qualite, nom in ((LEYLA, Qualite.TUTEUR_PHYSIQUE, "Odile Marty"), (ADAM, Qualite.ENFANT, "")):
        with pytest.raises(Refus, match="elle-même"):
            mandats.accorder(session, recevoir(qui, qualite, nom), 31, ACTES)
    ouverte = recevoir()
    with pytest.raises(Refus, match="au moins un acte"):
        mandats.accorder(session, ouverte, 31, [Acte.AUTORISER])
    with pytest.raises(Refus, match="1, 31, 182 ou 365"):
        mandats.accorder(session, ouverte, 30, ACTES)


def test_a_minor_gives_none():
    with pytest.raises(regles.MandatRefuse, match="mineure"):
        regles.exiger_majeur(JOUR - timedelta(days=17 * 365), JOUR)
    regles.exiger_majeur(date(2008, 11, 22), date(2026, 11, 22))


def test_the_signed_paper_is_joined(menage, donner, carte):
    session, _ = menage
    _, mandat = donner()
    bac = Bac(session)
    pages = bac.importer(ICI / "donnees" / "photo.jpg")
    envoye = envoyer(session, visites.reprendre(session), bac, pages, "mandat_signe", "Mandat signé")
    bac.fermer()
    assert _seul(session, carte, mandat).lu.document_id == envoye.id
    session.synchroniser()
    assert session.etat().comptes.refuses == 0


def test_what_was_changed_since_the_signature_shows(menage, donner, carte):
    session, _ = menage
    _, mandat = donner()

    def ecrire(*changements):
        with session.coffre.ecriture() as connexion:
            for changement in changements:
                connexion.execute(changement)

    ecrire(update(Mandat).where(Mandat.id == mandat.id).values(expire_le=JOUR + timedelta(days=300)))
    assert not _seul(session, carte, mandat).conforme
    une = Autorisation.id == mandat.autorisations[0].id
    ecrire(
        update(Mandat).where(Mandat.id == mandat.id).values(expire_le=mandat.expire_le),
        update(Autorisation).where(une).values(acte=str(Acte.MODIFIER_BANQUE)),
    )
    assert not _seul(session, carte, mandat).conforme


def test_those_that_end_soon_are_listed(menage, donner):
    session, ids = menage
    _, court = donner(1)
    donner(365)

    def ici():
        return [(f.nom, f.expire_le) for f in mandats.bientot_finis(session) if f.dossier_id == ids["dossier"]]

    assert ici() == [("DARTIGUELONGUE Leyla", JOUR)]
    mandats.revoquer(session, court, [a.id for a in court.autorisations])
    assert ici() == []
