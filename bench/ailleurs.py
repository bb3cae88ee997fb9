"""Work done in another process than the bench's own."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from tests.processus import CONTEXTE

T = TypeVar("T")


def ailleurs(faire: Callable[..., T], *donnees: object, neuf: bool) -> T:
    """Do it in a process of its own.

    `neuf`: begun anew, as what is weighed or timed must be; else forked from one that has loaded what it imports, which a short run makes
    do with: its figures say nothing.
    """
    contexte = multiprocessing.get_context("spawn") if neuf else CONTEXTE
    with ProcessPoolExecutor(1, contexte) as autre:
        return autre.submit(faire, *donnees).result()
