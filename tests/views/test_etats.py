"""Every state of « Dossiers », in three themes and at 200 %: empty, found, masked by quality, waiting, failed, offline; nothing is cut in any."""

from contextlib import contextmanager, suppress
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.exceptions import TimeoutError as Patience

from guichet.models.enums import TypePapier
from guichet.views.dossiers.demarche import DemarcheDialog
from guichet.views.dossiers.papiers import PapiersDialog
from tests.menage import LEYLA, NUMERO, ecrire_menage, placer
from tests.outils import centre_servi
from tests.views.outils import boutons, cliquer, coupes, habiller, ouvrir_fenetre, page_dessinee, photographier, se_poser, textes

PEAUX = [("clair", 100), ("sombre", 100), ("contraste", 100), ("clair", 200)]
SANS, ANCIEN = "7654322", "7654323"
NOMS = {"Leyla": "DARTIGUELONGUE Leyla", "Marc": "VERGNEBRUNE Marc", "Adam": "PEYRELADE Adam"}


def _menages(base):
    """Two households, and the former dossier of the first one's responsable."""
    ids = ecrire_menage(base)
    ecrire_menage(base, SANS, autorise=False)
    ancien = ecrire_menage(base, ANCIEN, ferme_le=date(2026, 3, 1))
    placer(base, ancien["dossier"], ids[LEYLA])


@pytest.fixture(scope="module")
def servi(monde, tmp_path_factory):
    dossier = tmp_path_factory.mktemp("etats")
    with centre_servi(monde, dossier, _menages) as (centre, _):
        yield centre, dossier / "profils"


class Etats:
    """Looks at a window in a state: a picture where the run asks for it, and nothing cut."""

    def __init__(self, qtbot, fenetre, peau):
        self._qtbot, self._fenetre, self._peau = qtbot, fenetre, "-".join(map(str, peau))

    def voir(self, nom, quoi=None):
        vue = quoi or self._fenetre
        with suppress(Patience):
            self._qtbot.waitUntil(lambda: coupes(vue) == [], timeout=2_000)  # what was just laid out takes its place
        photographier(vue, f"etat-{nom}-{self._peau}")
        assert coupes(vue) == [], nom


@pytest.fixture(params=PEAUX, ids=lambda p: f"{p[0]}-{p[1]}")
def vu(request, qtbot, fenetre_sur):
    theme, pour_cent = request.param
    fenetre, page = fenetre_sur("dossiers", theme, pour_cent, (1280, 720))
    return fenetre, page, Etats(qtbot, fenetre, request.param)


@contextmanager
def _visite(qtbot, fenetre, dialogue):
    """Open the visit that a dialog is ready for; end it whatever happens: the next test has the same vault."""
    cliquer(qtbot, dialogue, "Ouvrir la visite")
    qtbot.waitUntil(lambda: fenetre.poste.visite is not None)
    try:
        yield
    finally:
        fenetre.page("dossiers").presenter.terminer_visite()
        qtbot.waitUntil(lambda: fenetre.poste.visite is None)


def _ouvrir(qtbot, page, numero):
    page.recherche.setText(numero)
    qtbot.waitUntil(lambda: page.liste.count() > 0 and numero in page.liste.item(0).text())
    qtbot.keyClick(page.recherche, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.presenter.carte is not None and page.presenter.carte.numero == numero)


def _recevoir(qtbot, page, qui, rang, visiteur=""):
    dialogue = page.carte.demander_visite()
    noms = [dialogue.personne.itemText(n) for n in range(dialogue.personne.count())]
    dialogue.personne.setCurrentIndex(next(n for n, nom in enumerate(noms) if qui in nom))
    dialogue.qualite.setCurrentIndex(rang)
    dialogue.visiteur.setText(visiteur)
    return dialogue


def _dialogue(qtbot, classe=QDialog):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), classe))
    return QApplication.activeModalWidget()


def test_empty_found_and_nobody(qtbot, vu):
    _, page, etats = vu
    assert "Cherchez la personne présente" in page.accueil.text()
    etats.voir("vide")
    page.recherche.setText("ma")
    qtbot.waitUntil(lambda: page.liste.count() > 0)
    etats.voir("trouves")
    page.recherche.setText("zzyzx")
    qtbot.waitUntil(lambda: "Personne sur ce poste" in page.compte.text())
    etats.voir("personne")


DEPUIS = "à gérer {} dossier depuis le 03/04/2021."


