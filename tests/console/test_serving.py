"""The real `custode demo` and `custode serve`, as processes."""

from __future__ import annotations

import datetime
import http.client
import ipaddress
import os
import re
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from custode.console.demo import filling
from tests.console import installations
from tests.console.installations import Installation
from tools.throwaway_postgres import free_port

pytestmark = [pytest.mark.slow, pytest.mark.dealt]
COUNT = """
from custode.kernel import scope
from custode.leads.models import Lead
with scope.everywhere("the test counts"):
    print(Lead.with_trashed.count())
"""


@contextmanager
def running(made: Installation, *words: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """The program, running; it must end within ten seconds, with all that it started."""
    process = subprocess.Popen(
        [sys.executable, "-m", "custode", *words],
        env={**made.environment, **settings}, cwd=made.data.parent,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 10
        process.wait(10)
        # Python's own helper (multiprocessing's tracker) ends once it sees that its parent has.
        while members(process.pid) and time.monotonic() < until:
            time.sleep(0.05)
        assert members(process.pid) == []
    finally:
        for pid in members(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.wait()


def members(session: int) -> list[int]:
    """The processes of a session that are still there."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                told = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(told[3]) == session and told[0] != "Z":
                found.append(int(folder.name))
    return found


def ask(
    url: str | urllib.request.Request,
    process: subprocess.Popen[str],
    seconds: float = 180,
    **rest: Any,
) -> Any:
    """The answer, once the server is up."""
    end = time.monotonic() + seconds
    while True:
        try:
            return urllib.request.urlopen(url, timeout=10, **rest)
        except urllib.error.HTTPError as error:
            return error
        except OSError:
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < end, "it does not answer"
            time.sleep(0.1)


def test_the_demo_starts_and_keeps_its_data(tmp_path: Path) -> None:
    made, port = installations.new(tmp_path), free_port()
    words = ("demo", "--port", str(port), "--data", str(made.data))
    with running(made, *words) as process:
        answer = ask(f"http://localhost:{port}/", process)
        assert answer.status == 200
        assert b"<form" in answer.read()
    assert process.stdout is not None
    said = process.stdout.read()
    assert f"http://localhost:{port}" in said
    assert filling.PASSWORD in said
    assert re.search(r"anna@demo\.example +admin +Officine Demo \(Dream Team\)", said)
    count = int(made.python(COUNT))
    assert 300 <= count <= 350
    refused = made.custode("serve")
    assert refused.returncode == 2
    assert "demo" in refused.stderr
    with running(made, *words) as process:
        ask(f"http://localhost:{port}/", process)
        taken = made.custode(*words)
        assert taken.returncode == 2
        assert str(port) in taken.stderr
    assert int(made.python(COUNT)) == count


def test_the_demo_leaves_other_peoples_data_alone(tmp_path: Path) -> None:
    made = installations.migrated(tmp_path)
    made.custode("createaccount", "F", "--edition", "dream_team", "--admin", "a@f.example")
    done = made.custode("demo", "--port", str(free_port()), "--data", made.data)
    assert done.returncode == 2
    assert "not the demo's" in done.stderr


def test_what_was_started_ends_with_a_server_that_is_killed(tmp_path: Path) -> None:
    made, port = installations.migrated(tmp_path), free_port()
    url = f"http://localhost:{port}"
    with running(made, "serve", CUSTODE_PORT=str(port), CUSTODE_URL=url) as process:
        ask(url, process)
        assert len(members(process.pid)) == 3
        process.kill()
        process.wait()
        end = time.monotonic() + 15
        while members(process.pid):
            assert time.monotonic() < end, "something lives on"
            time.sleep(0.2)


@pytest.mark.once
def test_behind_a_proxy_plain_http_is_refused(tmp_path: Path) -> None:
    made, port = installations.migrated(tmp_path), free_port()
    settings = {
        "CUSTODE_PORT": str(port), "CUSTODE_URL": f"https://localhost:{port}",
        "CUSTODE_BEHIND_PROXY": "yes",
    }  # fmt: skip
    here = f"http://localhost:{port}/sign-in/"
    with running(made, "serve", **settings) as process:
        for data in (None, b"email=a&password=b"):
            answer = ask(urllib.request.Request(here, data), process)
            assert answer.status == 403
            assert "Set-Cookie" not in answer.headers
            assert f"https://localhost:{port}" in answer.read().decode()
        by_proxy = urllib.request.Request(here, headers={"X-Forwarded-Proto": "https"})
        answer = ask(by_proxy, process)
        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"]


@pytest.mark.once
def test_too_large_an_upload_is_answered_with_a_page(tmp_path: Path) -> None:
    made, port = installations.migrated(tmp_path), free_port()
    url = f"http://localhost:{port}"
    settings = {"CUSTODE_PORT": str(port), "CUSTODE_URL": url, "CUSTODE_UPLOAD_MB": "1"}
    with running(made, "serve", **settings) as process:
        ask(url, process)
        request = urllib.request.Request(
            f"{url}/imports/", b"x" * (3 * 2**20), {"Accept-Language": "it-IT,it;q=0.9"}
        )
        answer = ask(request, process)
        page = answer.read().decode()
        assert answer.status == 413
        assert answer.headers["Content-Security-Policy"]
        assert '<html lang="it"' in page
        assert "1 MB" in page
        style = re.search(r'href="(/static/custode/custode\.[0-9a-f]+\.css)"', page)
        assert style is not None
        assert ask(url + style[1], process).status == 200


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


@pytest.mark.once
def test_https_from_two_files(tmp_path: Path) -> None:
    made, port = installations.migrated(tmp_path), free_port()
    chain, key = certificate(tmp_path)
    settings = {
        "CUSTODE_PORT": str(port), "CUSTODE_URL": f"https://localhost:{port}",
        "CUSTODE_TLS_CERTIFICATE": str(chain), "CUSTODE_TLS_KEY": str(key),
    }  # fmt: skip
    trust = ssl.create_default_context(cafile=str(chain))
    with running(made, "serve", **settings) as process:
        answer = ask(f"https://localhost:{port}/", process, context=trust)
        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"]
        cookies = answer.headers.get_all("Set-Cookie") or []
        assert all("Secure" in cookie for cookie in cookies)
        with pytest.raises((OSError, http.client.HTTPException)):
            urllib.request.urlopen(f"http://localhost:{port}/", timeout=5)


@pytest.mark.once
def test_serve_refuses_a_weak_key_and_a_database_of_no_form(tmp_path: Path) -> None:
    made = installations.new(tmp_path)
    weak = made.custode("serve", CUSTODE_SECRET_KEY="password")
    assert (weak.returncode, "weak" in weak.stderr) == (2, True)
    formless = made.custode("serve")
    assert (formless.returncode, "custode migrate" in formless.stderr) == (2, True)
    open_to_all = made.custode("serve", CUSTODE_BIND="0.0.0.0")
    assert (open_to_all.returncode, "CUSTODE_BEHIND_PROXY" in open_to_all.stderr) == (2, True)
