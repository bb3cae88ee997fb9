"""Papers for the person at the counter: PDF/A-2a and PDF/UA-1, from the templates of `resources/papiers`."""

import io
import json
from collections.abc import Mapping
from typing import Any

from guichet.ressources import RACINE


def composer(modele: str, donnees: Mapping[str, Any], adresse: str = "") -> bytes:
    """Return a paper as a PDF. `modele`: the template's name; `adresse`: what its QR code leads to, or nothing for none."""
    import segno
    import typst

    qr = io.BytesIO()
    if adresse:
        segno.make(adresse, error="m").save(qr, kind="svg", border=0)
    dossier = RACINE / "papiers"
    rendu = typst.compile(
        str(dossier / f"{modele}.typ"), root=str(dossier), font_paths=[str(RACINE / "fonts")], ignore_system_fonts=True,
        sys_inputs={"donnees": json.dumps(donnees, ensure_ascii=False), "qr": qr.getvalue().decode()}, pdf_standards=["a-2a", "ua-1"],
    )  # fmt: skip
    if not isinstance(rendu, bytes):
        raise TypeError("one PDF was expected")
    return rendu
