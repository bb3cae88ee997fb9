"""A network scanner driven over a real socket: its own bytes kept, every fault in words, no document shortened without a word."""

import io
import os
import signal
import threading
import time

import pytest
from PIL import Image, ImageDraw

from guichet.documents.sources import decouverte
from guichet.documents.sources.escl import Appareil, Encre, Escl, Reglages, Source, adresse_complete
from guichet.documents.sources.fautes import Faute, NumerisationInterrompue
from guichet.documents.sources.messages import Demande
from guichet.documents.sources.numerisation import Numerisation
from tests.documents.faux_escl import FauxEscl

CHARGEUR = Reglages(Source.CHARGEUR, 200)


def _feuille(rang):
    image, tampon = Image.new("L", (620, 877), "white"), io.BytesIO()
    ImageDraw.Draw(image).rectangle((50, 50 * rang, 500, 50 * rang + 30), fill="black")
    image.save(tampon, "JPEG", quality=95)
    return tampon.getvalue()


def _numeriser(faux, reglages=CHARGEUR, annule=lambda: False):
    """Return the pages received, and what stopped the scan or nothing."""
    appareil, pages = Escl(faux.adresse, libre_s=1), []
    try:
        pages.extend(appareil.numeriser(reglages, annule))
    except NumerisationInterrompue as interruption:
        return pages, interruption
    finally:
        appareil.fermer()
    return pages, None


def _pages(reglages):
    """What a feed gave before its fault: a generator keeps it, a list's extend too."""
    return [_feuille(rang) for rang in range(1, reglages + 1)]


def test_what_a_scanner_can_do_is_asked():
    with FauxEscl(_feuille) as faux:
        appareil = Escl(faux.adresse)
        a4 = (2550, 3508)
        assert appareil.decrire() == Appareil("Faux MFP", {Source.VITRE: a4, Source.CHARGEUR: a4, Source.RECTO_VERSO: a4}, (75, 200, 300))
        appareil.fermer()


@pytest.mark.parametrize(
    ("source", "nombre", "dite"), [(Source.VITRE, 1, "Platen"), (Source.CHARGEUR, 3, "Feeder"), (Source.RECTO_VERSO, 3, "Feeder")]
)
def test_the_device_s_own_bytes_are_kept(source, nombre, dite):
    with FauxEscl(_feuille) as faux:
        pages, faute = _numeriser(faux, Reglages(source, 300, Encre.GRIS))
    assert faute is None
    assert pages == _pages(nombre)
    demande = next(x[2] for x in faux.demandes if x[0] == "POST")
    assert f">{dite}<" in demande
    assert ">Grayscale8<" in demande
    assert (">true<" in demande) == (source is Source.RECTO_VERSO)
    assert faux.demandes[-1][0] == "DELETE"


FAUTES = [
    ("bourrage dit par 409", 3, {"adf": "ScannerAdfJam", "page": {2: 409}}, Faute.BOURRAGE, 1),
    ("bourrage dit comme une fin", 3, {"adf": "ScannerAdfJam", "page": {2: 404}}, Faute.BOURRAGE, 1),
    ("deux feuilles prises", 3, {"adf": "ScannerAdfMultipickDetected", "page": {3: 404}}, Faute.DOUBLE_PRISE, 2),
    ("capot ouvert au départ", 3, {"adf": "ScannerAdfHatchOpen", "creer": 503}, Faute.CAPOT_OUVERT, 0),
    ("chargeur vide", 0, {}, Faute.CHARGEUR_VIDE, 0),
    ("chargeur vide dit au départ", 0, {"creer": 409}, Faute.CHARGEUR_VIDE, 0),
    ("occupé", 3, {"creer": 503}, Faute.OCCUPE, 0),
    ("réglage refusé", 3, {"creer": 400}, Faute.REFUS, 0),
    ("liaison coupée", 3, {"coupe": 2}, Faute.COUPURE, 1),
    ("image incomplète", 3, {"tronque": 3}, Faute.IMAGE_INCOMPLETE, 2),
    ("panne de l'appareil", 5, {"page": {3: 500}}, Faute.REPONSE_ILLISIBLE, 2),
    ("travail abandonné par l'appareil", 3, {"job": "Aborted", "page": {3: 404}}, Faute.REPONSE_ILLISIBLE, 2),
    ("page lue et jamais rendue", 3, {"perdues": 1}, Faute.PAGE_PERDUE, 3),
]


@pytest.mark.parametrize(("feuilles", "fautes", "attendue", "recues"), [x[1:] for x in FAUTES], ids=[x[0] for x in FAUTES])
def test_a_fault_is_said_keeps_its_pages_and_leaves_the_scanner_ready(feuilles, fautes, attendue, recues):
    with FauxEscl(_feuille, feuilles, **fautes) as faux:
        pages, interruption = _numeriser(faux)
        assert interruption.faute is attendue
        assert (pages, interruption.recues) == (_pages(recues), recues)
        assert str(interruption).endswith(
            (f"Les {recues} pages reçues sont gardées.", "La page reçue est gardée.", "Aucune page n'a été reçue.")
        )
        assert not faux.travaux, "no job is left on the device"
        faux.fautes.clear()
        faux.feuilles = 2
        pages, interruption = _numeriser(faux)
        assert (len(pages), interruption) == (2, None), "the next scan works at once"


def test_a_scanner_that_is_off_or_goes_off_is_said():
    with FauxEscl(_feuille) as faux:
        pass
    pages, interruption = _numeriser(faux)
    assert (pages, interruption.faute) == ([], Faute.INJOIGNABLE)


