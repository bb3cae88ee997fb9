"""One pass: say hello, send what waits, read what changed, keep the slots that may be promised offline."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise

import msgspec

from guichet.contract.codes import Code, Etat
from guichet.contract.corps import empreinte_curseurs
from guichet.contract.limites import LOT_OCTETS, LOT_OPERATIONS, PAGE_LIGNES, SCHEMA, TYPES_NOUVEAUX
from guichet.contract.sync import (
    ENROLEMENT,
    Bonjour,
    Enrolement,
    Envoi,
    EtatPortee,
    Instantane,
    Ligne,
    Operation,
    Retraits,
    Scelles,
    Verdict,
)
from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur
from guichet.store import agents, appareil, chargement, conservation, fichiers, replique, sortie
from guichet.store.chargement import PartPrete
from guichet.store.coffre import Coffre
from guichet.store.replique import Curseur, Vues
from guichet.store.sortie import EtatEnvoi
from guichet.sync import creneaux
from guichet.sync.client import ClientCentre, Page, deballer
from guichet.sync.erreurs import CentreEnPanne, CentreIncoherent, CentreOccupe, Injoignable, Interrompu, ReponseRefusee, SansReponse

_LOT_LOCAL = 500
"""Rows applied in one local transaction: the window never waits longer than that for the writer, and its frames stay even (bench image)."""
_SOUFFLE_S = 0.002
_BREF_S = 0.1
"""An answer that comes sooner leaves nobody the time to read that acts are on their way: nothing is written of it."""
_SEUL = 2
"""How many times the centre may fail on one act sent alone before it is set aside."""
_POISON = (400, 413, 422)
_SANS_VERDICT = (Etat.TROU, Etat.DIFFERE)


@dataclass
class Bilan:
    """What one pass did. `repares`: scopes whose sums were not the centre's; `a_confirmer`: scopes whose deletions want a person's word."""

    recues: int = 0
    envoyees: int = 0
    refusees: int = 0
    differees: int = 0
    repares: int = 0
    portees: list[str] = field(default_factory=list)
    a_confirmer: list[str] = field(default_factory=list)


class Passe:
    """Runs passes over one profile; one at a time. `verifiees`: scopes whose sums were added up since the profile was opened."""

    def __init__(
        self,
        coffre: Coffre,
        client: ClientCentre,
        arret: threading.Event | None = None,
        avance: Callable[[Bilan], None] | None = None,
        verifiees: set[str] | None = None,
    ) -> None:
        self._coffre, self._client = coffre, client
        self._arret = arret or threading.Event()
        self._avance = avance or (lambda _: None)
        self._verifiees = verifiees if verifiees is not None else set()
        self._appareil = self._souches = ""

    def executer(self) -> Bilan:
        """Bring both ends in step. Raises Injoignable, ReponseRefusee or Interrompu; what was done before stays done."""
        bilan, premiere = Bilan(), not self._verifiees
        for reprise in (False, True):
            try:
                self._executer(bilan)
                break
            except ReponseRefusee as refus:
                if reprise or refus.code not in (Code.EPOQUE_CHANGEE, Code.APPAREIL_INCONNU):
                    raise
                if refus.code == Code.APPAREIL_INCONNU:
                    with self._coffre.ecriture() as connexion:
                        appareil.oublier(connexion)
        with self._coffre.ecriture() as connexion:
            sortie.purger(connexion)
            agents.noter_synchronisation(connexion, datetime.now(UTC), self._client.ecart_s)
        if premiere or bilan.recues:
            self._conserver()
        return bilan

    def _conserver(self) -> None:
        """Let go of what has been kept for its time."""
        with self._coffre.ecriture() as connexion:
            rapport = conservation.purger(connexion, self._coffre.dossier, datetime.now(UTC))
        for chemin in rapport.copies:
            chemin.unlink(missing_ok=True)

    def _executer(self, bilan: Bilan) -> None:
        self._enroler()
        self._verifier_sommes()
        etats = self._bonjour(bilan)
        occupe: CentreOccupe | None = None
        if etats is not None:
            en_phase = self._en_phase(etats)
            try:
                self._pousser_tout(etats, bilan)
            except CentreOccupe as attente:
                # Our turn to send comes later; reading does not wait for it. But an act whose answer was lost may be executed there: its rows
                # are not here, and must come with their bodies.
                occupe, self._souches = attente, ""
            for etat in etats.values():
                self._tirer(etat.portee, etat, bilan, en_phase=etat.portee in en_phase)
        if occupe is not None:
            raise occupe
        for portee in creneaux.tenir(self._coffre, self._client, self._appareil):
            self._tirer(portee, None, bilan)

    def _enroler(self) -> None:
        with self._coffre.ecriture() as connexion:
            ici = appareil.lire(connexion)
        self._appareil = self._souches = ici.id
        if ici.enrole:
            return
        preuve = ici.cle.sign(ENROLEMENT + ici.id.encode()).signature
        recu = self._client.enroler(Enrolement(ici.id, bytes(ici.cle.verify_key), preuve))
        with self._coffre.ecriture() as connexion:
            appareil.enroler(connexion, recu)
        self._coffre.assurer_secours(recu.cle_centre)

    def _verifier_sommes(self) -> None:
        """Add up once per opening what the pages have kept in step since: a damaged directory shows at the next hello."""
        with self._coffre.lecture() as connexion:
            portees = set(replique.curseurs(connexion)) - self._verifiees
        for portee in portees:
            with self._coffre.ecriture() as connexion:
                replique.recompter(connexion, portee)
            self._verifiees.add(portee)

    # ---- hello

    def _bonjour(self, bilan: Bilan) -> dict[str, EtatPortee] | None:
        """Say hello, meet new scopes and new timelines; None when both ends are in step and nothing waits."""
        with self._coffre.lecture() as connexion:
            connus = replique.curseurs(connexion)
            en_attente = sortie.portees_en_attente(connexion)
            restauration = appareil.restauration(connexion)
        calmes = not en_attente and all(not c.relecture and c.schema == SCHEMA for c in connus.values())
        curseurs = ((c.portee, c.epoque, c.seq, c.digest, c.vivantes) for c in connus.values())
        accueil = self._client.bonjour(Bonjour(SCHEMA, self._appareil, empreinte_curseurs(restauration, curseurs) if calmes else ""))
        if accueil is None:
            bilan.portees = sorted(connus)
            return None
        etats = {e.portee: e for e in sorted(accueil.portees, key=_priorite)}
        for etat in etats.values():
            self._accueillir(connus.get(etat.portee), etat)
        for portee in connus.keys() - etats.keys():
            if restauration not in ("", accueil.restauration) and connus[portee].epoque != accueil.restauration:
                self._reprendre_tout(portee, accueil.restauration)
            self._revoquer(portee, bilan)
        # After the revocations: a restored centre may have taken back a right, and forgotten what was done under it.
        self._rapporter_scelles(restauration, accueil.restauration)
        bilan.portees = list(etats)
        return etats

    def _en_phase(self, etats: dict[str, EtatPortee]) -> set[str]:
        """Return the scopes in which the centre, when it said hello, had what we have."""
        with self._coffre.lecture() as connexion:
            connus = replique.curseurs(connexion)
        return {portee for portee, etat in etats.items() if _y_est(connus[portee], etat)}

    def _accueillir(self, connu: Curseur | None, etat: EtatPortee) -> None:
        if connu is not None and connu.epoque == etat.epoque and etat.couloir <= connu.lseq:
            return
        with self._coffre.ecriture() as connexion:
            if connu is None:
                replique.ouvrir_portee(connexion, etat)
                self._verifiees.add(etat.portee)
            elif connu.epoque != etat.epoque:
                sortie.reprendre(connexion, etat.portee, etat.couloir)
                replique.relire(connexion, etat.portee, etat.epoque)
            else:
                sortie.numeroter(connexion, etat.portee, etat.couloir)

    def _reprendre_tout(self, portee: str, restauration: str) -> None:
        """After a restore, send again all we retain of a scope that hello left out: where the centre's lane stands there is not said.

        The restore stands for its epoch meanwhile, which is done once and can be no centre's own.
        """
        with self._coffre.ecriture() as connexion:
            sortie.reprendre(connexion, portee, 0)
            replique.relire(connexion, portee, restauration)

    def _rapporter_scelles(self, connue: str, restauration: str) -> None:
        """After a restore, bring back what was sealed of scopes that were taken away: the restored centre may have lost it."""
        if connue == restauration:
            return
        with self._coffre.lecture() as connexion:
            attente = sortie.scelles(connexion) if connue else {}
        for portee, corps in attente.items():
            self._client.rapporter(Scelles(self._appareil, portee, corps))
        with self._coffre.ecriture() as connexion:
            for portee in attente:
                sortie.oublier_scelles(connexion, portee)
            appareil.noter_restauration(connexion, restauration)

    def _revoquer(self, portee: str, bilan: Bilan) -> None:
        """Give up a scope: its lane first, which the centre sets aside; then, on the centre's explicit no, every row of it (I9)."""
        curseur = self._curseur(portee)
        try:
            self._pousser(curseur.portee, curseur.epoque, bilan)
            self._client.page(curseur.portee, curseur.epoque, curseur.seq, limite=1)
        except ReponseRefusee as refus:
            if refus.code != Code.PORTEE_INTERDITE:
                raise
            with self._coffre.lecture() as connexion:
                boite = appareil.boite(connexion)
                refuses = sortie.refus_scelles(connexion, curseur.portee, boite) if boite is not None else []
            if refuses:
                self._client.rapporter(Scelles(self._appareil, curseur.portee, refuses))
            with self._coffre.ecriture() as connexion:
                effacables = fichiers.oublier(connexion, self._coffre.dossier, curseur.portee, boite)
                sortie.sceller_et_vider(connexion, curseur.portee, boite)
                replique.oublier(connexion, curseur.portee)
            for chemin in effacables:
                chemin.unlink(missing_ok=True)

    # ---- push

    def _pousser_tout(self, etats: dict[str, EtatPortee], bilan: Bilan) -> None:
        with self._coffre.lecture() as connexion:
            portees = [p for p in sortie.portees_en_attente(connexion) if p in etats]
            retraits = {p: o for p in portees if (o := sortie.retraits(connexion, p))}
        for portee, operations in retraits.items():
            self._devancer(portee, operations)
        for portee in portees:
            self._pousser(portee, etats[portee].epoque, bilan)

    def _devancer(self, portee: str, operations: list[Operation]) -> None:
        """Have revocations of mandates heard before anything else is sent. They stay in their lane: one that is refused here comes there."""
        with suppress(CentreEnPanne, ReponseRefusee):
            self._client.devancer(Retraits(self._appareil, portee, operations))

    def _pousser(self, portee: str, epoque: str, bilan: Bilan) -> None:
        """Send a lane; what waits again after it says so."""
        try:
            self._vider(portee, epoque, bilan)
        finally:
            self._marquer(portee, EtatEnvoi.EN_ATTENTE)

    def _marquer(self, portee: str, etat: EtatEnvoi) -> None:
        with self._coffre.ecriture() as connexion:
            sortie.marquer(connexion, portee, etat)

    def _vider(self, portee: str, epoque: str, bilan: Bilan) -> None:
        """Send in batches; one that makes the centre fail is halved until the guilty act is alone, then set aside (trap 13).

        While the answer to one is stored, the centre works on the next: sent early only behind acts that have all been judged.
        """
        lot = LOT_OPERATIONS
        with ThreadPoolExecutor(1, "envoi") as envoyeur:

            def lire(apres: int) -> tuple[int, list[Operation]]:
                with self._coffre.lecture() as connexion:
                    base, operations = sortie.a_envoyer(connexion, portee, apres, lot)
                return base, _sous_la_limite(operations)

            def confier(base: int, operations: list[Operation]) -> Future[list[Verdict]] | None:
                return envoyeur.submit(self._envoyer, portee, epoque, base, operations) if operations else None

            base, operations = lire(0)
            reponse = confier(base, operations)
            while reponse is not None:
                suite = lire(operations[-1].lseq)
                with self._coffre.lecture() as connexion:
                    vues = replique.voir(connexion, portee, {m.id: m.type for o in operations for m in o.muts})
                if not wait([reponse], _BREF_S).done:
                    self._marquer(portee, EtatEnvoi.ENVOI)
                try:
                    verdicts = reponse.result()
                except (CentreEnPanne, SansReponse, ReponseRefusee) as erreur:
                    if isinstance(erreur, ReponseRefusee) and erreur.statut not in _POISON:
                        raise
                    if len(operations) > 1:
                        lot = len(operations) // 2
                        base, operations = lire(0)
                        reponse = confier(base, operations)
                        continue
                    verdicts = self._insister(portee, epoque, base, operations[0])
                juges = len(verdicts) == len(operations) and all(v.st not in _SANS_VERDICT for v in verdicts)
                reponse = confier(*suite) if juges else None
                lot = min(lot * 2, LOT_OPERATIONS)
                if not self._rendre(portee, operations, verdicts, vues, bilan):
                    return
                if reponse is None:
                    suite = lire(0)
                    reponse = confier(*suite)
                base, operations = suite
                if operations:
                    self._respirer(bilan)

    def _insister(self, portee: str, epoque: str, base: int, operation: Operation) -> list[Verdict]:
        """Send an act alone once more, then ask the centre to keep it unread: what follows must not wait for it."""
        with self._coffre.ecriture() as connexion:
            essais = sortie.compter_echec(connexion, portee, operation.lseq)
        if essais >= _SEUL:
            return self._envoyer(portee, epoque, base, [msgspec.structs.replace(operation, a_part=True)])
        try:
            return self._envoyer(portee, epoque, base, [operation])
        except (CentreEnPanne, SansReponse, ReponseRefusee):
            return self._insister(portee, epoque, base, operation)

    def _envoyer(self, portee: str, epoque: str, base: int, operations: list[Operation]) -> list[Verdict]:
        """Send one batch. Verdicts that are not about it are not believed."""
        verdicts = self._client.pousser(Envoi(self._appareil, portee, epoque, base, operations))
        if not verdicts or any((v.lseq, v.opid) != (o.lseq, o.opid) for v, o in zip(verdicts, operations, strict=False)):
            raise Injoignable
        return verdicts

    def _rendre(self, portee: str, operations: Sequence[Operation], verdicts: Sequence[Verdict], vues: Vues, bilan: Bilan) -> bool:
        """Store verdicts and the rows they bring, all or none (I6); return whether the lane goes on."""
        with self._coffre.ecriture() as connexion:
            rendus = [v for v in verdicts if v.st not in _SANS_VERDICT]
            sortie.rendre(connexion, portee, rendus)
            for verdict in verdicts:
                if verdict.st == Etat.TROU:
                    sortie.reprendre(connexion, portee, verdict.couloir)
                    break
                if verdict.st == Etat.DIFFERE:
                    # What came before it was executed, and its rows with it: they are ours to note all the same.
                    bilan.differees += 1
                    break
                acceptee = verdict.st in (Etat.APPLIQUE, Etat.CRENEAU_PRIS)
                bilan.envoyees += acceptee
                bilan.refusees += not acceptee
            lignes = [x for v in verdicts for x in v.lignes]
            replique.accuser(connexion, portee, lignes, vues)
            douteuses = _sans_ligne(operations, verdicts, {x.id for x in lignes})
            if douteuses:
                replique.douter(connexion, portee, douteuses)
        return all(v.st != Etat.DIFFERE for v in verdicts)

    # ---- pull

    def _tirer(self, portee: str, etat: EtatPortee | None, bilan: Bilan, *, en_phase: bool = False) -> None:
        """Read a scope to its head, unless hello just said that we are there, or were there and our own answers followed without a gap.

        Sums that differ are healed by buckets, then by reading it whole, once each.
        """
        ici = self._curseur(portee)
        lue = etat is not None and (_y_est(ici, etat) or (en_phase and _suivie(ici)))
        for remede in (None, self._reparer_par_seaux, self._tout_relire):
            if remede is not None:
                bilan.repares += 1
                remede(portee)
            elif lue:
                break
            if self._lire_jusquau_bout(portee, etat, bilan):
                break
        else:
            raise CentreIncoherent
        self._rattraper(portee, bilan)

    def _lire_jusquau_bout(self, portee: str, etat: EtatPortee | None, bilan: Bilan) -> bool:
        """Read pages until the head; return whether both ends add up to the same."""
        while True:
            avant = self._curseur(portee)
            if avant.relecture and avant.seq == 0 and etat is not None and self._charger(avant, etat.instantane, bilan):
                if self._curseur(portee).seq == etat.tete:
                    return self._conclure(portee, etat.tete, (etat.digest, etat.vivantes), bilan)
                continue
            try:
                page = self._page(avant)
            except ReponseRefusee as refus:
                if refus.code != Code.A_RELIRE:
                    raise
                with self._coffre.ecriture() as connexion:
                    replique.relire(connexion, avant.portee, avant.epoque)
                continue
            self._appliquer(avant, page, bilan)
            if page.entete.a >= page.entete.tete:
                return self._conclure(portee, page.entete.a, (page.fin.digest, page.fin.vivantes), bilan)

    def _page(self, c: Curseur) -> Page:
        page = self._client.page(c.portee, c.epoque, c.seq, gen=c.gen, depart=c.depart, appareil=self._souches)
        if (page.entete.epoque, page.entete.gen, page.entete.de) != (c.epoque, c.gen, c.seq):
            raise Injoignable
        return page

    def _appliquer(self, avant: Curseur, page: Page, bilan: Bilan) -> None:
        """Apply a page by slices, each with its cursor: rows are in the order of the feed, so any prefix of a page is a page."""
        tranches = list(_tranches(page.lignes, page.entete.a))
        for rang, (lignes, jusque) in enumerate(tranches):
            with self._coffre.ecriture() as connexion:
                courant = avant if rang == 0 else replique.lire_curseur(connexion, avant.portee)
                if courant is None or not replique.appliquer(connexion, courant, lignes, jusque, page.entete.tete):
                    raise Injoignable
            bilan.recues += len(lignes)
            self._respirer(bilan)

    def _conclure(self, portee: str, tete: int, sommes: tuple[int, int], bilan: Bilan) -> bool:
        """At the head: end the walk if there is one, then compare (digest, live rows), unless our own answers went beyond it (I8)."""
        curseur = self._curseur(portee)
        if curseur.relecture:
            regle = en_vigueur(donnees("regles.yaml"), "effacement_en_masse", date.today())
            with self._coffre.ecriture() as connexion:
                finie = replique.finir_relecture(connexion, curseur, regle["part_pct"], regle["au_moins"])
            if not finie:
                bilan.a_confirmer.append(portee)
                return True
            curseur = self._curseur(portee)
        return tete < curseur.acquitte or (curseur.digest, curseur.vivantes) == sommes

    def _charger(self, avant: Curseur, instantane: Instantane | None, bilan: Bilan) -> bool:
        """Fill an empty scope from its snapshot; return False when it must be read from the feed instead."""
        if instantane is None:
            return False
        en_cours = avant.instantane == instantane.id
        with self._coffre.lecture() as connexion:
            if not en_cours and (avant.instantane is not None or replique.compter_lignes(connexion, avant.portee)):
                return False
        restantes = range(avant.part if en_cours else 0, instantane.parts)
        with ThreadPoolExecutor(3, "instantane") as avance:
            venues, pretes = deque[Future[bytes]](), deque[Future[PartPrete]]()

            def telecharger(n: int) -> None:
                if n in restantes:
                    venues.append(avance.submit(self._client.part_instantane, avant.portee, instantane.id, n))

            def preparer(n: int) -> None:
                """Have a part made ready, and the one after it brought."""
                telecharger(n + 1)
                if n in restantes:
                    venue = venues.popleft()
                    pretes.append(avance.submit(lambda: chargement.preparer(avant, deballer(venue.result()))))

            telecharger(restantes.start)
            preparer(restantes.start)
            for n in restantes:
                try:
                    part = pretes.popleft().result()
                except ReponseRefusee as refus:
                    if refus.code != Code.INTROUVABLE:
                        raise
                    return False
                with self._coffre.ecriture() as connexion:
                    # From here, and not before: it would take the connection that has our pages at hand.
                    avance.submit(self._coffre.recopier)
                    bilan.recues += chargement.appliquer_part(connexion, avant, instantane, n, part)
                    # Begun just before the commit, which leaves the interpreter alone.
                    preparer(n + 1)
                self._respirer(bilan, 0)
        return True

    def _reparer_par_seaux(self, portee: str) -> None:
        curseur = self._curseur(portee)
        with self._coffre.ecriture() as connexion:
            replique.recompter(connexion, portee)
        du_centre = self._client.seaux(portee, curseur.epoque)
        with self._coffre.lecture() as connexion:
            seaux = replique.seaux_differents(connexion, portee, du_centre.seaux)
        if not seaux:
            return
        page = self._client.page(portee, curseur.epoque, 0, seaux=",".join(map(str, seaux)))
        with self._coffre.ecriture() as connexion:
            replique.reparer(connexion, portee, seaux, page.lignes)

    def _tout_relire(self, portee: str) -> None:
        with self._coffre.ecriture() as connexion:
            replique.relire(connexion, portee, self._curseur(portee).epoque, douteuse=True)

    def _rattraper(self, portee: str, bilan: Bilan) -> None:
        """Read again, and alone, the types that this version knows and an earlier one did not know whole (design/sync.md §8)."""
        curseur = self._curseur(portee)
        types = sorted({t for version, ts in TYPES_NOUVEAUX.items() if version > curseur.schema for t in ts})
        apres = 0
        while curseur.schema < SCHEMA:
            page = self._client.page(portee, curseur.epoque, apres, PAGE_LIGNES, types=",".join(types))
            with self._coffre.ecriture() as connexion:
                replique.rattraper(connexion, portee, [x for x in page.lignes if not x.supprimee])
                if page.entete.a >= page.entete.tete:
                    replique.finir_rattrapage(connexion, portee)
            if page.entete.a >= page.entete.tete:
                return
            apres = page.entete.a
            self._respirer(bilan)

    def _curseur(self, portee: str) -> Curseur:
        with self._coffre.lecture() as connexion:
            lu = replique.lire_curseur(connexion, portee)
        if lu is None:
            raise LookupError(portee)
        return lu

    def _respirer(self, bilan: Bilan, souffle: float = _SOUFFLE_S) -> None:
        """Say how far the pass is, let the window breathe, and stop here if that was asked."""
        self._avance(bilan)
        if self._arret.wait(souffle):
            raise Interrompu


