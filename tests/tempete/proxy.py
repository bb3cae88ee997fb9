"""A line that drops, delays, duplicates, reorders and cuts: one HTTP request at a time, on purpose."""

import http.client
import http.server
import socket
import threading
import time
from random import Random

_ENTETES = ("content-type", "etag", "content-range", "retry-after", "date")


class Proxy:
    """Stands between the workstations and the replicas. `taux` 0 is a perfect line; `seules`: only these faults happen."""

    def __init__(self, alea: Random) -> None:
        self.alea, self.taux = alea, 0.0
        self.seules: set[str] | None = None
        self.cibles: list[int] = []
        self.gardees: list[tuple[str, str, dict[str, str], bytes]] = []
        self.fautes = dict.fromkeys(("perdues", "coupees", "doublees", "retardees", "reponses", "poisons"), 0)
        self._verrou = threading.Lock()
        proxy = self

        class Porte(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536
            disable_nagle_algorithm = True

            def _passer(self) -> None:
                corps = self.rfile.read(int(self.headers.get("content-length", 0)))
                proxy.passer(self, corps)

            do_GET = do_POST = do_PUT = _passer

            def log_message(self, *_: object) -> None:
                pass

        class Serveur(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A workstation that was killed leaves its socket broken: nothing to say."""

        self._serveur = Serveur(("127.0.0.1", 0), Porte)
        threading.Thread(target=self._serveur.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._serveur.server_address[1]}"

    def fermer(self) -> None:
        self._serveur.shutdown()
        self._serveur.server_close()

    def _arrive(self, faute: str, part: float) -> bool:
        with self._verrou:
            arrive = bool(self.taux) and (self.seules is None or faute in self.seules) and self.alea.random() < part * self.taux * 4
            self.fautes[faute] += arrive
            return arrive

    def passer(self, porte: http.server.BaseHTTPRequestHandler, corps: bytes) -> None:
        requete = (porte.command, porte.path, dict(porte.headers), corps)
        if b"POISON" in corps and b'"a_part":true' not in corps:
            self.fautes["poisons"] += 1
            _repondre(porte, 500, {"content-type": "application/problem+json"}, b"{}")
            return
        if self._arrive("perdues", 0.10):
            _couper(porte)
            return
        if self._arrive("doublees", 0.06):
            self.gardees.append(requete)
        if self._arrive("retardees", 0.05):
            time.sleep(0.02)
        rendu = self._transmettre(requete)
        if rendu is None or self._arrive("reponses", 0.12):
            _couper(porte)
            return
        statut, entetes, octets = rendu
        if octets and self._arrive("coupees", 0.08):
            with self._verrou:
                k = self.alea.randrange(len(octets))
            _repondre(porte, statut, entetes, octets, coupe=k)
            _couper(porte)
            return
        _repondre(porte, statut, entetes, octets)

    def rejouer(self) -> None:
        """Let a request that was kept arrive again, late and out of order; nobody waits for its answer."""
        if self.gardees:
            self._transmettre(self.gardees.pop(self.alea.randrange(len(self.gardees))))

    def _transmettre(self, requete) -> tuple[int, dict[str, str], bytes] | None:
        methode, chemin, entetes, corps = requete
        with self._verrou:
            cibles = self.alea.sample(self.cibles, len(self.cibles))
        for port in cibles:
            centre = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            try:
                centre.request(methode, chemin, corps, {k: v for k, v in entetes.items() if k.lower() not in ("host", "connection")})
                reponse = centre.getresponse()
                octets = reponse.read()
                return reponse.status, {k: v for k, v in reponse.getheaders() if k.lower() in _ENTETES}, octets
            except ConnectionRefusedError:
                continue
            except (OSError, http.client.HTTPException):
                return None
            finally:
                centre.close()
        return None


def _repondre(porte, statut: int, entetes: dict[str, str], octets: bytes, coupe: int | None = None) -> None:
    porte.send_response_only(statut)
    for nom, valeur in entetes.items():
        porte.send_header(nom, valeur)
    if statut != 204:
        porte.send_header("Content-Length", str(len(octets)))
    porte.end_headers()
    porte.wfile.write(octets if coupe is None else octets[:coupe])
    porte.wfile.flush()


def _couper(porte) -> None:
    porte.close_connection = True
    try:
        porte.wfile.flush()
        porte.connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
