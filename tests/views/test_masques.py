"""What names or reaches a person is masked wherever it could be read: texts, tables, tooltips, titles, accessible names, files, logs."""

import json
import re
from datetime import date

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from sqlalchemy import select

from guichet.models import Contact, Dossier, Identifiant, Membre
from guichet.rules.formulaires import formulaires
from tests.views.outils import au_calme, textes


def _serre(texte):
    return re.sub(r"[\s.\u00a0\u202f-]", "", texte)


def _fuites(textes, secrets):
    return sorted({(t, s) for t in textes for s in secrets if s in _serre(t) or s in t})


@pytest.fixture
def ouvert(qtbot, fenetre_sur):
    """A dossier open, and all that would reach its people in clear."""
    fenetre, page = fenetre_sur("dossiers")
    with fenetre.poste.session.coffre.lecture() as connexion:
        nir = connexion.execute(
            select(Identifiant.valeur, Membre.dossier_id, Membre.scope_id)
            .join(Membre, (Membre.scope_id == Identifiant.scope_id) & (Membre.personne_id == Identifiant.personne_id))
            .where(Identifiant.type == "nir", Membre.role == "responsable")
            .order_by(Identifiant.valeur)
        ).first()
        gens = list(connexion.scalars(select(Membre.personne_id).where(Membre.dossier_id == nir.dossier_id)))
        nirs = list(connexion.scalars(select(Identifiant.valeur).where(Identifiant.personne_id.in_(gens), Identifiant.type == "nir")))
        contacts = connexion.execute(select(Contact.type, Contact.valeur).where(Contact.personne_id.in_(gens))).all()
        dossier = connexion.execute(select(Dossier).where(Dossier.id == nir.dossier_id)).one()
    secrets = set(nirs)
    for type_, valeur in contacts:
        if type_ == "telephone":
            secrets |= {valeur, "0" + valeur.removeprefix("+33")}
        elif type_ == "courriel":
            secrets.add(valeur)
    if dossier.iban:
        secrets.add(dossier.iban)
    assert len(secrets) >= 3
    page.recherche.setText(dossier.numero)
    qtbot.waitUntil(lambda: page.liste.model().rowCount() > 0)
    page.liste.setCurrentIndex(page.liste.model().index(0, 0))
    qtbot.keyClick(page.liste, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dossier.numero in page.carte.sous_titre.text())
    return fenetre, page, secrets


@pytest.mark.exigence("SEC-02")
def test_an_open_dossier_shows_no_number_in_clear(ouvert):
    fenetre, _, secrets = ouvert
    dits = textes(fenetre)
    assert len(dits) > 100
    assert _fuites(dits, secrets) == []


def test_a_search_by_number_does_not_repeat_it(qtbot, ouvert):
    """What the agent types is his own; what answers him masks it."""
    fenetre, page, secrets = ouvert
    for secret in sorted(s for s in secrets if s.isdecimal()):
        page.recherche.setText(secret)
        qtbot.waitUntil(lambda: not page.presenter._pause.isActive())
        au_calme(qtbot, fenetre)
        page.recherche.clear()
        assert _fuites(textes(page.liste), secrets) == []
        qtbot.keyClick(fenetre, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClicks(fenetre.recherche, secret)
        au_calme(qtbot, fenetre)
        assert _fuites(textes(fenetre._palette), secrets) == []
        fenetre.recherche.clear()


def test_dialogs_over_a_dossier_show_none(qtbot, ouvert):
    fenetre, page, secrets = ouvert
    for ouvrir in (fenetre.barre.montrer_diagnostic, fenetre.barre.montrer_envois):
        vues = []

        def regarder(vues=vues):
            vues.extend(_fuites(textes(*QApplication.topLevelWidgets()), secrets))
            vues.append("vu")
            QApplication.activeModalWidget().reject()

        QTimer.singleShot(800, regarder)
        ouvrir()
        qtbot.waitUntil(lambda vues=vues: "vu" in vues)
        assert vues == ["vu"]
    assert page.carte.isVisible()


def test_the_name_of_a_file_offered_names_nobody(qtbot, ouvert, monkeypatch, tmp_path):
    fenetre, page, _ = ouvert
    offerts = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (offerts.append(a[2]) or "", ""))
    documents = fenetre.page("documents")
    documents.envoi._enregistrer()
    page.carte._exporter()
    nom = page.presenter.carte.nom.split()[0].lower()
    assert len(offerts) == 2
    assert not [o for o in offerts if nom in o.lower() or page.presenter.carte.numero in o]


def test_the_other_tabs_show_none(qtbot, fenetre_sur):
    for onglet in ("bailleur", "rendezvous"):
        fenetre, page = fenetre_sur(onglet)
        au_calme(qtbot, fenetre)
        dits = textes(page)
        assert dits
        assert not [
            t
            for t in dits
            if re.search(r"(?<!\d)[1278]\d{12}(\d\d)?(?!\d)|FR\d\d[A-Z0-9]{20,}|\+33\d{9}|(?<!\d)0[1-9]\d{8}(?!\d)", _serre(t))
        ]
        fenetre.quitter()


def test_the_report_for_support_names_nobody(qtbot, ouvert):
    fenetre, _, secrets = ouvert
    from guichet.services import diagnostic

    rapport = json.dumps(diagnostic.examiner(fenetre.poste.session).en_donnees())
    assert _fuites([rapport], secrets) == []


@pytest.mark.exigence("CNX-10", "SEC-01")
def test_nobody_is_asked_for_the_password_of_the_site(qtbot, ouvert):
    """Neither a form nor a field of the window takes the person's own password: he alone types it, elsewhere."""
    fenetre, page, _ = ouvert
    champs = [c for f in formulaires(date.today()).values() for c in f.champs]
    assert len(champs) > 80
    assert not [c for c in champs if re.search("mot de passe|code secret|identifiant", c.libelle, re.IGNORECASE)]
    dialogue = page.carte.demander_visite()
    qtbot.waitUntil(dialogue.isVisible)
    saisies = [w for onglet in ("dossiers", "documents", "rendezvous", "reperes") for w in fenetre.page(onglet).findChildren(QLineEdit)]
    saisies += dialogue.findChildren(QLineEdit)
    assert len(saisies) > 5
    assert [w.accessibleName() for w in saisies if w.echoMode() != QLineEdit.EchoMode.Normal] == []
    dialogue.reject()
