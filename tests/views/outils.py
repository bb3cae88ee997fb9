"""Driving the real window."""

import os
from pathlib import Path

from PySide6.QtCore import QAbstractEventDispatcher, QAbstractListModel, QCoreApplication, QEvent, QEventLoop, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import QAbstractItemView, QApplication, QCheckBox, QComboBox, QLabel, QMessageBox, QPushButton, QScrollArea, QWidget
from sqlalchemy import delete

from guichet.app import creer_fenetre
from guichet.services import visites
from guichet.store.tables import brouillon
from guichet.views.theme import appliquer
from guichet.views.widgets.elide import LabelElide

ECRANS = Path(os.environ["GUICHET_ECRANS"]) if "GUICHET_ECRANS" in os.environ else None


def ouvrir_fenetre(qtbot, dossier, url, taille=(1280, 800)):
    """Show the window of the demonstration and wait for its people."""
    fenetre = creer_fenetre(dossier, url, demonstration=True)
    fenetre.resize(*taille)
    fenetre.pannes = []
    fenetre.poste.taches.panne.connect(fenetre.pannes.append)
    qtbot.addWidget(fenetre, before_close_func=_partir)
    fenetre.show()
    qtbot.waitExposed(fenetre)
    fenetre.poste.demander_agents()
    qtbot.waitUntil(lambda: bool(boutons(fenetre.connexion, "Entrer")))
    return fenetre


def _partir(fenetre):
    """Leave no page to the next window on this profile, which would find them again; ask nothing about what was not sent."""
    page = fenetre._pages.get("documents")
    if fenetre.poste.au_travail and page is not None and page.presenter.pages:
        page.presenter.retirer(range(len(page.presenter.pages)))
    fenetre.quitter()


def entrer(qtbot, fenetre, fonction):
    """Sign in by one click as somebody."""
    bouton = next(b for b in fenetre.connexion.findChildren(QPushButton) if fonction in (b.accessibleName() or b.text()))
    qtbot.mouseClick(bouton, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: fenetre.onglets.count() > 0)
    qtbot.waitUntil(lambda: "Connecté" in fenetre.barre.connexion.text())


def liberer(fenetre):
    """Take away what an earlier test left in this profile: somebody at the counter, forms begun."""
    session = fenetre.poste.session
    if (derniere := visites.reprendre(session)) is not None:
        visites.terminer(session, derniere)
        fenetre.poste.porter_visite(None)
    with session.coffre.ecriture() as connexion:
        connexion.execute(delete(brouillon))


def se_poser():
    """Let what was just shown be laid out, which takes some turns of the loop, and what was just left be deleted."""
    boucle = QAbstractEventDispatcher.instance()
    for _ in range(50):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if not boucle.processEvents(QEventLoop.ProcessEventsFlag.AllEvents):
            return


def au_calme(qtbot, fenetre):
    """Wait until all that was asked of the workers is answered, and what these answers asked for in turn."""
    taches, equipes = fenetre.poste.taches, fenetre.poste.taches._equipes
    for _ in range(4):
        rendus = []
        demandes = [nom for nom in list(equipes) for _ in range(equipes[nom]._max_workers)]
        for nom in demandes:
            taches._lancer(nom, lambda: None, rendus.append, None)
        qtbot.waitUntil(lambda demandes=demandes, rendus=rendus: len(rendus) == len(demandes))
    se_poser()


def boutons(parent, texte):
    return [b for b in parent.findChildren(QPushButton) if b.text().replace("&", "") == texte.replace("&", "")]


def cliquer(qtbot, parent, texte):
    """Press the button that says this, once it is seen: what was just laid out takes a turn of the loop to show."""
    vus = []
    qtbot.waitUntil(lambda: bool(vus.extend(b for b in boutons(parent, texte) if b.isVisible()) or vus))
    qtbot.mouseClick(vus[0], Qt.MouseButton.LeftButton)


def repondre(qtbot, texte, geste):
    """Do something that opens a dialog, and press one of its buttons; return what the dialog asked."""
    from PySide6.QtCore import QTimer

    demande = []

    def presser():
        dialogue = QApplication.activeModalWidget()  # at first it may still be the dialog that asks the question
        boutons = [b for b in dialogue.findChildren(QPushButton) if b.text().replace("&", "") == texte] if dialogue else []
        if not boutons:
            QTimer.singleShot(20, presser)
            return
        demande.append(dialogue.text() if isinstance(dialogue, QMessageBox) else dialogue.windowTitle())
        qtbot.mouseClick(boutons[0], Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, presser)
    geste()
    qtbot.waitUntil(lambda: bool(demande))  # some dialogs are opened, others wait for their answer
    return demande[0]


