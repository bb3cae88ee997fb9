"""Ready for a distributed engine: every key of what grows leads with its scope, and no transaction of the API touches two scopes."""

import re
from datetime import date

import pytest
from litestar.testing import TestClient
from sqlalchemy import UniqueConstraint, event, select

from guichet.central.app import creer_application
from guichet.central.base import BaseCentre
from guichet.central.identity.tables import IDENTITE
from guichet.central.tables import metadata
from guichet.models import Base, Locataire, uuid7
from tests.central.test_centre import BAILLEUR, CAF, Poste, _creneau_libre, _envoyer, _loyer, _rdv, _un
from tests.central.test_protocole import _posseder, _rendre, _visite

PETITES = {"reglage", "jeton", "papier", "lien_telephone", "photo_telephone"} | IDENTITE
"""Reference tables: one row; and what signing in needs, mostly found by its hash before anybody knows whose it is, as are a paper and the

link of a telephone, which lives for minutes."""
TABLES = [t for m in (Base.metadata, metadata) for t in m.tables.values()]


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_key_of_a_growing_table_leads_with_its_scope(table):
    if table.name in PETITES:
        return
    assert table.primary_key.columns.values()[0].name == "scope_id"
    for contrainte in table.constraints:
        if isinstance(contrainte, UniqueConstraint):
            assert contrainte.columns.values()[0].name == "scope_id"
    for index in table.indexes:
        assert index.columns.values()[0].name == "scope_id", index.name
    for cle in table.foreign_key_constraints:
        assert cle.column_keys[0] == "scope_id"


def test_the_exceptions_are_those_named():
    assert {t.name for t in TABLES if "scope_id" not in t.columns} == PETITES


class _Oreille:
    """Hears every statement with the scopes that its parameters name, transaction by transaction."""

    _PORTEE = re.compile(r"(?:site|agenda|bailleur|user|ref|registre):[\w:.-]+")

    def __init__(self, moteur):
        self.transactions = []
        self._en_cours = {}
        event.listen(moteur, "begin", self._commencer)
        event.listen(moteur, "before_cursor_execute", self._entendre)

    def _commencer(self, connexion):
        courante = self._en_cours[id(connexion.connection.dbapi_connection)] = (set(), [])
        self.transactions.append(courante)

    def _entendre(self, connexion, _curseur, requete, parametres, *_):
        courante = self._en_cours.get(id(connexion.connection.dbapi_connection))
        if courante is not None:
            portees = self._PORTEE.findall(repr(parametres))
            # a right names another scope by value: it is a row of its agent's own scope
            courante[0].update(p for p in portees if "habilitation" not in requete)
            courante[1].append(requete)


def test_no_transaction_of_the_api_touches_two_scopes(url_base, tmp_path):
    """Recorded from real traffic: sign-in, enrolment, hello, walks, every act, slots, files, checks."""
    base = BaseCentre(url_base)
    oreille = _Oreille(base.moteur)
    with TestClient(creer_application(base, tmp_path / "pieces")) as client:
        caf, bailleur = Poste(client, base, CAF), Poste(client, base, BAILLEUR)
        site, agenda, loueur = caf.portee("site"), caf.portee("agenda"), bailleur.portee("bailleur")
        oreille.transactions.clear()
        for poste in (caf, bailleur):
            assert poste.enroler().status_code == 200
            assert poste.bonjour().status_code == 200
            for portee in poste.portees:
                assert poste.tirer(portee).status_code == 200
                params = {"portee": portee, "epoque": poste.portees[portee]["epoque"]}
                assert client.get("/v1/sync/check", params=params, headers=poste.entetes).status_code == 200
        caf.faire(site, "visite", _visite())
        libre = _creneau_libre(base)
        _posseder(client, caf, libre)
        _rendre(client, caf, [[libre, 1]], 0)
        caf.faire(agenda, "rendez_vous", _rdv(libre))
        locataire = _un(base, select(Locataire.id).where(Locataire.scope_id == loueur, Locataire.loyer_etat == "attendu"))
        bailleur.faire(loueur, "declaration", _loyer(locataire))
        bailleur.faire(bailleur.portee("user"), "journal", {"le": f"{date.today()}T08:00:00Z", "action": "x", "objet": uuid7()})
        assert _envoyer(client, caf, site, b"%PDF-1.7 essai")[1].status_code == 200
    vues = [t for t in oreille.transactions if t[1]]
    assert len(vues) > 40
    assert {p for portees, _ in vues for p in portees} >= {site, agenda, loueur}
    assert [t for t in vues if len(t[0]) > 1] == []
    base.fermer()
