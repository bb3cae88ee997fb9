"""Sealed files: whole or refused, whatever was done to them."""

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt
from nacl.exceptions import CryptoError

from guichet.store import flux

CLE, LIE, MORCEAU = bytes(range(32)), b"son empreinte", 64 * 1024


def sceller(contenu, cle, lie):
    return b"".join(flux.sceller(contenu, cle, lie))


def desceller(octets, cle, lie):
    return flux.desceller(io.BytesIO(octets), cle, lie)


@pytest.mark.parametrize("octets", [0, 1, MORCEAU - 1, MORCEAU, MORCEAU + 1, 3 * MORCEAU, 5 * MORCEAU + 7])
def test_what_was_sealed_comes_back(octets):
    contenu = os.urandom(octets)
    assert desceller(sceller(contenu, CLE, LIE), CLE, LIE) == contenu


def test_the_same_bytes_are_never_sealed_alike():
    assert sceller(b"x" * 100, CLE, LIE) != sceller(b"x" * 100, CLE, LIE)


@pytest.fixture(scope="module")
def scelle():
    return sceller(bytes(range(256)) * 800, CLE, LIE)


@given(ou=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_bit_changed_is_seen(scelle, ou, bit):
    octets = bytearray(scelle)
    octets[int(ou * len(octets))] ^= 1 << bit
    with pytest.raises(CryptoError):
        desceller(bytes(octets), CLE, LIE)


def test_pieces_cut_off_added_moved_or_taken_from_elsewhere_are_seen(scelle):
    debut, pas = 4 + 24, MORCEAU + 17
    morceaux = [scelle[n : n + pas] for n in range(debut, len(scelle), pas)]
    assert len(morceaux) == 4
    autre = sceller(bytes(200_000), CLE, LIE)
    for faux in (
        scelle[: debut + pas], scelle[: debut + 3 * pas], scelle[:debut], scelle[:10], scelle[:-1], scelle + b"x", scelle + morceaux[-1],
        scelle[:debut] + b"".join((morceaux[1], morceaux[0], *morceaux[2:])), autre[:debut] + b"".join(morceaux), b"",
    ):  # fmt: skip
        with pytest.raises(CryptoError):
            desceller(faux, CLE, LIE)


@pytest.mark.parametrize(("cle", "lie"), [(bytes(32), LIE), (CLE, b"une autre")])
def test_another_key_or_another_name_opens_nothing(scelle, cle, lie):
    with pytest.raises(CryptoError):
        desceller(scelle, cle, lie)


def test_what_was_sealed_whole_before_is_still_read():
    nonce = os.urandom(24)
    assert desceller(nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(b"un papier", LIE, nonce, CLE), CLE, LIE) == b"un papier"
