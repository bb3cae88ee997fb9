"""What support asks first: where each scope stands, the clock, the disk, what waits. Never a name, never a number of a person."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from guichet import __version__
from guichet.contract.limites import SCHEMA
from guichet.documents import antivirus, confinement
from guichet.services.session import Session
from guichet.store import agents, appareil, fichiers, replique, sortie
from guichet.store.disque import libres

ECART_SIGNALE_S = 300
"""A clock further off than this is worth a word; it changes no decision (design/sync.md §1)."""


@dataclass(frozen=True)
class PorteeSuivie:
    """One scope. `a_effacer`: rows that the centre no longer names and that wait for a person's word."""

    portee: str
    genre: str
    lignes: int
    position: int
    en_relecture: bool
    a_effacer: int


@dataclass(frozen=True)
class Diagnostic:
    """The whole report. `ecart_horloge_s`: how far ahead of ours the centre's clock was, in seconds; sizes in bytes."""

    version: str
    schema: int
    appareil: str
    enrole: bool
    centre: str
    agent: str | None
    synchronise_le: datetime | None
    ecart_horloge_s: int | None
    en_attente: int
    refuses: int
    fichiers_en_attente: int
    fichiers_refuses: tuple[str, ...]
    base_octets: int
    disque_libre_octets: int
    fichiers_etrangers: str
    antivirus: str
    portees: tuple[PorteeSuivie, ...]

    @property
    def horloge_fausse(self) -> bool:
        """Whether this workstation's clock and the centre's are too far apart."""
        return self.ecart_horloge_s is not None and abs(self.ecart_horloge_s) > ECART_SIGNALE_S

    def en_donnees(self) -> dict[str, Any]:
        """Return the report for a program."""
        lu = asdict(self)
        lu["synchronise_le"] = self.synchronise_le.isoformat() if self.synchronise_le else None
        return lu


def examiner(session: Session) -> Diagnostic:
    """Look at the profile, its disk and its scopes."""
    dossier = session.coffre.dossier
    with session.coffre.lecture() as connexion:
        ici = appareil.suivi(connexion)
        comptes, agent = sortie.comptes(connexion), agents.agent(connexion)
        return Diagnostic(
            version=__version__, schema=SCHEMA, appareil=ici.id, enrole=ici.enrole, centre=session.url_centre,
            agent=agent.fonction if agent else None, synchronise_le=ici.synchronise_le, ecart_horloge_s=ici.ecart_horloge_s,
            en_attente=comptes.en_attente, refuses=comptes.refuses, fichiers_en_attente=fichiers.compter_a_envoyer(connexion),
            fichiers_refuses=tuple(fichiers.erreurs(connexion)),
            base_octets=sum(f.stat().st_size for f in dossier.glob("coffre.db*")), disque_libre_octets=libres(dossier),
            fichiers_etrangers=confinement.etat(), antivirus=antivirus.etat(),
            portees=tuple(
                PorteeSuivie(c.portee, c.genre, c.vivantes, c.seq, c.relecture, c.a_effacer)
                for c in replique.curseurs(connexion).values()
            ),
        )  # fmt: skip


def permettre_effacement(session: Session, portee: str) -> None:
    """Say that the rows which the centre no longer names may go; the next pass removes them."""
    with session.coffre.ecriture() as connexion:
        replique.permettre_effacement(connexion, portee)
