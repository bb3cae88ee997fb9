"""One game: three workstations, two replicas, random faults, then calm, then the oracle."""

import os
import shutil
import socket
import sqlite3
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import text

from guichet.central.base import BaseCentre
from guichet.central.entretien import purger_tombes
from guichet.central.fil import Ecrit, inscrire
from guichet.central.restauration import retablir, terminer
from guichet.store.coffre import ouvrir
from tests.processus import CONTEXTE
from tests.tempete import centre, monde, oracle, poste
from tests.tempete.monde import AGENDA, AGENTS, SITE
from tests.tempete.proxy import Proxy

TAUX = (0, 0.05, 0.15, 0.3)
_MEMOIRE = "/dev/shm" if Path("/dev/shm").is_dir() else None
_ATTENTE_S = float(os.environ.get("GUICHET_TEMPETE_ATTENTE", "120"))


class Meurtre(Exception):
    """A workstation was killed where it was told to be."""


class Jeu:
    """The state of one game; `registre`: every act that a workstation said it had kept."""

    def __init__(self, graine: int) -> None:
        self.alea = Random(graine)
        self.dossier = Path(tempfile.mkdtemp(prefix="tempete-", dir=_MEMOIRE))
        self.chemin = self.dossier / "centre.db"
        self.url = f"sqlite:///{self.chemin}"
        self.jetons = monde.creer(self.url, self.alea)
        self.base = BaseCentre(self.url)
        self.proxy = Proxy(self.alea)
        self.registre: dict[str, tuple[str, str, str, bool]] = {}
        self.compte: Counter[str] = Counter()
        self.repares = 0
        self.restaure = False
        self.supprimes: set[str] = set()
        self._repliques: list[object] = [None, None]
        self._postes: dict[str, tuple[object, object]] = {}
        self._fraiches = dict.fromkeys(AGENTS, True)
        for rang in range(2):
            self._lancer_replique(rang, 0)

    # ---- processes

    def _lancer_replique(self, rang: int, meurt_dans: int) -> None:
        prise = socket.create_server(("127.0.0.1", 0))
        port = prise.getsockname()[1]
        arguments = (prise, self.url, str(self.dossier / "pieces"), meurt_dans, self.alea.random() < 0.5)
        processus = CONTEXTE.Process(target=centre.servir, args=arguments, daemon=True)
        processus.start()
        prise.close()
        self._repliques[rang] = (processus, port)
        self.proxy.cibles = [x[1] for x in self._repliques if x is not None]

    def _relever_repliques(self) -> None:
        """Start again the replicas that died, as their supervisor would."""
        for rang, replique in enumerate(self._repliques):
            if replique is not None and not replique[0].is_alive():
                self.compte["repliques tuées"] += 1
                self._lancer_replique(rang, 0)

    def _tuer_repliques(self) -> None:
        for processus, _ in self._repliques:
            processus.kill()
            processus.join()

    def _poste(self, nom: str):
        if nom not in self._postes:
            ici, la_bas = CONTEXTE.Pipe()
            arguments = (la_bas, str(self.dossier / nom), self.proxy.url, self.jetons[nom], self.alea.randrange(1 << 30))
            processus = CONTEXTE.Process(target=poste.vivre, args=arguments, daemon=True)
            processus.start()
            la_bas.close()
            self._postes[nom] = (processus, ici)
            self._recevoir(nom)
            if self._fraiches[nom]:
                self._dire(nom, "attribuer", f"agent-{nom}", f"user:{nom}")
                self._fraiches[nom] = False
        return self._postes[nom][1]

    def _dire(self, nom: str, *commande):
        """Give a command; return its value, None when the centre was away. Raises Meurtre when the workstation died of it."""
        self._poste(nom).send(commande)
        reussi, valeur = self._recevoir(nom)
        if not reussi:
            self.compte[str(valeur).split()[0]] += 1
            return None
        return valeur

    def _recevoir(self, nom: str):
        processus, tuyau = self._postes[nom]
        try:
            if not tuyau.poll(_ATTENTE_S):
                processus.kill()
                raise AssertionError(f"{nom} hangs: a pass never ends")
            return tuyau.recv()
        except (EOFError, ConnectionResetError) as erreur:
            processus.join()
            del self._postes[nom]
            if processus.exitcode != -9:
                raise AssertionError(f"{nom} broke down (exit {processus.exitcode})") from erreur
            self.compte["postes tués"] += 1
            raise Meurtre from erreur

    # ---- steps

    def pas(self) -> None:
        """One random step of one workstation, of the centre or of fate."""
        nom, x, agitee = self.alea.choice(AGENTS), self.alea.random(), self.proxy.taux > 0
        self._relever_repliques()
        with suppress(Meurtre):
            if agitee and self.alea.random() < 0.06:
                self._dire(nom, "armer", self.alea.randrange(1, 30), self.alea.random() < 0.5)
            if x < 0.36:
                self._agir(nom)
            elif x < 0.78:
                self.passe(nom)
            elif x < 0.81:
                self._dire(nom, "retenir_page", self.alea.choice((SITE, AGENDA)))
                self._agir(nom)
                if self.alea.random() < 0.5:
                    for _ in range(4):
                        self._centre_ecrit()
                    self.passe(nom)
                self._dire(nom, "page_tardive")
            elif x < 0.84:
                self.proxy.rejouer()
            elif x < 0.90:
                self._centre_ecrit()
            elif x < 0.92:
                self._centre_purge()
            elif x < 0.94:
                self._sauvegarder()
            elif x < 0.96 and agitee:
                self._changer_droit(nom)
            elif x < 0.98 and agitee:
                self._tuer_une_replique()
            elif x < 0.986 and agitee and not self.restaure and (self.dossier / "sauvegarde.db").exists():
                self._restaurer()
            elif x > 0.995 and self.restaure:
                terminer(self.base)

    def ce_que_le_sort_oublie(self, rang: int, pas: int) -> None:
        """Bring, at its time in a game under faults, each rare event that chance may leave out of it."""
        if self.proxy.taux == 0:
            return
        with suppress(Meurtre):
            if rang == pas // 4:
                self._sauvegarder()
            elif rang == pas // 3:
                self._dire(self.alea.choice(AGENTS), "armer", self.alea.randrange(1, 5), self.alea.random() < 0.5)
            elif rang == pas // 2 and not self.restaure:
                self._restaurer()
            elif rang == 2 * pas // 3:
                self._tuer_une_replique()
            elif rang == 3 * pas // 4:
                self._changer_droit(self.alea.choice(AGENTS))

    def _tuer_une_replique(self) -> None:
        rang = self.alea.randrange(2)
        self.compte["repliques tuées"] += 1
        self._repliques[rang][0].kill()
        self._repliques[rang][0].join()
        self._lancer_replique(rang, self.alea.randrange(1, 12))

    def _agir(self, nom: str) -> None:
        faits = self._dire(nom, "actes", self.alea.choice((1, 4, 20, 120)))
        for opid, portee, sorte, cible, promis in faits or ():
            self.registre[opid] = (portee, sorte, cible, promis)
            self.compte["actes"] += 1

    def passe(self, nom: str) -> bool:
        rendu = self._dire(nom, "passe")
        if rendu is None:
            return False
        self.repares += rendu[0]
        for portee in rendu[1]:
            self.compte["effacements permis"] += 1
            self._dire(nom, "permettre", portee)
        self.compte["passes"] += 1
        return True

    def _centre_ecrit(self) -> None:
        """The organisme works too: a new contact, a change, a deletion, fresh slots; a right grown old."""
        n = self.alea.random()
        with self.base.ecriture() as connexion:
            if n < 0.3:
                inscrire(connexion, SITE, [monde.contact(f"contact-{self.alea.randrange(10**9)}")])
            elif n < 0.6:
                vivants = connexion.execute(text("SELECT id FROM contact WHERE scope_id = :p"), {"p": SITE}).scalars().all()
                if len(vivants) > 6:
                    perdu = self.alea.choice(vivants)
                    self.supprimes.add(perdu)
                    inscrire(connexion, SITE, [Ecrit("contact", perdu, None)])
            elif n < 0.85:
                inscrire(connexion, AGENDA, [monde.creneau(self.alea) for _ in range(self.alea.randrange(1, 4))])
            else:
                connexion.execute(text("UPDATE creneau SET own_until = '2020-01-01 00:00:00.000000' WHERE own_device IS NOT NULL"))

    def _centre_purge(self) -> None:
        with self.base.ecriture() as connexion:
            for portee in (SITE, AGENDA):
                self.compte["tombes purgées"] += purger_tombes(connexion, portee, datetime.now(UTC) + timedelta(seconds=5))

    def _changer_droit(self, nom: str) -> None:
        portee = self.alea.choice((SITE, AGENDA))
        with self.base.ecriture() as connexion:
            ouvert = portee in monde.droits(connexion, nom)
            monde.changer_droit(connexion, nom, portee, ouvert=not ouvert)
        self.compte["droits changés"] += 1

    def _sauvegarder(self) -> None:
        copie = self.dossier / "sauvegarde.db"
        copie.unlink(missing_ok=True)
        with sqlite3.connect(self.chemin) as source, sqlite3.connect(copie) as but:
            source.backup(but)
        source.close()
        but.close()

    def _restaurer(self) -> None:
        """Put an earlier backup in the place of the centre, as the runbook says."""
        self._tuer_repliques()
        self.base.fermer()
        for reste in ("-wal", "-shm"):
            Path(f"{self.chemin}{reste}").unlink(missing_ok=True)
        shutil.copy(self.dossier / "sauvegarde.db", self.chemin)
        self.base = BaseCentre(self.url)
        retablir(self.base)
        self.proxy.gardees.clear()
        for rang in range(2):
            self._lancer_replique(rang, 0)
        self.restaure = True
        self.compte["restaurations"] += 1

    # ---- the end

    def apaiser(self) -> None:
        """A perfect line, and everybody synchronises until nothing moves; then the recovery window closes, and again."""
        self.proxy.taux = 0
        self._tuer_repliques()
        for rang in range(2):
            self._lancer_replique(rang, 0)
        for nom in AGENTS:
            for _ in range(2):
                with suppress(Meurtre):
                    self._dire(nom, "armer", 0, False)
                    break
        for _ in range(2):
            for _ in range(5):
                for nom in AGENTS:
                    self.passe(nom)
            terminer(self.base)
        for nom in AGENTS:
            self._poste(nom).send(("passe",))
            reussi, dit = self._recevoir(nom)
            assert reussi, f"{nom} does not settle: {dit}"

    def juger(self) -> list[str]:
        """Close the workstations and look at everything."""
        fautes = [] if not self.repares else [f"{self.repares} repairs"]
        retenus: set[str] = set()
        with self.base.lecture() as central:
            fautes += oracle.juger_centre(central)
            for nom in AGENTS:
                self._postes.pop(nom)[1].close() if nom in self._postes else None
                coffre = _ouvrir_quand_libre(self.dossier / nom)
                with coffre.lecture() as local:
                    fautes += oracle.juger_poste(nom, local, central, monde.droits(central, nom), differes=False)
                    sql = "SELECT opid FROM sortie WHERE etat = 'refuse' AND muts <> '[]' OR etat = 'quarantaine'"
                    retenus |= set(local.execute(text(sql)).scalars())
                    for x in local.execute(text("SELECT * FROM sortie WHERE libelle <> ''")):
                        self.registre.setdefault(x.opid, (x.scope_id, "inconnu", x.cible, False))
                coffre.fermer()
            fautes += oracle.juger_actes(self.registre, central, retenus, self.restaure)
            if not self.restaure:
                vivants = set(central.execute(text("SELECT id FROM sync_row WHERE NOT deleted")).scalars())
                fautes += [f"{i} came back from the dead" for i in self.supprimes & vivants]
        return fautes

    def fermer(self) -> None:
        """Stop everything and leave nothing behind."""
        self._tuer_repliques()
        for processus, tuyau in self._postes.values():
            tuyau.close()
            processus.kill()
            processus.join()
        self.proxy.fermer()
        self.base.fermer()
        shutil.rmtree(self.dossier, ignore_errors=True)


def _ouvrir_quand_libre(dossier: Path):
    """Open a vault whose process is closing it."""
    import time

    from guichet.store.erreurs import ProfilOccupe

    for _ in range(200):
        try:
            return ouvrir(dossier, "une phrase de passe d'essai")
        except ProfilOccupe:
            time.sleep(0.05)
    raise AssertionError(f"{dossier.name} does not close")


def jouer(graine: int, pas: int) -> tuple[list[str], Counter[str]]:
    """Play one game; return what is wrong, and what happened."""
    jeu = Jeu(graine)
    try:
        for nom in AGENTS:
            jeu.passe(nom)
        jeu.proxy.taux = jeu.alea.choice(TAUX)
        for rang in range(pas):
            jeu.pas()
            jeu.ce_que_le_sort_oublie(rang, pas)
        jeu.apaiser()
        fautes = jeu.juger()
    except AssertionError as erreur:
        fautes = [str(erreur)]
    finally:
        jeu.fermer()
    return fautes, jeu.compte + Counter(jeu.proxy.fautes)
