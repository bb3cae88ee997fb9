"""« À faire » : documents put aside, answers long overdue, mandates about to end, people who may be one; each opens what it is about."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from guichet.models.enums import EtatDoublon
from guichet.views.formats import date_courte
from guichet.views.widgets.base import bouton, dimensionner, etiquette, rangee

if TYPE_CHECKING:
    from guichet.services.a_faire import AFaire
    from guichet.store.doublons import DoublonLu


class AFaireDialog(QDialog):
    """`choisi` is emitted with the scope and id of the dossier to open, `doublon` with the pair to look at."""

    choisi = Signal(str, str)
    doublon = Signal(object)

    def __init__(self, a_faire: "AFaire", parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # it names people
        self.setWindowTitle(self.tr("À faire"))
        dimensionner(self, parent, 84, 34)
        colonne = QVBoxLayout(self)
        self.liste = QListWidget()
        self.liste.setAccessibleName(self.windowTitle())
        self.liste.setWordWrap(True)
        self.liste.setSpacing(3)
        for q in a_faire.quarantaine:
            texte = self.tr("⚠ En quarantaine, à numériser à nouveau : {0}, donné le {1}").format(
                q.document, date_courte(q.saisi_le.date())
            )
            self._ajouter(f"{texte}\n{q.nom} · n° {q.numero}", (q.portee, q.dossier_id))
        for r in a_faire.retards:
            texte = self.tr("▲ Sans réponse : {0}, arrivée le {1}").format(r.libelle, date_courte(r.deposee_le))
            self._ajouter(f"{texte}\n{r.nom} · n° {r.numero}", (r.portee, r.dossier_id))
        for m in a_faire.mandats:
            texte = self.tr("○ Mandat qui finit le {0}").format(date_courte(m.expire_le))
            self._ajouter(f"{texte}\n{m.nom} · n° {m.numero}", (m.portee, m.dossier_id))
        for d in a_faire.doublons:
            self._ajouter(self._paire(d), d)
        if not self.liste.count():
            resume = self.tr(
                "Rien n'attend : aucun document en quarantaine, aucune réponse en retard, aucun mandat qui finit dans les jours qui viennent, "
                "aucun doublon possible."
            )
        elif a_faire.plus:
            resume = self.tr("Plus de {0} réponses en retard : voici les plus anciennes.").format(len(a_faire.retards))
        else:
            a_voir = sum(d.etat is EtatDoublon.A_EXAMINER for d in a_faire.doublons)
            resume = self.tr(
                "En quarantaine : {0} · réponses en retard : {1} · mandats qui finissent : {2} · doublons possibles : {3}"
            ).format(len(a_faire.quarantaine), len(a_faire.retards), len(a_faire.mandats), a_voir)
        self.resume = etiquette(resume, "discret")
        colonne.addWidget(self.resume)
        colonne.addWidget(self.liste, 1)
        self.liste.itemActivated.connect(self._choisir)
        self.ouvrir = bouton(self.tr("&Ouvrir"), lambda: self._choisir(self.liste.currentItem()), principal=True)
        self.ouvrir.setEnabled(self.liste.count() > 0)
        self.liste.setCurrentRow(0)
        colonne.addLayout(rangee(None, bouton(self.tr("&Fermer"), self.reject), self.ouvrir))

    def _ajouter(self, texte: str, cible: "tuple[str, str] | DoublonLu") -> None:
        element = QListWidgetItem(texte)
        element.setData(Qt.ItemDataRole.UserRole, cible)
        self.liste.addItem(element)

    def _paire(self, d: "DoublonLu") -> str:
        if d.etat is EtatDoublon.FUSIONNE and d.decide_le is not None:
            titre = self.tr("● Fiches réunies le {0}, peut être annulé").format(date_courte(d.decide_le.date()))
        else:
            titre = self.tr("◆ Doublon possible ({0} %) : {1}").format(d.score, ", ".join(d.raisons))
        return f"{titre}\n{d.noms[0]} · n° {d.numeros[0]} / {d.noms[1]} · n° {d.numeros[1]}"

    def _choisir(self, element: QListWidgetItem | None) -> None:
        if element is None:
            return
        cible = element.data(Qt.ItemDataRole.UserRole)
        if isinstance(cible, tuple):
            self.choisi.emit(*cible)
        else:
            self.doublon.emit(cible)
        self.accept()
