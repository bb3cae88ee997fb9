"""What of a personal number may stand on a screen that visitors see (research/security.md §5.1, SEC-02)."""


def nir_masque(nir: str) -> str:
    """Hide the ten characters that tell sex, birth and place."""
    return f"X XX XX XX XXX {nir[10:13]}"


def nir_lisible(nir: str) -> str:
    """Write a NIR of 13 or 15 characters in its groups."""
    groupes = (nir[:1], nir[1:3], nir[3:5], nir[5:7], nir[7:10], nir[10:13], nir[13:15])
    return " ".join(groupe for groupe in groupes if groupe)


def telephone_masque(numero: str) -> str:
    """Keep the last four digits."""
    return f"XX XX XX {numero[-4:-2]} {numero[-2:]}"


def courriel_masque(adresse: str) -> str:
    """Keep the first letter of each part and the top domain."""
    boite, _, domaine = adresse.partition("@")
    nom, _, sommet = domaine.rpartition(".")
    return f"{boite[:1]}•••@{nom[:1]}•••.{sommet}"
