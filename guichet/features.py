"""The directory board: one line per tab."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from guichet.presenters.poste import PostePresenter
    from guichet.views.widgets.onglet import PageOnglet


class Onglet(NamedTuple):
    """A tab: `cle` is what an agent's habilitations name; the page is imported when it is first shown."""

    cle: str
    titre: str
    glyphe: str
    presenter: str
    page: str

    def fabriquer(self, poste: "PostePresenter") -> "PageOnglet":
        """Make the presenter and the page; they go together when the session is closed."""
        presenter = _classe(self.presenter)(poste)
        page: PageOnglet = _classe(self.page)(presenter)
        presenter.setParent(page)
        return page


ONGLETS = (
    Onglet("dossiers", "Dossiers", "folder-user-line", "guichet.presenters.dossiers:DossiersPresenter", "guichet.views.dossiers.page:DossiersPage"),
    Onglet("bailleur", "Bailleur", "building-line", "guichet.presenters.bailleur:BailleurPresenter", "guichet.views.bailleur.page:BailleurPage"),
    Onglet("documents", "Documents", "scan-2-line", "guichet.presenters.documents:DocumentsPresenter", "guichet.views.documents.page:DocumentsPage"),
    Onglet("rendezvous", "Rendez-vous", "calendar-event-line", "guichet.presenters.rendezvous:RendezVousPresenter", "guichet.views.rendezvous.page:RendezVousPage"),
    Onglet("reperes", "Repères", "compass-3-line", "guichet.presenters.reperes:ReperesPresenter", "guichet.views.reperes.page:ReperesPage"),
)  # fmt: skip


def _classe(chemin: str) -> "Callable[..., Any]":
    module, _, nom = chemin.partition(":")
    classe: Callable[..., Any] = getattr(import_module(module), nom)
    return classe
