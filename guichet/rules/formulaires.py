"""Forms of démarches as data, and what may be typed in each kind of field (resources/donnees/formulaires.yaml)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from guichet.ressources import donnees
from guichet.rules.identifiants import IdentifiantRefuse, iban_verifie, nir_verifie, numero_telephone
from guichet.rules.montants import montant
from guichet.rules.recherche import comprendre
from guichet.rules.regles import en_vigueur
from guichet.rules.visiteurs import Acte

_COURRIEL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
DECLARER = "Déclarer, modifier, écrire"
"""The heading of what is not a request for a benefit."""
_TEXTE_AU_PLUS, _LONG_AU_PLUS = 120, 4000


class SaisieRefusee(ValueError):
    """What was typed cannot be right; the text says in French what is expected."""


@dataclass(frozen=True)
class Champ:
    """One field. `ecrit`: what the answer replaces, `contact.<type>.<column>`, or nothing; `connu`: what it is filled in with at first, likewise.

    `comme`: the field that must be typed alike, or nothing; `falc`: the question in words easy to read, or nothing (DEM-03).
    """

    code: str
    libelle: str
    type: str
    requis: bool
    choix: tuple[str, ...]
    ecrit: str
    connu: str
    comme: str
    falc: str


@dataclass(frozen=True)
class Formulaire:
    """One démarche to fill in. `rubrique`: where it stands in the list, a theme of benefits or what is declared; `pieces`: codes of the papers to join.

    `sans_dossier`: for somebody who has none, and only for him (CTC-06); `organismes`: kinds of bodies whose form it is; `document`: it goes
    with a document, and is not filled in by itself (DEP-03); `alertes`: the alerts that it answers (MC-04).
    """

    code: str
    acte: Acte
    libelle: str
    rubrique: str
    famille: str
    pieces: tuple[str, ...]
    champs: tuple[Champ, ...]
    sans_dossier: bool
    organismes: tuple[str, ...]
    document: bool
    alertes: tuple[str, ...]

    @property
    def en_falc(self) -> bool:
        """Whether it can be asked in words easy to read."""
        return any(champ.falc for champ in self.champs)

    @property
    def reserve(self) -> bool:
        """Whether it asks for an account number or a NIR: only where the law lets one be held."""
        return any(champ.type in ("iban", "nir") for champ in self.champs)


@lru_cache(2)
def formulaires(le: date) -> Mapping[str, Formulaire]:
    """Return the forms of a day by their code; the first ones, before their day."""
    version = _version(le)
    return {x["code"]: _formulaire(x, version["organismes"]) for x in version["liste"]}


def proposables(le: date, organisme: str | None) -> tuple[Formulaire, ...]:
    """Return the forms of a kind of body that are filled in by themselves; of one that is not known here, all."""
    return tuple(f for f in formulaires(le).values() if not f.document and (organisme is None or organisme in f.organismes))


def qui_repond(alerte: str, le: date) -> Formulaire | None:
    """Return the form that answers an alert, or None: others are answered by papers (MC-04, DOC-13)."""
    return next((f for f in formulaires(le).values() if alerte in f.alertes), None)


@lru_cache(2)
def ouverture(le: date) -> tuple[Champ, ...]:
    """Return what is asked on a day to open a dossier."""
    return tuple(_champ(c) for c in _version(le, "ouverture")["champs"])


def _version(le: date, nom: str = "formulaires") -> Any:  # noqa: ANN401 (the shape is the rule's own)
    fichier = donnees("formulaires.yaml")
    return en_vigueur(fichier, nom, max(le, min(v["effet_le"] for v in fichier[nom])))


def verifier(champs: Sequence[Champ], saisies: Mapping[str, str], aujourd_hui: date) -> tuple[dict[str, str], dict[str, str]]:
    """Return what was typed as it is to be sent, by field, and what is wrong, in words, by field. Amounts in cents, dates in ISO."""
    bons, fautes = dict[str, str](), dict[str, str]()
    for champ in champs:
        saisie = saisies.get(champ.code, "").strip()
        try:
            if saisie:
                bons[champ.code] = _LECTEURS[champ.type](champ, saisie, aujourd_hui)
            elif champ.requis:
                fautes[champ.code] = "À remplir."
        except SaisieRefusee as refus:
            fautes[champ.code] = str(refus)
        if champ.comme and champ.comme in bons and bons.get(champ.code, bons[champ.comme]) != bons[champ.comme]:
            fautes[champ.code] = "Les deux ne sont pas les mêmes : relisez-les."
    return bons, fautes


def lisible(champ: Champ, valeur: str) -> str:
    """Write what is sent of a field as it is read aloud."""
    if champ.type == "montant":
        return montant(int(valeur))
    if champ.type == "mois":
        return f"{valeur[5:]}/{valeur[:4]}"
    return f"{date.fromisoformat(valeur):%d/%m/%Y}" if champ.type in ("date", "date_passee") else valeur


def _formulaire(x: Mapping[str, Any], organismes: Sequence[str]) -> Formulaire:
    return Formulaire(
        str(x["code"]),
        Acte(x["acte"]),
        str(x["libelle"]),
        str(x.get("rubrique", DECLARER)),
        str(x["famille"]),
        tuple(x.get("pieces", ())),
        tuple(_champ(c) for c in x["champs"]),
        bool(x.get("sans_dossier", False)),
        tuple(x.get("organismes", organismes)),
        bool(x.get("document", False)),
        tuple(x.get("alertes", ())),
    )


def _champ(c: Mapping[str, Any]) -> Champ:
    choix = tuple(str(v) for v in c.get("choix", ()))
    texte = {nom: str(c.get(nom, "")) for nom in ("ecrit", "connu", "comme", "falc")}
    return Champ(c["code"], c["libelle"], c["type"], c.get("requis", True), choix, **texte)


def _texte(_: Champ, saisie: str, __: date) -> str:
    if len(saisie) > _TEXTE_AU_PLUS:
        raise SaisieRefusee(f"{_TEXTE_AU_PLUS} caractères au plus : {len(saisie)} ont été saisis.")
    return saisie


def _long(_: Champ, saisie: str, __: date) -> str:
    if len(saisie) > _LONG_AU_PLUS:
        raise SaisieRefusee(f"{_LONG_AU_PLUS} caractères au plus : {len(saisie)} ont été saisis.")
    return saisie


def _date(_: Champ, saisie: str, aujourd_hui: date) -> str:
    entiere = f"{saisie[:2]}/{saisie[2:4]}/{saisie[4:]}" if re.fullmatch(r"\d{8}", saisie, re.ASCII) else saisie
    lue = comprendre(entiere, aujourd_hui).naissance
    if lue is None or lue[0] != lue[1]:
        raise SaisieRefusee("Une date s'écrit JJ/MM/AAAA, par exemple 09/03/2026.")
    return lue[0].isoformat()


def _date_passee(champ: Champ, saisie: str, aujourd_hui: date) -> str:
    lue = _date(champ, saisie, aujourd_hui)
    if lue > aujourd_hui.isoformat():
        raise SaisieRefusee("Cette date est dans l'avenir.")
    return lue


def _mois(_: Champ, saisie: str, aujourd_hui: date) -> str:
    trouve = re.fullmatch(r"(0?[1-9]|1[0-2])[/.\- ](\d{4})", saisie, re.ASCII)
    if trouve is None:
        raise SaisieRefusee("Un mois s'écrit MM/AAAA, par exemple 07/2026.")
    lu = date(int(trouve[2]) or 1, int(trouve[1]), 1)
    if lu > aujourd_hui:
        raise SaisieRefusee("Ce mois n'a pas commencé.")
    return f"{lu:%Y-%m}"


def _annee(_: Champ, saisie: str, aujourd_hui: date) -> str:
    if not re.fullmatch(r"(19|20)\d\d", saisie, re.ASCII) or int(saisie) > aujourd_hui.year:
        raise SaisieRefusee("Une année s'écrit en quatre chiffres, et n'est pas dans l'avenir.")
    return saisie


def _entier(_: Champ, saisie: str, __: date) -> str:
    if not re.fullmatch(r"\d{1,2}", saisie, re.ASCII) or int(saisie) == 0:
        raise SaisieRefusee("Un nombre, de 1 à 99.")
    return str(int(saisie))


def _montant(__: Champ, saisie: str, ___: date) -> str:
    propre = re.sub(r"[\s\u00a0\u202f€]", "", saisie).replace(",", ".")
    if not re.fullmatch(r"\d{1,7}(\.\d{1,2})?", propre, re.ASCII):
        raise SaisieRefusee("Un montant en euros, par exemple 1 205,40. Écrivez 0 s'il n'y en a pas.")
    entier, _, decimales = propre.partition(".")
    return str(int(entier) * 100 + int(decimales.ljust(2, "0") or 0))


def _telephone(_: Champ, saisie: str, __: date) -> str:
    numero = numero_telephone(saisie)
    if numero is None:
        raise SaisieRefusee("Un numéro français de dix chiffres, par exemple 06 39 98 12 34.")
    return numero


def _courriel(_: Champ, saisie: str, __: date) -> str:
    if len(saisie) > 254 or _COURRIEL.fullmatch(saisie) is None:
        raise SaisieRefusee("Une adresse s'écrit nom@domaine.fr.")
    return saisie


def _code_postal(_: Champ, saisie: str, __: date) -> str:
    if not re.fullmatch(r"\d{5}", saisie, re.ASCII):
        raise SaisieRefusee("Un code postal compte cinq chiffres.")
    return saisie


def _iban(_: Champ, saisie: str, __: date) -> str:
    try:
        return iban_verifie(saisie)
    except IdentifiantRefuse as refus:
        raise SaisieRefusee(str(refus)) from refus


def _nir(_: Champ, saisie: str, __: date) -> str:
    try:
        return nir_verifie(saisie)
    except IdentifiantRefuse as refus:
        raise SaisieRefusee(str(refus)) from refus


def _choix(champ: Champ, saisie: str, _: date) -> str:
    if saisie not in champ.choix:
        raise SaisieRefusee("Choisissez dans la liste.")
    return saisie


_LECTEURS: dict[str, Callable[[Champ, str, date], str]] = {
    "texte": _texte, "long": _long, "date": _date, "date_passee": _date_passee, "mois": _mois, "annee": _annee, "entier": _entier,
    "montant": _montant, "telephone": _telephone, "courriel": _courriel, "code_postal": _code_postal, "iban": _iban, "nir": _nir, "choix": _choix,
}  # fmt: skip
