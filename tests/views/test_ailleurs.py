"""A dossier of another site, from the search to its end: a reason, a banner, nothing kept."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from guichet.central.base import BaseCentre
from guichet.models import Dossier, Personne
from guichet.views.dossiers.motif import MotifDialog
from tests.ailleurs import AUTRE_SITE, ecrire_ailleurs
from tests.views.outils import au_calme, cliquer, photographier


@pytest.fixture(scope="module")
def ailleurs(servi):
    base = BaseCentre(servi[0].base)
    with base.lecture() as connexion:
        organisme = connexion.scalar(select(Dossier.organisme_id).where(Dossier.scope_id == "site:caf-31:toulouse-riquet").limit(1))
    numero, _ = ecrire_ailleurs(base, organisme)
    base.fermer()
    return numero


def _chercher(qtbot, page, saisie):
    page.recherche.setText(saisie)
    qtbot.waitUntil(lambda: "Personne sur ce poste" in page.compte.text())


def _donner_un_motif(qtbot, page, demander=None):
    (demander or (lambda: qtbot.mouseClick(page.ailleurs, Qt.MouseButton.LeftButton)))()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), MotifDialog))
    dialogue = QApplication.activeModalWidget()
    dialogue.texte.setText("La personne vient de déménager")
    cliquer(qtbot, dialogue, "Chercher dans un autre site")


def test_it_is_shown_for_a_while_and_kept_nowhere(qtbot, fenetre_sur, ailleurs):
    fenetre, page = fenetre_sur("dossiers")
    _chercher(qtbot, page, ailleurs)
    qtbot.waitUntil(page.ailleurs.isVisible)
    _donner_un_motif(qtbot, page)
    qtbot.waitUntil(lambda: ailleurs in page.carte.sous_titre.text())
    assert "d'un autre site" in page.carte.glace.text()
    assert not page.carte.visite.isVisible()
    assert not page.carte.reveler.isVisible()
    photographier(fenetre, "ailleurs-clair-100")
    fenetre.poste.change.emit()
    au_calme(qtbot, fenetre)
    assert page.carte.isVisible(), "what changes here says nothing of it"
    with fenetre.poste.session.coffre.lecture() as connexion:
        assert connexion.scalar(select(func.count()).select_from(Dossier).where(Dossier.numero == ailleurs)) == 0
        assert connexion.scalar(select(func.count()).select_from(Personne).where(Personne.scope_id == AUTRE_SITE)) == 0
    assert 14 * 60_000 < page.carte._fermer.interval() <= 15 * 60_000
    page.carte._fermer.timeout.emit()
    assert not page.carte.isVisible()
    assert page.accueil.isVisible()


def test_a_number_that_is_nowhere_says_so(qtbot, fenetre_sur, ailleurs):
    _, page = fenetre_sur("dossiers")
    _chercher(qtbot, page, "9999999")
    qtbot.waitUntil(page.ailleurs.isVisible)
    _donner_un_motif(qtbot, page)
    qtbot.waitUntil(lambda: "Aucun autre site" in page.refus.text())


def test_only_a_whole_number_is_looked_for_elsewhere(qtbot, fenetre_sur):
    _, page = fenetre_sur("dossiers")
    _chercher(qtbot, page, "zzyzx inconnu")
    assert not page.ailleurs.isVisible()


def test_a_name_of_another_site_comes_below_masked_and_opens_with_a_reason(qtbot, fenetre_sur, ailleurs, servi):
    centre, _ = servi
    base = BaseCentre(centre.base)
    with base.lecture(AUTRE_SITE) as connexion:
        qui = connexion.execute(
            select(Personne.nom_naissance, Personne.prenoms)
            .join(Dossier, Dossier.responsable_id == Personne.id)
            .where(Dossier.numero == ailleurs)
        ).one()
    base.fermer()
    fenetre, page = fenetre_sur("dossiers")
    qtbot.keyClicks(page.recherche, f"{qui.nom_naissance} {qui.prenoms}")
    qtbot.waitUntil(lambda: any("autre site" in page.liste.item(n).text() for n in range(page.liste.count())))
    dernier = page.liste.item(page.liste.count() - 1)
    assert f"{qui.prenoms[0]}." in dernier.text()
    assert qui.prenoms not in dernier.text()
    assert "autres sites : 1" in page.compte.text()
    photographier(fenetre, "ailleurs-nom")
    _donner_un_motif(qtbot, page, lambda: page.liste.itemActivated.emit(dernier))
    qtbot.waitUntil(lambda: ailleurs in page.carte.sous_titre.text())


def test_a_centre_that_does_not_answer_is_said_and_the_rest_stays(qtbot, fenetre_sur, servi):
    centre, _ = servi
    _, page = fenetre_sur("dossiers")
    centre.tuer()
    try:
        qtbot.keyClicks(page.recherche, "martin")
        qtbot.waitUntil(lambda: "Le centre ne répond pas" in page.compte.text())
        assert page.liste.count() > 0
    finally:
        centre.demarrer(centre.url.removeprefix("http://"))
