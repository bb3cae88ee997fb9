"""Scanners plugged into Windows. No Windows here: what speaks to WIA was never run on one. What is shown is what our side makes of each answer that
its documentation names, in the process that serves it, against a library of the same names (`faux_windows`)."""

import io
import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from guichet.documents.sources.escl import Source
from guichet.documents.sources.fautes import Faute, NumerisationInterrompue
from guichet.documents.sources.messages import Demande
from guichet.documents.sources.numerisation import Numerisation

ADRESSE = "wia:{6BDD1FC6}\\0001"


@pytest.fixture
def regler(monkeypatch):
    """Say how the device behaves, for the scanning process."""

    def dire(**etat):
        monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "faux_windows"))
        monkeypatch.setenv("FAUX_WIA", json.dumps(etat))

    return dire


def _numeriser(source=Source.CHARGEUR, adresse=ADRESSE):
    """Return the pages that came, and the fault if there was one."""
    pages = []
    try:
        pages.extend(Numerisation(Demande(adresse, source)).pages())
    except NumerisationInterrompue as interruption:
        assert interruption.recues == len(pages)
        return pages, interruption.faute
    return pages, None


@pytest.mark.parametrize("format_", ["JPEG", "BMP"])
def test_a_pile_and_a_glass_are_read_whole(regler, format_):
    regler(feuilles=3, format=format_)
    pages, faute = _numeriser()
    assert (len(pages), faute) == (3, None)
    teintes = [Image.open(io.BytesIO(p)).convert("RGB").getpixel((40, 50))[0] for p in pages]
    assert teintes == pytest.approx([40, 80, 120], abs=4), "each sheet once, in order"
    assert (len(_numeriser(Source.VITRE)[0]), _numeriser(Source.VITRE)[1]) == (1, None)


FAUTES = {
    0x80210001: Faute.PANNE, 0x80210002: Faute.BOURRAGE, 0x80210004: Faute.BOURRAGE, 0x80210005: Faute.INJOIGNABLE, 0x80210006: Faute.OCCUPE,
    0x80210007: Faute.OCCUPE, 0x80210008: Faute.INTERVENTION, 0x8021000A: Faute.COUPURE, 0x8021000C: Faute.REFUS, 0x8021000D: Faute.OCCUPE,
    0x80210016: Faute.CAPOT_OUVERT, 0x80210020: Faute.DOUBLE_PRISE, 0x80070005: Faute.INTERDIT, 0x80004004: Faute.ANNULE,
    0x80004005: Faute.PANNE,
}  # fmt: skip


@pytest.mark.parametrize(("code", "faute"), FAUTES.items(), ids=[f"{c:08X}" for c in FAUTES])
def test_whatever_stops_a_pile_is_told_and_what_came_is_kept(regler, code, faute):
    """The library that the design named ends such a pile without a word: sheets would be missing."""
    regler(feuilles=5, faute=[3, code])
    pages, dite = _numeriser()
    assert (len(pages), dite) == (2, faute)
    regler(feuilles=1)
    assert _numeriser()[1] is None, "the next scan works"


def test_an_empty_feeder_a_cut_picture_and_a_device_that_is_off_have_their_words(regler):
    regler(feuilles=0)
    assert _numeriser() == ([], Faute.CHARGEUR_VIDE)
    for format_ in ("JPEG", "BMP"):
        regler(feuilles=3, coupe=2, format=format_)
        pages, faute = _numeriser()
        assert (len(pages), faute) == (1, Faute.IMAGE_INCOMPLETE)
    regler(feuilles=1, eteint=True)
    assert _numeriser() == ([], Faute.INJOIGNABLE)
    regler(feuilles=1)
    assert _numeriser(adresse="wia:un autre") == ([], Faute.INJOIGNABLE)


def test_what_a_device_lacks_is_refused_and_never_read_otherwise(regler):
    regler(feuilles=2, sans=["3088"])
    assert _numeriser() == ([], Faute.REFUS)
    regler(feuilles=2)
    assert _numeriser(Source.RECTO_VERSO) == ([], Faute.REFUS), "a transfer gives one side: the other would be lost"


def test_scanners_are_found_and_nothing_else(regler):
    regler(feuilles=0)
    rendu = subprocess.run([sys.executable, "-m", "guichet.documents.sources.wia"], capture_output=True, timeout=60, check=True).stdout
    assert msgspec.msgpack.decode(rendu) == [["Numériseur du guichet 4", ADRESSE]]
