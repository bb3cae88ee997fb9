"""Whether two names are one for a French ear, or one typing error apart: « Filipe » is Philippe, « Dupon » Dupont, « Matrin » Martin."""

import re

from rapidfuzz.distance import OSA

_SONS = tuple((re.compile(forme), son) for forme, son in (
    (r"PH", "F"), (r"SCH|SH|CH", "X"), (r"(?<=[A-Z])H|^H", ""), (r"BV", "V"),
    (r"CK|QU|Q|CC(?=[AOU])|C(?=[AOUKLRTNM]|$)", "K"), (r"C(?=[EIY])|Ç", "S"),
    (r"GU(?=[EI])", "g"), (r"G(?=[EIY])", "J"), (r"GN", "N"), (r"W", "V"), (r"Y", "I"),
    (r"EAUX?|AUX?|AU[DLT]T?S?$|OT$", "O"), (r"OEU|OE|EU", "E"), (r"AI(?!N)|EI(?!N)", "E"),
    (r"(?:AI|EI)[NM](?![AEIOU])|[IU][NM](?![AEIOUNM])", "2"), (r"[AE][NM](?![AEIOUNM])", "1"), (r"O[NM](?![AEIOUNM])", "3"),
    (r"Z|X(?=$)", "S"), (r"(.)\1+", r"\1"), (r"(?<=.)[ESTDXZP]+$", ""),
))  # fmt: skip
"""Spellings of one sound, in the order in which they are read; figures stand for the nasal vowels. Ours, for names as counters hear them."""
_COURT = 4
_INITIALES = ("FP", "CKQS", "GJ", "IYH", "VW", "EH", "AH", "OH", "SZ")
"""First letters that are written one for the other."""


def cle_phonetique(mot: str) -> str:
    """Return how a folded word sounds."""
    for forme, son in _SONS:
        mot = forme.sub(son, mot)
    return mot.upper()


def se_ressemblent(saisi: str, connu: str) -> bool:
    """Tell whether a folded word that was typed may be a known one: one error of typing, or the same sound. Short words must be exact."""
    if len(saisi) < _COURT or len(connu) < _COURT:
        return saisi == connu
    return OSA.distance(saisi, connu, score_cutoff=1) <= 1 or cle_phonetique(saisi) == cle_phonetique(connu)


def initiales(mot: str) -> str:
    """Return the first letters that a word may begin with once it is written well."""
    return "".join(dict.fromkeys(mot[:1] + "".join(groupe for groupe in _INITIALES if mot[:1] in groupe)))
