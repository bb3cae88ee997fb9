"""Papers for the person at the counter: what they say, that they are PDF/A, and that the centre vouches for them."""

import io
import re
from datetime import date, timedelta

import httpx2
import pikepdf
import pypdf
import pytest
from sqlalchemy import select

from guichet.models import Attestation
from guichet.models.enums import Qualite, TypePapier
from guichet.rules.papiers import lisible, offres
from guichet.services import demarches, dossiers, papiers, visites
from guichet.services.papiers import Demande
from guichet.services.session import Refus
from tests.menage import ADAM, LEYLA, MARC, MARQUES, NUMERO, PORTEE, informations

JOUR = date.today()
VERIFIABLES = [o.type for o in offres("caf", JOUR)]


def texte_du(pdf):
    """Return the words of a paper, on one line."""
    dit = "\n".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", dit).replace("\u2019", "'")


def _etablir(session, ids, type_, visite=None, du=JOUR, au=JOUR):
    carte = dossiers.ouvrir(session, PORTEE, ids["dossier"], JOUR)
    return papiers.etablir(session, carte, Demande(type_, du, au), visite)


def _verifier(session, reference):
    reponse = httpx2.get(f"{session.url_centre}/verifier/{reference}")
    return reponse.status_code, re.sub(r"\s+", " ", reponse.text)


@pytest.mark.exigence("PAI-03", "PAI-15")
@pytest.mark.parametrize("type_", VERIFIABLES)
def test_a_paper_is_pdf_a_and_the_centre_vouches_for_it(menage, visite, type_):
    session, ids = menage
    papier = _etablir(session, ids, type_, visite(LEYLA, Qualite.ALLOCATAIRE), JOUR - timedelta(days=30))
    with pikepdf.open(io.BytesIO(papier.pdf)) as pdf:
        meta = pdf.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("2", "A", "1")
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "fr"
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
    texte = texte_du(papier.pdf)
    assert lisible(papier.reference) in texte
    assert "DARTIGUELONGUE Leyla" in texte
    assert "Document de démonstration, sans valeur" in texte
    assert MARQUES["numero", LEYLA] not in texte
    assert "DARTIGUELONGUE" not in papier.nom
    statut, page = _verifier(session, papier.reference)
    assert (statut, "Aucun document" in page) == (404, True), "it has not left the workstation"
    session.synchroniser()
    statut, page = _verifier(session, lisible(papier.reference).lower())
    assert statut == 200
    assert "DARTIGUELONGUE Leyla" in page
    assert "Démonstration" in page


def test_the_page_repeats_what_the_paper_says(menage, visite):
    session, ids = menage
    qui = visite(LEYLA, Qualite.ALLOCATAIRE)
    paiement = _etablir(session, ids, TypePapier.ATTESTATION_PERIODE, qui, JOUR - timedelta(days=60), JOUR)
    quotient = _etablir(session, ids, TypePapier.ATTESTATION_QUOTIENT, qui)
    session.synchroniser()
    for papier, montant in ((paiement, "123,00"), (quotient, "7 373,00")):
        assert montant in texte_du(papier.pdf).replace("\u202f", " ")
        assert montant in _verifier(session, papier.reference)[1].replace("\u202f", " ")
    releve = texte_du(_etablir(session, ids, TypePapier.RELEVE, qui, JOUR - timedelta(days=9)).pdf)
    assert MARQUES["retenues"] in releve
    assert MARQUES["paiements"] in releve


def test_a_page_for_whoever_types_a_reference(menage):
    session, _ = menage
    vide = httpx2.get(f"{session.url_centre}/verifier")
    assert (vide.status_code, "Référence imprimée" in vide.text) == (200, True)
    assert vide.headers["cache-control"] == "no-store"
    assert httpx2.get(f"{session.url_centre}/verifier", params={"reference": "<b>x"}).status_code == 400
    assert "<b>x" not in httpx2.get(f"{session.url_centre}/verifier", params={"reference": "<b>x"}).text


def test_who_may_not_download_gets_nothing(deux):
    session, ids, sans = deux
    for dossier, qui, qualite in ((sans, MARC, Qualite.CONJOINT), (ids, ADAM, Qualite.ENFANT)):
        ouverte = visites.ouvrir(session, PORTEE, dossier["dossier"], dossier[qui], qualite, "Passeport, valide")
        try:
            with pytest.raises(Refus, match="n'est pas permis en cette qualité"):
                _etablir(session, dossier, TypePapier.ATTESTATION_PAIEMENT, ouverte)
        finally:
            visites.terminer(session, ouverte)


