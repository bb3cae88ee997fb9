"""Joining two people who are one, field by field, and undoing it: nothing is deleted, every change is kept with what it replaced.

Who is joined, and a dossier opened at a counter for nothing, stay as they are and say where to look. What the body numbered stays apart:
one person then has two dossiers (AUT-12), and it is the body's to close one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, insert, or_, select, update

from guichet.central.fil import Ecrit, inscrire, lire_entite, lire_entites
from guichet.central.jetons import AgentConnecte
from guichet.central.refus import RefusCentre
from guichet.central.services import journal
from guichet.central.tables import fusion
from guichet.contract import corps
from guichet.contract.codes import Code
from guichet.contract.sync import DoublonNomme, Fusionnes, Separes
from guichet.contract.sync import Fusion as Demande
from guichet.models import ENTITES, Doublon, Membre, uuid7
from guichet.models.enums import EtatDoublon, TypeContact, TypeIdentifiant
from guichet.rules.doublons import CHAMPS, NIR_DIFFERENTS, comparer, identite
from guichet.rules.identifiants import est_de_comptoir
from guichet.rules.recherche import cle_de_tri

_A_PART = {"membre", "doublon", "journal", "avis"}
"""What follows a dossier or a person in a way of its own, or not at all."""
_DU_DOSSIER = tuple(n for n, c in ENTITES.items() if n not in _A_PART and "dossier_id" in c.__table__.c)
_DES_GENS = tuple(n for n in _DU_DOSSIER if "personne_id" in ENTITES[n].__table__.c and n != "mandat")
"""A mandate stays that of who signed it: its fingerprint says so (rules.mandats)."""


@dataclass
class _Lot:
    """The rows that a merge touches, as they become, and the list of what changes in them."""

    connexion: Connection
    portee: str
    lignes: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    changements: list[list[Any]] = field(default_factory=list)

    def ligne(self, type_: str, id_: str) -> dict[str, Any]:
        """Return a row, locked. Raises RefusCentre 404 when it is gone."""
        if (type_, id_) not in self.lignes:
            lue = lire_entite(self.connexion, type_, self.portee, id_, verrou=True)
            if lue is None:
                raise RefusCentre(404, Code.INTROUVABLE, "Une de ces deux fiches n'est plus ici.")
            self.lignes[type_, id_] = lue
        return self.lignes[type_, id_]

    def ou(self, type_: str, colonne: str, valeurs: Iterable[str]) -> list[dict[str, Any]]:
        """Return the rows of a kind that have one of these values, locked in the order of their ids."""
        t: Table = ENTITES[type_].__table__  # type: ignore[assignment]
        voulues = select(t.c.id).where(t.c.scope_id == self.portee, t.c[colonne].in_(list(valeurs))).order_by(t.c.id)
        ids = list(self.connexion.scalars(voulues))
        neuves = lire_entites(self.connexion, type_, self.portee, [i for i in ids if (type_, i) not in self.lignes])
        self.lignes |= {(type_, i): x for i, x in neuves.items()}
        return [self.lignes[type_, i] for i in ids if (type_, i) in self.lignes]

    def changer(self, type_: str, ligne: dict[str, Any], champ: str, valeur: Any) -> None:  # noqa: ANN401 (a column's value)
        """Change a field, and keep what it was."""
        if ligne[champ] != valeur:
            self.changements.append([type_, ligne["id"], champ, msgspec.to_builtins(ligne[champ]), msgspec.to_builtins(valeur)])
            ligne[champ] = valeur

    def inscrire(self) -> None:
        """Write and publish what changed."""
        touchees = {(type_, id_) for type_, id_, *_ in self.changements}
        inscrire(self.connexion, self.portee, [Ecrit(t, i, self.lignes[t, i]) for t, i in sorted(touchees)])


def fusionner(connexion: Connection, agent: AgentConnecte, demande: Demande) -> Fusionnes:
    """Join two people of a scope, in one transaction; journaled. Raises RefusCentre 404, 409 when they are not to be joined."""
    lot = _Lot(connexion, demande.portee)
    doublon = lot.ligne("doublon", demande.doublon)
    gens = {doublon["personne_id"], doublon["autre_id"]}
    if doublon["etat"] not in (EtatDoublon.A_EXAMINER, EtatDoublon.ECARTE) or demande.garde not in gens:
        raise RefusCentre(409, Code.VALEUR_CHANGEE, "Ce doublon a été traité entre-temps : relisez la liste.")
    garde, autre = lot.ligne("personne", demande.garde), lot.ligne("personne", *(gens - {demande.garde}))
    _exiger_une_personne(lot, garde, autre)
    repris = set(demande.repris)
    _reprendre_l_identite(lot, garde, autre, repris)
    _reprendre_les_numeros(lot, garde, autre)
    _reprendre_les_contacts(lot, garde, autre, repris)
    reste = _reunir_les_dossiers(lot, garde, autre)
    lot.changer("personne", autre, "fusionne_dans", garde["id"])
    id_, le = uuid7(), datetime.now(UTC)
    _clore(lot, doublon, autre["id"], id_, agent.agent_id, le)
    lot.inscrire()
    connexion.execute(insert(fusion).values(
        scope_id=demande.portee, id=id_, doublon_id=doublon["id"], personne_id=garde["id"], changements=lot.changements,
        agent_id=agent.agent_id, le=le, annulee_le=None,
    ))  # fmt: skip
    journal.noter(connexion, demande.portee, agent.agent_id, "fusion", reste, doublon["id"], agent.nom)
    return Fusionnes(reste, len(lot.changements))


def separer(connexion: Connection, agent: AgentConnecte, demande: DoublonNomme) -> Separes:
    """Undo a merge: each field takes back what it had, unless somebody changed it since; journaled. Raises RefusCentre 404, 409."""
    lot = _Lot(connexion, demande.portee)
    doublon = lot.ligne("doublon", demande.doublon)
    ici = (fusion.c.scope_id == demande.portee) & (fusion.c.id == doublon["fusion_id"]) & fusion.c.annulee_le.is_(None)
    changements = connexion.scalar(select(fusion.c.changements).where(ici).with_for_update())
    if doublon["etat"] != EtatDoublon.FUSIONNE or changements is None:
        raise RefusCentre(409, Code.VALEUR_CHANGEE, "Cette fusion a déjà été annulée : relisez la liste.")
    gardes = 0
    for type_, id_, champ, avant, apres in reversed(changements):
        ligne = (
            lire_entite(connexion, type_, demande.portee, id_, verrou=True) if (type_, id_) not in lot.lignes else lot.lignes[type_, id_]
        )
        if ligne is None or msgspec.to_builtins(ligne[champ]) != apres:
            gardes += 1
            continue
        lot.lignes[type_, id_] = ligne
        lot.changer(type_, ligne, champ, corps.lire(type_, {champ: avant})[champ])
    lot.inscrire()
    connexion.execute(update(fusion).where(ici).values(annulee_le=datetime.now(UTC)))
    journal.noter(connexion, demande.portee, agent.agent_id, "separation", doublon["dossier_id"], doublon["id"], agent.nom)
    return Separes(len(changements) - gardes, gardes)


def _exiger_une_personne(lot: _Lot, garde: dict[str, Any], autre: dict[str, Any]) -> None:
    """Two people of one household, or with two NIR that stay, are two (research/domain.md §3.3)."""
    if garde["fusionne_dans"] or autre["fusionne_dans"]:
        raise RefusCentre(409, Code.VALEUR_CHANGEE, "Une de ces fiches a déjà été réunie à une autre : relisez la liste.")
    places = [{m["dossier_id"] for m in lot.ou("membre", "personne_id", [p["id"]])} for p in (garde, autre)]
    if places[0] & places[1]:
        raise RefusCentre(409, Code.REQUETE_INVALIDE, "Ces deux personnes sont du même foyer : seul l'organisme corrige un foyer.")
    elle, l_autre = (identite(p, _nir(lot, p["id"])) for p in (garde, autre))
    if NIR_DIFFERENTS in comparer(elle, l_autre, datetime.now(UTC).date()).raisons:
        raise RefusCentre(409, Code.REQUETE_INVALIDE, "Ces deux personnes ont chacune leur NIR : ce ne peut pas être la même.")


def _nir(lot: _Lot, personne_id: str) -> str:
    numeros = (i["valeur"] for i in lot.ou("identifiant", "personne_id", [personne_id]) if i["type"] == TypeIdentifiant.NIR)
    return next(numeros, "")


def _reprendre_l_identite(lot: _Lot, garde: dict[str, Any], autre: dict[str, Any], repris: set[str]) -> None:
    """Take the fields that were chosen from the other, and those that are empty here."""
    for champ in CHAMPS:
        if autre[champ] and (champ in repris or not garde[champ]):
            lot.changer("personne", garde, champ, autre[champ])
    lot.changer("personne", garde, "cle", cle_de_tri(garde["nom_naissance"], garde["prenoms"]))


def _reprendre_les_numeros(lot: _Lot, garde: dict[str, Any], autre: dict[str, Any]) -> None:
    connus = {i["type"] for i in lot.ou("identifiant", "personne_id", [garde["id"]])}
    for i in lot.ou("identifiant", "personne_id", [autre["id"]]):
        if i["type"] not in connus:
            lot.changer("identifiant", i, "personne_id", garde["id"])


def _reprendre_les_contacts(lot: _Lot, garde: dict[str, Any], autre: dict[str, Any], repris: set[str]) -> None:
    """Give who stays the contacts that were chosen, in exchange for hers, and those that she has not."""
    siens, ceux_de_l_autre = ({c["type"]: c for c in lot.ou("contact", "personne_id", [p["id"]])} for p in (garde, autre))
    for type_ in TypeContact:
        sien, venu = siens.get(type_), ceux_de_l_autre.get(type_)
        if venu is not None and (sien is None or type_ in repris):
            lot.changer("contact", venu, "personne_id", garde["id"])
            if sien is not None:
                lot.changer("contact", sien, "personne_id", autre["id"])


def _reunir_les_dossiers(lot: _Lot, garde: dict[str, Any], autre: dict[str, Any]) -> str:
    """Put the person who stays in the place of the other, and a dossier opened at a counter into the one that stays; return that one."""
    siens, ceux_de_l_autre = (
        [lot.ligne("dossier", m["dossier_id"]) for m in lot.ou("membre", "personne_id", [p["id"]])] for p in (garde, autre)
    )
    ailleurs = {d["id"] for d in ceux_de_l_autre}
    if not siens or not ceux_de_l_autre:
        raise RefusCentre(404, Code.INTROUVABLE, "Une de ces deux fiches n'est plus ici.")
    for nom in _DES_GENS:
        for ligne in lot.ou(nom, "dossier_id", ailleurs):
            if ligne["personne_id"] == autre["id"]:
                lot.changer(nom, ligne, "personne_id", garde["id"])
    absorbe, reste = _absorbable(siens, ceux_de_l_autre, {garde["id"], autre["id"]})
    for membre in lot.ou("membre", "personne_id", [autre["id"]]):
        if absorbe is None or membre["dossier_id"] != absorbe["id"]:
            lot.changer("membre", membre, "personne_id", garde["id"])
    for dossier in ceux_de_l_autre:
        if dossier["responsable_id"] == autre["id"] and dossier is not absorbe:
            lot.changer("dossier", dossier, "responsable_id", garde["id"])
    if absorbe is not None:
        _absorber(lot, absorbe, reste, {garde["id"], autre["id"]})
    return str(reste["id"])


def _absorbable(
    siens: Sequence[dict[str, Any]], ceux_de_l_autre: Sequence[dict[str, Any]], gens: set[str]
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Return the dossier that another makes useless, if there is one, and the one that stays."""
    for autre in ceux_de_l_autre:
        for sien in siens:
            if sien["organisme_id"] != autre["organisme_id"] or not {sien["responsable_id"], autre["responsable_id"]} <= gens:
                continue
            if est_de_comptoir(autre["numero"]):
                return autre, sien
            if est_de_comptoir(sien["numero"]):
                return sien, autre
    return None, siens[0]


