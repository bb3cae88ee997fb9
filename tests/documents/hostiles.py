"""Documents that somebody means harm with: what acts, what leads elsewhere, what exhausts, what lies about itself."""

import io
import random
import struct
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

MARQUE = "POISON"


def _page(document):
    document.add_blank_page(page_size=(595, 842))
    document.pages[-1].Contents = pikepdf.Stream(document, b"0 0 100 100 re f")
    return document.pages[-1].obj


def _js(code=f"app.alert('{MARQUE}')"):
    return Dictionary(S=Name.JavaScript, JS=code)


_ACTIONS = {
    "javascript": lambda d: _js(),
    "javascript-flux": lambda d: Dictionary(S=Name.JavaScript, JS=pikepdf.Stream(d, f"x('{MARQUE}')".encode())),
    "launch": lambda d: Dictionary(S=Name.Launch, F=String(f"{MARQUE}.exe")),
    "launch-win": lambda d: Dictionary(S=Name.Launch, Win=Dictionary(F=String("cmd.exe"), P=String(MARQUE))),
    "uri": lambda d: Dictionary(S=Name.URI, URI=String(f"https://{MARQUE}.example")),
    "submit": lambda d: Dictionary(S=Name.SubmitForm, F=Dictionary(FS=Name.URL, F=String(f"https://{MARQUE}.example"))),
    "import": lambda d: Dictionary(S=Name.ImportData, F=String(MARQUE)),
    "gotor": lambda d: Dictionary(S=Name.GoToR, F=String(f"//{MARQUE}/partage"), D=Array([0, Name.Fit])),
    "gotoe": lambda d: Dictionary(S=Name.GoToE, F=String(MARQUE), D=String("x")),
    "named": lambda d: Dictionary(S=Name.Named, N=Name("/Print")),
    "hide": lambda d: Dictionary(S=Name.Hide, T=String(MARQUE)),
    "rendition": lambda d: Dictionary(S=Name.Rendition, OP=0, JS=MARQUE),
    "chaine": lambda d: Dictionary(S=Name.Named, N=Name("/NextPage"), Next=_js()),
}


def _a_l_ouverture(document, action):
    document.Root.OpenAction = action


def _a_la_page(document, action):
    document.pages[0].obj.AA = Dictionary(O=action, C=action)


def _au_document(document, action):
    document.Root.AA = Dictionary(WC=action, DP=action)


def _au_lien(document, action):
    document.pages[0].obj.Annots = Array([
        document.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 600, 800]), A=action))
    ])  # fmt: skip


def _au_champ(document, action):
    champ = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("c"),
            V=String("v"),
            Rect=Array([0, 0, 90, 20]),
            AA=Dictionary(K=action, F=action, Fo=action),
            A=action,
        )
    )
    document.pages[0].obj.Annots = Array([champ])
    document.Root.AcroForm = Dictionary(Fields=Array([champ]), CO=Array([champ]), NeedAppearances=True)


def _au_signet(document, action):
    racine = document.make_indirect(Dictionary(Type=Name.Outlines))
    signet = document.make_indirect(Dictionary(Title=String(MARQUE), Parent=racine, A=action))
    racine.First = racine.Last = signet
    document.Root.Outlines = racine


def _au_nom(document, action):
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), action])))


_PLACES = {
    "ouverture": _a_l_ouverture, "page": _a_la_page, "document": _au_document, "lien": _au_lien, "champ": _au_champ, "signet": _au_signet,
    "nom": _au_nom,
}  # fmt: skip


def _annotation(sous_type, **reste):
    def poser(document):
        document.pages[0].obj.Annots = Array([
            document.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name("/" + sous_type), Rect=Array([0, 0, 90, 90]), Contents=String(MARQUE), **reste))
        ])  # fmt: skip

    return poser


def _joindre(document):
    document.attachments[f"{MARQUE}.exe"] = MARQUE.encode()


def _xfa(document):
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pikepdf.Stream(document, f"<xdp>{MARQUE}</xdp>".encode()))


def _metadonnees(document):
    document.Root.Metadata = pikepdf.Stream(document, f"<x>{MARQUE}</x>".encode(), Type=Name.Metadata, Subtype=Name.XML)
    document.docinfo["/Author"] = MARQUE


def _associes(document):
    fichier = document.make_indirect(
        Dictionary(Type=Name.Filespec, F=String(MARQUE), EF=Dictionary(F=pikepdf.Stream(document, MARQUE.encode())))
    )
    document.Root.AF = Array([fichier])
    document.pages[0].obj.AF = Array([fichier])


