"""A document on its way: what it lacks and why it leaves, its weight, the CPAM's form (DEP-01 to DEP-06), one given before that serves again."""

import os
import subprocess
import sys
import threading
from datetime import timedelta

import msgspec
import numpy as np
import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select

from guichet.central.base import BaseCentre
from guichet.contract.limites import PART_OCTETS
from guichet.models import Demarche, Personne
from guichet.models.enums import Qualite
from guichet.services import demarches, depots, documents, visites
from guichet.services.bac import Bac
from guichet.services.depots import Envoi
from guichet.services.session import Refus, maintenant
from guichet.store import fichiers, sortie
from guichet.store.documents import PieceDemandee
from tests.menage import ADAM, LEYLA
from tests.outils import ICI, LigneLente
from tests.sync.outils import CAF, attendre_disponible, envoyer, poste

CPAM = "conseillere.cpam31"
PHOTO = ICI / "donnees" / "photo.jpg"
SAISIES = {
    "sujet": "Indemnités journalières", "nom": "SENTINELLE", "prenom": "Leyla", "ne_le": "03/02/1988", "courriel": "leyla@exemple.fr",
    "fixe": "05 61 99 00 12", "portable": "06 39 98 12 34", "nir": "2 88 02 31 555 012",
}  # fmt: skip


@pytest.fixture
def assure(centre, tmp_path):
    """A CPAM's workstation, one of its people at the counter."""
    session = poste(tmp_path / "cpam", centre, CPAM)
    session.synchroniser()
    with session.coffre.lecture() as connexion:
        ligne = connexion.exec_driver_sql(
            "SELECT scope_id, dossier_id, personne_id FROM recherche WHERE role = 'responsable' LIMIT 1"
        ).one()
    tenu = Bac(session)
    yield session, visites.ouvrir(session, *ligne, Qualite.ALLOCATAIRE, "Passeport, valide"), tenu
    tenu.fermer()
    session.fermer()


@pytest.mark.exigence("DEP-03", "DEP-06")
def test_the_cpam_s_form_is_filled_in_with_what_is_known_and_goes_with_the_document(assure, centre):
    session, visite, bac = assure
    examen = depots.examiner(session, visite, bac, bac.importer(PHOTO), "autre")
    assert [c.libelle for c in examen.formulaire.champs if c.requis] == [
        "Sujet concerné", "Nom", "Prénom", "Date de naissance", "Adresse mail", "N° de téléphone fixe", "N° de téléphone portable",
        "Num. Sécurité Sociale",
    ]  # fmt: skip
    with session.coffre.lecture() as connexion:
        personne = connexion.execute(select(Personne.nom_naissance, Personne.ne_le).where(Personne.id == visite.personne_id)).one()
    assert (examen.connus["nom"], examen.connus["ne_le"]) == (personne.nom_naissance, f"{personne.ne_le:%d/%m/%Y}")
    assert {"prenom", "nir"} <= examen.connus.keys()
    assert ("portable" in examen.connus) != ("fixe" in examen.connus), "the one number known is one or the other"
    for saisies in ({}, SAISIES | {"nir": "2 88 02 31 555 012 00"}):
        with pytest.raises(Refus, match="formulaire de dépôt n'est pas complet"):
            depots.envoyer(session, visite, examen, Envoi("autre", "Un papier", saisies=saisies))
    assert documents.du_dossier(session, visite) == []
    donne = depots.envoyer(session, visite, examen, Envoi("autre", "Un papier", saisies=SAISIES))
    session.synchroniser()
    session.envoyer_fichiers()
    attendre_disponible(session, visite, donne.id)  # the desk sees that the centre has it (DEP-06)
    assert session.etat().comptes.refuses == 0
    base = BaseCentre(centre.base)
    with base.lecture(visite.portee) as connexion:
        contenu = connexion.scalar(
            select(Demarche.contenu).where(Demarche.scope_id == visite.portee, Demarche.libelle == "Dépôt de pièces CPAM")
        )
    base.fermer()
    assert (contenu["document"], contenu["champs"]["sujet"], contenu["champs"]["ne_le"]) == (donne.id, SAISIES["sujet"], "1988-02-03")
    assert "depot_cpam" not in {p.formulaire.code for p in demarches.proposees(session, visite)}, "it does not go without a document"


def test_the_cpam_s_form_does_not_go_alone(assure):
    """Neither from our own program, nor from another that would leave its document out."""
    session, visite, bac = assure
    with pytest.raises(Refus, match="se fait avec son document"):
        demarches.deposer(session, visite, "depot_cpam", SAISIES, maintenant().date())
    examen = depots.examiner(session, visite, bac, bac.importer(PHOTO), "autre")
    (seul,) = depots._formulaire(examen, Envoi("autre", "x", saisies=SAISIES), visite, "0" * 36, maintenant().date())
    with session.coffre.ecriture() as connexion:
        sortie.poster(connexion, visite.portee, "Document", [seul], visite.dossier_id)
    session.synchroniser()
    assert session.etat().comptes.refuses == 1


