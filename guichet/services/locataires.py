"""A landlord's tenants and the July rents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from guichet.contract.sync import Mutation
from guichet.models import uuid7
from guichet.models.enums import EtatDeclaration, TypeDeclaration
from guichet.ressources import donnees
from guichet.rules.recherche import plier
from guichet.rules.regles import en_vigueur
from guichet.services import journal
from guichet.services.session import Refus, Session, maintenant
from guichet.store import locataires as depot
from guichet.store import sortie
from guichet.store.locataires import Criteres, FicheLocataire, LigneLocataire


@dataclass(frozen=True)
class Campagne:
    """The July whose rents are declared, and from how much change a rent is worth a second look."""

    mois: date
    ecart_signale_pct: int


def criteres(*, attendus: bool, nom: str, numero: str, code_postal: str) -> Criteres:
    """Read the three texts of the filter as they are typed."""
    return Criteres(attendus, plier(nom), numero.replace(" ", ""), code_postal.replace(" ", ""))


def campagne(aujourd_hui: date) -> Campagne:
    """Return the July to declare: this year's once it has begun, else last year's (BAI-04)."""
    regle = en_vigueur(donnees("regles.yaml"), "loyer_juillet", aujourd_hui)
    mois = date(aujourd_hui.year, regle["mois"], 1)
    return Campagne(mois if mois <= aujourd_hui else mois.replace(year=mois.year - 1), regle["ecart_signale_pct"])


def bailleur(session: Session) -> tuple[str, str, str]:
    """Return the landlord's name, SIRET and département. Raises Refus for an unknown one."""
    with session.coffre.lecture() as connexion:
        trouve = depot.bailleur(connexion, session.agent().travail)
    if trouve is None:
        raise Refus("Ce bailleur n'est pas connu : synchronisez le poste, ou vérifiez votre habilitation auprès de la Caf.")
    return trouve


def compter(session: Session, filtre: Criteres) -> int:
    """Count the landlord's own tenants."""
    with session.coffre.lecture() as connexion:
        return depot.compter(connexion, session.agent().travail, filtre)


def lire(session: Session, filtre: Criteres, debut: int, nombre: int) -> Sequence[LigneLocataire]:
    """Read a window of the landlord's own tenants."""
    with session.coffre.lecture() as connexion:
        return depot.lire(connexion, session.agent().travail, filtre, debut, nombre)


def identifiants(session: Session, filtre: Criteres) -> frozenset[str]:
    """Return every tenant of a filter."""
    with session.coffre.lecture() as connexion:
        return depot.identifiants(connexion, session.agent().travail, filtre)


def a_declarer(session: Session, ids: Sequence[str]) -> Sequence[LigneLocataire]:
    """Return those of a selection whose July rent is expected."""
    with session.coffre.lecture() as connexion:
        return depot.a_declarer(connexion, session.agent().travail, ids)


def fiche(session: Session, id_: str) -> FicheLocataire:
    """Return a tenant's card and journal its reading. Raises Refus when he is not this landlord's."""
    agent = session.agent()
    with session.coffre.ecriture() as connexion:
        trouvee = depot.fiche(connexion, agent.travail, id_)
        if trouvee is None:
            raise Refus("Ce locataire n'est pas ou plus le vôtre.")
        journal.noter(connexion, agent, "fiche_locataire", id_)
    return trouvee


def declarer_loyers(session: Session, loyers: Mapping[str, int], mois: date) -> int:
    """Declare the rents of a July: tenant to cents; one fact each, all kept or none. Returns how many. Raises Refus."""
    if any(montant <= 0 for montant in loyers.values()):
        raise Refus("Chaque loyer doit être supérieur à zéro.")
    agent, le = session.agent(), maintenant().isoformat()
    with session.coffre.ecriture() as connexion:
        for locataire_id, cents in loyers.items():
            contenu = {
                "locataire_id": locataire_id, "type": TypeDeclaration.LOYER, "mois": mois.isoformat(), "loyer_cents": cents,
                "etat": EtatDeclaration.TRANSMISE, "saisi_le": le,
            }  # fmt: skip
            libelle = f"Loyer de juillet {mois.year}"
            sortie.poster(connexion, agent.travail, libelle, [Mutation("new", "declaration", uuid7(), contenu)], locataire_id)
        journal.noter(connexion, agent, "declaration_loyers", str(len(loyers)))
    return len(loyers)
