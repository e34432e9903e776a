"""TLS on both sides: certificates of the gateway's own authority for clients, verified certificates of upstreams."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gateway.intake.proxy_lean  # noqa: F401  # isort: skip - before anything of mitmproxy's addons

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from mitmproxy import certs, tls
from mitmproxy.addons.tlsconfig import TlsConfig
from mitmproxy.proxy import layer
from mitmproxy.proxy.layers.tls import ServerTLSLayer
from OpenSSL import SSL

from gateway.intake.authority import CERTIFICATE, KEY

CUT = "cut"
"""Error of a connection that ended without saying so: what was being read may not be all of it."""
_CRL_UNUSED = b""


class Tls(TlsConfig):
    """mitmproxy's TLS with our own authority, and with client certificates that are verified."""

    name = "tlsconfig"

    def __init__(self, folder: Path, client_ca: Path | None) -> None:
        """``folder`` holds the authority; ``client_ca`` the authorities of client certificates, None for none."""
        self._client_ca = client_ca
        key: Any = load_pem_private_key((folder / KEY).read_bytes(), None)
        authority = certs.Cert.from_pem((folder / CERTIFICATE).read_bytes())
        dhparams = certs.CertStore.load_dhparam(folder / "dhparam.pem")
        # mitmproxy loads the chain file as what peers are verified against, which is what client_ca is.
        self.certstore = certs.CertStore(key, authority, client_ca, _CRL_UNUSED, dhparams)

    def configure(self, updated: Any) -> None:
        """Nothing: the store is made once, and options do not change."""

    def running(self) -> None:
        """Nothing, for the same reason."""

    def tls_start_client(self, tls_start: tls.TlsData) -> None:
        """Ask for a client certificate where parties have one; one that does not verify ends the handshake."""
        super().tls_start_client(tls_start)
        if self._client_ca is not None and tls_start.ssl_conn is not None:
            tls_start.ssl_conn.set_verify(SSL.VERIFY_PEER, _verdict)


def _verdict(_connection: Any, _certificate: Any, _error: int, _depth: int, ok: int) -> bool:
    """OpenSSL's own judgement, unchanged."""
    return bool(ok)


class UpstreamTls(ServerTLSLayer):
    """TLS with an upstream, which notices an end that was not announced."""

    def receive_close(self) -> layer.CommandGenerator[None]:
        """Note where TCP ends before TLS did: anybody on the way can end TCP (RFC 8446 section 6.1)."""
        if not self.tls.get_shutdown() & SSL.RECEIVED_SHUTDOWN:
            self.conn.error = CUT
        yield from super().receive_close()
