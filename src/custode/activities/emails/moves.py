"""Operations on e-mails. Deleting and restoring them is the door's."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from custode.activities import files, search
from custode.activities.emails import addresses, outbox, placeholders, servers, tasks, templates
from custode.activities.emails.allowance import spend
from custode.activities.emails.models import Email, State
from custode.activities.emails.outbox import End
from custode.activities.files import Incoming
from custode.activities.moves import touch
from custode.guard import history, kinds, reach
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.errors import Gone, Invalid, Refused, read_all
from custode.kernel.text import line
from custode.people.models import User

_TOKEN: Final = re.compile(r"[0-9a-f]{32}")
_FORGOTTEN: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Draft:
    """An e-mail being written.

    Args:
        to, copies: addresses, separated by commas.
        text: in Markdown.
        token: the form's own, 32 hexadecimal digits; one form creates one e-mail.
    """

    to: str
    copies: str
    subject: str
    text: str
    token: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A validated draft that can be sent."""

    to: list[str]
    copies: list[str]
    subject: str
    text: str


def read(draft: Draft) -> Ready:
    """Validate a draft for sending.

    Raises:
        Invalid: something is missing, too long, not an address, or a placeholder is not filled in.
    """
    return _ready(draft, _subject, _text)


def look(draft: Draft) -> Ready:
    """Validate a draft for a preview: placeholders may still be in it.

    Raises:
        Invalid: something is missing, too long, or not an address.
    """
    return _ready(draft, templates.require_subject, templates.require_text)


def _ready(draft: Draft, subject: Callable[[str], None], text: Callable[[str], None]) -> Ready:
    """Return a draft as it would be sent, if its subject and its text pass these checks."""
    # One line: anything after a line break would become a header of its own.
    words = {
        "subject": line(draft.subject),
        "text": draft.text.replace("\x00", "").replace("\r\n", "\n").strip(),
    }
    found = read_all(
        {
            "to": lambda: _to(draft.to),
            "copies": lambda: addresses.read(draft.copies, "copies"),
            "subject": lambda: subject(words["subject"]),
            "text": lambda: text(words["text"]),
        }
    )
    to = found["to"]
    copies = [one for one in found["copies"] if one not in to]
    if len(to) + len(copies) > addresses.MOST:
        raise Invalid(
            _("An e-mail goes to at most %(n)s addresses.") % {"n": addresses.MOST}, field="to"
        )
    return Ready(to, copies, **words)


def _to(text: str) -> list[str]:
    if found := addresses.read(text, "to"):
        return found
    raise Invalid(_("Write at least one recipient."), field="to")


def _subject(subject: str) -> None:
    templates.require_subject(subject)
    _require_filled(subject, "subject")


def _text(text: str) -> None:
    templates.require_text(text)
    _require_filled(text, "text")


def _require_filled(text: str, where: str) -> None:
    if unfilled := placeholders.left([text]):
        raise Invalid(
            _("Fill in or take out: %(names)s") % {"names": ", ".join(unfilled)}, field=where
        )


def write(
    actor: Actor,
    about: Guarded,
    draft: Draft,
    attached: Sequence[Incoming] = (),
    *,
    author: User | None = None,
) -> Email:
    """Create an e-mail and queue it for sending; for users who may edit its subject.

    The same form sent twice is one e-mail.

    Args:
        author: the user on whose behalf an application sends it; its history names the
            application.

    Raises:
        Refused: the actor sees what it is about, but may not edit it; or an author is given, but
            the actor is no application.
        Invalid: see `read`; or no server is set up, or a file is not acceptable. Nothing is stored.
        Gone: what it is about has been moved to the trash, or is no longer visible to the actor.
        TooMany: the actor, or who is named as the author, has sent many within an hour.
    """
    if author is not None and actor.kind is not ActorKind.KEY:
        raise Refused(_("You cannot write as another user."))
    writer = author.pk if author else actor.user_id
    ready = read(draft)
    if not _TOKEN.fullmatch(draft.token):
        raise Invalid(_("Reload the page and try again."))
    if made := Email.with_trashed.filter(token=draft.token).first():
        return _the_same(writer, about, made)
    server = servers.of_account()
    if not server.is_set_up:
        raise Invalid(_("No mail server is set up. An admin can do so."))
    _require_fit(attached)
    may_send(actor, about)
    spend(actor, writer)
    kept = files.keep(attached)
    email = Email(
        account_id=actor.account_id, author_id=writer, recipients=", ".join(ready.to),
        copies=", ".join(ready.copies), subject=ready.subject, text=ready.text, token=draft.token,
        message_id=f"{draft.token}@{addresses.ascii_only(server.sender).rpartition('@')[2]}",
        **{kinds.link(Email, type(about)): about},
    )  # fmt: skip
    try:
        with transaction.atomic():
            history.hold(about)
            may_send(actor, about)
            history.create(actor, email)
            files.attach(email, kept)
            search.keep_email(email, (one.name for one in kept))
            touch(about)
            tasks.send_email.enqueue(email.account_id, email.pk)
    except IntegrityError:
        files.forget(kept)
        return _the_same(writer, about, Email.with_trashed.get(token=draft.token))
    except BaseException:
        files.forget(kept)
        raise
    return email


