"""Why a scan stopped: each fault has its words, and what to do next."""

from enum import StrEnum


class Faute(StrEnum):
    """What stopped a scan before its end."""

    BOURRAGE = "bourrage"
    DOUBLE_PRISE = "double_prise"
    CAPOT_OUVERT = "capot_ouvert"
    CHARGEUR_VIDE = "chargeur_vide"
    INTERVENTION = "intervention"
    OCCUPE = "occupe"
    INJOIGNABLE = "injoignable"
    COUPURE = "coupure"
    IMAGE_INCOMPLETE = "image_incomplete"
    PAGE_PERDUE = "page_perdue"
    REFUS = "refus"
    REPONSE_ILLISIBLE = "reponse_illisible"
    LENT = "lent"
    INTERDIT = "interdit"
    ANNULE = "annule"
    PANNE = "panne"


_TEXTES = {
    Faute.BOURRAGE: "Une feuille est coincée dans le chargeur. Dégagez-la, remettez les feuilles qui restent, puis reprenez.",
    Faute.DOUBLE_PRISE: "Le chargeur a pris deux feuilles à la fois. Séparez-les, remettez-les avec celles qui restent, puis reprenez.",
    Faute.CAPOT_OUVERT: "Le capot du numériseur est ouvert. Fermez-le, puis reprenez.",
    Faute.CHARGEUR_VIDE: "Le chargeur est vide. Posez-y les feuilles, ou choisissez la vitre.",
    Faute.INTERVENTION: "Le numériseur attend quelque chose. Faites ce que dit son écran, puis reprenez.",
    Faute.OCCUPE: "Le numériseur sert à quelqu'un d'autre. Attendez qu'il se libère, puis recommencez.",
    Faute.INJOIGNABLE: "Le numériseur ne répond pas. Vérifiez qu'il est allumé et relié au réseau, puis recommencez.",
    Faute.COUPURE: "La liaison avec le numériseur s'est coupée au milieu d'une page. Cette page n'est pas gardée ; reprenez à partir d'elle.",
    Faute.IMAGE_INCOMPLETE: "Le numériseur a rendu une page incomplète. Elle n'est pas gardée ; reprenez à partir d'elle.",
    Faute.PAGE_PERDUE: "Le numériseur dit avoir lu plus de pages qu'il n'en a rendu. Comparez avec les feuilles, puis reprenez à la page qui manque.",
    Faute.REFUS: "Le numériseur refuse ce réglage. Choisissez une autre résolution ou une autre source.",
    Faute.REPONSE_ILLISIBLE: "Le numériseur répond autrement que la norme. Éteignez-le et rallumez-le ; si cela se répète, prévenez l'assistance.",
    Faute.LENT: "Le numériseur n'a rien rendu depuis deux minutes. Vérifiez son écran, puis reprenez.",
    Faute.INTERDIT: "Ce poste n'a pas le droit de se servir de ce numériseur. Prévenez l'assistance.",
    Faute.ANNULE: "La numérisation est arrêtée, comme demandé.",
    Faute.PANNE: "Le programme qui parle au numériseur s'est arrêté. Recommencez ; si cela se répète, prévenez l'assistance.",
}


class NumerisationInterrompue(Exception):
    """A scan that did not come to its end: what was received is kept, and the document is known to be short. `recues`: pages kept."""

    def __init__(self, faute: Faute, recues: int) -> None:
        suite = {0: "Aucune page n'a été reçue.", 1: "La page reçue est gardée."}.get(recues, f"Les {recues} pages reçues sont gardées.")
        super().__init__(f"{_TEXTES[faute]} {suite}")
        self.faute, self.recues = faute, recues
