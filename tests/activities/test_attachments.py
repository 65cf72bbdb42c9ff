"""Files that come with comments: known by content, kept whole or not, handed out harmless."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities import files, moves
from custode.activities.files import Incoming, name_of
from custode.activities.models import Attachment, Comment
from custode.guard import door
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.leads.models import Lead
from custode.people.models import User
from tests.cast import Cast

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c636000000000050001a5f645400000000049454e44ae426082"
)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.cookie)</script>"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lead(ferri: Cast) -> Lead:
    return ferri.lead(ferri.ugo)


def client_of(who: User) -> Client:
    client = Client()
    with scope.everywhere("a test signs in"):
        client.force_login(who)
    return client


def attach(ferri: Cast, lead: Lead, name: str, content: bytes, text: str = "See") -> Attachment:
    sent = [Incoming(name, len(content), [content])]
    comment = moves.write(ferri.actor(ferri.ugo), lead, text, None, sent)
    return Attachment.objects.get(comment=comment)


def on_disk(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in tmp_path.rglob("*") if path.is_file())


# what it is called, what it is -> its type, whether a page may show it
KNOWN = [
    ("photo.png", PNG, "image/png", True),
    ("photo.exe", PNG, "image/png", True),
    ("offer.pdf", PDF, "application/pdf", False),
    ("offer.png", PDF, "application/pdf", False),
    ("picture.png", HTML, None, False),
    ("picture.svg", SVG, None, False),
    ("notes.txt", b"Only words.", None, False),
]


@pytest.mark.parametrize(("name", "content", "kind", "shown"), KNOWN)
def test_what_a_file_is_its_content_tells(
    ferri: Cast, lead: Lead, name: str, content: bytes, kind: str | None, shown: bool
) -> None:
    file = attach(ferri, lead, name, content)
    assert (file.name, file.size, file.is_shown) == (name, len(content), shown)
    assert kind is None or file.media_type == kind


@pytest.mark.parametrize(("name", "content", "kind", "shown"), KNOWN)
@pytest.mark.parametrize("end", ["", "?show=1"])
def test_nothing_in_a_file_runs_in_our_origin(
    ferri: Cast, lead: Lead, name: str, content: bytes, kind: str, shown: bool, end: str
) -> None:
    file = attach(ferri, lead, name, content)
    answer = client_of(ferri.bruna).get(f"/attachments/{file.pk}/{end}")
    assert answer.getvalue() == content
    inline = shown and bool(end)
    assert answer.headers["Content-Type"] == ("image/png" if inline else "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("inline" if inline else "attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\offer.pdf", "offer.pdf"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("  .hidden  ", "hidden"),
        ("", "file"),
        ("\u202egpj.exe", "gpj.exe"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("Offerta è pronta.pdf", "Offerta è pronta.pdf"),
    ],
)
def test_a_name_is_a_name_and_no_path(told: str, name: str) -> None:
    assert name_of(told) == name


def test_who_does_not_see_the_lead_finds_no_file(ferri: Cast, lead: Lead) -> None:
    file = attach(ferri, lead, "offer.pdf", PDF)
    address = f"/attachments/{file.pk}/"
    assert client_of(ferri.carla).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    bruna = client_of(ferri.bruna)
    assert bruna.get(address).status_code == 200
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "managers", "everybody"))
    assert bruna.get(address).status_code == 404


def test_a_file_goes_and_comes_back_with_its_comment(ferri: Cast, lead: Lead) -> None:
    ugo = ferri.actor(ferri.ugo)
    file = attach(ferri, lead, "offer.pdf", PDF)
    act = door.delete(ugo, [Comment.objects.get()])
    assert client_of(ferri.ugo).get(f"/attachments/{file.pk}/").status_code == 404
    assert act.entry is not None
    door.restore(ugo, act.entry)
    assert client_of(ferri.ugo).get(f"/attachments/{file.pk}/").status_code == 200


def test_a_file_goes_with_the_purge_and_not_before(ferri: Cast, lead: Lead, tmp_path: Path) -> None:
    system = Actor.system(lead.account_id, "attachments")
    file = attach(ferri, lead, "offer.pdf", PDF)
    act = door.delete(ferri.actor(ferri.ugo), [lead])
    long_ago = time.time() - 3 * 24 * 3600
    for path in (tmp_path / "attachments").iterdir():
        os.utime(path, (long_ago, long_ago))
    assert files.remove_orphans(system) == 0
    assert act.entry is not None
    door.purge(ferri.actor(ferri.anna), act.entry, reason="for good")
    young = files.folder().keep([b"somebody is still writing its row"])[0]
    assert files.remove_orphans(system) == 1
    assert not Attachment.objects.filter(pk=file.pk).exists()
    assert on_disk(tmp_path) == [young]


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ([("big.bin", b"x" * 2_000_000)], "“big.bin” is larger than 1 MB."),
        ([("ok.txt", b"x"), ("big.bin", b"x" * 2_000_000)], "“big.bin” is larger than 1 MB."),
        ([("empty.txt", b"")], "“empty.txt” is empty."),
        ([(f"{n}.txt", b"x") for n in range(11)], "A comment has at most 10 files."),
    ],
)
def test_a_file_that_does_not_fit_is_named_and_nothing_is_kept(
    ferri: Cast, lead: Lead, settings: Any, tmp_path: Path, sent: Any, why: str
) -> None:
    settings.ATTACHMENT_BYTES = 2**20
    given = [SimpleUploadedFile(name, content) for name, content in sent]
    answer = client_of(ferri.ugo).post(
        f"/leads/{lead.pk}/comments/", {"text": "See", "files": given},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert why in answer.text
    assert not Comment.objects.exists()
    assert on_disk(tmp_path) == []


def test_a_comment_may_be_a_file_alone(ferri: Cast, lead: Lead) -> None:
    ugo = client_of(ferri.ugo)
    given = SimpleUploadedFile("<b>offer.pdf", PDF)
    ugo.post(f"/leads/{lead.pk}/comments/", {"text": "", "files": [given]})
    comment = Comment.objects.get()
    assert comment.excerpt == "<b>offer.pdf"
    page = ugo.get(f"/leads/{lead.pk}/").text
    assert "<b>offer" not in page
    moves.edit(ferri.actor(ferri.ugo), comment, "", None, was=0)


def test_a_file_of_what_went_to_the_trash_meanwhile_is_not_kept(
    ferri: Cast, lead: Lead, tmp_path: Path
) -> None:
    door.delete(ferri.actor(ferri.ugo), [lead])
    with pytest.raises(Gone):
        attach(ferri, lead, "offer.pdf", PDF)
    assert on_disk(tmp_path) == []
    with pytest.raises(Invalid):
        moves.write(ferri.actor(ferri.ugo), lead, "")
