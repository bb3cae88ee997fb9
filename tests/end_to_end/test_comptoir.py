"""A day at the counter, through the real window and a centre of its own process; the line is cut and comes back."""

import io
import socket
from pathlib import Path

import httpx2
import pypdf
import pytest
from PySide6.QtCore import Qt
from sqlalchemy import func, select, text

from guichet.central.base import BaseCentre
from guichet.central.tables import sync_row
from guichet.models import Creneau, Declaration, Document, Locataire, RendezVous, Reservation, Visite
from guichet.rules.identifiants import cle_nir
from guichet.rules.masques import nir_lisible
from guichet.store import replique
from tests.outils import ICI, CentreEnMarche, Ligne
from tests.views.outils import cliquer, entrer, ouvrir_fenetre, photographier, repondre

PAPIERS = [ICI / "donnees" / "photo.jpg", ICI / "donnees" / "trois.tif"]
"""A photo, and a file of three pages."""
MOIS = "Conseillère Caf 31"


@pytest.fixture
def base(centre):
    ouverte = BaseCentre(centre.base)
    yield ouverte
    ouverte.fermer()


@pytest.fixture
def ligne():
    """The line by which workstations know the centre, which signs people in for that address alone: its end is chosen before the centre is served."""
    with socket.create_server(("127.0.0.1", 0)) as prise:
        port = prise.getsockname()[1]
    ouverte = Ligne(f"http://127.0.0.1:{port}")
    yield ouverte
    ouverte.couper()


@pytest.fixture
def centre(ligne, url_sqlite, tmp_path):
    en_marche = CentreEnMarche(url_sqlite, tmp_path / "pieces", "--adresse-publique", ligne.url)
    en_marche.demarrer(f"127.0.0.1:{ligne.cible[1]}")
    yield en_marche
    en_marche.tuer()


def _un_nir(base):
    with base.lecture() as connexion:
        return connexion.execute(
            text(
                "SELECT i.valeur FROM identifiant i JOIN membre m ON m.personne_id = i.personne_id AND m.scope_id = i.scope_id"
                " WHERE i.type = 'nir' AND m.role = 'responsable' AND i.scope_id = 'site:caf-31:toulouse-riquet' ORDER BY i.id LIMIT 1"
            )
        ).scalar_one()


def _trouver_et_accueillir(qtbot, fenetre, nir):
    page = fenetre.page("dossiers")
    page.recherche.clear()
    qtbot.keyClicks(page.recherche, nir_lisible(nir + cle_nir(nir)))
    qtbot.waitUntil(lambda: page.liste.count() == 1)
    qtbot.keyClick(page.recherche, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.presenter.carte is not None)
    assert nir not in page.carte.sous_titre.text()
    repondre(qtbot, "Ouvrir la visite", lambda: cliquer(qtbot, page, "Ouvrir une visite"))
    qtbot.waitUntil(fenetre.banniere.isVisible)
    qtbot.waitUntil(lambda: page.presenter.carte is not None)  # read again, for who sits there
    return page.presenter.carte


def _reserver(qtbot, fenetre):
    page = fenetre.page("rendezvous")
    qtbot.waitUntil(lambda: page.table.model().rowCount() > 0)
    page.motif.setCurrentIndex(page.motif.findData("04"))
    page.table.setFocus()
    page.table.selectRow(2)
    site = page.presenter.creneaux[2].site_nom
    question = repondre(qtbot, "Valider", lambda: qtbot.keyClick(page.table, Qt.Key.Key_Return))
    assert question == f"Vous avez choisi un rendez-vous sur le site {site}. Confirmez-vous votre choix ?"
    qtbot.waitUntil(lambda: bool(page.resume.issue.text()))
    return page


def _envoyer(qtbot, fenetre, nom):
    page = fenetre.page("documents")
    page.presenter.importer(PAPIERS)
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 4)
    page.envoi.type_piece.setCurrentIndex(page.envoi.type_piece.findData("autre"))
    page.envoi.nom.setText(nom)
    cliquer(qtbot, page, "Envoyer au dossier")
    qtbot.waitUntil(lambda: nom in page.message.text())
    assert page.presenter.pages == ()


def _declarer(qtbot, fenetre, code_postal):
    page = fenetre.page("bailleur")
    qtbot.waitUntil(lambda: page.compte.text().startswith("Vous recherchez"))
    page.attendus.setChecked(True)
    page.code_postal.setText(code_postal)
    avant = page.presenter._generation
    cliquer(qtbot, page, "Appliquer")
    qtbot.waitUntil(lambda: page.presenter._generation > avant)
    total = page.presenter.total
    assert total > 0
    cliquer(qtbot, page, page.tout.text())
    qtbot.waitUntil(lambda: page.selection.text() == f"Vous avez sélectionné {total} locataire(s)")
    cliquer(qtbot, page, "Continuer")
    qtbot.waitUntil(page.loyers.isVisible)
    page.loyers.modele.setData(page.loyers.modele.index(0, 3), "700,50")
    repondre(qtbot, "Déclarer", lambda: cliquer(qtbot, page.loyers, "Déclarer"))
    qtbot.waitUntil(lambda: page.table.isVisible() and page.presenter.total == 0)
    return total