def test_a_busy_scanner_is_waited_for_a_little():
    with FauxEscl(_feuille, occupe_fois=2) as faux:
        pages, interruption = _numeriser(faux)
    assert (len(pages), interruption) == (3, None)


def test_a_scan_is_stopped_between_two_pages():
    with FauxEscl(_feuille, 9) as faux:
        recues = []
        appareil = Escl(faux.adresse)
        with pytest.raises(NumerisationInterrompue) as arret:
            recues.extend(appareil.numeriser(CHARGEUR, lambda: sum(x[0] == "GET" and "Next" in x[1] for x in faux.demandes) >= 2))
        appareil.fermer()
        assert (arret.value.faute, len(recues)) == (Faute.ANNULE, 2)
        assert not faux.travaux


@pytest.mark.parametrize(
    "corps",
    [
        "pas du xml", "", "<a/>", '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    ],
)  # fmt: skip
def test_an_answer_that_is_not_of_the_norm_is_said(corps):
    with FauxEscl(_feuille, corps=corps) as faux:
        appareil = Escl(faux.adresse)
        if corps == "<a/>":
            assert appareil.decrire() == Appareil("", {}, ())
        else:
            with pytest.raises(NumerisationInterrompue) as dite:
                appareil.decrire()
            assert dite.value.faute is Faute.REPONSE_ILLISIBLE
        appareil.fermer()


def test_a_device_cannot_send_us_elsewhere():
    with FauxEscl(_feuille, 2) as ailleurs, FauxEscl(_feuille, 2, hote=ailleurs.adresse.split("/")[2]) as faux:
        pages, interruption = _numeriser(faux)
        assert (len(pages), interruption) == (2, None)
        assert ailleurs.demandes == []


# ---- in a process of its own


def _suivre(numerisation):
    pages = []
    try:
        pages.extend(numerisation.pages())
    except NumerisationInterrompue as interruption:
        return pages, interruption.faute
    return pages, None


def test_pages_come_out_of_a_process_of_their_own():
    with FauxEscl(_feuille) as faux:
        assert _suivre(Numerisation(Demande(faux.adresse, Source.CHARGEUR))) == (_pages(3), None)
        faux.fautes["page"] = {3: 409}
        faux.fautes["adf"] = "ScannerAdfJam"
        assert _suivre(Numerisation(Demande(faux.adresse, Source.CHARGEUR))) == (_pages(2), Faute.BOURRAGE)


def test_a_process_killed_between_two_pages_is_a_fault_never_an_end():
    with FauxEscl(_feuille, 6, attend=0.3) as faux:
        numerisation = Numerisation(Demande(faux.adresse, Source.CHARGEUR))
        pages = numerisation.pages()
        recues = [next(pages), next(pages)]
        os.kill(numerisation._processus.pid, signal.SIGKILL)
        with pytest.raises(NumerisationInterrompue) as panne:
            recues.extend(pages)
    assert panne.value.faute is Faute.PANNE
    assert recues == _pages(len(recues))
    assert panne.value.recues == len(recues)


def test_a_scan_stops_when_asked_and_its_job_is_ended_on_the_device():
    with FauxEscl(_feuille, 40, attend=0.1) as faux:
        numerisation = Numerisation(Demande(faux.adresse, Source.CHARGEUR))
        pages = numerisation.pages()
        recues = [next(pages)]
        numerisation.annuler()
        with pytest.raises(NumerisationInterrompue) as arret:
            recues.extend(pages)
        assert arret.value.faute is Faute.ANNULE
        assert 1 <= len(recues) < 40
        assert not faux.travaux


def test_a_scanner_that_hangs_is_let_go(monkeypatch):
    monkeypatch.setattr("guichet.documents.sources.numerisation._ARRET_S", 0.5)
    with FauxEscl(_feuille, 3, attend=20) as faux:
        numerisation = Numerisation(Demande(faux.adresse, Source.CHARGEUR))
        threading.Timer(1.0, numerisation.annuler).start()
        debut = time.monotonic()
        assert _suivre(numerisation) == ([], Faute.ANNULE)
        assert time.monotonic() - debut < 10


def test_what_is_looked_for_is_what_the_norm_names():
    assert decouverte._GENRE == "_uscan._tcp.local.", "eSCL over DNS-SD (Mopria); the tests below look for a kind of their own"


def test_scanners_that_say_they_are_there_are_found(annoncer):
    annoncer("Copieur du hall", 8123, {"rs": "eSCL", "ty": "Copieur\x07 du hall"})
    annoncer("Piege", 8124, {"rs": "../../etc/passwd?x="})
    trouves = decouverte.chercher(["127.0.0.1"], 3)
    assert trouves == [decouverte.Trouve("Copieur du hall", "http://127.0.0.1:8123/eSCL")]


@pytest.mark.usefixtures("genre")
def test_no_scanner_is_no_error():
    assert decouverte.chercher(["127.0.0.1"], 0.3) == []


@pytest.mark.parametrize(
    ("saisie", "adresse"),
    [
        ("192.168.1.20", "http://192.168.1.20/eSCL"), (" copieur.local:8080 ", "http://copieur.local:8080/eSCL"),
        ("http://10.0.0.3/scan/", "http://10.0.0.3/scan"), ("", ""), ("deux mots", ""), ("ftp://x", ""), ("x:port", ""),
    ],
)  # fmt: skip
def test_an_address_is_understood_as_people_type_it(saisie, adresse):
    assert adresse_complete(saisie) == adresse
