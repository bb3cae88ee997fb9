"""One pass: say hello, send what waits, send files, read what changed."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from guichet.contract.codes import Code, Etat
from guichet.contract.limites import LOT_OCTETS, LOT_OPERATIONS, PART_OCTETS, SCHEMA
from guichet.contract.sync import Bonjour, Envoi, EtatPortee, Operation
from guichet.store import agents, fichiers, replique, sortie
from guichet.store.coffre import Coffre
from guichet.sync.client import ClientCentre
from guichet.sync.erreurs import Injoignable, Interrompu, ReponseRefusee


@dataclass
class Bilan:
    """What one pass did; `repares`: scopes read again because their digest was not the centre's."""

    recues: int = 0
    envoyees: int = 0
    refusees: int = 0
    fichiers: int = 0
    repares: int = 0
    portees: list[str] = field(default_factory=list)


class Passe:
    """Runs passes over one profile; one at a time."""

    def __init__(
        self, coffre: Coffre, client: ClientCentre, arret: threading.Event | None = None, avance: Callable[[Bilan], None] | None = None
    ) -> None:
        self._coffre, self._client, self._appareil = coffre, client, coffre.appareil
        self._arret = arret or threading.Event()
        self._avance = avance or (lambda _: None)

    def executer(self) -> Bilan:
        """Bring both ends in step. Raises Injoignable, ReponseRefusee or Interrompu; what was done before stays done."""
        bilan = Bilan()
        etats = self._bonjour(bilan)
        self._pousser_tout(etats, bilan)
        self._envoyer_fichiers(bilan)
        for etat in etats.values():
            self._tirer(etat, bilan)
        with self._coffre.ecriture() as connexion:
            sortie.purger(connexion)
            agents.noter_synchronisation(connexion, datetime.now(UTC))
        return bilan

    def _bonjour(self, bilan: Bilan) -> dict[str, EtatPortee]:
        with self._coffre.lecture() as connexion:
            connus = replique.curseurs(connexion)
        curseurs = {c.portee: (c.epoque, c.seq) for c in connus.values()}
        reponse = self._client.bonjour(Bonjour(SCHEMA, self._appareil, curseurs))
        with self._coffre.ecriture() as connexion:
            for etat in reponse:
                if etat.revoquee:
                    replique.oublier(connexion, etat.portee)
                elif etat.portee not in connus:
                    replique.ouvrir_portee(connexion, etat)
                elif connus[etat.portee].epoque != etat.epoque:
                    sortie.reprendre(connexion, etat.portee, etat.couloir)
                    replique.relire(connexion, etat.portee, etat.epoque)
                else:
                    sortie.numeroter(connexion, etat.portee, etat.couloir)
        bilan.portees = [e.portee for e in reponse if not e.revoquee]
        return {e.portee: e for e in sorted(reponse, key=_priorite) if not e.revoquee}

    def _pousser_tout(self, etats: dict[str, EtatPortee], bilan: Bilan) -> None:
        with self._coffre.lecture() as connexion:
            portees = sortie.portees_en_attente(connexion)
        for portee in portees:
            if portee in etats:
                while self._pousser_lot(etats[portee], bilan):
                    self._respirer(bilan)

    def _pousser_lot(self, etat: EtatPortee, bilan: Bilan) -> bool:
        """Send one batch; return whether more waits. Verdicts are stored before anything else is sent (I6)."""
        with self._coffre.lecture() as connexion:
            base, lignes = sortie.a_envoyer(connexion, etat.portee, LOT_OPERATIONS)
        if not lignes:
            return False
        operations = _sous_la_limite(
            [msgspec.convert({"lseq": x.lseq, "opid": x.opid, "v": SCHEMA, "muts": x.muts}, Operation) for x in lignes]
        )
        verdicts = self._client.pousser(Envoi(self._appareil, etat.portee, etat.epoque, base, operations))
        if not verdicts or verdicts[0].st == Etat.TROU:
            raise Injoignable
        with self._coffre.ecriture() as connexion:
            for verdict in verdicts:
                if verdict.st == Etat.TROU:
                    break
                sortie.rendre(connexion, etat.portee, verdict)
                acceptee = verdict.st in (Etat.APPLIQUE, Etat.CRENEAU_PRIS)
                bilan.envoyees += acceptee
                bilan.refusees += not acceptee
        return True

    def _envoyer_fichiers(self, bilan: Bilan) -> None:
        with self._coffre.lecture() as connexion:
            attente = fichiers.a_envoyer(connexion)
        for fichier in attente:
            self._envoyer_fichier(fichier, bilan)

    def _envoyer_fichier(self, fichier: fichiers.AEnvoyer, bilan: Bilan) -> None:
        """Send the parts that the centre lacks: a cut costs one part at most."""
        etat = self._client.etat_fichier(fichier.portee, fichier.sha256)
        if not etat.complet:
            with self._coffre.lecture() as connexion:
                contenu = fichiers.lire(connexion, self._coffre.dossier, fichier.portee, fichier.sha256)
            for numero in range(-(-len(contenu) // PART_OCTETS)):
                if numero not in etat.parts:
                    self._respirer(bilan)
                    part = contenu[numero * PART_OCTETS : (numero + 1) * PART_OCTETS]
                    self._client.envoyer_part(fichier.portee, fichier.sha256, numero, part)
        self._client.valider_fichier(fichier.portee, fichier.sha256, fichier.octets)
        with self._coffre.ecriture() as connexion:
            fichiers.marquer_envoye(connexion, fichier.portee, fichier.sha256)
        bilan.fichiers += 1

    def _tirer(self, etat: EtatPortee, bilan: Bilan) -> None:
        """Read a scope to its head, then compare digests; a difference is healed by reading it whole, once."""
        for reparation in (False, True):
            if self._lire_jusquau_bout(etat, bilan):
                return
            if reparation:
                raise Injoignable
            bilan.repares += 1
            with self._coffre.ecriture() as connexion:
                replique.relire(connexion, etat.portee, etat.epoque)

    def _lire_jusquau_bout(self, etat: EtatPortee, bilan: Bilan) -> bool:
        while True:
            with self._coffre.lecture() as connexion:
                avant = replique.curseurs(connexion)[etat.portee]
            try:
                page = self._client.page(etat.portee, avant.epoque, avant.seq)
            except ReponseRefusee as refus:
                if refus.code != Code.A_RELIRE:
                    raise
                return False
            if page.entete.de != avant.seq or page.entete.epoque != avant.epoque:
                raise Injoignable
            with self._coffre.ecriture() as connexion:
                replique.appliquer(connexion, avant, page.lignes, page.entete.a)
                bilan.recues += len(page.lignes)
                if page.entete.a >= page.entete.tete:
                    if avant.relecture:
                        replique.finir_relecture(connexion, etat.portee, avant.gen)
                    return replique.somme(connexion, etat.portee) == (page.fin.digest, page.fin.vivantes)
            self._respirer(bilan)

    def _respirer(self, bilan: Bilan) -> None:
        """Say how far the pass is, and stop here if that was asked."""
        self._avance(bilan)
        if self._arret.is_set():
            raise Interrompu


def _priorite(etat: EtatPortee) -> int:
    """What the agent sees first is read first."""
    return ("user", "ref", "agenda", "bailleur", "site").index(etat.genre) if not etat.revoquee else 9


def _sous_la_limite(operations: list[Operation]) -> list[Operation]:
    total, gardees = 0, list[Operation]()
    for operation in operations:
        total += len(msgspec.json.encode(operation))
        if gardees and total > LOT_OCTETS:
            break
        gardees.append(operation)
    return gardees
