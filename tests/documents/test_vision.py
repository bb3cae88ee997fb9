"""Papers in photos: found, laid flat, cleaned, read; their defects told; their seals verified. On photos made here, and on the shared ones."""

import json
import random
import re
from base64 import b32encode
from collections import Counter
from datetime import UTC, date, datetime

import cv2
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID
from PIL import Image
from tddoc.keychain import KeyChain

from bench import photos
from guichet.documents.etabli import Etabli
from guichet.documents.page import Commande
from guichet.documents.vision import nettoyage, ocr, plusieurs, qualite, redressement, sceau
from guichet.documents.vision.geometrie import commun, ordonner
from guichet.documents.vision.recadrage import SUR, detecter
from tests.ampleur import ampleur


def _rappel(vrai, lu):
    voulus, lus = (Counter(re.findall(r"\w+", t.lower())) for t in (vrai, lu))
    return sum((voulus & lus).values()) / sum(voulus.values())


def _lire(pixels):
    return " ".join(mot.texte for mot in ocr.lire(pixels))


@pytest.mark.ampleur
def test_a_page_is_found_on_every_table():
    communs = {}
    for graine in random.sample(range(14), ampleur("photos_de_synthese")):
        photo = photos.photographier(graine)
        trouve = detecter(photo.pixels)
        communs[graine, photo.fond] = commun(trouve.quad, ordonner(photo.quad))
        assert trouve.confiance >= SUR, photo.fond
    assert min(communs.values()) >= 0.97, communs


def test_corners_are_told_in_the_file_s_own_pixels_however_large_and_turned(tmp_path):
    photo, fichier = photos.photographier(2), tmp_path / "photo.jpg"
    grande = cv2.resize(photo.pixels, None, fx=6, fy=6, interpolation=cv2.INTER_NEAREST)  # 110 megapixels: decoded at half its size
    cv2.imwrite(str(fichier), grande, [cv2.IMWRITE_JPEG_QUALITY, 60])
    with Etabli() as etabli:
        (page,) = etabli.traiter(fichier.name, Commande(fichier.read_bytes()))
    assert commun(np.float32(page.quad), ordonner(photo.quad * 6)) >= 0.97
    exif = Image.Exif()
    exif[0x0112] = 8  # to be turned a quarter to the left
    Image.fromarray(cv2.cvtColor(redressement.tourner(photo.pixels, 90), cv2.COLOR_BGR2RGB)).save(fichier, quality=92, exif=exif)
    with Etabli() as etabli:
        (page,) = etabli.traiter(fichier.name, Commande(fichier.read_bytes()))
    assert commun(np.float32(page.quad), ordonner(photo.quad)) >= 0.97


@pytest.mark.parametrize("nom", photos.FONDS)
def test_a_bare_table_is_never_cropped_for_sure(nom):
    pixels = np.clip(photos.fond(nom, 1512, 2016, np.random.default_rng(5)), 0, 255).astype(np.uint8)
    trouve = detecter(pixels)
    assert trouve is None or trouve.confiance < SUR


