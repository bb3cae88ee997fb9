"""Whatever is given to what reads from outside, it says what it promised to say: a value, or one of its own refusals, never anything else.

Sound samples are bent as well as noise being made up: noise alone stops at the first byte. `make test-long` looks longer.
"""

import io
import json
import random
from datetime import date

import httpx2
import msgspec
import pikepdf
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from guichet.central.identity.fournisseur import lire_reglages
from guichet.central.refus import RefusCentre
from guichet.contract import corps
from guichet.contract.sync import Bonjour, Envoi, Probleme
from guichet.documents import lecteur
from guichet.models import ENTITES
from guichet.rules import mots_de_passe, recherche
from guichet.rules.identifiants import IdentifiantRefuse, nir_verifie, numero_telephone
from guichet.rules.masques import courriel_masque, nir_lisible, nir_masque, telephone_masque
from guichet.store import ancre, cles, essais, profils, secours
from guichet.store.chargement import preparer
from guichet.store.erreurs import ErreurCoffre
from guichet.store.replique import Curseur
from guichet.sync.client import ClientCentre, deballer
from guichet.sync.erreurs import Injoignable, ReponseRefusee
from guichet.views.formats import lire_montant
from tests.ampleur import ampleur

CAS = ampleur("entrees_tordues")
pytestmark = pytest.mark.ampleur
JOUR = date(2026, 11, 22)
PERIODE = settings(
    max_examples=CAS, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def tordu(*sains):
    """Noise, or a sound sample with bytes changed, cut, doubled or added."""

    def tordre(tirage):
        sain, graine = tirage
        alea, octets = random.Random(graine), bytearray(sain)
        for _ in range(alea.choice((0, 1, 3, 20))):
            ou = alea.randrange(len(octets) + 1)
            match alea.randrange(4):
                case 0:
                    octets[ou : ou + 1] = bytes([alea.randrange(256)])
                case 1:
                    del octets[ou : ou + alea.randrange(1, 30)]
                case 2:
                    octets[ou:ou] = octets[: alea.randrange(1, 30)]
                case 3:
                    octets[ou:ou] = alea.choice((b"null", b"-1", b"1e999", b'"', b"{", b"]", b"\xff", b"\0"))
        return bytes(octets)

    return st.binary(max_size=300) | st.tuples(st.sampled_from(sains), st.integers(0, 2**32)).map(tordre)


# ---- what is typed

TAPES = st.text(max_size=60) | st.text("0123456789 .+-/AB2\u00a0\u202f\n\u0660O", max_size=24)


@pytest.mark.parametrize(
    ("lire", "refus"),
    [
        (nir_verifie, IdentifiantRefuse), (numero_telephone, ()), (lire_montant, ()), (lambda t: recherche.comprendre(t, JOUR), ()),
        (recherche.plier, ()), (lambda t: mots_de_passe.bits(t, ("guichet",)), ()), (nir_masque, ()), (nir_lisible, ()), (telephone_masque, ()),
        (courriel_masque, ()),
    ],
    ids=["nir", "telephone", "montant", "recherche", "plier", "phrase", "nir-masque", "nir-lisible", "telephone-masque", "courriel-masque"],
)  # fmt: skip
def test_what_is_typed(lire, refus):
    @PERIODE
    @given(TAPES)
    def jouer(texte):
        try:
            lire(texte)
        except refus as erreur:
            assert str(erreur)

    jouer()


def test_a_line_break_in_a_passphrase_is_worth_nothing():
    assert mots_de_passe.bits("00000\n") == mots_de_passe.bits("00000")
    assert mots_de_passe.bits("\n\0") == 0


@PERIODE
@given(TAPES)
def test_a_mask_never_shows_more_than_it_may(texte):
    assert len([c for c in nir_masque(texte) if c.isdecimal()]) <= 5
    assert len([c for c in telephone_masque(texte) if c.isdecimal()]) <= 4


# ---- what comes by the line

PAGE = b'{"epoque":"e","gen":1,"de":0,"a":1,"tete":1,"n":1}\n["contact","c",1,1,false,{"valeur":"x"}]\n{"fin":1,"digest":5,"vivantes":1}'
PART = b'{"groupes":[{"type":"contact","ids":["c"],"revs":[1],"empreintes":"AAAAAAAAAAA=","champs":["valeur"],"colonnes":[["x"]]}],"brutes":[]}'


def _client(octets, statut=200, genre="application/json"):
    client = ClientCentre("http://centre.invalid")
    repondre = httpx2.MockTransport(lambda _: httpx2.Response(statut, content=octets, headers={"content-type": genre}))
    client._http = httpx2.Client(base_url=client.url, transport=repondre)
    return client


@pytest.mark.parametrize("emballer", [bytes, zstandard.ZstdCompressor().compress], ids=["brut", "emballe"])
def test_a_page_of_the_feed(emballer):
    @PERIODE
    @given(tordu(PAGE))
    def jouer(octets):
        try:
            page = _client(emballer(octets), genre="application/zstd").page("p", "e", 0)
        except Injoignable as erreur:
            assert str(erreur)
        else:
            assert page.entete.n == len(page.lignes)

    jouer()


@PERIODE
@given(tordu(PART))
def test_a_part_of_a_snapshot(octets):
    try:
        part = deballer(zstandard.ZstdCompressor().compress(octets))
        preparer(Curseur("p", "site", "e", 0, 1, True, 0, 0, 0, 0, 1, None, 0, 0, False, 0), part)
    except Injoignable as erreur:
        assert str(erreur)


@pytest.mark.parametrize("statut", [200, 400, 401, 403, 404, 409, 410, 413, 422, 426, 429, 500, 503, 302, 407])
def test_any_answer_of_something_that_is_not_a_centre(statut):
    @PERIODE
    @given(
        tordu(msgspec.json.encode(Probleme("t", 400, "c", "d")), b"[]", b"{}"),
        st.sampled_from(["application/json", "text/html", "", "application/problem+json"]),
    )
    def jouer(octets, genre):
        for demander in (
            lambda c: c.moi(),
            lambda c: c.bonjour(Bonjour(1, "a", "")),
            lambda c: c.pousser(Envoi("a", "p", "e", 0, [])),
            lambda c: c.journal("p"),
        ):
            try:
                demander(_client(octets, statut, genre))
            except (Injoignable, ReponseRefusee) as erreur:
                assert str(erreur)

    jouer()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=8), x, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("type_", sorted(ENTITES))
