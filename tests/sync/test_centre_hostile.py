"""What stands in for the centre when it is not there: each has its words, and leaves store and typed work intact."""

import http.server
import ssl
import threading

import pytest
import trustme

from guichet.models.enums import Qualite
from guichet.services import ouvrir_session, visites
from guichet.store import sortie
from guichet.sync.erreurs import CentreEnPanne, CentreOccupe, CertificatRefuse, Injoignable, PortailCaptif, SessionExpiree, VersionRefusee
from tests.sync.outils import poste


class Imposteur(http.server.BaseHTTPRequestHandler):
    """Answers every request the same way."""

    reponse: tuple[int, dict[str, str], bytes] = (200, {}, b"")

    def do_POST(self):
        statut, entetes, corps = self.reponse
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(statut)
        for nom, valeur in {"Content-Length": str(len(corps)), **entetes}.items():
            self.send_header(nom, valeur)
        self.end_headers()
        self.wfile.write(corps)

    do_GET = do_PUT = do_POST

    def log_message(self, *_):
        pass


@pytest.fixture
def imposteur():
    """Start a server that answers as told; returns its URL."""
    serveurs = []

    def demarrer(statut=200, entetes=None, corps=b"", certificat=None):
        classe = type("I", (Imposteur,), {"reponse": (statut, entetes or {}, corps)})
        serveur = http.server.ThreadingHTTPServer(("127.0.0.1", 0), classe)
        if certificat is not None:
            contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificat.configure_cert(contexte)
            serveur.socket = contexte.wrap_socket(serveur.socket, server_side=True)
        threading.Thread(target=serveur.serve_forever, daemon=True).start()
        serveurs.append(serveur)
        return f"{'https' if certificat else 'http'}://127.0.0.1:{serveur.server_address[1]}"

    yield demarrer
    for serveur in serveurs:
        serveur.shutdown()
        serveur.server_close()


@pytest.fixture
def au_travail(centre, tmp_path):
    """A profile in step with one visit waiting; returns how to open it on another centre, and what must stay."""
    session = poste(tmp_path / "profil", centre, "conseiller.caf31")
    session.synchroniser()
    with session.coffre.lecture() as connexion:
        ligne = connexion.exec_driver_sql(
            "SELECT scope_id, dossier_id, personne_id FROM recherche WHERE role = 'responsable' LIMIT 1"
        ).one()
    visites.ouvrir(session, *ligne, Qualite.ALLOCATAIRE, "Carte")
    avant = _contenu(session)
    session.fermer()
    return lambda url: ouvrir_session(tmp_path / "profil", "une phrase de passe d'essai", url, "jeton"), avant


def _contenu(session):
    with session.coffre.lecture() as connexion:
        attente = [(e.portee, e.opid, e.etat) for e in sortie.lister(connexion)]
        compte = {
            t: connexion.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar()
            for t in ("personne", "dossier", "visite", "ligne", "curseur")
        }
    return attente, compte


CAS = {
    "captive portal": ((200, {"Content-Type": "text/html"}, b"<html>Bienvenue au Wifi</html>"), PortailCaptif, "navigateur"),
    "captive redirect": ((302, {"Location": "http://wifi/", "Content-Type": "text/html"}, b""), PortailCaptif, "navigateur"),
    "json that is not ours": ((200, {"Content-Type": "application/json"}, b'{"wifi": true}'), PortailCaptif, "navigateur"),
    "500": ((500, {"Content-Type": "text/html"}, b"<h1>oops</h1>"), CentreEnPanne, "gardé"),
    "429": ((429, {"Content-Type": "application/problem+json", "Retry-After": "17"}, b"{}"), CentreOccupe, "reprendra"),
    "expired token": ((401, {"Content-Type": "application/problem+json"}, b'{"title":"","status":401,"code":"jeton_expire"}'), SessionExpiree, "reconnectez-vous"),
    "too old": ((426, {"Content-Type": "application/problem+json"}, b'{"title":"","status":426,"code":"schema_inconnu"}'), VersionRefusee, "mettez l'application à jour"),
    "cut body": ((200, {"Content-Type": "application/json", "Content-Length": "5000"}, b"[{"), Injoignable, "gardé"),
}  # fmt: skip


@pytest.mark.parametrize("cas", CAS)
def test_each_impostor_has_its_words_and_nothing_is_lost(imposteur, au_travail, cas):
    reponse, erreur, mot = CAS[cas]
    ouvrir, avant = au_travail
    session = ouvrir(imposteur(*reponse))
    with pytest.raises(erreur, match=mot) as leve:
        session.synchroniser()
    assert leve.type is erreur
    if cas == "429":
        assert leve.value.reessayer == 17
    assert _contenu(session) == avant
    session.fermer()


def test_a_certificate_that_is_not_trusted_sends_nothing(imposteur, au_travail):
    ouvrir, avant = au_travail
    session = ouvrir(imposteur(corps=b"[]", entetes={"Content-Type": "application/json"}, certificat=trustme.CA().issue_cert("127.0.0.1")))
    with pytest.raises(CertificatRefuse, match="date et l'heure"):
        session.synchroniser()
    assert _contenu(session) == avant
    session.fermer()


def test_nobody_answers(au_travail):
    ouvrir, avant = au_travail
    session = ouvrir("http://127.0.0.1:9")
    with pytest.raises(Injoignable, match="Hors ligne"):
        session.synchroniser()
    assert _contenu(session) == avant
    session.fermer()
