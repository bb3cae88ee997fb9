"""`guichet convertir`: a folder of papers to one PDF, in one line; what was found is told, what was refused is said."""

import io
import json
import random
from pathlib import Path

import cv2
import pikepdf
import pypdf
import pytest
from click.testing import CliRunner
from PIL import Image

from bench import photos
from guichet.cli import main
from guichet.documents.etabli import Etabli
from guichet.documents.page import Commande
from tests.ampleur import ampleur
from tests.documents.hostiles import MARQUE, tous
from tests.documents.test_hostiles import ACTIFS, ce_qui_reste
from tests.outils import ICI, guichet

DONNEES = ICI / "donnees"
KO_PHOTO, KO_TEXTE = 350_000, 35_000


@pytest.fixture(scope="module")
def papiers(tmp_path_factory):
    """A folder of papers: two photos, a slanted scan, a PDF with words of its own."""
    dossier = tmp_path_factory.mktemp("papiers")
    for rang, graine in enumerate((1, 4)):
        exif = Image.Exif()
        exif[0x010F] = "UnTelephone"
        photo = Image.fromarray(cv2.cvtColor(photos.photographier(graine).pixels, cv2.COLOR_BGR2RGB))
        photo.save(dossier / f"{rang}-photo.jpg", quality=90, exif=exif)
    scan = Image.fromarray(cv2.cvtColor(photos.page(8)[0], cv2.COLOR_BGR2RGB))
    scan.save(dossier / "2-scan.jpg", quality=85, dpi=(150, 150))
    scan.rotate(2, fillcolor=(252, 252, 252)).save(dossier / "3-penche.jpg", quality=85, dpi=(150, 150))
    return dossier


def _convertir(tmp_path, *arguments, code=0):
    """Convert by the command line, in this process, whose workshops are warm; `test_a_folder…` has a process of its own."""
    sortie, rapport = tmp_path / "sortie.pdf", tmp_path / "rapport.json"
    rendu = CliRunner().invoke(main, ["convertir", *map(str, arguments), "-o", str(sortie), "--rapport", str(rapport)])
    assert rendu.exit_code == code, rendu.output
    return sortie, json.loads(rapport.read_text()) if rapport.exists() else None, rendu