@pytest.mark.exigence("DEP-02")
def test_a_claim_for_care_is_told_from_a_paper_for_the_body(assure, tmp_path, monkeypatch):
    session, visite, bac = assure
    _imprimer("FEUILLE DE SOINS MEDECIN\nassuré(e)\nbénéficiaire des soins\nactes effectués\nsignature du médecin", tmp_path / "soins.png")
    pages = bac.lire_les_mots(bac.importer(tmp_path / "soins.png"))
    deja = {}
    compris = documents.comprendre(pages, deja)
    assert compris.soins
    lettre = bac.importer(PHOTO)
    for type_piece in ("autre", "attestation"):  # whatever it is said to be
        with pytest.raises(Refus, match=r"que par la poste.*Retirez la page 2"):
            depots.examiner(session, visite, bac, [*lettre, *pages], type_piece)
    assert depots.examiner(session, visite, bac, lettre, "autre").constats == (), "the rest may leave"
    assert not documents.du_dossier(session, visite)
    monkeypatch.setattr("guichet.rules.pieces.suggerer", lambda *_: "rien")
    assert documents.comprendre(pages, deja) == compris, "what was understood of a page is not looked for again"
    assert not documents.comprendre([msgspec.structs.replace(pages[0], id="autre")], deja).soins


@pytest.mark.exigence("DEP-02")
def test_what_only_seems_a_claim_for_care_is_asked_about(assure, tmp_path):
    """A letter that speaks of one is not one: two of its words are looked at by somebody, who says why it leaves."""
    session, visite, bac = assure
    _imprimer("Bonjour,\nvotre ticket modérateur est dû au prescripteur,\nmerci.", tmp_path / "lettre.png")
    examen = depots.examiner(session, visite, bac, bac.lire_les_mots(bac.importer(tmp_path / "lettre.png")), "autre")
    assert examen.constats == ("La page 1 est à regarder : cet organisme ne prend les feuilles de soins que par la poste.",)


@pytest.mark.exigence("DOC-06")
def test_a_rib_does_not_leave_as_a_document_where_its_form_is(menage, visite, bac, tmp_path):
    session, _ = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    _imprimer("RELEVÉ D'IDENTITÉ BANCAIRE\nTitulaire du compte\nCode banque 30006 Code guichet 00001\nBIC AGRIFRPP", tmp_path / "rib.png")
    pages = bac.lire_les_mots(bac.importer(tmp_path / "rib.png"))
    with pytest.raises(Refus, match="un RIB ne s'envoie pas, il se saisit par la démarche « Changement de compte bancaire »"):
        depots.examiner(session, ouverte, bac, pages, "autre")


def _imprimer(texte, chemin):
    from PIL import ImageDraw, ImageFont

    page = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(page).multiline_text((120, 150), texte, "black", ImageFont.load_default(40), spacing=30)
    page.save(chemin, dpi=(150, 150))


def test_what_lacks_something_leaves_with_a_reason_that_is_journaled(menage, visite, bac):
    session, _ = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    examen = depots.examiner(session, ouverte, bac, bac.importer(PHOTO), "piece_identite")
    assert examen.constats == ("Le recto et le verso sont attendus : une seule page est là.",)
    for motif in ("", "  ok "):
        with pytest.raises(Refus, match="pourquoi le document part tel quel"):
            depots.envoyer(session, ouverte, examen, Envoi("piece_identite", "Carte", motif=motif))
    donne = depots.envoyer(session, ouverte, examen, Envoi("piece_identite", "Carte", motif="Une seule face est imprimée"))
    assert _motif(session, donne.id) == "Une seule face est imprimée"


def test_a_signature_that_would_be_lost_is_asked_about(menage, visite, bac, tmp_path):
    session, _ = menage
    signe = pikepdf.new()
    signe.add_blank_page()
    signe.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([]), SigFlags=3)
    signe.Root.Perms = pikepdf.Dictionary(DocMDP=signe.make_indirect(pikepdf.Dictionary(
        Type=pikepdf.Name.Sig, ByteRange=pikepdf.Array([0, 10, 20, 30]), Contents=b"signature"
    )))  # fmt: skip
    signe.save(tmp_path / "signe.pdf")
    examen = depots.examiner(session, visite(LEYLA, Qualite.ALLOCATAIRE), bac, bac.importer(tmp_path / "signe.pdf"), "autre")
    assert examen.constats == ("Une page vient d'un PDF signé électroniquement : le document envoyé n'aura plus cette signature.",)


