"""A network scanner on loopback, which fails as it is told to: eSCL as devices speak it, written from the public specification."""

import re
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_S, _P = "http://schemas.hp.com/imaging/escl/2011/05/03", "http://www.pwg.org/schemas/2010/12/sm"
_ENTREE = (
    "<s:MaxWidth>2550</s:MaxWidth><s:MaxHeight>3508</s:MaxHeight><s:SettingProfiles><s:SettingProfile><s:SupportedResolutions><s:DiscreteResolutions>"
    + "".join(
        f"<s:DiscreteResolution><s:XResolution>{n}</s:XResolution><s:YResolution>{n}</s:YResolution></s:DiscreteResolution>"
        for n in (75, 200, 300)
    )
    + "</s:DiscreteResolutions></s:SupportedResolutions></s:SettingProfile></s:SettingProfiles>"
)
_CAPACITES = (
    f'<?xml version="1.0"?><s:ScannerCapabilities xmlns:s="{_S}" xmlns:p="{_P}"><p:MakeAndModel>Faux MFP</p:MakeAndModel>'
    f"<s:Platen><s:PlatenInputCaps>{_ENTREE}</s:PlatenInputCaps></s:Platen><s:Adf><s:AdfSimplexInputCaps>{_ENTREE}</s:AdfSimplexInputCaps>"
    f"<s:AdfDuplexInputCaps>{_ENTREE}</s:AdfDuplexInputCaps></s:Adf></s:ScannerCapabilities>"
)


class FauxEscl:
    """Serves pages that `dessiner(rang)` gives. `fautes`, read live: adf, job, creer, occupe_fois, page, coupe, tronque, attend, corps, perdues."""

    def __init__(self, dessiner, feuilles=3, **fautes):
        self.dessiner, self.feuilles, self.fautes = dessiner, feuilles, fautes
        self.demandes, self.travaux = [], {}
        faux = self

        class Reponses(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def _dire(self, code, corps=b"", genre="text/xml", **entetes):
                corps = corps.encode() if isinstance(corps, str) else corps
                self.send_response(code)
                for nom, valeur in {"Content-Type": genre, "Content-Length": len(corps), **entetes}.items():
                    self.send_header(nom, str(valeur))
                self.end_headers()
                self.wfile.write(corps)

            def do_GET(self):
                faux.demandes.append(("GET", self.path))
                if "corps" in faux.fautes and "NextDocument" not in self.path:
                    return self._dire(200, faux.fautes["corps"])
                if self.path.endswith("/ScannerCapabilities"):
                    return self._dire(200, _CAPACITES)
                if self.path.endswith("/ScannerStatus"):
                    return self._dire(200, faux.etat())
                travail = re.search(r"/ScanJobs/([^/]+)/NextDocument", self.path)
                return self._page(faux.travaux.get(travail[1]) if travail else None)

            def _page(self, travail):
                if travail is None or travail["rendues"] >= travail["feuilles"]:
                    return self._dire(404)
                rang, fautes = travail["rendues"] + 1, faux.fautes
                if rang in fautes.get("page", {}):
                    return self._dire(fautes["page"][rang])
                time.sleep(fautes.get("attend", 0))
                octets = faux.dessiner(rang)
                travail["rendues"] += 1
                if rang == fautes.get("tronque"):
                    octets = octets[: len(octets) // 2]
                if rang == fautes.get("coupe"):
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(octets)))
                    self.end_headers()
                    self.wfile.write(octets[:4000])
                    self.wfile.flush()
                    self.connection.shutdown(2)
                    self.close_connection = True
                    return None
                return self._dire(200, octets, "image/jpeg")

            def do_POST(self):
                corps = self.rfile.read(int(self.headers["Content-Length"])).decode()
                faux.demandes.append(("POST", self.path, corps))
                fautes = faux.fautes
                if fautes.get("occupe_fois", 0) > 0:
                    fautes["occupe_fois"] -= 1
                    return self._dire(503)
                if "creer" in fautes:
                    return self._dire(fautes["creer"])
                id_, feeder = str(uuid.uuid4()), ">Feeder<" in corps
                faux.travaux[id_] = {"rendues": 0, "feuilles": faux.feuilles if feeder else 1}
                return self._dire(201, Location=f"http://{fautes.get('hote', self.headers['Host'])}{self.path}/{id_}")

            def do_DELETE(self):
                faux.demandes.append(("DELETE", self.path))
                faux.travaux.pop(self.path.rsplit("/", 1)[1], None)
                return self._dire(200)

        self._serveur = ThreadingHTTPServer(("127.0.0.1", 0), Reponses)
        self.adresse = f"http://127.0.0.1:{self._serveur.server_address[1]}/eSCL"

    def etat(self):
        travaux = "".join(
            f"<s:JobInfo><p:JobUri>/eSCL/ScanJobs/{id_}</p:JobUri><p:JobState>{self.fautes.get('job', 'Processing')}</p:JobState>"
            f"<p:ImagesCompleted>{t['rendues'] + self.fautes.get('perdues', 0)}</p:ImagesCompleted></s:JobInfo>"
            for id_, t in self.travaux.items()
        )
        chargeur = self.fautes.get("adf", "ScannerAdfLoaded" if self.feuilles else "ScannerAdfEmpty")
        return (
            f'<?xml version="1.0"?><s:ScannerStatus xmlns:s="{_S}" xmlns:p="{_P}"><p:State>Idle</p:State><s:AdfState>{chargeur}</s:AdfState>'
            f"<s:Jobs>{travaux}</s:Jobs></s:ScannerStatus>"
        )

    def __enter__(self):
        threading.Thread(target=self._serveur.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._serveur.shutdown()
        self._serveur.server_close()
