"""The payments and profiles of the captures (B-04), people invented, each on the card as it stood on the day of the capture."""

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableWidget

from guichet.central.fil import Ecrit, inscrire
from guichet.models import uuid7
from guichet.rules.recherche import cle_de_tri
from guichet.views.dossiers.demarche import DemarcheDialog
from guichet.views.dossiers.paiements import PaiementsDialog
from guichet.views.dossiers.suivi import SuiviDialog
from tests.menage import PORTEE
from tests.outils import centre_servi
from tests.views.outils import cliquer, photographier, se_poser, textes

MAINTENANT = datetime.now(UTC)
MARIE, PACS, VIE = "Marié(e)", "Pacsé(e)", "Vie maritale"
# number, day of the capture, situation, since, activity, since, quotient, payments, rights, alerts, debts; and what the card says.
EXEMPLES = {
    "elise": (
        "8000001", date(2022, 5, 20), (MARIE, date(2012, 3, 31)), ("salariée", date(2020, 9, 1)), 89,
        [{"verse_le": date(2022, 5, 6), "montant_cents": 57552}], [], [], [],
        ["575,52 €", "vendredi 6 mai 2022", "Quotient familial : 89 €", "Marié(e) depuis le 31/03/2012, 1 enfant(s)", "salariée depuis le 01/09/2020",
         "activité non salariée depuis le 01/03/2011"],
    ),
    "jonas": (
        "8000002", date(2022, 5, 4), (MARIE, date(2005, 8, 14)), ("salarié", date(2004, 4, 15)), 1054,
        [{"verse_le": date(2022, 4, 5), "montant_cents": 13208}], [], [("Déclaration trimestrielle RSA attendue", date(2022, 5, 1))], [],
        ["132,08 €", "mardi 5 avril 2022", "Quotient familial : 1054 €", "▲ Déclaration trimestrielle RSA attendue, demandée le 01/05/2022"],
    ),
    "samir": (
        "8000003", date(2021, 7, 20), (MARIE, date(2005, 8, 14)), ("salarié", date(2004, 4, 15)), 500,
        [{"verse_le": date(2021, 7, 5), "montant_cents": 49701}], [], [], [], ["497,01 €", "lundi 5 juillet 2021"],
    ),
    "josephine": (
        "8000004", date(2019, 5, 20), (MARIE, date(2005, 8, 14)), ("sans activité", date(2015, 1, 1)), 210,
        [{"verse_le": date(2019, 5, 6), "montant_cents": 817293, "libelle": "RSA", "periode_du": date(2017, 7, 1), "periode_au": date(2019, 3, 1),
          "retenues": [("Trop-perçu de 2018", 4800)]}],
        [("PPA", date(2019, 5, 1), "sans_droit", "Ressources supérieures au plafond"),
         ("RSA", date(2019, 5, 1), "sans_droit", "Ressources trimestrielles non fournies"), ("RSA", date(2019, 4, 1), "suspendu", None)],
        [], [], ["8 172,93 €", "lundi 6 mai 2019", "sans droit : Ressources trimestrielles non fournies"],
    ),
    "murielle": (
        "8000005", date(2018, 10, 1), (VIE, date(2018, 2, 23)), ("salariée", date(2000, 1, 1)), 652,
        [{"verse_le": date(2018, 9, 25), "montant_cents": 13455, "tiers": "Habitat Garonne"}], [], [], [],
        ["134,55 €", "Versé à un tiers : Habitat Garonne", "Quotient familial : 652 €", "Vie maritale depuis le 23/02/2018"],
    ),
    "appli": (
        "8000006", date(2019, 2, 20), (MARIE, date(2010, 1, 1)), ("salariée", date(2000, 1, 1)), 700,
        [{"verse_le": date(2019, 2, 5), "montant_cents": 196477}], [], [("Information manquante", date(2018, 6, 30))], [1130261],
        ["1 964,77 €", "mardi 5 février 2019", "▲ Reste dû : 11 302,61 €", "Revenu de solidarité active, depuis le 01/01/2018 : 11 302,61 €",
         "Se rembourse en ligne, en tout ou en partie : Mon Compte, « Mes dettes ».", "▲ Information manquante, demandée le 30/06/2018"],
    ),
    "sans paiement": (
        "8000007", date(2023, 3, 7), (PACS, date(2017, 1, 25)), ("salariée", date(2018, 5, 31)), None, [], [], [], [],
        ["Il n'y a pas de paiement sur 24 mois.", "Quotient familial : Indisponible", "Pacsé(e) depuis le 25/01/2017, 1 enfant(s)"],
    ),
}  # fmt: skip


