"""The reasons of appointments (RDV-05), the bodies and their sites (RDV-09, CTC-07 to CTC-10), the benefits (PRO-05), the demonstration's people."""

import pytest

from guichet.ressources import donnees

MOTIFS = [
    ("01", "Ma situation change", 20, "Justificatif du changement"),
    ("02", "Je ne suis pas ou plus allocataire de votre Caf", 20, "Pièce d'identité, justificatif de domicile"),
    ("03", "Je veux savoir où en est mon dossier", 20, "Numéro d'allocataire"),
    ("04", "Je rencontre des difficultés familiales ou financières", 20, "Trois derniers bulletins de salaire, avis d'imposition"),
    ("06", "J'ai une demande concernant le handicap ou la dépendance", 20, "Notification de la MDPH"),
    ("07", "Je suis éligible au RSA", 20, "Pièce d'identité, ressources des trois derniers mois"),
    ("09", "Je dois de l'argent à la Caf ou je conteste une décision", 20, "Courrier de la Caf"),
    ("10", "Je souhaite bénéficier d'un accompagnement social", 20, "Pièce d'identité"),
    ("13", "Je suis sourd ou malentendant", 20, "Pièce d'identité"),
]  # fmt: skip
SITES = {
    "caf-31": ("Caf de la Haute-Garonne", "caf", "31", {
        "Rendez-vous téléphonique CAF 31": ["", False, "telephone 12345 09:00-12:00"],
        "Auterive": ["31190 Auterive", False, "sur_site 2 09:00-12:00"],
        "Bagneres de Luchon": ["31110 Bagnères-de-Luchon", False, "sur_site 3 09:00-12:00"],
        "Blagnac": ["31700 Blagnac", False, "sur_site 14 09:00-16:00"],
        "Colomiers": ["31770 Colomiers", False, "sur_site 25 09:00-12:00", "visio 24 14:00-16:00"],
        "Cugnaux": ["31270 Cugnaux", False, "sur_site 3 13:40-16:00"],
        "Muret": ["31600 Muret", False, "sur_site 124 08:30-12:10"],
        "Revel": ["31250 Revel", False, "sur_site 5 09:00-12:00"],
        "St Alban": ["31140 Saint-Alban", False, "sur_site 4 09:00-12:00"],
        "St Gaudens": ["31800 Saint-Gaudens", False, "sur_site 14 08:30-16:10"],
        "Toulouse Riquet": ["24 rue Riquet 31000 Toulouse", True, "sur_site 12345 08:30-16:30", "visio 13 14:00-16:00"],
    }),
    "cpam-31": ("CPAM de la Haute-Garonne", "cpam", "31", {
        "Toulouse Cœur de ville": ["31000 Toulouse", False, "sur_site 12345 08:30-12:30"],
        "Rendez-vous téléphonique CPAM 31": ["", False, "telephone 12345 09:00-16:00"],
    }),
    "fs-auterive": ("France Services Auterive", "france_services", "31", {
        "France Services Auterive": ["31190 Auterive", True],
    }),
    "caf-92": ("Caf des Hauts-de-Seine", "caf", "92", {
        "Gennevilliers": ["92230 Gennevilliers", True, "sur_site 4 09:00-16:00 un gestionnaire conseil", "telephone 12345 08:30-16:00 un gestionnaire conseil"],
        "Chatenay": ["92290 Châtenay-Malabry", True, "sur_site 24 09:00-16:00 un gestionnaire conseil", "telephone 12345 08:30-16:00 un gestionnaire conseil"],
        "Nanterre": ["92000 Nanterre", False, "sur_site 1 09:00-16:00 un gestionnaire conseil", "telephone 12345 08:30-16:00 un gestionnaire conseil"],
        "Montrouge": ["92120 Montrouge", False, "sur_site 3 09:00-16:00 un gestionnaire conseil", "telephone 12345 08:30-16:00 un gestionnaire conseil"],
        "Colombes": ["92700 Colombes", False, "sur_site 5 09:00-16:00 un gestionnaire conseil", "telephone 12345 08:30-16:00 un gestionnaire conseil"],
    }),
}  # fmt: skip
"""By body: its words, its kind, its department, and by site where it is, whether it has a digital space, when it is open (1 is Monday) and with whom."""
PRESTATIONS = [
    ("AAH", "Allocation aux adultes handicapés", "handicap", ""),
    ("ADE", "Allocation forfaitaire en cas de décès d'un enfant", "accident_de_vie", ""),
    ("AEEH", "Allocation d'éducation de l'enfant handicapé", "handicap", ""),
    ("AJPP", "Allocation journalière de présence parentale", "handicap", ""),
    ("AJPA", "Allocation journalière du proche aidant", "handicap", ""),
    ("AF", "Allocations familiales", "vie_personnelle", ""),
    ("AL", "Aides au logement", "logement", ""),
    ("ALF", "Allocation de logement familiale", "logement", "AL"),
    ("ALS", "Allocation de logement sociale", "logement", "AL"),
    ("APL", "Aide personnalisée au logement", "logement", "AL"),
    ("ARIPA", "Aripa et intermédiation financière", "accident_de_vie", ""),
    ("ARS", "Allocation de rentrée scolaire", "vie_personnelle", ""),
    ("ASF", "Allocation de soutien familial", "accident_de_vie", ""),
    ("CF", "Complément familial", "vie_personnelle", ""),
    ("PAH", "Prêt à l'amélioration de l'habitat", "logement", ""),
    ("PAJE", "Prestation d'accueil du jeune enfant", "vie_personnelle", ""),
    ("PAJE-PN", "Prime à la naissance", "vie_personnelle", "PAJE"),
    ("PAJE-PA", "Prime à l'adoption", "vie_personnelle", "PAJE"),
    ("PAJE-AB", "Allocation de base", "vie_personnelle", "PAJE"),
    ("PAJE-PREPARE", "Prestation partagée d'éducation de l'enfant", "vie_personnelle", "PAJE"),
    ("PAJE-MAJ", "Prestation partagée d'éducation de l'enfant majorée", "vie_personnelle", "PAJE"),
    ("PAJE-CMG", "Complément de libre choix du mode de garde", "vie_personnelle", "PAJE"),
    ("PPA", "Prime d'activité", "vie_professionnelle", ""),
    ("PRIMD", "Prime de déménagement", "logement", ""),
    ("RSA", "Revenu de solidarité active", "vie_professionnelle", ""),
]  # fmt: skip
AGENTS = {
    "conseiller.caf31": ("Malika Serrano", "Conseillère Caf 31", "conseiller", "caf-31 / Toulouse Riquet / guichet 3", True, None, "caf-31", "dossiers documents rendezvous reperes"),
    "conseillere.cpam31": ("Hélène Castaing", "Conseillère CPAM 31", "conseiller", "cpam-31 / Toulouse Cœur de ville / guichet 1", True, None, "cpam-31", "dossiers documents rendezvous reperes"),
    "hotesse.fs": ("Noémie Daubas", "Hôtesse France Services", "conseiller", "fs-auterive / France Services Auterive / accueil", False, None, "caf-31", "dossiers documents rendezvous reperes"),
    "bailleur.social": ("Thierry Lacaze", "Bailleur social", "bailleur", "", None, ["Habitat Garonne", 406], "caf-31", "bailleur documents rendezvous"),
    "bailleur.grand": ("Sylvie Montaut", "Grand bailleur", "bailleur", "", None, ["Occitanie Logis", 12000], "caf-31", "bailleur documents rendezvous"),
    "bailleur.unique": ("Rémi Puech", "Propriétaire d'un logement", "bailleur", "", None, ["SCI du Lauragais", 1], "caf-31", "bailleur documents rendezvous"),
    "responsable.caf31": ("Aurore Delmas", "Responsable d'accueil Caf 31", "responsable", "caf-31 / Toulouse Riquet / bureau", True, None, "caf-31", "dossiers documents rendezvous reperes"),
}  # fmt: skip


