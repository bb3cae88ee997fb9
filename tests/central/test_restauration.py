"""The runbook of docs/exploitation.md, rehearsed on both engines: backup, work, restore, new epoch, everything comes back."""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select

from guichet.central.base import BaseCentre
from guichet.central.fil import Ecrit, inscrire
from guichet.central.tables import applied, quarantine, reglage, scope_head
from guichet.contract.sync import Mutation
from guichet.models import Agent, Contact, Declaration, Habilitation, uuid7
from guichet.services import locataires
from guichet.store import sortie
from guichet.sync.client import ClientCentre
from guichet.sync.erreurs import Injoignable
from tests.outils import CentreEnMarche, guichet
from tests.sync.outils import CAF, poste

_VISITE = {
    "agent_id": "a", "dossier_id": "d", "personne_id": "p", "qualite": "allocataire", "preuve": "Carte",
    "ouverte_le": "2026-11-21T10:00:00+00:00",
}  # fmt: skip


@pytest.fixture
def sauvegarde(url_base, tmp_path):
    """Return how to back a centre up and how to put the backup back."""
    fichier = tmp_path / "sauvegarde"
    if url_base.startswith("sqlite"):
        chemin = Path(make_url(url_base).database)

        def remettre():
            for reste in ("-wal", "-shm"):
                Path(f"{chemin}{reste}").unlink(missing_ok=True)
            shutil.copy(fichier, chemin)

        return lambda: guichet("centre", "sauvegarder", "--base", url_base, "--vers", str(fichier)).returncode == 0, remettre
    outils = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    commandes = (
        [outils / "pg_dump", "--format=custom", f"--file={fichier}", url_base],
        [outils / "pg_restore", "--clean", "--if-exists", f"--dbname={url_base}", fichier],
    )
    faire = [lambda c=c: subprocess.run(c, check=True, capture_output=True).returncode == 0 for c in commandes]
    return faire[0], faire[1]


def test_a_restored_centre_gets_back_from_the_workstations_what_its_backup_lacks(url_base, tmp_path, sauvegarde):
    sauver, remettre = sauvegarde
    centre = CentreEnMarche(url_base, tmp_path / "pieces")
    centre.demarrer()
    port = centre.url.rsplit(":", 1)[1]
    session = poste(tmp_path / "poste", centre, "bailleur.social")
    session.synchroniser()
    assert sauver()
    ids = sorted(locataires.identifiants(session, locataires.criteres(attendus=True, nom="", numero="", code_postal="")))[:7]
    locataires.declarer_loyers(session, dict.fromkeys(ids, 50_000), date(2026, 7, 1))
    session.synchroniser()
    assert _declarations(url_base) == 7
    centre.tuer()
    remettre()
    assert _declarations(url_base) == 0
    avant = _epoques(url_base)
    rendu = guichet("centre", "retablir", "--base", url_base)
    assert rendu.returncode == 0, rendu.stderr
    apres = _epoques(url_base)
    assert avant.keys() == apres.keys()
    assert not set(avant.values()) & set(apres.values())
    centre.demarrer(f"127.0.0.1:{port}")
    bilan = session.synchroniser()
    assert bilan.repares == 0
    assert _declarations(url_base) == 7
    assert _en_retablissement(url_base)
    assert guichet("centre", "retablir", "--base", url_base, "--terminer").returncode == 0
    assert not _en_retablissement(url_base)
    session.fermer()
    centre.tuer()


def test_postgresql_is_backed_up_by_its_own_tool(url_pg, tmp_path):
    rendu = guichet("centre", "sauvegarder", "--base", url_pg, "--vers", str(tmp_path / "x"))
    assert rendu.returncode == 2
    assert "pg_dump" in rendu.stderr


def _lire(url, requete):
    base = BaseCentre(url)
    with base.lecture() as connexion:
        lu = connexion.execute(requete).all()
    base.fermer()
    return lu


def _declarations(url):
    return _lire(url, select(func.count()).select_from(Declaration))[0][0]


def _epoques(url):
    return dict(_lire(url, select(scope_head.c.scope_id, scope_head.c.epoch)))


