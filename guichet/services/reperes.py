"""Processing times and the names of things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from guichet.models import Delai, Site
from guichet.models.enums import Qualite, Thematique
from guichet.ressources import donnees, regle_du_jour
from guichet.rules.catalogue import Possible, catalogue, possibles
from guichet.rules.delais import Avancement, Observation, Publication, avancement, dernier_retard, en_retard, reponse_attendue
from guichet.rules.jours import est_ferie
from guichet.rules.recherche import plier
from guichet.rules.regles import en_vigueur
from guichet.rules.visiteurs import Acte, Information, Vue, actes_si_ferme, nom_qualite, vue_visiteur
from guichet.services.session import Session, maintenant
from guichet.store import reperes as depot

_MODES = {"sur_site": "sur place", "telephone": "par téléphone", "visio": "en visio"}
_THEMES = {
    Thematique.VIE_PERSONNELLE: "Vie personnelle", Thematique.VIE_PROFESSIONNELLE: "Vie professionnelle", Thematique.LOGEMENT: "Logement",
    Thematique.HANDICAP: "Handicap", Thematique.ACCIDENT_DE_VIE: "Accident de vie",
}  # fmt: skip
_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True)
class Delais:
    """What a body says of its processing times, by family of requests, and the department whose holidays count."""

    departement: str
    publications: Mapping[str, Publication]
    observations: Mapping[str, Observation]

    def en_retard(self, famille: str, arrivee: date, aujourd_hui: date) -> bool:
        """Tell whether a request of this family has waited far too long for an answer."""
        publication = self.publications.get(famille)
        return publication is not None and en_retard(arrivee, publication, aujourd_hui, self.tolerance, self.departement)

    @cached_property
    def tolerance(self) -> int:
        """How many working days an answer may be late before it is told."""
        jours: int = regle_du_jour("retard_demarche")["jours_ouvres"]
        return jours

    def retards(self, depuis: date, aujourd_hui: date) -> Mapping[str, date]:
        """Return, by family, the latest arrival since a day whose answer is long overdue."""
        derniers = {f: dernier_retard(depuis, p, aujourd_hui, self.tolerance, self.departement) for f, p in self.publications.items()}
        return {f: jour for f, jour in derniers.items() if jour is not None}

    def dire(self, famille: str, arrivee: date, aujourd_hui: date) -> str:
        """Say in words where an arrival stands, how old the figure is, and when an answer may come (SUI-03)."""
        p = self.publications.get(famille)
        if p is None:
            return ""
        age = (aujourd_hui - p.publie_le).days
        quand = f"chiffres du {p.publie_le:%d/%m/%Y}" + (f", il y a {age} jours" if age > 1 else "")
        du, au = reponse_attendue(arrivee, p, self.departement)
        suites = {
            Avancement.EN_ATTENTE: "En attente, inutile de relancer.",
            Avancement.EN_COURS: "En cours de traitement.",
            Avancement.DEVRAIT_ETRE_TRAITEE: "Devrait être traitée : vous pouvez relancer.",
        }
        attendue = f" Réponse attendue entre le {du:%d/%m/%Y} et le {au:%d/%m/%Y}, à titre indicatif." if au >= aujourd_hui else ""
        return (
            f"La caisse traite les demandes arrivées du {p.du:%d/%m/%Y} au {p.au:%d/%m/%Y} ({quand}). "
            f"{suites[avancement(arrivee, p.du, p.au)]}{attendue}{self._observe(famille)}"
        )

    def _observe(self, famille: str) -> str:
        o = self.observations.get(famille)
        return f" Constaté au {o.le:%d/%m/%Y} : {observe_en_mots(o)}." if o is not None else ""


def observe_en_mots(o: Observation) -> str:
    """Say how long answers took, tier by tier."""
    regle = regle_du_jour("delais_observes")
    paliers = ", ".join(f"{p / 10:g} sur 10 en {j} jours" for p, j in zip(regle["paliers_pct"], (o.rapide, o.moyen, o.lent), strict=True))
    return f"{paliers} ({o.sur} réponses en {regle['jours']} jours)"


def _observation(d: Delai) -> Observation | None:
    if d.observe_rapide is None or d.observe_moyen is None or d.observe_lent is None or d.observe_sur is None or d.observe_le is None:
        return None
    return Observation(d.observe_rapide, d.observe_moyen, d.observe_lent, d.observe_sur, d.observe_le)


def delais(connexion: Connection, organisme_id: str) -> Delais:
    """Return a body's processing times."""
    lus = depot.delais(connexion, organisme_id)
    publies = {d.famille: Publication(d.arrivees_du, d.arrivees_au, d.publie_le) for d in lus}
    observes = {d.famille: o for d in lus if (o := _observation(d)) is not None}
    return Delais(depot.departement(connexion, organisme_id), publies, observes)