def _calques(document):
    groupe = document.make_indirect(Dictionary(Type=Name.OCG, Name=String(MARQUE)))
    document.Root.OCProperties = Dictionary(OCGs=Array([groupe]), D=Dictionary(AS=Array([])))


def _pieces(document):
    document.pages[0].obj.PieceInfo = Dictionary(X=Dictionary(Private=String(MARQUE)))
    document.pages[0].obj.Metadata = pikepdf.Stream(document, MARQUE.encode())


def _image_externe(document):
    image = pikepdf.Stream(
        document, b"", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, F=String(f"//{MARQUE}/x.jpg"), FFilter=Name.DCTDecode
    )
    document.pages[0].obj.Resources = Dictionary(XObject=Dictionary(I=image))
    document.pages[0].obj.Contents = pikepdf.Stream(document, b"/I Do")


def _postscript(document):
    image = pikepdf.Stream(document, f"({MARQUE}) show".encode(), Type=Name.XObject, Subtype=Name.PS)
    document.pages[0].obj.Resources = Dictionary(XObject=Dictionary(I=image))
    document.pages[0].obj.Contents = pikepdf.Stream(document, b"/I Do")


_DIVERS = {
    "piece-jointe": _joindre, "xfa": _xfa, "metadonnees": _metadonnees, "associes": _associes, "calques": _calques, "pieceinfo": _pieces,
    "image-externe": _image_externe, "postscript": _postscript, "richmedia": _annotation("RichMedia"), "3d": _annotation("3D"),
    "movie": _annotation("Movie"), "screen": _annotation("Screen"), "sound": _annotation("Sound"), "fichier": _annotation("FileAttachment"),
    "note": _annotation("Text"), "popup": _annotation("Popup"), "projection": _annotation("Projection"), "tampon": _annotation("Stamp"),
}  # fmt: skip


def _pdf(poser, **options):
    document, tampon = pikepdf.new(), io.BytesIO()
    _page(document)
    poser(document)
    document.save(tampon, **options)
    return tampon.getvalue()


def actifs():
    """PDFs that hold something that acts, in each place where it may: written plainly, and in object streams."""
    for place, poser in _PLACES.items():
        for action, faire in _ACTIONS.items():
            yield f"{action}-{place}.pdf", _pdf(lambda d, p=poser, f=faire: p(d, f(d)))
    for nom, poser in _DIVERS.items():
        for mode in (pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate):
            yield f"{nom}-{mode.name}.pdf", _pdf(poser, object_stream_mode=mode)


# ---- what exhausts


def _brut(*objets, racine=1):
    """A PDF written by hand, so that it may be wrong."""
    sortie, places = bytearray(b"%PDF-1.7\n"), []
    for rang, corps in enumerate(objets, start=1):
        places.append(len(sortie))
        sortie += b"%d 0 obj\n%s\nendobj\n" % (rang, corps)
    debut = len(sortie)
    sortie += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objets) + 1)
    sortie += b"".join(b"%010d 00000 n \n" % p for p in places)
    sortie += b"trailer <</Size %d /Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objets) + 1, racine, debut)
    return bytes(sortie)


def _bombe(tours, octets):
    corps = bytes(octets)
    for _ in range(tours):
        corps = zlib.compress(corps, 9)
    filtres = b"[" + b"/FlateDecode " * tours + b"]"
    return _brut(
        b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R>>",
        b"<</Length %d /Filter %s>>stream\n%s\nendstream" % (len(corps), filtres, corps),
    )  # fmt: skip


def _boite(*cotes):
    def poser(document):
        document.pages[0].obj.MediaBox = Array(list(cotes))

    return poser


