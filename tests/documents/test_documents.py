"""Any file in, one clean PDF out, or a refusal in words; the process that reads may die, we do not."""

import io
import struct
import zlib

import cv2
import msgspec
import pikepdf
import pypdf
import pytest
from PIL import Image

from bench import photos
from guichet.documents import etabli
from guichet.documents.erreurs import Cause, FichierRefuse
from guichet.documents.etabli import Etabli, lire_les_octets
from guichet.documents.page import Commande, Recadrer
from tests.documents.outils import assembler, lire


def _image(format_, mode="RGB", taille=(120, 160), **options):
    tampon = io.BytesIO()
    Image.new(mode, taille, "white" if mode != "1" else 1).save(tampon, format_, **options)
    return tampon.getvalue()


def _pdf(pages=1, **options):
    document, tampon = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        document.add_blank_page()
    document.save(tampon, **options)
    return tampon.getvalue()


def _heic():
    import pillow_heif

    tampon = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 64), "white")).save(tampon)
    return tampon.getvalue()


def _png_geant(cote):
    """A PNG that announces a huge square and holds almost nothing."""

    def bloc(nom, corps):
        return struct.pack(">I", len(corps)) + nom + corps + struct.pack(">I", zlib.crc32(nom + corps))

    return (
        b"\x89PNG\r\n\x1a\n"
        + bloc(b"IHDR", struct.pack(">IIBBBBB", cote, cote, 8, 2, 0, 0, 0))
        + bloc(b"IDAT", zlib.compress(b""))
        + bloc(b"IEND", b"")
    )


@pytest.mark.exigence("DEP-04")
@pytest.mark.parametrize(
    ("octets", "pages"),
    [
        (_image("JPEG"), 1),
        (_image("PNG", "RGBA"), 1),
        (_image("WEBP"), 1),
        (_image("TIFF", save_all=True, append_images=[Image.new("RGB", (80, 80)), Image.new("1", (80, 80))]), 3),
        (_image("TIFF", "1", compression="group4"), 1),
        (_heic(), 1),
        (_pdf(2), 2),
    ],
    ids=["jpeg", "png", "webp", "tiff-3", "fax", "heic", "pdf"],
)
def test_every_accepted_format_becomes_pages_of_a_pdf(octets, pages):
    lues = lire(octets)
    assert len(lues) == pages
    assert len(pypdf.PdfReader(io.BytesIO(assembler(lues))).pages) == pages


@pytest.mark.parametrize(
    ("octets", "cause"),
    [
        (b"", Cause.VIDE),
        (b"bonjour", Cause.FORMAT),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", Cause.FORMAT),
        (b"<html>%PDF", Cause.FORMAT),
        (_image("JPEG", taille=(900, 900))[:1500], Cause.ABIME),
        (_pdf()[:200], Cause.ABIME),
        (b"%PDF-1.7\n", Cause.ABIME),
        (_png_geant(20_000), Cause.TROP_GRANDE),
        (_pdf(encryption=pikepdf.Encryption(user="secret", owner="secret")), Cause.PROTEGE),
        (_pdf(301), Cause.TROP_DE_PAGES),
    ],
    ids=["empty", "text", "eps", "html", "jpeg-cut", "pdf-cut", "pdf-header", "png-20000", "pdf-encrypted", "pdf-301"],
)  # fmt: skip
def test_bad_files_are_refused_in_words(octets, cause):
    with pytest.raises(FichierRefuse) as leve:
        lire(octets, "facture.jpg")
    assert leve.value.cause is cause
    assert str(leve.value).startswith("facture.jpg : ")


def test_a_file_that_vanishes(tmp_path):
    with pytest.raises(FichierRefuse, match="a disparu"):
        lire_les_octets(tmp_path / "parti.jpg")


def test_a_reader_that_hangs_or_dies_is_contained(monkeypatch):
    monkeypatch.setattr(etabli, "_ATTENTE_S", 0.05)
    with Etabli() as froid, pytest.raises(FichierRefuse, match="trop de mémoire ou de temps"):
        froid.traiter("x.jpg", Commande(_image("JPEG")))


def test_scripts_forms_attachments_and_metadata_are_gone():
    document, tampon = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('SALUT')")
    document.pages[0].obj.AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x('SALUT')"))
    document.attachments["SALUT.txt"] = b"SALUT"
    document.docinfo["/Author"] = "SALUT"
    document.save(tampon, compress_streams=False)
    rendu = assembler(lire(tampon.getvalue()))
    with pikepdf.open(io.BytesIO(rendu)) as propre:
        tout = b"".join(
            o.unparse(resolved=True) if not isinstance(o, pikepdf.Stream) else o.read_bytes() for o in propre.objects if o is not None
        )
        assert set(propre.Root.keys()) == {"/Type", "/Pages", "/Lang"}
        assert len(propre.attachments) == 0
    for mot in (b"SALUT", b"JavaScript", b"EmbeddedFile"):
        assert mot not in tout