def prestations(session: Session, saisie: str) -> Sequence[str]:
    """Return the benefits whose code or words begin with what is typed."""
    voulu = plier(saisie)
    if len(voulu) < 2:
        return []
    with session.coffre.lecture() as connexion:
        toutes = depot.prestations(connexion)
    return [f"{libelle} ({code})" for code, libelle in toutes if any(m.startswith(voulu) for m in plier(f"{code} {libelle}").split())]


@cache
def types_de_piece() -> tuple[tuple[str, str], ...]:
    """Return the kinds of papers that may be sent: code and words."""
    return tuple((p["code"], p["libelle"]) for p in donnees("pieces.yaml")["pieces"])


def nom_piece(code: str) -> str:
    """Return the words for a kind of paper."""
    return dict(types_de_piece()).get(code, code)


@dataclass(frozen=True)
class Rubrique:
    """A table of Repères: what it is, where it comes from, its columns and rows."""

    titre: str
    intro: str
    source: str
    colonnes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]


def rubriques(session: Session, aujourd_hui: date) -> tuple[Rubrique, ...]:
    """Return what an advisor looks up at the counter, as it stands today."""
    with session.coffre.lecture() as connexion:
        fenetres, prestations_ = depot.tous_les_delais(connexion), depot.prestations(connexion)
        sites, nouvelles, organismes = depot.sites(connexion), depot.actualites(connexion), depot.organismes(connexion)

    def de(organisme_id: str) -> tuple[str, str]:
        """Name a body and its department: figures of another one are not read as one's own."""
        x = organismes.get(organisme_id)
        return (x.nom, x.departement) if x is not None else ("", "")

    return (
        *_droits_des_visiteurs(aujourd_hui),
        _demarches_en_ligne(aujourd_hui),
        Rubrique(
            "Délais de traitement",
            "Les dates d'arrivée que chaque organisme traite en ce moment. Une demande arrivée après est en attente : inutile de relancer.",
            "chiffres publiés par les organismes et durées constatées au centre, à titre indicatif",
            ("Organisme", "Département", "Demandes", "Arrivées du", "au", "Publié le", "Réponses constatées"),
            tuple(
                (
                    *de(x.organisme_id), x.libelle, f"{x.arrivees_du:%d/%m/%Y}", f"{x.arrivees_au:%d/%m/%Y}", f"{x.publie_le:%d/%m/%Y}",
                    observe_en_mots(o) if (o := _observation(x)) is not None else "trop peu pour le dire",
                )
                for x in sorted(fenetres, key=lambda x: (x.organisme_id != session.agent().organisme_id, de(x.organisme_id)))
            ),
        ),
        Rubrique(
            "Prestations",
            "Les prestations et leur code.",
            "PRO-05",
            ("Prestation", "Code"),
            tuple((libelle, code) for code, libelle in prestations_),
        ),
        _demander(aujourd_hui),
        _contacts(aujourd_hui, maintenant()),
        Rubrique(
            "Points d'accueil", "Où les personnes sont reçues. Tapez un code postal ou une commune pour filtrer.", "CTC-07 à CTC-11",
            ("Point d'accueil", "Organisme", "Adresse", "Horaires", "Espace numérique"),
            tuple(
                (s.nom, de(s.organisme_id)[0], _adresse(s), " ; ".join(_horaire(h) for h in s.horaires), _oui(s.espace_numerique))
                for s in sites
            ),
        ),
        _gerer(aujourd_hui),
        Rubrique(
            "Actualités", "Ce que la caisse fait savoir, la dernière nouvelle d'abord.", "MC-09, PRO-07", ("Publiée le", "Thématique", "Titre", "Département"),
            tuple((f"{n.publiee_le:%d/%m/%Y}", _THEMES[n.thematique], n.titre, n.departement or "tous") for n in nouvelles),
        ),
    )  # fmt: skip


def _contacts(le: date, moment: datetime) -> Rubrique:
    version = en_vigueur(donnees("fiches.yaml"), "contacts", le)
    return Rubrique(
        "Contacter la Caf", "Par où joindre la caisse, et si c'est ouvert maintenant.",
        f"{version['source']} ; en vigueur depuis le {version['effet_le']:%d/%m/%Y}", ("Moyen", "Où", "Quand", "En ce moment", "À savoir"),
        tuple((x["moyen"], str(x["ou"]), _quand(x), _ouvert(x, moment), x["precision"]) for x in version["lignes"]),
    )  # fmt: skip


def _demander(le: date) -> Rubrique:
    version = en_vigueur(donnees("fiches.yaml"), "demander", le)
    return Rubrique(
        "Demander une prestation", "Pour qui est chaque demande, et comment elle se fait.",
        f"{version['source']} ; en vigueur depuis le {version['effet_le']:%d/%m/%Y}", ("Prestation", "Pour qui", "Comment"),
        tuple((x["prestation"], x["pour"], x["comment"]) for x in version["lignes"]),
    )  # fmt: skip


