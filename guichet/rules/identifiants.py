"""Numbers that name people and bodies: normalised first, then judged by python-stdnum (research/security.md §6)."""

import re
import secrets
import unicodedata
from datetime import date

import phonenumbers
from stdnum import iban as stdnum_iban
from stdnum import luhn
from stdnum.exceptions import InvalidComponent, ValidationError
from stdnum.fr import nir as stdnum_nir

_NIR = re.compile(r"[1-478]\d\d(\d\d)(\d\d|2[AB])\d{3}\d{3}(\d\d)?", re.ASCII)
_MOIS = {*range(1, 13), 20, *range(30, 43), *range(50, 100)}
"""Months of the NIR: 1 to 12, the rest for incomplete birth certificates (Insee)."""
_IBAN_FR = 27
_LETTRES_RIB = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_TELEPHONE_AU_MOINS, _TELEPHONE_NATIONAL = 10, 9
_SEXES = {"M": "137", "F": "248"}
_COMPTOIR = re.compile(r"G\d{12}", re.ASCII)
_REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT", "PM", "NC", "PF", "WF")


class IdentifiantRefuse(ValueError):
    """A number that cannot be right; the text says in French which group of digits to read again."""


def normaliser(saisie: str) -> str:
    """Return the number in capitals, without spaces, dots, hyphens or slashes."""
    return re.sub(r"[\s.\-/·]", "", unicodedata.normalize("NFKC", saisie)).upper()


def nir_verifie(saisie: str) -> str:
    """Return the 13 characters of a NIR typed with or without its key.

    Raises IdentifiantRefuse naming the group at fault. Sources: B-05, CNX-02; key = 97 - (n mod 97), 2A as 19, 2B as 18.
    """
    numero = normaliser(saisie)
    if len(numero) not in (13, 15):
        raise IdentifiantRefuse(f"Un NIR compte 13 caractères, ou 15 avec sa clé : {len(numero)} ont été saisis.")
    forme = _NIR.fullmatch(numero)
    if forme is None:
        raise IdentifiantRefuse(_groupe_fautif(numero))
    if int(forme[1]) not in _MOIS:
        raise IdentifiantRefuse(f"Le 3e groupe, le mois de naissance « {forme[1]} », n'existe pas.")
    cle = cle_nir(numero[:13])
    if forme[3] is not None and forme[3] != cle:
        raise IdentifiantRefuse(
            f"Le dernier groupe, la clé « {forme[3]} », ne correspond pas aux 13 premiers caractères : "
            f"elle devrait être {cle}. Relisez le numéro groupe par groupe sur la carte."
        )
    return numero[:13]


def _groupe_fautif(numero: str) -> str:
    groupes = (
        (numero[:1], r"[1-478]", "Le 1er groupe, le sexe"),
        (numero[1:3], r"\d\d", "Le 2e groupe, l'année de naissance"),
        (numero[3:5], r"\d\d", "Le 3e groupe, le mois de naissance"),
        (numero[5:7], r"\d\d|2[AB]", "Le 4e groupe, le département de naissance"),
        (numero[7:10], r"\d{3}", "Le 5e groupe, la commune de naissance"),
        (numero[10:13], r"\d{3}", "Le 6e groupe, le numéro d'ordre"),
    )
    for texte, forme, nom in groupes:
        if not re.fullmatch(forme, texte, re.ASCII):
            return f"{nom} « {texte} », n'est pas possible dans un NIR."
    return f"Le dernier groupe, la clé « {numero[13:]} », doit compter deux chiffres."


def cle_nir(treize: str) -> str:
    """Return the two-digit key of a NIR of 13 characters."""
    return str(stdnum_nir.calc_check_digits(treize))


def contredit(nir: str, sexe: str, ne_le: date) -> str:
    """Return in French what in a NIR is not the person's, or nothing (checked at creation only: research/domain.md §3.3)."""
    if nir[0] not in _SEXES.get(sexe, nir[0]):
        return "Le 1er groupe du NIR, le sexe, n'est pas celui de la personne : relisez les deux, ou laissez le NIR vide."
    if nir[1:3] != f"{ne_le:%y}":
        return "Le 2e groupe du NIR, l'année, n'est pas celle de la naissance : relisez les deux, ou laissez le NIR vide."
    return ""


def numero_de_comptoir() -> str:
    """Return a number for a dossier opened at a counter, until its body gives one: G, eleven digits that nobody has, a check digit (Luhn)."""
    chiffres = f"{secrets.randbelow(10**11):011}"
    return f"G{chiffres}{luhn.calc_check_digit(chiffres)}"


def est_de_comptoir(numero: str) -> bool:
    """Tell whether a dossier's number was given at a counter."""
    return _COMPTOIR.fullmatch(numero) is not None and bool(luhn.is_valid(numero[1:]))


def iban_verifie(saisie: str) -> str:
    """Return an IBAN without spaces; a French one must also have the right RIB key (banque, guichet, compte, clé).

    Raises IdentifiantRefuse. Sources: DOC-06, B-05; ISO 13616; RIB key = 97 - (89 b + 15 g + 3 c) mod 97, letters as digits.
    """
    iban = normaliser(saisie)
    if iban.startswith("FR") and len(iban) != _IBAN_FR:
        raise IdentifiantRefuse(f"Un IBAN français compte {_IBAN_FR} caractères : {len(iban)} ont été saisis.")
    try:
        stdnum_iban.validate(iban)
    except InvalidComponent as erreur:
        raise IdentifiantRefuse(f"« {iban[:2]} » n'est pas un pays dont les comptes ont un IBAN.") from erreur
    except ValidationError as erreur:
        raise IdentifiantRefuse(
            "Cet IBAN comporte une erreur : ses chiffres ne correspondent pas à sa clé. Relisez-le groupe par groupe sur le RIB."
        ) from erreur
    if iban.startswith("FR") and cle_rib(iban[4:9], iban[9:14], iban[14:25]) != iban[25:]:
        raise IdentifiantRefuse(f"La clé du RIB, « {iban[25:]} », ne correspond pas au compte. Relisez la banque, le guichet et le compte.")
    return iban


def cle_rib(banque: str, guichet: str, compte: str) -> str:
    """Return the two-digit key of a French account: 5, 5 and 11 characters; letters of the account count as digits."""
    return f"{97 - (89 * int(banque) + 15 * int(guichet) + 3 * int(compte.translate(_LETTRES_RIB))) % 97:02}"


def est_portable(numero: str) -> bool:
    """Tell whether a French number, as E.164, is a mobile's."""
    try:
        lu = phonenumbers.parse(numero, _REGIONS[0])
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(lu) == phonenumbers.PhoneNumberType.MOBILE


def numero_telephone(saisie: str) -> str | None:
    """Return a French number, overseas included, as E.164, or None when it is not a whole one.

    It is typed with its 0 or its +33: nine bare digits are still a number being typed.
    """
    propre = normaliser(saisie)
    if not propre.startswith(("0", "+")) or len(propre) < _TELEPHONE_AU_MOINS:
        return None
    for region in _REGIONS:
        try:
            numero = phonenumbers.parse(saisie, region)
        except phonenumbers.NumberParseException:
            return None
        if phonenumbers.is_possible_number(numero) and len(str(numero.national_number)) == _TELEPHONE_NATIONAL:
            return phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.E164)
    return None
