"""One workstation in a process of its own: the product's session, driven through a pipe, killed where it is told."""

from pathlib import Path
from random import Random

_PAGES, _LOTS = (3, 7, 40, 5000), (7, 30, 500)


def vivre(tuyau, dossier: str, url: str, jeton: str, graine: int) -> None:
    """Obey commands until the pipe closes: (name, *arguments) gives (True, value), or (False, words) when the centre is away."""
    from guichet.services import ouvrir_session
    from guichet.services.session import Refus
    from guichet.sync import client
    from guichet.sync.erreurs import Injoignable, ReponseRefusee
    from tests.derivation import alleger
    from tests.tempete.mort import Mort

    alleger()
    session = ouvrir_session(Path(dossier), "une phrase de passe d'essai", url, jeton)
    poste = _Poste(session, Random(graine), Mort(session.coffre._moteur))
    _petites_pages(client.ClientCentre, poste)
    tuyau.send((True, "pret"))
    while True:
        try:
            nom, *arguments = tuyau.recv()
        except EOFError:
            session.fermer()
            return
        try:
            tuyau.send((True, getattr(poste, nom)(*arguments)))
        except (Injoignable, ReponseRefusee, Refus) as erreur:
            tuyau.send((False, f"{type(erreur).__name__} {erreur}"))


def _petites_pages(classe, poste: "_Poste") -> None:
    """Pages of a few rows, the same during a pass, so that walks are interrupted where walks are."""
    vraie = classe.page

    def page(self, portee, epoque, apres, limite=None, **reste):
        return vraie(self, portee, epoque, apres, limite or poste.taille, **reste)

    classe.page = page


