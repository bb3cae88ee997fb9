"""A damaged vault, repaired against a real centre: what was done is there, the rest comes back, what is missing is said."""

import shutil
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from guichet.central.tables import applied, lane
from guichet.contract.sync import Mutation
from guichet.models import Contact, Dossier, uuid7
from guichet.services.session import ouvrir_session
from guichet.store import ancre, demarches, fichiers, reparation, sortie
from guichet.store import journal as du_poste
from guichet.store.coffre import EN_REPARATION
from guichet.store.erreurs import CleAbimee, CoffreAbime
from guichet.store.reparation import raconter, reparer
from tests.outils import guichet
from tests.sync.outils import CAF, poste

_UN_DOSSIER = select(Dossier.id).order_by(Dossier.id).limit(1)
PHRASE = "une phrase de passe d'essai"


@pytest.fixture
def profil(centre, tmp_path):
    """In step with the centre, then three acts and a scan made without it."""
    session = poste(tmp_path / "profil", centre, CAF)
    session.synchroniser()
    _travailler(session, "pendant la coupure", 3)
    with session.coffre.ecriture() as connexion:
        fichiers.ranger(connexion, session.coffre.dossier, session.agent().travail, b"une page")
        demarches.garder(connexion, connexion.scalar(_UN_DOSSIER), "coordonnees", {"telephone": "05 55"}, datetime.now(UTC))
    session.fermer()
    return tmp_path / "profil"


def _travailler(session, valeur, combien):
    """Change the same telephone several times, each by an act, and journal it."""
    portee = session.agent().travail
    for n in range(combien):
        with session.coffre.ecriture() as connexion:
            x = connexion.execute(
                select(Contact.id, Contact.valeur).where(Contact.scope_id == portee).order_by(Contact.id).offset(n).limit(1)
            ).one()
            sortie.poster(
                connexion, portee, "Contact", [Mutation("set", "contact", x.id, {"valeur": f"{valeur} {n}"}, {"valeur": x.valeur})]
            )
            du_poste.inscrire(connexion, uuid7(), session.agent().id, datetime.now(UTC), "modification", x.id, "")


def _abimer(profil, ou):
    """Change a byte of the database, so far in it."""
    base = profil / "coffre.db"
    octets = bytearray(base.read_bytes())
    octets[int(len(octets) * ou)] ^= 0xFF
    base.write_bytes(octets)


def _appareil(profil):
    session = ouvrir_session(profil, PHRASE)
    ici = session.coffre.appareil
    session.fermer()
    return ici


def _rouvrir(profil, centre):
    session = poste(profil, centre, CAF)
    session.synchroniser()
    return session


def test_what_was_done_leaves_once_and_the_rest_comes_back(profil, centre, base):
    appareil = _appareil(profil)
    _abimer(profil, 0.5)
    with pytest.raises(CoffreAbime, match="Rien n'a été modifié"):
        ouvrir_session(profil, PHRASE)
    rapport = reparer(profil, PHRASE)
    assert (rapport.en_attente, rapport.manquants, rapport.complet) == (3, 0, True)
    assert "Rien de ce que vous aviez enregistré ne manque" in raconter(rapport)
    assert rapport.de_cote.exists()
    session = _rouvrir(profil, centre)
    assert session.coffre.appareil == appareil
    with session.coffre.lecture() as connexion:
        assert sortie.comptes(connexion).en_attente == 0
        valeurs = set(connexion.scalars(select(Contact.valeur)))
        assert du_poste.controler(connexion)[0] == []
        assert demarches.lire(connexion, connexion.scalar(_UN_DOSSIER), "coordonnees").saisies == {"telephone": "05 55"}
        scan = fichiers.a_envoyer(connexion)[0]
        assert fichiers.lire(connexion, profil, scan.portee, scan.sha256) == b"une page"
    assert {f"pendant la coupure {n}" for n in range(3)} <= valeurs
    _travailler(session, "après", 2)
    assert session.synchroniser().envoyees == 2
    with base.lecture() as connexion:
        assert connexion.scalar(select(func.count()).select_from(applied).where(applied.c.device_id == appareil)) == 5
    session.fermer()


