"""The copy of their data that people are given: the same content for a program (JSON) and to be read (PDF)."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader
from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QFont, QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from guichet.contract.sync import ExportDossier
from guichet.views.formats import date_courte, montant

_TITRES = {
    "dossier": "Dossier", "personne": "Personnes", "membre": "Place dans le dossier", "identifiant": "Numéros", "contact": "Coordonnées",
    "foyer": "Foyer", "droit": "Droits", "paiement": "Paiements", "retenue": "Retenues", "ressource": "Ressources", "dette": "Sommes dues", "courrier": "Courriers", "alerte": "Alertes",
    "echeance": "Échéances", "visite": "Visites à l'accueil", "demarche": "Démarches", "document": "Documents remis", "piece": "Pièces demandées",
    "rendez_vous": "Rendez-vous",
}  # fmt: skip


def ecrire(export: ExportDossier, chemin: Path) -> tuple[Path, Path]:
    """Write both beside each other, each whole or not at all; return where. Raises OSError."""
    from guichet.store.disque import ecrire_durablement

    en_json, en_pdf = chemin.with_suffix(".json"), chemin.with_suffix(".pdf")
    ecrire_durablement(en_json, msgspec.json.format(msgspec.json.encode(export), indent=2))
    provisoire = en_pdf.with_name(f".{en_pdf.name}.neuf")
    try:
        _imprimer(export, provisoire)
        ecrire_durablement(en_pdf, provisoire.read_bytes())
    finally:
        provisoire.unlink(missing_ok=True)
    return en_json, en_pdf


def _imprimer(export: ExportDossier, chemin: Path) -> None:
    from guichet.services.controle import ACTIONS

    modeles = Environment(loader=PackageLoader("guichet.views.dossiers", "."), autoescape=True)
    rubriques = [(_TITRES.get(nom, nom), [_lisible(x) for x in lignes]) for nom, lignes in export.donnees.items()]
    consultations = [(_dater(c.le), c.service, ACTIONS.get(c.action, c.action), c.motif) for c in export.consultations]
    html = modeles.get_template("export.html").render(
        export=export, le=_dater(export.exporte_le), rubriques=rubriques, consultations=consultations
    )
    ecrivain = QPdfWriter(str(chemin))
    ecrivain.setTitle("Vos données")
    ecrivain.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(15, 15, 15, 15)))
    document = QTextDocument()
    # The window's own figures, of equal width, are signs of their own in the file: nobody could search or copy a number.
    document.setDefaultFont(QFont(QGuiApplication.font().family(), 10))
    document.setHtml(html)
    document.print_(ecrivain)


def _lisible(ligne: dict[str, Any]) -> list[tuple[str, str]]:
    """Return a row as words, without the identifiers that only programs use."""
    return [
        (nom.removesuffix("_cents").replace("_", " "), _dire(nom, valeur))
        for nom, valeur in ligne.items() if nom != "id" and not nom.endswith("_id") and nom not in ("cle", "sha256")
    ]  # fmt: skip


def _dire(nom: str, valeur: object) -> str:
    if nom.endswith("_cents") and isinstance(valeur, int):
        return montant(valeur)
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return _dater(valeur) if isinstance(valeur, str) else str(valeur)


def _dater(texte: str) -> str:
    try:
        return date_courte(date.fromisoformat(texte))
    except ValueError:
        pass
    try:
        return f"{datetime.fromisoformat(texte).astimezone():%d/%m/%Y %H:%M}"
    except ValueError:
        return texte