def test_gps_and_trailing_bytes_do_not_travel():
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 29.0)
    rendu = assembler(lire(_image("JPEG", exif=exif) + b"COLLE APRES"))
    assert b"Exif" not in rendu
    assert b"COLLE APRES" not in rendu


def test_a_turned_page_is_turned_in_the_pdf():
    pages = [msgspec.structs.replace(p, rotation=90) for p in lire(_image("JPEG", taille=(100, 200)))]
    assert pypdf.PdfReader(io.BytesIO(assembler(pages))).pages[0].rotation == 90


def test_a_pdf_that_anybody_may_read_is_read_whatever_its_owner_forbids():
    assert len(lire(_pdf(2, encryption=pikepdf.Encryption(owner="proprietaire", user="")))) == 2
    with pytest.raises(FichierRefuse) as refus:
        lire(_pdf(encryption=pikepdf.Encryption(owner="proprietaire", user="motdepasse")))
    assert refus.value.cause is Cause.PROTEGE


def test_an_upright_photo_whatever_the_phone_said():
    exif = Image.Exif()
    exif[274] = 6
    octets = _image("JPEG", taille=(200, 100), exif=exif)
    page = lire(octets)[0]
    assert page.rotation == 90
    assert b"Exif" not in page.contenu
    assert Image.open(io.BytesIO(page.contenu)).tobytes() == Image.open(io.BytesIO(octets)).tobytes(), "not one pixel changes"
    exif[274] = 5  # mirrored: no turn says it
    page = lire(_image("JPEG", taille=(200, 100), exif=exif))[0]
    assert (page.rotation, Image.open(io.BytesIO(page.contenu)).size) == (0, (100, 200))


@pytest.mark.parametrize(("taille", "format_"), [((8160, 6120), "JPEG"), ((16320, 12240), "JPEG"), ((8160, 6120), "PNG")])
def test_the_photos_of_the_largest_telephones_are_taken(taille, format_):
    """50 and 200 million pixels: more than the workshop's memory and time for one page, looked at whole."""
    photo = photos.photographier(2, taille[1] // 4, taille[0] // 4)
    octets = cv2.imencode(f".{format_.lower()}", cv2.resize(photo.pixels, None, fx=4, fy=4))[1].tobytes()
    (page,) = lire(octets, recadrer=Recadrer.AUTO, apercu=True)
    assert (page.recadre, page.taille) == (True, taille[::-1])
    for coin, vrai in zip(page.quad, photo.quad * 4, strict=True):
        assert coin == pytest.approx(vrai.tolist(), abs=0.01 * taille[0])
    (entiere,) = lire(octets)
    if format_ == "JPEG" and taille[0] * taille[1] < 90_000_000:
        assert Image.open(io.BytesIO(entiere.contenu)).size == entiere.taille, "untouched, it keeps its own stream"


def test_a_large_scan_keeps_its_true_size():
    tampon = io.BytesIO()
    Image.new("L", (7016, 9922), 250).save(tampon, "JPEG", dpi=(600, 600))
    (page,) = lire(tampon.getvalue())
    assert page.mm == pytest.approx((297, 420), abs=0.2)
    assert page.taille == (7016, 9922)


def test_each_picture_of_a_file_has_its_own_size():
    tampon = io.BytesIO()
    Image.new("L", (300, 400), 250).save(tampon, "TIFF", save_all=True, append_images=[Image.new("L", (500, 200), 250)])
    assert [p.taille for p in lire(tampon.getvalue())] == [(300, 400), (500, 200)]


def test_images_stand_on_a4():
    boite = pypdf.PdfReader(io.BytesIO(assembler(lire(_image("JPEG", taille=(2000, 1000)))))).pages[0].mediabox
    assert (round(float(boite.width)), round(float(boite.height))) == (842, 595)


@pytest.mark.parametrize(
    "nom",
    [
        "bombe_20000x20000.png",
        "bombe_contenu_1Go.pdf",
        "tronquee.jpg",
        "tronque.pdf",
        "protege_mot_de_passe.pdf",
        "vide.pdf",
        "texte_nomme.jpg",
    ],
)
def test_the_bad_samples_are_refused(echantillons, nom):
    with pytest.raises(FichierRefuse):
        lire((echantillons / "hostile" / nom).read_bytes())
