"""A small world: one site, one agenda, three agents of one desk each."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from sqlalchemy import select

from guichet.central.base import BaseCentre
from guichet.central.fil import Ecrit, inscrire, ouvrir_portee
from guichet.central.jetons import delivrer
from guichet.migration import migrer
from guichet.models import Habilitation, uuid7

SITE, AGENDA, REF = "site:essai", "agenda:essai", "ref:national"
AGENTS = ("ada", "bea", "cyd")
CONTACTS, DOSSIERS, CRENEAUX = 12, 4, 10
DUREE_JETON = timedelta(days=2)


def creer(url: str, alea: Random) -> dict[str, str]:
    """Make the centre's database; return the agents' tokens."""
    base = BaseCentre(url)
    with base.ecriture() as connexion:
        migrer(connexion, "guichet.central")
    with base.ecriture() as connexion:
        for portee, genre in ((SITE, "site"), (AGENDA, "agenda"), (REF, "ref"), *((f"user:{a}", "user") for a in AGENTS)):
            ouvrir_portee(connexion, portee, genre)
        inscrire(connexion, REF, [
            Ecrit("site", "site-essai", {
                "organisme_id": "o", "nom": "Essai", "fuseau": "Europe/Paris", "modes": [], "horaires": [], "espace_numerique": False,
            }),
            Ecrit("poste", "poste-essai", {"site_id": "site-essai", "libelle": "1"}),
        ])  # fmt: skip
        inscrire(connexion, SITE, [contact(f"contact-{n}") for n in range(CONTACTS)])
        inscrire(connexion, SITE, [_dossier(n) for n in range(DOSSIERS)])
        inscrire(connexion, AGENDA, [creneau(alea) for _ in range(CRENEAUX)])
        for nom in AGENTS:
            _agent(connexion, nom)
    jetons = {}
    with base.ecriture() as connexion:
        for nom in AGENTS:
            jetons[nom], _ = delivrer(connexion, nom, DUREE_JETON)
    base.fermer()
    return jetons


def contact(id_: str) -> Ecrit:
    return Ecrit("contact", id_, {"personne_id": "p", "type": "telephone", "valeur": "0", "code_postal": None, "commune": None})


def creneau(alea: Random) -> Ecrit:
    debut = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2, minutes=alea.randrange(60))
    return Ecrit("creneau", uuid7(), {
        "site_id": "site-essai", "debut": debut, "fin": debut + timedelta(minutes=20), "mode": "sur_site", "etat": "libre",
        "own_device": None, "own_no": None, "own_until": None,
    })  # fmt: skip


def _dossier(n: int) -> Ecrit:
    return Ecrit("dossier", f"dossier-{n}", {
        "organisme_id": "o", "organisme_nom": "Caf", "numero": f"{n:07}", "foyer_id": "f", "responsable_id": "p",
        "ouvert_le": date(2020, 1, 1), "iban": "FR0",
    })  # fmt: skip


def _agent(connexion, nom: str) -> None:
    portee = f"user:{nom}"
    inscrire(connexion, portee, [
        Ecrit("agent", f"agent-{nom}", {
            "login": nom, "nom": nom.title(), "prenom": "X", "fonction": "f", "role": "conseiller", "organisme_id": "o",
            "organisme_nom": "Caf", "site_id": "site-essai", "site_nom": "Essai", "poste_libelle": "1", "bailleur_id": None,
            "voit_nir": False, "onglets": ["dossiers"],
        }),
        *(
            Ecrit("habilitation", f"droit-{nom}-{droit}", {
                "agent_id": f"agent-{nom}", "portee": droit, "role": "conseiller", "du": date(2020, 1, 1), "au": None,
            })
            for droit in (REF, portee, SITE, AGENDA)
        ),
    ])  # fmt: skip


def droits(connexion, nom: str) -> set[str]:
    """Return the scopes that an agent holds now."""
    h = Habilitation
    lus = connexion.execute(select(h.portee).where(h.scope_id == f"user:{nom}", h.au.is_(None)))
    return set(lus.scalars())


def changer_droit(connexion, nom: str, portee: str, *, ouvert: bool) -> None:
    """Give or take a right, as the organisme does."""
    inscrire(connexion, f"user:{nom}", [
        Ecrit("habilitation", f"droit-{nom}-{portee}", {
            "agent_id": f"agent-{nom}", "portee": portee, "role": "conseiller", "du": date(2020, 1, 1),
            "au": None if ouvert else date(2020, 1, 2),
        })
    ])  # fmt: skip
