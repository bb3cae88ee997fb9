"""Where `resources/` lies: beside the package in a checkout, inside it once installed."""

from functools import cache
from pathlib import Path
from typing import Any

_ICI = Path(__file__).parent
RACINE = _ICI / "resources" if (_ICI / "resources").is_dir() else _ICI.parent / "resources"


@cache
def donnees(nom: str) -> Any:  # noqa: ANN401 (the shape is the file's own)
    """Read one reference file of `resources/donnees`, once (20 ms); nobody writes in what is returned."""
    import yaml

    return yaml.safe_load((RACINE / "donnees" / nom).read_text("utf-8"))


def regle_du_jour(nom: str) -> Any:  # noqa: ANN401 (the shape is the rule's own)
    """Return a dated rule as it stands today; a machine whose clock says 1970 has the first one."""
    from datetime import date

    from guichet.rules.regles import en_vigueur

    regles = donnees("regles.yaml")
    premiere = min(version["effet_le"] for version in regles[nom])
    return en_vigueur(regles, nom, max(date.today(), premiere))
