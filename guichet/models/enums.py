"""The closed lists of the trade, stored as their text."""

from enum import StrEnum


class TypeOrganisme(StrEnum):
    """What kind of body a site belongs to."""

    CAF = "caf"
    CPAM = "cpam"
    MSA = "msa"
    FRANCE_SERVICES = "france_services"
    BAILLEUR = "bailleur"


class Role(StrEnum):
    """What an agent is at his counter."""

    CONSEILLER = "conseiller"
    RESPONSABLE = "responsable"
    BAILLEUR = "bailleur"
    ADMIN = "admin"


class TypeIdentifiant(StrEnum):
    """What a number says about a person."""

    NIR = "nir"
    PROVISOIRE = "provisoire"
    MSA = "msa"


class TypeContact(StrEnum):
    """How a person is reached."""

    TELEPHONE = "telephone"
    COURRIEL = "courriel"
    ADRESSE = "adresse"


class RoleMembre(StrEnum):
    """The place of a person in a dossier (AUT-01 to AUT-10)."""

    RESPONSABLE = "responsable"
    CONJOINT = "conjoint"
    ENFANT = "enfant"
    AUTRE = "autre"


class TypePapier(StrEnum):
    """What is printed for the person at the counter (PAI-03, PAI-15, AMC-06, AMC-13)."""

    ATTESTATION_PAIEMENT = "attestation_paiement"
    ATTESTATION_QUOTIENT = "attestation_quotient"
    ATTESTATION_PERIODE = "attestation_periode"
    ATTESTATION_DROITS = "attestation_droits"
    ATTESTATION_IJ = "attestation_ij"
    RELEVE_FISCAL = "releve_fiscal"
    RELEVE = "releve"
    RECAPITULATIF = "recapitulatif"
    LETTRE = "lettre"
    RECU_DEPOT = "recu_depot"


class EtatDoublon(StrEnum):
    """What was decided of two people who look like one. `caduc`: one of them was joined to somebody else."""

    A_EXAMINER = "a_examiner"
    ECARTE = "ecarte"
    FUSIONNE = "fusionne"
    CADUC = "caduc"


class EtatDroit(StrEnum):
    """A right of a month: open, refused with a reason, or suspended without one (C09)."""

    OUVERT = "ouvert"
    SANS_DROIT = "sans_droit"
    SUSPENDU = "suspendu"


class Mode(StrEnum):
    """How an appointment is held (RDV-08)."""

    SUR_SITE = "sur_site"
    VISIO = "visio"
    TELEPHONE = "telephone"


class EtatCreneau(StrEnum):
    """Whether a slot may be taken."""

    LIBRE = "libre"
    RESERVE = "reserve"


class EtatRendezVous(StrEnum):
    """Where a booking stands; all but the first are written by the centre."""

    DEMANDE = "demande"
    CONFIRME = "confirme"
    REFUSE = "refuse"
    ANNULE = "annule"


class EtatDemarche(StrEnum):
    """Where a request stands."""

    TRANSMISE = "transmise"
    RECUE = "recue"
    EN_COURS = "en_cours"
    PIECES_DEMANDEES = "pieces_demandees"
    TRAITEE = "traitee"
    REFUSEE = "refusee"


class EtatDocument(StrEnum):
    """Where a document stands; the centre alone says so once it left. `ANALYSE`: its antivirus found nothing; `DISPONIBLE`: its pages open."""

    A_ENVOYER = "a_envoyer"
    RECU = "recu"
    ANALYSE = "analyse"
    DISPONIBLE = "disponible"
    QUARANTAINE = "quarantaine"


class TypeDeclaration(StrEnum):
    """What a landlord declares (BAI-15); this version sends the rent, the others come with their own forms."""

    LOYER = "loyer"


class EtatDeclaration(StrEnum):
    """Where a landlord's declaration stands."""

    TRANSMISE = "transmise"
    ACCEPTEE = "acceptee"
    REFUSEE = "refusee"


class EtatLoyer(StrEnum):
    """What the centre knows of a tenant's July rent."""

    ATTENDU = "attendu"
    DECLARE = "declare"


class Qualite(StrEnum):
    """In which quality a visitor stands at the counter (AUT-01 to AUT-11)."""

    ALLOCATAIRE = "allocataire"
    CONJOINT_AUTORISE = "conjoint_autorise"
    CONJOINT = "conjoint"
    ENFANT = "enfant"
    TUTEUR_PHYSIQUE = "tuteur_physique"
    TUTEUR_MORAL = "tuteur_moral"
    TIERS_MANDATE = "tiers_mandate"
    NON_ALLOCATAIRE = "non_allocataire"
    BAILLEUR = "bailleur"


class Thematique(StrEnum):
    """The five themes of the whole site (PORT-06)."""

    VIE_PERSONNELLE = "vie_personnelle"
    VIE_PROFESSIONNELLE = "vie_professionnelle"
    LOGEMENT = "logement"
    HANDICAP = "handicap"
    ACCIDENT_DE_VIE = "accident_de_vie"
