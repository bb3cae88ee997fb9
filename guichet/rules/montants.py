"""Amounts as French people write them."""


def montant(cents: int) -> str:
    """Write cents as « 1 964,77 € » (SEC-08)."""
    signe, (euros, reste) = "-" if cents < 0 else "", divmod(abs(cents), 100)
    return f"{signe}{euros:,},{reste:02}".replace(",", "\u202f", f"{euros:,}".count(",")) + "\u00a0€"
