"""In front of each visitor, the window shows what his quality allows, and says why it does not show the rest."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

import guichet.views
from guichet.ressources import donnees
from guichet.views.dossiers.demarche import DemarcheDialog
from guichet.views.dossiers.possibles import PossiblesDialog
from guichet.views.formats import date_longue
from tests import attendus
from tests.menage import ADAM, LEYLA, MARC, MARQUES, NUMERO, ecrire_menage, informations
from tests.outils import centre_servi
from tests.views.outils import arbre, au_calme, cliquer, photographier, se_poser, textes

SANS = "7654322"
NOMS = {LEYLA: "DARTIGUELONGUE Leyla", MARC: "VERGNEBRUNE Marc", ADAM: "PEYRELADE Adam"}


def _deux_menages(base):
    ecrire_menage(base)
    ecrire_menage(base, SANS, autorise=False)


@pytest.fixture(scope="module")
def servi(monde, tmp_path_factory):
    dossier = tmp_path_factory.mktemp("visiteurs")
    with centre_servi(monde, dossier, _deux_menages) as (centre, _):
        yield centre, dossier / "profils"


def _ouvrir(qtbot, page, numero):
    page.recherche.clear()
    qtbot.keyClicks(page.recherche, numero)
    qtbot.waitUntil(lambda: page.liste.count() == 4)  # the four of them
    qtbot.keyClick(page.recherche, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.presenter.carte is not None and page.presenter.carte.numero == numero)


def _recevoir(qtbot, page, qui, rang=0, visiteur=""):
    """Open a visit for somebody, in the `rang`-th quality that the dialog offers for him; return what it offered."""
    dialogue = page.carte.demander_visite()
    dialogue.personne.setCurrentText(NOMS[qui])
    offertes = [dialogue.qualite.itemText(n) for n in range(dialogue.qualite.count())]
    dialogue.qualite.setCurrentIndex(rang)
    if visiteur:
        assert not dialogue.ouvrir.isEnabled()
        dialogue.visiteur.setText(visiteur)
    photographier(dialogue, f"visite-{qui}-{rang}")
    cliquer(qtbot, dialogue, "Ouvrir la visite")
    qtbot.waitUntil(lambda: page.presenter.carte is not None and page.presenter.carte.vue.qualite is not None)
    fenetre = page.window()
    qtbot.waitUntil(lambda: fenetre.poste.non_partis == 0)  # the card is read again after the sending
    au_calme(qtbot, fenetre)
    return offertes


def _tout(fenetre):
    """All that is shown or said: widgets, and what a screen reader walks through."""
    lus = [
        noeud.text(role)
        for noeud in arbre(fenetre)
        for role in (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value)
    ]
    return "\n".join([*textes(*QApplication.topLevelWidgets()), *filter(None, lus)])


@pytest.mark.exigence("AUT-06", "AUT-07", "AUT-08", "AUT-09", "AUT-10", "AUT-11", "MC-07")
@pytest.mark.parametrize(
    ("numero", "qui", "rang", "qualite", "permises"),
    [
        (NUMERO, LEYLA, 0, "allocataire", None),
        (NUMERO, MARC, 0, "conjoint_autorise", None),
        (SANS, MARC, 0, "conjoint", {"identite", "coordonnees", "activite", "ressources"}),
        (NUMERO, ADAM, 0, "enfant", {"identite", "coordonnees", "activite", "ressources"}),
        (NUMERO, LEYLA, 1, "tuteur_physique", None),
        (NUMERO, LEYLA, 3, "tiers_mandate", {"identite"}),
    ],
)
def test_nothing_of_what_a_quality_forbids_is_in_the_window(qtbot, fenetre_sur, numero, qui, rang, qualite, permises):
    fenetre, page = fenetre_sur("dossiers")
    _ouvrir(qtbot, page, numero)
    offertes = _recevoir(qtbot, page, qui, rang, "Odile Marty" if rang else "")
    assert all(offertes)
    dit = _tout(fenetre)
    photographier(fenetre, f"dossiers-{qualite}")
    page.carte.fil.genre.setCurrentIndex(page.carte.fil.genre.findData("courrier"))  # the visits of other tests fill its first page
    se_poser()
    dit += _tout(fenetre)
    regle = donnees("visiteurs.yaml")["visiteurs"][-1]["qualites"][qualite]
    assert regle["libelle"] in fenetre.visiteur.text()
    for marque, valeur in MARQUES.items():
        cachee = informations(marque, qui) == "coordonnees_foyer" if permises is None else informations(marque, qui) not in permises
        if cachee:
            assert valeur not in dit, marque
    assert (regle["refus"] in dit) is (permises is not None)
    for info in ("demarches", "courriers", "alertes", "situation"):
        assert (MARQUES[info] in dit) is (permises is None)
    cliquer(qtbot, fenetre, "Terminer la visite")
    qtbot.waitUntil(lambda: page.presenter.carte is None)


def test_what_the_agent_had_before_him_goes_as_soon_as_somebody_sits_there(qtbot, fenetre_sur):
    fenetre, page = fenetre_sur("dossiers")
    _ouvrir(qtbot, page, SANS)
    vus = []
    fenetre.poste.visite_changee.connect(lambda _: vus.append("\n".join(textes(page.carte)) if page.carte.isVisible() else ""))
    _recevoir(qtbot, page, MARC, 0)
    assert MARQUES["droits"] not in vus[0], "not even while his own view is being read"
    page.recherche.clear()
    qtbot.keyClicks(page.recherche, NUMERO)
    qtbot.waitUntil(lambda: page.liste.count() > 0)
    assert page.liste.item(0).text().splitlines()[1] == f"n° {NUMERO}", "where they live is not for who reads over the desk"
    cliquer(qtbot, fenetre, "Terminer la visite")
    qtbot.waitUntil(lambda: page.presenter.carte is None)


def test_only_the_qualities_that_the_dossier_gives_are_offered(qtbot, fenetre_sur):
    _, page = fenetre_sur("dossiers")
    _ouvrir(qtbot, page, SANS)
    dialogue = page.carte.demander_visite()
    offertes = {}
    for n in range(dialogue.personne.count()):
        dialogue.personne.setCurrentIndex(n)
        offertes[dialogue.personne.itemText(n)] = [dialogue.qualite.itemText(q) for q in range(dialogue.qualite.count())]
    dialogue.reject()
    assert offertes == {
        NOMS[LEYLA]: ["Allocataire, responsable du dossier", "Tuteur", "Tuteur (organisme)", "Tiers mandaté"],
        NOMS[MARC]: ["Conjoint sans autorisation"],
        NOMS[ADAM]: ["Enfant de plus de 15 ans ou autre personne du foyer"],
    }


@pytest.mark.exigence("AUT-08", "AUT-09", "AUT-11", "DEM-02")
def test_what_a_visitor_may_do_is_said_line_by_line(qtbot, fenetre_sur):
    fenetre, page = fenetre_sur("dossiers")
    _ouvrir(qtbot, page, SANS)
    _recevoir(qtbot, page, MARC)
    cliquer(qtbot, page.carte, "Démarches possibles…")
    dialogue = fenetre.findChild(PossiblesDialog)
    photographier(dialogue, "demarches-possibles-conjoint")
    cases = [[dialogue.table.item(r, c).text() for c in range(3)] for r in range(dialogue.table.rowCount())]
    dialogue.accept()
    assert [(section, libelle) for section, _, libelle in cases] == [(x[1], x[2]) for x in attendus.QUARANTE_ET_UNE]
    lignes = {demarche: dit for _, dit, demarche in cases}
    assert lignes["Créer son espace personnel"] == "✓ oui"
    assert lignes["Allocation journalière du proche aidant (Ajpa)"] == "✓ oui"
    assert lignes["Changement de situation familiale (enfants et autres personnes)"] == "✓ seulement : Déclarer une séparation"
    assert lignes["Changement de coordonnées (adresse, téléphone, email, banque)"] == "✓ seulement : Modifier ses coordonnées"
    assert lignes["Dettes"] == "✕ non"
    assert lignes["Autorisation de gestion du conjoint"] == "✕ non", "he does not manage the dossier"
    cliquer(qtbot, fenetre, "Terminer la visite")
    qtbot.waitUntil(lambda: page.presenter.carte is None)


@pytest.mark.exigence("SUI-06")
def test_the_thread_of_a_dossier_is_filtered_by_words_as_people_say_them(qtbot, fenetre_sur):
    fenetre, page = fenetre_sur("dossiers")
    _ouvrir(qtbot, page, NUMERO)
    fil = page.carte.fil

    def lignes():
        se_poser()
        return [
            fil._grille.itemAtPosition(r, 1).widget().text().split(" · ", 1)
            for r in range(fil._grille.rowCount())
            if fil._grille.itemAtPosition(r, 1)
        ]

    genres = {}
    for rang in range(1, fil.genre.count()):
        fil.genre.setCurrentIndex(rang)
        genres[fil.genre.itemText(rang)] = [x[1] for x in lignes()]
        assert {x[0] for x in lignes()} == {fil.genre.itemText(rang)}
    assert genres["Courrier"] == [f"reçu : {MARQUES['courriers']} (non lu)"]
    assert list(genres) == ["Paiement", "Courrier", "Démarche", "Document transmis", "Visite"]
    fil.genre.setCurrentIndex(0)
    mois = date_longue(page.presenter.carte.versements[0].le).split()[2]
    qtbot.keyClicks(fil.filtre, f"{mois} paiem")
    assert {x[0] for x in lignes()} == {"Paiement"}
    fil.filtre.setText("rien de tel")
    assert "Effacez le filtre" in fil._grille.itemAtPosition(0, 0).widget().text()
    fil.filtre.clear()
    fil.genre.setCurrentIndex(fil.genre.findData("document"))
    assert [x[1] for x in lignes()] == [MARQUES["documents"]]
    assert any(MARQUES["agenda"] in t for t in textes(page.carte))
    assert fenetre.isVisible()


@pytest.mark.exigence("MC-06", "MC-13", "DEM-10", "PREST-09", "PREST-01", "PREST-10", "BAI-19", "PREST-06", "PREST-07", "PREST-11")
def test_a_demarche_is_filled_in_read_again_and_sent(qtbot, fenetre_sur):
    fenetre, page = fenetre_sur("dossiers")
    _ouvrir(qtbot, page, NUMERO)
    _recevoir(qtbot, page, LEYLA)

    def ouvrir(libelle):
        cliquer(qtbot, page.carte, "Faire une démarche…")
        dialogue = fenetre.findChild(DemarcheDialog)
        qtbot.waitUntil(lambda: dialogue.liste.count() > 10)
        element = next(dialogue.liste.item(n) for n in range(dialogue.liste.count()) if dialogue.liste.item(n).text().startswith(libelle))
        dialogue.liste.setCurrentItem(element)
        cliquer(qtbot, dialogue, "Remplir")
        qtbot.waitUntil(lambda: bool(dialogue.saisies) and next(iter(dialogue.saisies.values())).isVisible())
        return dialogue

    dialogue = ouvrir("Demande d'aide au logement")
    assert dialogue.saisies["commune"].text() == "Toulouse"
    assert "déjà rempli" in dialogue.reprise.text()
    photographier(dialogue, "demande-preremplie")
    dialogue.saisies["bailleur"].setText("Habitat Garonne")
    dialogue.reject()
    qtbot.waitUntil(lambda: fenetre.findChild(DemarcheDialog) is None)
    page.carte.faire_une_demarche()
    dialogue = fenetre.findChild(DemarcheDialog)
    qtbot.waitUntil(lambda: dialogue.liste.count() > 10)
    dialogue.rubrique.setCurrentText("Reprendre la demande en cours")
    assert [dialogue.liste.item(n).text().split("  ")[0] for n in range(dialogue.liste.count())] == ["Demande d'aide au logement"]
    dialogue.rubrique.setCurrentText("Logement")
    assert {dialogue.liste.item(n).text().split("  ")[0] for n in range(dialogue.liste.count())} == {
        "Demande d'aide au logement", "Demande de prime de déménagement", "Demande de versement direct de l'aide au logement au bailleur",
        "Demande de prêt à l'amélioration de l'habitat",
    }  # fmt: skip
    photographier(dialogue, "demarches-logement")
    dialogue.reject()
    qtbot.waitUntil(lambda: fenetre.findChild(DemarcheDialog) is None)
    dialogue = ouvrir("Changement d'adresse")
    qtbot.keyClicks(dialogue.saisies["depuis"], "1/9/2026")
    qtbot.keyClicks(dialogue.saisies["code_postal"], "3100")
    cliquer(qtbot, dialogue, "Vérifier")
    dits = textes(dialogue)
    photographier(dialogue, "demarche-fautes")
    assert "▲ Un code postal compte cinq chiffres." in dits
    assert dits.count("▲ À remplir.") == 2
    assert dialogue.saisies["adresse"].hasFocus()
    dialogue.reject()
    qtbot.waitUntil(lambda: fenetre.findChild(DemarcheDialog) is None)
    dialogue = ouvrir("Changement d'adresse")
    assert dialogue.saisies["code_postal"].text() == "3100", "what was typed is found again"
    assert dialogue.reprise.isVisible()
    dialogue.saisies["code_postal"].setText("31500")
    dialogue.saisies["adresse"].setText("7, rue des Essais")
    dialogue.saisies["commune"].setText("Toulouse")
    photographier(dialogue, "demarche-saisie")
    cliquer(qtbot, dialogue, "Vérifier")
    photographier(dialogue, "demarche-recapitulatif")
    assert "01/09/2026" in textes(dialogue)
    cliquer(qtbot, dialogue, "Envoyer")
    qtbot.waitUntil(lambda: any(d.libelle == "Changement d'adresse" for d in page.presenter.carte.demarches))
    qtbot.waitUntil(lambda: page.presenter.carte.adresse == "7, rue des Essais, 31500 Toulouse")
    cliquer(qtbot, fenetre, "Terminer la visite")
    qtbot.waitUntil(lambda: page.presenter.carte is None)


@pytest.mark.exigence("DEM-01", "DEM-04", "DEM-05", "DEM-10", "MC-13", "PAI-04", "CNX-10", "CNX-11")
def test_each_form_is_offered_by_its_name_and_none_asks_for_a_password(qtbot, fenetre_sur):
    """Each opens on its own fields; a secret is typed nowhere but in our own sign-in, and in the PDF that it opens."""
    fenetre, page = fenetre_sur("dossiers")
    _ouvrir(qtbot, page, NUMERO)
    _recevoir(qtbot, page, LEYLA)
    cliquer(qtbot, page.carte, "Faire une démarche…")
    dialogue = fenetre.findChild(DemarcheDialog)
    voulus = {x[1]: x for code, x in attendus.FORMULAIRES.items() if code not in ("depot_cpam", "mail_sans_dossier")}
    qtbot.waitUntil(lambda: dialogue.liste.count() == len(voulus))
    elements = {dialogue.liste.item(n).text().split("  ")[0]: dialogue.liste.item(n) for n in range(dialogue.liste.count())}
    assert set(elements) == set(voulus)
    for libelle, (_, _, _, pieces, champs) in voulus.items():
        dialogue.liste.itemActivated.emit(elements[libelle])  # Enter on it
        assert list(dialogue.saisies) == [c.split(":")[0] for c in champs.split()], libelle
        noms = [w.accessibleName().lower() for w in dialogue.saisies.values()]
        assert not [n for n in noms if "mot de passe" in n or "code secret" in n], libelle
        dits = [e.text() for e in dialogue.findChildren(QLabel) if not e.isHidden()]  # those of the form before go in a moment
        assert any("À joindre ensuite" in t for t in dits) is bool(pieces), libelle
    dialogue.reject()
    for onglet in ("documents", "rendezvous", "reperes", "dossiers"):
        fenetre.page(onglet)
    caches = [w for w in QApplication.allWidgets() if isinstance(w, QLineEdit) and w.echoMode() != QLineEdit.EchoMode.Normal]
    assert {_page(w) for w in caches} <= {"ConnexionPage", "VerrouPage"}
    cliquer(qtbot, fenetre, "Terminer la visite")
    qtbot.waitUntil(lambda: page.presenter.carte is None)


def _page(partie):
    """Name the page of our own sign-in that a field is of, or the field's parent."""
    parents = [partie.parentWidget()]
    while parents[-1] is not None:
        parents.append(parents[-1].parentWidget())
    noms = [type(p).__name__ for p in parents]
    return next((n for n in noms if n in ("ConnexionPage", "VerrouPage")), noms[0])