def _gerer(le: date) -> Rubrique:
    version = en_vigueur(donnees("fiches.yaml"), "gerer", le)
    return Rubrique(
        "Gérer Mon Compte", "Ce que la personne fait elle-même sur caf.fr ou dans l'application, et comment.",
        f"{version['source']} ; en vigueur depuis le {version['effet_le']:%d/%m/%Y}", ("Sujet", "Comment"),
        tuple((x["sujet"], x["comment"]) for x in version["lignes"]),
    )  # fmt: skip


def _quand(x: Mapping[str, Any]) -> str:
    return f"{_jours(x['jours'])}, {x['debut']} à {x['fin']}" if "jours" in x else "à tout moment"


def _ouvert(x: Mapping[str, Any], moment: datetime) -> str:
    """Say whether a line answers now, at the place's own time; public holidays are not worked."""
    if "jours" not in x:
        return ""
    ici = moment.astimezone(ZoneInfo("Europe/Paris"))
    ouvre = ici.isoweekday() in x["jours"] and not est_ferie(ici.date()) and x["debut"] <= f"{ici:%H:%M}" < x["fin"]
    return "● ouvert" if ouvre else "○ fermé"


def _jours(jours: Sequence[int]) -> str:
    if len(jours) > 2 and list(jours) == list(range(jours[0], jours[-1] + 1)):
        return f"{_JOURS[jours[0] - 1]} à {_JOURS[jours[-1] - 1]}"
    return ", ".join(_JOURS[j - 1] for j in jours)


def _droits_des_visiteurs(le: date) -> tuple[Rubrique, Rubrique]:
    """Lay out the table that decides, cell by cell (AUT-06 to AUT-11)."""
    fichier = donnees("visiteurs.yaml")
    version = en_vigueur(fichier, "visiteurs", le)
    vues = {q: vue_visiteur(q, "", le) for q in Qualite}
    colonnes = tuple(nom_qualite(q, court=True) for q in Qualite)
    source = f"{version['source']} ; en vigueur depuis le {version['effet_le']:%d/%m/%Y}"
    return (
        Rubrique(
            "Qui peut voir quoi",
            "Ce que la fenêtre montre devant chaque visiteur. Les coordonnées des autres membres du foyer ne sont montrées à personne.",
            source, ("Information", *colonnes),
            tuple((fichier["informations"][i], *(_oui(i in vue.voir) for vue in vues.values())) for i in Information),
        ),
        Rubrique(
            "Qui peut faire quoi",
            "Les actes que la qualité du visiteur permet au guichet. La dernière colonne : ce qui reste permis, à toute qualité, d'un dossier fermé.",
            f"{source} ; dossier fermé : {en_vigueur(fichier, 'dossier_ferme', le)['source']}",
            ("Acte", *colonnes, "Dossier fermé"),
            tuple((fichier["actes"][a], *(_oui(a in vue.faire) for vue in vues.values()), _oui(a in actes_si_ferme(le))) for a in Acte),
        ),
    )  # fmt: skip


def _demarches_en_ligne(le: date) -> Rubrique:
    version = en_vigueur(donnees("catalogue.yaml"), "catalogue", le)
    return Rubrique(
        "Démarches en ligne",
        "Ce qui se fait sur caf.fr, sans ou avec un dossier, et sur l'application mobile ; la fiche qui accompagne.",
        f"{version['source']} ; en vigueur depuis le {version['effet_le']:%d/%m/%Y}",
        ("Rubrique", "Démarche", "Site, non allocataire", "Site, allocataire", "Appli mobile", "Fiches"),
        tuple((x.section, x.libelle, _oui(x.na), _oui(x.alloc), _oui(x.appli), " ; ".join(x.fiches)) for x in catalogue(le)),
    )


def dire_possibles(vue: Vue, le: date) -> tuple[tuple[str, str, str], ...]:
    """Return each démarche on line: its section, whether this visitor may do it, all or which part, and its words."""
    actes = donnees("visiteurs.yaml")["actes"]

    def dire(p: Possible) -> str:
        partie = p.permis and p.permis != p.ligne.actes
        return "✓ seulement : " + ", ".join(actes[a] for a in Acte if a in p.permis) if partie else _oui(bool(p.permis))

    return tuple((p.ligne.section, dire(p), p.ligne.libelle) for p in possibles(vue, le))


def _oui(valeur: bool) -> str:
    return "✓ oui" if valeur else "✕ non"


def _adresse(site: Site) -> str:
    commune = " ".join(filter(None, (site.code_postal, site.commune)))
    return ", ".join(filter(None, (site.adresse, commune))) or "par téléphone"


def _horaire(h: Mapping[str, Any]) -> str:
    """Write an opening range as the body words it: what for, when, with whom."""
    quand = f"{_jours(h['jours'])} {h['debut']} à {h['fin']}" if "debut" in h else _jours(h["jours"])
    return " ".join(
        filter(None, (h.get("libelle") or _MODES.get(h.get("mode", ""), ""), quand, f"avec {h['avec']}" if h.get("avec") else ""))
    )