def test_a_refused_period_makes_nothing(menage, visite):
    session, ids = menage

    def combien():
        with session.coffre.lecture() as connexion:
            return len(connexion.execute(select(Attestation.id).where(Attestation.dossier_id == ids["dossier"])).all())

    avant = combien()
    with pytest.raises(Refus, match="24 mois"):
        _etablir(session, ids, TypePapier.ATTESTATION_PERIODE, visite(LEYLA, Qualite.ALLOCATAIRE), JOUR - timedelta(days=800), JOUR)
    assert combien() == avant


def test_the_recap_says_what_was_done_and_what_is_left(menage, visite):
    session, _ = menage
    qui = visite(LEYLA, Qualite.ALLOCATAIRE)
    assert "Aucune démarche n'a été faite" in texte_du(papiers.recapituler(session, qui).pdf)
    demarches.deposer(session, qui, "mail", {"objet": "Logement", "message": "Bonjour"} | _mail(), JOUR)
    recap = papiers.recapituler(session, qui)
    texte = texte_du(recap.pdf)
    assert recap.reference == ""
    assert "transmise le" in texte
    assert MARQUES["pieces"] in texte
    assert MARQUES["alertes"] in texte


def _mail():
    from guichet.rules.formulaires import formulaires

    return {c.code: c.choix[0] if c.choix else "Bonjour" for c in formulaires(JOUR)["mail"].champs}


@pytest.mark.parametrize(
    ("avec", "qui", "qualite", "visiteur"),
    [
        (True, LEYLA, Qualite.ALLOCATAIRE, ""), (True, MARC, Qualite.CONJOINT_AUTORISE, ""), (False, MARC, Qualite.CONJOINT, ""),
        (True, ADAM, Qualite.ENFANT, ""), (True, LEYLA, Qualite.TUTEUR_PHYSIQUE, "Odile Marty"), (True, LEYLA, Qualite.TIERS_MANDATE, "Odile Marty"),
    ],
)  # fmt: skip
def test_a_recap_tells_nothing_that_the_quality_hides(deux, avec, qui, qualite, visiteur):
    """Zero leaks, also on paper: each mark that is printed is one that the visitor may see."""
    session, complet, sans = deux
    ids = complet if avec else sans
    ouverte = visites.ouvrir(session, PORTEE, ids["dossier"], ids[qui], qualite, "Passeport, valide", visiteur)
    try:
        texte = texte_du(papiers.recapituler(session, ouverte).pdf)
        voir = visites.vue_de(ouverte).voir
    finally:
        visites.terminer(session, ouverte)
    sortis = {informations(quoi, qui) for quoi, marque in MARQUES.items() if marque in texte}
    assert sortis <= voir


@pytest.mark.exigence("CTC-12")
def test_a_letter_is_ready_to_be_signed_and_posted(menage, visite):
    session, ids = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    carte = dossiers.ouvrir(session, PORTEE, ids["dossier"], JOUR)
    papier = papiers.ecrire_lettre(session, carte, "Un trop-perçu", "Je conteste.\n\nVoici pourquoi #let *x*.", ouverte)
    with pikepdf.open(io.BytesIO(papier.pdf)) as pdf:
        assert pdf.open_metadata()["pdfaid:conformance"] == "A"
    texte = texte_du(papier.pdf)
    for attendu in (
        "DARTIGUELONGUE Leyla",
        "allée des Marques",
        "Objet : Un trop-perçu",
        "Je conteste.",
        "Voici pourquoi #let *x*.",
        NUMERO,
        "Signature",
    ):
        assert attendu in texte, attendu
    with pytest.raises(Refus, match="un objet et un message"):
        papiers.ecrire_lettre(session, carte, "Objet", " \n ", ouverte)


def test_who_may_not_write_to_the_body_makes_no_letter(menage, visite):
    session, ids = menage
    ouverte = visite(ADAM, Qualite.ENFANT)
    carte = dossiers.ouvrir(session, PORTEE, ids["dossier"], JOUR)
    with pytest.raises(Refus, match="n'est pas permis en cette qualité"):
        papiers.ecrire_lettre(session, carte, "Objet", "Message", ouverte)