@pytest.mark.exigence("RDV-05")
@pytest.mark.parametrize("rang", range(9))
def test_each_reason_with_how_long_it_takes_and_what_to_bring(rang):
    lu = donnees("motifs.yaml")["motifs"][rang]
    assert (lu["code"], lu["libelle"], lu["duree_min"], lu["a_apporter"]) == MOTIFS[rang]
    assert len(donnees("motifs.yaml")["motifs"]) == len(MOTIFS)


@pytest.mark.exigence("RDV-09", "CTC-07", "CTC-08", "CTC-10")
@pytest.mark.parametrize(("code", "nom"), [(code, nom) for code, (*_, sites) in SITES.items() for nom in sites])
def test_each_site_is_where_and_open_when_it_must(code, nom):
    organisme = next(o for o in donnees("sites.yaml")["organismes"] if o["code"] == code)
    assert (organisme["nom"], organisme["type"], organisme["departement"]) == SITES[code][:3]
    assert [s["nom"] for s in organisme["sites"]] == list(SITES[code][3])
    lu = next(s for s in organisme["sites"] if s["nom"] == nom)
    plages = [f"{p['mode']} {''.join(map(str, p['jours']))} {p['debut']}-{p['fin']} {p.get('avec', '')}".strip() for p in lu["plages"]]
    adresse = " ".join(filter(None, (lu.get("adresse"), lu.get("code_postal"), lu.get("commune"))))
    assert [adresse, lu.get("espace_numerique", False), *plages] == SITES[code][3][nom]


@pytest.mark.exigence("CTC-09")
def test_the_hours_of_the_ems():
    assert [o["code"] for o in donnees("sites.yaml")["organismes"]] == list(SITES)
    assert {cle: donnees("sites.yaml")["horaires_ems"][cle] for cle in ("organisme", "lignes")} == {
        "organisme": "caf-92",
        "lignes": [
            {"libelle": "Ems sur rendez-vous", "jours": [1, 4]},
            {"libelle": "Ems en accueil spontané", "jours": [1, 2, 3, 4], "debut": "09:00", "fin": "12:30"},
        ],
    }


@pytest.mark.exigence("PRO-05", "PORT-06")
@pytest.mark.parametrize("rang", range(25))
def test_each_benefit_with_its_theme_and_what_it_is_part_of(rang):
    lu = donnees("prestations.yaml")["prestations"][rang]
    assert (lu["code"], lu["libelle"], lu["thematique"], lu.get("parent", "")) == PRESTATIONS[rang]
    assert len(donnees("prestations.yaml")["prestations"]) == len(PRESTATIONS)


@pytest.mark.parametrize("login", AGENTS)
def test_each_person_of_the_demonstration(login):
    tous = {a["login"]: a for a in (*donnees("agents.yaml")["agents"], *donnees("agents.yaml")["encadrement"])}
    lu, parc = tous[login], tous[login].get("bailleur")
    assert (
        f"{lu['prenom']} {lu['nom']}", lu["fonction"], lu["role"], " / ".join(lu[c] for c in ("organisme", "site", "poste") if c in lu),
        lu.get("voit_nir"), [parc["nom"], parc["locataires"]] if parc else None, lu["agenda"], " ".join(lu["onglets"]),
    ) == AGENTS[login]  # fmt: skip
    assert list(tous) == list(AGENTS)
