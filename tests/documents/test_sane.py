"""Scanners plugged in, against SANE's own `test` and `pnm` backends, in the process that serves them: each fault has its words, the next scan works."""

import io
from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image

from guichet.documents.sources.decouverte import chercher_ici
from guichet.documents.sources.escl import Encre, Reglages, Source
from guichet.documents.sources.fautes import Faute, NumerisationInterrompue
from guichet.documents.sources.messages import Demande
from guichet.documents.sources.numerisation import Numerisation
from guichet.documents.sources.sane import Sane

pytestmark = pytest.mark.skipif(find_spec("sane") is None, reason="python-sane is not there; `make sane` builds it, CI does")
APPAREIL = """number_of_devices 1
mode Color
depth 8
resolution_min 75.0
resolution_max 600.0
resolution_quant 1.0
resolution 100.0
test-picture "Color pattern"
geometry_max 300.0
br_x 210.0
br_y 297.0
enable-test-options true
read-status-code "{rendu}"
read-delay {attend}
read-delay-duration 20000
scan-source "Flatbed"
"""


@pytest.fixture
def sane(tmp_path, monkeypatch):
    """A SANE of the test's own, with one device that behaves as it is told."""
    (tmp_path / "dll.d").mkdir()
    (tmp_path / "dll.conf").write_text("test\npnm\n")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(tmp_path))

    def regler(rendu="Default", *, attend=False):
        (tmp_path / "test.conf").write_text(APPAREIL.format(rendu=rendu, attend=str(attend).lower()))

    regler()
    return regler


def _numeriser(source=Source.VITRE, ppp=100, encre=Encre.COULEUR, appareil="test:0"):
    return list(Numerisation(Demande(f"sane:{appareil}", source, ppp, encre)).pages())


def test_devices_are_listed_by_their_names(sane):
    assert ("Noname frontend-tester", "sane:test:0") in [(t.nom, t.adresse) for t in chercher_ici()]


@pytest.mark.parametrize(("encre", "mode"), [(Encre.COULEUR, "RGB"), (Encre.GRIS, "L")])
def test_a_sheet_on_the_glass_is_a_page_of_its_size(sane, encre, mode):
    (page,) = _numeriser(encre=encre, ppp=150)
    image = Image.open(io.BytesIO(page))
    assert image.mode == mode
    assert tuple(round(x) for x in image.info["dpi"]) == (150, 150)
    assert image.width / 150 * 25.4 == pytest.approx(210, abs=1.5)
    assert image.height / 150 * 25.4 == pytest.approx(297, abs=1.5)


def test_the_feeder_is_read_to_its_last_sheet(sane):
    assert len(_numeriser(Source.CHARGEUR, ppp=75)) == 10, "the test device holds ten"


@pytest.mark.parametrize(("rendu", "faute"), [
    ("SANE_STATUS_JAMMED", Faute.BOURRAGE), ("SANE_STATUS_COVER_OPEN", Faute.CAPOT_OUVERT), ("SANE_STATUS_IO_ERROR", Faute.COUPURE),
    ("SANE_STATUS_DEVICE_BUSY", Faute.OCCUPE), ("SANE_STATUS_NO_DOCS", Faute.CHARGEUR_VIDE), ("SANE_STATUS_NO_MEM", Faute.PANNE),
    ("SANE_STATUS_ACCESS_DENIED", Faute.INTERDIT), ("SANE_STATUS_UNSUPPORTED", Faute.REFUS), ("SANE_STATUS_INVAL", Faute.REFUS),
    ("SANE_STATUS_CANCELLED", Faute.ANNULE), ("SANE_STATUS_EOF", Faute.IMAGE_INCOMPLETE),
])  # fmt: skip
@pytest.mark.parametrize("source", [Source.VITRE, Source.CHARGEUR])
def test_each_fault_is_told_and_the_next_scan_works_at_once(sane, rendu, faute, source):
    sane(rendu)
    with pytest.raises(NumerisationInterrompue) as leve:
        _numeriser(source, ppp=75)
    assert (leve.value.faute, leve.value.recues) == (faute, 0)
    assert "Aucune page n'a été reçue." in str(leve.value)
    sane()
    assert len(_numeriser(ppp=75)) == 1


def test_a_device_that_is_not_there_is_told(sane):
    with pytest.raises(NumerisationInterrompue) as leve:
        _numeriser(appareil="test:9")
    assert leve.value.faute in (Faute.INJOIGNABLE, Faute.REFUS)


def test_a_scan_is_stopped_between_two_sheets_and_none_is_short(sane):
    sane(attend=True)
    numerisation = Numerisation(Demande("sane:test:0", Source.CHARGEUR, 75))
    recues: list[bytes] = []

    def lire():
        for page in numerisation.pages():
            recues.append(page)
            numerisation.annuler()

    with pytest.raises(NumerisationInterrompue) as leve:
        lire()
    assert leve.value.faute is Faute.ANNULE
    tailles = {Image.open(io.BytesIO(p)).size for p in recues}
    assert len(tailles) == 1
    assert len(recues) < 10


def test_what_lies_on_the_glass_is_what_comes(sane, tmp_path):
    """The `pnm` backend reads a picture as a sheet; its pixels are those that come, but for the JPEG."""
    vraie = np.full((400, 300, 3), 255, np.uint8)
    vraie[100:200, 50:250] = (20, 60, 160)
    Image.fromarray(vraie).save(tmp_path / "feuille.ppm")
    appareil = Sane("pnm:0")
    appareil._appareil.filename = str(tmp_path / "feuille.ppm")
    (page,) = appareil.numeriser(Reglages(Source.VITRE, 300, Encre.COULEUR), lambda: False)
    appareil.fermer()
    lue = np.asarray(Image.open(io.BytesIO(page))).astype(int)
    assert lue.shape == vraie.shape
    assert np.abs(lue - vraie).mean() < 3
