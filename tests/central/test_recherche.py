"""Finding people of the other sites of one's organisme by their name: masked, journaled, and nobody else's."""

from datetime import date

import pytest
from sqlalchemy import select

from guichet.central.fil import Ecrit, inscrire, lire_entite, portees_du_genre
from guichet.central.tables import mot
from guichet.models import Dossier, Journal, Personne
from tests.ailleurs import AUTRE_SITE, ecrire_ailleurs
from tests.central.test_centre import BAILLEUR, CAF, Poste


@pytest.fixture
def ailleurs(base):
    """The responsable of a dossier of another site, named Éléonore D'Anglejan-Ibarra."""
    numero, dossier = ecrire_ailleurs(base, "org")

    def nommer(connexion):
        qui = connexion.scalar(select(Dossier.responsable_id).where(Dossier.scope_id == AUTRE_SITE))
        avant = lire_entite(connexion, "personne", AUTRE_SITE, qui)
        apres = avant | {"nom_naissance": "D'Anglejan-Ibarra", "prenoms": "Éléonore", "nom_usage": "Ousmane", "ne_le": date(1990, 3, 9)}
        inscrire(connexion, AUTRE_SITE, [Ecrit("personne", qui, {k: v for k, v in apres.items() if k not in ("scope_id", "id")})])
        return qui

    return numero, dossier, base.ecrire(nommer, AUTRE_SITE)


def _chercher(client, base, mots, login=CAF, **autres):
    poste = Poste(client, base, login)
    return client.post("/v1/dossiers/recherche", json={"mots": mots} | autres, headers=poste.entetes)


@pytest.mark.parametrize(
    "mots", [["anglejan"], ["IBARRA", "ele"], ["éléonore", "d'ang"], ["ousmane"], ["ibarra-anglejan"], ["eleonore", "a", "i"]]
)
def test_any_words_in_any_order_find_her_masked(client, base, ailleurs, mots):
    rendu = _chercher(client, base, mots)
    assert rendu.status_code == 200, rendu.text
    trouve = next(t for t in rendu.json()["trouves"] if t["dossier"] == ailleurs[1])
    assert trouve == {
        "portee": AUTRE_SITE, "dossier": ailleurs[1], "nom": "D'Anglejan-Ibarra", "initiale": "É", "annee": 1990,
        "organisme": "Caf de la Haute-Garonne",
    }  # fmt: skip
    assert ailleurs[0] not in rendu.text
    assert "1990-03-09" not in rendu.text


@pytest.mark.parametrize(
    ("autres", "trouvee"),
    [({"ne_du": "1990-03-01", "ne_au": "1990-03-31"}, True), ({"ne_du": "1990-04-01", "ne_au": "1990-04-30"}, False)],
)
def test_a_birth_narrows(client, base, ailleurs, autres, trouvee):
    rendu = _chercher(client, base, ["anglejan"], **autres).json()
    assert [t["dossier"] for t in rendu["trouves"]] == ([ailleurs[1]] if trouvee else [])


@pytest.mark.parametrize("mots", [[], ["ab"], ["   "], ["%%%"], [f"mot{n}" for n in range(9)]])
def test_too_little_or_too_much_is_refused(client, base, ailleurs, mots):
    assert _chercher(client, base, mots).status_code == 400


def test_a_name_that_changed_is_found_by_the_new_one_alone(client, base, ailleurs):
    avant = {"nom_naissance": "Autrement", "nom_usage": None}

    def changer(connexion):
        lu = lire_entite(connexion, "personne", AUTRE_SITE, ailleurs[2])
        inscrire(
            connexion, AUTRE_SITE, [Ecrit("personne", ailleurs[2], {k: v for k, v in (lu | avant).items() if k not in ("scope_id", "id")})]
        )

    base.ecrire(changer, AUTRE_SITE)
    assert _chercher(client, base, ["anglejan"]).json()["trouves"] == []
    assert _chercher(client, base, ["autrement"]).json()["trouves"]
    base.ecrire(lambda c: inscrire(c, AUTRE_SITE, [Ecrit("personne", ailleurs[2], None)]), AUTRE_SITE)
    with base.lecture(AUTRE_SITE) as connexion:
        assert connexion.execute(select(mot).where(mot.c.scope_id == AUTRE_SITE, mot.c.personne_id == ailleurs[2])).all() == []


def test_what_is_one_s_own_or_another_organisme_s_is_not_there(client, base, ailleurs):
    with base.lecture() as connexion:
        sites = portees_du_genre(connexion, "site")
    for site in sites:
        with base.lecture(site) as connexion:
            noms = connexion.scalars(select(Personne.nom_naissance).where(Personne.scope_id == site).limit(3)).all()
        for nom in noms:
            rendu = _chercher(client, base, [nom[:5]])
            assert {t["portee"] for t in rendu.json().get("trouves", [])} <= {AUTRE_SITE}
    assert _chercher(client, base, ["anglejan"], "conseillere.cpam31").json()["trouves"] == []
    assert _chercher(client, base, ["anglejan"], BAILLEUR).status_code == 403


def test_it_is_journaled_by_a_hash(client, base, ailleurs):
    _chercher(client, base, ["anglejan"])
    with base.lecture(f"user:{CAF}") as connexion:
        ligne = connexion.execute(select(Journal.action, Journal.objet).where(Journal.scope_id == f"user:{CAF}")).one()
    assert ligne.action == "recherche_hors_portee"
    assert len(ligne.objet) == 16
    assert "ANGLEJAN" not in ligne.objet.upper()


def test_what_was_found_is_opened_with_a_reason(client, base, ailleurs):
    poste = Poste(client, base, CAF)

    def ouvrir(motif, dossier=ailleurs[1]):
        return client.post("/v1/dossiers/glace", json={"numero": "", "motif": motif, "dossier": dossier}, headers=poste.entetes)

    assert ouvrir("court").status_code == 400
    assert ouvrir("La personne vient de déménager").json()["donnees"]["dossier"][0]["numero"] == ailleurs[0]
    assert ouvrir("La personne vient de déménager", "0" * 36).status_code == 404


def test_the_demonstration_s_people_have_their_words(base):
    with base.lecture() as connexion:
        site = next(s for s in portees_du_genre(connexion, "site") if s.startswith("site:caf-31"))
    with base.lecture(site) as connexion:
        personne = connexion.execute(select(Personne.id, Personne.cle).where(Personne.scope_id == site).limit(1)).one()
        mots = set(connexion.scalars(select(mot.c.mot).where(mot.c.scope_id == site, mot.c.personne_id == personne.id)))
    assert mots >= set(personne.cle.split())
