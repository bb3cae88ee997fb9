"""A network of its own, on loopback."""

import os
import socket

import pytest
from zeroconf import ServiceInfo, Zeroconf

from guichet.documents.sources import decouverte


@pytest.fixture
def genre(monkeypatch):
    """A kind of service of this process alone: loopback is shared by all the tests of the machine."""
    seul = f"_u{os.getpid()}._tcp.local."
    monkeypatch.setattr(decouverte, "_GENRE", seul)
    return seul


@pytest.fixture
def annoncer(genre):
    """Announce a scanner as a device does; it leaves at the end."""
    reseau = Zeroconf(interfaces=["127.0.0.1"])

    def dire(nom, port, proprietes):
        reseau.register_service(
            ServiceInfo(genre, f"{nom}.{genre}", addresses=[socket.inet_aton("127.0.0.1")], port=port, properties=proprietes)
        )

    yield dire
    reseau.close()
