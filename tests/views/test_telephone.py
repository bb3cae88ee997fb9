"""From a visitor's telephone to the tray: a real browser with a camera, a line of 512 kbit/s that drops, the desk's window."""

import os
import re
import shutil
from urllib.parse import parse_qs, urlsplit

import cv2
import pytest
from PIL import Image

from bench import photos
from guichet.central.services.telephone import PART_OCTETS
from tests.outils import LigneLente
from tests.views.outils import ECRANS, cliquer, coupes, photographier, repondre

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
DEBIT = 512_000 // 8


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    """A browser whose camera sees a paper on a table."""
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        pytest.skip("no Chromium: Ubuntu has none to install; CI runs on Debian, where make outils-essais installs it")
    camera = tmp_path_factory.mktemp("camera") / "table.mjpeg"
    camera.write_bytes(cv2.imencode(".jpg", photos.photographier(0).pixels)[1].tobytes() * 3)
    with sync_playwright() as moteur:
        options = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={camera}")
        navigateur = moteur.chromium.launch(executable_path=CHROMIUM, args=options)
        yield navigateur
        navigateur.close()


@pytest.fixture
def telephone(chromium):
    """Open a page as a telephone does; what its program throws fails the test."""
    contextes, erreurs = [], []

    def ouvrir(adresse, **reste):
        contexte = chromium.new_context(viewport={"width": 360, "height": 740}, locale="fr-FR", **reste)
        contextes.append(contexte)
        page = contexte.new_page()
        page.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
        page.goto(adresse)
        return page

    yield ouvrir
    for contexte in contextes:
        contexte.close()
    assert erreurs == []


@pytest.fixture
def bureau(qtbot, fenetre_sur):
    """The desk, its code shown."""
    fenetre, page = fenetre_sur("documents")
    return fenetre, page, _montrer_le_code(qtbot, page)


def _montrer_le_code(qtbot, page):
    dialogue = page.recevoir_du_telephone()
    qtbot.waitUntil(lambda: bool(dialogue.adresse.text()))
    return dialogue


def _par(ligne, dialogue):
    return ligne.url + urlsplit(dialogue.adresse.text()).path


def _relie(telephone, adresse):
    """Open a page that has taken its link, its camera on."""
    visiteur = telephone(adresse)
    visiteur.get_by_role("button", name="Commencer").click()
    visiteur.locator("#photo").wait_for()
    return visiteur


def _liste(page, texte):
    return page.locator("#liste").filter(has_text=texte)


def _attendre(qtbot, voir):
    """Wait for the browser without keeping the window from its work."""
    qtbot.waitUntil(lambda: voir.count() > 0)


def _prendre(page):
    page.locator("#photo").click()
    page.locator("#envoyer").click()


