"""Two people who may be one: looked at side by side, told apart, joined at the centre, or separated again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from guichet.contract.sync import DoublonNomme, Fusion, Mutation
from guichet.models.enums import EtatDoublon, TypeContact
from guichet.ressources import regle_du_jour
from guichet.rules.masques import nir_masque
from guichet.services import journal
from guichet.services.session import Refus, Session, maintenant
from guichet.store import doublons as depot
from guichet.store import sortie, visites
from guichet.store.doublons import Cote, DoublonLu

LIMITE = 50
_LIBELLES = {
    "nom_naissance": "Nom de naissance", "nom_usage": "Nom d'usage", "prenoms": "Prénoms", "sexe": "Sexe", "ne_le": "Date de naissance",
    "commune_naissance": "Commune de naissance", "pays_naissance": "Pays de naissance", TypeContact.TELEPHONE: "Téléphone",
    TypeContact.COURRIEL: "Courriel", TypeContact.ADRESSE: "Adresse",
}  # fmt: skip


@dataclass(frozen=True)
class Champ:
    """A field of both, in words; `code` names it in a merge."""

    code: str
    libelle: str
    valeurs: tuple[str, str]


@dataclass(frozen=True)
class Comparaison:
    """A pair side by side. `personnes`: their ids; `dossiers`: each one's in a few words; `champs`: what may be chosen; `nir`: masked."""

    doublon: DoublonLu
    personnes: tuple[str, str]
    dossier_ids: tuple[str, str]
    dossiers: tuple[str, str]
    champs: tuple[Champ, ...]
    nir: tuple[str, str]


def a_examiner(session: Session) -> list[DoublonLu]:
    """Return the pairs of the site to look at, then those that were joined lately and may be separated."""
    agent, depuis = session.agent(), maintenant() - timedelta(days=regle_du_jour("doublons")["annulable_jours"])
    with session.coffre.lecture() as connexion:
        return depot.du_site(connexion, agent.travail, depuis, LIMITE)


def comparer(session: Session, portee: str, id_: str) -> Comparaison:
    """Return a pair side by side; the reading of both dossiers is journaled. Raises Refus in front of a visitor, or when it is gone."""
    agent = session.agent()
    with session.coffre.ecriture() as connexion:
        if visites.en_cours(connexion):
            raise Refus("Ces fiches sont celles d'autres personnes : terminez d'abord la visite.")
        lues = depot.lire(connexion, portee, id_)
        if lues is None:
            raise Refus("Ce doublon possible n'est plus sur ce poste : relisez la liste.")
        doublon, une, autre = lues
        for cote in (une, autre):
            journal.noter(connexion, agent, "ouverture", cote.dossier["id"])
    champs = [Champ(c, libelle, (_valeur(une, c), _valeur(autre, c))) for c, libelle in _LIBELLES.items()]
    return Comparaison(
        doublon,
        (une.personne["id"], autre.personne["id"]),
        (une.dossier["id"], autre.dossier["id"]),
        (_en_mots(une), _en_mots(autre)),
        tuple(c for c in champs if any(c.valeurs)),
        (_masque(une, voit=agent.voit_nir), _masque(autre, voit=agent.voit_nir)),
    )


def ecarter(session: Session, doublon: DoublonLu) -> None:
    """Say that two people are not one: it is remembered, here at once and everywhere after the next exchange."""
    agent = session.agent()
    with session.coffre.ecriture() as connexion:
        changement = Mutation("set", "doublon", doublon.id, {"etat": EtatDoublon.ECARTE}, {"etat": doublon.etat})
        sortie.poster(connexion, doublon.portee, "Doublon écarté", [changement])
        journal.noter(connexion, agent, "doublon_ecarte", doublon.id)


def fusionner(session: Session, comparaison: Comparaison, garde: str, repris: Collection[str]) -> str:
    """Join a pair at the centre; return the dossier that stays. Raises Refus while something of theirs waits, or what the client raises."""
    if not session.en_ligne_possible:
        raise Refus("Une fusion se fait avec le centre : recommencez quand la ligne sera là. Rien n'a été changé.")
    with session.coffre.lecture() as connexion:
        etats = [sortie.pire_etat(connexion, d) for d in comparaison.dossier_ids]
    if any(e is not None for e in etats):
        raise Refus("Des saisies de ces dossiers attendent d'être envoyées ou revues (« Envois ») : la fusion se fera ensuite.")
    doublon = comparaison.doublon
    return session.client().fusionner(Fusion(doublon.portee, doublon.id, garde, sorted(repris))).dossier


def separer(session: Session, doublon: DoublonLu) -> int:
    """Undo a merge at the centre; return how many fields stay, since somebody changed them after it. Raises Refus, or what the client raises."""
    if not session.en_ligne_possible:
        raise Refus("Une séparation se fait avec le centre : recommencez quand la ligne sera là. Rien n'a été changé.")
    return session.client().separer(DoublonNomme(doublon.portee, doublon.id)).gardes


def _valeur(cote: Cote, code: str) -> str:
    if code == "ne_le":
        return f"{cote.personne['ne_le']:%d/%m/%Y}"
    contact = cote.contacts.get(code)
    if contact is not None:
        return ", ".join(filter(None, (contact["valeur"], " ".join(filter(None, (contact["code_postal"], contact["commune"]))))))
    return str(cote.personne.get(code) or "")


def _en_mots(cote: Cote) -> str:
    d = cote.dossier
    nombre = f"{cote.demarches} démarche{'s' if cote.demarches > 1 else ''}"
    return f"n° {d['numero']} · {d['organisme_nom']} · ouvert le {d['ouvert_le']:%d/%m/%Y} · {nombre}"


def _masque(cote: Cote, *, voit: bool) -> str:
    return nir_masque(cote.nir) if cote.nir and voit else ""
