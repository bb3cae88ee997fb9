"""What deriving a key from a passphrase costs in tests: next to nothing, except where the cost is what is tried."""

from guichet.ressources import donnees

LEGERE = {"tours": 1, "memoire_kio": 8, "fils": 1}
REGLES = ("derivation", "hachage")


def alleger() -> None:
    """Lighten, in this process and those forked from it, each version of the rules of derivation."""
    for nom in REGLES:
        for version in donnees("regles.yaml")[nom]:
            version.update(LEGERE)
