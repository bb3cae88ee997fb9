"""Papers for the person at the counter: attestations and statements that the centre vouches for, the recap of a visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from guichet.contract.sync import Mutation
from guichet.documents.papiers import composer
from guichet.models import uuid7
from guichet.models.enums import EtatDocument, TypePapier
from guichet.rules.assurance_maladie import natures
from guichet.rules.montants import montant
from guichet.rules.papiers import Offre, PeriodeRefusee, lisible, nouvelle_reference, offres, periode
from guichet.rules.visiteurs import Acte, Information
from guichet.services import dossiers, journal, visites
from guichet.services.carte import Carte, DroitAffiche, Versement
from guichet.services.session import Refus, Session, maintenant
from guichet.services.visites import VisiteOuverte
from guichet.store import agents, appareil, reperes, sortie
from guichet.store import demarches as depot
from guichet.store import documents as depot_documents
from guichet.store.documents import DocumentEnvoye

_NOMS = {
    TypePapier.ATTESTATION_PAIEMENT: "attestation de paiement", TypePapier.ATTESTATION_QUOTIENT: "attestation de quotient familial",
    TypePapier.ATTESTATION_PERIODE: "attestation sur une période", TypePapier.RELEVE: "relevé de compte", TypePapier.RECAPITULATIF: "récapitulatif",
    TypePapier.LETTRE: "lettre", TypePapier.RECU_DEPOT: "reçu de dépôt", TypePapier.ATTESTATION_DROITS: "attestation de droits",
    TypePapier.ATTESTATION_IJ: "attestation de paiement d'indemnités journalières", TypePapier.RELEVE_FISCAL: "relevé fiscal",
}  # fmt: skip

_ATTESTEES = {Information.DROITS, Information.PAIEMENTS, Information.QUOTIENT}
"""What papers say: where it is not shown, they would say that there is none."""


@dataclass(frozen=True)
class Demande:
    """Which paper, for which days; a monthly one is that of the month of `du`."""

    type: TypePapier
    du: date
    au: date


@dataclass(frozen=True)
class Papier:
    """A paper that was made. `objet`: what the journal names it by; `nom`: of its file, without anything of the person.

    `reference`: empty for what nobody verifies.
    """

    objet: str
    nom: str
    reference: str
    pdf: bytes


def etablir(session: Session, carte: Carte, demande: Demande, visite: VisiteOuverte | None) -> Papier:
    """Make an attestation or a statement and note it, so that the centre vouches for it. Raises Refus, and nothing is made then."""
    visites.exiger(visite, Acte.TELECHARGER)
    le, agent = maintenant(), session.agent()
    offre, du, au = _choisir(carte, demande, le.date())
    with session.coffre.lecture() as connexion:
        lue = dossiers.lire(connexion, agent, carte.portee, carte.dossier_id, le.date(), offre.mois)
        donnees = entete(connexion, session, lue)
        centre = appareil.centre(connexion)
    if not lue.vue.voir >= _ATTESTEES:
        raise Refus("Un document atteste ce qui se lit dans le dossier : la personne doit aussi en autoriser la consultation.")
    versements = [v for v in lue.versements if du <= v.le <= au]
    if demande.type is TypePapier.ATTESTATION_IJ:
        versements = [v for v in versements if (nature := natures(v.le).get(v.objet)) is not None and nature.ij]
    droits = [d for m in lue.mois if m.mois == du.replace(day=1) for d in m.droits]
    lignes = _lignes(demande.type, lue, droits, versements)
    reference = nouvelle_reference()
    donnees |= {
        "du": du.isoformat(), "au": au.isoformat(), "reference": lisible(reference), "adresse": f"{centre.adresse}/verifier",
        "quotient": montant((lue.quotient_familial or 0) * 100), "total": montant(sum(cents or 0 for _, cents in lignes)),
        "droits": [{"libelle": d.libelle, "valeur": d.mention or montant(d.montant_cents)} for d in droits],
        "versements": [_versement(v) for v in versements], "nir": lue.nir if lue.nir_revelable else "", "ouverts": [d.libelle for d in droits if d.ouvert],
        "lignes": [{"libelle": mots, "valeur": montant(cents or 0)} for mots, cents in lignes],
    }  # fmt: skip
    pdf = composer(demande.type, donnees, f"{centre.adresse}/verifier/{reference}" if centre.adresse else "")
    contenu = {
        "titulaire": lue.nom, "organisme": f"{lue.organisme}, {agent.site_nom}", "lignes": lignes, "demonstration": centre.demonstration,
    }  # fmt: skip
    valeurs = {
        "dossier_id": lue.dossier_id, "type": demande.type, "reference": reference, "du": du.isoformat(), "au": au.isoformat(),
        "emise_le": le.isoformat(), "contenu": contenu,
    }  # fmt: skip
    id_ = uuid7()
    with session.coffre.ecriture() as connexion:
        nom = _NOMS[demande.type]
        sortie.poster(connexion, lue.portee, nom.capitalize(), [Mutation("new", "attestation", id_, valeurs)], lue.dossier_id)
        journal.noter(connexion, agent, "attestation", id_)
    return Papier(id_, f"{nom} {du:%Y-%m}.pdf", reference, pdf)


def _choisir(carte: Carte, demande: Demande, aujourd_hui: date) -> tuple[Offre, date, date]:
    """Return the paper of the dossier's body that is asked for, and the days that it covers. Raises Refus."""
    offre = next((o for o in offres(carte.type_organisme, aujourd_hui) if o.type is demande.type), None)
    if offre is None:
        raise Refus("Cette caisse ne donne pas ce document.")
    try:
        return offre, *periode(offre, demande.du, demande.au, carte.ouvert_le, aujourd_hui)
    except PeriodeRefusee as refus:
        raise Refus(str(refus)) from refus


