"""Households and their dossiers: people, rights, twenty-four months of payments, what is due."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from dateutil.relativedelta import relativedelta

from guichet.central.peuplement.chargeur import Chargeur
from guichet.central.peuplement.hasard import Hasard, Nom

_SITUATIONS = ("Célibataire", "Divorcé(e)", "Veuf ou veuve")
_COUPLES = ("Marié(e)", "En couple", "Pacsé(e)")
_ACTIVITES = ("Salarié(e)", "Sans activité", "Travailleur indépendant", "Au chômage", "En congé maternité")
_SANS_DROIT = ("Ressources supérieures au plafond", "Ressources trimestrielles non fournies", "Non-réponse à un contrôle")
_DEMARCHES = (
    ("Demande d'aide au logement", "autres"), ("Changement d'adresse", "autres"), ("Demande de RSA", "rsa_aah"),
    ("Demande d'AAH", "rsa_aah"), ("Question par courriel", "courriels"), ("Déclaration de grossesse", "autres"),
)  # fmt: skip
_DEMARCHES_SANTE = (
    ("Commande d'une carte Vitale", "autres"), ("Carte européenne d'assurance maladie", "autres"),
    ("Complémentaire santé solidaire", "autres"), ("Remboursement de transport", "autres"),
)  # fmt: skip
_VERSEMENTS_SANTE = (  # kind, cents, one dossier in how many
    ("Remboursement de soins", 2_350, 1), ("Indemnités journalières maladie", 41_160, 3),
    ("Indemnités journalières accident du travail", 52_920, 8), ("Invalidité", 78_400, 11),
)  # fmt: skip
_MOIS_SANTE = 27
_ETATS = ("recue", "en_cours", "pieces_demandees", "traitee", "traitee")
_MOIS_DE_DROITS = 3
_AGENDA = (  # months ahead, day, kind, words, one dossier in how many
    (1, 5, "paiement", "Paiement de vos prestations", 1),
    (2, 1, "declaration", "Déclaration trimestrielle de ressources", 3),
    (4, 1, "modification", "Les 20 ans d'un enfant changent vos droits", 11),
    (5, 15, "renouvellement", "Renouvellement de votre demande d'AAH", 17),
)
_VENUS_D_AILLEURS = 61
"""One household of the Caf in so many has a former dossier: those whose number it divides."""
_PIECES = ("avis_imposition", "bulletin_salaire", "certificat_scolarite", "justificatif_domicile")


@dataclass(frozen=True)
class Lieu:
    """Where a dossier is kept: its scope, its body, and whether NIR and bank account may be held there."""

    portee: str
    organisme_id: str
    organisme_nom: str
    sensible: bool
    sante: bool = False
    """Whether its body is of the Assurance Maladie."""
    avant: tuple[str, str] | None = None
    """The body that some came from (id, name): their former dossier stays, closed."""


class Menages:
    """Writes households one by one."""

    def __init__(self, chargeur: Chargeur, hasard: Hasard) -> None:
        self._ajouter, self._hasard = chargeur.ajouter, hasard
        self._mois = [hasard.jour.replace(day=5) - relativedelta(months=m) for m in range(24)]
        self._mois = [m for m in (*self._mois, hasard.jour.replace(day=5) - relativedelta(months=24)) if m <= hasard.jour][:24]
        self._numero = 1_000_000

    def ecrire(self, lieu: Lieu) -> None:
        """Write one household with its dossier."""
        h, alea = self._hasard, self._hasard.alea
        dossier, foyer = h.id(), h.id()
        self._numero += 7
        en_couple, enfants = alea.random() < 0.45, _enfants(alea.random())
        nom = alea.choice(h.noms)
        telephone = h.telephone()
        sexe = "F" if alea.random() < 0.6 else "M"
        ne_le = h.entre(date(1950, 1, 1), date(2004, 12, 31))
        responsable = self._personne(lieu, nom, sexe, ne_le, telephone, adresse=True)
        self._membre(lieu, dossier, responsable, "responsable", None)
        if en_couple:
            autre = "M" if sexe == "F" else "F"
            conjoint = self._personne(lieu, alea.choice(h.noms), autre, ne_le + timedelta(days=alea.randrange(-3000, 3000)), telephone)
            self._membre(lieu, dossier, conjoint, "conjoint", h.entre(date(2020, 1, 1), h.jour) if alea.random() < 0.5 else None)
        for _ in range(enfants):
            enfant = self._personne(lieu, nom, alea.choice("FM"), h.entre(date(2007, 1, 1), h.jour), None)
            self._membre(lieu, dossier, enfant, "enfant", None)
        situation = alea.choice(_COUPLES if en_couple else _SITUATIONS)
        self._ajouter(lieu.portee, "foyer", foyer, {"situation": situation, "depuis": _jour(h.entre(date(2005, 1, 1), h.jour))})
        self._ajouter(lieu.portee, "dossier", dossier, {
            "organisme_id": lieu.organisme_id, "organisme_nom": lieu.organisme_nom, "numero": f"{self._numero:07}", "foyer_id": foyer,
            "responsable_id": responsable, "ouvert_le": _jour(h.entre(date(2010, 1, 1), h.jour)),
            "quotient_familial": None if lieu.sante or alea.random() < 0.08 else int(80 + alea.random() * 1400),
            "iban": h.iban() if lieu.sensible else None,
        })  # fmt: skip
        if lieu.sante:
            self._sante(lieu, dossier)
        else:
            self._paiements(lieu, dossier, self._droits(lieu, dossier, enfants))
            self._agenda(lieu, dossier)
        self._suivi(lieu, dossier)
        self._ressource(lieu, dossier, responsable)
        if lieu.avant is not None and self._numero % _VENUS_D_AILLEURS == 0:
            self._ancien(lieu, lieu.avant, responsable, foyer)

    def _ancien(self, lieu: Lieu, avant: tuple[str, str], responsable: str, foyer: str) -> None:
        """The closed dossier of somebody who came from another body (AUT-12)."""
        dossier, fin = self._hasard.id(), self._hasard.jour - relativedelta(months=8)
        self._ajouter(lieu.portee, "membre", self._hasard.id(), {"dossier_id": dossier, "personne_id": responsable, "role": "responsable"})
        self._ajouter(lieu.portee, "dossier", dossier, {
            "organisme_id": avant[0], "organisme_nom": avant[1], "numero": f"{self._numero + 5_000_000:07}", "foyer_id": foyer,
            "responsable_id": responsable, "ouvert_le": _jour(fin - relativedelta(years=4)), "ferme_le": _jour(fin), "iban": None,
            "quotient_familial": None,
        })  # fmt: skip
        for mois in range(1, 4):
            verse_le = (fin - relativedelta(months=mois)).replace(day=5)
            self._ajouter(lieu.portee, "paiement", self._hasard.id(), {
                "dossier_id": dossier, "verse_le": _jour(verse_le), "montant_cents": 21_400, "tiers": None,
            })  # fmt: skip

    def _personne(self, lieu: Lieu, nom: Nom, sexe: str, ne_le: date, telephone: str | None, *, adresse: bool = False) -> str:
        h, alea, id_ = self._hasard, self._hasard.alea, self._hasard.id()
        prenom = alea.choice(h.prenoms[sexe])
        self._ajouter(lieu.portee, "personne", id_, {
            "nom_naissance": nom.texte, "prenoms": prenom.texte, "sexe": sexe, "ne_le": _jour(ne_le), "cle": f"{nom.cle} {prenom.cle}",
        })  # fmt: skip
        if alea.random() < 0.04:
            self._identifiant(lieu, id_, "provisoire", f"P{alea.randrange(10**8):08}")
        elif lieu.sensible:
            self._identifiant(lieu, id_, "nir", h.nir(sexe, ne_le))
        if telephone is not None:
            self._ajouter(lieu.portee, "contact", h.id(), {"personne_id": id_, "type": "telephone", "valeur": telephone})
        if adresse:
            courriel = f"{prenom.cle.lower().replace(' ', '.')}.{nom.cle.lower().replace(' ', '.')}@exemple.fr"
            self._ajouter(lieu.portee, "contact", h.id(), {"personne_id": id_, "type": "courriel", "valeur": courriel})
            code_postal, commune = alea.choice(h.communes)
            self._ajouter(lieu.portee, "contact", h.id(), {
                "personne_id": id_, "type": "adresse", "valeur": alea.choice(h.rues), "code_postal": code_postal, "commune": commune,
            })  # fmt: skip
        return id_

    def _identifiant(self, lieu: Lieu, personne: str, type_: str, valeur: str) -> None:
        self._ajouter(lieu.portee, "identifiant", self._hasard.id(), {"personne_id": personne, "type": type_, "valeur": valeur})

    def _membre(self, lieu: Lieu, dossier: str, personne: str, role: str, autorise_le: date | None) -> None:
        h, adulte = self._hasard, role != "enfant"
        self._ajouter(lieu.portee, "membre", h.id(), {
            "dossier_id": dossier, "personne_id": personne, "role": role, "autorise_le": _jour(autorise_le) if autorise_le else None,
            "activite": h.alea.choice(_ACTIVITES) if adulte else None,
            "activite_depuis": _jour(h.entre(date(2012, 1, 1), h.jour)) if adulte else None,
        })  # fmt: skip

    def _droits(self, lieu: Lieu, dossier: str, enfants: int) -> int:
        alea = self._hasard.alea
        ouverts = []
        if alea.random() < 0.6:
            ouverts.append((alea.choice(("APL", "ALS", "ALF")), 12_000 + int(alea.random() * 22_000)))
        if enfants >= 2:
            ouverts.append(("AF", 7_494 + 9_598 * (enfants - 2)))
        if alea.random() < 0.35:
            ouverts.append(("PPA", 6_000 + int(alea.random() * 30_000)))
        elif alea.random() < 0.3:
            ouverts.append(("RSA", 20_000 + int(alea.random() * 40_000)))
        mois = self._hasard.jour.replace(day=1).isoformat()
        for code, montant in ouverts:
            for m in range(_MOIS_DE_DROITS):
                passe = (self._hasard.jour.replace(day=1) - relativedelta(months=m)).isoformat()
                self._droit(lieu, dossier, code, passe, "ouvert", montant, None)
        tirage = alea.random()
        if tirage < 0.25:
            self._droit(lieu, dossier, "ASF", mois, "sans_droit", 0, alea.choice(_SANS_DROIT))
        elif tirage < 0.28:
            self._droit(lieu, dossier, "CF", mois, "suspendu", 0, None)
        return sum(montant for _, montant in ouverts)

    def _droit(self, lieu: Lieu, dossier: str, code: str, mois: str, etat: str, montant: int, motif: str | None) -> None:
        self._ajouter(lieu.portee, "droit", self._hasard.id(), {
            "dossier_id": dossier, "prestation_code": code, "mois": mois, "etat": etat, "montant_cents": montant, "motif": motif,
        })  # fmt: skip

    def _paiements(self, lieu: Lieu, dossier: str, mensuel: int) -> None:
        if not mensuel:
            return
        h, alea = self._hasard, self._hasard.alea
        tiers = "Habitat Garonne" if alea.random() < 0.1 else None
        for mois in self._mois:
            paiement = h.id()
            rappel = mois == self._mois[0] and self._numero % 29 == 0
            self._ajouter(lieu.portee, "paiement", paiement, {
                "dossier_id": dossier, "verse_le": _jour(mois), "montant_cents": mensuel * (4 if rappel else 1), "tiers": tiers,
            } | ({"libelle": "Rappel", "periode_du": _jour(mois - relativedelta(months=4)), "periode_au": _jour(mois - relativedelta(months=1))}
                 if rappel else {}))  # fmt: skip
            if mois == self._mois[0] and self._numero % 13 == 0:
                self._ajouter(lieu.portee, "retenue", h.id(), {
                    "dossier_id": dossier, "paiement_id": paiement, "libelle": "Remboursement d'un trop-perçu", "montant_cents": 4_800,
                })  # fmt: skip
            if alea.random() < 0.1:
                mensuel = max(1_000, mensuel + int((alea.random() - 0.5) * 4_000))

    def _sante(self, lieu: Lieu, dossier: str) -> None:
        """Rights without amounts, and payments of several kinds, each dossier by its own rhythm (AMC-06, AMC-11)."""
        droits = ("PUMA", "C2S") if self._numero % 4 == 0 else ("PUMA",)
        mois = self._hasard.jour.replace(day=1)
        for recul in range(_MOIS_SANTE):
            for code in droits if recul < _MOIS_DE_DROITS else ():
                self._droit(lieu, dossier, code, _jour(mois - relativedelta(months=recul)), "ouvert", 0, None)
            for rang, (libelle, cents, un_sur) in enumerate(_VERSEMENTS_SANTE):
                verse_le = (mois - relativedelta(months=recul)).replace(day=3 + 6 * rang)
                if self._numero % un_sur == 0 and (self._numero + recul) % 3 == 0 and verse_le <= self._hasard.jour:
                    self._ajouter(lieu.portee, "paiement", self._hasard.id(), {
                        "dossier_id": dossier, "verse_le": _jour(verse_le), "montant_cents": cents + 10 * recul, "tiers": None, "libelle": libelle,
                    })  # fmt: skip

    def _suivi(self, lieu: Lieu, dossier: str) -> None:
        h, alea = self._hasard, self._hasard.alea
        hier = h.jour - timedelta(days=1)
        for _ in range(int(alea.random() * 3)):
            libelle, famille = alea.choice(_DEMARCHES_SANTE if lieu.sante else _DEMARCHES)
            etat, deposee_le = alea.choice(_ETATS), h.entre(h.jour - timedelta(days=60), hier)
            traitee_le = min(deposee_le + timedelta(days=8 + self._numero % 31), hier) if etat == "traitee" else None
            self._ajouter(lieu.portee, "demarche", h.id(), {
                "dossier_id": dossier, "libelle": libelle, "famille": famille, "etat": etat, "deposee_le": _jour(deposee_le),
                "traitee_le": _jour(traitee_le) if traitee_le is not None else None,
            })  # fmt: skip
        if alea.random() < 0.2 and not lieu.sante:
            demandee = h.entre(h.jour - timedelta(days=20), hier)
            self._ajouter(lieu.portee, "alerte", h.id(), {
                "dossier_id": dossier, "libelle": "Déclaration trimestrielle RSA attendue", "demandee_le": _jour(demandee),
                "avant_le": _jour(demandee + timedelta(days=28)),
            })  # fmt: skip
        if alea.random() < 0.15:
            self._ajouter(lieu.portee, "piece", h.id(), {
                "dossier_id": dossier, "type": alea.choice(_PIECES), "demandee_le": _jour(h.entre(h.jour - timedelta(days=40), hier)),
            })  # fmt: skip
        if alea.random() < 0.08 and not lieu.sante:
            self._ajouter(lieu.portee, "dette", h.id(), {
                "dossier_id": dossier, "prestation_code": "PPA", "nee_le": _jour(h.entre(h.jour - timedelta(days=400), hier)),
                "solde_cents": 3_000 + int(alea.random() * 90_000),
            })  # fmt: skip
        self._ajouter(lieu.portee, "courrier", h.id(), {
            "dossier_id": dossier, "le": _jour(h.entre(h.jour - timedelta(days=200), hier)), "sens": "recu",
            "objet": "Notification de vos droits", "lu": alea.random() < 0.7,
        })  # fmt: skip

    def _ressource(self, lieu: Lieu, dossier: str, personne: str) -> None:
        self._ajouter(lieu.portee, "ressource", self._hasard.id(), {
            "dossier_id": dossier, "personne_id": personne, "annee": self._hasard.jour.year - 2, "nature": "Salaires",
            "montant_cents": 100_000 * (4 + self._numero % 19),
        })  # fmt: skip

    def _agenda(self, lieu: Lieu, dossier: str) -> None:
        """The next payment for all; the other kinds of dates for some, each by its own rhythm (MC-08)."""
        for mois, jour, type_, libelle, un_sur in _AGENDA:
            if self._numero % un_sur == 0:
                le = (self._hasard.jour + relativedelta(months=mois)).replace(day=jour)
                self._ajouter(lieu.portee, "echeance", self._hasard.id(), {
                    "dossier_id": dossier, "le": _jour(le), "type": type_, "libelle": libelle,
                })  # fmt: skip


@cache
def _jour(jour: date) -> str:
    return jour.isoformat()


def _enfants(tirage: float) -> int:
    """Number of children: the shares of allocataires' households, rounded (ours)."""
    return 0 if tirage < 0.5 else 1 if tirage < 0.7 else 2 if tirage < 0.88 else 3 if tirage < 0.97 else 4
