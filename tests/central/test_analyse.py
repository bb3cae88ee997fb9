"""What the centre does with a file once it has it: the antivirus, the workshop, and what is put aside (both bases, real files, real workshop)."""

import hashlib
import io
import os
import shutil
from datetime import UTC, datetime

import pikepdf
import pytest
from sqlalchemy import select

from guichet.central.analyse import Analyse
from guichet.central.fichiers import Fichiers
from guichet.central.fil import Ecrit, inscrire
from guichet.central.mesures import DeLaBase
from guichet.central.tables import blob, sync_row
from guichet.commandes.analyse import etapes
from guichet.documents import antivirus
from guichet.documents.etabli import Etabli
from guichet.models import Document, Journal, Piece, uuid7
from tests.central.test_centre import CAF, Poste, _envoyer
from tests.documents.hostiles import epuisants
from tests.documents.test_antivirus import MAL, clamd  # noqa: F401 (a fixture)

BOMBE = dict(epuisants())["flate-triple-500Mo.pdf"]
"""It takes more memory than a workshop may: the workshop dies of it."""


@pytest.fixture
def caf(client, base):
    return Poste(client, base, CAF)


@pytest.fixture(autouse=True)
def _sans_antivirus(monkeypatch):
    monkeypatch.delenv(antivirus.ADRESSE, raising=False)


@pytest.fixture(scope="module")
def etabli():
    with Etabli() as ouvert:
        yield ouvert


@pytest.fixture
def analyse(base, tmp_path, etabli):
    return Analyse(base, Fichiers(tmp_path / "pieces"), etapes(etabli))


def _pdf(ajouter=lambda _: None, marque=b""):
    """A page as ours are, with words of its own so that no two files are the same."""
    pdf, sortie = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page(page_size=(200, 200)).obj.Contents = pdf.make_stream(b"% " + (marque or os.urandom(8).hex().encode()))
    ajouter(pdf)
    pdf.save(sortie, deterministic_id=True)
    return sortie.getvalue()


def _donner(base, caf, octets, *, demandee=False):
    """Push a document before its file, and the paper asked for that it answers; return their ids."""
    portee = caf.portee("site")
    with base.lecture() as connexion:
        dossier = connexion.scalars(select(sync_row.c.id).where(sync_row.c.scope_id == portee, sync_row.c.etype == "dossier")).first()
    piece = uuid7()
    if demandee:
        with base.ecriture() as connexion:
            inscrire(connexion, portee, [Ecrit("piece", piece, {
                "dossier_id": dossier, "type": "autre", "demandee_le": datetime.now(UTC).date(), "document_id": None, "extra": None,
            })])  # fmt: skip
    contenu = {
        "dossier_id": dossier, "type_piece": "autre", "nom": "Un papier", "sha256": hashlib.sha256(octets).hexdigest(), "octets": len(octets),
        "pages": 1, "etat": "a_envoyer", "saisi_le": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    verdict = caf.faire(portee, "document", contenu)
    assert verdict["st"] == "applied"
    if demandee:
        assert caf.faire(portee, "piece", {"document_id": verdict["id"]}, "set", piece)["st"] == "applied"
    return verdict["id"], piece


def _etat(base, document):
    with base.lecture() as connexion:
        return connexion.scalar(select(Document.etat).where(Document.id == document))


def test_a_sound_file_is_analysed_then_available_and_workstations_hear_of_each(base, client, caf, analyse):
    portee, octets = caf.portee("site"), _pdf()
    document, _ = _donner(base, caf, octets)
    analyse.passer(portee)
    assert _etat(base, document) == "a_envoyer", "a file that has not come is not looked at"
    _envoyer(client, caf, portee, octets)
    assert _etat(base, document) == "recu"
    with base.lecture() as connexion:
        avant = connexion.scalar(select(sync_row.c.rev).where(sync_row.c.id == document))
    analyse.passer(portee)
    assert _etat(base, document) == "disponible"
    with base.lecture() as connexion:
        assert connexion.scalar(select(sync_row.c.rev).where(sync_row.c.id == document)) == avant + 2, "analysed, then available"
    assert _etat(base, _donner(base, caf, octets)[0]) == "disponible", "the same file again was seen already"
    sha = hashlib.sha256(octets).hexdigest()
    assert client.get(f"/v1/fichiers/{sha}", params={"portee": portee}, headers=caf.entetes).content == octets


def _script(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _piece_jointe(pdf):
    pdf.attachments["x.exe"] = pikepdf.AttachedFileSpec(pdf, b"MZ", filename="x.exe")


def _lien(pdf):
    pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://x.test"),
    )]))  # fmt: skip


