"""How dates, hours and amounts are written: French, the same everywhere (SEC-08)."""

from datetime import date, datetime

from PySide6.QtCore import QDate, QLocale

from guichet.rules.montants import montant as montant

_FR = QLocale(QLocale.Language.French, QLocale.Country.France)


FUSEAU = "Europe/Paris"
"""Where the counters are, for what has no place of its own."""


def lire_montant(texte: str) -> int | None:
    """Read an amount as it is typed, « 612,40 », « 612.4 € » or « 1 205 »; return cents, or None."""
    propre = texte.replace("€", "").replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace(",", ".").strip()
    entier, _, decimales = propre.partition(".")
    if not entier.isdecimal() or len(entier) > 7 or (decimales and not decimales.isdecimal()) or len(decimales) > 2:
        return None
    return int(entier) * 100 + int(decimales.ljust(2, "0") or 0)


def nombre(valeur: int) -> str:
    """Write a number with its groups of three."""
    return _FR.toString(valeur)


def date_courte(jour: date) -> str:
    """Write 09/03/2023."""
    return f"{jour:%d/%m/%Y}"


def date_longue(jour: date) -> str:
    """Write « jeudi 9 mars 2023 »."""
    return _FR.toString(QDate(jour.year, jour.month, jour.day), "dddd d MMMM yyyy")


def mois_long(jour: date) -> str:
    """Write « mars 2023 »."""
    return _FR.toString(QDate(jour.year, jour.month, jour.day), "MMMM yyyy")


def heure(moment: datetime, fuseau: str) -> str:
    """Write 15:50 at the place's own time."""
    from zoneinfo import ZoneInfo

    return f"{moment.astimezone(ZoneInfo(fuseau)):%H:%M}"


def jour_de(moment: datetime, fuseau: str) -> date:
    """Return the day at the place's own time."""
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo(fuseau)).date()


def taille(octets: int) -> str:
    """Write a size, unbreakable: 412 ko, 5,2 Mo, 83,4 Go."""
    if octets >= 1_000_000_000:
        return f"{_FR.toString(octets / 1_000_000_000, 'f', 1)}\u00a0Go"
    return f"{octets / 1000:.0f}\u00a0ko" if octets < 1_000_000 else f"{_FR.toString(octets / 1_000_000, 'f', 1)}\u00a0Mo"