ENVOYER = """
import sys
from pathlib import Path
from guichet.services import ouvrir_session
dossier, url, jeton, agent, portee = sys.argv[1:]
session = ouvrir_session(Path(dossier), "une phrase de passe d'essai", url, jeton, (agent, portee))
print("part", flush=True)
session.envoyer_fichiers()
print("fini", flush=True)
"""


@pytest.mark.exigence("DOC-09")
@pytest.mark.usefixtures("sans_trousseau")
def test_killed_while_it_sends_a_document_goes_on_where_it_was(centre, tmp_path):
    """A kill costs one part at most, and the centre's file is the one that was given (its SHA-256 is its name)."""
    session, dossier, contenu = poste(tmp_path / "caf", centre, CAF), tmp_path / "caf", os.urandom(4_000_000)
    session.synchroniser()
    agent = session.agent()
    with session.coffre.ecriture() as connexion:
        fichiers.ranger(connexion, session.coffre.dossier, agent.travail, contenu)
    session.fermer()
    ligne, passes, tues = LigneLente(centre.url, 1_000_000), [], 0
    while True:
        avant = ligne.montes
        commande = [sys.executable, "-c", ENVOYER, str(dossier), ligne.url, centre.jeton(CAF), agent.id, agent.portee]
        with subprocess.Popen(commande, stdout=subprocess.PIPE, cwd=ICI.parent, text=True) as processus:
            assert processus.stdout.readline() == "part\n"
            minuterie = threading.Timer(1.3, processus.kill)
            minuterie.start()
            fini = processus.stdout.read() == "fini\n"
            minuterie.cancel()
        passes.append(ligne.montes - avant)
        if fini:
            break
        tues += 1
    assert tues >= 2
    assert sum(passes) <= len(contenu) + tues * PART_OCTETS + 300_000, "what was sent is not sent again"
    # These bytes are no document: the centre's analysis puts them aside as soon as they are whole. What counts here is that they are.
    assert contenu in [f.read_bytes() for f in centre.fichiers.rglob("*") if f.is_file()]


def _motif(session, document_id):
    from guichet.store.tables import journal_local as table

    with session.coffre.lecture() as connexion:
        return connexion.scalar(select(table.c.motif).where(table.c.objet == document_id, table.c.action == "document"))


def test_a_document_too_heavy_for_its_body_is_made_lighter_or_stays(menage, visite, bac, tmp_path):
    session, _ = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    alea = np.random.default_rng(1)
    for n in range(3):
        Image.fromarray(alea.integers(0, 255, (1600, 1200, 3), np.uint8)).save(
            tmp_path / f"{n}.jpg", quality=92 if n else 30, dpi=(150, 150)
        )
    pages = [p for n in range(3) for p in bac.importer(tmp_path / f"{n}.jpg")]
    examen = depots.examiner(session, ouverte, bac, pages, "autre")
    au_plus = depots.canal_de(session, ouverte).octets
    assert (examen.trop_lourd, examen.au_plus) == (len(examen.pdf) > au_plus, au_plus)
    for budget in (2_000_000, 900_000):
        legeres = bac.alleger(pages, budget)
        assert [p.nom for p in legeres] == [p.nom for p in pages]
        assert len(documents.convertir(bac, legeres)) <= budget
    assert bac.alleger(pages, 10**9) == pages, "nothing is done again without a need"
    lourd = depots.Examen(bytes(au_plus + 1), 1, (), au_plus, None, {})
    with pytest.raises(Refus, match="Allégez ses pages"):
        depots.envoyer(session, ouverte, lourd, Envoi("autre", "Un papier"))


def test_a_paper_already_given_and_still_good_is_not_asked_for_twice(menage, visite, bac):
    session, _ = menage
    ouverte = visite(LEYLA, Qualite.ALLOCATAIRE)
    donne = envoyer(session, ouverte, bac, bac.importer(PHOTO), "bail", "Bail signé")
    (demandee,) = documents.a_transmettre(session, ouverte)
    piece, jour = PieceDemandee(demandee.id, "bail", demandee.demandee_le), maintenant().date()
    connus = documents.du_dossier(session, ouverte)
    assert depots.reutilisable(piece, connus, jour).id == donne.id
    assert depots.reutilisable(piece, connus, jour + timedelta(days=400)) is None, "a year has passed"
    assert depots.reutilisable(PieceDemandee(demandee.id, "piece_identite", jour), connus, jour) is None
    depots.reutiliser(session, ouverte, piece, donne)
    assert documents.a_transmettre(session, ouverte) == []
    session.synchroniser()
    assert session.etat().comptes.refuses == 0
    visites.terminer(session, ouverte)
    enfant = visite(ADAM, Qualite.ENFANT)
    with pytest.raises(Refus, match="n'est pas permis"):
        depots.reutiliser(session, enfant, piece, donne)