def test_a_folder_becomes_one_pdf_and_what_was_found_is_told(papiers, tmp_path):
    sortie = tmp_path / "sortie.pdf"
    rendu = guichet("convertir", str(papiers), "-o", str(sortie), "--rapport", str(tmp_path / "rapport.json"))
    assert rendu.returncode == 0, rendu.stderr
    rapport = json.loads((tmp_path / "rapport.json").read_text(encoding="utf-8"))
    assert [f["verdict"] for f in rapport["fichiers"]] == ["accepte"] * 4
    photo, _, scan, penche = rapport["pages"]
    assert photo["recadre"]
    assert photo["confiance"] >= 0.8
    for coin, vrai in zip(photo["quad"], photos.photographier(1).quad.tolist(), strict=True):
        assert coin == pytest.approx(vrai, abs=12)
    assert (scan["quad"], scan["recadre"], penche["recadre"]) == (None, False, False)
    assert scan["angle"] == pytest.approx(0, abs=0.1)
    assert penche["angle"] == pytest.approx(-2, abs=0.15)
    assert {p["type_piece"] for p in rapport["pages"]} <= {"justificatif_domicile", "quittance_loyer", "bulletin_salaire", "attestation"}
    assert all(p["sceau"]["verdict"] == "absent" for p in rapport["pages"])
    pages = pypdf.PdfReader(sortie).pages
    assert [(round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in pages] == [(595, 842)] * 4
    assert rapport["octets"] == sortie.stat().st_size <= 4 * KO_PHOTO


def test_what_was_not_edited_keeps_its_pixels_and_nothing_else(papiers, tmp_path):
    queue = tmp_path / "queue.jpg"
    queue.write_bytes((papiers / "0-photo.jpg").read_bytes() + b"COLLE APRES LA FIN")
    sortie, rapport, _ = _convertir(tmp_path, queue, papiers / "2-scan.jpg", "--recadrer", "non")
    assert [p["recadre"] for p in rapport["pages"]] == [False, False]
    octets = sortie.read_bytes()
    assert not [x for x in (b"Exif", b"UnTelephone", b"COLLE", b"http://ns.adobe.com") if x in octets]
    with pikepdf.open(sortie) as pdf:
        for page, source in zip(pdf.pages, (queue, papiers / "2-scan.jpg"), strict=True):
            (image,) = page.get_images().values()
            brut = image.read_raw_bytes()
            assert brut in octets
            assert Image.open(io.BytesIO(brut)).tobytes() == Image.open(source).tobytes()
        assert "/Info" not in pdf.trailer


@pytest.mark.parametrize(("mode", "plafond"), [("couleur", KO_PHOTO), ("gris", KO_PHOTO), ("texte", KO_TEXTE)])
def test_each_mode_keeps_to_its_bytes(papiers, tmp_path, mode, plafond):
    sortie, _, _ = _convertir(tmp_path, papiers, "--mode", mode)
    with pikepdf.open(sortie) as pdf:
        for page in pdf.pages:
            (image,) = page.get_images().values()
            assert len(image.read_raw_bytes()) <= plafond
            assert (image.ColorSpace, image.BitsPerComponent) == {
                "couleur": ("/DeviceRGB", 8), "gris": ("/DeviceGray", 8), "texte": ("/DeviceGray", 1),
            }[mode]  # fmt: skip


def test_words_are_under_the_page_where_they_are_read(papiers, tmp_path):
    envers = Image.open(papiers / "2-scan.jpg").transpose(Image.Transpose.ROTATE_180)
    envers.save(tmp_path / "envers.jpg", quality=85, dpi=(150, 150))
    sortie, _, _ = _convertir(tmp_path, papiers / "1-photo.jpg", papiers / "2-scan.jpg", tmp_path / "envers.jpg", "--texte")
    lus = pypdf.PdfReader(sortie).pages
    for page, graine in ((lus[0], 4), (lus[1], 8), (lus[2], 8)):
        titre, phrase = (photos.page(graine)[1].splitlines()[n] for n in (0, 4))
        lu = page.extract_text()
        assert titre in lu
        assert phrase[:30] in lu
    assert lus[2].rotation == 180, "turned without touching its bytes"
    places = [_place(sortie, n, photos.page(8)[1].split()[0]) for n in (1, 2)]
    assert places[0] == pytest.approx(places[1], abs=4), "under the same ink, whichever way the scan came"
    assert places[0][1] > 700, "at the top of the page as it is seen"


def _place(sortie, rang, mot):
    """Where a word stands on a page as it is seen: left and top, in points, by another reader."""
    import pypdfium2

    page = pypdfium2.PdfDocument(sortie)[rang]
    texte = page.get_textpage()
    debut, _ = texte.search(mot).get_next()
    gauche, _, droite, haut = texte.get_charbox(debut)
    largeur, hauteur = page.get_size()
    return (gauche, haut) if page.get_rotation() == 0 else (largeur - droite, hauteur - texte.get_charbox(debut)[1])


def test_pdfa_says_so_and_holds_to_it(papiers, tmp_path):
    """What veraPDF would look at, and can be without it: identification, colours, fonts, nothing active, nothing encrypted."""
    sortie, _, _ = _convertir(tmp_path, papiers, DONNEES / "trois.tif", "--pdfa", "--texte")
    with pikepdf.open(sortie) as pdf:
        xmp = pdf.open_metadata()
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "B")
        (intention,) = pdf.Root.OutputIntents
        assert intention.DestOutputProfile.read_bytes()[36:40] == b"acsp"
        assert "/ID" in pdf.trailer
        assert not pdf.is_encrypted
        for objet in pdf.objects:
            if isinstance(objet, pikepdf.Dictionary | pikepdf.Stream):
                assert not {"/JS", "/AA", "/OpenAction", "/EmbeddedFiles", "/SMask", "/Launch"} & set(objet.keys())
                assert objet.get("/Type") != "/Font" or objet.Subtype == "/Type3"
                assert objet.get("/Filter") != "/LZWDecode"
    with Etabli() as etabli:
        assert etabli.traiter(sortie.name, Commande(sortie.read_bytes(), inspecter=True)) == [], "the centre takes it"


