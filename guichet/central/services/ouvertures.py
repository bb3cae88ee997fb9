"""What the centre makes of a dossier opened at a counter: who the person is, how to reach her, the dossier, her place in it.

The acts of one opening come together, in that order; none of them may be about somebody whom it did not write down itself.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from guichet.central.fil import Ecrit, lire_entite
from guichet.central.services import doublons
from guichet.central.services.jugement import Cas, Juge, Jugement, RefusOperation, nouveau
from guichet.central.tables import portee_nir
from guichet.contract.codes import Code, Etat
from guichet.contract.sync import Operation
from guichet.models import Dossier
from guichet.models.enums import EtatDoublon, RoleMembre, TypeContact, TypeIdentifiant
from guichet.rules.identifiants import IdentifiantRefuse, est_de_comptoir, nir_verifie
from guichet.rules.recherche import cle_de_tri

_NOM_AU_PLUS = 120
_ENTIERE = {"personne", "foyer", "dossier", "membre"}
_DU_CENTRE: dict[str, Any] = {"quotient_familial": None, "iban": None, "fusionne_dans": None, "ferme_le": None}


def exiger_entiere(portee: str, operation: Operation) -> None:
    """Raise RefusOperation for a piece of an opening without the rest, or where people are not received."""
    types = {m.type for m in operation.muts if (m.k, m.type) in JUGES}
    if types and not (types >= _ENTIERE and portee.startswith("site:")):
        raise RefusOperation(
            Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Un poste ne peut pas écrire cette donnée, sinon en ouvrant un dossier."
        )


def _refuser(detail: str) -> RefusOperation:
    return RefusOperation(Etat.REFUSE, Code.REQUETE_INVALIDE, detail)


def _de_l_ouverture(jugement: Jugement, type_: str, id_: str) -> dict[str, Any]:
    """Return a row that this very opening writes. Raises RefusOperation for any other."""
    ecrit = next((e for e in jugement.ecrits if (e.type, e.id) == (type_, id_)), None)
    if ecrit is None or ecrit.valeurs is None:
        raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Un guichet n'ajoute rien à une personne qui est déjà connue ainsi.")
    return dict(ecrit.valeurs)


def _personne(cas: Cas, jugement: Jugement) -> None:
    valeurs = cas.valeurs
    noms = [valeurs[c] for c in ("nom_naissance", "prenoms")]
    autres = [valeurs[c] for c in ("nom_usage", "commune_naissance", "pays_naissance") if valeurs[c] is not None]
    if not all(isinstance(n, str) and 0 < len(n.strip()) <= _NOM_AU_PLUS for n in noms + autres):
        raise _refuser("Le nom ou le prénom manque : reprenez l'ouverture du dossier.")
    if valeurs["sexe"] not in ("F", "M") or not isinstance(valeurs["ne_le"], date) or valeurs["ne_le"] > date.today() + timedelta(days=1):
        raise _refuser("Le sexe ou la date de naissance ne va pas : reprenez l'ouverture du dossier.")
    cle = cle_de_tri(valeurs["nom_naissance"], valeurs["prenoms"])
    jugement.ecrits.append(nouveau(cas, valeurs | {"cle": cle, "fusionne_dans": None}))


def _identifiant(cas: Cas, jugement: Jugement) -> None:
    valeurs = cas.valeurs
    _de_l_ouverture(jugement, "personne", valeurs["personne_id"])
    if valeurs["type"] != TypeIdentifiant.NIR:
        raise _refuser("Ce numéro n'est pas de ceux qu'un guichet saisit.")
    if cas.connexion.scalar(select(portee_nir.c.scope_id).where(portee_nir.c.scope_id == cas.portee)) is None:
        raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Un NIR ne peut pas être gardé pour ce site.")
    try:
        valeurs["valeur"] = nir_verifie(str(valeurs["valeur"]))
    except IdentifiantRefuse as refus:
        raise _refuser(str(refus)) from refus
    jugement.ecrits.append(nouveau(cas, valeurs))


def _contact(cas: Cas, jugement: Jugement) -> None:
    valeurs = cas.valeurs
    _de_l_ouverture(jugement, "personne", valeurs["personne_id"])
    if valeurs["type"] not in set(TypeContact) or not isinstance(valeurs["valeur"], str) or not valeurs["valeur"].strip():
        raise _refuser("Ce moyen de joindre la personne n'est pas complet : reprenez l'ouverture du dossier.")
    jugement.ecrits.append(nouveau(cas, valeurs))


def _foyer(cas: Cas, jugement: Jugement) -> None:
    if not isinstance(cas.valeurs["situation"], str) or not cas.valeurs["situation"].strip():
        raise _refuser("La situation familiale manque : reprenez l'ouverture du dossier.")
    jugement.ecrits.append(nouveau(cas, cas.valeurs))


def _dossier(cas: Cas, jugement: Jugement) -> None:
    valeurs = cas.valeurs
    _de_l_ouverture(jugement, "personne", valeurs["responsable_id"])
    _de_l_ouverture(jugement, "foyer", valeurs["foyer_id"])
    if not est_de_comptoir(str(valeurs["numero"])) or valeurs["ouvert_le"] > date.today() + timedelta(days=1):
        raise _refuser("Ce numéro ou cette date ne sont pas ceux d'un dossier ouvert au guichet : reprenez son ouverture.")
    if cas.connexion.scalar(select(Dossier.id).where(Dossier.scope_id == cas.portee, Dossier.numero == valeurs["numero"])) is not None:
        raise _refuser("Ce numéro est déjà celui d'un autre dossier : ouvrez celui-ci à nouveau.")
    jugement.ecrits.append(nouveau(cas, valeurs | _DU_CENTRE))


def _doublon_ecarte(cas: Cas, jugement: Jugement) -> None:
    """Note whom the agent saw and found to be somebody else, before he opened the dossier."""
    valeurs = cas.valeurs
    _de_l_ouverture(jugement, "personne", valeurs["personne_id"])
    _de_l_ouverture(jugement, "dossier", valeurs["dossier_id"])
    if valeurs["etat"] != EtatDoublon.ECARTE or lire_entite(cas.connexion, "personne", cas.portee, valeurs["autre_id"]) is None:
        raise _refuser("Cette ressemblance n'est pas de celles qu'un guichet écarte.")
    decide = {"agent_id": cas.agent.agent_id, "decide_le": cas.cahier.le, "fusion_id": None}
    jugement.ecrits.append(nouveau(cas, valeurs | decide))


def _membre(cas: Cas, jugement: Jugement) -> None:
    """Give the person her place in her dossier, and look for who she may be already."""
    valeurs = cas.valeurs
    personne = _de_l_ouverture(jugement, "personne", valeurs["personne_id"])
    _de_l_ouverture(jugement, "dossier", valeurs["dossier_id"])
    if valeurs["role"] != RoleMembre.RESPONSABLE:
        raise _refuser("Un guichet n'inscrit que le responsable d'un dossier qu'il ouvre.")
    jugement.ecrits.append(nouveau(cas, valeurs | {"autorise_le": None, "activite": None, "activite_depuis": None}))
    jugement.ecrits += _ressemblants(cas.connexion, cas.portee, personne | {"id": valeurs["personne_id"]}, valeurs["dossier_id"], jugement)


def _ressemblants(connexion: Connection, portee: str, personne: dict[str, Any], dossier_id: str, jugement: Jugement) -> list[Ecrit]:
    nir = next((e.valeurs["valeur"] for e in jugement.ecrits if e.type == "identifiant" and e.valeurs is not None), "")
    vus = {e.valeurs["autre_id"] for e in jugement.ecrits if e.type == "doublon" and e.valeurs is not None}
    pairs = doublons.guetter(connexion, portee, personne, dossier_id, nir, date.today())
    return [p for p in pairs if p.valeurs is not None and p.valeurs["autre_id"] not in vus]


JUGES: dict[tuple[str, str], Juge] = {
    ("new", "personne"): _personne,
    ("new", "identifiant"): _identifiant,
    ("new", "contact"): _contact,
    ("new", "foyer"): _foyer,
    ("new", "dossier"): _dossier,
    ("new", "doublon"): _doublon_ecarte,
    ("new", "membre"): _membre,
}