class _Poste:
    def __init__(self, session, alea: Random, mort) -> None:
        self.session, self.alea, self._mort = session, alea, mort
        self._page = None
        self.taille = _PAGES[-1]

    def attribuer(self, agent_id: str, portee: str) -> None:
        self.session.coffre.attribuer(agent_id, portee)

    def armer(self, dans: int, apres: bool) -> None:
        self._mort.armer(dans, apres=apres)

    def commits(self) -> int:
        return self._mort.commits

    def passe(self) -> tuple[int, list[str]]:
        """Run a pass; return how many repairs it made and the scopes whose deletions want a word."""
        from guichet.sync import passe

        self.taille, passe.LOT_OPERATIONS = self.alea.choice(_PAGES), self.alea.choice(_LOTS)
        bilan = self.session.synchroniser()
        return bilan.repares, bilan.a_confirmer

    def permettre(self, portee: str) -> None:
        from guichet.store import replique

        with self.session.coffre.ecriture() as connexion:
            replique.permettre_effacement(connexion, portee)

    def retenir_page(self, portee: str) -> None:
        """Read a page and keep it: it will arrive late."""
        from guichet.store import replique
        from guichet.sync.passe import Passe

        passe = Passe(self.session.coffre, self.session._client)
        passe._enroler()
        with self.session.coffre.lecture() as connexion:
            avant = replique.lire_curseur(connexion, portee)
        if avant is not None:
            self._page = (avant, passe._page(avant))

    def page_tardive(self) -> None:
        """Let the kept page arrive, whatever happened since."""
        from guichet.sync.passe import Bilan, Passe

        retenue, self._page = self._page, None
        if retenue is not None:
            Passe(self.session.coffre, self.session._client)._appliquer(*retenue, Bilan())

    def actes(self, nombre: int) -> list[tuple[str, str, str, str, bool]]:
        """Do so many acts; return (opid, scope, kind, target, promised) of each."""
        faits = [self._acte() for _ in range(nombre)]
        return [fait for fait in faits if fait is not None]

    def _acte(self):
        from tests.tempete.monde import AGENDA, SITE

        sorte = self.alea.choices(
            ("contact", "iban", "visite", "fermer", "rdv", "annuler", "journal", "poison", "trop_neuf"), (30, 14, 14, 8, 16, 6, 8, 0.5, 1)
        )[0]
        portee = AGENDA if sorte in ("rdv", "annuler") else SITE
        try:
            return getattr(self, f"_{sorte}")(portee)
        except LookupError:
            return None

    def _poster(self, portee: str, sorte: str, mutation, promis: bool = False):
        from guichet.store import replique, sortie

        with self.session.coffre.ecriture() as connexion:
            if replique.lire_curseur(connexion, portee) is None:
                raise LookupError(portee)
            opid = sortie.poster(connexion, portee, sorte, [mutation])
        return opid, portee, sorte, mutation.id, promis

    def _un(self, sql: str):
        with self.session.coffre.lecture() as connexion:
            lignes = connexion.exec_driver_sql(sql).all()
        if not lignes:
            raise LookupError(sql)
        return self.alea.choice(lignes)

    def _contact(self, portee: str):
        from guichet.contract.sync import Mutation
        from guichet.models import uuid7

        x = self._un("SELECT id, valeur, commune FROM contact")
        champ = self.alea.choice(("valeur", "commune"))
        return self._poster(portee, "contact", Mutation("set", "contact", x.id, {champ: uuid7()}, {champ: getattr(x, champ)}))

    def _iban(self, portee: str):
        from guichet.contract.sync import Mutation
        from guichet.models import uuid7

        x = self._un("SELECT id, iban FROM dossier")
        return self._poster(portee, "iban", Mutation("set", "dossier", x.id, {"iban": uuid7()[-12:]}, {"iban": x.iban}))

    def _visite(self, portee: str):
        from guichet.contract.sync import Mutation
        from guichet.models import uuid7
        from guichet.services.session import maintenant

        contenu = {"agent_id": "?", "qualite": "allocataire", "preuve": "Carte", "ouverte_le": maintenant().isoformat()}
        return self._poster(portee, "visite", Mutation("new", "visite", uuid7(), contenu))

    def _fermer(self, portee: str):
        from guichet.contract.sync import Mutation
        from guichet.services.session import maintenant

        x = self._un("SELECT id FROM visite WHERE fermee_le IS NULL AND agent_id IN (SELECT agent_id FROM coffre)")
        return self._poster(portee, "fermer", Mutation("set", "visite", x.id, {"fermee_le": maintenant().isoformat()}, {"fermee_le": None}))

    def _rdv(self, portee: str):
        from datetime import UTC, datetime

        from guichet.services import rendezvous
        from guichet.services.session import Refus

        try:
            libres = rendezvous.creneaux(self.session, datetime.now(UTC))
        except Refus as refus:
            raise LookupError from refus
        if not libres:
            raise LookupError
        creneau = self.alea.choice(libres)
        id_ = rendezvous.reserver_creneau(self.session, creneau, "01", None)
        promis = rendezvous.lire(self.session, id_).etat == "confirme"
        opid = self._un(f"SELECT opid FROM sortie WHERE cible = '{id_}'").opid
        return opid, portee, "rdv", id_, promis

    def _annuler(self, portee: str):
        from guichet.contract.sync import Mutation

        x = self._un("SELECT id FROM rendez_vous WHERE etat = 'confirme' AND own_no IS NULL")
        return self._poster(portee, "annuler", Mutation("set", "rendez_vous", x.id, {"etat": "annule"}, {"etat": "confirme"}))

    def _journal(self, portee: str):
        from guichet.contract.sync import Mutation
        from guichet.models import uuid7
        from guichet.services.session import maintenant

        contenu = {"agent_id": "?", "le": maintenant().isoformat(), "action": "essai", "objet": "x"}
        return self._poster(portee, "journal", Mutation("new", "journal", uuid7(), contenu))

    def _poison(self, portee: str):
        """An act on which the centre fails: the line answers 500 to it."""
        from guichet.contract.sync import Mutation
        from guichet.models import uuid7
        from guichet.services.session import maintenant

        contenu = {"agent_id": "?", "le": maintenant().isoformat(), "action": "essai", "objet": "POISON"}
        return self._poster(portee, "poison", Mutation("new", "journal", uuid7(), contenu))

    def _trop_neuf(self, portee: str):
        """An act that the centre cannot read: it is set aside there."""
        from guichet.contract.sync import Mutation
        from guichet.models import uuid7

        return self._poster(portee, "trop_neuf", Mutation("new", "document", uuid7(), {"dossier_id": "dossier-0"}))