def recapituler(session: Session, visite: VisiteOuverte) -> Papier:
    """Make the paper that says what was done during a visit and what is left to do. Raises Refus when its dossier is gone."""
    le, agent = maintenant(), session.agent()
    with session.coffre.lecture() as connexion:
        carte = dossiers.lire(connexion, agent, visite.portee, visite.dossier_id, le.date())
        donnees = entete(connexion, session, carte)
        faits = depot.faits_de_la_visite(
            connexion, visite.portee, agent.agenda, visite.dossier_id, visite.id, visite.ouverte_le, visites.vue_de(visite)
        )
    a_faire = [f"Remettre : {libelle}, demandé le {demandee:%d/%m/%Y}" for libelle, demandee in carte.pieces]
    a_faire += [libelle if avant is None else f"{libelle}, avant le {avant:%d/%m/%Y}" for libelle, _, avant in carte.alertes]
    pdf = composer(
        TypePapier.RECAPITULATIF, donnees | {"faits": [{"libelle": mots, "suite": suite} for mots, suite in faits], "a_faire": a_faire}
    )
    with session.coffre.ecriture() as connexion:
        journal.noter(connexion, agent, "recapitulatif", visite.id)
    return Papier(visite.id, f"{_NOMS[TypePapier.RECAPITULATIF]} {le:%Y-%m-%d}.pdf", "", pdf)


def accuser(session: Session, visite: VisiteOuverte, document: DocumentEnvoye) -> Papier:
    """Make the proof that a document was given: what it is, when, its SHA-256, where it stands. Raises Refus when the visitor may not see it."""
    le, agent = maintenant(), session.agent()
    with session.coffre.lecture() as connexion:
        fichier = depot_documents.fichier(connexion, visite.portee, visite.dossier_id, document.id, visites.vue_de(visite))
        if fichier is None:
            raise Refus("Ce document n'est plus dans ce dossier.")
        carte = dossiers.lire(connexion, agent, visite.portee, visite.dossier_id, le.date())
        donnees = entete(connexion, session, carte)
    pdf = composer(TypePapier.RECU_DEPOT, donnees | {
        "nom": document.nom, "pages": document.pages, "octets": f"{document.octets:,}".replace(",", " "), "sha256": fichier[0],
        "donne_le": document.saisi_le.astimezone(ZoneInfo("Europe/Paris")).strftime("%d/%m/%Y à %H:%M"), "recu": document.etat is not EtatDocument.A_ENVOYER,
    })  # fmt: skip
    with session.coffre.ecriture() as connexion:
        journal.noter(connexion, agent, "recu_depot", document.id)
    return Papier(document.id, f"{_NOMS[TypePapier.RECU_DEPOT]} {le:%Y-%m-%d}.pdf", "", pdf)