@pytest.mark.exigence("CNX-10")
def test_secrets_are_typed_in_four_places_of_the_program():
    """Our own code and passphrase, and a PDF's own password."""
    vues = Path(guichet.views.__file__).parent
    cachent = {str(f.relative_to(vues)) for f in vues.rglob("*.py") if "EchoMode" in f.read_text()}
    assert cachent == {"connexion/verrou.py", "connexion/code.py", "connexion/coffre.py", "documents/page.py"}


@pytest.mark.exigence("DEM-03", "DEM-07")
def test_a_quarterly_declaration_is_asked_in_words_easy_to_read(qtbot, fenetre_sur):
    """DEM-03: the same form, what was typed in it stays."""
    fenetre, page = fenetre_sur("dossiers")
    _ouvrir(qtbot, page, NUMERO)
    _recevoir(qtbot, page, LEYLA)
    page.carte.faire_une_demarche()
    dialogue = fenetre.findChild(DemarcheDialog)
    qtbot.waitUntil(lambda: dialogue.liste.count() > 10)
    libelles = [dialogue.liste.item(n).text() for n in range(dialogue.liste.count())]
    dialogue._choisir(dialogue.liste.item(libelles.index("Déclaration trimestrielle Rsa")))
    qtbot.waitUntil(lambda: "salaires" in dialogue.saisies and dialogue.saisies["salaires"].isVisible())
    qtbot.keyClicks(dialogue.saisies["salaires"], "120")
    assert "Salaires des trois mois" in textes(dialogue)
    dialogue.falc.click()
    se_poser()
    dits = textes(dialogue)
    assert any("gagné en travaillant" in t for t in dits)
    assert "Salaires des trois mois" not in dits
    assert dialogue.saisies["salaires"].text() == "120"
    assert "gagné en travaillant" in dialogue.saisies["salaires"].accessibleName()
    photographier(dialogue, "demarche-falc")
    dialogue._choisir(dialogue.liste.item(libelles.index("Mail à la Caf")))
    assert not dialogue.falc.isVisible()
    dialogue.reject()
    cliquer(qtbot, fenetre, "Terminer la visite")
    qtbot.waitUntil(lambda: page.presenter.carte is None)
