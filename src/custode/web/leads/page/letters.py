"""E-mails as a lead's page shows them: what was written, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from custode.activities import writing
from custode.activities.emails import moves as email_moves
from custode.activities.models import Email, EmailFile
from custode.guard import policy
from custode.guard.kinds import Verb
from custode.guard.policy import Decision
from custode.kernel.actor import Actor
from custode.leads import moves
from custode.leads.models import Lead


@dataclass(frozen=True, slots=True)
class ShownEmail:
    """An e-mail as it is shown.

    Args:
        html: its text.
        may_decide: whether the person says how it goes on.
        may_write: whether the person may write another one.
        may_delete: whether a rule lets the person delete it, of those that are theirs.
    """

    it: Email
    html: SafeString
    may_decide: bool
    may_write: bool
    may_delete: Decision | None
    files: tuple[EmailFile, ...] = ()


def shown_of(actor: Actor, lead: Lead, emails: Iterable[Email]) -> list[ShownEmail]:
    """E-mails of one lead, with what the person may do to them."""
    emails = list(emails)
    if not emails:
        return []
    rule = policy.may(actor, Verb.DELETE, Email.kind.name)
    edits = moves.may_edit(actor, lead)
    files: dict[int, list[EmailFile]] = {}
    for file in EmailFile.objects.filter(email__in=[one.pk for one in emails]):
        files.setdefault(file.email_id, []).append(file)
    return [
        ShownEmail(
            it=one,
            html=writing.as_html(one.text),
            may_decide=email_moves.may_decide(actor, one, edits),
            may_write=edits,
            may_delete=rule if actor.is_admin or _is_mine(actor, one) else None,
            files=tuple(files.get(one.pk, ())),
        )
        for one in emails
    ]


def written() -> QuerySet[Email]:
    """E-mails with who wrote them, the latest first."""
    found: QuerySet[Email] = Email.objects.select_related("author", "decided_by")
    return found.order_by("-created_at", "-id")


def _is_mine(actor: Actor, one: Email) -> bool:
    return one.author_id is not None and one.author_id == actor.user_id