@pytest.mark.exigence("DEP-05", "DOC-03")
@pytest.mark.timeout(120)
def test_photos_cross_a_slow_line_that_drops_and_are_on_the_desk(qtbot, bureau, telephone):
    """Nothing is sent twice but what was on its way: a cut costs one part."""
    _, page, dialogue = bureau
    assert dialogue.local.isVisible(), "this centre answers on this machine alone: it is said"
    ligne = LigneLente(urlsplit(dialogue.adresse.text())._replace(path="").geturl(), DEBIT)
    visiteur = telephone(_par(ligne, dialogue))
    partis = []
    visiteur.on("request", lambda r: partis.append(r.url) if r.method == "PUT" else None)
    visiteur.get_by_role("button", name="Commencer").click()
    visiteur.locator("#photo").wait_for()
    qtbot.waitUntil(lambda: "Le téléphone est relié" in dialogue.message.text())
    photographier(dialogue, "telephone-relie")
    _prendre(visiteur)
    _attendre(qtbot, _liste(visiteur, re.compile("envoi : [3-9]. %")))
    qtbot.waitUntil(lambda: "Une photo arrive" in dialogue.message.text())
    ligne.couper()
    _attendre(qtbot, visiteur.get_by_role("alert").filter(has_text="L'envoi reprendra tout seul"))
    ligne.retablir()
    _attendre(qtbot, _liste(visiteur, "reçue par le conseiller"))
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 1)
    (venue,) = page.presenter.pages
    assert (venue.nom, venue.faite.recadre) == ("Photo 1", True), "cropped as any photo"
    assert visiteur.get_by_role("alert").text_content() == ""
    nombre = -(-int(parse_qs(urlsplit(partis[0]).query)["octets"][0]) // PART_OCTETS)
    assert nombre >= 3
    assert len(set(partis)) == nombre
    assert len(partis) <= nombre + 1
    dialogue.reject()


@pytest.mark.parametrize("couleurs", ["light", "dark"])
def test_every_state_of_the_page_is_accessible(qtbot, bureau, telephone, couleurs):
    """By axe's WCAG A and AA rules, whose criteria are RGAA's; by keyboard; text doubled on a narrow screen scrolls one way only."""
    _, page, dialogue = bureau
    visiteur = telephone(dialogue.adresse.text(), color_scheme=couleurs)
    visiteur.set_viewport_size({"width": 320, "height": 640})
    _accessible(visiteur, "debut")
    visiteur.keyboard.press("Tab")
    visiteur.keyboard.press("Enter")
    visiteur.locator("#photo").wait_for()
    _accessible(visiteur, "prise")
    visiteur.locator("#photo").press("Enter")
    visiteur.locator("#revue").wait_for()
    assert visiteur.evaluate("document.activeElement.id") == "titre-revue"
    _accessible(visiteur, "revue")
    visiteur.keyboard.press("Tab")
    visiteur.keyboard.press("Enter")
    _attendre(qtbot, _liste(visiteur, "reçue par le conseiller"))
    _accessible(visiteur, "suivi")
    dialogue.reject()
    _attendre(qtbot, visiteur.get_by_role("alert").filter(has_text="Ce lien n'est plus valable"))
    _accessible(visiteur, "fin")
    assert len(page.presenter.pages) == 1


def _accessible(visiteur, etat):
    from axe_playwright_python.sync_playwright import Axe

    if ECRANS is not None:
        visiteur.screenshot(path=ECRANS / f"page-telephone-{etat}.png", full_page=True)
    constat = Axe().run(visiteur, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
    assert constat.violations_count == 0, constat.generate_report()
    visiteur.evaluate("document.documentElement.style.fontSize = '200%'")
    assert visiteur.evaluate("document.documentElement.scrollWidth <= innerWidth"), etat
    visiteur.evaluate("document.documentElement.style.fontSize = ''")


def test_without_a_camera_photos_and_pdfs_are_chosen(qtbot, bureau, telephone, tmp_path):
    _, page, dialogue = bureau
    visiteur = telephone(dialogue.adresse.text())
    visiteur.add_init_script("navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('NotAllowedError'))")
    visiteur.reload()
    visiteur.get_by_role("button", name="Commencer").click()
    visiteur.get_by_text("L'appareil photo n'est pas accessible").wait_for()
    assert not visiteur.locator("#photo").is_visible()
    Image.fromarray(photos.page(0)[0]).save(tmp_path / "avis.pdf", resolution=150)
    cv2.imwrite(str(tmp_path / "grande.jpg"), cv2.resize(photos.photographier(1).pixels, None, fx=2, fy=2))
    (tmp_path / "film.pdf").write_bytes(os.urandom(12_000_001))
    visiteur.locator("#fichier").set_input_files([tmp_path / n for n in ("avis.pdf", "grande.jpg", "film.pdf")])
    visiteur.get_by_role("alert").filter(has_text="« film.pdf » est trop lourd").wait_for()
    _attendre(qtbot, visiteur.get_by_role("status").filter(has_text="2 photo(s), toutes reçues par le conseiller."))
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 2)
    assert [p.nom for p in page.presenter.pages] == ["Photo 1", "Photo 2"]
    dialogue.reject()


def test_a_page_loaded_again_goes_on_and_another_browser_does_not(qtbot, bureau, telephone):
    _, page, dialogue = bureau
    ligne = LigneLente(urlsplit(dialogue.adresse.text())._replace(path="").geturl(), DEBIT)
    visiteur = _relie(telephone, _par(ligne, dialogue))
    _prendre(visiteur)
    _attendre(qtbot, _liste(visiteur, re.compile("envoi : [3-9]. %")))
    visiteur.reload()
    visiteur.get_by_role("button", name="Commencer").click()
    _attendre(qtbot, _liste(visiteur, "interrompue : photographiez-la à nouveau"))
    _prendre(visiteur)
    _attendre(qtbot, _liste(visiteur, "reçue par le conseiller"))
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 1)
    autre = telephone(_par(ligne, dialogue))
    assert autre.get_by_text("Ce lien sert déjà sur un autre téléphone.").is_visible()
    dialogue.reject()