def _absorber(lot: _Lot, absorbe: dict[str, Any], reste: dict[str, Any], gens: set[str]) -> None:
    for nom in _DU_DOSSIER:
        for ligne in lot.ou(nom, "dossier_id", [absorbe["id"]]):
            lot.changer(nom, ligne, "dossier_id", reste["id"])
    presents = gens | {m["personne_id"] for m in lot.ou("membre", "dossier_id", [reste["id"]])}
    for membre in lot.ou("membre", "dossier_id", [absorbe["id"]]):
        if membre["personne_id"] not in presents:
            lot.changer("membre", membre, "dossier_id", reste["id"])
    lot.changer("dossier", absorbe, "fusionne_dans", reste["id"])


def _clore(lot: _Lot, doublon: dict[str, Any], autre_id: str, fusion_id: str, agent_id: str, le: datetime) -> None:
    """Say what became of the pair, and that other pairs with who was joined have no object any more."""
    for champ, valeur in (("etat", EtatDoublon.FUSIONNE), ("agent_id", agent_id), ("decide_le", le), ("fusion_id", fusion_id)):
        lot.changer("doublon", doublon, champ, valeur)
    dossiers = select(Membre.dossier_id).where(Membre.scope_id == lot.portee, Membre.personne_id == autre_id)
    dossiers_ = {*lot.connexion.scalars(dossiers), doublon["dossier_id"], doublon["autre_dossier_id"]}
    t = Doublon.__table__
    touchees = select(t.c.id).where(
        t.c.scope_id == lot.portee, t.c.etat == EtatDoublon.A_EXAMINER, or_(t.c.personne_id == autre_id, t.c.autre_id == autre_id),
        or_(t.c.dossier_id.in_(dossiers_), t.c.autre_dossier_id.in_(dossiers_)),
    )  # fmt: skip
    for id_ in lot.connexion.scalars(touchees):
        if id_ != doublon["id"]:
            lot.changer("doublon", lot.ligne("doublon", id_), "etat", EtatDoublon.CADUC)
