"""A real clamd with one signature of ours: what it finds is not opened, and its silence lets nothing in."""

import io
import os
import shutil
import subprocess
import time

import pytest
from PIL import Image

from guichet.documents import antivirus
from guichet.documents.erreurs import Cause, FichierRefuse
from tests.documents.outils import lire

MAL = b"GUICHET-ESSAI-DE-PROGRAMME-MALVEILLANT"
pytestmark = pytest.mark.skipif(shutil.which("clamd") is None, reason="clamd is not there; CI installs it (packaging/paquets-essais.txt)")


@pytest.fixture(scope="module")
def clamd(tmp_path_factory):
    dossier = tmp_path_factory.mktemp("clamd")
    (dossier / "essai.ndb").write_text(f"Guichet.Essai:0:*:{MAL.hex()}\n")
    qui = f"User {os.environ.get('USER', 'root')}\n" if os.geteuid() == 0 else ""
    (dossier / "clamd.conf").write_text(
        f"DatabaseDirectory {dossier}\nLocalSocket {dossier}/ctl\nForeground yes\nStreamMaxLength 1M\nLogFile {dossier}/log\n{qui}"
    )
    processus = subprocess.Popen(["clamd", "-c", dossier / "clamd.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        fin = time.monotonic() + 60
        while not (dossier / "ctl").exists():
            assert processus.poll() is None, (dossier / "log").read_text()
            assert time.monotonic() < fin
            time.sleep(0.1)
        yield str(dossier / "ctl")
    finally:
        processus.kill()
        processus.wait()


def _image(suite=b""):
    tampon = io.BytesIO()
    Image.new("RGB", (80, 80), "white").save(tampon, "JPEG")
    return tampon.getvalue() + suite


def test_what_it_finds_is_not_opened_and_the_rest_is(clamd, monkeypatch):
    monkeypatch.setenv(antivirus.ADRESSE, clamd)
    assert antivirus.etat().startswith("ClamAV")
    assert len(lire(_image(), "x.jpg")) == 1
    with pytest.raises(FichierRefuse, match=r"x.jpg : l'antivirus y a trouvé"):
        lire(_image(MAL), "x.jpg")


def test_what_is_too_large_for_it_is_not_opened(clamd, monkeypatch):
    monkeypatch.setenv(antivirus.ADRESSE, clamd)
    with pytest.raises(FichierRefuse) as leve:
        lire(_image(bytes(3_000_000)), "x.jpg")
    assert leve.value.cause in (Cause.ANTIVIRUS_TROP_LOURD, Cause.ANTIVIRUS_MUET)


@pytest.mark.parametrize("adresse", ["127.0.0.1:9", "/nulle/part/ctl"])
def test_its_silence_lets_nothing_in(monkeypatch, adresse):
    monkeypatch.setenv(antivirus.ADRESSE, adresse)
    assert antivirus.etat() == "ne répond pas : aucun fichier n'est accepté"
    with pytest.raises(FichierRefuse, match="ne répond pas"):
        lire(_image(), "x.jpg")


def test_without_one_nothing_is_asked(monkeypatch):
    monkeypatch.delenv(antivirus.ADRESSE, raising=False)
    assert antivirus.etat() == "aucun"
    assert len(lire(_image(MAL), "x.jpg")) == 1
