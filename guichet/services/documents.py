"""Documents: pages to one PDF, the PDF to the dossier of the visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guichet.documents.etabli import Etabli
from guichet.documents.page import Commande, Page, PageTraitee, Recadrer, SceauLu
from guichet.documents.relieur import ReliureManquee, relier
from guichet.models.enums import EtatDocument
from guichet.ressources import donnees
from guichet.rules import pieces
from guichet.rules.masques import nir_masque
from guichet.services import journal, visites
from guichet.services.bac import Bac
from guichet.services.session import Refus, Session, maintenant
from guichet.services.visites import VisiteOuverte
from guichet.store import documents as depot
from guichet.store import fichiers
from guichet.store.disque import ecrire_durablement
from guichet.store.documents import DocumentEnvoye, PieceDemandee

FEUILLE_SOINS, _DATES = "feuille_soins", 3


def convertir(bac: Bac, pages: Sequence[Page]) -> bytes:
    """Return the PDF of the pages. Raises Refus when there is none."""
    if not pages:
        raise Refus("Ajoutez au moins une page avant de convertir.")
    try:
        return relier(bac.contenus(pages))
    except ReliureManquee as erreur:
        raise Refus(
            "Ces pages n'ont pas pu être réunies en un PDF. Elles restent dans le bac : retirez la dernière ajoutée, puis recommencez."
        ) from erreur


@dataclass(frozen=True)
class Compris:
    """What the words of some pages suggest.

    `type_piece`: a kind of paper, or nothing; `formulaire`: the code of the form that it is for, which a RIB has (DOC-06); `soins`: it is a claim for care, which goes by post (DEP-02); `reperes`: numbers and dates, masked, in words; `sceaux`: each seal with the place of its page, from 1.
    """

    type_piece: str
    libelle: str
    nom: str
    formulaire: str
    soins: bool
    reperes: tuple[str, ...]
    sceaux: tuple[tuple[int, SceauLu], ...]


PagesComprises = dict[tuple[str, bool], tuple[str, pieces.Trouvailles]]
"""The kind of paper and the numbers that a page's words suggest, by the page's id and whether its words were read."""


def comprendre(pages: Sequence[Page], deja: PagesComprises) -> Compris:
    """Return what pages suggest: a person looks at the paper, and decides.

    `deja`: what was understood of each page before, added to: nothing changes of those that only moved.
    """
    connus = {p["code"]: p for p in donnees("pieces.yaml")["pieces"]}
    vues = [deja.get((p.id, p.lue)) or deja.setdefault((p.id, p.lue), _comprendre_une(p)) for p in pages]
    suggeres = [type_piece for type_piece, _ in vues if type_piece]
    choisi = connus.get(suggeres[0] if suggeres else "", {})
    ibans = dict.fromkeys(i for _, t in vues for i in t.ibans)
    nirs = dict.fromkeys(n for _, t in vues for n in t.nirs)
    formulaire = next((x["formulaire"] for x in donnees("pieces.yaml")["reconnaitre"] if x["code"] in suggeres and "formulaire" in x), "")
    dates = list(dict.fromkeys(d for _, t in vues for d in t.dates))
    return Compris(
        choisi.get("code", ""), choisi.get("libelle", ""),
        pieces.nommer(choisi.get("libelle", ""), choisi.get("date", ""), dates, maintenant().date()), formulaire, FEUILLE_SOINS in suggeres,
        (*(f"IBAN finissant par {i[-4:]}" for i in ibans), *(f"NIR {nir_masque(n)}" for n in nirs),
         *(f"date du {d:%d/%m/%Y}" for d in dates[:_DATES])),
        tuple((rang, p.faite.sceau) for rang, p in enumerate(pages, start=1) if p.faite.sceau.verdict != "absent"),
    )  # fmt: skip


def _comprendre_une(page: Page) -> tuple[str, pieces.Trouvailles]:
    return pieces.suggerer(page.faite.texte, donnees("pieces.yaml")["reconnaitre"]), pieces.reperer(page.faite.texte)


def relire(pdf: bytes) -> list[PageTraitee]:
    """Return the pages of a PDF as they will be seen. Raises FichierRefuse."""
    with Etabli() as etabli:
        return etabli.traiter("Aperçu", Commande(pdf, recadrer=Recadrer.NON, apercu=True))


def enregistrer(bac: Bac, pages: Sequence[Page], chemin: Path) -> int:
    """Write the PDF of the pages to a file, whole or not at all; return its bytes' number. Raises Refus or OSError."""
    pdf = convertir(bac, pages)
    ecrire_durablement(chemin, pdf)
    return len(pdf)


def noter_enregistrement(session: Session, visite: VisiteOuverte | None) -> None:
    """Journal that papers left the vault in clear, for the dossier of the visit if there is one."""
    with session.coffre.ecriture() as connexion:
        journal.noter(connexion, session.agent(), "enregistrement_pdf", visite.dossier_id if visite is not None else "")


def du_dossier(session: Session, visite: VisiteOuverte) -> Sequence[DocumentEnvoye]:
    """Return the documents given for the dossier of the visit that its visitor may see, latest first."""
    with session.coffre.lecture() as connexion:
        return depot.du_dossier(connexion, visite.portee, visite.dossier_id, visites.vue_de(visite))


def a_transmettre(session: Session, visite: VisiteOuverte) -> Sequence[PieceDemandee]:
    """Return the papers that the body asks the person at the counter for (DOC-01, DOC-04)."""
    with session.coffre.lecture() as connexion:
        return depot.demandees(connexion, visite.portee, visite.dossier_id, visites.vue_de(visite))


def revoir(session: Session, visite: VisiteOuverte, document_id: str) -> list[PageTraitee]:
    """Return the pages of a document that was given, from here or from the centre; it is journaled. Raises Refus, FichierRefuse or Injoignable."""
    with session.coffre.lecture() as connexion:
        fichier = depot.fichier(connexion, visite.portee, visite.dossier_id, document_id, visites.vue_de(visite))
    if fichier is None:
        raise Refus("Ce document n'est plus dans ce dossier.")
    sha256, etat = fichier
    if etat is EtatDocument.QUARANTAINE:
        raise Refus("Ce document est en quarantaine : il ne s'ouvre plus. Numérisez le papier à nouveau.")
    with session.coffre.ecriture() as connexion:
        journal.noter(connexion, session.agent(), "document_vu", document_id)
    try:
        with session.coffre.lecture() as connexion:
            pdf = fichiers.lire(connexion, session.coffre.dossier, visite.portee, sha256)
    except LookupError:
        pdf = session.client().lire_fichier(visite.portee, sha256)
    return relire(pdf)