def _en_retablissement(url):
    return _lire(url, select(reglage.c.retablissement))[0][0]


def _droit(base, login):
    """Return the right of an agent on his site, as the centre holds it."""
    h = Habilitation.__table__
    with base.lecture() as connexion:
        agent = connexion.execute(select(Agent.id, Agent.scope_id).where(Agent.login == login)).one()
        droits = connexion.execute(select(h).where(h.c.scope_id == agent.scope_id, h.c.agent_id == agent.id)).mappings().all()
    return next(dict(d) for d in droits if d["portee"].startswith("site"))


@pytest.fixture
def retabli(url_base, tmp_path, sauvegarde):
    """A counter in step with a centre, and what puts the centre back to that moment: stopped, restored, told so, started again."""
    sauver, remettre = sauvegarde
    centre = CentreEnMarche(url_base, tmp_path / "pieces")
    centre.demarrer()
    port = centre.url.rsplit(":", 1)[1]
    session = poste(tmp_path / "poste", centre, CAF)
    session.synchroniser()
    base = BaseCentre(url_base)
    assert sauver()

    def retablir(*ensuite):
        centre.tuer()
        base.fermer()
        remettre()
        assert guichet("centre", "retablir", "--base", url_base).returncode == 0
        for faire in ensuite:
            faire()
        centre.demarrer(f"127.0.0.1:{port}")

    yield session, base, retablir
    session.fermer()
    base.fermer()
    centre.tuer()


def _coupee(*_, **__):
    raise Injoignable


def test_acts_judged_before_a_restore_are_sent_again_when_hello_leaves_their_scope_out(retabli, monkeypatch):
    """Its lane is not known then: sending only what waits would declare the rest lost, and the centre would believe it."""
    session, base, retablir = retabli
    droit = _droit(base, CAF)
    portee = droit["portee"]

    def visite():
        with session.coffre.ecriture() as connexion:
            return sortie.poster(connexion, portee, "Visite", [Mutation("new", "visite", uuid7(), dict(_VISITE))])

    def retirer(au):
        with base.ecriture() as connexion:
            inscrire(connexion, droit["scope_id"], [Ecrit("habilitation", droit["id"], droit | {"au": au})])

    avant = visite()
    session.synchroniser()
    apres = visite()
    retablir(lambda: retirer(droit["du"]))
    with monkeypatch.context() as coupure:
        coupure.setattr(ClientCentre, "page", _coupee)
        with pytest.raises(Injoignable):
            session.synchroniser()
    retirer(None)
    assert session.synchroniser().repares == 0
    with base.lecture() as connexion:
        gardees = set(connexion.scalars(select(quarantine.c.id).where(quarantine.c.scope_id == portee)))
        jugees = set(connexion.scalars(select(applied.c.opid).where(applied.c.scope_id == portee)))
    assert {avant, apres} <= gardees | jugees


def test_an_edit_refused_for_want_of_its_row_does_not_stay_when_the_row_comes_back(retabli, monkeypatch, url_base):
    session, base, retablir = retabli
    portee, id_ = _droit(base, CAF)["portee"], uuid7()

    def rendre():
        with base.ecriture() as connexion:
            inscrire(connexion, portee, [Ecrit("contact", id_, {"personne_id": "p", "type": "courriel", "valeur": "avant@exemple.fr"})])

    rendre()
    session.synchroniser()
    with session.coffre.ecriture() as connexion:
        edition = Mutation("set", "contact", id_, {"valeur": "apres@exemple.fr"}, {"valeur": "avant@exemple.fr"})
        sortie.poster(connexion, portee, "Contact", [edition])
    retablir(lambda: guichet("centre", "retablir", "--base", url_base, "--terminer"))
    with monkeypatch.context() as coupure:
        coupure.setattr(ClientCentre, "page", _coupee)
        with pytest.raises(Injoignable):
            session.synchroniser()
    rendre()
    assert session.synchroniser().repares == 0
    with session.coffre.lecture() as connexion:
        assert connexion.scalar(select(Contact.valeur).where(Contact.id == id_)) == "avant@exemple.fr"
        assert sortie.comptes(connexion).refuses == 1
