"""A search finds leads by their e-mails too: what they say, to whom, and what their files are."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from custode.activities import moves as comment_moves
from custode.activities import search
from custode.activities.emails import moves, servers
from custode.activities.emails.moves import Draft
from custode.activities.files import Incoming
from custode.activities.models import Email, EmailWords
from custode.guard import door
from custode.kernel import scope
from custode.leads.models import Lead
from tests.activities.test_comments_on_more import close
from tests.activities.test_search import found
from tests.cast import Cast
from tests.emails.made import NOWHERE


@pytest.fixture
def lead(ferri: Cast, tmp_path: Any, settings: Any) -> Lead:
    """Ugo's, from which an e-mail with a file went."""
    settings.MEDIA_ROOT = tmp_path
    servers.change(ferri.actor(ferri.anna), NOWHERE)
    lead = ferri.lead(ferri.ugo, "Scanner")
    ferri.lead(ferri.ugo, "Printer")
    text = "Perché **no**? Entro venerdì."
    write(ferri, lead, "Offerta n° 7", text, [Incoming("Listino è.pdf", 1, [b"x"])])
    return lead


def write(
    ferri: Cast, lead: Lead, subject: str, text: str, files: list[Incoming] | None = None
) -> Email:
    draft = Draft("mario@rossi.example", "ada@neri.example", subject, text, secrets.token_hex(16))
    owner = lead.owner
    assert owner is not None
    return moves.write(ferri.actor(owner), lead, draft, files or [])


@pytest.mark.parametrize(
    ("q", "is_found"),
    [
        ("perche", True),
        ("VENERDI", True),
        ("offerta", True),
        ("mario@rossi.example", True),
        ("ada@neri", True),
        ("listino e.pdf", True),
        ("scanner venerdi", True),
        ("venerdi lunedi", False),
        ("%", False),
        ("no", False),
        ("venerdi no", True),
    ],
)
def test_what_is_found(ferri: Cast, lead: Lead, q: str, is_found: bool) -> None:
    assert found(ferri, q) == ({"Scanner"} if is_found else set())


def test_words_may_stand_in_an_email_and_in_a_comment(ferri: Cast, lead: Lead) -> None:
    comment_moves.write(ferri.actor(ferri.ugo), lead, "Called on Monday")
    assert found(ferri, "monday venerdi") == {"Scanner"}


def test_what_is_deleted_is_found_no_more_until_it_is_back(ferri: Cast, lead: Lead) -> None:
    ugo = ferri.actor(ferri.ugo)
    entry = door.delete(ugo, [Email.objects.get()]).entry
    assert found(ferri, "venerdi") == set()
    door.restore(ugo, entry or 0)
    assert found(ferri, "venerdi") == {"Scanner"}


def test_one_finds_by_emails_only_what_one_sees(ferri: Cast, lead: Lead) -> None:
    write(ferri, ferri.lead(ferri.bruna, "Hers"), "Venerdì", "x")
    assert found(ferri, "venerdi") == {"Scanner", "Hers"}
    close(ferri)
    assert found(ferri, "venerdi") == {"Scanner"}
    seen = search.saying(ferri.actor(ferri.ugo), ["venerdi"], "venerdi", what=Email)
    assert seen is not None
    assert [one.lead for one in seen] == [lead]
    with scope.account(ferri.lodi.account.pk):
        seen = search.saying(ferri.actor(ferri.carla), ["venerdi"], "venerdi", what=Email)
        assert seen is not None
        assert not seen.exists()


def test_a_purge_leaves_no_word(ferri: Cast, lead: Lead) -> None:
    entry = door.delete(ferri.actor(ferri.ugo), [lead]).entry
    assert entry is not None
    door.purge(ferri.actor(ferri.anna), entry, reason="for good")
    assert not EmailWords.objects.exists()
