"""A dossier that another site of the same organisme follows."""

from datetime import date

from sqlalchemy import select

from guichet.central.peuplement.chargeur import Chargeur
from guichet.central.peuplement.hasard import Hasard
from guichet.central.peuplement.menages import Lieu, Menages
from guichet.models import Dossier

AUTRE_SITE = "site:caf-31:colomiers"


def ecrire_ailleurs(base, organisme):
    """Write one; return its number and id."""
    with base.ecriture() as connexion:
        chargeur = Chargeur(connexion)
        chargeur.ouvrir(AUTRE_SITE, "site")
        chargeur.permettre_nir(AUTRE_SITE)
        menages = Menages(chargeur, Hasard(99, date(2026, 11, 1)))
        menages._numero = 7_000_000
        menages.ecrire(Lieu(AUTRE_SITE, organisme, "Caf de la Haute-Garonne", sensible=True))
        chargeur.terminer()
    with base.lecture(AUTRE_SITE) as connexion:
        return tuple(connexion.execute(select(Dossier.numero, Dossier.id).where(Dossier.scope_id == AUTRE_SITE)).one())