def test_a_budget_is_kept_or_refused_in_words(papiers, tmp_path):
    deux = papiers / "0-photo.jpg", papiers / "2-scan.jpg"
    libre, rapport, _ = _convertir(tmp_path, *deux)
    types = [p["type_piece"] for p in rapport["pages"]]
    assert libre.stat().st_size > 150_000
    assert types[1]
    sortie, rapport, _ = _convertir(tmp_path, *deux, "--budget", "150")
    assert sortie.stat().st_size <= 150_000
    assert len(pypdf.PdfReader(sortie).pages) == len(rapport["pages"]) == 2
    assert [p["type_piece"] for p in rapport["pages"]] == types, "read once, at its best"
    sortie.unlink()
    _, _, rendu = _convertir(tmp_path, deux[1], "--budget", "9", code=1)
    assert "ne tient pas dans 9 ko" in rendu.stderr
    assert "Rien n'a été écrit" in rendu.stderr
    assert not sortie.exists()


def test_a_pdf_keeps_its_own_words_and_is_not_read_again(papiers, tmp_path):
    premier, rapport, _ = _convertir(tmp_path, papiers / "2-scan.jpg", "--texte")
    (tmp_path / "relu.pdf").write_bytes(premier.read_bytes())
    sortie, encore, _ = _convertir(tmp_path, tmp_path / "relu.pdf", "--texte")
    assert encore["pages"][0]["type_piece"] == rapport["pages"][0]["type_piece"] is not None
    assert pypdf.PdfReader(sortie).pages[0].extract_text() == pypdf.PdfReader(tmp_path / "relu.pdf").pages[0].extract_text()


REFUSES = {"pdf_tiers": {"libreoffice-writer-password.pdf": "protege"}, "hostile": {
    "bombe_20000x20000.png": "trop_grande", "bombe_contenu_1Go.pdf": "trop_long", "cycle.pdf": "abime", "entete_seule.pdf": "abime",
    "eps_nomme.jpg": "format", "html_nomme.pdf": "format", "page_demesuree.pdf": "trop_grande", "pages_1200.pdf": "trop_de_pages",
    "protege_mot_de_passe.pdf": "protege", "texte_nomme.jpg": "format", "tronque.pdf": "abime", "tronquee.jpg": "abime", "vide.pdf": "vide",
}}  # fmt: skip


@pytest.mark.ampleur
@pytest.mark.parametrize(("dossier", "combien"), [("hostile", 33), ("pdf_tiers", 8)])
def test_the_shared_hostile_files_have_their_verdicts(echantillons, tmp_path, dossier, combien):
    tous_ceux_la = sorted((echantillons / dossier).iterdir())
    assert len(tous_ceux_la) == combien
    # One that is refused and one that is not, so that there is always a PDF and always a refusal.
    surs = [next(f for f in tous_ceux_la if (f.name in REFUSES[dossier]) is refuse) for refuse in (True, False)]
    tires = {*surs, *random.sample(tous_ceux_la, min(combien, ampleur("fichiers_hostiles_partages")))}
    sortie, rapport, _ = _convertir(tmp_path, *sorted(tires), code=3)
    attendus = {f.name: REFUSES[dossier][f.name] for f in tires if f.name in REFUSES[dossier]}
    assert {Path(f["source"]).name: f["code"] for f in rapport["fichiers"] if f["verdict"] == "refuse"} == attendus
    assert len(rapport["fichiers"]) == len(tires)
    assert not ce_qui_reste(sortie.read_bytes()) & (ACTIFS | {"/PS", "/Info"})


