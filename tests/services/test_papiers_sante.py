"""The papers of the Assurance Maladie (AMC-06, AMC-13): rights, daily allowances, what is taxed, by month; each of its own body only."""

import io
from datetime import date, timedelta

import httpx2
import pikepdf
import pytest
from dateutil.relativedelta import relativedelta

from guichet.central.fil import Ecrit, inscrire
from guichet.models import uuid7
from guichet.models.enums import Qualite, TypePapier
from guichet.rules.papiers import offres
from guichet.rules.recherche import cle_de_tri
from guichet.services import dossiers, papiers, visites
from guichet.services.papiers import Demande
from guichet.services.session import Refus
from tests.outils import centre_servi
from tests.services.test_papiers import texte_du
from tests.sync.outils import poste

JOUR, PORTEE, CPAM = date.today(), "site:cpam-31:toulouse-coeur-de-ville", "conseillere.cpam31"
PASSE = date(JOUR.year - 1, 3, 4)
IJ, ACCIDENT, LONGUE = (f"Indemnités journalières {mots}" for mots in ("maladie", "accident du travail", "affection de longue durée"))
VERSEMENTS = [  # when, cents, kind, to whom else
    (PASSE, 41_160, IJ, None), (PASSE, 90_000, IJ, "Atelier du Lac"), (PASSE, 52_921, ACCIDENT, None), (PASSE, 11_100, LONGUE, None),
    (PASSE, 78_400, "Invalidité", None), (PASSE, 2_350, "Remboursement de soins", None),
    (JOUR - relativedelta(months=26), 30_300, IJ, None),
]  # fmt: skip


def _ecrire(base):
    """Write an insured woman, her daughter, a right that is open and one that is not, seven payments; and another woman, paid for a kind unknown here."""
    with base.lecture("ref:national") as connexion:
        cpam = connexion.exec_driver_sql("SELECT id FROM organisme WHERE type = 'cpam'").scalar_one()
    return [
        _dossier(base, cpam, numero, versements)
        for numero, versements in (("7700001", VERSEMENTS), ("7700002", [(PASSE, 100, "Prime", None)]))
    ]


def _dossier(base, organisme, numero, versements):
    dossier, foyer, elle, fille = (uuid7() for _ in range(4))

    def du_dossier(type_, **valeurs):
        return Ecrit(type_, uuid7(), {"dossier_id": dossier} | valeurs)

    def personne(id_, nom, prenom, role, ne_le):
        yield Ecrit("personne", id_, {"nom_naissance": nom, "prenoms": prenom, "sexe": "F", "ne_le": ne_le, "cle": cle_de_tri(nom, prenom)})
        yield du_dossier("membre", personne_id=id_, role=role)

    ecrits = [
        *personne(elle, "ESCOUBASSE", "Noémie", "responsable", date(1988, 2, 3)), *personne(fille, "ESCOUBASSE", "Lou", "enfant", date(2015, 6, 7)),
        Ecrit("identifiant", uuid7(), {"personne_id": elle, "type": "nir", "valeur": "2880231555012"}),
        Ecrit("foyer", foyer, {"situation": "Célibataire", "depuis": date(2014, 6, 7)}),
        Ecrit("dossier", dossier, {
            "organisme_id": organisme, "organisme_nom": "CPAM de la Haute-Garonne", "numero": numero, "foyer_id": foyer, "responsable_id": elle,
            "ouvert_le": date(2015, 1, 1), "quotient_familial": None, "iban": None,
        }),
        du_dossier("droit", prestation_code="PUMA", mois=JOUR.replace(day=1), etat="ouvert", montant_cents=0),
        du_dossier("droit", prestation_code="C2S", mois=JOUR.replace(day=1), etat="sans_droit", montant_cents=0, motif="Ressources"),
        *(du_dossier("paiement", verse_le=le, montant_cents=cents, libelle=quoi, tiers=tiers) for le, cents, quoi, tiers in versements),
    ]  # fmt: skip
    base.ecrire(lambda connexion: inscrire(connexion, PORTEE, ecrits), PORTEE)
    return dossier, elle


@pytest.fixture(scope="module")
def assurees(monde, tmp_path_factory):
    """A CPAM's workstation in step with a centre, and its two insured women: (dossier, person)."""
    dossier = tmp_path_factory.mktemp("sante")
    with centre_servi(monde, dossier, _ecrire) as (centre, elles):
        session = poste(dossier / "poste", centre, CPAM)
        session.synchroniser()
        yield session, elles
        session.fermer()