@pytest.mark.exigence("MC-01", "AUT-05", "AUT-02")
@pytest.mark.parametrize(
    ("numero", "qui", "rang", "visiteur", "nomme", "autorisation", "banniere"),
    [
        (NUMERO, "Leyla", 0, "", NOMS["Leyla"], f"Vous autorisez {NOMS['Marc']} {DEPUIS.format('le')}", (NOMS["Leyla"], "Allocataire")),
        (NUMERO, "Marc", 0, "", NOMS["Leyla"], f"{NOMS['Leyla']} vous autorise {DEPUIS.format('son')}", (NOMS["Marc"], "Conjoint autorisé")),
        (SANS, "Marc", 0, "", NOMS["Marc"], "", (NOMS["Marc"], "Conjoint sans autorisation")),
        (NUMERO, "Adam", 0, "", NOMS["Adam"], "", (NOMS["Adam"], "Enfant de plus de 15 ans")),
        (NUMERO, "Leyla", 1, "Odile Marty", NOMS["Leyla"], f"{NOMS['Leyla']} autorise {NOMS['Marc']} {DEPUIS.format('le')}",
         (f"Odile Marty, pour {NOMS['Leyla']}", "Tuteur")),
        (NUMERO, "Leyla", 3, "Paul Tiers", NOMS["Leyla"], "", (f"Paul Tiers, pour {NOMS['Leyla']}", "Tiers mandaté")),
    ],
    ids=["allocataire", "conjoint_autorise", "conjoint", "enfant", "tuteur", "tiers"],
)  # fmt: skip
def test_the_card_before_each_quality(qtbot, vu, request, numero, qui, rang, visiteur, nomme, autorisation, banniere):
    """Whose card it is, who may manage the dossier as he reads it, and who stands there; nothing is cut."""
    fenetre, page, etats = vu
    nom = request.node.callspec.id.split("-")[-1]
    _ouvrir(qtbot, page, numero)
    dialogue = _recevoir(qtbot, page, qui, rang, visiteur)
    if nom == "allocataire":
        etats.voir("visite", dialogue)
        _montrer_la_date_fausse(qtbot, dialogue)
        etats.voir("visite-faute", dialogue)
        dialogue.preuve.jusquau.clear()
    with _visite(qtbot, fenetre, dialogue):
        qtbot.waitUntil(lambda: page.carte.isVisible() and page.presenter.carte.vue.qualite is not None)
        assert (page.carte.nom.text(), page.carte.nom.isVisible()) == (nomme, True)
        assert (page.carte.autorisation.text(), page.carte.autorisation.isVisible()) == (autorisation, bool(autorisation))
        assert fenetre.banniere.isVisible()
        assert fenetre.visiteur.text().startswith(f"{banniere[0]}   ·   {banniere[1]}")
        assert "Identité vue" in fenetre.visiteur.text()
        etats.voir(f"carte-{nom}")


@pytest.mark.exigence("AUT-12", "MC-01")
def test_a_former_dossier_is_gone_to_and_says_what_may_still_be_done(qtbot, vu):
    _, page, etats = vu
    _ouvrir(qtbot, page, NUMERO)
    qtbot.waitUntil(page.carte.isVisible)
    assert not page.carte.ferme.isVisible()
    assert any(t == "du 01/01/2015 au 01/03/2026" for t in textes(page.carte))
    cliquer(qtbot, page.carte, f"Autre dossier : n° {ANCIEN}, Caf 31")
    qtbot.waitUntil(lambda: page.presenter.carte is not None and page.presenter.carte.numero == ANCIEN)
    assert page.carte.ferme.text() == "Dossier fermé le 01/03/2026 : il se consulte, et la personne peut écrire à cette caisse."
    actions = {a.text().replace("&", ""): a.isEnabled() for a in page.carte.menu.bouton.menu().actions()}
    assert actions["Télécharger une attestation"]
    assert not actions["Gérer Mon Compte"]
    qtbot.waitUntil(lambda: not page.carte.nom.visibleRegion().isEmpty())
    etats.voir("carte-ancien")


def _montrer_la_date_fausse(qtbot, dialogue):
    dialogue.preuve.jusquau.setText("31/02/2031")
    cliquer(qtbot, dialogue, "Ouvrir la visite")
    faute = dialogue.preuve.faute
    assert "JJ/MM/AAAA" in faute.text()
    qtbot.waitUntil(lambda: faute.visibleRegion().boundingRect().height() == faute.height() > 0)


def test_somebody_without_a_dossier_writes(qtbot, vu):
    fenetre, page, etats = vu
    dialogue = page.recevoir_sans_dossier()
    dialogue.nom.setText("Odile Marty")
    _montrer_la_date_fausse(qtbot, dialogue)
    etats.voir("sans-dossier-faute", dialogue)
    dialogue.preuve.jusquau.clear()
    with _visite(qtbot, fenetre, dialogue):
        qtbot.waitUntil(page.ecrire.isVisible)
        etats.voir("sans-dossier")
        cliquer(qtbot, page, "Faire une démarche sans dossier…")
        demarche = _dialogue(qtbot, DemarcheDialog)
        qtbot.waitUntil(lambda: demarche.liste.count() == 1)
        demarche._choisir(demarche.liste.item(0))
        qtbot.waitUntil(lambda: "message" in demarche.saisies and demarche.saisies["objet"].isVisible())
        demarche.saisies["objet"].setText("Une question sur l'aide au logement")
        demarche.saisies["message"].setPlainText("Bonjour, je viens d'emménager et je voudrais savoir à quoi j'ai droit. " * 4)
        cliquer(qtbot, demarche, "Vérifier")
        etats.voir("sans-dossier-mail", demarche)
        demarche.reject()