def test_a_page_that_fills_its_picture_is_not_a_photo():
    scan = cv2.copyMakeBorder(photos.page(3)[0], 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    assert redressement.occupe_toute_l_image(scan)
    assert not redressement.occupe_toute_l_image(photos.photographier(3).pixels)
    trouve = detecter(scan)
    assert trouve is None or trouve.confiance < SUR


@pytest.mark.exigence("DEP-05")
def test_words_that_a_photo_hides_are_read_once_it_is_cropped_and_cleaned():
    bruts, propres, parfaits = [], [], []
    for graine in (1, 3, 9):
        photo = photos.photographier(graine, 2268, 3024)
        plate = redressement.redresser(photo.pixels, detecter(photo.pixels).quad, 2480)
        assert plate.format == "A4"
        bruts.append(_rappel(photo.texte, _lire(photo.pixels)))
        propres.append(_rappel(photo.texte, _lire(nettoyage.eclaircir(plate.pixels))))
        parfaits.append(_rappel(photo.texte, _lire(photos.page(graine)[0])))
    assert np.mean(propres) >= 0.97 * np.mean(parfaits)
    assert np.mean(propres) > np.mean(bruts) + 0.1, (bruts, propres)


def test_a_coloured_heading_keeps_its_colour_while_shadows_go():
    """What is far from the paper's tint is ink, however wide: it was taken for paper, and whitened with its noise."""
    propre = photos.page(0)[0].astype(np.float32)
    assert propre[30, 600].max() < 120, "this page has a heading"
    ombre = np.linspace(0.55, 1, propre.shape[0], dtype=np.float32)[:, None, None] * np.float32([0.9, 1, 1])
    photo = np.clip(propre * ombre + np.random.default_rng(1).normal(0, 4, propre.shape), 0, 255).astype(np.uint8)
    rendue = nettoyage.eclaircir(photo).astype(np.float32)
    assert np.abs(rendue[20:80, 100:1100].mean((0, 1)) - propre[20:80, 100:1100].mean((0, 1))).max() < 40
    assert rendue[20:80, 100:1100].std((0, 1)).max() < 25, "no noise is raised"
    assert rendue[-300:].mean() > 245
    assert rendue[110:118, :100].mean() > 230, "the paper beside it is white"


@pytest.mark.parametrize("angle", [-9.0, -1.3, 0.4, 3.0, 12.0])
def test_the_slant_of_a_page_is_known_to_a_sixth_of_a_degree(angle):
    droite = cv2.copyMakeBorder(photos.page(8)[0], 150, 150, 150, 150, cv2.BORDER_CONSTANT, value=(252, 252, 252))
    penchee = redressement.mettre_droit(droite, -angle)  # its lines go down by as much
    assert redressement.inclinaison(cv2.cvtColor(penchee, cv2.COLOR_BGR2GRAY)) == pytest.approx(angle, abs=0.15)


@pytest.mark.parametrize("tour", [0, 90, 180, 270])
def test_a_page_is_put_upright(tour):
    posee = redressement.tourner(photos.page(8)[0], tour)
    assert ocr.sens(posee) == (360 - tour) % 360


def test_defects_are_told():
    page = cv2.cvtColor(photos.page(8)[0], cv2.COLOR_BGR2GRAY)
    vide = np.full_like(page, 245)
    floue = cv2.GaussianBlur(page, (0, 0), 6)
    petite = cv2.resize(page, None, fx=0.35, fy=0.35, interpolation=cv2.INTER_AREA)
    cas = {"": page, "blanche": vide, "floue": floue, "trop_petite": petite}
    for note, gris in cas.items():
        assert qualite.relever(gris, clarte=240, pouces=11.7, coupee=False) == ([note] if note else []), note
    assert qualite.relever(page, clarte=40, pouces=11.7, coupee=True) == ["coupee", "trop_sombre"]
    signee = vide.copy()
    cv2.ellipse(signee, (600, 1400), (90, 25), 20, 0, 300, 40, 3)
    assert not qualite.est_blanche(signee), "a lone signature is somebody's word"
    ecrite = _lire(floue)
    assert _rappel(photos.page(8)[1], ecrite) < 0.5, "what is said to be blurred cannot be read"


def test_black_ink_on_white_reads_and_is_only_that():
    texte = nettoyage.noir_et_blanc(redressement.redresser((p := photos.photographier(1)).pixels, p.quad, 2480).pixels)
    assert set(np.unique(texte)) == {0, 255}
    assert _rappel(p.texte, _lire(texte)) > 0.9


# ---- seals


def _certificat(sujet, emetteur, cle_sujet, cle_emetteur, du=2020, au=2023):
    def nom(x):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, x)])

    fabrique = x509.CertificateBuilder(nom(emetteur), nom(sujet), cle_sujet.public_key(), 7)
    return (
        fabrique.not_valid_before(datetime(du, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(au, 1, 1, tzinfo=UTC))
        .sign(cle_emetteur, hashes.SHA256())
    )


@pytest.fixture(scope="module")
def sceller():
    """Seal texts, and hold the certificates of an authority of our own."""
    autorite, service = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    confiance = KeyChain(check_expiry=False)
    confiance.certs = [_certificat("FR77", "FR77", autorite, autorite), _certificat("ABCD", "FR77", service, autorite)]

    def faire(signe_le=date(2021, 5, 4), certificat="ABCD", numero="12345678901"):
        jours = f"{(signe_le - date(2000, 1, 1)).days:04X}"
        corps = f"DC03FR77{certificat}FFFF{jours}A501AL{numero}AI30112027"
        r, s = decode_dss_signature(service.sign(corps.encode(), ec.ECDSA(hashes.SHA256())))
        signature = b32encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode().rstrip("=")
        return f"{corps}\x1f{signature}"

    return faire, confiance


def test_a_seal_is_valid_on_the_day_of_its_signature_though_its_certificate_has_ended_since(sceller):
    faire, confiance = sceller
    lu = sceau.verifier(faire(), confiance)
    assert (lu.verdict, lu.motif, lu.signe_le) == ("valide", "", date(2021, 5, 4))
    assert ("Numéro de la carte", "12345678901") in lu.champs


def test_no_altered_seal_is_valid_and_none_is_called_false(sceller):
    faire, confiance = sceller
    bon = faire()
    cas = [
        bon.replace("12345678901", "12345678902"), faire(date(2024, 5, 4)), faire(date(2019, 5, 4)), faire(date(2060, 5, 4)),
        faire(certificat="ZZZZ"), bon[:-4], "DC03", "DC99" + bon[4:], "DC03FR77ABCDXXXXYYYYA501\x1f",
    ]  # fmt: skip
    for texte in cas:
        lu = sceau.verifier(texte, confiance)
        assert lu.verdict == "non_verifiable", texte
        assert lu.motif
    seule = KeyChain(check_expiry=False)
    seule.certs = confiance.certs[1:]
    assert "autorité" in sceau.verifier(bon, seule).motif, "a certificate whose authority is not there vouches for nothing"


def test_the_certificates_shipped_are_the_national_list_without_its_test_authority():
    noms = {KeyChain._cn(c.subject) for c in sceau.certificats().certs}
    assert {"FR01", "FR03", "FR04"} <= noms
    assert "FR00" not in noms


def test_shared_seals_are_read_and_none_of_the_test_authority_is_valid(echantillons):
    for vrai in json.loads((echantillons / "2ddoc" / "truth.json").read_text()):
        lu = sceau.chercher(cv2.imread(str(echantillons / "2ddoc" / vrai["file"])))
        assert lu.verdict == "non_verifiable"
        assert lu.champs, vrai["file"]


# ---- the shared photos and scans


@pytest.mark.ampleur
def test_shared_photos_are_cropped_to_the_bound(echantillons):
    communs = {}
    lues = {dossier: json.loads((echantillons / dossier / "truth.json").read_text()) for dossier in ("photos_synth", "photos_real")}
    connues = [(dossier, vrai) for dossier, photos_lues in lues.items() for vrai in photos_lues]
    tirees = random.sample(connues, min(len(connues), ampleur("photos_partagees")))
    for dossier, vrai in tirees:
        pixels = cv2.imread(str(echantillons / dossier / vrai["file"]))
        if (np.float32(vrai["quad"]) > pixels.shape[1::-1]).any():
            continue  # a page cut by the frame: its corners are out of the picture
        trouve = detecter(pixels)
        communs[vrai["file"]] = commun(trouve.quad, ordonner(np.float32(vrai["quad"])))
        assert communs[vrai["file"]] >= 0.9 or trouve.confiance < SUR, "no crop is sure that is wrong"
        assert communs[vrai["file"]] >= 0.97 or dossier == "photos_synth"
    # The bounds are those of all of them: of a few, the two that miss may be there.
    permis = 0 if len(tirees) == len(connues) else 2
    assert sum(x < 0.97 for x in communs.values()) <= 0.1 * len(communs) + permis
    assert sum(x < 0.9 for x in communs.values()) <= 0.03 * len(communs) + permis


def test_a_shared_card_reads_wherever_its_corners_fall_within_a_pixel(echantillons):
    """Made as large as a page, its noise grew with its letters: a fifth of its words was lost, others with each half of a pixel."""
    (vrai,) = (x for x in json.loads((echantillons / "photos_synth" / "truth.json").read_text()) if x["file"] == "dev_07_carte_granit.jpg")
    pixels = cv2.imread(str(echantillons / "photos_synth" / vrai["file"]))
    coins = np.float32(vrai["quad"]) + np.random.default_rng(1).normal(0, 0.5, (8, 4, 2)).astype(np.float32)
    rappels = [_rappel(vrai["text"], _lire(nettoyage.eclaircir(redressement.redresser(pixels, quad, 2480).pixels))) for quad in coins]
    assert np.mean(rappels) > 0.9, rappels


def test_shared_scans_are_never_cropped_and_their_slant_is_known(echantillons):
    for vrai in json.loads((echantillons / "scans" / "truth.json").read_text()):
        pixels = cv2.imread(str(echantillons / "scans" / vrai["file"]))
        trouve = detecter(pixels)
        assert trouve is None or trouve.confiance < SUR
        assert redressement.inclinaison(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)) == pytest.approx(-vrai["content_angle_deg_ccw"], abs=0.15)


@pytest.mark.parametrize("fond", [252, 60])
def test_papers_laid_side_by_side_on_a_glass_are_told_apart(fond):
    """Three cards and a ticket on a lid, white or dark: each found, in reading order."""
    vitre = np.full((3508, 2480, 3), fond, np.uint8)
    places = [(150, 200, 1010, 640), (1300, 240, 1010, 640), (200, 1300, 1010, 640), (1450, 1250, 700, 1400)]
    for rang, (x, y, l_, h) in enumerate(places):
        papier = photos.page(rang)[0][:h, :l_]
        vitre[y : y + papier.shape[0], x : x + papier.shape[1]] = np.minimum(papier, 238)
    trouves = plusieurs.separer(vitre)
    vrais = [np.float32([(x, y), (x + l_, y), (x + l_, y + h), (x, y + h)]) for x, y, l_, h in places]
    assert len(trouves) == 4
    assert min(commun(q, v) for q, v in zip(trouves, vrais, strict=True)) > 0.95, "in reading order"


def test_one_page_is_not_cut_in_pieces():
    assert len(plusieurs.separer(photos.photographier(2).pixels)) < 2
    assert len(plusieurs.separer(photos.page(3)[0])) < 2