def test_a_row_of_any_entity(type_):
    """A row that is not one is a ValueError, which the feed and the pushes answer for; a sound one comes back as it was."""
    champs = list(corps.champs(type_))

    @settings(PERIODE, max_examples=max(CAS // 5, 20))
    @given(st.dictionaries(st.sampled_from(champs) | st.text(max_size=8), JSON, max_size=6))
    def jouer(ligne):
        try:
            lues = corps.lire(type_, ligne)
        except (ValueError, TypeError):
            return
        rendue = json.loads(corps.encoder(type_, lues))
        assert set(rendue) <= set(ligne) | set(champs)

    jouer()


# ---- what lies on the disk


@pytest.fixture(scope="module")
def coffre(tmp_path_factory):
    dossier = tmp_path_factory.mktemp("coffre")
    fichier, _ = cles.nouvelle("une phrase de passe d'essai")
    cles.ecrire(dossier, fichier)
    return dossier, (dossier / cles.NOM).read_bytes()


def test_a_key_file(coffre):
    dossier, sain = coffre

    @PERIODE
    @given(tordu(sain, b'{"version":1,"vault_id":"x"}', b'{"version":99,"vault_id":"x"}'))
    def jouer(octets):
        (dossier / cles.NOM).write_bytes(octets)
        try:
            cles.lire(dossier)
        except ErreurCoffre as erreur:
            assert "modifi" in str(erreur)

    jouer()


def test_the_small_files_of_a_profile(tmp_path):
    (tmp_path / "cle.json").write_text("{}")

    @PERIODE
    @given(tordu(b'{"nom":"A","lieu":"B"}', b'{"echecs":3,"le":1.5}', bytes(32)))
    def jouer(octets):
        for nom in ("qui.json", essais.NOM, ancre.NOM):
            (tmp_path / nom).write_bytes(octets)
        assert len(profils.lister(tmp_path)) == 1
        assert essais._lire(tmp_path).echecs is not None
        assert ancre.lire(tmp_path) >= 0

    jouer()


def test_an_answer_of_support(coffre, tmp_path):
    dossier, sain = coffre
    (dossier / cles.NOM).write_bytes(sain)
    (dossier / "secours.cle").write_bytes(bytes(range(32)))

    @PERIODE
    @given(st.binary(max_size=200))
    def jouer(octets):
        with pytest.raises(ErreurCoffre):
            secours.reprendre(dossier, octets, "une phrase de passe d'essai")

    jouer()


def test_the_file_of_a_provider(tmp_path):
    sain = b'nom = "P"\nemetteur = "https://p"\nclient_id = "c"\nsecret = "s.txt"\nacr = ["a"]\n'
    (tmp_path / "s.txt").write_text("s")
    (tmp_path / "vide.txt").write_text("\n")
    (tmp_path / "p.toml").write_bytes(sain.replace(b"s.txt", b"vide.txt"))
    with pytest.raises(ValueError, match=r"vide\.txt is empty"):
        lire_reglages(tmp_path / "p.toml")

    @PERIODE
    @given(tordu(sain))
    def jouer(octets):
        (tmp_path / "p.toml").write_bytes(octets)
        try:
            lus = lire_reglages(tmp_path / "p.toml")
        except (ValueError, OSError) as erreur:
            assert str(erreur)
        else:
            assert lus.acr
            assert bool(lus.secret) != bool(lus.cle_privee), "what serves has exactly one way to prove who it is"

    jouer()


# ---- files of strangers, in the process that may die


def _image(format_):
    tampon = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(tampon, format_)
    return tampon.getvalue()


def _pdf():
    document, tampon = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(tampon)
    return tampon.getvalue()


@settings(PERIODE, max_examples=max(CAS // 3, 40))
@given(tordu(_image("JPEG"), _image("PNG"), _image("TIFF"), _image("WEBP"), _pdf()))
def test_a_file_is_sniffed_by_its_content(octets):
    format_ = lecteur.flairer(octets)
    assert format_ in (None, "JPEG", "PNG", "TIFF", "WEBP", "HEIF", "PDF")


# ---- tokens


def test_an_access_token(url_sqlite):
    from guichet.central.base import BaseCentre
    from guichet.central.identity.acces import Acces
    from guichet.central.identity.cles import Cles

    base = BaseCentre(url_sqlite)
    acces = Acces(Cles(base), "http://centre")

    @PERIODE
    @given(st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,80}", fullmatch=True))
    def jouer(texte):
        with pytest.raises(RefusCentre) as refus:
            acces.verifier(texte)
        assert refus.value.statut == 401

    jouer()
    base.fermer()