def test_a_letter_is_written(qtbot, vu):
    _, page, etats = vu
    _ouvrir(qtbot, page, NUMERO)
    page.carte.demander_papiers()
    dialogue = _dialogue(qtbot, PapiersDialog)
    dialogue.type.setCurrentIndex(dialogue.type.findData(TypePapier.LETTRE))
    cliquer(qtbot, dialogue, "Établir")
    qtbot.waitUntil(lambda: any("remplissez les deux" in t for t in textes(dialogue)))
    etats.voir("lettre-faute", dialogue)
    dialogue.objet.setText("Remise de dette")
    dialogue.texte.setPlainText("Madame, Monsieur,\nje demande une remise de ma dette.")
    cliquer(qtbot, dialogue, "Établir")
    qtbot.waitUntil(dialogue.papier.imprimer.isEnabled)
    qtbot.waitUntil(lambda: page_dessinee(dialogue.papier.apercu))
    etats.voir("lettre", dialogue)
    dialogue.reject()


def test_a_form_wrong_then_read_again_then_waiting_offline(qtbot, vu, servi):
    fenetre, page, etats = vu
    _ouvrir(qtbot, page, NUMERO)
    with _visite(qtbot, fenetre, _recevoir(qtbot, page, "Leyla", 0)):
        _remplir_et_envoyer(qtbot, fenetre, page, etats, servi[0])


def _remplir_et_envoyer(qtbot, fenetre, page, etats, centre):
    qtbot.waitUntil(lambda: fenetre.poste.non_partis == 0)
    page.carte.faire_une_demarche()
    dialogue = _dialogue(qtbot, DemarcheDialog)
    qtbot.waitUntil(lambda: dialogue.liste.count() > 0)
    etats.voir("formulaires", dialogue)
    dialogue._choisir(next(e for n in range(dialogue.liste.count()) if (e := dialogue.liste.item(n)).text().startswith("Mail")))
    qtbot.waitUntil(lambda: "message" in dialogue.saisies and dialogue.saisies["objet"].isVisible())
    dialogue.saisies["message"].setPlainText("")
    dialogue.saisies["objet"].setText("")
    cliquer(qtbot, dialogue, "Vérifier")
    etats.voir("faute", dialogue)
    dialogue.saisies["objet"].setText("Une question")
    dialogue.saisies["message"].setPlainText("Bonjour")
    cliquer(qtbot, dialogue, "Vérifier")
    etats.voir("relecture", dialogue)
    centre.tuer()
    try:
        cliquer(qtbot, dialogue, "Envoyer")
        qtbot.waitUntil(lambda: "hors ligne" in fenetre.barre.connexion.text().lower())
        qtbot.waitUntil(lambda: fenetre.poste.non_partis > 0)
        etats.voir("hors-ligne")
    finally:
        centre.demarrer(centre.url.removeprefix("http://"))
    fenetre.poste.synchroniser()
    qtbot.waitUntil(lambda: fenetre.poste.non_partis == 0)


def test_the_dialogs_of_a_dossier(qtbot, vu):
    _, page, etats = vu
    _ouvrir(qtbot, page, NUMERO)
    for nom, ouvrir in (("mandats", page.carte.montrer_mandats), ("ouverture", page.ouvrir_un_dossier)):
        dialogue = ouvrir()
        qtbot.waitUntil(dialogue.isVisible)
        se_poser()
        if nom == "ouverture":
            qtbot.waitUntil(lambda d=dialogue: d.focusWidget() is d.saisies.get("nom_naissance", d))
        etats.voir(nom, dialogue)
        dialogue.reject()
        se_poser()
    page.presenter.demander_a_faire()
    dialogue = _dialogue(qtbot)
    etats.voir("a-faire", dialogue)
    dialogue.reject()


@pytest.mark.parametrize("peau", PEAUX, ids=lambda p: f"{p[0]}-{p[1]}")
def test_the_welcome_page_cuts_nothing(qtbot, qapp, servi, peau):
    centre, profils = servi
    habiller(qapp, *peau)
    fenetre = ouvrir_fenetre(qtbot, profils, centre.url, (1280, 720))
    try:
        Etats(qtbot, fenetre, peau).voir("accueil")
        assert len(boutons(fenetre.connexion, "Entrer")) == 4
    finally:
        fenetre.quitter()
        habiller(qapp)
