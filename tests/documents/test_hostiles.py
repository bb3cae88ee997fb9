"""Two hundred hostile documents: refused in words, or made harmless; none goes past the limits. And what holds them, tried from inside."""

import io
import json
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pytest
from PIL import Image

from guichet.documents import confinement
from guichet.documents.erreurs import FichierRefuse
from guichet.documents.etabli import Etabli
from guichet.documents.page import Commande
from tests.ampleur import ampleur
from tests.ateliers import ateliers
from tests.documents.hostiles import MARQUE, abimes, actifs
from tests.documents.outils import assembler

KIO = confinement.MEMOIRE // 1024
ACTIFS = {
    "/AA", "/A", "/OpenAction", "/JS", "/JavaScript", "/Launch", "/URI", "/Names", "/EmbeddedFiles", "/EF", "/AF", "/AcroForm", "/XFA", "/Annots",
    "/Metadata", "/PieceInfo", "/RichMedia", "/Outlines", "/OCProperties", "/SubmitForm", "/F", "/FFilter",
}  # fmt: skip


def ce_qui_reste(octets):
    """Return the names and texts of a PDF's every object, streams read."""
    vus = set()
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        for objet in pdf.objects:
            if isinstance(objet, (pikepdf.Dictionary, pikepdf.Stream)):
                vus |= set(objet.keys()) | {str(objet.get(cle)) for cle in ("/S", "/Subtype", "/Type") if cle in objet}
            if isinstance(objet, pikepdf.Stream):
                try:
                    corps = objet.read_bytes()
                except pikepdf.PdfError:
                    corps = objet.read_raw_bytes()
            else:
                corps = objet.unparse(resolved=False) if objet is not None else b""
            if MARQUE.encode() in corps:
                vus.add(MARQUE)
        vus |= set(pdf.trailer.keys()) & {"/Info"}
    return vus


_ICI, _ETABLIS = threading.local(), list[Etabli]()
"""A workshop for each thread that judges."""


@pytest.fixture(autouse=True)
def _fermer_les_etablis():
    yield
    _ICI.__dict__.clear()
    while _ETABLIS:
        _ETABLIS.pop().fermer()


def _juger(document):
    """Give a document the whole course, as the window does."""
    nom, octets = document
    if not hasattr(_ICI, "etabli"):
        _ICI.etabli = Etabli()
        _ETABLIS.append(_ICI.etabli)
    try:
        pages = _ICI.etabli.traiter(nom, Commande(octets, apercu=True))
    except FichierRefuse as refus:
        return nom, str(refus), set()
    pdf = assembler(pages)
    assert _ICI.etabli.traiter(nom, Commande(pdf, inspecter=True)) == [], "the centre takes what comes out of here"
    return nom, "", ce_qui_reste(pdf) & (ACTIFS | {MARQUE, "/PS", "/Info"})


@pytest.mark.ampleur
def test_nothing_active_is_left_of_two_hundred_documents():
    tout = [*actifs(), *abimes()]
    assert len(tout) >= 180
    documents = random.sample(tout, ampleur("documents_hostiles"))
    with ThreadPoolExecutor(2) as equipe:
        juges = list(equipe.map(_juger, documents))
    assert [(nom, reste) for nom, _, reste in juges if reste] == []
    assert 0 < sum(bool(refus) for _, refus, _ in juges) < len(juges)
    assert all(refus.startswith(nom) for nom, refus, _ in juges if refus)


EPUISER = """
import random, resource, sys
from guichet.documents import confinement
from tests.documents.hostiles import epuisants
from tests.documents.test_hostiles import _juger
confinement._enceinte_possible = lambda: False
juges = [_juger(d)[0] for d in random.Random(sys.argv[2]).sample(list(epuisants()), int(sys.argv[1]))]
print(len(juges), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.ampleur
def test_what_exhausts_is_stopped_at_the_limit_of_memory():
    """Without bubblewrap, whose own children the system does not count here; in a process of its own, for a child is counted what its parent held."""
    combien = ampleur("documents_qui_epuisent")
    commande = [sys.executable, "-c", EPUISER, str(combien), str(random.random())]
    rendu = subprocess.run(commande, capture_output=True, text=True, check=True, timeout=280)
    juges, kio = map(int, rendu.stdout.split())
    assert juges == combien
    assert kio <= KIO


DEDANS = """
import ctypes, json, os, socket, subprocess, sys
from pathlib import Path
from guichet.documents.atelier import _se_preparer
ici = Path(sys.argv[0]).resolve() if sys.argv[0] != "-c" else Path.cwd()
_se_preparer()
libc = ctypes.CDLL(None, use_errno=True)
def essayer(quoi):
    try:
        quoi()
    except OSError as erreur:
        return type(erreur).__name__
    except MemoryError:
        return "MemoryError"
    return "FAIT"