GARDE, JOUR_GARDE = "8000008", date(2026, 5, 20)
AGENDA = [
    (date(2026, 6, 5), "paiement", "Paiement de vos prestations"), (date(2026, 8, 1), "declaration", "Déclaration trimestrielle de ressources"),
    (date(2026, 9, 1), "modification", "Les 20 ans d'un enfant changent vos droits"),
    (date(2026, 11, 15), "renouvellement", "Renouvellement de votre demande d'AAH"),
    (date(2026, 12, 15), "paiement", "Au-delà de six mois"), (date(2026, 5, 5), "paiement", "Déjà passé"),
]  # fmt: skip
GENRES = ("Paiement", "Déclaration de ressources", "Modification de droits", "Renouvellement")
COURRIERS = [
    (date(2026, 5, 3), "recu", "Lettre non lue", False), (date(2026, 5, 2), "recu", "Lettre lue", True),
    (date(2026, 5, 1), "envoye", "Question posée", True),
]  # fmt: skip
DEMARCHES = [("Demande d'essai", "recue", date(2026, 5, 2)), ("Demande d'essai finie", "traitee", date(2024, 6, 3))]
PIECES = [("bail", date(2026, 5, 4))]


def _ecrire(
    base, numero, situation, activite, quotient, paiements, droits, alertes, dettes, agenda=(), courriers=(), pieces=(), demarches=()
):
    ids = {nom: uuid7() for nom in ("dossier", "foyer", "moi", "enfant", "conjoint")}

    def ligne(type_, id_=None, **valeurs):
        return Ecrit(type_, id_ or uuid7(), valeurs)

    def du(type_, **valeurs):
        return ligne(type_, dossier_id=ids["dossier"], **valeurs)

    nom, verses = f"EXEMPLE{numero}", [(uuid7(), p) for p in paiements]
    ecrits = [
        ligne("foyer", ids["foyer"], situation=situation[0], depuis=situation[1]),
        ligne(
            "dossier", ids["dossier"], organisme_id=uuid7(), organisme_nom="Caf 31", numero=numero, foyer_id=ids["foyer"],
            responsable_id=ids["moi"], ouvert_le=date(2010, 1, 1), quotient_familial=quotient, iban="FR1420041010050500013M02606",
        ),
        ligne("personne", ids["moi"], nom_naissance=nom, prenoms="Camille", sexe="F", ne_le=date(1985, 1, 1), cle=cle_de_tri(nom, "Camille")),
        ligne("personne", ids["enfant"], nom_naissance=nom, prenoms="Lou", sexe="F", ne_le=date(2017, 1, 1), cle=cle_de_tri(nom, "Lou")),
        du("membre", personne_id=ids["moi"], role="responsable", activite=activite[0], activite_depuis=activite[1]),
        du("membre", personne_id=ids["enfant"], role="enfant"),
        ligne("personne", ids["conjoint"], nom_naissance=nom, prenoms="Sacha", sexe="M", ne_le=date(1984, 1, 1), cle=cle_de_tri(nom, "Sacha")),
        du("membre", personne_id=ids["conjoint"], role="conjoint", activite="activité non salariée", activite_depuis=date(2011, 3, 1)),
        du(  # somebody came lately: a dossier in which nothing happens is purged
            "visite", agent_id=uuid7(), personne_id=ids["moi"], qualite="allocataire", preuve="Passeport, valide", ouverte_le=MAINTENANT,
            fermee_le=MAINTENANT,
        ),
        du("demarche", libelle="Vieille demande", famille="autres", etat="traitee", deposee_le=date(2015, 1, 1)),
        *(du("demarche", libelle=libelle, famille="autres", etat=etat, deposee_le=le) for libelle, etat, le in demarches),
        *(ligne("paiement", id_, dossier_id=ids["dossier"], **{k: v for k, v in p.items() if k != "retenues"}) for id_, p in verses),
        *(du("retenue", paiement_id=id_, libelle=quoi, montant_cents=cents) for id_, p in verses for quoi, cents in p.get("retenues", ())),
        *(du("droit", prestation_code=code, mois=mois, etat=etat, motif=motif, montant_cents=0) for code, mois, etat, motif in droits),
        *(du("alerte", libelle=libelle, demandee_le=le) for libelle, le in alertes),
        *(du("echeance", le=le, type=type_, libelle=libelle) for le, type_, libelle in agenda),
        *(du("courrier", le=le, sens=sens, objet=objet, lu=lu) for le, sens, objet, lu in courriers),
        *(du("piece", type=type_, demandee_le=le) for type_, le in pieces),
        *(du("dette", prestation_code="RSA", nee_le=date(2018, 1, 1), solde_cents=cents) for cents in dettes),
    ]  # fmt: skip
    base.ecrire(lambda connexion: inscrire(connexion, PORTEE, ecrits), PORTEE)


