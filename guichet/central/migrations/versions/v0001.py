"""Every table of the first version."""

import sqlalchemy as sa
from alembic import op

from guichet.models.base import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "absence",
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("du", sa.Date(), nullable=False),
        sa.Column("au", sa.Date(), nullable=False),
        sa.Column("libelle", sa.String(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_absence")),
    )
    op.create_table(
        "actualite",
        sa.Column("titre", sa.String(), nullable=False),
        sa.Column("thematique", sa.String(length=24), nullable=False),
        sa.Column("departement", sa.String(length=3), nullable=True),
        sa.Column("publiee_le", sa.Date(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_actualite")),
    )
    op.create_table(
        "agent",
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("prenom", sa.String(), nullable=False),
        sa.Column("fonction", sa.String(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("organisme_id", sa.String(length=36), nullable=False),
        sa.Column("organisme_nom", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=True),
        sa.Column("site_nom", sa.String(), nullable=False),
        sa.Column("poste_libelle", sa.String(), nullable=False),
        sa.Column("bailleur_id", sa.String(length=36), nullable=True),
        sa.Column("voit_nir", sa.Boolean(), nullable=False),
        sa.Column("onglets", sa.JSON(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_agent")),
    )
    op.create_index(op.f("ix_agent_scope_id_login"), "agent", ["scope_id", "login"], unique=False)
    op.create_table(
        "alerte",
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("libelle", sa.String(), nullable=False),
        sa.Column("demandee_le", sa.Date(), nullable=False),
        sa.Column("avant_le", sa.Date(), nullable=True),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_alerte")),
    )
    op.create_index(op.f("ix_alerte_scope_id_dossier_id"), "alerte", ["scope_id", "dossier_id"], unique=False)
    op.create_table(
        "bail",
        sa.Column("logement_id", sa.String(length=36), nullable=False),
        sa.Column("debut", sa.Date(), nullable=False),
        sa.Column("fin", sa.Date(), nullable=True),
        sa.Column("loyer_cents", sa.Integer(), nullable=False),
        sa.Column("charges_cents", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_bail")),
    )
    op.create_table(
        "bailleur",
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("departement", sa.String(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_bailleur")),
    )
    op.create_table(
        "contact",
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("valeur", sa.String(), nullable=False),
        sa.Column("code_postal", sa.String(length=5), nullable=True),
        sa.Column("commune", sa.String(), nullable=True),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_scope_id_personne_id"), "contact", ["scope_id", "personne_id"], unique=False)
    op.create_table(
        "courrier",
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("le", sa.Date(), nullable=False),
        sa.Column("sens", sa.String(length=8), nullable=False),
        sa.Column("objet", sa.String(), nullable=False),
        sa.Column("lu", sa.Boolean(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_courrier")),
    )
    op.create_index(op.f("ix_courrier_scope_id_dossier_id_le"), "courrier", ["scope_id", "dossier_id", "le"], unique=False)
    op.create_table(
        "creneau",
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("debut", Instant(), nullable=False),
        sa.Column("fin", Instant(), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("etat", sa.String(length=8), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_creneau")),
    )
    op.create_index(op.f("ix_creneau_scope_id_etat_debut"), "creneau", ["scope_id", "etat", "debut"], unique=False)
    op.create_table(
        "declaration",
        sa.Column("locataire_id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("mois", sa.Date(), nullable=False),
        sa.Column("loyer_cents", sa.Integer(), nullable=False),
        sa.Column("etat", sa.String(length=12), nullable=False),
        sa.Column("saisi_le", Instant(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_declaration")),
    )
    op.create_index(op.f("ix_declaration_scope_id_locataire_id"), "declaration", ["scope_id", "locataire_id"], unique=False)
    op.create_table(
        "delai",
        sa.Column("organisme_id", sa.String(length=36), nullable=False),
        sa.Column("famille", sa.String(length=16), nullable=False),
        sa.Column("libelle", sa.String(), nullable=False),
        sa.Column("arrivees_du", sa.Date(), nullable=False),
        sa.Column("arrivees_au", sa.Date(), nullable=False),
        sa.Column("publie_le", sa.Date(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_delai")),
    )
    op.create_table(
        "demarche",
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("libelle", sa.String(), nullable=False),
        sa.Column("famille", sa.String(length=16), nullable=False),
        sa.Column("etat", sa.String(length=24), nullable=False),
        sa.Column("deposee_le", sa.Date(), nullable=False),
        sa.Column("contenu", sa.JSON(), nullable=True),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_demarche")),
    )
    op.create_index(op.f("ix_demarche_scope_id_dossier_id_deposee_le"), "demarche", ["scope_id", "dossier_id", "deposee_le"], unique=False)
    op.create_table(
        "dette",
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("prestation_code", sa.String(length=16), nullable=False),
        sa.Column("nee_le", sa.Date(), nullable=False),
        sa.Column("solde_cents", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_dette")),
    )
    op.create_index(op.f("ix_dette_scope_id_dossier_id"), "dette", ["scope_id", "dossier_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("visite_id", sa.String(length=36), nullable=True),
        sa.Column("type_piece", sa.String(length=32), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("octets", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("etat", sa.String(length=16), nullable=False),
        sa.Column("saisi_le", Instant(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_scope_id_dossier_id"), "document", ["scope_id", "dossier_id"], unique=False)
    op.create_index(op.f("ix_document_scope_id_sha256"), "document", ["scope_id", "sha256"], unique=False)
    op.create_table(
        "dossier",
        sa.Column("organisme_id", sa.String(length=36), nullable=False),
        sa.Column("organisme_nom", sa.String(), nullable=False),
        sa.Column("numero", sa.String(length=13), nullable=False),
        sa.Column("foyer_id", sa.String(length=36), nullable=False),
        sa.Column("responsable_id", sa.String(length=36), nullable=False),
        sa.Column("ouvert_le", sa.Date(), nullable=False),
        sa.Column("quotient_familial", sa.Integer(), nullable=True),
        sa.Column("iban", sa.String(length=34), nullable=True),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_dossier")),
    )
    op.create_index(op.f("ix_dossier_scope_id_numero"), "dossier", ["scope_id", "numero"], unique=False)
    op.create_table(
        "droit",
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("prestation_code", sa.String(length=16), nullable=False),
        sa.Column("mois", sa.Date(), nullable=False),
        sa.Column("etat", sa.String(length=16), nullable=False),
        sa.Column("montant_cents", sa.Integer(), nullable=False),
        sa.Column("motif", sa.String(), nullable=True),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_droit")),
    )
    op.create_index(op.f("ix_droit_scope_id_dossier_id_mois"), "droit", ["scope_id", "dossier_id", "mois"], unique=False)
    op.create_table(
        "echeance",
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("le", sa.Date(), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("libelle", sa.String(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_echeance")),
    )
    op.create_index(op.f("ix_echeance_scope_id_dossier_id_le"), "echeance", ["scope_id", "dossier_id", "le"], unique=False)
    op.create_table(
        "foyer",
        sa.Column("situation", sa.String(), nullable=False),
        sa.Column("depuis", sa.Date(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_foyer")),
    )
    op.create_table(
        "habilitation",
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("portee", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("du", sa.Date(), nullable=False),
        sa.Column("au", sa.Date(), nullable=True),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_habilitation")),
    )
    op.create_index(op.f("ix_habilitation_scope_id_agent_id"), "habilitation", ["scope_id", "agent_id"], unique=False)
    op.create_table(
        "identifiant",
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("valeur", sa.String(length=32), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_identifiant")),
    )
    op.create_index(op.f("ix_identifiant_scope_id_personne_id"), "identifiant", ["scope_id", "personne_id"], unique=False)
    op.create_table(
        "journal",
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("le", Instant(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("objet", sa.String(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_journal")),
    )
    op.create_index(op.f("ix_journal_scope_id_le"), "journal", ["scope_id", "le"], unique=False)
    op.create_table(
        "locataire",
        sa.Column("bail_id", sa.String(length=36), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("prenom", sa.String(), nullable=False),
        sa.Column("cle", sa.String(), nullable=False),
        sa.Column("numero_allocataire", sa.String(length=13), nullable=False),
        sa.Column("code_postal", sa.String(length=5), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("residence", sa.String(), nullable=True),
        sa.Column("loyer_cents", sa.Integer(), nullable=False),
        sa.Column("derniere_al_cents", sa.Integer(), nullable=False),
        sa.Column("loyer_etat", sa.String(length=12), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_locataire")),
    )
    op.create_index("ix_locataire_attendus", "locataire", ["scope_id", "loyer_etat", "cle", "id"], unique=False)
    op.create_index("ix_locataire_code_postal", "locataire", ["scope_id", "code_postal", "cle", "id"], unique=False)
    op.create_index("ix_locataire_liste", "locataire", ["scope_id", "cle", "id"], unique=False)
    op.create_index("ix_locataire_numero", "locataire", ["scope_id", "numero_allocataire", "cle", "id"], unique=False)
    op.create_table(
        "logement",
        sa.Column("residence", sa.String(), nullable=True),
        sa.Column("adresse", sa.String(), nullable=False),
        sa.Column("code_postal", sa.String(length=5), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("surface", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_logement")),
    )
    op.create_table(
        "membre",
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("autorise_le", sa.Date(), nullable=True),
        sa.Column("activite", sa.String(), nullable=True),
        sa.Column("activite_depuis", sa.Date(), nullable=True),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_membre")),
    )
    op.create_index(op.f("ix_membre_scope_id_dossier_id"), "membre", ["scope_id", "dossier_id"], unique=False)
    op.create_index(op.f("ix_membre_scope_id_personne_id"), "membre", ["scope_id", "personne_id"], unique=False)
    op.create_table(
        "motif",
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("libelle", sa.String(), nullable=False),
        sa.Column("duree_min", sa.Integer(), nullable=False),
        sa.Column("a_apporter", sa.String(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_motif")),
    )
    op.create_table(
        "organisme",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("departement", sa.String(length=3), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_organisme")),
    )
    op.create_table(
        "paiement",
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("verse_le", sa.Date(), nullable=False),
        sa.Column("montant_cents", sa.Integer(), nullable=False),
        sa.Column("tiers", sa.String(), nullable=True),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_paiement")),
    )
    op.create_index(op.f("ix_paiement_scope_id_dossier_id_verse_le"), "paiement", ["scope_id", "dossier_id", "verse_le"], unique=False)
    op.create_table(
        "personne",
        sa.Column("nom_naissance", sa.String(), nullable=False),
        sa.Column("nom_usage", sa.String(), nullable=True),
        sa.Column("prenoms", sa.String(), nullable=False),
        sa.Column("sexe", sa.String(length=1), nullable=False),
        sa.Column("ne_le", sa.Date(), nullable=False),
        sa.Column("commune_naissance", sa.String(), nullable=True),
        sa.Column("pays_naissance", sa.String(), nullable=True),
        sa.Column("cle", sa.String(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_personne")),
    )
    op.create_table(
        "piece",
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("demandee_le", sa.Date(), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=True),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_piece")),
    )
    op.create_index(op.f("ix_piece_scope_id_dossier_id"), "piece", ["scope_id", "dossier_id"], unique=False)
    op.create_table(
        "plage",
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("jours", sa.JSON(), nullable=False),
        sa.Column("debut", sa.Time(), nullable=False),
        sa.Column("fin", sa.Time(), nullable=False),
        sa.Column("pas_min", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_plage")),
    )
    op.create_table(
        "poste",
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("libelle", sa.String(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_poste")),
    )
    op.create_table(
        "prestation",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("libelle", sa.String(), nullable=False),
        sa.Column("thematique", sa.String(length=24), nullable=False),
        sa.Column("parent", sa.String(length=16), nullable=True),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_prestation")),
    )
    op.create_table(
        "rendez_vous",
        sa.Column("creneau_id", sa.String(length=36), nullable=False),
        sa.Column("motif_code", sa.String(length=4), nullable=False),
        sa.Column("dossier_id", sa.String(length=36), nullable=True),
        sa.Column("visite_id", sa.String(length=36), nullable=True),
        sa.Column("etat", sa.String(length=12), nullable=False),
        sa.Column("alternatives", sa.JSON(), nullable=True),
        sa.Column("saisi_le", Instant(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_rendez_vous")),
    )
    op.create_index(op.f("ix_rendez_vous_scope_id_dossier_id"), "rendez_vous", ["scope_id", "dossier_id"], unique=False)
    op.create_index(op.f("ix_rendez_vous_scope_id_visite_id"), "rendez_vous", ["scope_id", "visite_id"], unique=False)
    op.create_table(
        "reservation",
        sa.Column("creneau_id", sa.String(length=36), nullable=False),
        sa.Column("rendez_vous_id", sa.String(length=36), nullable=False),
        sa.Column("vivante", sa.Boolean(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_reservation")),
    )
    op.create_index(
        "uq_reservation_vivante",
        "reservation",
        ["scope_id", "creneau_id"],
        unique=True,
        sqlite_where=sa.text("vivante"),
        postgresql_where=sa.text("vivante"),
    )
    op.create_table(
        "site",
        sa.Column("organisme_id", sa.String(length=36), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("adresse", sa.String(), nullable=True),
        sa.Column("code_postal", sa.String(length=5), nullable=True),
        sa.Column("commune", sa.String(), nullable=True),
        sa.Column("fuseau", sa.String(), nullable=False),
        sa.Column("modes", sa.JSON(), nullable=False),
        sa.Column("horaires", sa.JSON(), nullable=False),
        sa.Column("espace_numerique", sa.Boolean(), nullable=False),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_site")),
    )
    op.create_table(
        "visite",
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("dossier_id", sa.String(length=36), nullable=True),
        sa.Column("personne_id", sa.String(length=36), nullable=True),
        sa.Column("qualite", sa.String(length=24), nullable=False),
        sa.Column("preuve", sa.String(), nullable=False),
        sa.Column("ouverte_le", Instant(), nullable=False),
        sa.Column("fermee_le", Instant(), nullable=True),
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_visite")),
    )
    op.create_index(op.f("ix_visite_scope_id_dossier_id"), "visite", ["scope_id", "dossier_id"], unique=False)
    op.create_table(
        "applied",
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("lseq", sa.BigInteger(), nullable=False),
        sa.Column("opid", sa.String(length=36), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("le", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "device_id", "lseq", name=op.f("pk_applied")),
        sa.UniqueConstraint("scope_id", "opid", name=op.f("uq_applied_scope_id_opid")),
    )
    op.create_table(
        "blob",
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("octets", sa.BigInteger(), nullable=False),
        sa.Column("le", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("vu_le", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_table(
        "jeton",
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("agent_scope", sa.String(length=64), nullable=False),
        sa.Column("expire_le", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("empreinte", name=op.f("pk_jeton")),
    )
    op.create_table(
        "lane",
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "device_id", name=op.f("pk_lane")),
    )
    op.create_table(
        "quarantine",
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("operation", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("le", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_quarantine")),
    )
    op.create_table(
        "reglage",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("production", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reglage")),
    )
    op.create_table(
        "scope_head",
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("epoch", sa.String(length=36), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", name=op.f("pk_scope_head")),
    )
    op.create_table(
        "sync_row",
        sa.Column("scope_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("etype", sa.String(length=16), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("h", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "id", name=op.f("pk_sync_row")),
    )
    op.create_index("ix_sync_row_feed", "sync_row", ["scope_id", "seq"], unique=False)