def _dehors(pdf):
    pdf.pages[0].obj.Contents.F = pikepdf.String("/etc/passwd")


@pytest.mark.parametrize("ajouter", [_script, _piece_jointe, _lien, _dehors])
def test_what_carries_more_than_pages_is_put_aside(base, client, caf, analyse, ajouter):
    """No workstation of ours makes such a file: whoever sent it is not one, or was changed."""
    portee, octets = caf.portee("site"), _pdf(ajouter)
    document, piece = _donner(base, caf, octets, demandee=True)
    sha, _ = _envoyer(client, caf, portee, octets)
    analyse.passer(portee)
    assert _etat(base, document) == "quarantaine"
    refus = client.get(f"/v1/fichiers/{sha}", params={"portee": portee}, headers=caf.entetes)
    assert (refus.status_code, refus.json()["code"]) == (409, "en_quarantaine")
    with base.lecture() as connexion:
        assert connexion.scalar(select(Piece.document_id).where(Piece.id == piece)) is None, "the paper is asked for again"
        assert connexion.scalars(select(Journal.action).where(Journal.objet == document)).all() == ["quarantaine"]
    encore, _ = _donner(base, caf, octets)
    assert _etat(base, encore) == "quarantaine", "the same bytes are not looked at twice"
    assert caf.faire(portee, "piece", {"document_id": encore}, "set", piece)["st"] == "applied"
    with base.lecture() as connexion:
        assert connexion.scalar(select(Piece.document_id).where(Piece.id == piece)) is None, "nor do they answer what is asked for"


@pytest.mark.parametrize("octets", [b"%PDF-1.7\nrien", os.urandom(5000), b"\xff\xd8\xff" + bytes(500)], ids=["cut", "noise", "picture"])
def test_what_is_no_pdf_of_ours_is_put_aside(base, client, caf, analyse, octets):
    document, _ = _donner(base, caf, octets)
    _envoyer(client, caf, caf.portee("site"), octets)
    analyse.passer(caf.portee("site"))
    assert _etat(base, document) == "quarantaine"


def test_a_locked_pdf_is_put_aside(base, client, caf, analyse):
    sortie = io.BytesIO()
    with pikepdf.open(io.BytesIO(_pdf())) as pdf:
        pdf.save(sortie, encryption=pikepdf.Encryption(owner="x", user="y"))
    document, _ = _donner(base, caf, sortie.getvalue())
    _envoyer(client, caf, caf.portee("site"), sortie.getvalue())
    analyse.passer(caf.portee("site"))
    assert _etat(base, document) == "quarantaine"


def test_a_file_that_exhausts_the_workshop_is_tried_again_then_put_aside_and_the_next_one_passes(base, client, caf, analyse):
    portee, saine = caf.portee("site"), _pdf()
    bombe, autre = _donner(base, caf, BOMBE)[0], _donner(base, caf, saine)[0]
    for contenu in (BOMBE, saine):
        _envoyer(client, caf, portee, contenu)
    etats = []
    for _ in range(3):
        analyse.passer(portee)
        etats.append(_etat(base, bombe))
        assert _etat(base, autre) == "disponible"
    assert etats == ["analyse", "analyse", "quarantaine"]


def test_without_its_antivirus_the_centre_waits_for_it(base, client, caf, analyse, monkeypatch, tmp_path):
    portee, octets = caf.portee("site"), _pdf()
    document, _ = _donner(base, caf, octets)
    _envoyer(client, caf, portee, octets)
    monkeypatch.setenv(antivirus.ADRESSE, str(tmp_path / "personne"))
    for _ in range(4):
        analyse.passer(portee)
        assert _etat(base, document) == "recu"
    fichiers = next(m for m in DeLaBase(base).collect() if m.name == "guichet_fichiers")
    assert {s.labels["etat"]: s.value for s in fichiers.samples}["recu"] == 1, "whoever watches the centre sees it wait"
    monkeypatch.delenv(antivirus.ADRESSE)
    analyse.passer(portee)
    assert _etat(base, document) == "disponible"


