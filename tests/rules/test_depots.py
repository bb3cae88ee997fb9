"""What is expected of a kind of paper, and where each body takes documents: dated data, looked at by what the pages say."""

from datetime import date

import pytest

from guichet.ressources import donnees
from guichet.rules.depots import PageVue, canal, constater

JOUR = date(2026, 11, 23)
ATTENDUS = {p["code"]: p.get("attendu", {}) for p in donnees("pieces.yaml")["pieces"]}


def _dire(code, *textes, composee=False):
    return constater(ATTENDUS[code], [PageVue(t, composee) for t in textes], JOUR)


PAIE = "Bulletin de paie, période du 01/{0:02}/2026 au 28/{0:02}/2026"


@pytest.mark.parametrize(
    ("code", "textes", "dit"),
    [
        ("bulletin_salaire", [PAIE.format(m) for m in (8, 9, 10)], ""),
        ("bulletin_salaire", [PAIE.format(m) for m in (9, 10)], "Les 3 derniers mois sont attendus : 2 là (09/2026, 10/2026)."),
        ("bulletin_salaire", [PAIE.format(m) for m in (10, 10, 10)], "Les 3 derniers mois sont attendus : 1 là (10/2026)."),
        ("bulletin_salaire", [PAIE.format(10), PAIE.format(9), "illisible"], ""),
        ("bulletin_salaire", ["illisible"], "Les 3 derniers mois sont attendus : 1 là."),
        ("bulletin_salaire", [PAIE.format(m) for m in (3, 4, 5)], "28/05/2026 : moins de 4 mois sont attendus."),
        ("justificatif_domicile", ["Facture du 02/09/2026"], ""),
        ("justificatif_domicile", ["Facture du 02/08/2026, à payer le 20/08/2026"], "20/08/2026 : moins de 3 mois sont attendus."),
        ("justificatif_domicile", ["Facture du 02/08/2026, à payer le 20/12/2026"], "02/08/2026 : moins de 3 mois sont attendus."),
        ("justificatif_domicile", ["sans date"], ""),
        ("bulletin_salaire", [PAIE.format(m) + ", prochaine paie le 28/12/2026" for m in (8, 9, 10)], ""),
        ("autre", ["page 1/2 puis page 2/2"], ""),
        ("piece_identite", ["recto valable jusqu'au 01/01/2030, née le 02/02/1980", "verso"], ""),
        ("piece_identite", ["recto"], "Le recto et le verso sont attendus"),
        ("piece_identite", ["née le 02/02/1980, expire le 03/03/2019", "verso"], "03/03/2019 : cette pièce semble périmée."),
        ("avis_imposition", ["Page 1/4 du 01/08/2026", "page 3 sur 4"], "Il manque les pages 2, 4 sur 4."),
        ("avis_imposition", ["Page 1 / 3", "page 3/3"], "Il manque la page 2 sur 3."),
        ("avis_imposition", ["Page 1/2", "page 2/2"], ""),
        ("avis_imposition", ["page 1/2", "", ""], ""),
        ("autre", ["Page 1/2 d'un bail, page 1/3 d'un autre"], ""),
        ("bail", ["page 7/4"], ""),
    ],
)
def test_what_is_missing_is_said_and_what_cannot_be_read_is_not(code, textes, dit):
    constats = _dire(code, *textes)
    assert len(constats) == bool(dit), constats
    assert not dit or dit in constats[0]


def test_both_sides_on_one_page_are_both_sides():
    assert _dire("piece_identite", "recto et verso", composee=True) == ()


@pytest.mark.exigence("DOC-11")
def test_each_kind_that_is_expected_has_words_that_the_rules_know():
    connues = {"mois", "age_mois", "faces", "valable"}
    assert all(set(a) <= connues for a in ATTENDUS.values())
    assert sum(bool(a) for a in ATTENDUS.values()) >= 7


@pytest.mark.exigence("DEP-01", "DOC-09")
def test_a_cpam_s_form_is_for_its_department_alone():
    ici, ailleurs = canal("cpam", "31", JOUR), canal("cpam", "92", JOUR)
    assert (ici.formulaire, ici.exclus) == ("depot_cpam", ("feuille_soins",))
    assert (ailleurs.formulaire, ailleurs.exclus) == ("", ())
    assert canal("caf", "31", JOUR).formulaire == ""
    assert canal(None, "", JOUR).octets > 0
    assert canal("cpam", "31", date(2020, 1, 1)) == ici, "before its first day, the first version"
