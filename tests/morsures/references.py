"""What may be taken out of a file of reference data: each of its entries, as YAML itself reads them.

Taken out: an item of a list with all its lines, a line `key: value`, an entry of `{…}` and an item of `[…]`. Left aside, here alone: comments
and blank lines, which say nothing to the product; keys that only open a block (its entries are taken out one by one); `source` and `effet_le`.
"""

import re
from collections.abc import Iterator

import yaml

_NOMME = re.compile(r": &\w")
"""Without what others call by its name the file could not be read, whatever the tests: its entries are taken out one by one."""
A_PART = ("source", "effet_le")
Coupe = tuple[int, int]
"""Where a piece of a text begins and ends."""


def coupes(texte: str) -> list[Coupe]:
    """Return the pieces of a reference file to be taken out one at a time, in their order."""
    trouvees = set(_entrees(texte, yaml.compose(texte, Loader=yaml.SafeLoader), set()))
    return sorted((debut, fin) for debut, fin in trouvees if not _NOMME.search(texte[debut:fin]))


def _entrees(texte: str, noeud: yaml.Node, vus: set[int]) -> Iterator[Coupe]:
    if isinstance(noeud, yaml.ScalarNode) or id(noeud) in vus:  # what an alias repeats is taken out where it is written
        return
    vus.add(id(noeud))
    if noeud.flow_style:
        yield from _d_une_ligne(noeud)
    elif isinstance(noeud, yaml.SequenceNode):
        for item in noeud.value:
            if not (isinstance(item, yaml.MappingNode) and item.value[0][0].value in A_PART):
                yield _lignes(texte, item.start_mark.index, item.end_mark.index)
            yield from _entrees(texte, item, vus)
    else:
        for cle, valeur in noeud.value:
            if cle.value not in A_PART:
                yield from _d_une_cle(texte, cle, valeur, vus)


def _d_une_cle(texte: str, cle: yaml.Node, valeur: yaml.Node, vus: set[int]) -> Iterator[Coupe]:
    debut, suite = cle.start_mark.index, texte[cle.end_mark.index :].lstrip(": ")
    ouvre_un_bloc = suite.startswith(("#", "\n")) or (suite.startswith("&") and not valeur.flow_style)
    nomme_un_item = texte[_ligne(texte, debut) : debut].strip() == "-"  # taken out with its item
    if not ouvre_un_bloc and not nomme_un_item:
        yield _lignes(texte, debut, debut + 1 if suite.startswith("*") else valeur.end_mark.index)
    yield from _entrees(texte, valeur, vus)


def _d_une_ligne(noeud: yaml.Node) -> Iterator[Coupe]:
    """Return the entries of `{…}` or `[…]`, each with one of its commas."""
    bouts = [entree if isinstance(entree, tuple) else (entree, entree) for entree in noeud.value]
    for rang, (premier, dernier) in enumerate(bouts):
        if rang + 1 < len(bouts):
            yield premier.start_mark.index, bouts[rang + 1][0].start_mark.index
        else:
            yield bouts[rang - 1][1].end_mark.index if rang else premier.start_mark.index, dernier.end_mark.index
        if not isinstance(dernier, yaml.ScalarNode):
            yield from _d_une_ligne(dernier)


def _ligne(texte: str, index: int) -> int:
    return texte.rfind("\n", 0, index) + 1


def _lignes(texte: str, debut: int, fin: int) -> Coupe:
    """Return the whole lines of an entry; a block ends where what follows begins."""
    dernier = fin if texte[_ligne(texte, fin) : fin].strip() else _ligne(texte, fin) - 1
    return _ligne(texte, debut), (texte.find("\n", dernier) + 1) or len(texte)
