"""A network of its own, on loopback."""

import socket

import pytest
from zeroconf import ServiceInfo, Zeroconf


@pytest.fixture
def annoncer():
    """Announce a scanner as a device does; it leaves at the end."""
    reseau = Zeroconf(interfaces=["127.0.0.1"])

    def dire(nom, port, proprietes):
        genre = "_uscan._tcp.local."
        reseau.register_service(
            ServiceInfo(genre, f"{nom}.{genre}", addresses=[socket.inet_aton("127.0.0.1")], port=port, properties=proprietes)
        )

    yield dire
    reseau.close()
