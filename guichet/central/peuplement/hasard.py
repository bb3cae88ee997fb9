"""Repeatable chance: names, numbers and identifiers with valid check digits, all invented."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from faker import Faker
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from guichet.models import uuid7
from guichet.rules.recherche import plier

_TELEPHONES = ("019900", "026191", "035301", "046571", "053649", "063998")
"""Ranges that Arcep keeps for fiction."""
_BANQUES = ("30006", "20041", "10278", "17806")


@dataclass(frozen=True)
class Nom:
    """A name and its folded form, folded once."""

    texte: str
    cle: str


class Hasard:
    """One seed, one world: the same seed and day give the same rows."""

    def __init__(self, graine: int, jour: date) -> None:
        self.jour = jour
        self.alea = random.Random(graine)  # noqa: S311 (repeatable demonstration data, no secret)
        faker = Faker("fr_FR")
        faker.seed_instance(graine)
        noms = sorted({faker.last_name() for _ in range(4000)})
        self.noms = [_nom(n) for n in noms] + [_nom(f"{a}-{b}") for a, b in zip(noms[::9], noms[4::9], strict=False)]
        self.prenoms = {
            "F": [_nom(p) for p in sorted({faker.first_name_female() for _ in range(1500)})],
            "M": [_nom(p) for p in sorted({faker.first_name_male() for _ in range(1500)})],
        }
        self.rues = sorted({faker.street_address() for _ in range(3000)})
        self.communes = [
            ("31000", "Toulouse"), ("31100", "Toulouse"), ("31200", "Toulouse"), ("31300", "Toulouse"), ("31400", "Toulouse"),
            ("31500", "Toulouse"), ("31700", "Blagnac"), ("31770", "Colomiers"), ("31270", "Cugnaux"), ("31600", "Muret"),
            ("31800", "Saint-Gaudens"), ("31190", "Auterive"), ("31250", "Revel"), ("31170", "Tournefeuille"),
        ]  # fmt: skip
        ms = int(datetime.combine(jour, time(), UTC).timestamp() * 1000)
        self._tete = uuid7(ms, self.alea.getrandbits(74))[:24]
        self._compteur = 0

    def id(self) -> str:
        """Return the next identifier: a UUIDv7 whose last twelve digits count."""
        self._compteur += 1
        return f"{self._tete}{self._compteur:012x}"

    def entre(self, premier: date, dernier: date) -> date:
        """Return a day between two, both included."""
        return premier + timedelta(days=int(self.alea.random() * ((dernier - premier).days + 1)))

    def nir(self, sexe: str, ne_le: date) -> str:
        """Return the 13 characters of a plausible NIR; one birth in fifty is Corsican, one in ten foreign."""
        tirage = self.alea.random()
        departement = "2A" if tirage < 0.01 else "2B" if tirage < 0.02 else "99" if tirage < 0.12 else f"{1 + int(tirage * 94):02}"
        if departement == "20":
            departement = "31"
        commune, ordre = 1 + int(self.alea.random() * 590), 1 + int(self.alea.random() * 900)
        return f"{'1' if sexe == 'M' else '2'}{ne_le:%y%m}{departement}{commune:03}{ordre:03}"

    def telephone(self) -> str:
        """Return a number kept for fiction, as E.164."""
        return f"+33{self.alea.choice(_TELEPHONES)[1:]}{int(self.alea.random() * 10_000):04}"

    def iban(self) -> str:
        """Return a French IBAN whose RIB key and check digits are right."""
        banque, agence, compte = self.alea.choice(_BANQUES), f"{self.alea.randrange(100_000):05}", f"{self.alea.randrange(10**11):011}"
        cle = 97 - (89 * int(banque) + 15 * int(agence) + 3 * int(compte)) % 97
        bban = f"{banque}{agence}{compte}{cle:02}"
        return f"FR{mod_97_10.calc_check_digits(f'{bban}FR')}{bban}"

    def siret(self) -> str:
        """Return a SIRET whose SIREN and whole number satisfy Luhn."""
        siren = f"{self.alea.randrange(10**7, 10**8)}"
        siren += luhn.calc_check_digit(siren)
        racine = f"{siren}0001"
        return racine + luhn.calc_check_digit(racine)


def _nom(texte: str) -> Nom:
    return Nom(texte, plier(texte))
