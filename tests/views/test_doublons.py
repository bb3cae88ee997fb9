"""A dossier opened in the window after a search, one that is already there, a pair looked at, joined and separated."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from guichet.models import Dossier, Personne
from guichet.views.dossiers.a_faire import AFaireDialog
from guichet.views.dossiers.doublon import DoublonDialog
from tests.views.outils import cliquer, coupes, photographier, repondre, textes

PORTEE = "site:caf-31:toulouse-riquet"


def _chercher(qtbot, page, texte):
    page.recherche.clear()
    page.recherche.setText(texte)  # keyClicks knows no accents
    qtbot.waitUntil(page.nouveau.isVisible)


def _remplir(dialogue, **autres):
    saisies = {"sexe": "F", "situation": "Célibataire"} | autres
    dialogue.formulaire.ecrire(saisies)


def _ouvrir(qtbot, fenetre, page, nom, prenoms="Odile", ne_le="9/3/1985", **autres):
    """Search, fill in, open; the dialog ends on its recap."""
    _chercher(qtbot, page, f"{nom} {prenoms} {ne_le}")
    dialogue = page.ouvrir_un_dossier()
    qtbot.waitUntil(lambda: bool(dialogue.saisies))
    assert dialogue.saisies["nom_naissance"].text() == nom, "what was searched is not typed again"
    _remplir(dialogue, **autres)
    cliquer(qtbot, dialogue, "Vérifier")
    return dialogue


def test_nobody_is_written_before_a_search(qtbot, fenetre_sur):
    _, page = fenetre_sur("dossiers")
    assert not page.nouveau.isVisible()
    _chercher(qtbot, page, "zzyzx")
    page.recherche.clear()
    assert not page.nouveau.isVisible()


def test_a_dossier_is_opened_from_the_search_and_shown(qtbot, fenetre_sur):
    fenetre, page = fenetre_sur("dossiers")
    dialogue = _ouvrir(qtbot, fenetre, page, "Ségalas", ne_le="9/3/1985", telephone="0561")
    qtbot.waitUntil(lambda: any("dix chiffres" in t for t in textes(dialogue)))
    qtbot.waitUntil(lambda: not dialogue.saisies["telephone"].visibleRegion().isEmpty())
    photographier(dialogue, "ouverture-faute")
    dialogue.saisies["telephone"].setText("05 61 99 00 12")
    cliquer(qtbot, dialogue, "Vérifier")
    qtbot.waitUntil(lambda: dialogue.pages.currentIndex() == 2)
    photographier(dialogue, "ouverture-relecture")
    cliquer(qtbot, dialogue, "Ouvrir le dossier")
    qtbot.waitUntil(lambda: page.carte.isVisible() and "SÉGALAS" in page.carte.nom.text())
    assert "n° G" in page.carte.sous_titre.text()


def test_who_is_known_already_is_shown_and_taken(qtbot, fenetre_sur):
    fenetre, page = fenetre_sur("dossiers")
    with fenetre.poste.session.coffre.lecture() as connexion:
        qui = connexion.execute(
            select(Personne.nom_naissance, Personne.prenoms, Personne.ne_le, Personne.sexe, Dossier.numero)
            .join(Dossier, Dossier.responsable_id == Personne.id)
            .where(Dossier.scope_id == PORTEE)
            .order_by(Personne.cle)
            .limit(1)
        ).one()
    dialogue = _ouvrir(qtbot, fenetre, page, "Nouveau", prenoms="Nom")
    dialogue.formulaire.ecrire({
        "nom_naissance": qui.nom_naissance, "prenoms": qui.prenoms, "ne_le": f"{qui.ne_le:%d/%m/%Y}", "sexe": qui.sexe,
    })  # fmt: skip
    qtbot.waitUntil(lambda: dialogue.pages.currentIndex() == 2)
    cliquer(qtbot, dialogue, "Corriger")
    cliquer(qtbot, dialogue, "Vérifier")
    qtbot.waitUntil(lambda: dialogue.pages.currentIndex() == 1)
    assert any(qui.numero in dialogue.liste.item(n).text() for n in range(dialogue.liste.count()))
    assert "même nom de naissance" in dialogue.liste.item(0).text()
    assert not dialogue.continuer.isEnabled(), "not before it was said that it is nobody of these"
    photographier(dialogue, "ouverture-ressemblance")
    cliquer(qtbot, dialogue, "Ouvrir ce dossier")
    qtbot.waitUntil(page.carte.isVisible)
    assert qui.numero in page.carte.sous_titre.text()


def test_what_was_typed_and_given_up_is_not_kept_for_the_next_person(qtbot, fenetre_sur):
    fenetre, page = fenetre_sur("dossiers")
    dialogue = _ouvrir(qtbot, fenetre, page, "Abandon")
    dialogue.reject()
    _chercher(qtbot, page, "Suivante Paule")
    suivant = page.ouvrir_un_dossier()
    qtbot.waitUntil(lambda: bool(suivant.saisies))
    assert suivant.saisies["nom_naissance"].text() == "Suivante"
    assert suivant.saisies["sexe"].currentText() == ""
    suivant.reject()


def _a_faire(qtbot, page, texte):
    """Open « À faire » and choose the line that says that."""
    page.presenter.demander_a_faire()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), AFaireDialog))
    liste = QApplication.activeModalWidget()
    photographier(liste, "a-faire-doublons")
    rang = next(n for n in range(liste.liste.count()) if texte in liste.liste.item(n).text())
    liste.liste.setCurrentRow(rang)
    cliquer(qtbot, liste, "Ouvrir")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), DoublonDialog))
    return QApplication.activeModalWidget()


LIEU = {
    "telephone": "05 61 99 00 12",
    "adresse": "112 bis, avenue du Général-de-Gaulle, bâtiment C",
    "code_postal": "31000",
    "commune": "Toulouse",
}


@pytest.fixture(params=[100, 200])
def deux_fois(qtbot, fenetre_sur, request):
    """A person who has two dossiers: the second was opened by an agent who said that she was somebody else, then thought again."""
    fenetre, page = fenetre_sur("dossiers", pour_cent=request.param, taille=(1280, 720))
    nom = {100: "Castéran", 200: "Castérès"}[request.param]
    for prenoms in ("Odile", "Odille"):
        dialogue = _ouvrir(qtbot, fenetre, page, nom, prenoms=prenoms, **LIEU | ({"commune": "Balma"} if prenoms == "Odile" else {}))
        if prenoms == "Odille":
            qtbot.waitUntil(lambda d=dialogue: d.pages.currentIndex() == 1)
            dialogue.autre_personne.setChecked(True)
            cliquer(qtbot, dialogue, "Continuer l'ouverture")
        qtbot.waitUntil(lambda d=dialogue: d.pages.currentIndex() == 2)
        cliquer(qtbot, dialogue, "Ouvrir le dossier")
        qtbot.waitUntil(lambda p=prenoms: page.carte.isVisible() and p in page.carte.nom.text())
    qtbot.waitUntil(lambda: fenetre.poste.non_partis == 0)
    return fenetre, page, nom


def test_a_pair_is_compared_joined_and_separated(qtbot, deux_fois, servi):
    fenetre, page, nom = deux_fois
    _remettre_a_examiner(qtbot, servi, fenetre, nom)
    qtbot.waitUntil(lambda: _etats(fenetre) == {"a_examiner"})
    dialogue = _a_faire(qtbot, page, nom.upper())
    qtbot.waitUntil(dialogue.fusionner.isEnabled)
    assert "prenoms" in dialogue.choix
    qtbot.waitUntil(lambda: not dialogue.choix["prenoms"].button(0).visibleRegion().isEmpty())
    adresse = dialogue.choix["adresse"]
    assert adresse.checkedId() == dialogue.garde.checkedId(), "who is kept keeps hers"
    autre = adresse.button(1 - adresse.checkedId())
    qtbot.mouseClick(autre.parent().mots, Qt.MouseButton.LeftButton)
    assert autre.isChecked(), "its words choose it too"
    photographier(dialogue, f"doublon-clair-{200 if nom == 'Castérès' else 100}")
    qtbot.waitUntil(lambda: coupes(dialogue) == [])
    repondre(qtbot, "Réunir", lambda: cliquer(qtbot, dialogue, "Réunir les deux fiches…"))
    qtbot.waitUntil(lambda: "réunies" in page.fait.text())
    qtbot.waitUntil(lambda: "fusionne" in _etats(fenetre))
    page.recherche.setText(nom)
    qtbot.waitUntil(lambda: page.liste.count() == 1)
    dialogue = _a_faire(qtbot, page, nom.upper())
    assert not dialogue.fusionner.isVisible()
    photographier(dialogue, "doublon-reuni")
    repondre(qtbot, "Séparer", lambda: cliquer(qtbot, dialogue, "Annuler la fusion…"))
    qtbot.waitUntil(lambda: "séparées" in page.fait.text())
    qtbot.waitUntil(lambda: "fusionne" not in _etats(fenetre))


def _etats(fenetre):
    from guichet.models import Doublon

    with fenetre.poste.session.coffre.lecture() as connexion:
        return set(connexion.scalars(select(Doublon.etat)))


def _remettre_a_examiner(qtbot, servi, fenetre, nom):
    """As if the centre had found the pairs by itself, once the opening of this one's second dossier has come to it."""
    from guichet.central.base import BaseCentre
    from guichet.central.fil import Ecrit, inscrire
    from guichet.models import Doublon

    base = BaseCentre(servi[0].base)

    def lignes():
        with base.lecture(PORTEE) as connexion:
            celle_ci = select(Doublon.id).join(Personne, Personne.id == Doublon.personne_id).where(Personne.nom_naissance == nom)
            venue = connexion.scalar(celle_ci) is not None
            return connexion.execute(select(Doublon.__table__)).mappings().all() if venue else []

    qtbot.waitUntil(lambda: bool(lignes()))
    ecrits = [Ecrit("doublon", x["id"], dict(x) | {"etat": "a_examiner"}) for x in lignes()]
    base.ecrire(lambda c: inscrire(c, PORTEE, ecrits), PORTEE)
    base.fermer()
    fenetre.poste.synchroniser()