def _tous(base):
    for numero, _, *reste, _ in EXEMPLES.values():
        _ecrire(base, numero, *reste)
    droits = [("PAJE-CMG", date(2026, 5, 1), "ouvert", None)]
    _ecrire(
        base,
        GARDE,
        (PACS, date(2017, 1, 25)),
        ("salariée", date(2018, 5, 31)),
        900,
        [],
        droits,
        [],
        [],
        AGENDA,
        COURRIERS,
        PIECES,
        DEMARCHES,
    )


@pytest.fixture(scope="module")
def servi(monde, tmp_path_factory):
    dossier = tmp_path_factory.mktemp("exemples")
    with centre_servi(monde, dossier, _tous) as (centre, _):
        yield centre, dossier / "profils"


@pytest.fixture
def page_le(qtbot, fenetre_sur, monkeypatch):
    """Open a dossier in the window, on the day of its capture."""

    def ouvrir(numero, jour):
        monkeypatch.setattr("guichet.presenters.dossiers.date", type("Jour", (date,), {"today": classmethod(lambda _: jour)}))
        _, page = fenetre_sur("dossiers")
        qtbot.keyClicks(page.recherche, numero)
        qtbot.waitUntil(lambda: page.liste.count() == 3)
        qtbot.keyClick(page.recherche, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: page.presenter.carte is not None and page.presenter.carte.numero == numero)
        se_poser()
        return page

    return ouvrir


@pytest.mark.exigence("MC-04", "MC-05", "MC-07", "PAI-08", "PAI-13", "PAI-16", "SUI-01", "DOC-13", "MC-12")
@pytest.mark.parametrize("exemple", EXEMPLES)
def test_the_card_says_what_the_capture_says(page_le, exemple):
    numero, jour, *_, attendus = EXEMPLES[exemple]
    dits = [t.replace("\u202f", " ").replace("\u00a0", " ") for t in textes(page_le(numero, jour).carte)]
    assert not [a for a in attendus if not any(a in t for t in dits)]
    assert not any("Vieille demande" in t for t in dits), "démarches are shown over 24 months (SUI-01)"
    for dette in ("Reste dû", "Mes dettes"):
        assert any(dette in t for t in dits) is (exemple == "appli"), "debts are shown only when there are some (PAI-13)"
    assert not any("pajemploi" in t for t in dits), "only for who has that right (MC-12)"


@pytest.mark.exigence("PAI-07", "PAI-09", "PAI-10", "PAI-11", "PAI-12", "PAI-14")
def test_a_back_payment_and_a_month_without_rights_one_by_one(qtbot, page_le):
    numero, jour, *_ = EXEMPLES["josephine"]
    page = page_le(numero, jour)
    cliquer(qtbot, page.carte, "Paiements et droits, mois par mois…")
    dialogue = page.window().findChild(PaiementsDialog)
    photographier(dialogue, "paiements-clair-100")
    dits = "\n".join(textes(dialogue)).replace("\u202f", " ").replace("\u00a0", " ")
    for attendu in (
        "8 172,93 €", "Retenue : Trop-perçu de 2018, 48,00 €", "RSA, période 07/2017 à 03/2019", "FR14 •••• 2606", "mai 2019", "Prestations sans droit",
        "dépend de la banque", "ce qui vient d'être transmis est à l'étude",
    ):  # fmt: skip
        assert attendu in dits
    assert "sans droit : Ressources trimestrielles non fournies" in dits
    assert not dialogue.paiement_precedent.isEnabled()
    assert not dialogue.paiement_suivant.isEnabled()
    qtbot.mouseClick(dialogue.mois_precedent, Qt.MouseButton.LeftButton)
    se_poser()
    dits = "\n".join(textes(dialogue))
    assert "avril 2019" in dits
    assert "suspendu" in dits, "a suspension gives no reason (C09)"
    assert "Ressources" not in dits
    assert not dialogue.mois_precedent.isEnabled()
    qtbot.mouseClick(dialogue.mois_suivant, Qt.MouseButton.LeftButton)
    se_poser()
    assert "mai 2019" in "\n".join(textes(dialogue))
    dialogue.accept()