def arbre(racine):
    """Walk the accessibility tree in process; tables and lists are entered for their first cells only."""
    QAccessible.setActive(True)
    pile = [QAccessible.queryAccessibleInterface(racine)]
    while pile:
        noeud = pile.pop()
        if noeud is None or not noeud.isValid() or noeud.state().invisible:
            continue
        yield noeud
        pile += [noeud.child(i) for i in range(min(noeud.childCount(), 60))]


def photographier(fenetre, nom):
    """Keep a picture where the run asks for it."""
    if ECRANS is not None:
        ECRANS.mkdir(parents=True, exist_ok=True)
        assert fenetre.grab().save(str(ECRANS / f"{nom}.png"))


def habiller(qapp, theme="clair", pour_cent=100):
    appliquer(qapp, theme, pour_cent / 100)


_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


def _textes(racine):
    """Yield all that a widget and those in it show or say to a screen reader."""
    for w in [racine, *racine.findChildren(QWidget)]:
        yield from (w.windowTitle(), w.toolTip(), w.statusTip(), w.whatsThis(), w.accessibleName(), w.accessibleDescription())
        for nom in ("text", "title", "placeholderText", "currentText"):
            lire = getattr(w, nom, None)
            if callable(lire):
                yield str(lire())
        if isinstance(w, QAbstractItemView) and w.model() is not None:
            yield from _cellules(w.model())
        if isinstance(w, QComboBox):
            yield from (w.itemText(n) for n in range(w.count()))
    for action in racine.findChildren(QAction):
        yield from (action.text(), action.toolTip())


def _cellules(modele):
    for ligne in range(min(modele.rowCount(), 200)):
        for colonne in range(1 if isinstance(modele, QAbstractListModel) else modele.columnCount()):
            for role in _ROLES:
                valeur = modele.data(modele.index(ligne, colonne), role)
                if valeur:
                    yield str(valeur)


def textes(*racines):
    """Return all that these widgets show or say."""
    return [t for racine in racines for t in _textes(racine) if t]


def page_dessinee(apercu):
    """Tell if a paper's first page shows words: it is drawn on another thread, once asked for by a first painting."""
    image = apercu.viewport().grab().toImage()
    milieu = range(image.width() // 8, image.width() * 3 // 4)  # not its frame
    return any(image.pixelColor(x, y).lightness() < 90 for y in range(12, image.height() - 12) for x in milieu)


def coupes(fenetre):
    """Return what a window cuts: texts wider than their control or taller than their room, columns wider than what scrolls them."""
    visibles = [w for w in fenetre.findChildren(QWidget) if w.isVisible()]
    larges = [(type(w).__name__, _mots(w), w.width(), voulu) for w in visibles if (voulu := _besoin(w)) > w.width()]
    hauts = [
        (w.text(), w.height())
        for w in visibles
        if isinstance(w, QLabel) and w.wordWrap() and w.text() and w.heightForWidth(w.width()) > w.height() + 1
    ]
    hors = [
        (z.accessibleName(), z.widget().width(), z.viewport().width())
        for z in visibles
        if isinstance(z, QScrollArea) and z.widget() is not None
        and z.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff and z.widget().width() > z.viewport().width()
    ]  # fmt: skip
    return larges + hauts + hors


def _mots(w):
    return w.currentText() if isinstance(w, QComboBox) else w.text()


def _besoin(w):
    """Width that a control's own text asks for, in pixels; what wraps, or says the rest in its tooltip, asks for none."""
    if isinstance(w, LabelElide | QComboBox) or not isinstance(w, QLabel | QPushButton | QCheckBox) or not w.text():
        return 0
    if isinstance(w, QLabel):
        texte = w.text().replace("&", "") if w.buddy() else w.text()
        mots = texte.split() if w.wordWrap() else texte.splitlines()
        return max((w.fontMetrics().horizontalAdvance(m) for m in mots), default=0)
    return w.fontMetrics().horizontalAdvance(w.text().replace("&", ""))
