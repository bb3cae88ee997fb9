"""French words for what click itself writes: headings, errors, hints."""

import gettext
from typing import Any

import click

_MOTS = {
    "Usage:": "Utilisation :",
    "Options": "Options ",
    "Commands": "Commandes ",
    "Error: {message}": "Erreur : {message}",
    "Try '{command} {option}' for help.": "Voir « {command} {option} ».",
    "Show this message and exit.": "Affiche cette aide.",
    "Missing option": "Option manquante",
    "Missing argument": "Argument manquant",
    "Missing parameter": "Paramètre manquant",
    "Missing command.": "Commande manquante.",
    "No such command {name!r}.": "Commande inconnue : {name}.",
    "No such option: {name}": "Option inconnue : {name}",
    "No such option {name!r}.": "Option inconnue : {name}.",
    "Invalid value: {message}": "Valeur refusée : {message}",
    "Invalid value for {param_hint}: {message}": "Valeur refusée pour {param_hint} : {message}",
    "default: {default}": "par défaut : {default}",
    "required": "obligatoire",
    "{value!r} is not a valid {number_type}.": "{value} n'est pas un nombre valable.",
    "Aborted!": "Interrompu.",
}


def parler_francais() -> None:
    """Make click speak French: its modules ask gettext for each sentence, and this answers."""

    def traduire(texte: str) -> str:
        return _MOTS.get(texte) or gettext.gettext(texte)

    modules: list[Any] = [click.core, click.exceptions, click.formatting, click.decorators, click.types]
    for module in modules:
        if hasattr(module, "_"):
            module._ = traduire