def test_acts_that_the_centre_had_executed_are_not_done_twice(profil, centre, base):
    """The vault is the one of before the sending: the same acts leave again, under the same numbers."""
    avant = profil.with_name("avant")
    shutil.copytree(profil, avant, ignore=shutil.ignore_patterns("verrou"))
    _rouvrir(profil, centre).fermer()
    _abimer(avant, 0.5)
    assert reparer(avant, PHRASE).en_attente == 3
    session = _rouvrir(avant, centre)
    with session.coffre.lecture() as connexion:
        assert sortie.comptes(connexion) == sortie.Comptes(0, 0)
    with base.lecture() as connexion:
        assert connexion.scalar(select(func.max(lane.c.last)).where(lane.c.device_id == session.coffre.appareil)) == 3
    session.fermer()


def test_lost_acts_are_counted_and_said(profil, centre):
    """The end of the log went with the disk: the anchor knows how far the vault had gone."""
    ancre.noter(profil, ancre.lire(profil) + 4)
    with pytest.raises(CoffreAbime):
        ouvrir_session(profil, PHRASE)
    rapport = reparer(profil, PHRASE)
    assert (rapport.manquants, rapport.complet) == (4, False)
    assert "au moins 4" in raconter(rapport)
    assert "Le dernier qui a été retrouvé date du" in raconter(rapport)
    session = _rouvrir(profil, centre)
    _travailler(session, "après", 1)
    session.synchroniser()
    with session.coffre.lecture() as connexion:
        assert sortie.comptes(connexion) == sortie.Comptes(0, 0)
        assert du_poste.controler(connexion)[0] == []
    session.fermer()


@pytest.mark.parametrize("mal", ["vide", "absente", "entete", "autre"])
def test_where_nothing_can_be_read_the_vault_starts_again_and_says_so(profil, centre, mal, tmp_path):
    fichier = profil / "coffre.db"
    if mal == "vide":
        fichier.write_bytes(b"")
    elif mal == "absente":
        fichier.unlink()
    elif mal == "entete":
        fichier.write_bytes(b"\0" * 4096 + fichier.read_bytes()[4096:])
    else:
        ouvrir_session(tmp_path / "autre", PHRASE).fermer()
        fichier.write_bytes((tmp_path / "autre" / "coffre.db").read_bytes())
    rapport = reparer(profil, PHRASE)
    assert (rapport.en_attente, rapport.complet) == (0, False)
    assert rapport.manquants == 3
    session = _rouvrir(profil, centre)
    _travailler(session, "après", 1)
    assert session.synchroniser().envoyees == 1
    session.fermer()
    ouvrir_session(profil, PHRASE).fermer()


@pytest.mark.parametrize("fonction", ["_relire", "_refaire", "raconter"])
def test_a_repair_cut_at_any_point_is_picked_up(profil, centre, monkeypatch, fonction):
    _abimer(profil, 0.5)

    class Coupure(BaseException):
        pass

    def couper(*_):
        raise Coupure

    with monkeypatch.context() as m:
        if fonction == "raconter":  # the new vault is in place, the mark still there
            m.setattr(type(profil), "unlink", lambda *a, **k: couper() if a[0].name == EN_REPARATION else None)
        else:
            m.setattr(reparation, fonction, couper)
        with pytest.raises(Coupure):
            reparer(profil, PHRASE)
    with pytest.raises(CoffreAbime):
        ouvrir_session(profil, PHRASE)
    assert reparer(profil, PHRASE).en_attente == 3
    assert len(list(profil.glob("coffre.db.hs-*"))) <= 2
    session = _rouvrir(profil, centre)
    with session.coffre.lecture() as connexion:
        assert {f"pendant la coupure {n}" for n in range(3)} <= set(connexion.scalars(select(Contact.valeur)))
    session.fermer()


def test_a_sound_vault_is_left_as_it_is(profil):
    avant = (profil / "coffre.db").read_bytes()
    rapport = reparer(profil, PHRASE)
    assert rapport.de_cote is None
    assert "rien à réparer" in raconter(rapport)
    assert (profil / "coffre.db").read_bytes() == avant


def test_by_the_command_line(profil):
    _abimer(profil, 0.5)
    rendu = guichet("coffre", "reparer", "--profil", str(profil))
    assert rendu.returncode == 0, rendu.stderr
    assert "retrouvés : 3" in rendu.stdout
    (profil / "cle.json").unlink()
    rendu = guichet("coffre", "reparer", "--profil", str(profil))
    assert rendu.returncode == 1
    assert str(CleAbimee()) in rendu.stderr
