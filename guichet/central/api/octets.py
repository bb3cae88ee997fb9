"""Serving bytes that never change: whole, the range asked for, or nothing when the asker has them (RFC 9110 §13, §14)."""

import re
from typing import Any

from litestar import Request, Response

_PLAGE = re.compile(r"bytes=(\d+)-(\d*)$")


def servir_octets(request: Request[Any, Any, Any], octets: bytes, sha256: str, media_type: str) -> Response[bytes]:
    """Build the answer: 304 for a known ETag, 206 for a range, 416 for one beyond the end, else 200."""
    entetes = {"ETag": f'"{sha256}"', "Accept-Ranges": "bytes", "Cache-Control": "private, max-age=31536000, immutable"}
    if request.headers.get("if-none-match") == entetes["ETag"]:
        return Response(b"", status_code=304, headers=entetes)
    plage = _PLAGE.match(request.headers.get("range", ""))
    if plage is None or request.headers.get("if-range", entetes["ETag"]) != entetes["ETag"]:
        return Response(octets, media_type=media_type, headers=entetes)
    debut, fin = int(plage[1]), min(int(plage[2]) if plage[2] else len(octets) - 1, len(octets) - 1)
    if debut > fin:
        return Response(b"", status_code=416, headers=entetes | {"Content-Range": f"bytes */{len(octets)}"})
    entetes["Content-Range"] = f"bytes {debut}-{fin}/{len(octets)}"
    return Response(octets[debut : fin + 1], status_code=206, media_type=media_type, headers=entetes)