def _tout_est_disponible(qtbot, base):
    """Wait until the centre has analysed what it received."""

    def etats():
        with base.lecture() as connexion:
            return set(connexion.execute(select(Document.etat)).scalars())

    qtbot.waitUntil(lambda: etats() == {"disponible"})


def _tout_est_parti(qtbot, fenetre):
    """Wait until nothing waits, in the store and on the screen."""

    def rien_n_attend():
        etat = fenetre.poste.session.etat()
        return not (etat.comptes.en_attente or etat.fichiers_en_attente)

    fenetre.poste.synchroniser()
    qtbot.waitUntil(rien_n_attend)
    with qtbot.waitSignal(fenetre.poste.etat_change):
        fenetre.poste.synchroniser()
    qtbot.waitUntil(lambda: fenetre.barre.envois.text() == "Tout est envoyé")
    qtbot.waitUntil(lambda: "Connecté" in fenetre.barre.connexion.text())


def _converge(qtbot, fenetre, base):
    """Every followed scope becomes, row by row, what the centre has, and nobody asks for it: a file sent has its state by the next pass."""
    qtbot.waitUntil(lambda: _memes_lignes(fenetre, base))


def _memes_lignes(fenetre, base):
    with fenetre.poste.session.coffre.lecture() as ici, base.lecture() as la_bas:
        for portee in replique.curseurs(ici):
            locales = {(x.id, x.rev) for x in ici.execute(text("SELECT id, rev FROM ligne WHERE scope_id = :p"), {"p": portee})}
            centrales = {
                (x.id, x.rev)
                for x in la_bas.execute(select(sync_row.c.id, sync_row.c.rev).where(sync_row.c.scope_id == portee, ~sync_row.c.deleted))
            }
            assert locales == centrales
            for table in ("visite", "document", "rendez_vous", "declaration"):
                compte = text(f"SELECT count(*) FROM {table} WHERE scope_id = :p")
                assert ici.scalar(compte, {"p": portee}) == la_bas.scalar(compte, {"p": portee})


