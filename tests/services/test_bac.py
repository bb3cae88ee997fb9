"""The tray of papers: kept page by page as it is made, found again as it was, erased once it is sent."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pikepdf
import pypdf
import pytest
from PIL import Image

from bench import photos
from guichet.documents.erreurs import Cause, FichierRefuse
from guichet.documents.page import Genre, Mode, Page, Recadrer, Retouches
from guichet.services import documents
from guichet.services.bac import Bac, a_lire
from guichet.services.session import Refus
from guichet.store.tables import bac_contenu
from tests.ampleur import ampleur
from tests.outils import ICI
from tests.sync.outils import CAF, poste

DONNEES = ICI / "donnees"


@pytest.fixture
def profil(centre, tmp_path):
    session = poste(tmp_path / "profil", centre, CAF)
    session.synchroniser()
    yield session
    session.fermer()


@pytest.fixture
def bac(profil):
    ouvert = Bac(profil)
    yield ouvert
    ouvert.fermer()


@pytest.fixture
def photo(tmp_path):
    faite, fichier = photos.photographier(0), tmp_path / "photo.jpg"
    cv2.imwrite(str(fichier), faite.pixels, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return fichier


def _fichiers(profil):
    return [f for f in (profil.coffre.dossier / "fichiers").rglob("*") if f.is_file()]


def test_a_page_is_its_original_and_what_was_decided_about_it(bac, photo):
    (page,) = bac.importer(photo)
    assert page.faite.recadre
    assert page.faite.genre is Genre.JPEG
    entiere = bac.retoucher(page, Retouches(recadrer=Recadrer.NON))
    assert (entiere.faite.recadre, entiere.octets) == (False, pytest.approx(photo.stat().st_size, abs=200))
    a_la_main = bac.retoucher(entiere, Retouches(coins=((200, 300), (1200, 300), (1200, 1700), (200, 1700))))
    assert a_la_main.faite.recadre
    assert a_la_main.faite.confiance == 1
    noire = bac.retoucher(a_la_main, msgspec.structs.replace(a_la_main.retouches, mode=Mode.TEXTE, rotation=90))
    assert (noire.faite.genre, noire.retouches.rotation) == (Genre.G4, 90)
    assert noire.octets <= 35_000
    encore = bac.retoucher(noire, Retouches())
    assert (encore.contenu, encore.faite.quad) == (page.contenu, page.faite.quad), "every edit starts from the original"
    vue = bac.voir_l_original(noire)
    assert (vue.taille, vue.recadre) == ((1512, 2016), False)


def test_a_page_of_a_pdf_is_turned_grey_or_cropped_alone(bac, tmp_path):
    pdf = pikepdf.new()
    for _ in range(3):
        pdf.add_blank_page(page_size=(595, 842))
    pdf.save(tmp_path / "trois.pdf")
    pages = bac.importer(tmp_path / "trois.pdf")
    assert [p.nom for p in pages] == ["trois 1", "trois 2", "trois 3"]
    grise = bac.retoucher(pages[1], Retouches(mode=Mode.GRIS))
    coupee = bac.retoucher(pages[2], Retouches(coins=((100, 100), (900, 100), (900, 1200), (100, 1200))))
    assert [p.faite.genre for p in (pages[0], grise, coupee)] == [Genre.PDF, Genre.JPEG, Genre.JPEG]
    rendu = documents.relire(documents.convertir(bac, [coupee, pages[0], grise, pages[2]]))
    assert len(rendu) == 4


def test_pages_of_one_pdf_are_copied_once_whatever_their_order(bac, tmp_path):
    pdf = pikepdf.new()
    for n in range(4):
        page = pdf.add_blank_page(page_size=(200 + n, 300))
        page.obj.Contents = pdf.make_stream(os.urandom(20_000).hex().encode())
    pdf.save(tmp_path / "quatre.pdf", compress_streams=False)
    pages = bac.importer(tmp_path / "quatre.pdf")
    rendu = documents.convertir(bac, [pages[3], pages[0], pages[2], pages[1]])
    assert [round(p.mm[0] / 25.4 * 72) for p in documents.relire(rendu)] == [203, 200, 202, 201]
    assert len(rendu) < 1.3 * (tmp_path / "quatre.pdf").stat().st_size


def test_a_password_opens_a_pdf_and_is_not_kept(bac, profil, tmp_path):
    pdf, fichier = pikepdf.new(), tmp_path / "avis.pdf"
    pdf.add_blank_page()
    pdf.save(fichier, encryption=pikepdf.Encryption(owner="proprietaire", user="1945Clé"))
    for mot, cause in (("", Cause.PROTEGE), ("1946", Cause.MOT_DE_PASSE)):
        with pytest.raises(FichierRefuse) as refus:
            bac.importer(fichier, mot_de_passe=mot)
        assert refus.value.cause is cause
    (page,) = bac.importer(fichier, mot_de_passe="1945Clé")
    with pikepdf.open(io.BytesIO(documents.convertir(bac, [page]))) as rendu:
        assert not rendu.is_encrypted
    grise = bac.retoucher(page, Retouches(mode=Mode.GRIS))
    assert grise.faite.genre is Genre.JPEG, "done again without being asked for it again"


def test_what_is_erased_leaves_nothing_and_what_is_left_is_whole(bac, profil, photo):
    avant = len(_fichiers(profil))
    (page,) = bac.importer(photo)
    autres = bac.importer(DONNEES / "trois.tif")
    bac.garder([page, *autres])
    assert len(_fichiers(profil)) > avant
    bac.garder(autres[:1])
    bac.nettoyer()
    assert bac.reprendre() == autres[:1]
    assert len(documents.relire(documents.convertir(bac, autres[:1]))) == 1
    bac.garder([])
    bac.nettoyer()
    assert len(_fichiers(profil)) == avant
    with profil.coffre.lecture() as connexion:
        assert connexion.execute(bac_contenu.select()).all() == []
    with pytest.raises(Refus, match="n'est plus lisible sur ce poste"):
        documents.convertir(bac, [page])


@pytest.mark.exigence("DOC-02")
def test_papers_lie_sealed(bac, profil, photo):
    (page,) = bac.importer(photo)
    bac.garder([page])
    octets = photo.read_bytes()
    for fichier in profil.coffre.dossier.rglob("*"):
        if fichier.is_file():
            assert octets[1000:1100] not in fichier.read_bytes(), fichier


TRAVAIL = """
import random, sys
from pathlib import Path
import msgspec
from guichet.documents.page import Mode, Recadrer, Retouches
from guichet.services import ouvrir_session
from guichet.services.bac import Bac, a_lire
dossier, photo, trois, graine = sys.argv[1:]
session = ouvrir_session(Path(dossier), "une phrase de passe d'essai", None, "")
bac, alea = Bac(session), random.Random(graine)
pages = bac.reprendre()
def dire():
    print(msgspec.json.encode([p.id for p in pages]).decode(), flush=True)