print(json.dumps({
    "lire": essayer(lambda: open("/etc/hostname").read()),
    "lire_le_projet": essayer(lambda: open(sys.executable, "rb").read(1)),
    "lister": essayer(lambda: os.listdir("/")),
    "ecrire": essayer(lambda: open("/tmp/x", "w").write("x")),
    "appeler": essayer(lambda: socket.create_connection(("127.0.0.1", 9))),
    "dedoubler": essayer(os.fork),
    "lancer": essayer(lambda: os.execv(sys.executable, [sys.executable])),
    "tuer": essayer(lambda: os.kill(os.getppid(), 0)),
    "tracer": essayer(lambda: (_ for _ in ()).throw(OSError()) if libc.ptrace(0, 0, 0, 0) < 0 else None),
    "memoire": essayer(lambda: bytearray(2 * 1024**3)),
}))
"""


@pytest.mark.skipif(
    not confinement.etat().endswith("(seccomp)"), reason="libseccomp is not there; `make setup` installs it on Linux, CI's included"
)
def test_from_inside_nothing_can_be_read_written_called_or_started():
    prefixe = confinement.commande("x")[:-2]
    rendu = subprocess.run([*prefixe, "-c", DEDANS], capture_output=True, text=True, check=False)
    assert rendu.returncode == 0, rendu.stderr
    essais = json.loads(rendu.stdout)
    assert "FAIT" not in essais.values(), essais
    assert essais["memoire"] == "MemoryError"
    assert len(essais) == 10


@pytest.mark.usefixtures("ateliers_neufs")
def test_a_workshop_stopped_while_it_starts_leaves_nobody_behind_and_answers():
    """Killed in its first moments, bubblewrap used to leave a child that held our pipes: who asked waited for ever."""
    avant = ateliers()
    for attente in (n * 0.0004 for n in range(40)):  # it happened from 2 to 5 ms
        etabli = Etabli()
        arret = threading.Timer(attente, etabli.fermer)
        arret.start()
        with pytest.raises(FichierRefuse):
            etabli.traiter("x", Commande(b"\xff\xd8\xff" + bytes(3_000_000)))
        arret.join()
    fin = time.monotonic() + 60
    while restes := ateliers() - avant:
        assert time.monotonic() < fin, restes
        time.sleep(0.05)


def _page() -> bytes:
    tampon = io.BytesIO()
    Image.new("L", (300, 400), 255).save(tampon, "PNG")
    return tampon.getvalue()


@pytest.mark.usefixtures("ateliers_neufs")
def test_a_workshop_outlives_the_thread_that_asked_for_it_first():
    """Linux told bubblewrap to end with the thread that had started it: a paper given next, by another, was refused as too long."""
    with Etabli() as etabli:
        premier = threading.Thread(target=etabli.traiter, args=("x", Commande(_page())))
        premier.start()
        premier.join()
        assert len(etabli.traiter("y", Commande(_page()))) == 1


BWRAP = """
import json, os, sys
from pathlib import Path
print(json.dumps({
    "fichiers": sorted(os.listdir("/")), "variables": sorted(os.environ), "qui": os.getuid(),
    "reseau": [x for x in os.listdir("/sys/class/net")] if Path("/sys").exists() else [],
    "ecrit": os.access(Path(sys.argv[1]).parent, os.W_OK), "voit": Path(sys.argv[1]).exists(), "processus": [p for p in os.listdir("/proc") if p.isdigit()],
}))
"""


@pytest.mark.skipif(
    "bubblewrap" not in confinement.etat(),
    reason="bubblewrap is not there, or this system forbids it namespaces; `make setup` installs it, CI has both",
)
def test_its_system_holds_nobody_s_files(tmp_path, monkeypatch):
    secret = tmp_path / "secret"
    secret.write_text("x")
    monkeypatch.setenv("GUICHET_PHRASE", "secrète")
    prefixe = confinement.commande("x")[:-2]
    rendu = subprocess.run([*prefixe, "-c", BWRAP, str(secret)], capture_output=True, text=True, check=False)
    assert rendu.returncode == 0, rendu.stderr
    vu = json.loads(rendu.stdout)
    assert "GUICHET_PHRASE" not in vu["variables"]
    assert vu["qui"] == 65534
    assert not vu["voit"]
    assert not vu["ecrit"]
    assert vu["reseau"] == []
    assert len(vu["processus"]) <= 2
