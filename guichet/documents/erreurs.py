"""Why a file is not taken: each cause has its words."""

from enum import StrEnum


class Cause(StrEnum):
    """What is wrong with a file, as the reading process says it."""

    VIDE = "vide"
    TROP_LOURD = "trop_lourd"
    FORMAT = "format"
    ABIME = "abime"
    TROP_GRANDE = "trop_grande"
    TROP_DE_PAGES = "trop_de_pages"
    PROTEGE = "protege"
    MOT_DE_PASSE = "mot_de_passe"
    TROP_LONG = "trop_long"
    DISPARU = "disparu"
    ACTIF = "actif"
    INFECTE = "infecte"
    ANTIVIRUS_MUET = "antivirus_muet"
    ANTIVIRUS_TROP_LOURD = "antivirus_trop_lourd"


_TEXTES = {
    Cause.VIDE: "ce fichier est vide.",
    Cause.TROP_LOURD: "ce fichier dépasse 100 Mo. Photographiez ou numérisez à nouveau en qualité plus basse.",
    Cause.FORMAT: "ce n'est ni une image (JPEG, PNG, TIFF, HEIC, WebP, BMP) ni un PDF.",
    Cause.ABIME: "ce fichier est abîmé ou incomplet. Demandez-le à nouveau, ou numérisez le papier.",
    Cause.TROP_GRANDE: "cette image est trop grande pour être ouverte sans risque.",
    Cause.TROP_DE_PAGES: "ce PDF compte plus de 300 pages.",
    Cause.PROTEGE: "ce PDF est protégé par un mot de passe.",
    Cause.MOT_DE_PASSE: "ce n'est pas le mot de passe de ce PDF.",
    Cause.TROP_LONG: "ce fichier demande trop de mémoire ou de temps : il peut être piégé et n'a pas été ouvert.",
    Cause.ACTIF: "ce PDF porte autre chose que des pages : un programme, un fichier joint ou un lien.",
    Cause.INFECTE: "l'antivirus y a trouvé un programme malveillant. Le fichier n'a pas été ouvert ; prévenez votre service informatique.",
    Cause.ANTIVIRUS_MUET: "l'antivirus de ce poste ne répond pas : le fichier n'a pas été ouvert. Prévenez votre service informatique.",
    Cause.ANTIVIRUS_TROP_LOURD: "ce fichier est trop lourd pour l'antivirus, et n'a pas été ouvert. Numérisez-le en qualité plus basse.",
    Cause.DISPARU: "ce fichier a disparu ou n'est plus lisible. Vérifiez la clé USB ou le dossier.",
}


class FichierRefuse(Exception):
    """A file that is not taken; nothing else of the import is lost."""

    def __init__(self, nom: str, cause: Cause) -> None:
        super().__init__(f"{nom} : {_TEXTES[cause]}")
        self.nom, self.cause = nom, cause
