"""A tenant's card (BAI-14): what his landlord may see, and nothing more."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from guichet.presenters.bailleur import BailleurPresenter
from guichet.views.bailleur.table import ETATS
from guichet.views.formats import date_courte, montant
from guichet.views.widgets.base import bouton, cadre, champ, defilant, etiquette, rangee, vider
from guichet.views.widgets.colonnes import Colonnes

if TYPE_CHECKING:
    from guichet.store.locataires import FicheLocataire


class FicheLocatairePanneau(QWidget):
    """Shows one tenant; his identity stays in sight (BAI-17)."""

    def __init__(self, presenter: BailleurPresenter, retour: Callable[[], None]) -> None:
        super().__init__()
        self._presenter = presenter
        self._id = ""
        self.nom = etiquette("", "titre")
        boites = [cadre() for _ in range(3)]
        self._blocs = [colonne for _, colonne in boites]
        contenu = QWidget()
        colonne = QVBoxLayout(contenu)
        colonne.addWidget(self.nom)
        colonne.addWidget(Colonnes([boite for boite, _ in boites], 36, 3))
        colonne.addStretch(1)
        self.retour = bouton(self.tr("Retour à la liste"), retour)
        self.declarer = bouton(self.tr("Déclarer le loyer de juillet"), self._declarer, principal=True)
        exterieur = QVBoxLayout(self)
        exterieur.setContentsMargins(0, 0, 0, 0)
        exterieur.addWidget(defilant(contenu, self.tr("Fiche du locataire")), 1)
        exterieur.addLayout(rangee(None, self.retour, self.declarer))

    def montrer(self, fiche: "FicheLocataire") -> None:
        """Fill the card."""
        ligne = fiche.ligne
        self._id = ligne.id
        self.nom.setText(f"{ligne.nom.upper()} {ligne.prenom}")
        self._remplir(0, self.tr("Informations locataire"), (
            (self.tr("N° allocataire"), ligne.numero_allocataire),
            (self.tr("Adresse"), f"{fiche.adresse}, {ligne.code_postal} {ligne.commune}"),
        ))  # fmt: skip
        self._remplir(1, self.tr("Loyer"), (
            (self.tr("Loyer hors charges"), montant(ligne.loyer_cents)),
            (self.tr("Charges"), montant(fiche.charges_cents)),
            (self.tr("Dernier montant AL versé"), montant(ligne.derniere_al_cents)),
            (self.tr("Loyer de juillet"), ETATS[ligne.etat_loyer][0]),
        ))  # fmt: skip
        self._remplir(2, self.tr("Logement"), (
            (self.tr("Locataire depuis le"), date_courte(fiche.depuis)),
            (self.tr("Type"), fiche.type_logement),
            (self.tr("Superficie"), f"{fiche.surface} m²"),
            (self.tr("Résidence"), ligne.residence or self.tr("Sans")),
        ))  # fmt: skip
        self.declarer.setEnabled(ligne.etat_loyer == "attendu")
        self.declarer.setFocus()

    def _remplir(self, rang: int, titre: str, lignes: tuple[tuple[str, str], ...]) -> None:
        colonne = self._blocs[rang]
        vider(colonne)
        colonne.addWidget(etiquette(titre, "section"))
        for nom, valeur in lignes:
            colonne.addLayout(champ(nom, valeur))
        colonne.addStretch(1)

    def _declarer(self) -> None:
        self._presenter.continuer([self._id])