@pytest.mark.exigence("BAI-01", "BAI-04", "BAI-08", "BAI-10", "RDV-02", "RDV-04", "RDV-12")
def test_a_day_at_the_counter_with_the_line_cut(qtbot, centre, ligne, base, tmp_path):
    nir = _un_nir(base)
    fenetre = ouvrir_fenetre(qtbot, tmp_path / "profils", ligne.url)

    # The advisor: find by NIR with spaces, open a visit, book, scan, send.
    entrer(qtbot, fenetre, MOIS)
    carte = _trouver_et_accueillir(qtbot, fenetre, nir)
    photographier(fenetre, "comptoir-dossier")
    rdv = _reserver(qtbot, fenetre)
    qtbot.waitUntil(lambda: rdv.resume.issue.text() == "✓ Confirmé")
    photographier(fenetre, "comptoir-rendez-vous")
    _envoyer(qtbot, fenetre, "Trois bulletins")
    _tout_est_parti(qtbot, fenetre)
    _tout_est_disponible(qtbot, base)
    with base.lecture() as connexion:
        document = connexion.execute(select(Document.__table__)).one()
        assert (document.etat, document.dossier_id, document.pages, document.nom) == ("disponible", carte.dossier_id, 4, "Trois bulletins")
        assert connexion.execute(select(RendezVous.etat, RendezVous.dossier_id)).all() == [("confirme", carte.dossier_id)]
        assert connexion.scalar(select(func.count()).select_from(Reservation)) == 1
    octets = _relire(centre, document.sha256)
    assert len(pypdf.PdfReader(io.BytesIO(octets)).pages) == 4
    assert len(octets) == document.octets
    _converge(qtbot, fenetre, base)

    # The same with the line cut: sockets closed, port closed.
    cliquer(qtbot, fenetre, "Terminer la visite")
    qtbot.waitUntil(lambda: not fenetre.banniere.isVisible())
    ligne.couper()
    assert _trouver_et_accueillir(qtbot, fenetre, nir).dossier_id == carte.dossier_id
    _reserver(qtbot, fenetre)
    qtbot.waitUntil(lambda: "provisoire" in rdv.resume.issue.text())
    _envoyer(qtbot, fenetre, "Hors ligne")
    qtbot.waitUntil(lambda: "Hors ligne" in fenetre.barre.connexion.text())
    assert "en attente" in fenetre.barre.envois.text()
    photographier(fenetre, "comptoir-hors-ligne")
    cliquer(qtbot, fenetre, "Terminer la visite")
    qtbot.waitUntil(lambda: not fenetre.banniere.isVisible())
    ligne.retablir()
    _tout_est_parti(qtbot, fenetre)
    _tout_est_disponible(qtbot, base)
    with base.lecture() as connexion:
        assert sorted(connexion.execute(select(Document.nom)).scalars()) == ["Hors ligne", "Trois bulletins"]
        assert connexion.execute(select(RendezVous.etat)).scalars().all() == ["confirme", "confirme"]
        assert connexion.scalar(select(func.count()).select_from(Reservation).where(Reservation.vivante)) == 2
        assert connexion.execute(select(func.count(), func.count(Visite.fermee_le))).one() == (2, 2)
        pris = select(RendezVous.creneau_id)
        assert set(connexion.execute(select(Creneau.etat).where(Creneau.id.in_(pris))).scalars()) == {"reserve"}
    _converge(qtbot, fenetre, base)

    # The landlord: filter, select all, declare; once on line, once with the line cut.
    qtbot.mouseClick(fenetre.partir, Qt.MouseButton.LeftButton)
    entrer(qtbot, fenetre, "Bailleur social")
    photographier(fenetre, "comptoir-bailleur")
    en_ligne = _declarer(qtbot, fenetre, "31000")
    _tout_est_parti(qtbot, fenetre)
    _converge(qtbot, fenetre, base)
    ligne.couper()
    hors_ligne = _declarer(qtbot, fenetre, "31100")
    ligne.retablir()
    _tout_est_parti(qtbot, fenetre)
    with base.lecture() as connexion:
        faites = connexion.execute(select(Declaration.locataire_id, Declaration.loyer_cents, Declaration.etat)).all()
        attendus = (
            select(func.count())
            .select_from(Locataire)
            .where(Locataire.code_postal.in_(["31000", "31100"]), Locataire.loyer_etat == "attendu")
        )
        bailleur = connexion.scalar(select(Declaration.scope_id).limit(1))
        assert connexion.scalar(attendus.where(Locataire.scope_id == bailleur)) == 0
    assert len(faites) == len({f.locataire_id for f in faites}) == en_ligne + hors_ligne
    assert {f.etat for f in faites} == {"acceptee"}
    assert sorted(f.loyer_cents for f in faites).count(70_050) == 2
    _converge(qtbot, fenetre, base)
    fenetre.close()
    assert fenetre.pannes == []


def _relire(centre, sha256):
    """Ask the centre for the bytes as any program would."""
    entetes = {"Authorization": f"Bearer {centre.jeton('conseiller.caf31')}"}
    reponse = httpx2.get(f"{centre.url}/v1/fichiers/{sha256}", params={"portee": "site:caf-31:toulouse-riquet"}, headers=entetes)
    assert reponse.status_code == 200
    return reponse.content


def test_the_window_survives_a_kill_and_nothing_typed_is_lost(centre, tmp_path):
    """A whole application process is killed with an act waiting; the next start finds it and sends it once."""
    import os
    import signal
    import subprocess
    import sys

    script = f"""
import sys, time
from pathlib import Path
from datetime import UTC, datetime
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from guichet.services import ouvrir_session, rendezvous
session = ouvrir_session(Path(sys.argv[1]), "une phrase de passe d'essai", sys.argv[2], sys.argv[3], (sys.argv[4], sys.argv[5]))
session.synchroniser()
rendezvous.reserver_creneau(session, rendezvous.creneaux(session, datetime.now(UTC))[0], "04", None)
print("ecrit", flush=True)
time.sleep(60)
"""
    jeton = centre.jeton("conseiller.caf31")
    from guichet.services import ouvrir_session
    from guichet.sync.client import ClientCentre

    client = ClientCentre(centre.url, jeton)
    moi = client.moi()
    client.fermer()
    arguments = [str(tmp_path / "profil"), centre.url, jeton, moi.agent_id, moi.portee_agent]
    processus = subprocess.Popen([sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True)
    assert processus.stdout.readline().strip() == "ecrit"
    os.kill(processus.pid, signal.SIGKILL)
    processus.wait()
    processus.stdout.close()
    session = ouvrir_session(tmp_path / "profil", "une phrase de passe d'essai", centre.url, jeton)
    assert session.etat().comptes.en_attente > 0
    assert session.synchroniser().envoyees > 0
    assert session.synchroniser().envoyees == 0
    session.fermer()
    base = BaseCentre(centre.base)
    with base.lecture() as connexion:
        assert connexion.execute(select(RendezVous.etat)).scalars().all() == ["confirme"]
    base.fermer()