def ecrire_lettre(session: Session, carte: Carte, objet: str, message: str, visite: VisiteOuverte | None) -> Papier:
    """Make a letter of the person to her body, to be signed and posted (CTC-12). Raises Refus without a subject or a message."""
    visites.exiger(visite, Acte.ENVOYER_COURRIER)
    paragraphes = [p.strip() for p in message.splitlines() if p.strip()]
    if not objet.strip() or not paragraphes:
        raise Refus("Une lettre a un objet et un message : remplissez les deux.")
    le, agent = maintenant(), session.agent()
    with session.coffre.lecture() as connexion:
        lue = dossiers.lire(connexion, agent, carte.portee, carte.dossier_id, le.date())
        donnees = entete(connexion, session, lue)
        adresse = reperes.adresse_postale(connexion, lue.organisme_id)
    pdf = composer(TypePapier.LETTRE, donnees | {
        "objet": objet.strip(), "message": paragraphes, "destinataire": [lue.organisme, *adresse], "lieu": agent.site_nom,
    })  # fmt: skip
    id_ = uuid7()
    with session.coffre.ecriture() as connexion:
        journal.noter(connexion, agent, "lettre", lue.dossier_id)
    return Papier(id_, f"{_NOMS[TypePapier.LETTRE]} {le:%Y-%m-%d}.pdf", "", pdf)


def noter_sortie(session: Session, papier: Papier, *, imprime: bool) -> None:
    """Journal that a paper left the vault: printed, or saved in clear."""
    with session.coffre.ecriture() as connexion:
        journal.noter(connexion, session.agent(), "impression" if imprime else "enregistrement_pdf", papier.objet)


def entete(connexion: Connection, session: Session, carte: Carte) -> dict[str, Any]:
    """Return what every paper says: who, where, on which day, on data of when."""
    centre, agent, le = appareil.centre(connexion), session.agent(), maintenant().date()
    recues = agents.synchronise_le(connexion)
    return {
        "organisme": carte.organisme, "agent_lieu": agent.site_nom, "numero": carte.numero, "numero_dit": carte.numero_dit, "titulaire": carte.nom,
        "adresse_postale": carte.adresse.rsplit(", ", 1), "emise_le": le.isoformat(), "reference": "",
        "donnees_du": (recues.date() if recues is not None else le).isoformat(), "demonstration": centre.demonstration,
        "membres": [{"nom": m.nom, "ne_le": m.ne_le.isoformat()} for m in carte.membres],
    }  # fmt: skip


def _lignes(
    type_: TypePapier, carte: Carte, droits: Sequence[DroitAffiche], versements: Sequence[Versement]
) -> Sequence[tuple[str, int | None]]:
    """Return what the paper says in words and cents, for the centre to repeat. Raises Refus when there is nothing to attest."""
    match type_:
        case TypePapier.ATTESTATION_QUOTIENT:
            if carte.quotient_familial is None:
                raise Refus("Le quotient familial est indisponible : il n'y a rien à attester. Une ressource manque peut-être.")
            return [("Quotient familial", carte.quotient_familial * 100)]
        case TypePapier.ATTESTATION_DROITS:
            if not any(d.ouvert for d in droits):
                raise Refus("Aucun droit ouvert n'est connu ce mois-ci : il n'y a rien à attester.")
            return [(d.libelle, None) for d in droits if d.ouvert]
        case TypePapier.RELEVE_FISCAL:
            return _imposables(versements)
    payes = [(f"Payé le {v.le:%d/%m/%Y}", v.montant_cents) for v in versements]
    if type_ in (TypePapier.ATTESTATION_PERIODE, TypePapier.ATTESTATION_IJ):
        return payes
    return [(d.libelle, d.montant_cents) for d in droits if not d.mention] + payes


def _imposables(versements: Sequence[Versement]) -> Sequence[tuple[str, int | None]]:
    """Sum what was paid to the person herself by kind, for the part that income tax takes. Raises Refus when a kind is not known.

    What went to her employer is in her wages.
    """
    sommes: dict[str, int] = {}  # in hundredths of a cent: what is less than one is lost once, not at each payment
    for v in versements:
        nature = natures(v.le).get(v.objet)
        if nature is None:
            raise Refus(f"« {v.objet} » : ce poste ne sait pas si ce paiement est imposable. La personne demande son relevé à sa caisse.")
        if not v.tiers:
            sommes[v.objet] = sommes.get(v.objet, 0) + v.montant_cents * nature.imposable_pct
    return [(mots, somme // 100) for mots, somme in sommes.items() if somme]


def _versement(v: Versement) -> dict[str, Any]:
    return {
        "le": v.le.isoformat(), "objet": ", ".join(filter(None, (v.objet, v.periode))), "destinataire": v.destinataire,
        "valeur": montant(v.montant_cents), "retenues": [{"libelle": mots, "valeur": montant(cents)} for mots, cents in v.retenues],
    }  # fmt: skip
