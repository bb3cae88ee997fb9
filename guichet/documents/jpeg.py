"""JPEG streams without what cameras add: EXIF, GPS, XMP, comments, trailing bytes; not one pixel changes (ITU-T T.81, annex B).

No library takes them out without decoding or an external program; what is kept is what a decoder needs: Adobe's colour mark and the ICC profile.
"""

import struct

_DEBUT, _FIN, _BALAYAGE, _TEM, _COMMENTAIRE = 0xD8, 0xD9, 0xDA, 0x01, 0xFE
_REPRISES, _APPLICATIONS = range(0xD0, 0xD8), range(0xE1, 0xF0)


def nettoyer(octets: bytes) -> bytes | None:
    """Return the stream alone, or None when it is cut or malformed."""
    propre, i = bytearray(octets[:2]), 2
    while i + 2 <= len(octets):
        if octets[i] != 0xFF:
            return None
        marque = octets[i + 1]
        if marque == 0xFF:  # padding
            i += 1
        elif marque == _FIN:
            return bytes(propre + octets[i : i + 2])
        elif marque == _TEM or marque in _REPRISES:
            propre += octets[i : i + 2]
            i += 2
        else:
            suite = _segment(octets, i)
            if suite is None:
                return None
            if _utile(marque, octets[i + 4 : i + 16]):
                propre += octets[i:suite]
            i = suite
    return None


def _segment(octets: bytes, i: int) -> int | None:
    """Return where the segment that begins at `i` ends, its compressed data included."""
    if i + 4 > len(octets):
        return None
    (longueur,) = struct.unpack_from(">H", octets, i + 2)
    fin = i + 2 + longueur
    if octets[i + 1] != _BALAYAGE:
        return fin if longueur >= 2 else None
    while True:
        fin = octets.find(b"\xff", fin)
        if fin < 0 or fin + 1 >= len(octets):
            return None
        suivant = octets[fin + 1]
        if suivant != 0 and suivant != 0xFF and suivant not in _REPRISES:
            return fin
        fin += 1 if suivant == 0xFF else 2


def _utile(marque: int, debut: bytes) -> bool:
    if marque == _COMMENTAIRE:
        return False
    if marque == 0xEE:
        return debut[:5] == b"Adobe"
    if marque == 0xE2:
        return debut == b"ICC_PROFILE\0"
    return marque not in _APPLICATIONS