def _sans_ligne(operations: Sequence[Operation], verdicts: Sequence[Verdict], servies: set[str]) -> list[str]:
    """Return the rows that judged acts are about and that did not come with their verdict.

    It happens when the right is gone: were it given back before we gave the scope up, these rows would be wrong here for good. Or when a
    restored centre lacks the row: were it brought back by another workstation as it was, it would still show here an edit that was refused.
    """
    montrees = {v.lseq: v.st in (Etat.APPLIQUE, Etat.CRENEAU_PRIS, Etat.INTERDIT) for v in verdicts if v.st not in _SANS_VERDICT}
    return [
        m.id
        for o in operations if o.lseq in montrees
        for m in o.muts if m.type != "journal" and m.id not in servies and (montrees[o.lseq] or m.k == "set")
    ]  # fmt: skip


def _y_est(c: Curseur, etat: EtatPortee) -> bool:
    return not c.relecture and (c.seq, c.digest, c.vivantes) == (etat.tete, etat.digest, etat.vivantes)


def _suivie(c: Curseur) -> bool:
    """Tell whether the answers to what we sent are the whole of what came since: the next hello compares the sums."""
    return not c.relecture and c.seq == c.acquitte


def _priorite(etat: EtatPortee) -> int:
    """What the agent sees first is read first."""
    return ("user", "ref", "agenda", "bailleur", "site").index(etat.genre)


def _tranches(lignes: Sequence[Ligne], jusque: int) -> Iterator[tuple[Sequence[Ligne], int]]:
    """Cut a page in slices, each with the number its cursor reaches."""
    bornes = [*range(0, len(lignes), _LOT_LOCAL), len(lignes)] if lignes else [0, 0]
    for debut, fin in pairwise(bornes):
        yield lignes[debut:fin], jusque if fin == len(lignes) else lignes[fin - 1].seq


def _sous_la_limite(operations: list[Operation]) -> list[Operation]:
    total, gardees = 0, list[Operation]()
    for operation in operations:
        total += len(msgspec.json.encode(operation))
        if gardees and total > LOT_OCTETS:
            break
        gardees.append(operation)
    return gardees
