"""The SMTP server program of these tests, started and looked into."""

from __future__ import annotations

import email
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from custode.activities.emails import servers
from custode.activities.emails.servers import Wanted
from custode.kernel.actor import Actor
from tools.paths import ROOT

PROGRAM = ROOT / "tests/emails/server.py"
FROM = "sales@ferri.example"


@dataclass(frozen=True)
class Postbox:
    """A server that runs.

    Args:
        port: where it listens, on 127.0.0.1.
        folder: where it writes what it took.
    """

    port: int
    folder: Path

    def taken(self) -> list[EmailMessage]:
        """What it took, the oldest first."""
        files = sorted(self.folder.glob("*.eml"), key=lambda path: int(path.stem))
        return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Postbox]:
    """A server program in a process of its own."""
    folder.mkdir(exist_ok=True)
    process = subprocess.Popen([sys.executable, str(PROGRAM), "0", str(folder), *options])
    try:
        end = time.monotonic() + 30
        port = folder / "port"
        while not (port.exists() and port.read_text()):
            assert process.poll() is None, "the server did not start"
            assert time.monotonic() < end, "the server did not start in time"
            time.sleep(0.05)
        yield Postbox(int(port.read_text()), folder)
    finally:
        process.kill()
        process.wait()


def use(admin: Actor, port: int, security: str = "none", **more: str) -> None:
    """Have the account send through it."""
    wanted = {"host": "127.0.0.1", "username": "", "password": "", "sender": FROM, **more}
    servers.change(admin, Wanted(port=port, security=security, **wanted))


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + pem)
    return path
