"""What the centre makes of each kind of fact: one judge per kind, deny by default."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, case, select, update

from guichet.central.fil import Ecrit, inserer_absent, lire_entite
from guichet.central.jetons import AgentConnecte
from guichet.central.services import ouvertures, papiers
from guichet.central.services.jugement import Cahier, Cas, Juge, Jugement, RefusOperation, est_ne, existant, nouveau
from guichet.central.tables import blob, historique, portee_nir, reglage
from guichet.contract import corps
from guichet.contract.codes import Code, Etat
from guichet.contract.sync import Operation
from guichet.models import Avis, Creneau, Declaration, Document, RendezVous, Reservation, uuid7
from guichet.models.activite import BRIS_DE_GLACE, RESPONSABLES
from guichet.models.enums import EtatCreneau, EtatDeclaration, EtatDemarche, EtatDocument, EtatDoublon, EtatLoyer, EtatRendezVous
from guichet.ressources import donnees
from guichet.rules import mandats
from guichet.rules.conflits import POLITIQUES, Politique
from guichet.rules.formulaires import formulaires
from guichet.rules.recherche import cle_de_tri
from guichet.rules.regles import RegleAbsente, en_vigueur
from guichet.rules.visiteurs import Acte, actes_si_ferme, est_ferme, refus_si_ferme

ALTERNATIVES = 3
_REFUSEE = {"etat": str(EtatDeclaration.REFUSEE)}


def juger(connexion: Connection, agent: AgentConnecte, portee: str, appareil: str, operation: Operation, cahier: Cahier) -> Jugement:
    """Judge every mutation of one operation. Raises RefusOperation, and then nothing of it is written."""
    jugement = Jugement()
    ouvertures.exiger_entiere(portee, operation)
    for mutation in operation.muts:
        juge = _JUGES.get((mutation.k, mutation.type)) or (_modifier if mutation.k == "set" and mutation.type in POLITIQUES else None)
        if juge is None:
            raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Un poste ne peut pas écrire cette donnée.")
        juge(Cas(connexion, agent, portee, appareil, operation.opid, mutation, cahier), jugement)
    return jugement


def _visite_ouverte(cas: Cas, jugement: Jugement) -> None:
    jugement.ecrits.append(nouveau(cas, cas.valeurs | {"agent_id": cas.agent.agent_id, "fermee_le": None}))


def _visite_fermee(cas: Cas, jugement: Jugement) -> None:
    avant = existant(cas)
    if set(cas.mutation.set) != {"fermee_le"} or avant["agent_id"] != cas.agent.agent_id:
        raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Seul l'agent qui a ouvert une visite la termine.")
    fermee = datetime.fromisoformat(cas.mutation.set["fermee_le"])
    jugement.ecrits.append(Ecrit("visite", cas.mutation.id, avant | {"fermee_le": fermee}))


def _journal(cas: Cas, jugement: Jugement) -> None:
    if cas.valeurs["action"] == BRIS_DE_GLACE:
        _bris_de_glace(cas, jugement)
    valeurs = cas.valeurs | {"agent_id": cas.agent.agent_id, "auteur": cas.agent.nom, "scope_id": cas.portee, "id": cas.mutation.id}
    if not est_ne(cas):
        cas.cahier.journaux.append(valeurs)
        cas.cahier.nes.add(cas.mutation.id)


def _bris_de_glace(cas: Cas, jugement: Jugement) -> None:
    """Let an agent of the organisme, never a landlord, see what a mask hides: he says why, and its responsables are told."""
    if "glace:briser" not in cas.agent.etendues:
        raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Votre rôle ne permet pas d'afficher ces données en clair.")
    if len((cas.valeurs["motif"] or "").strip()) < en_vigueur(donnees("regles.yaml"), "bris_de_glace", date.today())["signes"]:
        raise RefusOperation(Etat.REFUSE, Code.REQUETE_INVALIDE, "Un motif est exigé pour afficher ces données en clair.")
    jugement.ecrits.append(Ecrit("avis", uuid7(), {
        "agent_id": RESPONSABLES, "cible_type": "dossier", "cible_id": cas.valeurs["objet"], "champ": BRIS_DE_GLACE, "avant": None,
        "apres": None, "auteur": cas.agent.nom, "le": datetime.now(UTC), "lu_le": None,
    }))  # fmt: skip


def _demarche(cas: Cas, jugement: Jugement) -> None:
    """Take a démarche that was filled in at a counter: its form must be one of ours, its answers those of the form; it is received from then on."""
    valeurs = cas.valeurs
    contenu = valeurs["contenu"] or {}
    formulaire, champs = formulaires(date.today()).get(str(contenu.get("formulaire"))), contenu.get("champs")
    sans_dossier = formulaire is not None and formulaire.sans_dossier and not valeurs["dossier_id"]
    dossier = None if sans_dossier else lire_entite(cas.connexion, "dossier", cas.portee, valeurs["dossier_id"])
    if not sans_dossier and dossier is None:
        raise RefusOperation(Etat.ABSENT, Code.INTROUVABLE, "Ce dossier n'est pas suivi par ce site : la démarche reste sur le poste.")
    if formulaire is not None and dossier is not None:
        _exiger_ouvert(dossier, formulaire.acte, valeurs["deposee_le"])
    if formulaire is None or not isinstance(champs, dict) or not {c.code for c in formulaire.champs if c.requis} <= champs.keys():
        raise RefusOperation(Etat.REFUSE, Code.REQUETE_INVALIDE, "Cette démarche n'est pas complète, ou n'existe plus : reprenez-la.")
    if not champs.keys() <= {c.code for c in formulaire.champs} or not all(isinstance(v, str) for v in champs.values()):
        raise RefusOperation(Etat.REFUSE, Code.REQUETE_INVALIDE, "Cette démarche ne correspond pas à son formulaire : reprenez-la.")
    if formulaire.reserve and cas.connexion.scalar(select(portee_nir.c.scope_id).where(portee_nir.c.scope_id == cas.portee)) is None:
        raise RefusOperation(
            Etat.INTERDIT,
            Code.ECRITURE_INTERDITE,
            "Un compte bancaire ou un numéro de sécurité sociale ne peut pas être gardé pour ce site.",
        )
    if formulaire.document and _du_dossier(cas, jugement, contenu.get("document"), valeurs["dossier_id"]) is None:
        raise RefusOperation(Etat.REFUSE, Code.REQUETE_INVALIDE, "Ce formulaire accompagne un document : envoyez-les ensemble.")
    if valeurs["deposee_le"] > date.today() + timedelta(days=1):
        raise RefusOperation(Etat.REFUSE, Code.REQUETE_INVALIDE, "Cette démarche est datée de l'avenir : vérifiez l'horloge du poste.")
    valeurs |= {"libelle": formulaire.libelle, "famille": formulaire.famille, "etat": EtatDemarche.RECUE, "traitee_le": None}
    jugement.ecrits.append(nouveau(cas, valeurs))


def _exiger_ouvert(dossier: Mapping[str, Any], acte: Acte, jour: date) -> None:
    """Refuse what the dossier did not take any more on the day that it was done at the counter (AUT-12)."""
    if est_ferme(dossier["ferme_le"], jour) and acte not in actes_si_ferme(jour):
        raise RefusOperation(Etat.REFUSE, Code.REQUETE_INVALIDE, refus_si_ferme(jour))


def _attestation(cas: Cas, jugement: Jugement) -> None:
    """Take note of a paper made at a counter, so that whoever receives it can ask whether it is true."""
    valeurs = cas.valeurs
    if lire_entite(cas.connexion, "dossier", cas.portee, valeurs["dossier_id"]) is None:
        raise RefusOperation(Etat.ABSENT, Code.INTROUVABLE, "Ce dossier n'est pas suivi par ce site : le papier ne peut pas être vérifié.")
    if not papiers.complet(valeurs):
        raise RefusOperation(Etat.REFUSE, Code.REQUETE_INVALIDE, "Ce papier n'est pas complet : établissez-le à nouveau.")
    if valeurs["emise_le"] > cas.cahier.le + timedelta(days=1):
        raise RefusOperation(Etat.REFUSE, Code.REQUETE_INVALIDE, "Ce papier est daté de l'avenir : vérifiez l'horloge du poste.")
    jugement.ecrits.append(nouveau(cas, valeurs))
    papiers.noter(cas.connexion, cas.portee, cas.mutation.id, valeurs["reference"])


def _mandat(cas: Cas, jugement: Jugement) -> None:
    """Take a mandate: of a grown-up of the dossier, for one of the lengths of the rule."""
    valeurs = cas.valeurs
    personne = lire_entite(cas.connexion, "personne", cas.portee, valeurs["personne_id"])
    if lire_entite(cas.connexion, "dossier", cas.portee, valeurs["dossier_id"]) is None or personne is None:
        raise RefusOperation(Etat.ABSENT, Code.INTROUVABLE, "Ce dossier n'est pas suivi par ce site : le mandat reste sur le poste.")
    try:
        mandats.exiger_majeur(personne["ne_le"], valeurs["debute_le"])
        expiration = {mandats.expiration(valeurs["debute_le"], j) for j in mandats.regle(valeurs["debute_le"])["durees_jours"]}
    except (mandats.MandatRefuse, RegleAbsente) as refus:
        raise RefusOperation(Etat.REFUSE, Code.REQUETE_INVALIDE, f"Ce mandat n'est pas possible. {refus}") from refus
    if valeurs["expire_le"] not in expiration or valeurs["debute_le"] > date.today() + timedelta(days=1):
        raise RefusOperation(Etat.REFUSE, Code.REQUETE_INVALIDE, "Les dates de ce mandat ne sont pas celles d'une durée permise.")
    jugement.ecrits.append(nouveau(cas, valeurs | {"agent_id": cas.agent.agent_id, "document_id": None}))


def _autorisation(cas: Cas, jugement: Jugement) -> None:
    valeurs = cas.valeurs
    if valeurs["acte"] not in mandats.permis(date.today()):
        raise RefusOperation(Etat.REFUSE, Code.REQUETE_INVALIDE, "Cet acte ne peut pas être donné par mandat.")
    jugement.ecrits.append(nouveau(cas, valeurs | {"revoquee_le": None}))


def _autorisation_revoquee(cas: Cas, jugement: Jugement) -> None:
    """Take an act back, once: whoever of the site is there when the person asks."""
    avant, le = existant(cas), corps.lire("autorisation", cas.mutation.set).get("revoquee_le")
    if set(cas.mutation.set) != {"revoquee_le"} or le is None:
        raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Une autorisation ne peut qu'être retirée.")
    if avant["revoquee_le"] is None:
        jugement.ecrits.append(Ecrit("autorisation", cas.mutation.id, avant | {"revoquee_le": le}))


def _mandat_signe(cas: Cas, jugement: Jugement) -> None:
    """Join the signed paper to its mandate, once."""
    avant = existant(cas)
    if set(cas.mutation.set) != {"document_id"} or avant["document_id"] is not None:
        raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Le papier signé de ce mandat est déjà joint.")
    jugement.ecrits.append(Ecrit("mandat", cas.mutation.id, avant | {"document_id": cas.mutation.set["document_id"]}))


def _doublon_ecarte(cas: Cas, jugement: Jugement) -> None:
    """Note that two people are not one: said once, it is not asked again."""
    avant = existant(cas)
    if cas.mutation.set != {"etat": EtatDoublon.ECARTE}:
        raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Depuis un poste, un doublon possible ne peut qu'être écarté.")
    if avant["etat"] not in (EtatDoublon.A_EXAMINER, EtatDoublon.ECARTE):
        raise RefusOperation(Etat.CONFLIT, Code.VALEUR_CHANGEE, "Ces deux fiches ont été réunies entre-temps : annulez d'abord la fusion.")
    decide = {"etat": EtatDoublon.ECARTE, "agent_id": cas.agent.agent_id, "decide_le": cas.cahier.le}
    jugement.ecrits.append(Ecrit("doublon", cas.mutation.id, avant | decide))


def _document(cas: Cas, jugement: Jugement) -> None:
    valeurs = cas.valeurs
    dossier = lire_entite(cas.connexion, "dossier", cas.portee, valeurs["dossier_id"])
    if dossier is None:
        raise RefusOperation(Etat.ABSENT, Code.INTROUVABLE, "Ce dossier n'est pas suivi par ce site : le document reste sur le poste.")
    _exiger_ouvert(dossier, Acte.ENVOYER_DOCUMENT, valeurs["saisi_le"].date())
    valeurs["etat"] = _etat_du_fichier(cas, valeurs["sha256"], valeurs["octets"])
    jugement.ecrits.append(nouveau(cas, valeurs))


def _piece_donnee(cas: Cas, jugement: Jugement) -> None:
    """Note which document answers a paper that was asked for; the first one stays, and one that comes after is kept all the same.

    One that was put aside answers nothing.
    """
    avant = existant(cas)
    document = _du_dossier(cas, jugement, cas.mutation.set.get("document_id"), avant["dossier_id"])
    if set(cas.mutation.set) != {"document_id"} or document is None:
        raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Une pièce demandée ne reçoit qu'un document de son dossier.")
    if avant["document_id"] is None and document["etat"] != EtatDocument.QUARANTAINE:
        jugement.ecrits.append(Ecrit("piece", cas.mutation.id, avant | cas.mutation.set))


def _du_dossier(cas: Cas, jugement: Jugement, document: object, dossier_id: str) -> Mapping[str, Any] | None:
    """Return a document, which may come with the same act, if it is of a dossier."""
    venus = [e.valeurs for e in jugement.ecrits if (e.type, e.id) == ("document", document) and e.valeurs is not None]
    trouve = venus[0] if venus else lire_entite(cas.connexion, "document", cas.portee, str(document))
    return trouve if trouve is not None and trouve["dossier_id"] == dossier_id else None


def _etat_du_fichier(cas: Cas, sha256: str, octets: int) -> EtatDocument:
    """Return where a file stands, and hold its row: its commit waits for this document, or this document sees it whole."""
    attendu = {"scope_id": cas.portee, "sha256": sha256, "octets": octets, "le": datetime.now(UTC), "complet": False}
    inserer_absent(cas.connexion, blob, attendu)
    cle = (blob.c.scope_id == cas.portee) & (blob.c.sha256 == sha256)
    la = cas.connexion.execute(select(blob.c.complet, blob.c.etat).where(cle).with_for_update()).one()
    return EtatDocument(la.etat) if la.complet else EtatDocument.A_ENVOYER


def documents_recus(connexion: Connection, portee: str, sha256: str) -> list[Ecrit]:
    """Return the documents that were waiting for a file that is now whole; one that was analysed before keeps its state."""
    etat = connexion.scalar(select(blob.c.etat).where(blob.c.scope_id == portee, blob.c.sha256 == sha256))
    d = Document.__table__
    attente = connexion.execute(
        select(d).where(d.c.scope_id == portee, d.c.sha256 == sha256, d.c.etat == EtatDocument.A_ENVOYER)
    ).mappings()
    return [Ecrit("document", ligne["id"], dict(ligne) | {"etat": etat}) for ligne in attente]


def _declaration(cas: Cas, jugement: Jugement) -> None:
    valeurs = cas.valeurs
    locataire = lire_entite(cas.connexion, "locataire", cas.portee, valeurs["locataire_id"], verrou=True)
    if locataire is None:
        raise RefusOperation(Etat.ABSENT, Code.LOCATAIRE_INCONNU, "Ce locataire n'est pas ou plus celui de ce bailleur.", _REFUSEE)
    if not isinstance(valeurs["loyer_cents"], int) or valeurs["loyer_cents"] <= 0:
        raise RefusOperation(Etat.REFUSE, Code.LOYER_INVALIDE, "Le loyer déclaré doit être supérieur à zéro.", _REFUSEE)
    d = Declaration.__table__
    deja = cas.connexion.execute(
        select(d.c.id, d.c.loyer_cents).where(
            d.c.scope_id == cas.portee, d.c.locataire_id == valeurs["locataire_id"],
            d.c.type == valeurs["type"], d.c.mois == valeurs["mois"],
        )
    ).first()  # fmt: skip
    if deja:
        auteur, le = _dernier_auteur(cas, deja.id, "loyer_cents")
        raise RefusOperation(
            Etat.CONFLIT, Code.LOYER_DEJA_DECLARE, "Le loyer de ce locataire a déjà été déclaré pour ce mois.",
            _REFUSEE | {"loyer_cents": deja.loyer_cents}, "loyer_cents", auteur, le,
        )  # fmt: skip
    _historiser(cas, cas.mutation.id, "loyer_cents", None, valeurs["loyer_cents"])
    jugement.ecrits.append(nouveau(cas, valeurs | {"etat": EtatDeclaration.ACCEPTEE}))
    jugement.ecrits.append(
        Ecrit("locataire", locataire["id"], locataire | {"loyer_etat": EtatLoyer.DECLARE, "loyer_cents": valeurs["loyer_cents"]})
    )


def _rendez_vous(cas: Cas, jugement: Jugement) -> None:
    """Take a slot: free and nobody's by compare-and-set, or this device's own, even late (design/sync.md §7)."""
    if cas.connexion.scalar(select(reglage.c.retablissement)):
        raise RefusOperation(Etat.DIFFERE, Code.PANNE, "Le centre se rétablit : la demande attend.")
    valeurs = cas.valeurs
    c = Creneau.__table__
    droit = c.c.own_device.is_(None)
    if valeurs["own_no"] is not None:
        droit = (c.c.own_device == cas.appareil) & (c.c.own_no == valeurs["own_no"])
    pris = cas.connexion.execute(
        update(Creneau)
        .where(c.c.scope_id == cas.portee, c.c.id == valeurs["creneau_id"], c.c.etat == EtatCreneau.LIBRE, droit)
        .values(etat=EtatCreneau.RESERVE, own_device=None, own_until=None)
    ).rowcount
    if pris:
        creneau = lire_entite(cas.connexion, "creneau", cas.portee, valeurs["creneau_id"])
        jugement.ecrits.append(Ecrit("creneau", valeurs["creneau_id"], creneau))
        cas.connexion.execute(
            Reservation.__table__.insert().values(  # type: ignore[attr-defined]
                scope_id=cas.portee, id=uuid7(), creneau_id=valeurs["creneau_id"], rendez_vous_id=cas.mutation.id, vivante=True
            )
        )
        valeurs |= {"etat": EtatRendezVous.CONFIRME, "alternatives": None}
    else:
        jugement.etat = Etat.CRENEAU_PRIS
        jugement.detail = "Ce créneau vient d'être pris. Proposez une des trois autres dates."
        valeurs |= {"etat": EtatRendezVous.REFUSE, "alternatives": _alternatives(cas, valeurs["creneau_id"])}
    jugement.ecrits.append(nouveau(cas, valeurs))


def _alternatives(cas: Cas, creneau_id: str) -> list[str]:
    """Return the nearest free slots: same site and mode first, then the soonest anywhere."""
    c = Creneau.__table__
    voulu = lire_entite(cas.connexion, "creneau", cas.portee, creneau_id)
    libres = select(c.c.id).where(
        c.c.scope_id == cas.portee, c.c.etat == EtatCreneau.LIBRE, c.c.own_device.is_(None), c.c.debut > datetime.now(UTC)
    )
    if voulu is not None:
        ailleurs = case((c.c.site_id == voulu["site_id"], 0), else_=1)
        libres = libres.where(c.c.debut >= voulu["debut"]).order_by(ailleurs)
    return list(cas.connexion.scalars(libres.order_by(c.c.debut, c.c.id).limit(ALTERNATIVES)))


def _rendez_vous_annule(cas: Cas, jugement: Jugement) -> None:
    avant = existant(cas)
    if cas.mutation.set != {"etat": EtatRendezVous.ANNULE}:
        raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Un rendez-vous ne peut qu'être annulé.")
    if avant["etat"] != EtatRendezVous.CONFIRME:
        raise RefusOperation(
            Etat.CONFLIT, Code.DEJA_ANNULE, "Ce rendez-vous n'est plus en cours : il n'y a rien à annuler.", {"etat": avant["etat"]}
        )
    r = Reservation.__table__
    cas.connexion.execute(
        update(Reservation).where(r.c.scope_id == cas.portee, r.c.rendez_vous_id == cas.mutation.id).values(vivante=False)
    )
    creneau = lire_entite(cas.connexion, "creneau", cas.portee, avant["creneau_id"], verrou=True)
    jugement.ecrits.append(Ecrit("creneau", avant["creneau_id"], (creneau or {}) | {"etat": EtatCreneau.LIBRE}))
    jugement.ecrits.append(Ecrit("rendez_vous", cas.mutation.id, avant | {"etat": EtatRendezVous.ANNULE}))


def _modifier(cas: Cas, jugement: Jugement) -> None:
    """Edit fields: merged or strict by field (rules.conflits); each replaced value goes to the history."""
    politiques = POLITIQUES[cas.mutation.type]
    if not cas.mutation.set or not politiques.keys() >= cas.mutation.set.keys():
        raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Un guichet ne peut pas modifier cette donnée.")
    avant = existant(cas)
    nouvelles, base = corps.lire(cas.mutation.type, cas.mutation.set), corps.lire(cas.mutation.type, cas.mutation.was)
    for champ in cas.mutation.set:
        ici, voulue = avant[champ], nouvelles[champ]
        if ici in (base[champ], voulue):
            continue
        auteur, le = _dernier_auteur(cas, cas.mutation.id, champ)
        if politiques[champ] is Politique.STRICTE:
            raise RefusOperation(
                Etat.CONFLIT, Code.VALEUR_CHANGEE, "Cette donnée a été changée entre-temps : comparez les deux valeurs et choisissez.",
                {champ: msgspec.to_builtins(ici)}, champ, auteur, le,
            )  # fmt: skip
        _prevenir(cas, jugement, champ, ici, voulue)
    for champ in cas.mutation.set:
        if avant[champ] != nouvelles[champ]:
            _historiser(cas, cas.mutation.id, champ, avant[champ], nouvelles[champ])
    apres = avant | {champ: nouvelles[champ] for champ in cas.mutation.set}
    if cas.mutation.type == "personne":
        apres["cle"] = cle_de_tri(apres["nom_naissance"], apres["prenoms"])
    jugement.ecrits.append(Ecrit(cas.mutation.type, cas.mutation.id, apres))


def _derniere_edition(cas: Cas, cible: str, champ: str) -> tuple[str, str, datetime] | None:
    """Return (agent, his name, when) of the last edit of a field by a counter, this batch's included."""
    for x in reversed(cas.cahier.historiques):
        if (x["cible_id"], x["champ"]) == (cible, champ):
            return x["agent_id"], x["auteur"], x["le"]
    h = historique
    requete = select(h.c.agent_id, h.c.auteur, h.c.le).where(h.c.scope_id == cas.portee, h.c.cible_id == cible, h.c.champ == champ)
    dernier = cas.connexion.execute(requete.order_by(h.c.le.desc()).limit(1)).first()
    return (dernier.agent_id, dernier.auteur, dernier.le) if dernier is not None else None


