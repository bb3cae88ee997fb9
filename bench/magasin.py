"""A store filled directly, as large as asked: no centre is needed to measure the window."""

import random
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert, text

from guichet.models import Agent, Bailleur, Locataire
from guichet.services import ouvrir_session
from guichet.services.session import Session
from guichet.store.tables import coffre, curseur, recherche

if TYPE_CHECKING:
    from guichet.central.peuplement.hasard import Hasard  # drawn when a store is filled: a window that is weighed does without

PHRASE = "une phrase de passe d'essai"
SITE, BAILLEUR = "site:bench", "bailleur:bench"
_LOT = 20_000


def ouvrir(dossier: Path, onglets: list[str], travail: str) -> Session:
    """Make a vault with an agent at work on one scope."""
    session = ouvrir_session(dossier, PHRASE)
    with session.coffre.ecriture() as connexion:
        connexion.execute(insert(Agent).values(
            scope_id="user:bench", id="agent", login="bench", nom="Bench", prenom="Ada", fonction="Bench", role="conseiller", organisme_id="o",
            organisme_nom="Bench", site_nom="Bench", poste_libelle="", bailleur_id="b", voit_nir=True, onglets=onglets,
        ))  # fmt: skip
        connexion.execute(coffre.update().values(agent_id="agent", agent_scope="user:bench"))
        for genre, portee in (("user", "user:bench"), (travail.split(":")[0], travail), ("agenda", "agenda:bench")):
            connexion.execute(insert(curseur).values(scope_id=portee, genre=genre, epoch="e", seq=0, gen=1, relecture=False, lseq=0))
    return session


def remplir_dossiers(session: Session, nombre: int) -> float:
    """Write so many people of dossiers in the search index, names as the demonstration has them; return seconds."""
    from guichet.central.peuplement.hasard import Hasard

    hasard, debut = Hasard(1, date(2026, 11, 21)), time.perf_counter()
    alea = random.Random(2)
    with session.coffre.ecriture() as connexion:
        for premier in range(0, nombre, _LOT):
            lignes = [_personne(hasard, alea, rang) for rang in range(premier, min(premier + _LOT, nombre))]
            connexion.execute(insert(recherche), lignes)
        connexion.execute(text("INSERT INTO recherche_mots(rowid, mots) SELECT rid, cle FROM recherche"))
        connexion.execute(text("INSERT INTO recherche_mots(recherche_mots) VALUES ('optimize')"))
    with session.coffre.lecture() as connexion:
        connexion.execute(text("PRAGMA wal_checkpoint"))
    return time.perf_counter() - debut


def numero(dossier: int) -> str:
    """Return the number under which a dossier is found, by its rank."""
    return f"{1_000_000 + dossier:07}"


def _personne(hasard: "Hasard", alea: random.Random, rang: int) -> dict[str, object]:
    sexe = "FM"[rang % 2]
    nom, prenom = alea.choice(hasard.noms), alea.choice(hasard.prenoms[sexe])
    suffixe = "" if alea.random() < 0.3 else " " + alea.choice(hasard.noms).cle
    ne_le = date(1940 + rang % 70, 1 + rang % 12, 1 + rang % 28)
    return {
        "scope_id": SITE, "personne_id": f"p{rang}", "dossier_id": f"d{rang // 2}", "cle": f"{nom.cle}{suffixe} {prenom.cle}", "nom": nom.texte,
        "prenoms": prenom.texte, "ne_le": ne_le, "role": "responsable", "numero": numero(rang // 2), "nir": hasard.nir(sexe, ne_le),
        "provisoire": None, "telephone": f"+336{rang % 10**8:08}", "code_postal": "31000", "commune": "Toulouse",
        "adresse": f"RUE {alea.choice(hasard.noms).cle} {rang % 99}" if rang % 2 == 0 else None,
    }  # fmt: skip


def remplir_locataires(session: Session, nombre: int) -> None:
    """Write so many tenants of one landlord."""
    from guichet.central.peuplement.hasard import Hasard

    hasard = Hasard(1, date(2026, 11, 21))
    with session.coffre.ecriture() as connexion:
        connexion.execute(
            insert(Bailleur).values(scope_id=BAILLEUR, id="b", siret="73282932000074", nom="Bench", departement="Haute-Garonne")
        )
        for premier in range(0, nombre, _LOT):
            connexion.execute(insert(Locataire), [_locataire(hasard, rang) for rang in range(premier, min(premier + _LOT, nombre))])


def _locataire(hasard: "Hasard", rang: int) -> dict[str, object]:
    nom, prenom = hasard.alea.choice(hasard.noms), hasard.alea.choice(hasard.prenoms["F"])
    return {
        "scope_id": BAILLEUR, "id": hasard.id(), "bail_id": "x", "nom": nom.texte, "prenom": prenom.texte, "cle": f"{nom.cle} {prenom.cle}",
        "numero_allocataire": f"{rang:07}", "code_postal": "31000", "commune": "Toulouse", "residence": "R", "loyer_cents": 50_000,
        "derniere_al_cents": 20_000, "loyer_etat": "attendu" if rang % 4 else "declare",
    }  # fmt: skip