def test_a_link_is_over_when_the_desk_says_so(qtbot, bureau, telephone):
    _, page, dialogue = bureau
    ancienne = dialogue.adresse.text()
    visiteur = _relie(telephone, ancienne)
    cliquer(qtbot, dialogue, "Nouveau code")
    qtbot.waitUntil(lambda: dialogue.adresse.text() not in ("", ancienne))
    _attendre(qtbot, visiteur.get_by_role("alert").filter(has_text="Ce lien n'est plus valable"))
    assert not visiteur.locator("#photo").is_visible()
    assert telephone(ancienne).get_by_role("heading", name="Lien terminé").is_visible()
    neuve = dialogue.adresse.text()
    dialogue.reject()
    qtbot.waitUntil(lambda: telephone(neuve).get_by_role("heading", name="Lien terminé").count() > 0)
    assert page.presenter.pages == ()


def test_a_photo_on_its_way_is_asked_about_before_the_dialog_closes(qtbot, bureau, telephone):
    _, page, dialogue = bureau
    ligne = LigneLente(urlsplit(dialogue.adresse.text())._replace(path="").geturl(), DEBIT)
    visiteur = _relie(telephone, _par(ligne, dialogue))
    _prendre(visiteur)
    qtbot.waitUntil(lambda: "Une photo arrive" in dialogue.message.text())
    assert "en train d'arriver" in repondre(qtbot, "Attendre", dialogue.reject)
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 1)
    qtbot.waitUntil(lambda: dialogue.presenter.en_cours == 0)
    dialogue.reject()


def test_a_centre_that_dies_keeps_what_came_and_the_photo_goes_on(qtbot, bureau, servi, telephone):
    _, page, dialogue = bureau
    centre, adresse = servi[0], urlsplit(servi[0].url).netloc
    ligne = LigneLente(centre.url, DEBIT)
    visiteur = _relie(telephone, _par(ligne, dialogue))
    _prendre(visiteur)
    _attendre(qtbot, _liste(visiteur, re.compile("envoi : [3-9]. %")))
    centre.tuer()
    _attendre(qtbot, visiteur.get_by_role("alert").filter(has_text="L'envoi reprendra tout seul"))
    qtbot.waitUntil(lambda: dialogue.message.property("ton") == "warning")
    assert "centre" in dialogue.message.text()
    perdu = page.recevoir_du_telephone()
    qtbot.waitUntil(perdu.nouveau.isEnabled)
    assert "centre" in perdu.message.text(), "no code without the centre, and another try is offered"
    perdu.reject()
    centre.demarrer(adresse)
    _attendre(qtbot, _liste(visiteur, "reçue par le conseiller"))
    qtbot.waitUntil(lambda: len(page.presenter.pages) == 1)
    dialogue.reject()


@pytest.mark.parametrize(("theme", "pour_cent"), [("clair", 100), ("contraste", 100), ("sombre", 200)])
def test_the_dialog_takes_its_place(qtbot, fenetre_sur, theme, pour_cent):
    _, page = fenetre_sur("documents", theme, pour_cent, (1280, 720))
    dialogue = _montrer_le_code(qtbot, page)
    qtbot.waitUntil(lambda: coupes(dialogue) == [])
    photographier(dialogue, f"telephone-{theme}-{pour_cent}")
    assert dialogue.code.pixmap().width() >= 200
    assert dialogue.code.accessibleName()
    dialogue.reject()
