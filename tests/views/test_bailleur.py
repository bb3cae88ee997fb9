"""« Bailleur » as it reads: the columns of the list, a tenant's card value by value, who each rent is for."""

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from guichet.models import Bail, Locataire, Logement
from guichet.views.formats import date_courte, montant
from tests.views.outils import au_calme, cliquer, textes


@pytest.fixture
def page(qtbot, fenetre_sur):
    fenetre, ouverte = fenetre_sur("bailleur")
    au_calme(qtbot, fenetre)  # a pass that ends reads the list again, and its lines are away for a moment
    qtbot.waitUntil(lambda: ouverte.presenter.total == 406 and ouverte.table.model().ligne(0) is not None)
    return ouverte


def _logement(page, id_):
    """Return the lease and the dwelling of a tenant, as the vault has them."""
    with page.presenter.poste.session.coffre.lecture() as connexion:
        requete = select(Bail.debut, Logement.adresse, Logement.type, Logement.surface).select_from(Locataire)
        jointe = requete.join(Bail, Bail.id == Locataire.bail_id).join(Logement, Logement.id == Bail.logement_id)
        return connexion.execute(jointe.where(Locataire.id == id_)).one()


@pytest.mark.exigence("BAI-11")
def test_the_list_names_each_tenant_with_his_number_and_postcode(page):
    modele = page.table.model()
    titres = [modele.headerData(c, Qt.Orientation.Horizontal) for c in range(4)]
    ligne = modele.ligne(0)
    assert dict(zip(titres, (modele.data(modele.index(0, c)) for c in range(4)), strict=True)) == {
        "Nom": f"{ligne.nom.upper()} {ligne.prenom}", "N° allocataire": ligne.numero_allocataire, "Code postal": ligne.code_postal, "Commune": ligne.commune,
    }  # fmt: skip
    assert all((ligne.nom, ligne.prenom, ligne.numero_allocataire, ligne.code_postal))


@pytest.mark.exigence("BAI-14")
def test_a_card_tells_each_value_of_the_tenant_his_rent_and_his_dwelling(qtbot, page):
    page.table.setCurrentIndex(page.table.model().index(0, 0))
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(page.fiche.isVisible)
    ligne = page.table.model().ligne(0)
    logement, dits = _logement(page, ligne.id), textes(page.fiche)
    assert page.fiche.nom.text() == f"{ligne.nom.upper()} {ligne.prenom}"
    for titre, valeur in (
        ("N° allocataire", ligne.numero_allocataire), ("Adresse", f"{logement.adresse}, {ligne.code_postal} {ligne.commune}"),
        ("Loyer hors charges", montant(ligne.loyer_cents)), ("Dernier montant AL versé", montant(ligne.derniere_al_cents)),
        ("Locataire depuis le", date_courte(logement.debut)), ("Type", logement.type), ("Superficie", f"{logement.surface} m²"),
    ):  # fmt: skip
        assert titre in dits
        assert dits[dits.index(titre) + 1] == valeur


@pytest.mark.exigence("BAI-17")
def test_each_rent_says_whose_it_is_until_it_is_declared(qtbot, page):
    page.attendus.setChecked(True)
    cliquer(qtbot, page, "Appliquer")
    qtbot.waitUntil(lambda: 0 < page.presenter.total < 406 and page.table.model().ligne(0) is not None)
    page.table.setCurrentIndex(page.table.model().index(0, 0))
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    ligne = page.table.model().ligne(0)
    cliquer(qtbot, page, "Continuer")
    qtbot.waitUntil(page.loyers.isVisible)
    modele = page.loyers.modele
    assert [modele.data(modele.index(0, c)) for c in range(3)] == [
        f"{ligne.nom.upper()} {ligne.prenom}", ligne.numero_allocataire, montant(ligne.loyer_cents),
    ]  # fmt: skip
    modele.setData(modele.index(0, 3), "beaucoup")
    assert modele.data(modele.index(0, 0)) == f"{ligne.nom.upper()} {ligne.prenom}"
