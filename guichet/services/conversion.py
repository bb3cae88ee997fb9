"""Files to one PDF, the whole course: what the command line does, and what it tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from guichet.documents.erreurs import Cause, FichierRefuse
from guichet.documents.etabli import Etabli, lire_les_octets
from guichet.documents.page import Commande, Genre, Mode, PageTraitee, Recadrer
from guichet.documents.pdf import composer
from guichet.ressources import donnees
from guichet.rules import pieces
from guichet.services.session import Refus

_SERRER, _HORS_IMAGES = (1.0, 0.8, 0.6, 0.4), 1200
"""What part of a budget pages are given, turn after turn; bytes of a page that are not its picture's."""


@dataclass(frozen=True)
class Souhait:
    """What is asked of a conversion. `budget`: bytes of the whole PDF, 0 for no bound; `lire`: words are read even when they are not kept."""

    recadrer: Recadrer = Recadrer.AUTO
    mode: Mode = Mode.COULEUR
    texte: bool = False
    lire: bool = False
    pdfa: bool = False
    budget: int = 0


@dataclass(frozen=True)
class Fichier:
    """One file of a conversion: its pages, or why it was refused."""

    chemin: Path
    pages: tuple[PageTraitee, ...]
    refus: FichierRefuse | None = None


@dataclass(frozen=True)
class Conversion:
    """What came out: the PDF, empty when every file was refused, and each file's fate, in order."""

    pdf: bytes
    fichiers: tuple[Fichier, ...]


def fichiers_de(entrees: Sequence[Path]) -> list[Path]:
    """Return files, and those of folders in the order of their names; hidden ones are left."""
    return [f for e in entrees for f in (sorted(x for x in e.iterdir() if x.is_file() and x.name[0] != ".") if e.is_dir() else [e])]


def convertir(
    chemins: Sequence[Path], souhait: Souhait, avancer: Callable[[Path], None], mot_de_passe: Callable[[Path], str]
) -> Conversion:
    """Do every file and return the PDF of those that were accepted. Raises Refus past the budget.

    `avancer` is called before each file; `mot_de_passe` for one that is protected: it is refused when that gives nothing.
    """
    mots = dict[Path, str]()

    def ouvrir(chemin: Path) -> str:
        if chemin not in mots:
            mots[chemin] = mot_de_passe(chemin)
        return mots[chemin]

    commande = Commande(b"", souhait.recadrer, souhait.mode, texte=souhait.texte or souhait.lire, en_images=souhait.pdfa)
    with Etabli() as etabli:
        fichiers = _tous(etabli, chemins, commande, avancer, ouvrir)
        pdf = _composer(fichiers, souhait)
        for serre in _SERRER if souhait.budget else ():
            if len(pdf) <= souhait.budget:
                break
            # Words are read again only where they will lie under the page: a tighter one reads less well, and takes as long.
            etroite = msgspec.structs.replace(_a_l_etroit(commande, fichiers, souhait.budget * serre), texte=souhait.texte)
            serres = _tous(etabli, chemins, etroite, avancer, ouvrir)
            fichiers = serres if souhait.texte else [_aux_mots_de(f, premier) for f, premier in zip(serres, fichiers, strict=True)]
            pdf = _composer(fichiers, souhait)
    if souhait.budget and len(pdf) > souhait.budget:
        raise Refus(
            f"Ce document ne tient pas dans {souhait.budget // 1000} ko : réduit, il en fait encore {len(pdf) // 1000}. "
            "Rien n'a été écrit. Envoyez-le en plusieurs fois, ou en noir et blanc (--mode texte)."
        )
    return Conversion(pdf, tuple(fichiers))


def _a_l_etroit(commande: Commande, fichiers: Sequence[Fichier], octets: float) -> Commande:
    """Return the same request with so many bytes for the whole; a PDF's pages become pictures, its drawings have no smaller form."""
    pages = [p for f in fichiers for p in f.pages]
    en_images = commande.en_images or any(p.genre is Genre.PDF for p in pages)
    return msgspec.structs.replace(commande, octets_page=max(1, round(octets / len(pages)) - _HORS_IMAGES), en_images=en_images)


def _aux_mots_de(fichier: Fichier, premier: Fichier) -> Fichier:
    """Return a file done again, with the words that were read on its pages at first."""
    if len(fichier.pages) != len(premier.pages):
        return fichier
    pages = (msgspec.structs.replace(p, texte=q.texte, mots=q.mots) for p, q in zip(fichier.pages, premier.pages, strict=True))
    return Fichier(fichier.chemin, tuple(pages), fichier.refus)


def _tous(
    etabli: Etabli, chemins: Sequence[Path], commande: Commande, avancer: Callable[[Path], None], mot_de_passe: Callable[[Path], str]
) -> list[Fichier]:
    fichiers = []
    for chemin in chemins:
        avancer(chemin)
        try:
            fichiers.append(Fichier(chemin, tuple(_un(etabli, chemin, commande, mot_de_passe))))
        except FichierRefuse as refus:
            fichiers.append(Fichier(chemin, (), refus))
    return fichiers


def _un(etabli: Etabli, chemin: Path, commande: Commande, mot_de_passe: Callable[[Path], str]) -> list[PageTraitee]:
    demande = msgspec.structs.replace(commande, octets=lire_les_octets(chemin))
    try:
        return etabli.traiter(chemin.name, demande)
    except FichierRefuse as refus:
        mot = mot_de_passe(chemin) if refus.cause is Cause.PROTEGE else ""
        if not mot:
            raise
    return etabli.traiter(chemin.name, msgspec.structs.replace(demande, mot_de_passe=mot))


def _composer(fichiers: Sequence[Fichier], souhait: Souhait) -> bytes:
    pages = [p for f in fichiers for p in f.pages]
    return composer(pages, texte=souhait.texte, pdfa=souhait.pdfa) if pages else b""


def rapport(conversion: Conversion) -> dict[str, Any]:
    """Return what is told of a conversion, for a program: a verdict per file, and what was found on each page."""
    connus = donnees("pieces.yaml")["reconnaitre"]
    return {
        "octets": len(conversion.pdf),
        "fichiers": [_verdict(f) for f in conversion.fichiers],
        "pages": [_page(f.chemin, rang, p, connus) for f in conversion.fichiers for rang, p in enumerate(f.pages, start=1)],
    }


def _verdict(fichier: Fichier) -> dict[str, Any]:
    if fichier.refus is None:
        return {"source": str(fichier.chemin), "verdict": "accepte", "pages": len(fichier.pages)}
    return {"source": str(fichier.chemin), "verdict": "refuse", "code": fichier.refus.cause.value, "message": str(fichier.refus)}


def _page(chemin: Path, rang: int, page: PageTraitee, connus: Sequence[Any]) -> dict[str, Any]:
    trouve = pieces.reperer(page.texte)
    return {
        "source": str(chemin), "rang": rang, "quad": page.quad, "confiance": round(page.confiance, 3), "recadre": page.recadre,
        "angle": round(page.angle, 3), "notes": page.notes, "type_piece": pieces.suggerer(page.texte, connus) or None,
        "sceau": msgspec.to_builtins(page.sceau),
        "reperes": {"iban": trouve.ibans, "nir": trouve.nirs, "dates": [d.isoformat() for d in trouve.dates]},
    }  # fmt: skip
