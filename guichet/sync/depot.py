"""Files go up in a queue of their own, part by part, behind everything that people do (design/sync.md §8)."""

import threading
from collections.abc import Callable

from guichet.contract.limites import PART_OCTETS
from guichet.store import fichiers
from guichet.store.coffre import Coffre
from guichet.store.fichiers import AEnvoyer
from guichet.sync.client import ClientCentre
from guichet.sync.erreurs import Interrompu, ReponseRefusee


class Depot:
    """Sends the files that wait. `passage`: set while no pass of operations is under way; files wait for it between two pieces."""

    def __init__(self, coffre: Coffre, client: ClientCentre, passage: threading.Event, arret: threading.Event) -> None:
        self._coffre, self._client, self._passage, self._arret = coffre, client, passage, arret

    def vider(self, avance: Callable[[int, int], None] | None = None) -> int:
        """Send every file that waits; return how many went. `avance` is told (bytes sent, bytes of the file).

        A cut costs one part at most. A file that the centre refuses is marked with its words, and the next ones go on.
        Raises Injoignable or Interrompu.
        """
        with self._coffre.lecture() as connexion:
            attente = fichiers.a_envoyer(connexion)
        envoyes = 0
        for fichier in attente:
            try:
                self._envoyer(fichier, avance or (lambda _fait, _total: None))
            except ReponseRefusee as refus:
                with self._coffre.ecriture() as connexion:
                    fichiers.marquer_refuse(connexion, fichier.portee, fichier.sha256, refus.detail)
                continue
            envoyes += 1
        return envoyes

    def _envoyer(self, fichier: AEnvoyer, avance: Callable[[int, int], None]) -> None:
        etat = self._client.etat_fichier(fichier.portee, fichier.sha256)
        if not etat.complet:
            with self._coffre.lecture() as connexion:
                contenu = fichiers.lire(connexion, self._coffre.dossier, fichier.portee, fichier.sha256)
            for numero in range(-(-len(contenu) // PART_OCTETS)):
                if numero not in etat.parts:
                    part = contenu[numero * PART_OCTETS : (numero + 1) * PART_OCTETS]
                    self._client.envoyer_part(fichier.portee, fichier.sha256, numero, part, self._ceder)
                avance(min((numero + 1) * PART_OCTETS, len(contenu)), len(contenu))
        self._client.valider_fichier(fichier.portee, fichier.sha256, fichier.octets)
        with self._coffre.ecriture() as connexion:
            fichiers.marquer_envoye(connexion, fichier.portee, fichier.sha256)

    def _ceder(self) -> None:
        """Let operations go first; stop here if that was asked."""
        while not self._passage.wait(0.2):
            if self._arret.is_set():
                raise Interrompu
        if self._arret.is_set():
            raise Interrompu
