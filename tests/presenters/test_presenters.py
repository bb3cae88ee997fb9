"""What each tab's presenter gives its view, step by step."""

from guichet.presenters.bailleur import BailleurPresenter
from guichet.presenters.dossiers import DossiersPresenter
from guichet.presenters.rendezvous import RendezVousPresenter
from guichet.presenters.reperes import ReperesPresenter
from guichet.rules.recherche import plier
from tests.sync.outils import BAILLEUR, CAF


def test_a_name_typed_finds_people_whose_dossier_opens(poste_de, recus):
    dossiers = DossiersPresenter(poste_de(CAF))
    resultats, cartes, refus = recus(dossiers.resultats), recus(dossiers.carte_lue), recus(dossiers.refuse)
    dossiers.chercher("mar")
    (rendu,) = resultats
    assert rendu.trouves
    assert all("MAR" in plier(f"{t.nom} {t.prenoms}") for t in rendu.trouves)
    dossiers.ouvrir(rendu.trouves[0])
    assert dossiers.carte.dossier_id == rendu.trouves[0].dossier_id
    assert len(cartes) == 1
    assert refus == []


def test_an_answer_to_an_older_text_is_dropped(poste_de, recus, monkeypatch):
    dossiers = DossiersPresenter(poste_de(CAF))
    resultats, demandes = recus(dossiers.resultats), []
    monkeypatch.setattr(dossiers.poste.taches, "_lancer", lambda *demande: demandes.append(demande))
    dossiers.chercher("ma")
    dossiers.chercher("mar")
    monkeypatch.undo()
    for demande in demandes:
        dossiers.poste.taches._lancer(*demande)
    assert len(resultats) == 1
    assert all("MAR" in plier(f"{t.nom} {t.prenoms}") for t in resultats[0].trouves)


def test_a_landlord_s_list_is_counted_filtered_selected_and_declared(poste_de, recus):
    bailleur = BailleurPresenter(poste_de(BAILLEUR))
    pages, selections, declares, a_declarer = (
        recus(bailleur.page_lue), recus(bailleur.selection_changee), recus(bailleur.declares), recus(bailleur.a_declarer_lus),
    )  # fmt: skip
    bailleur.commencer()
    assert bailleur.total == 406
    bailleur.demander(0, 50)
    ((debut, lignes),) = pages
    assert (debut, len(lignes)) == (0, 50)
    bailleur.appliquer(attendus=True, nom="", numero="", code_postal="")
    attendus = bailleur.total
    assert 0 < attendus < 406
    bailleur.tout_selectionner()
    assert len(bailleur.selection) == attendus
    bailleur.continuer()
    ((campagne, choisies),) = a_declarer
    assert len(choisies) == attendus
    premier = min(bailleur.selection)
    bailleur.declarer({premier: 50_000}, campagne.mois)
    assert declares == [1]
    assert premier not in bailleur.selection
    assert len(selections) == 2
    bailleur.appliquer(attendus=True, nom="", numero="", code_postal="")
    assert bailleur.total == attendus - 1


def test_slots_are_hidden_by_mode_and_by_place(poste_de, recus):
    rendezvous = RendezVousPresenter(poste_de(CAF))
    motifs, lieux = recus(rendezvous.motifs_lus), recus(rendezvous.lieux_changes)
    rendezvous.commencer()
    assert len(motifs[0]) == 9
    assert len(lieux) == 1
    tous = rendezvous.creneaux
    mode = tous[0].mode
    rendezvous.montrer_mode(mode, montre=False)
    assert rendezvous.creneaux == tuple(c for c in tous if c.mode != mode) != tous
    assert not rendezvous.montre(mode)
    rendezvous.montrer_mode(mode, montre=True)
    lieu = tous[0].site_nom
    rendezvous.montrer_lieu(lieu, montre=False)
    assert rendezvous.creneaux == tuple(c for c in tous if c.site_nom != lieu)
    rendezvous.montrer_lieu(lieu, montre=True)
    assert rendezvous.creneaux == tous


def test_tables_of_reperes_are_chosen_and_their_lines_kept_by_words(poste_de, recus):
    reperes = ReperesPresenter(poste_de(CAF))
    montrees = recus(reperes.montree)
    reperes.lire()
    assert len(montrees) == 1
    reperes.choisir([r.titre for r in reperes.rubriques].index("Délais de traitement"))
    lignes = reperes.lignes
    assert lignes == reperes.rubrique.lignes
    mot = lignes[0][0].split()[0]
    reperes.filtrer(mot.upper())
    assert lignes[0] in reperes.lignes
    reperes.filtrer("zzzz")
    assert reperes.lignes == ()
