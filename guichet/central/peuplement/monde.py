"""The whole demonstration: reference data, sites, agents, dossiers, landlords, agendas."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, text

from guichet.central.identity.comptes import ouvrir_demonstration
from guichet.central.jetons import agents
from guichet.central.peuplement.agenda import ecrire_agenda
from guichet.central.peuplement.bailleurs import ecrire_bailleur
from guichet.central.peuplement.chargeur import Chargeur
from guichet.central.peuplement.hasard import Hasard
from guichet.central.peuplement.menages import Lieu, Menages
from guichet.central.tables import scope_head
from guichet.ressources import donnees
from guichet.rules.regles import en_vigueur

REF = "ref:national"
SUIVIS_AU_PLUS = 20_000
"""Dossiers beyond this number stay at the centre: a workstation keeps a working set, not the country."""
_PARTS = (
    ("caf-31", "Toulouse Riquet", 0.64),
    ("cpam-31", "Toulouse Cœur de ville", 0.20),
    ("fs-auterive", "France Services Auterive", 0.16),
)


class DejaPeuple(RuntimeError):
    """The database already holds data: seeding it twice would mix two worlds."""


def peupler(connexion: Connection, dossiers: int, graine: int, jour: date) -> None:
    """Write the demonstration into an empty, migrated database. Raises DejaPeuple."""
    if connexion.scalar(select(func.count()).select_from(scope_head)):
        raise DejaPeuple
    if connexion.dialect.name == "sqlite":
        connexion.execute(text("PRAGMA cache_size=-262144"))
    _Monde(connexion, Hasard(graine, jour)).ecrire(dossiers)
    ouvrir_demonstration(connexion, agents(connexion))


class _Monde:
    def __init__(self, connexion: Connection, hasard: Hasard) -> None:
        self._chargeur, self._hasard = Chargeur(connexion), hasard
        self._organismes: dict[str, tuple[str, dict[str, Any]]] = {}
        self._sites: dict[str, dict[str, tuple[str, dict[str, Any]]]] = {}

    def ecrire(self, dossiers: int) -> None:
        self._chargeur.ouvrir(REF, "ref")
        self._reperes()
        self._points_accueil()
        regle = en_vigueur(donnees("regles.yaml"), "creneaux", self._hasard.jour)
        for code in ("caf-31", "cpam-31", "caf-92"):
            self._chargeur.ouvrir(f"agenda:{code}", "agenda")
            ecrire_agenda(self._chargeur, self._hasard, f"agenda:{code}", self._sites[code], regle["pas_min"], regle["jours_ouverts"])
        for organisme, site, _ in _PARTS:
            self._chargeur.ouvrir(_portee_site(organisme, site), "site")
        for agent in donnees("agents.yaml")["agents"]:
            self._agent(agent)
        self._dossiers(dossiers)
        for agent in donnees("agents.yaml")["encadrement"]:
            self._agent(agent)
        self._chargeur.terminer()

    def _reperes(self) -> None:
        h, ajouter = self._hasard, self._chargeur.ajouter
        for prestation in donnees("prestations.yaml")["prestations"]:
            ajouter(REF, "prestation", h.id(), prestation)
        for motif in donnees("motifs.yaml")["motifs"]:
            ajouter(REF, "motif", h.id(), motif)
        for rang, (titre, thematique, departement) in enumerate((
            ("Déclaration trimestrielle : les champs seront pré-remplis", "vie_professionnelle", None),
            ("Aide à la rentrée : l'attestation pour les 16-18 ans", "vie_personnelle", None),
            ("Loyers de juillet : la déclaration des bailleurs est ouverte", "logement", None),
            ("Fermeture des accueils le vendredi après-midi", "accident_de_vie", "31"),
        )):  # fmt: skip
            publiee = (h.jour - timedelta(days=3 + 5 * rang)).isoformat()
            ajouter(REF, "actualite", h.id(), {"titre": titre, "thematique": thematique, "departement": departement, "publiee_le": publiee})

    def _points_accueil(self) -> None:
        h, ajouter, reference = self._hasard, self._chargeur.ajouter, donnees("sites.yaml")
        ems = reference["horaires_ems"]
        for organisme in reference["organismes"]:
            id_ = h.id()
            self._organismes[organisme["code"]] = (id_, organisme)
            ajouter(REF, "organisme", id_, organisme)
            self._sites[organisme["code"]] = {}
            for site in organisme["sites"]:
                site_id = h.id()
                self._sites[organisme["code"]][site["nom"]] = (site_id, site)
                ajouter(REF, "site", site_id, {
                    "organisme_id": id_, "nom": site["nom"], "adresse": site.get("adresse"), "code_postal": site.get("code_postal"),
                    "commune": site.get("commune"), "fuseau": "Europe/Paris", "modes": sorted({p["mode"] for p in site["plages"]}),
                    "horaires": site["plages"] + (ems["lignes"] if organisme["code"] == ems["organisme"] else []),
                    "espace_numerique": site.get("espace_numerique", False),
                })  # fmt: skip
                for numero in range(1, 4):
                    ajouter(REF, "poste", h.id(), {"site_id": site_id, "libelle": f"guichet {numero}"})
            self._delais(id_, organisme["type"])

    def _delais(self, organisme_id: str, type_: str) -> None:
        """Three windows (B-09, C21); the CPAM publishes one."""
        publie = self._hasard.jour - timedelta(days=self._hasard.jour.weekday())
        fenetres = (
            ("courriels", "Courriels", 26, 7),
            ("rsa_aah", "Demandes de RSA et d'AAH", 25, 7),
            ("autres", "Autres demandes", 38, 10),
        )
        for famille, libelle, il_y_a, largeur in fenetres if type_ == "caf" else fenetres[2:]:
            du = publie - timedelta(days=il_y_a)
            self._chargeur.ajouter(REF, "delai", self._hasard.id(), {
                "organisme_id": organisme_id, "famille": famille, "libelle": libelle, "arrivees_du": du.isoformat(),
                "arrivees_au": (du + timedelta(days=largeur)).isoformat(), "publie_le": publie.isoformat(),
            })  # fmt: skip

    def _agent(self, agent: dict[str, Any]) -> None:
        h, ajouter, portee = self._hasard, self._chargeur.ajouter, f"user:{agent['login']}"
        self._chargeur.ouvrir(portee, "user")
        agent_id, bailleur_id, site_id = h.id(), None, None
        if bailleur := agent.get("bailleur"):
            siret, bailleur_id = h.siret(), h.id()
            travail = f"bailleur:{siret}"
            self._chargeur.ouvrir(travail, "bailleur")
            ecrire_bailleur(self._chargeur, h, travail, bailleur_id, bailleur["nom"], siret, bailleur["locataires"])
            organisme_id, organisme_nom, site_nom = bailleur_id, bailleur["nom"], "guichet partenaire, Toulouse"
        else:
            organisme_id, organisme = self._organismes[agent["organisme"]]
            organisme_nom, site_nom = organisme["nom"], agent["site"]
            site_id = self._sites[agent["organisme"]][agent["site"]][0]
            travail = _portee_site(agent["organisme"], agent["site"])
        ajouter(portee, "agent", agent_id, {
            "login": agent["login"], "nom": agent["nom"], "prenom": agent["prenom"], "fonction": agent["fonction"], "role": agent["role"],
            "organisme_id": organisme_id, "organisme_nom": organisme_nom, "site_id": site_id, "site_nom": site_nom,
            "poste_libelle": agent.get("poste", ""), "bailleur_id": bailleur_id, "voit_nir": agent.get("voit_nir", False),
            "onglets": agent["onglets"],
        })  # fmt: skip
        for droit in (REF, portee, travail, f"agenda:{agent['agenda']}"):
            ajouter(portee, "habilitation", h.id(), {
                "agent_id": agent_id, "portee": droit, "role": agent["role"], "du": (h.jour - timedelta(days=30)).isoformat(),
            })  # fmt: skip

    def _dossiers(self, nombre: int) -> None:
        menages = Menages(self._chargeur, self._hasard)
        suivis = min(nombre, SUIVIS_AU_PLUS)
        ecrits = 0
        for organisme, site, part in _PARTS:
            lieu = self._lieu(
                _portee_site(organisme, site), "caf-31" if organisme == "fs-auterive" else organisme, organisme != "fs-auterive"
            )
            if organisme == "caf-31":
                id_, ailleurs = self._organismes["caf-92"]
                lieu = replace(lieu, avant=(id_, ailleurs["nom"]))
            for _ in range(round(suivis * part)):
                menages.ecrire(lieu)
                ecrits += 1
        registre = self._lieu("registre:caf-31", "caf-31", sensible=True)
        for _ in range(nombre - ecrits):
            menages.ecrire(registre)

    def _lieu(self, portee: str, organisme: str, sensible: bool) -> Lieu:
        id_, reference = self._organismes[organisme]
        if sensible:
            self._chargeur.permettre_nir(portee)
        return Lieu(portee, id_, reference["nom"], sensible, sante=reference["type"] == "cpam")


def _portee_site(organisme: str, site: str) -> str:
    from guichet.rules.recherche import plier

    return f"site:{organisme}:{plier(site).lower().replace(' ', '-')}"[:64]
