"""WIA's automation library, as far as a scan needs it: a feeder or a glass that behaves as the environment says (see test_wia.py)."""

import io
import json
import os

from PIL import Image
from pywintypes import com_error

ETAT = json.loads(os.environ["FAUX_WIA"])
"""`feuilles`: in the feeder; `faute`: [rank of the sheet, code]; `format`, `coupe`: how its pictures come; `sans`: properties that it lacks."""


class _Liste(list):
    def Item(self, n):
        return self[n - 1]


class _Propriete:
    def __init__(self, valeur=None, refuse=False):
        self.__dict__.update(Value=valeur, refuse=refuse)

    def __setattr__(self, nom, valeur):
        if self.refuse:
            raise com_error(0x80070057)
        self.__dict__[nom] = valeur


class _Proprietes(dict):
    def Exists(self, cle):
        return cle in self

    def Item(self, cle):
        return self[cle]


class _Objet:
    def __init__(self, racine):
        self._racine, self._rendues = racine, 0
        self.Properties = _Proprietes({c: _Propriete(refuse=c == "6151") for c in ("6146", "6147", "6148", "6149", "6150", "6151", "6152")})

    def Transfer(self, _):
        rang, code = ETAT.get("faute", [0, 0])
        self._rendues += 1
        if rang == self._rendues:
            raise com_error(code)
        if self._racine["3088"].Value == 1 and self._rendues > ETAT["feuilles"]:
            raise com_error(0x80210003)
        assert self._racine["3088"].Value == 2 or self._racine["3096"].Value == 1, "sheets are asked for one by one"
        image, sortie = Image.new("RGB", (80, 110), (self._rendues * 40, 90, 90)), io.BytesIO()
        image.save(sortie, ETAT.get("format", "JPEG"))
        octets = sortie.getvalue()
        octets = octets[: len(octets) * 2 // 3] if ETAT.get("coupe") == self._rendues else octets
        return type("ImageFile", (), {"FileData": type("Vector", (), {"BinaryData": memoryview(octets)})})


class _Appareil:
    def __init__(self):
        self.Properties = _Proprietes({c: _Propriete() for c in ("3088", "3096") if c not in ETAT.get("sans", ())})
        self.Items = _Liste([_Objet(self.Properties)])


class _Info:
    Type, DeviceID = 1, "{6BDD1FC6}\\0001"
    Properties = _Proprietes(Name=_Propriete("Numériseur du guichet 4"))

    def Connect(self):
        if ETAT.get("eteint"):
            raise com_error(0x80210005)
        return _Appareil()


class _Camera(_Info):
    Type, DeviceID = 2, "camera"


def Dispatch(nom):
    assert nom == "WIA.DeviceManager"
    return type("DeviceManager", (), {"DeviceInfos": [_Camera(), _Info()]})
