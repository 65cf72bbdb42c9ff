"""What may happen to e-mails. Deleting and restoring them is the door's."""

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
from custode.activities.emails.models import Email, State
from custode.activities.emails.outbox import End
from custode.activities.files import Incoming
from custode.activities.moves import touch
from custode.guard import history, kinds
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.errors import Gone, Invalid, Refused, read_all
from custode.kernel.text import line
from custode.people.models import User
from custode.signin import limits

_TOKEN: Final = re.compile(r"[0-9a-f]{32}")
_FORGOTTEN: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Draft:
    """An e-mail as it is written.

    Args:
        to, copies: addresses, with commas between them.
        text: in Markdown.
        token: the form's own, 32 hexadecimal digits; one form makes one e-mail.
    """

    to: str
    copies: str
    subject: str
    text: str
    token: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A draft that can be sent."""

    to: list[str]
    copies: list[str]
    subject: str
    text: str


def read(draft: Draft) -> Ready:
    """A draft as it would be sent.

    Raises:
        Invalid: something is missing, too long, no address, or a placeholder is not filled in.
    """
    return _ready(draft, _subject, _text)


def look(draft: Draft) -> Ready:
    """A draft as it stands, to be looked at: placeholders may still be in it.

    Raises:
        Invalid: something is missing, too long, or no address.
    """
    return _ready(draft, templates.require_subject, templates.require_text)


def _ready(draft: Draft, subject: Callable[[str], None], text: Callable[[str], None]) -> Ready:
    """A draft as it would be sent, when what is asked of its subject and its text holds."""
    # One line: what follows a line's end would be a header of its own.
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
    raise Invalid(_("Write to whom it goes."), field="to")


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
    """A new e-mail, on its way; by whoever may edit what it is about.

    The same form sent twice is one e-mail.

    Args:
        author: the user under whose name an application sends it; its history names the
            application.

    Raises:
        Refused: the actor sees what it is about, but may not edit it; or no application names an
            author.
        Invalid: see `read`; or no server is set up, or a file does not fit. Nothing is kept.
        Gone: what it is about has been moved to the trash, or is not the actor's to see any more.
        TooMany: the actor has sent many within an hour.
    """
    if author is not None and actor.kind is not ActorKind.KEY:
        raise Refused(_("Nobody writes in the name of somebody else."))
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
    limits.spend(limits.EMAILS, actor.account_id, writer or f"{actor.kind}:{actor.id}")
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
    """Raise what `write` raises, unless the actor may write about it.

    Raises:
        Refused, Gone: see there.
    """
    rows = type(about).objects.filter(pk=about.pk)
    if not rows.filter(about.kind.sees(actor)).exists():
        raise Gone(_("This does not exist."))
    if not rows.filter(about.kind.edits(actor)).exists():
        raise Refused(_("Only whoever may edit a lead can send e-mails from it."))


def _the_same(writer: int | None, about: Guarded, made: Email) -> Email:
    """The e-mail that this very form has made before."""
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
    """Try once more what was not sent, or perhaps was; never done but by a person.

    Args:
        tries: how often it had been tried when the person looked.

    Raises:
        Refused: the actor neither wrote it nor may edit what it is about.
        Invalid: somebody was faster, or there is nothing to do.
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
    """Say that what was perhaps sent was sent.

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
    """Whether somebody says how it goes on: who wrote it, or may edit what it is about."""
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
    if parent is None:
        return False
    return type(parent).objects.filter(parent.kind.edits(actor), pk=parent.pk).exists()


def try_server(actor: Actor, user: User) -> None:
    """Have a letter sent through the account's mail server to whoever asks.

    Raises:
        Refused, Invalid, TooMany: see `servers.begin_trial`.
    """
    with transaction.atomic():
        servers.begin_trial(actor, user)
        tasks.try_server.enqueue(actor.account_id, user.pk)


def ask_again() -> None:
    """Enqueue what has waited for long: its job was given up. What was deleted waits no more."""
    outbox.hold_back(Email.with_trashed.all())
    old = Email.objects.filter(state=State.QUEUED, updated_at__lt=Now() - _FORGOTTEN)
    for email in old[:500]:
        # However long the queue is, there is one more job in it, not one more every round.
        waits = Email.objects.filter(pk=email.pk, state=State.QUEUED, updated_at=email.updated_at)
        if waits.update(updated_at=Now()):
            tasks.send_email.enqueue(email.account_id, email.pk)