@pytest.mark.skipif(shutil.which("clamd") is None, reason="clamd is not there; CI installs it (packaging/paquets-essais.txt)")
def test_what_the_antivirus_finds_is_put_aside_unopened(base, client, caf, analyse, monkeypatch, clamd):  # noqa: F811 (the fixture)
    portee, octets, saine = caf.portee("site"), _pdf(marque=MAL), _pdf()
    monkeypatch.setenv(antivirus.ADRESSE, clamd)
    infecte, sain = _donner(base, caf, octets)[0], _donner(base, caf, saine)[0]
    for contenu in (octets, saine):
        _envoyer(client, caf, portee, contenu)
    with base.lecture() as connexion:
        avant = connexion.scalar(select(sync_row.c.rev).where(sync_row.c.id == infecte))
    analyse.passer(portee)
    assert (_etat(base, infecte), _etat(base, sain)) == ("quarantaine", "disponible")
    with base.lecture() as connexion:
        assert connexion.scalar(select(sync_row.c.rev).where(sync_row.c.id == infecte)) == avant + 1, "it was never said to be analysed"


def test_two_replicas_that_look_at_the_same_file_say_it_once(base, client, caf, analyse, tmp_path, etabli):
    portee, octets = caf.portee("site"), _pdf()
    document, _ = _donner(base, caf, octets)
    _envoyer(client, caf, portee, octets)
    with base.lecture() as connexion:
        avant = connexion.scalar(select(sync_row.c.rev).where(sync_row.c.id == document))
    antivirus_, ouvrir = etapes(etabli)

    def pendant(contenu):
        analyse.passer(portee)  # the other replica is quicker
        return ouvrir[1](contenu)

    Analyse(base, Fichiers(tmp_path / "pieces"), (antivirus_, (ouvrir[0], pendant))).passer(portee)
    assert _etat(base, document) == "disponible"
    with base.lecture() as connexion:
        assert connexion.scalar(select(sync_row.c.rev).where(sync_row.c.id == document)) == avant + 2


def test_a_file_that_cannot_be_looked_at_does_not_hold_up_the_next(base, client, caf, tmp_path, etabli):
    portee, mauvaise, saine = caf.portee("site"), _pdf(), _pdf()
    premier, second = _donner(base, caf, mauvaise)[0], _donner(base, caf, saine)[0]
    for contenu in (mauvaise, saine):
        _envoyer(client, caf, portee, contenu)
    (analyser, antivirus_), ouvrir = etapes(etabli)

    def sur_un_disque_malade(contenu):
        if contenu == mauvaise:
            raise OSError
        return antivirus_(contenu)

    Analyse(base, Fichiers(tmp_path / "pieces"), ((analyser, sur_un_disque_malade), ouvrir)).passer(portee)
    assert (_etat(base, premier), _etat(base, second)) == ("recu", "disponible")


def test_a_file_erased_before_its_turn_is_let_go(base, client, caf, analyse, tmp_path):
    portee, octets = caf.portee("site"), _pdf()
    sha, _ = _envoyer(client, caf, portee, octets)
    Fichiers(tmp_path / "pieces").effacer(portee, sha)
    analyse.passer(portee)
    with base.lecture() as connexion:
        assert connexion.scalar(select(blob.c.complet).where(blob.c.sha256 == sha)) is False
    assert client.get(f"/v1/fichiers/{sha}", params={"portee": portee}, headers=caf.entetes).status_code == 404


def test_a_centre_that_was_stopped_finds_again_what_it_had_left(base, client, caf, analyse):
    octets = _pdf()
    document, _ = _donner(base, caf, octets)
    _envoyer(client, caf, caf.portee("site"), octets)
    fil = analyse.lancer()
    try:
        for _ in range(200):
            if _etat(base, document) == "disponible":
                break
            fil.join(0.1)
        assert _etat(base, document) == "disponible", "nobody signaled it"
    finally:
        analyse.arreter()
        fil.join(10)
    assert not fil.is_alive()
