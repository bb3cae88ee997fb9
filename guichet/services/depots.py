"""A document on its way to a dossier: looked at first, sent with what its body asks for, or answered by one that was already given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from guichet.contract.sync import Mutation
from guichet.documents.page import Genre, Page
from guichet.models import uuid7
from guichet.models.enums import EtatDemarche, EtatDocument
from guichet.ressources import donnees
from guichet.rules import depots, pieces
from guichet.rules.depots import Canal, PageVue
from guichet.rules.formulaires import Formulaire, formulaires, verifier
from guichet.rules.visiteurs import Acte
from guichet.services import demarches, documents, journal, mandats, visites
from guichet.services.bac import Bac
from guichet.services.session import Refus, Session, maintenant
from guichet.services.visites import VisiteOuverte
from guichet.store import demarches as depot_demarches
from guichet.store import fichiers, sortie
from guichet.store.disque import PIECE_OCTETS, libres
from guichet.store.documents import DocumentEnvoye, PieceDemandee

_MANDAT_SIGNE, _MOTIF_LETTRES = "mandat_signe", 5


@dataclass(frozen=True)
class Examen:
    """A document ready to leave. `constats`: what it lacks, in words; `au_plus`: bytes that its body takes; `connus`: the form's answers that are known."""

    pdf: bytes
    pages: int
    constats: tuple[str, ...]
    au_plus: int
    formulaire: Formulaire | None
    connus: Mapping[str, str]

    @property
    def trop_lourd(self) -> bool:
        """Whether its body would refuse it for its weight."""
        return len(self.pdf) > self.au_plus


@dataclass(frozen=True)
class Envoi:
    """What is said of a document that leaves. `repond_a`: the paper asked for that it answers; `motif`: why it leaves as it is; `saisies`: the form's."""

    type_piece: str
    nom: str
    repond_a: str = ""
    motif: str = ""
    saisies: Mapping[str, str] = field(default_factory=dict)


def examiner(session: Session, visite: VisiteOuverte, bac: Bac, pages: Sequence[Page], type_piece: str) -> Examen:
    """Convert pages and look at what is expected of their kind and of their body. Raises Refus."""
    visites.exiger(visite, Acte.ENVOYER_DOCUMENT)
    if libres(session.coffre.dossier) < PIECE_OCTETS:
        raise Refus(
            "Il reste moins de 100 Mo sur le disque de ce poste : le document n'a pas été gardé, ses pages restent ici. "
            "Libérez de la place et recommencez ; ce que vous saisissez ailleurs continue d'être enregistré."
        )
    canal, jour = canal_de(session, visite), maintenant().date()
    attendu: Mapping[str, Any] = next((p.get("attendu", {}) for p in donnees("pieces.yaml")["pieces"] if p["code"] == type_piece), {})
    vues = [PageVue(p.faite.texte, p.faite.genre is Genre.PDF) for p in pages]
    constats = (*depots.constater(attendu, vues, jour), *_ailleurs(session, visite, canal, pages))
    if any("signee" in p.faite.notes for p in pages):
        constats = (*constats, "Une page vient d'un PDF signé électroniquement : le document envoyé n'aura plus cette signature.")
    formulaire = formulaires(jour).get(canal.formulaire) if session.agent().voit_nir else None
    deja = demarches.connus(session, visite, formulaire.code, jour).saisies if formulaire is not None else {}
    return Examen(documents.convertir(bac, pages), len(pages), constats, canal.octets, formulaire, deja)


def _ailleurs(session: Session, visite: VisiteOuverte, canal: Canal, pages: Sequence[Page]) -> list[str]:
    """Refuse papers that go another way, and ask about those that seem to: claims for care by post (DEP-02), a RIB by its own form (DOC-06)."""
    connus = donnees("pieces.yaml")["reconnaitre"]
    permis = {p.formulaire.code: p.formulaire.libelle for p in demarches.proposees(session, visite)}
    voies = dict.fromkeys(canal.exclus, "cet organisme ne prend les feuilles de soins que par la poste")
    voies |= {
        x["code"]: f"un RIB ne s'envoie pas, il se saisit par la démarche « {permis[x['formulaire']]} »"
        for x in connus
        if x.get("formulaire") in permis
    }
    constats = []
    for rang, page in enumerate(pages, 1):
        code, net = pieces.peser(page.faite.texte, connus)
        voie = voies.get(code)
        if voie is not None and net:
            raise Refus(f"Rien n'est parti : {voie}. Retirez la page {rang}, puis envoyez le reste.")
        if voie is not None:
            constats.append(f"La page {rang} est à regarder : {voie}.")
    return constats