def _dernier_auteur(cas: Cas, cible: str, champ: str) -> tuple[str, str]:
    """Return who last wrote a field and when, or blanks when no counter did."""
    edition = _derniere_edition(cas, cible, champ)
    return (edition[1], edition[2].isoformat()) if edition is not None else ("", "")


def _historiser(cas: Cas, cible: str, champ: str, avant: Any, apres: Any) -> None:  # noqa: ANN401 (a column's value)
    cas.cahier.historiques.append({
        "scope_id": cas.portee, "cible_type": cas.mutation.type, "cible_id": cible, "champ": champ,
        "avant": msgspec.to_builtins(avant), "apres": msgspec.to_builtins(apres), "agent_id": cas.agent.agent_id, "auteur": cas.agent.nom,
        "opid": cas.opid, "le": cas.cahier.le,
    })  # fmt: skip


def _prevenir(cas: Cas, jugement: Jugement, champ: str, avant: Any, apres: Any) -> None:  # noqa: ANN401 (a column's value)
    """Tell the author of a value that another replaced it unseen."""
    edition = _derniere_edition(cas, cas.mutation.id, champ)
    if edition is None or edition[0] == cas.agent.agent_id:
        return
    jugement.ecrits.append(Ecrit("avis", uuid7(), {
        "agent_id": edition[0], "cible_type": cas.mutation.type, "cible_id": cas.mutation.id, "champ": champ,
        "avant": None if avant is None else str(avant), "apres": None if apres is None else str(apres), "auteur": cas.agent.nom,
        "le": datetime.now(UTC), "lu_le": None,
    }))  # fmt: skip