dire()
while True:
    geste = alea.choice(("ajouter", "retoucher", "deplacer", "retirer", "convertir"))
    if geste == "ajouter" or not pages:
        pages = [*pages, *bac.importer(Path(alea.choice((photo, trois))))][-9:]
    elif geste == "retoucher":
        rang = alea.randrange(len(pages))
        souhait = alea.choice((Retouches(mode=Mode.TEXTE), Retouches(rotation=90), Retouches(recadrer=Recadrer.NON)))
        pages[rang] = bac.retoucher(pages[rang], souhait)
    elif geste == "deplacer":
        alea.shuffle(pages)
    elif geste == "retirer":
        pages = pages[1:]
    elif geste == "convertir":
        from guichet.services import documents
        documents.convertir(bac, pages)
    bac.garder(pages)
    dire()
"""


@pytest.mark.ampleur
@pytest.mark.usefixtures("sans_trousseau")
def test_killed_at_any_step_the_tray_is_found_as_it_was(profil, photo, tmp_path):
    """The same pages, in the same order, with the same edits: those last said to be kept, or those being kept when it died."""
    dossier = profil.coffre.dossier
    profil.fermer()
    petite = tmp_path / "petite.jpg"
    cv2.imwrite(str(petite), cv2.resize(cv2.imread(str(photo)), None, fx=0.4, fy=0.4))
    dernier, vus = None, 0
    morts = ampleur("morts_du_bac")
    for graine in range(morts):
        commande = [sys.executable, "-c", TRAVAIL, str(dossier), str(petite), str(DONNEES / "trois.tif"), str(graine)]
        with subprocess.Popen(commande, stdout=subprocess.PIPE, cwd=ICI.parent, text=True) as processus:
            dits = [msgspec.json.decode(processus.stdout.readline())]
            assert dernier is None or dits[0] in dernier
            dits += [msgspec.json.decode(processus.stdout.readline()) for _ in range(graine + 2)]
            time.sleep(0.05 * graine)
            processus.send_signal(signal.SIGKILL)
            dits += [msgspec.json.decode(x) for x in processus.stdout if x.endswith("\n")]
        vus += len(dits)
        dernier = [dits[-1], *_en_train(dossier, dits[-1])]
    assert vus > 3 * morts


def _en_train(dossier: Path, dit: list[str]) -> list[list[str]]:
    """Open the vault that was left, and check that each of its pages can be sent; return what was being kept, when it was."""
    from guichet.services import ouvrir_session

    session = ouvrir_session(dossier, "une phrase de passe d'essai", None, "")
    bac = Bac(session)
    try:
        pages: list[Page] = bac.reprendre()
        if pages:
            assert len(documents.relire(documents.convertir(bac, pages))) == len(pages)
    finally:
        bac.fermer()
        session.fermer()
    return [[p.id for p in pages]] if [p.id for p in pages] != dit else []


def _cartes(chemin):
    """Both sides of a card, laid on a glass at 200 dots an inch."""
    vitre = np.full((2339, 1654, 3), 250, np.uint8)
    for rang, y in enumerate((200, 1200)):
        vitre[y : y + 425, 300:974] = np.minimum(photos.page(rang)[0][:425, :674], 225)
    Image.fromarray(vitre[..., ::-1]).save(chemin, dpi=(200, 200), quality=92)
    return chemin


def test_papers_of_one_glass_become_pages_and_two_sides_one_page(bac, photo, tmp_path):
    (vitre,) = bac.importer(_cartes(tmp_path / "cartes.jpg"))
    recto, verso = bac.separer(vitre)
    assert [p.nom for p in (recto, verso)] == ["cartes (1)", "cartes (2)"]
    assert recto.retouches.coins != verso.retouches.coins
    assert recto.original == vitre.original
    ensemble = bac.reunir([recto, verso])
    assert ensemble.nom == "cartes (1)"
    (page,) = documents.relire(documents.convertir(bac, [ensemble]))
    assert tuple(round(x) for x in page.mm) == (210, 297)
    with pikepdf.open(io.BytesIO(documents.convertir(bac, [ensemble]))) as pdf:
        dessins = list(pdf.pages[0].resources.XObject.values())
    assert len(dessins) == 2
    with pytest.raises(Refus, match="ne voit qu'un papier"):
        bac.separer(bac.importer(photo)[0])


def test_words_are_read_of_pages_that_share_their_bytes_and_of_a_page_and_its_double(bac, tmp_path):
    images = [Image.fromarray(photos.page(n)[0][..., ::-1]) for n in range(6)]
    images[0].save(tmp_path / "six.pdf", save_all=True, append_images=images[1:], resolution=150)
    images[0].save(tmp_path / "une.png", dpi=(150, 150))
    pages = [*bac.importer(tmp_path / "six.pdf"), *bac.importer(tmp_path / "une.png") * 2]
    lots = []
    while lot := a_lire(pages):
        lots.append(len(lot))
        lues = {p.id: p for p in bac.lire_les_mots(lot)}
        pages = [lues.get(p.id, p) for p in pages]
    assert lots == [4, 2, 1]
    assert all("cette attestation" in p.faite.texte.lower() or "rue des lilas" in p.faite.texte.lower() for p in pages)
    rendu = documents.convertir(bac, pages)
    textes = [p.extract_text().lower() for p in pypdf.PdfReader(io.BytesIO(rendu)).pages]
    assert len(textes) == 8
    assert all("lilas" in t for t in textes)
