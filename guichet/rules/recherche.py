"""What an advisor typed in the search box, understood."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from guichet.rules.identifiants import normaliser, numero_telephone

_LIGATURES = str.maketrans({"Œ": "OE", "Æ": "AE", "ß": "SS"})
_LETTRES = re.compile(r"[A-Z0-9]+")
_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})", re.ASCII)
_NIR_DEBUT = re.compile(r"[1-478]\d{4}(\d{0,2}|\d[AB]|2[AB]\d*)\d*", re.ASCII)
NUMERO_ALLOCATAIRE = 7
NUMERO_DE_COMPTOIR = NIR_SANS_CLE = 13
_MILIEU = (4, 12)
_CODE_POSTAL = re.compile(r"\d{5}", re.ASCII)
_EN_LETTRES = re.compile(r"(?:(?<!\S)(?P<jour>[0-3]?\d)\s+)?(?<!\S)(?P<mois>[^\W\d_]{3,9})\.?\s+(?P<annee>(?:19|20)\d\d)(?!\S)")
_MOIS = (
    "JANVIER", "FEVRIER", "MARS", "AVRIL", "MAI", "JUIN", "JUILLET", "AOUT", "SEPTEMBRE", "OCTOBRE", "NOVEMBRE", "DECEMBRE",
)  # fmt: skip
_VOIES = {
    "ALL": "ALLEE", "AV": "AVENUE", "AVE": "AVENUE", "BD": "BOULEVARD", "BLD": "BOULEVARD", "CHE": "CHEMIN", "IMP": "IMPASSE", "PL": "PLACE",
    "RES": "RESIDENCE", "RTE": "ROUTE", "SQ": "SQUARE",
} | {v: v for v in (
    "ALLEE", "ALLEES", "AVENUE", "BOULEVARD", "CHEMIN", "COURS", "HAMEAU", "IMPASSE", "LOTISSEMENT", "PASSAGE", "PLACE", "QUAI", "RESIDENCE", "ROUTE",
    "RUE", "SENTIER", "SQUARE", "VENELLE",
)}  # fmt: skip
"""Kinds of streets, and how they are shortened."""
_VOIES_EN_TOUTES_LETTRES = frozenset(_VOIES.values())
_REPETITIONS = ("BIS", "TER", "QUATER")
_PARTICULES = frozenset({"D", "DE", "DU", "DES", "L", "LA", "LE", "LES", "VON", "VAN", "DER", "EL", "AL", "BEN"})


class Champ(StrEnum):
    """What a query may be matched with; the value is also why a result matched."""

    NOM = "nom"
    NIR = "nir"
    NUMERO = "numero"
    PROVISOIRE = "provisoire"
    TELEPHONE = "telephone"
    NAISSANCE = "naissance"
    ADRESSE = "adresse"
    PROCHE = "proche"


@dataclass(frozen=True)
class Critere:
    """One reading of the query: the field, what to look for, and whether it is only its beginning."""

    champ: Champ
    valeur: str
    prefixe: bool = False


@dataclass(frozen=True)
class Requete:
    """`mots` must all begin a word of the name; `naissance`, both days included, and `code_postal` narrow them; `criteres` are tried one by one."""

    mots: tuple[str, ...] = ()
    naissance: tuple[date, date] | None = None
    code_postal: str = ""
    criteres: tuple[Critere, ...] = ()
    milieu: str = ""
    """Digits that may stand in the middle of a number."""
    voie: str = ""
    """A street as `cle_adresse` writes it, without its number, `numero_voie`."""
    numero_voie: str = ""
    tels_quels: tuple[str, ...] = field(default=(), compare=False)
    """The words as they were typed."""

    @property
    def essentiels(self) -> tuple[str, ...]:
        """The words without their particles, which people give or leave out; all of them when there is nothing else."""
        return tuple(mot for mot in self.mots if mot not in _PARTICULES) or self.mots

    @property
    def precisee(self) -> bool:
        """Whether something narrows the words."""
        return self.naissance is not None or bool(self.code_postal)

    @property
    def vide(self) -> bool:
        """Nothing to look for yet."""
        return not (self.mots or self.naissance or self.criteres or self.voie)


def plier(texte: str) -> str:
    """Fold a name for searching and sorting: capitals, no accents, hyphens and apostrophes as spaces."""
    if texte.isascii():
        return " ".join(_LETTRES.findall(texte.upper()))
    capitales = unicodedata.normalize("NFKD", texte).upper().translate(_LIGATURES)
    sans_accents = unicodedata.normalize("NFKD", capitales)
    lettres = (c if c.isalnum() else " " for c in sans_accents if not unicodedata.combining(c))
    return " ".join("".join(lettres).split())


def cle_de_tri(nom: str, prenom: str) -> str:
    """Return the folded NAME FIRSTNAME that lists are sorted and searched by."""
    return plier(f"{nom} {prenom}")


def cle_adresse(texte: str) -> str:
    """Fold an address for searching: its street in full, then its number: « 3 bis, av. du Lac » is AVENUE DU LAC 3 BIS."""
    voie, numero = _voie(texte)
    return f"{voie} {numero}".strip()


def _voie(texte: str) -> tuple[str, str]:
    mots, numero = plier(texte).split(), list[str]()
    while mots and (mots[0].isdigit() or (numero and mots[0] in _REPETITIONS)):
        numero.append(mots.pop(0))
    return " ".join([*(_VOIES.get(m, m) for m in mots[:1]), *mots[1:]]), " ".join(numero)


def comprendre(saisie: str, aujourd_hui: date) -> Requete:
    """Read what was typed: a number if it looks like one, else words of a name and perhaps a birth date.

    `aujourd_hui` decides the century of a two-digit year: never in the future.
    """
    numero = normaliser(saisie)
    if _DATE.fullmatch(saisie.strip()) is None and _est_un_numero(numero):
        milieu = numero if numero.isdigit() and _MILIEU[0] <= len(numero) <= _MILIEU[1] else ""
        return Requete(criteres=_lectures(numero, saisie, aujourd_hui), milieu=milieu)
    mots, tels_quels = list[str](), list[str]()
    naissance: tuple[date, date] | None = None
    code_postal, adresse = "", ""
    reste, mois = _sans_le_mois(saisie)
    for morceau in reste.split():
        lu = _date(morceau, aujourd_hui)
        if lu is not None:
            naissance = lu, lu
        elif _CODE_POSTAL.fullmatch(morceau):
            code_postal, adresse = morceau, " ".join(tels_quels)
        else:
            mots.extend(plier(morceau).split())
            tels_quels.append(morceau)
    voie, numero_voie = _voie(adresse or " ".join(tels_quels))
    if voie.partition(" ")[0] not in _VOIES_EN_TOUTES_LETTRES:
        voie = numero_voie = ""
    # No name begins with a figure; a street's kind may be a name.
    noms = () if numero_voie else tuple(mots)
    return Requete(noms, mois or naissance, code_postal, voie=voie, numero_voie=numero_voie, tels_quels=tuple(tels_quels))


def _sans_le_mois(saisie: str) -> tuple[str, tuple[date, date] | None]:
    """Take a birth written in words out of what was typed: « mars 1990 », « 9 mars 1990 »; return the rest, and its first and last days."""
    for trouve in _EN_LETTRES.finditer(saisie):
        rang = next((n for n, mois in enumerate(_MOIS, start=1) if mois.startswith(plier(trouve["mois"]))), None)
        if rang is None:
            continue
        annee, jour = int(trouve["annee"]), trouve["jour"]
        try:
            premier = date(annee, rang, int(jour or 1))
        except ValueError:
            continue
        dernier = premier if jour else date(annee, rang, monthrange(annee, rang)[1])
        return saisie[: trouve.start()] + saisie[trouve.end() :], (premier, dernier)
    return saisie, None


def _est_un_numero(numero: str) -> bool:
    return bool(re.fullmatch(r"[PG]?\+?\d[\dAB]*", numero, re.ASCII)) and sum(c.isdigit() for c in numero) > 1


def _lectures(numero: str, saisie: str, aujourd_hui: date) -> tuple[Critere, ...]:
    if numero.startswith("P"):
        return (Critere(Champ.PROVISOIRE, numero, prefixe=len(numero) < 9),)
    if numero.startswith("G"):
        return (Critere(Champ.NUMERO, numero, prefixe=len(numero) < NUMERO_DE_COMPTOIR),)
    telephone = numero_telephone(saisie)
    if telephone is not None:
        return (Critere(Champ.TELEPHONE, telephone),)
    if len(numero) >= NIR_SANS_CLE:
        return (Critere(Champ.NIR, numero[:NIR_SANS_CLE]),)
    lectures = []
    if numero.isdigit() and len(numero) <= NUMERO_ALLOCATAIRE:
        lectures.append(Critere(Champ.NUMERO, numero, prefixe=len(numero) < NUMERO_ALLOCATAIRE))
    if len(numero) == 8 and (jour := _date(f"{numero[:2]}/{numero[2:4]}/{numero[4:]}", aujourd_hui)):
        lectures.append(Critere(Champ.NAISSANCE, jour.isoformat()))
    if len(numero) >= 5 and _NIR_DEBUT.fullmatch(numero):
        lectures.append(Critere(Champ.NIR, numero, prefixe=True))
    return tuple(lectures)


def _date(texte: str, aujourd_hui: date) -> date | None:
    trouve = _DATE.fullmatch(texte)
    if trouve is None:
        return None
    jour, mois, annee = (int(x) for x in trouve.groups())
    if len(trouve[3]) == 2:
        annee += 2000 if annee <= aujourd_hui.year % 100 else 1900
    try:
        return date(annee, mois, jour)
    except ValueError:
        return None