@pytest.fixture
def etablir(assurees):
    session, elles = assurees

    def faire(type_, du=JOUR, au=JOUR, laquelle=0):
        dossier, elle = elles[laquelle]
        visite = visites.ouvrir(session, PORTEE, dossier, elle, Qualite.ALLOCATAIRE, "Passeport, valide")
        try:
            return papiers.etablir(session, dossiers.ouvrir(session, PORTEE, dossier, JOUR), Demande(type_, du, au), visite)
        finally:
            visites.terminer(session, visite)

    return faire


@pytest.mark.parametrize("offre", offres("cpam", JOUR), ids=lambda o: o.type)
def test_a_paper_is_pdf_a_and_the_centre_vouches_for_it(assurees, etablir, offre):
    session, _ = assurees
    papier = etablir(offre.type, PASSE, PASSE + timedelta(days=1))
    with pikepdf.open(io.BytesIO(papier.pdf)) as pdf:
        meta = pdf.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("2", "A", "1")
    texte = texte_du(papier.pdf)
    assert "Dossier n° 7700001" in texte
    assert "2880231555012" not in texte.replace(" ", "")
    session.synchroniser()
    page = httpx2.get(f"{session.url_centre}/verifier/{papier.reference}")
    assert page.status_code == 200
    assert "ESCOUBASSE Noémie" in page.text


@pytest.mark.exigence("AMC-13")
def test_rights_that_are_open_are_attested_alone(assurees, etablir):
    session, _ = assurees
    papier = etablir(TypePapier.ATTESTATION_DROITS)
    texte = texte_du(papier.pdf)
    for dit in ("Prise en charge des frais de santé", "numéro de sécurité sociale X XX XX XX XXX 012", "ESCOUBASSE Lou"):
        assert dit in texte
    assert "Complémentaire" not in texte
    session.synchroniser()
    page = httpx2.get(f"{session.url_centre}/verifier/{papier.reference}").text
    assert "Prise en charge des frais de santé" in page
    assert "€" not in page


@pytest.mark.exigence("AMC-11", "AMC-13")
def test_daily_allowances_are_told_to_the_day_with_who_got_them(etablir):
    texte = texte_du(etablir(TypePapier.ATTESTATION_IJ, PASSE, PASSE).pdf).replace("\u202f", " ").replace("\xa0", " ")
    assert "Versé à un tiers : Atelier du Lac" in texte
    assert "1 951,81 €" in texte, "411,60 + 900,00 + 529,21 + 111,00"
    assert "Invalidité" not in texte
    assert "Remboursement" not in texte
    assert "Aucune indemnité" in texte_du(etablir(TypePapier.ATTESTATION_IJ, PASSE + timedelta(1), PASSE + timedelta(1)).pdf)


@pytest.mark.exigence("AMC-11", "AMC-13")
def test_what_is_taxed_is_the_law_s_part_of_what_she_got_herself(etablir):
    """CGI, art. 80 quinquies and 81 (8°): half of an accident's at work, nothing of a long illness'; her employer declares what it got."""
    texte = texte_du(etablir(TypePapier.RELEVE_FISCAL, date(PASSE.year, 1, 1)).pdf).replace("\u202f", " ").replace("\xa0", " ")
    for dit in (f"année {PASSE.year}", "maladie 411,60 €", "accident du travail 264,60 €", "Invalidité 784,00 €", "Total 1 460,20 €"):
        assert dit in texte
    assert "longue durée" not in texte
    with pytest.raises(Refus, match="dans l'avenir"):
        etablir(TypePapier.RELEVE_FISCAL, JOUR)
    with pytest.raises(Refus, match="connus depuis"):
        etablir(TypePapier.RELEVE_FISCAL, date(JOUR.year - 3, 1, 1))
    with pytest.raises(Refus, match="« Prime » : ce poste ne sait pas"):
        etablir(TypePapier.RELEVE_FISCAL, PASSE, laquelle=1)


@pytest.mark.exigence("AMC-06")
def test_monthly_statements_go_back_27_months(etablir):
    """AMC-06: three more than a Caf's."""
    loin = JOUR - relativedelta(months=26)
    assert "303,00" in texte_du(etablir(TypePapier.RELEVE, loin).pdf)
    assert "Aucun paiement" in texte_du(etablir(TypePapier.RELEVE, JOUR - relativedelta(months=27)).pdf)
    with pytest.raises(Refus, match="connus depuis"):
        etablir(TypePapier.RELEVE, JOUR - relativedelta(months=28))


def test_each_body_gives_its_own_papers(etablir):
    with pytest.raises(Refus, match="ne donne pas ce document"):
        etablir(TypePapier.ATTESTATION_QUOTIENT)
    assert TypePapier.ATTESTATION_DROITS not in {o.type for o in offres("caf", JOUR)}
    assert offres("caf", JOUR) == offres(None, date(1970, 1, 1))
