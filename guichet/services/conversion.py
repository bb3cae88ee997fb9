"""Files to one PDF, the whole course: what the command line does, and what it tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from guichet.documents.erreurs import FichierRefuse
from guichet.documents.etabli import Etabli
from guichet.documents.page import Commande, Genre, Mode, PageTraitee, Recadrer
from guichet.documents.pdf import composer
from guichet.ressources import donnees
from guichet.rules import pieces
from guichet.services.session import Refus

_TOURS_DE_BUDGET, _HORS_IMAGES = 4, 1200
"""Bytes of a page that are not its picture's."""


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


def convertir(chemins: Sequence[Path], souhait: Souhait, avancer: Callable[[Path], None]) -> Conversion:
    """Do every file and return the PDF of those that were accepted; `avancer` is called before each. Raises Refus past the budget."""
    commande = Commande(b"", souhait.recadrer, souhait.mode, texte=souhait.texte or souhait.lire, en_images=souhait.pdfa)
    with Etabli() as etabli:
        fichiers = _tous(etabli, chemins, commande, avancer)
        pdf = _composer(fichiers, souhait)
        serre = 1.0
        for _ in range(_TOURS_DE_BUDGET):
            if not souhait.budget or len(pdf) <= souhait.budget:
                return Conversion(pdf, tuple(fichiers))
            nombre = sum(len(f.pages) for f in fichiers)
            part = round(serre * (souhait.budget / nombre)) - _HORS_IMAGES
            en_images = souhait.pdfa or any(p.genre is Genre.PDF for f in fichiers for p in f.pages)
            if part > 0:
                fichiers = _tous(etabli, chemins, msgspec.structs.replace(commande, octets_page=part, en_images=en_images), avancer)
                pdf = _composer(fichiers, souhait)
            serre *= 0.85
    raise Refus(
        f"Ce document ne tient pas dans {souhait.budget // 1000} ko : il lui en faut encore {len(pdf) // 1000}. "
        "Rien n'a été écrit. Envoyez-le en plusieurs fois, ou en noir et blanc (--mode texte)."
    )


def _tous(etabli: Etabli, chemins: Sequence[Path], commande: Commande, avancer: Callable[[Path], None]) -> list[Fichier]:
    fichiers = []
    for chemin in chemins:
        avancer(chemin)
        try:
            fichiers.append(Fichier(chemin, tuple(etabli.traiter(chemin, commande))))
        except FichierRefuse as refus:
            fichiers.append(Fichier(chemin, (), refus))
    return fichiers


def _composer(fichiers: Sequence[Fichier], souhait: Souhait) -> bytes:
    acceptes = [f.pages for f in fichiers if f.refus is None]
    return composer(acceptes, texte=souhait.texte, pdfa=souhait.pdfa) if acceptes else b""


def rapport(conversion: Conversion) -> dict[str, Any]:
    """Return what is told of a conversion, for a program: a verdict per file, and what was found on each page."""
    connus = donnees("pieces.yaml")["reconnaitre"]
    return {
        "octets": len(conversion.pdf),
        "fichiers": [_verdict(f) for f in conversion.fichiers],
        "pages": [_page(f.chemin, p, connus) for f in conversion.fichiers for p in f.pages],
    }


def _verdict(fichier: Fichier) -> dict[str, Any]:
    if fichier.refus is None:
        return {"source": str(fichier.chemin), "verdict": "accepte", "pages": len(fichier.pages)}
    return {"source": str(fichier.chemin), "verdict": "refuse", "code": fichier.refus.cause.value, "message": str(fichier.refus)}


def _page(chemin: Path, page: PageTraitee, connus: Sequence[Any]) -> dict[str, Any]:
    trouve = pieces.reperer(page.texte)
    return {
        "source": str(chemin), "rang": page.rang + 1, "quad": page.quad, "confiance": round(page.confiance, 3), "recadre": page.recadre,
        "angle": round(page.angle, 3), "notes": page.notes, "type_piece": pieces.suggerer(page.texte, connus) or None,
        "sceau": msgspec.to_builtins(page.sceau),
        "reperes": {"iban": trouve.ibans, "nir": trouve.nirs, "dates": [d.isoformat() for d in trouve.dates]},
    }  # fmt: skip
