"""« Fil du dossier »: all that happened, latest first; a visitor says « c'était en mars »."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QVBoxLayout

from guichet.views.formats import date_courte, date_longue, montant
from guichet.views.widgets.base import annoncer, bouton, cadre, effacable, etiquette, rangee, vider

if TYPE_CHECKING:
    from guichet.services.carte import Fait

_PAR_PAGE = 8


class FilDossier:
    """Fills a frame; the kind and the words typed choose what is shown, a page at a time."""

    def __init__(self) -> None:
        self.boite, colonne = cadre()
        tr = self.boite.tr
        self._noms = {
            "paiement": tr("Paiement"), "courrier": tr("Courrier"), "demarche": tr("Démarche"), "document": tr("Document transmis"),
            "visite": tr("Visite"),
        }  # fmt: skip
        self._faits: tuple[Fait, ...] = ()
        self._montres = _PAR_PAGE
        self.genre = QComboBox()
        self.genre.addItem(tr("Tout"), "")
        for cle, nom in self._noms.items():
            self.genre.addItem(nom, cle)
        self.genre.setAccessibleName(tr("Que montrer du fil"))
        self.genre.view().setAccessibleName(tr("Que montrer du fil"))
        self.filtre = effacable(QLineEdit())
        self.filtre.setPlaceholderText(tr("Un mois, une année, un mot : mars 2026"))
        self.filtre.setAccessibleName(tr("Filtrer le fil"))
        self._grille = QGridLayout()
        self._grille.setColumnStretch(1, 1)
        self.suite = bouton(tr("Voir la suite"), self._voir_la_suite, lien=True)
        self.verrou = QVBoxLayout()
        self._outils = rangee(self.genre, self.filtre)
        colonne.addWidget(etiquette(tr("Fil du dossier"), "section"))
        colonne.addLayout(self.verrou)
        colonne.addLayout(self._outils)
        colonne.addLayout(self._grille)
        colonne.addLayout(rangee(self.suite, None))
        colonne.addStretch(1)
        self.genre.currentIndexChanged.connect(self._recommencer)
        self.filtre.textChanged.connect(self._recommencer)

    def montrer(self, faits: "tuple[Fait, ...]", *, autre: bool) -> None:
        """Show a dossier's facts; `autre`: another dossier than the last one, so that nothing of the filter stays."""
        self._faits = faits
        for outil in (self.genre, self.filtre):
            outil.setVisible(bool(faits))
        if autre:
            self.genre.setCurrentIndex(0)
            self.filtre.clear()
            self._montres = _PAR_PAGE
        self._remplir()

    def _recommencer(self, _: object = None) -> None:
        self._montres = _PAR_PAGE
        self._remplir()

    def _voir_la_suite(self) -> None:
        self._montres += _PAR_PAGE * 3
        self._remplir()

    def _remplir(self) -> None:
        choisis = self._choisis()
        vider(self._grille)
        for rang, fait in enumerate(choisis[: self._montres]):
            self._grille.addWidget(etiquette(date_courte(fait.le), "discret", retour=False), rang, 0)
            # One label: at 200 % a column for the kind left the words no room.
            dit = f"{self._noms[fait.genre]} · {_dire(fait)}"
            self._grille.addWidget(etiquette(dit, ton="warning" if fait.nouveau else ""), rang, 1)
        if not choisis:
            vide = (
                self.boite.tr("Rien ne correspond. Effacez le filtre pour tout revoir.") if self._faits else self.boite.tr("Rien encore.")
            )
            self._grille.addWidget(etiquette(vide, "discret"), 0, 0, 1, 2)
        reste = len(choisis) - self._montres
        self.suite.setVisible(reste > 0)
        self.suite.setText(self.boite.tr("Voir la suite ({0})").format(max(reste, 0)))
        annoncer(self.filtre, self.boite.tr("{0} lignes").format(len(choisis)))

    def _choisis(self) -> "list[Fait]":
        from guichet.rules.recherche import plier

        genre, mots = self.genre.currentData(), plier(self.filtre.text()).split()

        def dit(fait: "Fait") -> list[str]:
            return plier(f"{date_longue(fait.le)} {date_courte(fait.le)} {self._noms[fait.genre]} {_dire(fait)}").split()

        return [f for f in self._faits if genre in ("", f.genre) and all(any(m.startswith(mot) for m in dit(f)) for mot in mots)]


def _dire(fait: "Fait") -> str:
    texte = f"{montant(fait.montant_cents)} {fait.texte}".strip() if fait.montant_cents else fait.texte
    return f"{texte} (non lu)" if fait.nouveau else texte
