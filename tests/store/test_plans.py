"""No query of the window walks a growing table: each is recorded from the services and explained by SQLite itself."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, text

from guichet.models.enums import Qualite
from guichet.services import documents, dossiers, envois, locataires, rendezvous, reperes, visites
from tests.sync.outils import poste

PETITES = {
    "coffre", "curseur", "agent", "prestation", "delai", "motif", "site", "bailleur", "fichier", "poste", "creneau_tenu", "creneau_a_rendre", "scelle",
    "habilitation", "organisme",
}  # fmt: skip
"""One row, one per scope, or reference data of a few dozen lines."""


class Oreille:
    """Hears the queries of a session."""

    def __init__(self, session):
        self.requetes = {}
        event.listen(session.coffre._moteur, "before_cursor_execute", self._entendre)

    def _entendre(self, _connexion, _curseur, requete, parametres, *_):
        if requete.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            self.requetes.setdefault(requete, parametres)


def _plans(session, requetes):
    with session.coffre.lecture() as connexion:
        for requete, parametres in list(requetes.items()):
            yield requete, [x[3] for x in connexion.exec_driver_sql(f"EXPLAIN QUERY PLAN {requete}", parametres)]


def _fautes(session, requetes):
    alias = {"m": "membre", "d": "dossier", "p": "personne", "i": "identifiant", "c": "contact", "a": "contact"}
    fautes = []
    for requete, plan in _plans(session, requetes):
        for pas in plan:
            mots = pas.split()
            table = alias.get(mots[1], mots[1]) if len(mots) > 1 else ""
            exempte = table in PETITES or table.startswith(("(", "anon_")) or "COVERING INDEX" in pas or "VIRTUAL TABLE" in pas
            if mots[0] == "SCAN" and not exempte:
                fautes.append((pas, requete[:300]))
    return fautes


@pytest.fixture
def caf(centre, tmp_path):
    session = poste(tmp_path / "caf", centre, "conseiller.caf31")
    session.synchroniser()
    session.synchroniser()
    yield session
    session.fermer()


@pytest.fixture
def bailleur(centre, tmp_path):
    session = poste(tmp_path / "bailleur", centre, "bailleur.social")
    session.synchroniser()
    yield session
    session.fermer()


def test_the_counter_s_queries_search_and_never_walk(caf):
    oreille, aujourd_hui = Oreille(caf), date.today()
    with caf.coffre.lecture() as connexion:
        x = connexion.execute(
            text("SELECT * FROM recherche WHERE nir IS NOT NULL AND telephone IS NOT NULL AND role = 'responsable' LIMIT 1")
        ).one()
    oreille.requetes.clear()
    for saisie in (x.nom, f"{x.prenoms} {x.nom}", x.nir, x.numero, x.telephone, f"{x.ne_le}", x.nom[1:6], x.numero[2:6], x.nir[3:9]):
        dossiers.chercher(caf, saisie, aujourd_hui)
    carte = dossiers.ouvrir(caf, x.scope_id, x.dossier_id, aujourd_hui)
    dossiers.relire(caf, carte, aujourd_hui)
    visite = visites.ouvrir(caf, carte.portee, carte.dossier_id, x.personne_id, Qualite.ALLOCATAIRE, "Carte")
    visites.reprendre(caf)
    documents.du_dossier(caf, visite)
    creneau = rendezvous.creneaux(caf, datetime.now(UTC))[0]
    rendezvous.motifs(caf)
    id_ = rendezvous.reserver_creneau(caf, creneau, "04", visite)
    rendezvous.lire(caf, id_)
    rendezvous.du_dossier(caf, carte.dossier_id)
    visites.terminer(caf, visite)
    reperes.prestations(caf, "rsa")
    envois.lister(caf)
    envois.avis(caf)
    caf.etat()
    assert len(oreille.requetes) > 35
    assert _fautes(caf, oreille.requetes) == []


def test_the_middle_of_a_name_or_of_a_number_is_found(caf):
    with caf.coffre.lecture() as connexion:
        x = connexion.execute(text("SELECT * FROM recherche WHERE nir IS NOT NULL AND length(nom) > 6 LIMIT 1")).one()
    for milieu in (x.nom[1:6], x.nom[2:], x.numero[1:6], x.nir[4:11]):
        trouves = dossiers.chercher(caf, milieu, date.today()).trouves
        assert x.personne_id in {t.personne_id for t in trouves}, milieu


def test_a_pass_searches_too(caf):
    oreille = Oreille(caf)
    test = [e.opid for e in envois.lister(caf)]
    caf.synchroniser()
    assert test == [e.opid for e in envois.lister(caf)]
    fautes = [f for f in _fautes(caf, oreille.requetes) if "ligne" not in f[0]]
    assert fautes == []


def test_a_pass_does_not_walk_what_was_sent_these_last_weeks(caf):
    oreille = Oreille(caf)
    _appeler(caf)
    caf.synchroniser()
    lues = {r: p for r, p in oreille.requetes.items() if "FROM sortie" in r and ("sortie.lseq >" in r or "saisi_le <" in r)}
    plans = [" ".join(plan) for _, plan in _plans(caf, lues)]
    assert len(plans) == 2
    assert all("ix_sortie_etat" in plan or "ix_sortie_saisie" in plan for plan in plans), plans


def _appeler(session):
    """Note a visit, so that something leaves."""
    with session.coffre.lecture() as connexion:
        x = connexion.execute(text("SELECT * FROM recherche WHERE role = 'responsable' LIMIT 1")).one()
    carte = dossiers.ouvrir(session, x.scope_id, x.dossier_id, date.today())
    visites.ouvrir(session, carte.portee, carte.dossier_id, x.personne_id, Qualite.ALLOCATAIRE, "Carte")


@pytest.mark.parametrize(
    "filtre",
    [{}, {"attendus": True}, {"nom": "MART"}, {"numero": "200"}, {"code_postal": "31"}, {"attendus": True, "nom": "A"}],
    ids=str,
)  # fmt: skip
def test_the_list_of_tenants_is_counted_and_read_from_covering_indexes_in_its_order(bailleur, filtre):
    criteres = locataires.criteres(**({"attendus": False, "nom": "", "numero": "", "code_postal": ""} | filtre))
    oreille = Oreille(bailleur)
    locataires.compter(bailleur, criteres)
    locataires.lire(bailleur, criteres, 0, 128)
    locataires.identifiants(bailleur, criteres)
    listes = {r: p for r, p in oreille.requetes.items() if "FROM locataire" in r}
    assert _fautes(bailleur, listes) == []
    couvertes = 0
    for _, plan in _plans(bailleur, listes):
        choix = [
            pas
            for pas in plan
            if "locataire" in pas.split()[1:2] and "PRIMARY" not in pas and "pk_locataire" not in pas and "autoindex" not in pas
        ]
        assert all("COVERING INDEX" in pas for pas in choix), choix
        couvertes += len(choix)
    assert couvertes >= 3


def test_names_and_dates_of_birth_are_read_in_their_order_without_a_sort(caf):
    oreille = Oreille(caf)
    with caf.coffre.lecture() as connexion:
        x = connexion.execute(text("SELECT nom, ne_le FROM recherche LIMIT 1")).one()
    oreille.requetes.clear()
    dossiers.chercher(caf, x.nom[:2], date.today())
    dossiers.chercher(caf, date.fromisoformat(x.ne_le).strftime("%d/%m/%Y"), date.today())
    tries = {r: p for r, p in oreille.requetes.items() if "recherche.cle >=" in r or "recherche.ne_le =" in r}
    # What tells whether somebody stands there is asked once, beside.
    plans = [[x for x in plan if "recherche" in x or "TEMP B-TREE" in x] for _, plan in _plans(caf, tries)]
    assert len(plans) == 2
    assert all(len(plan) == 1 and "USING INDEX ix_recherche_" in plan[0] for plan in plans), plans


def test_slots_are_read_by_date_without_a_sort(caf):
    oreille = Oreille(caf)
    rendezvous.creneaux(caf, datetime.now(UTC))
    (plan,) = [plan for requete, plan in _plans(caf, {r: p for r, p in oreille.requetes.items() if "own_device" in r})]
    assert any("ix_creneau_scope_id_etat_debut" in pas for pas in plan), plan
