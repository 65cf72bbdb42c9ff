"""E-mails as a timeline shows them: their text, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from custode.activities import moves as comment_moves
from custode.activities import sight, writing
from custode.activities.emails import moves as email_moves
from custode.activities.models import Email, EmailFile
from custode.guard import policy
from custode.guard.kinds import Verb
from custode.guard.owned import Guarded
from custode.guard.policy import Decision
from custode.kernel.actor import Actor
from custode.leads.models import Lead


@dataclass(frozen=True, slots=True)
class ShownEmail:
    """An e-mail as it is shown.

    Args:
        html: its text as HTML.
        may_decide: whether the person may retry it or mark it as sent.
        may_write: whether the person may write another e-mail.
        may_delete: whether the rules allow deleting it, if it is the person's own.
        at: the lead that it belongs to, if it is shown elsewhere.
    """

    it: Email
    html: SafeString
    may_decide: bool = False
    may_write: bool = False
    may_delete: Decision | None = None
    files: tuple[EmailFile, ...] = ()
    at: Lead | None = None


def shown_of(actor: Actor, about: Guarded, emails: Iterable[Email]) -> list[ShownEmail]:
    """Return an object's e-mails, with what the person may do to them."""
    emails = list(emails)
    if not emails:
        return []
    rule = policy.may(actor, Verb.DELETE, Email.kind.name)
    edits = comment_moves.may_edit(actor, about)
    files = _files(emails)
    return [
        ShownEmail(
            it=one,
            html=writing.as_html(one.text),
            may_decide=email_moves.may_decide(actor, one, edits),
            may_write=edits,
            may_delete=rule if actor.is_admin or _is_mine(actor, one) else None,
            files=files.get(one.pk, ()),
        )
        for one in emails
    ]


def shown_elsewhere(emails: Iterable[Email]) -> list[ShownEmail]:
    """Return read-only e-mails, each with the lead on whose page it can be acted on."""
    emails = list(emails)
    files = _files(emails)
    return [
        ShownEmail(one, writing.as_html(one.text), files=files.get(one.pk, ()), at=one.lead)
        for one in emails
    ]


def _files(emails: Iterable[Email]) -> dict[int, tuple[EmailFile, ...]]:
    """Return the files of each e-mail, in one query."""
    found: dict[int, tuple[EmailFile, ...]] = {}
    for file in EmailFile.objects.filter(email__in=[one.pk for one in emails]):
        found[file.email_id] = (*found.get(file.email_id, ()), file)
    return found


def written() -> QuerySet[Email]:
    """Return e-mails with their authors and `program`, newest first.

    `program` is the name of the application that wrote one, even in a user's name; otherwise None.
    """
    found: QuerySet[Email] = Email.objects.select_related("author", "decided_by")
    found = found.annotate(program=sight.program(Email.kind.name))
    return found.order_by("-created_at", "-id")


def _is_mine(actor: Actor, one: Email) -> bool:
    return one.author_id is not None and one.author_id == actor.user_id
