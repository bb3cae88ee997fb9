"""What is said of a page: its defects, what was done to it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guichet.documents.page import Page

_NOTES = {
    "floue": ("floue", "Page floue : reprenez-la tant que la personne est là."),
    "trop_petite": ("trop petite", "Page trop petite pour être lue : photographiez-la de plus près."),
    "coupee": ("coupée", "Page coupée : le papier dépasse de l'image."),
    "blanche": ("blanche", "Page blanche : retirez-la si elle ne porte rien."),
    "trop_sombre": ("trop sombre", "Page trop sombre : reprenez-la avec plus de lumière."),
    "signee": ("signée", "Ce PDF portait une signature électronique, que le document envoyé n'aura plus. Gardez l'original."),
}
_A4_MM, _CARTE_MM, _TOLERANCE = (210, 297), (54, 85.6), 0.03
_ANGLE_DIT = 0.1


def bords_incertains(page: "Page") -> bool:
    """Tell whether a page was seen on a photo and not surely enough to be cropped without being asked."""
    faite, retouches = page.faite, page.retouches
    return faite.quad is not None and not faite.recadre and retouches.recadrer == "auto" and retouches.coins is None


def alertes(page: "Page") -> list[str]:
    """Return a page's defects in a word or two each."""
    return [*(["bords à vérifier"] if bords_incertains(page) else []), *(_NOTES[n][0] for n in page.faite.notes if n in _NOTES)]


def conseils(page: "Page") -> list[str]:
    """Return what to do about each defect."""
    incertains = ["Les bords de cette page ne sont pas sûrs : l'image est gardée entière. Choisissez « Recadrer » pour les vérifier."]
    return [*(incertains if bords_incertains(page) else []), *(_NOTES[n][1] for n in page.faite.notes if n in _NOTES)]


def faits(page: "Page") -> str:
    """Return what was done to a page, on one line."""
    faite = page.faite
    dits = []
    if faite.recadre:
        dits.append("Recadrée à la main" if page.retouches.coins is not None else "Recadrée")
    if abs(faite.angle) >= _ANGLE_DIT:
        dits.append(f"redressée de {abs(faite.angle):.1f}°".replace(".", ","))
    if format_ := _format(faite.mm):
        dits.append(format_)
    return " · ".join(dits)


def _format(mm: tuple[float, float]) -> str:
    for nom, (petit, grand) in (("A4", _A4_MM), ("format carte", _CARTE_MM)):
        if abs(min(mm) / petit - 1) < _TOLERANCE and abs(max(mm) / grand - 1) < _TOLERANCE:
            return nom
    return ""