def may_send(actor: Actor, about: Guarded) -> None:
    """Raise what `write` raises, unless the actor may write about this object.

    Raises:
        Refused, Gone: see there.
    """
    if not reach.sees(actor, about):
        raise Gone(_("This does not exist."))
    if not reach.edits(actor, about):
        raise Refused(_("Only whoever may edit a lead can send e-mails from it."))


def _the_same(writer: int | None, about: Guarded, made: Email) -> Email:
    """Return the e-mail that this very form has created before."""
    link = kinds.link(Email, type(about))
    if (made.author_id, getattr(made, f"{link}_id")) != (writer, about.pk):
        raise Invalid(_("Reload the page and try again."))
    return made


def _require_fit(attached: Sequence[Incoming]) -> None:
    most = settings.ATTACHMENT_BYTES
    if sum(one.size for one in attached) > most:
        raise Invalid(
            _("The files of an e-mail have at most %(most)s MB together.")
            % {"most": most // 2**20},
            field="files",
        )
    if len(attached) > files.MOST:
        raise Invalid(_("An e-mail has at most %(n)s files.") % {"n": files.MOST}, field="files")


def send_again(actor: Actor, email: Email, *, tries: int) -> None:
    """Try again to send what was not, or perhaps not, sent; only a person may request this.

    Args:
        tries: the number of attempts when the user looked.

    Raises:
        Refused: the actor neither wrote it nor may edit what it is about.
        Invalid: somebody else was faster, or there is nothing to do.
        Gone: it has been moved to the trash in the meantime.
    """
    with transaction.atomic():
        _require_waiting(actor, email, {State.FAILED, State.PERHAPS}, tries)
        outbox.note(actor, email, email.state, End(State.QUEUED))
        Email.objects.filter(pk=email.pk).update(
            state=State.QUEUED, why="", answer="", claim="", settled_at=None, updated_at=Now()
        )
        tasks.send_email.enqueue(email.account_id, email.pk)


def mark_sent(actor: Actor, email: Email, *, tries: int) -> None:
    """Record a person's decision that an e-mail in doubt was sent.

    Raises:
        Refused, Invalid, Gone: as `send_again`.
    """
    with transaction.atomic():
        _require_waiting(actor, email, {State.PERHAPS}, tries)
        outbox.note(actor, email, email.state, End(State.SENT))
        Email.objects.filter(pk=email.pk).update(
            state=State.SENT, claim="", settled_at=Now(), decided_by=actor.user_id
        )


def may_decide(actor: Actor, email: Email, edits_parent: bool) -> bool:
    """Return whether somebody may decide how to go on: its author, or who may edit the subject."""
    return edits_parent or (email.author_id is not None and email.author_id == actor.user_id)


def _require_waiting(actor: Actor, email: Email, states: Collection[State], tries: int) -> None:
    history.hold(email)
    if not may_decide(actor, email, _edits_parent(actor, email)):
        raise Refused(
            _("Only whoever wrote an e-mail, or may edit the lead, can say how it goes on.")
        )
    if email.state not in states or email.tries != tries:
        raise Invalid(
            _("This e-mail is “%(state)s” by now. Look at it again before you decide.")
            % {"state": email.get_state_display()}
        )


def _edits_parent(actor: Actor, email: Email) -> bool:
    parent = email.hangs_on
    return parent is not None and reach.edits(actor, parent)


def try_server(actor: Actor, user: User) -> None:
    """Have a test mail sent through the account's mail server to the user.

    Raises:
        Refused, Invalid, TooMany: see `servers.begin_trial`.
    """
    with transaction.atomic():
        servers.begin_trial(actor, user)
        tasks.try_server.enqueue(actor.account_id, user.pk)


def ask_again() -> None:
    """Requeue e-mails that have waited for long because their job was given up, unless deleted."""
    outbox.hold_back(Email.with_trashed.all())
    old = Email.objects.filter(state=State.QUEUED, updated_at__lt=Now() - _FORGOTTEN)
    for email in old[:500]:
        # However long the queue is, this adds one more job, not one more in every round.
        waits = Email.objects.filter(pk=email.pk, state=State.QUEUED, updated_at=email.updated_at)
        if waits.update(updated_at=Now()):
            tasks.send_email.enqueue(email.account_id, email.pk)
