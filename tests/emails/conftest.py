"""What the tests of e-mails share: a server, Ferri's account that uses it, and what is written."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from custode.activities.emails import moves
from custode.activities.emails.models import Email
from custode.activities.emails.moves import Draft
from custode.activities.files import Incoming
from custode.leads.models import Lead
from custode.people.models import User
from tests.cast import Cast
from tests.emails import postbox
from tests.emails.postbox import Postbox


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    settings.ACCOUNT_MAIL_PRIVATE = True


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postbox]:
    """One server for a module's tests."""
    with postbox.running(tmp_path_factory.mktemp("postbox")) as running:
        yield running


@pytest.fixture
def box(server: Postbox, ferri: Cast) -> Postbox:
    """The server, empty, through which Ferri's account sends."""
    for file in server.folder.glob("*.eml"):
        file.unlink()
    postbox.use(ferri.actor(ferri.anna), server.port)
    return server


@pytest.fixture
def lead(ferri: Cast) -> Lead:
    return ferri.lead(ferri.ugo)


Write = Callable[..., Email]


@pytest.fixture
def write(ferri: Cast, lead: Lead) -> Write:
    """Ugo writes an e-mail about his lead; it waits to be sent."""

    def written(
        to: str = "mario@rossi.example", files: list[Incoming] | None = None,
        who: User | None = None, **parts: str,
    ) -> Email:  # fmt: skip
        given = {"copies": "", "subject": "Our offer", "text": "Dear **Mario**,\n\nhere it is."}
        given |= {"token": secrets.token_hex(16), **parts}
        draft = Draft(to=to, **given)
        return moves.write(ferri.actor(who or ferri.ugo), lead, draft, files or [])

    return written
