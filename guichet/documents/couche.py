"""A layer of words that nobody sees, under which a picture's page is searched, read aloud and copied."""

from collections.abc import Sequence

import pikepdf

from guichet.documents.page import MotLu

_CODES = 255
_DEMI = 500
"""Each sign is half as wide as high, in thousandths; its line is then stretched to the word's box."""
Rectangle = tuple[float, float, float, float]
"""Left, bottom, width, height, in points, of the page as it is seen."""


class Police:
    """A Type 3 font of signs that draw nothing: embedded by nature, as PDF/A asks, and no file of a font to ship."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf, self._codes = pdf, dict[str, int]()
        vide = pdf.make_stream(b"%d 0 0 0 0 0 d1" % _DEMI)
        self.objet = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type3, FontBBox=[0, 0, _DEMI, 1000], FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
                CharProcs=pikepdf.Dictionary(g=vide), Resources=pikepdf.Dictionary(),
            )
        )  # fmt: skip

    def coder(self, texte: str) -> bytes:
        """Return a word's codes. Past 255 different signs in one document, the rest is left out."""
        return bytes(self._codes[c] for c in texte if c in self._codes or (len(self._codes) < _CODES and self._nouveau(c)))

    def _nouveau(self, signe: str) -> bool:
        self._codes[signe] = len(self._codes) + 1
        return True

    def finir(self) -> None:
        """Say what each code is, once all are known."""
        nombre = len(self._codes)
        if not nombre:
            return
        self.objet.FirstChar, self.objet.LastChar = 1, nombre
        self.objet.Widths = [_DEMI] * nombre
        self.objet.Encoding = pikepdf.Dictionary(Type=pikepdf.Name.Encoding, Differences=[1, *([pikepdf.Name.g] * nombre)])
        lignes = "".join(f"<{code:02X}> <{signe.encode('utf-16-be').hex().upper()}>\n" for signe, code in self._codes.items())
        # A bfchar block holds a hundred lines at most (Adobe TN 5014).
        blocs = [lignes.splitlines(keepends=True)[n : n + 100] for n in range(0, nombre, 100)]
        corps = "".join(f"{len(bloc)} beginbfchar\n{''.join(bloc)}endbfchar\n" for bloc in blocs)
        self.objet.ToUnicode = self._pdf.make_stream(
            f"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Guichet def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n{corps}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n".encode()
        )


def poser(page: pikepdf.Page, police: Police, mots: Sequence[MotLu], ou: Rectangle) -> None:
    """Write words under a page, where they were read. `ou`: where the picture that was read stands on the page as it is seen."""
    gauche, bas, largeur, hauteur = ou
    ordres = [b"q", _matrice(page), b"BT 3 Tr"]
    for mot in mots:
        suite = " " if not mot.fin else "\n"
        codes = police.coder(mot.texte + suite)
        large, haut = (mot.droite - mot.gauche) * largeur, (mot.bas - mot.haut) * hauteur
        if large <= 0 or haut <= 0 or len(codes) < 2:
            continue
        etirement = 100 * large / ((len(codes) - 1) * haut * _DEMI / 1000)
        x, y = gauche + mot.gauche * largeur, bas + (1 - mot.bas) * hauteur
        ordres.append(f"/GuichetTexte {haut:.2f} Tf {etirement:.2f} Tz 1 0 0 1 {x:.2f} {y:.2f} Tm <{codes.hex()}> Tj".encode())
    ordres.append(b"ET Q")
    if pikepdf.Name.Font not in page.resources:
        page.resources.Font = pikepdf.Dictionary()
    page.resources.Font.GuichetTexte = police.objet
    page.contents_add(b"\n".join(ordres), prepend=True)


def _matrice(page: pikepdf.Page) -> bytes:
    """Return what brings the page as it is seen onto the page as it is written."""
    x0, y0, x1, y1 = (float(v) for v in page.cropbox)
    matrices = {
        0: (1, 0, 0, 1, x0, y0), 90: (0, 1, -1, 0, x1, y0), 180: (-1, 0, 0, -1, x1, y1), 270: (0, -1, 1, 0, x0, y1),
    }  # fmt: skip
    a, b, c, d, e, f = matrices[int(page.obj.get("/Rotate", 0)) % 360]
    return f"{a} {b} {c} {d} {e:.2f} {f:.2f} cm".encode()