def _png(largeur, hauteur, profondeur=8, donnees=b""):
    def bloc(genre, corps):
        return struct.pack(">I", len(corps)) + genre + corps + struct.pack(">I", zlib.crc32(genre + corps))

    entete = struct.pack(">IIBBBBB", largeur, hauteur, profondeur, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + bloc(b"IHDR", entete) + bloc(b"IDAT", zlib.compress(donnees)) + bloc(b"IEND", b"")


def _tiff(vues):
    tampon = io.BytesIO()
    Image.new("1", (8, 8)).save(tampon, "TIFF", save_all=True, append_images=[Image.new("1", (8, 8))] * (vues - 1))
    return tampon.getvalue()


def _imbrique(profondeur):
    return _brut(
        b"<</Type /Catalog /Pages 2 0 R /X " + b"[" * profondeur + b"]" * profondeur + b">>", b"<</Type /Pages /Kids [] /Count 0>>"
    )


def epuisants():
    """Files that would take all the memory, all the time, or never end."""
    yield "flate-300Mo.pdf", _bombe(1, 300_000_000)
    yield "flate-double-300Mo.pdf", _bombe(2, 300_000_000)
    yield "flate-triple-500Mo.pdf", _bombe(3, 500_000_000)
    for cotes in ((0, 0, 2_000_000, 2_000_000), (0, 0, 0, 0), (0, 0, -5, 10), (0, 0, 1e30, 1e30), (0, 0, 14_401, 10), (5, 5, 5, 5)):
        yield f"boite-{cotes[2]}-{cotes[3]}.pdf", _pdf(_boite(*cotes))
    yield "boucle-de-pages.pdf", _brut(b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [2 0 R] /Count 1>>")
    yield (
        "boucle-croisee.pdf",
        _brut(
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            b"<</Type /Pages /Kids [2 0 R] /Parent 2 0 R /Count 1>>",
        ),
    )
    yield "meme-page-mille-fois.pdf", _brut(
        b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [" + b"3 0 R " * 1000 + b"] /Count 1000>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 10 10]>>",
    )  # fmt: skip
    yield "compte-faux.pdf", _brut(b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [] /Count 999999999>>")
    yield "sans-pages.pdf", _brut(b"<</Type /Catalog>>")
    yield "imbrique.pdf", _imbrique(100_000)
    yield "forme-recursive.pdf", _brut(
        b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Resources <</XObject <</F 4 0 R>>>> /Contents 5 0 R>>",
        b"<</Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources <</XObject <</F 4 0 R>>>> /Length 5>>stream\n/F Do\nendstream",
        b"<</Length 5>>stream\n/F Do\nendstream",
    )  # fmt: skip
    yield "longueur-fausse.pdf", _brut(
        b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R>>", b"<</Length 99999999999>>stream\nx\nendstream",
    )  # fmt: skip
    for cote in (9_490, 20_000, 60_000, 2**31 - 1):
        yield f"png-{cote}.png", _png(cote, cote)
    yield "png-16-bits.png", _png(9_000, 9_000, 16, bytes(1000))
    yield "tiff-400-vues.tif", _tiff(400)
    yield "tiff-boucle.tif", _tiff_en_boucle()


def _tiff_en_boucle():
    octets = bytearray(_tiff(1))
    ifd = struct.unpack_from("<I", octets, 4)[0]
    suivante = ifd + 2 + 12 * struct.unpack_from("<H", octets, ifd)[0]
    struct.pack_into("<I", octets, suivante, ifd)
    return bytes(octets)


# ---- what lies about itself


def _photo(format_, **options):
    tampon = io.BytesIO()
    Image.effect_noise((300, 200), 60).convert("RGB").save(tampon, format_, **options)
    return tampon.getvalue()


def abimes(graine=7):
    """Sound files cut short, with bytes changed, or that are two things at once."""
    alea = random.Random(graine)
    sains = {"jpg": _photo("JPEG"), "png": _photo("PNG"), "tif": _photo("TIFF"), "webp": _photo("WEBP"), "pdf": _pdf(_joindre)}
    for nom, octets in sains.items():
        for n in range(5):
            yield f"coupe-{n}.{nom}", octets[: alea.randrange(12, len(octets))]
        for n in range(6):
            change = bytearray(octets)
            for _ in range(alea.choice((1, 20, 200))):
                change[alea.randrange(8, len(change))] = alea.randrange(256)
            yield f"change-{n}.{nom}", bytes(change)
    yield "jpeg-puis-pdf.jpg", sains["jpg"] + sains["pdf"]
    yield "pdf-puis-jpeg.pdf", sains["pdf"] + sains["jpg"]
    yield "zip-en-pdf.pdf", b"PK\x03\x04" + sains["pdf"]
    yield "exe-en-pdf.pdf", b"MZ" + bytes(100) + sains["pdf"]
    yield "html-en-pdf.pdf", b"<script>x</script>" + sains["pdf"]
    yield "chiffre.pdf", _pdf(_joindre, encryption=pikepdf.Encryption(user="", owner="x"))
    yield "exif-piege.jpg", _photo("JPEG", exif=b"Exif\0\0" + bytes(alea.randrange(256) for _ in range(5000)))


def tous():
    """All of them, by their names."""
    for famille in (actifs, epuisants, abimes):
        yield from famille()