def test_a_signature_that_is_not_kept_is_told(tmp_path):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        signature = pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 10, 20, 30], Contents=pikepdf.String("x"))
        champ = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="s", V=pdf.make_indirect(signature))
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[pdf.make_indirect(champ)], SigFlags=3)
        pdf.save(tmp_path / "signe.pdf")
    sortie, rapport, _ = _convertir(tmp_path, tmp_path / "signe.pdf", DONNEES / "photo.jpg")
    assert [("signee" in p["notes"]) for p in rapport["pages"]] == [True, False]
    assert b"/ByteRange" not in sortie.read_bytes()


def test_what_is_refused_is_said_and_the_rest_is_converted(papiers, tmp_path):
    mauvais = tmp_path / "m.jpg"
    mauvais.write_bytes(b"pas une image")
    sortie, rapport, rendu = _convertir(tmp_path, DONNEES / "photo.jpg", mauvais, DONNEES / "trois.tif", tmp_path / "absent.pdf", code=3)
    assert [(f["verdict"], f.get("code")) for f in rapport["fichiers"]] == [
        ("accepte", None), ("refuse", "format"), ("accepte", None), ("refuse", "disparu"),
    ]  # fmt: skip
    assert "m.jpg" in rendu.stderr
    assert len(pypdf.PdfReader(sortie).pages) == 4
    sortie.unlink()
    _, rapport, rendu = _convertir(tmp_path, mauvais, code=3)
    assert "rien n'a été écrit" in rendu.stderr
    assert not sortie.exists()
    assert rapport["pages"] == []


def test_a_protected_pdf_opens_with_its_password_which_is_not_kept(tmp_path, monkeypatch):
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(tmp_path / "avis.pdf", encryption=pikepdf.Encryption(owner="proprietaire", user="1945Clé"))
    for mot, code in (("", "protege"), ("1946", "mot_de_passe")):
        monkeypatch.setenv("GUICHET_MOT_DE_PASSE", mot)
        sortie, rapport, _ = _convertir(tmp_path, tmp_path / "avis.pdf", DONNEES / "photo.jpg", code=3)
        assert [f.get("code") for f in rapport["fichiers"]] == [code, None]
    monkeypatch.setenv("GUICHET_MOT_DE_PASSE", "1945Clé")
    sortie, rapport, _ = _convertir(tmp_path, tmp_path / "avis.pdf", DONNEES / "photo.jpg")
    assert [f["verdict"] for f in rapport["fichiers"]] == ["accepte", "accepte"]
    with pikepdf.open(sortie) as lu:
        assert (len(lu.pages), lu.is_encrypted) == (2, False)


def test_no_hostile_file_stops_the_others(papiers, tmp_path):
    """One workshop after the other: each file has its verdict, the good ones between them are all there, nothing active is left."""
    dossier, mauvais = tmp_path / "hostiles", random.sample(list(tous()), 6)
    dossier.mkdir()
    for rang, (nom, octets) in enumerate(mauvais):
        (dossier / f"{rang:03}-{nom.replace('/', '-')}").write_bytes(octets)
    bon = papiers / "2-scan.jpg"
    sortie, rapport, _ = _convertir(tmp_path, bon, dossier, bon, "--recadrer", "non", code=3)
    assert len(rapport["fichiers"]) == len(mauvais) + 2
    assert all(f["verdict"] == "accepte" or f["message"] for f in rapport["fichiers"])
    assert [p["source"] for p in rapport["pages"] if p["source"] == str(bon)] == [str(bon)] * 2
    assert len(pypdf.PdfReader(sortie).pages) == len(rapport["pages"])
    assert not ce_qui_reste(sortie.read_bytes()) & (ACTIFS | {MARQUE, "/PS", "/Info"})
