"""Both schemas: from empty, from each earlier revision with rows in place, and equal to the models."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, insert, text
from sqlcipher3 import dbapi2

from guichet.central.base import BaseCentre
from guichet.central.identity.tables import metadata as du_centre
from guichet.migration import SchemaTropRecent, migrer, revisions
from guichet.models import Base, Personne, uuid7
from guichet.store.coffre import ouvrir
from guichet.store.tables import metadata as du_poste
from guichet.store.tables import recherche

VIDE_PG = "guichet_vide"


@pytest.fixture(params=["store", "central-sqlite", "central-postgresql"])
def bout(request, tmp_path):
    """An empty database of each kind, its package and its tables."""
    if request.param == "store":
        moteur = create_engine(f"sqlite:///{tmp_path / 'poste.db'}", module=dbapi2)
    elif request.param == "central-sqlite":
        moteur = BaseCentre(f"sqlite:///{tmp_path / 'centre.db'}").moteur
    else:
        serveur = request.getfixturevalue("serveur_pg").url
        maitre = BaseCentre(f"{serveur}/postgres")
        with maitre.moteur.connect().execution_options(isolation_level="AUTOCOMMIT") as connexion:
            connexion.execute(text(f"DROP DATABASE IF EXISTS {VIDE_PG}"))
            connexion.execute(text(f"CREATE DATABASE {VIDE_PG}"))
        maitre.fermer()
        moteur = BaseCentre(f"{serveur}/{VIDE_PG}").moteur
    yield moteur, *(("guichet.store", du_poste) if request.param == "store" else ("guichet.central", du_centre))
    moteur.dispose()


def _ecarts(connexion, tables: MetaData):
    def a_nous(nom, type_, parent):
        return not (type_ == "table" and (nom.startswith(("recherche_mots", "recherche_milieux")) or nom == "alembic_version"))

    contexte = MigrationContext.configure(connexion, opts={"include_name": a_nous, "compare_type": False})
    return [
        e
        for e in compare_metadata(contexte, [Base.metadata, tables])
        if "recherche_mots" not in str(e) and "recherche_milieux" not in str(e)
    ]


def test_from_empty_the_schema_is_the_models(bout):
    moteur, paquet, tables = bout
    with moteur.begin() as connexion:
        migrer(connexion, paquet)
        assert _ecarts(connexion, tables) == []


def test_from_each_earlier_revision_rows_stay(bout):
    moteur, paquet, _ = bout
    anciennes = revisions(paquet)[:-1]
    assert anciennes
    for ancienne in anciennes:
        with moteur.begin() as connexion:
            migrer(connexion, paquet, ancienne)
            connexion.execute(
                insert(Personne).values(
                    scope_id="s", id=uuid7(), nom_naissance="Estève", prenoms="Camille", sexe="F", ne_le=_jour(), cle="ESTEVE CAMILLE"
                )
            )
            if paquet == "guichet.store":
                connexion.execute(
                    insert(recherche).values(
                        rid=int(ancienne),
                        scope_id="s",
                        personne_id="p",
                        dossier_id="d",
                        cle="ESTEVE CAMILLE",
                        nom="Estève",
                        prenoms="Camille",
                        ne_le=_jour(),
                        role="responsable",
                        numero="1",
                    )
                )
        with moteur.begin() as connexion:
            migrer(connexion, paquet)
            assert connexion.scalar(text("SELECT nom_naissance FROM personne")) == "Estève"
            if paquet == "guichet.store":
                assert connexion.scalar(text("SELECT rowid FROM recherche_mots WHERE recherche_mots MATCH 'CAM*'")) == 1


def test_a_newer_schema_is_left_alone(bout):
    moteur, paquet, _ = bout
    with moteur.begin() as connexion:
        migrer(connexion, paquet)
        connexion.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with moteur.begin() as connexion, pytest.raises(SchemaTropRecent):
        migrer(connexion, paquet)


def test_migrating_twice_changes_nothing(tmp_path):
    for _ in range(2):
        coffre = ouvrir(tmp_path, "une phrase de passe d'essai")
        with coffre.lecture() as connexion:
            assert connexion.scalar(text("SELECT version_num FROM alembic_version")) == revisions("guichet.store")[-1]
        coffre.fermer()


def _jour():
    from datetime import date

    return date(1991, 6, 14)
