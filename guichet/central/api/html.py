"""The centre's own pages: framed by nobody, nothing kept by a browser, no script but the telephone's."""

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, select_autoescape
from litestar import Response

from guichet.rules.montants import montant

SANS_TRACE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@cache
def _modeles() -> Environment:
    modeles = Environment(loader=PackageLoader("guichet.central", "pages"), autoescape=select_autoescape())
    modeles.filters["montant"] = montant
    return modeles


def page(nom: str, statut: int = 200, suites: Sequence[str] = ("'self'",), **valeurs: object) -> Response[str]:
    """Serve a page (`guichet/central/pages`); `suites`: where its forms may post; the value `script`: it has a program of ours, and a camera."""
    images, programme = "img-src data:", ""
    if valeurs.get("script"):
        images, programme = "img-src data: blob:", "script-src 'self'; connect-src 'self'; media-src blob: mediastream:; "
    politique = (
        f"default-src 'none'; style-src 'unsafe-inline'; {images}; {programme}frame-ancestors 'none'; base-uri 'none'; "
        f"form-action {' '.join(suites)}"
    )
    entetes = SANS_TRACE | {
        "Content-Security-Policy": politique, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }  # fmt: skip
    html = _modeles().get_template(nom).render(**valeurs)
    return Response(html, status_code=statut, media_type="text/html; charset=utf-8", headers=entetes)
