"""Nothing is sent to the operator's own network, by whichever way an account tries."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from custode.exchange.webhooks import moves, sending
from custode.exchange.webhooks.models import Delivery, State, Why
from custode.exchange.webhooks.moves import Wanted
from custode.kernel.errors import Invalid
from tests.cast import Cast
from tests.emails.postbox import certificate
from tests.exchange.webhooks.conftest import Hook
from tests.exchange.webhooks.listening import look
from tests.exchange.webhooks.receiving import Receiver, answers, receiver

REACHED = [
    ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True),
    ("127.0.0.1", False), ("10.0.0.1", False), ("172.16.0.1", False), ("192.168.1.1", False),
    ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
    ("255.255.255.255", False), ("240.0.0.1", False),
    ("::1", False), ("::", False), ("fe80::1%eth0", False), ("fd00::1", False),
    ("::ffff:10.0.0.1", False), ("::ffff:169.254.169.254", False), ("2002:0a00:0001::", False),
    ("::ffff:93.184.216.34", True), ("2002:5db8:d822::", True),
    ("64:ff9b::a00:1", False), ("64:ff9b::5db8:d822", True), ("::127.0.0.1", False),
    ("fd00:ec2::254", False), ("fec0::1", False), ("feff::1", False), ("192.0.0.9", False),
    ("192.0.0.192", False), ("::ffff:192.0.0.192", False), ("192.0.1.1", True),
]  # fmt: skip


@pytest.mark.parametrize(("ip", "reached"), REACHED)
def test_which_addresses_are_reached(ip: str, reached: bool, settings: Any) -> None:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    assert sending.may_reach(ip) is reached
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    assert sending.may_reach(ip)


def test_a_target_on_a_private_address_is_not_connected_to(
    ferri: Cast, there: Receiver, hook: Hook, settings: Any
) -> None:
    hook("lead.creation")
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    ferri.lead(ferri.ugo)
    look()
    one = Delivery.objects.get()
    assert (one.state, one.why, one.last_returned_code) == (State.WAITING, Why.PRIVATE, None)
    assert there.got == []


@pytest.mark.parametrize(
    "host", ["localhost", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]", "0"]
)
def test_other_spellings_of_ones_own_machine_are_not_connected_to(
    there: Receiver, settings: Any, host: str
) -> None:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    port = there.url.rpartition(":")[2]
    result = sending.post(f"http://{host}:{port}", b"{}", {})
    assert result.why in {Why.PRIVATE, Why.UNKNOWN}
    assert there.got == []


def test_a_name_that_means_another_address_the_next_time_is_judged_where_it_is_connected_to(
    there: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the first answer is a public address, the second one's own machine."""
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    port = int(there.url.rpartition(":")[2].split("/")[0])
    asked: list[str] = []

    def rebinding(host: str, at: int, *_: Any, **__: Any) -> Any:
        asked.append(host)
        ip = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, at))]

    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> Any:
        connected.append(address)
        raise OSError("nobody is there")

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket, "create_connection", connect)
    result = sending.post(f"http://rebinding.example:{port}/hook", b"{}", {})
    assert result.why == Why.CONNECT
    # Asked once, and what was judged is what was connected to.
    assert (len(asked), connected) == (1, [("93.184.216.34", port)])
    assert sending.post(f"http://rebinding.example:{port}/hook", b"{}", {}).why == Why.PRIVATE
    assert len(connected) == 1
    assert there.got == []


def test_of_several_addresses_only_public_ones_are_connected_to(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    found = [(2, 1, 6, "", (ip, 80)) for ip in ("10.0.0.1", "93.184.216.34", "127.0.0.1")]
    connected: list[str] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> Any:
        connected.append(address[0])
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", connect)
    sending.post("http://mixed.example/", b"{}", {})
    assert connected == ["93.184.216.34"]


def test_a_redirect_to_a_private_address_is_not_followed(
    there: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first receiver stands for a public one: its own address is let through."""
    with receiver() as inner:
        there.behave = answers(307, b"", location=inner.url.replace("127.0.0.1", "127.0.0.2"))
        settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
        monkeypatch.setattr(sending, "is_public", lambda ip: ip == "127.0.0.1")
        result = sending.post(there.url, b"{}", {})
        assert (result.why, len(there.got), inner.got) == (Why.PRIVATE, 1, [])


def test_a_redirect_is_followed_with_the_same_body_and_headers(there: Receiver) -> None:
    with receiver() as second:
        there.behave = answers(308, b"", location=second.url)
        result = sending.post(there.url, b'{"a": 1}', {"webhook-id": "msg_1"})
        assert (result.code, result.why) == (200, "")
        (got,) = second.got
        assert (got.body, got.headers["webhook-id"]) == (b'{"a": 1}', "msg_1")


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1:1/",
        "http://",
        "ftp://x.example/",
        "http://x.example:99999/",
        "http://x.example:port/",
        "http://a..b:x/",
    ],
)
def test_a_redirect_to_anything_but_http_is_not_followed(there: Receiver, location: str) -> None:
    there.behave = answers(302, b"", location=location)
    assert sending.post(there.url, b"{}", {}).why in {Why.REDIRECT, Why.UNKNOWN}


def test_redirects_come_to_an_end(there: Receiver) -> None:
    there.behave = answers(302, b"", location=there.url)
    result = sending.post(there.url, b"{}", {})
    assert (result.why, len(there.got)) == (Why.REDIRECT, 4)


def test_a_certificate_that_nobody_vouches_for_is_refused(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    made = certificate(tmp_path)
    with receiver(certificate=made) as there:
        assert sending.post(there.url, b"{}", {}).why == Why.TLS
        assert there.got == []
        # A company's own authority is named by this variable.
        monkeypatch.setenv("SSL_CERT_FILE", str(made))
        assert sending.post(there.url, b"{}", {}).code == 200
        assert len(there.got) == 1


WRONG = [
    ("lead.nothing", "url", "https://x.example/", "event"),
    ("lead.creation", "fax", "https://x.example/", "target_type"),
    ("lead.creation", "url", "ftp://x.example/", "target"),
    ("lead.creation", "url", "https:///path", "target"),
    ("lead.creation", "url", "https://user:pass@x.example/", "target"),
    ("lead.creation", "url", "https://x.example/#a", "target"),
    ("lead.creation", "url", "https://x.example/a b", "target"),
    ("lead.creation", "url", "https://x.example/\r\nHost: y", "target"),
    ("lead.creation", "url", "https://x.example:99999/", "target"),
    ("lead.creation", "url", "https://x.example/" + "a" * 500, "target"),
    ("lead.creation", "email", "nobody", "target"),
    ("lead.creation", "email", "a@x.example\nBcc: b@x.example", "target"),
]


@pytest.mark.parametrize(("event", "target_type", "target", "field"), WRONG)
def test_a_target_that_makes_no_sense_is_refused_with_its_field(
    ferri: Cast, event: str, target_type: str, target: str, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        moves.make(ferri.actor(ferri.anna), Wanted(event, target_type, target))
    assert caught.value.field == field


def test_a_redirect_does_not_take_the_encryption_off(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def once(url: str, *_: Any) -> tuple[sending.Result, str | None]:
        asked.append(url)
        return sending.Result(308), "http://x.example/plain" if len(asked) == 1 else None

    monkeypatch.setattr(sending, "_post_once", once)
    result = sending.post("https://x.example/", b"{}", {})
    assert (result.why, asked) == (Why.REDIRECT, ["https://x.example/"])