@pytest.mark.exigence("PAI-01")
def test_payments_older_than_24_months_are_not_shown(page_le):
    numero, *_ = EXEMPLES["samir"]
    page = page_le(numero, date(2023, 7, 6))
    assert any("Il n'y a pas de paiement sur 24 mois." in t for t in textes(page.carte))


@pytest.mark.exigence("MC-03", "MC-08", "MC-12")
def test_the_next_six_months_of_four_kinds_the_unread_letters_and_where_the_carer_is_declared(page_le):
    """MC-03, MC-08 and MC-12."""
    dits = textes(page_le(GARDE, JOUR_GARDE).carte)
    tout = "\n".join(dits)
    dans_l_agenda = [t for t in dits if any(t.endswith(f" : {libelle}") for *_, libelle in AGENDA)]
    assert [t.split(" : ") for t in dans_l_agenda] == [[genre, libelle] for genre, (*_, libelle) in zip(GENRES, AGENDA, strict=False)]
    assert "Courriers non lus : 1" in tout
    assert "pajemploi.urssaf.fr" in tout


def _tables(dialogue):
    return {
        dialogue.onglets.tabText(n).replace("&", ""): [
            [table.item(r, c).text() for c in range(table.columnCount())]
            for table in dialogue.onglets.widget(n).findChildren(QTableWidget) for r in range(table.rowCount())
        ]
        for n in range(dialogue.onglets.count())
    }  # fmt: skip


@pytest.mark.exigence("SUI-01", "DOC-12", "DOC-04", "SUI-06")
def test_what_is_followed_is_listed_whole(qtbot, page_le):
    """Démarches of 24 months with where they stand, letters both ways, papers asked for; none that is older."""
    page = page_le(GARDE, JOUR_GARDE)
    cliquer(qtbot, page.carte, f"Suivre les démarches ({len(DEMARCHES)})…")
    dialogue = page.window().findChild(SuiviDialog)
    lues = _tables(dialogue)
    dialogue.accept()
    assert [ligne[:3] for ligne in lues["Démarches"]] == [
        ["Demande d'essai", "02/05/2026", "● reçue"], ["Demande d'essai finie", "03/06/2024", "✓ traitée"],
    ]  # fmt: skip
    assert lues["Courriers et courriels"] == [
        ["reçu : Lettre non lue", "03/05/2026", "● non lu"], ["reçu : Lettre lue", "02/05/2026", ""],
        ["envoyé : Question posée", "01/05/2026", ""],
    ]  # fmt: skip
    assert lues["Pièces demandées"] == [["Bail", "04/05/2026"]]


@pytest.mark.exigence("MC-04", "DOC-13")
def test_an_alert_leads_to_what_answers_it(qtbot, page_le):
    """To the papers asked for where only papers answer; to the form where there is one, and somebody to fill it in."""
    page = page_le(*EXEMPLES["appli"][:2])
    cliquer(qtbot, page.carte, "Compléter les démarches…")
    dialogue = page.window().findChild(SuiviDialog)
    assert dialogue.onglets.tabText(dialogue.onglets.currentIndex()).replace("&", "") == "Pièces demandées"
    dialogue.accept()
    page.presenter.chercher(EXEMPLES["jonas"][0])
    qtbot.waitUntil(lambda: page.liste.count() == 3 and EXEMPLES["jonas"][0] in page.liste.item(0).text())
    page._ouvrir(page.liste.item(0))
    qtbot.waitUntil(lambda: page.presenter.carte.numero == EXEMPLES["jonas"][0])
    cliquer(qtbot, page.carte.demander_visite(), "Ouvrir la visite")
    qtbot.waitUntil(lambda: page.presenter.carte is not None and page.presenter.carte.vue.qualite is not None)
    cliquer(qtbot, page.carte, "Remplir « Déclaration trimestrielle Rsa »…")
    demarche = page.window().findChild(DemarcheDialog)
    qtbot.waitUntil(lambda: "salaires" in demarche.saisies and demarche.saisies["salaires"].isVisible())
    assert demarche._formulaire.code == "dtr_rsa"
    demarche.reject()
    cliquer(qtbot, page.window(), "Terminer la visite")
    qtbot.waitUntil(lambda: page.presenter.carte is None)
