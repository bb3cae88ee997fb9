"""A landlord, his dwellings, their leases and tenants."""

from datetime import date

from guichet.central.peuplement.chargeur import Chargeur
from guichet.central.peuplement.hasard import Hasard

_RESIDENCES = ("Les Izards B2", "Riquet 14", "Clos Vert", "Borderouge 3", "Cartoucherie C", "Le Prat", "Rangueil 7", "Les Izards A1")
_TYPES = ("Logement nu", "Logement meublé", "Foyer")


def ecrire_bailleur(chargeur: Chargeur, hasard: Hasard, portee: str, id_: str, nom: str, siret: str, locataires: int) -> None:
    """Write one landlord in his scope; three tenants in four still owe their July rent declaration."""
    alea, ajouter = hasard.alea, chargeur.ajouter
    ajouter(portee, "bailleur", id_, {"siret": siret, "nom": nom, "departement": "Haute-Garonne"})
    for rang in range(locataires):
        logement, bail = hasard.id(), hasard.id()
        code_postal, commune = alea.choice(hasard.communes)
        residence = alea.choice(_RESIDENCES) if locataires > 1 else None
        surface = 18 + int(alea.random() * 80)
        loyer = 25_000 + surface * 600 + int(alea.random() * 4_000)
        ajouter(portee, "logement", logement, {
            "residence": residence, "adresse": alea.choice(hasard.rues), "code_postal": code_postal, "commune": commune,
            "type": alea.choice(_TYPES), "surface": surface,
        })  # fmt: skip
        ajouter(portee, "bail", bail, {
            "logement_id": logement, "debut": hasard.entre(date(2012, 1, 1), hasard.jour).isoformat(), "loyer_cents": loyer,
            "charges_cents": 2_000 + int(alea.random() * 6_000),
        })  # fmt: skip
        nom_, prenom = alea.choice(hasard.noms), alea.choice(hasard.prenoms[alea.choice("FM")])
        ajouter(portee, "locataire", hasard.id(), {
            "bail_id": bail, "nom": nom_.texte, "prenom": prenom.texte, "cle": f"{nom_.cle} {prenom.cle}",
            "numero_allocataire": f"{2_000_000 + rang * 11 + alea.randrange(11):07}", "code_postal": code_postal, "commune": commune,
            "residence": residence, "loyer_cents": loyer, "derniere_al_cents": 8_000 + int(alea.random() * 24_000),
            "loyer_etat": "attendu" if rang == 0 or alea.random() < 0.75 else "declare",
        })  # fmt: skip
