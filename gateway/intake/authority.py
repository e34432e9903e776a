"""The gateway's own authority towards clients, and the authorities that upstreams are verified against."""

from __future__ import annotations

import os
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from gateway.settings import Settings

CERTIFICATE = "kouan-ca.pem"
"""What clients must trust. The key stands beside it, for the gateway alone."""
KEY = "kouan-ca.key"
BUNDLE = "upstream-authorities.pem"
_LIFE = timedelta(days=3650)


def _write(path: Path, data: bytes, mode: int) -> None:
    """Write a file in one step, so that nobody ever reads half a file or one with wider rights."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def make_authority(folder: Path) -> None:
    """Create the gateway's own authority in ``folder`` where there is none: folder 0700, key 0600."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if (folder / CERTIFICATE).exists() and (folder / KEY).exists():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kouan gateway authority")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,  # leaves bear the same key, as mitmproxy issues them
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(folder / KEY, pem, 0o600)
    _write(folder / CERTIFICATE, certificate.public_bytes(Encoding.PEM), 0o644)


def upstream_bundle(folder: Path, further: Path | None) -> Path:
    """Write the authorities that upstreams are verified against: those of the system, and ``further``."""
    system = ssl.get_default_verify_paths().cafile
    known = Path(system) if system and Path(system).exists() else Path(certifi.where())
    data = known.read_bytes()
    if further is not None:
        data += b"\n" + further.read_bytes()
    bundle = folder / BUNDLE
    if not bundle.exists() or bundle.read_bytes() != data:
        _write(bundle, data, 0o644)
    return bundle


def authority_folder(settings: Settings) -> Path:
    """Where the gateway keeps its own authority."""
    return settings.state_dir / "ca"