def canal_de(session: Session, visite: VisiteOuverte) -> Canal:
    """Return where the documents of a visit go."""
    with session.coffre.lecture() as connexion:
        type_, departement = depot_demarches.organisme(connexion, visite.portee, visite.dossier_id, session.agent().organisme_id)
    return depots.canal(type_, departement, maintenant().date())


def envoyer(session: Session, visite: VisiteOuverte, examen: Examen, envoi: Envoi) -> DocumentEnvoye:
    """Keep a document sealed, and queue it for the dossier of the visit, with its form if it has one. Raises Refus, and nothing is kept then."""
    if not envoi.nom.strip():
        raise Refus("Donnez un nom au document.")
    visites.exiger(visite, Acte.ENVOYER_DOCUMENT)
    if examen.trop_lourd:
        raise Refus(
            f"Ce document fait {len(examen.pdf) // 1000} ko : cet organisme en prend {examen.au_plus // 1000} au plus. Allégez ses pages."
        )
    if examen.constats and len(envoi.motif.strip()) < _MOTIF_LETTRES:
        raise Refus("Dites en quelques mots pourquoi le document part tel quel.")
    id_, le = uuid7(), maintenant()
    actes = _formulaire(examen, envoi, visite, id_, le.date())
    with session.coffre.ecriture() as connexion:
        sha256 = fichiers.ranger(connexion, session.coffre.dossier, visite.portee, examen.pdf)
        contenu = {
            "dossier_id": visite.dossier_id, "visite_id": visite.id, "type_piece": envoi.type_piece, "nom": envoi.nom.strip(), "sha256": sha256,
            "octets": len(examen.pdf), "pages": examen.pages, "etat": EtatDocument.A_ENVOYER, "saisi_le": le.isoformat(),
        }  # fmt: skip
        actes = [Mutation("new", "document", id_, contenu), *_reponse(envoi.repond_a, id_), *actes]
        sortie.poster(connexion, visite.portee, "Document", actes, visite.dossier_id)
        if envoi.type_piece == _MANDAT_SIGNE:
            mandats.joindre(connexion, visite.portee, visite.dossier_id, id_)
        journal.noter(connexion, session.agent(), "document", id_, motif=envoi.motif.strip() if examen.constats else "")
    return DocumentEnvoye(id_, envoi.nom.strip(), envoi.type_piece, examen.pages, len(examen.pdf), EtatDocument.A_ENVOYER, le)


def _reponse(repond_a: str, document_id: str) -> list[Mutation]:
    return [Mutation("set", "piece", repond_a, {"document_id": document_id}, {"document_id": None})] if repond_a else []


def _formulaire(examen: Examen, envoi: Envoi, visite: VisiteOuverte, document_id: str, jour: date) -> list[Mutation]:
    """Return the form that goes with a document. Raises Refus when it is not filled in."""
    if examen.formulaire is None:
        return []
    bons, fautes = verifier(examen.formulaire.champs, envoi.saisies, jour)
    if fautes:
        raise Refus("Le formulaire de dépôt n'est pas complet : corrigez les lignes signalées.")
    contenu = {
        "dossier_id": visite.dossier_id, "libelle": examen.formulaire.libelle, "famille": examen.formulaire.famille,
        "etat": EtatDemarche.TRANSMISE, "deposee_le": jour.isoformat(),
        "contenu": {"formulaire": examen.formulaire.code, "champs": bons, "document": document_id},
    }  # fmt: skip
    return [Mutation("new", "demarche", uuid7(), contenu)]


def reutilisable(piece: PieceDemandee, donnes: Sequence[DocumentEnvoye], aujourd_hui: date) -> DocumentEnvoye | None:
    """Return the latest document already given that answers a paper asked for, while its kind is still good (`ressert_mois`), or None."""
    mois = next((p.get("ressert_mois", 0) for p in donnees("pieces.yaml")["pieces"] if p["code"] == piece.type), 0)
    depuis = aujourd_hui - relativedelta(months=mois)
    bons = [
        d for d in donnes if mois and d.type_piece == piece.type and d.saisi_le.date() >= depuis and d.etat is not EtatDocument.QUARANTAINE
    ]
    return max(bons, key=lambda d: d.saisi_le, default=None)


def reutiliser(session: Session, visite: VisiteOuverte, piece: PieceDemandee, document: DocumentEnvoye) -> None:
    """Answer a paper asked for with a document that was already given: the person brings it once. Raises Refus."""
    visites.exiger(visite, Acte.ENVOYER_DOCUMENT)
    with session.coffre.ecriture() as connexion:
        sortie.poster(connexion, visite.portee, "Document", _reponse(piece.id, document.id), visite.dossier_id)
        journal.noter(connexion, session.agent(), "document_reutilise", document.id)
