"""Stable codes: what programs read, whatever the words say."""

from enum import StrEnum


class Etat(StrEnum):
    """The verdict on one operation."""

    APPLIQUE = "applied"
    CRENEAU_PRIS = "slot_lost"
    CRENEAU_TENU = "slot_owned"
    CONFLIT = "conflict"
    DISPARU = "gone"
    ABSENT = "missing"
    INTERDIT = "forbidden"
    REFUSE = "refused"
    MIS_DE_COTE = "parked"
    DIFFERE = "deferred"
    TROU = "gap"


class Code(StrEnum):
    """Why the centre says no (RFC 9457 `code`)."""

    NON_CONNECTE = "non_connecte"
    JETON_EXPIRE = "jeton_expire"
    PORTEE_INTERDITE = "portee_interdite"
    EPOQUE_CHANGEE = "epoque_changee"
    A_RELIRE = "a_relire"
    APPAREIL_INCONNU = "appareil_inconnu"
    LOT_TROP_LOURD = "lot_trop_lourd"
    VALEUR_CHANGEE = "valeur_changee"
    SCHEMA_INCONNU = "schema_inconnu"
    REQUETE_INVALIDE = "requete_invalide"
    INTROUVABLE = "introuvable"
    FICHIER_INCOMPLET = "fichier_incomplet"
    FICHIER_TROP_LOURD = "fichier_trop_lourd"
    EMPREINTE_FAUSSE = "empreinte_fausse"
    EN_QUARANTAINE = "en_quarantaine"
    OCCUPE = "occupe"
    PANNE = "panne"
    LOCATAIRE_INCONNU = "locataire_inconnu"
    LOYER_DEJA_DECLARE = "loyer_deja_declare"
    LOYER_INVALIDE = "loyer_invalide"
    DEJA_ANNULE = "deja_annule"
    ECRITURE_INTERDITE = "ecriture_interdite"
