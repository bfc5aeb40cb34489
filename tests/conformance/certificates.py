"""Certificates for the server's TLS ports and for clients, made anew for each run; no client knows their authority."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme


class Certificates:
    """An authority with a certificate for 127.0.0.1 and one for a client."""

    def __init__(self) -> None:
        self._authority = trustme.CA()
        self._server = self._authority.issue_cert("127.0.0.1", "localhost")
        client = self._authority.issue_cert("client@example.com")
        self.client_files = {
            "tls/client.pem": b"".join(part.bytes() for part in client.cert_chain_pems),
            "tls/client.key": client.private_key_pem.bytes(),
        }
        """The client's certificate and key (PEM) by the paths under which targets name them."""

    def write_authority(self, folder: Path) -> Path:
        """Write the authority's certificate (PEM) into a folder; its path."""
        path = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(path))
        return path

    def server(self, mutual: bool = False) -> ssl.SSLContext:
        """A server's side of TLS, that may demand a certificate of the authority."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._server.configure_cert(context)
        if mutual:
            self._authority.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        return context