def _avis_lu(cas: Cas, jugement: Jugement) -> None:
    avant = existant(cas)
    if set(cas.mutation.set) != {"lu_le"} or not _s_adresse_a(cas, avant["agent_id"]):
        raise RefusOperation(Etat.INTERDIT, Code.ECRITURE_INTERDITE, "Seul l'agent à qui un avis s'adresse le marque lu.")
    jugement.ecrits.append(Ecrit("avis", cas.mutation.id, avant | {"lu_le": datetime.fromisoformat(cas.mutation.set["lu_le"])}))


def _s_adresse_a(cas: Cas, destinataire: str) -> bool:
    return destinataire == cas.agent.agent_id or (destinataire == RESPONSABLES and cas.portee in cas.agent.encadrees)


_JUGES: dict[tuple[str, str], Juge] = {
    ("new", "visite"): _visite_ouverte,
    ("set", "visite"): _visite_fermee,
    ("new", "journal"): _journal,
    ("new", "document"): _document,
    ("set", "piece"): _piece_donnee,
    ("new", "attestation"): _attestation,
    ("new", "mandat"): _mandat,
    ("set", "mandat"): _mandat_signe,
    ("new", "autorisation"): _autorisation,
    ("set", "autorisation"): _autorisation_revoquee,
    ("new", "demarche"): _demarche,
    ("set", "doublon"): _doublon_ecarte,
    ("new", "declaration"): _declaration,
    ("new", RendezVous.__tablename__): _rendez_vous,
    ("set", RendezVous.__tablename__): _rendez_vous_annule,
    ("set", Avis.__tablename__): _avis_lu,
} | ouvertures.JUGES
