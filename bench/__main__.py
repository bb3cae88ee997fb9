"""`make bench` (or `python -m bench NAME...`): prints each ratio with what it is held to; ends non-zero when one is missed."""

import sys

from bench import bac, carte, coffre, couche, demarrage, documents, fil, frappe, hostiles, image, liste, recherche, retour, sync, telephone

MESURES = {
    "demarrage": demarrage.mesurer,
    "frappe": frappe.mesurer,
    "carte": carte.mesurer,
    "recherche": recherche.mesurer,
    "liste": liste.mesurer,
    "sync": sync.mesurer,
    "feed": fil.mesurer,
    "image": image.mesurer,
    "retour": retour.mesurer,
    "coffre": coffre.mesurer,
    "documents": documents.mesurer,
    "couche": couche.mesurer,
    "hostiles": hostiles.mesurer,
    "bac": bac.mesurer,
    "telephone": telephone.mesurer,
}


def main() -> int:
    tenus = True
    for nom in sys.argv[1:] or MESURES:
        for mesure in MESURES[nom]():
            print(mesure)
            tenus &= mesure.tenue
    return 0 if tenus else 1


if __name__ == "__main__":
    raise SystemExit(main())
