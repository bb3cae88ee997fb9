"""How the centre says no: one exception, served as problem details (RFC 9457)."""

from guichet.contract.codes import Code


class RefusCentre(Exception):
    """A request that the centre does not serve; `detail` is French and fit to be shown."""

    def __init__(self, statut: int, code: Code, detail: str, reessayer: float = 0) -> None:
        super().__init__(detail)
        self.statut, self.code, self.detail, self.reessayer = statut, code, detail, reessayer
