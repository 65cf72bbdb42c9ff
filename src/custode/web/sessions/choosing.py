"""Which sessions a form means: those that were ticked, all of a user, or everybody else's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.accounts.models import Account
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.people.models import User
from custode.signin.models import Session
from custode.signin.sessions import queries
from custode.signin.sessions.queries import Sessions
from custode.web.shell.words import number

MOST: Final = 500
"""The most sessions that a form names one by one."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sessions that may be used among those that a form means, never the one that asks.

    Args:
        which: `chosen`, `user` or `others`, for the log.
        user: whose, when all of one user are meant.
        ids: the numbers that were ticked.
    """

    which: str
    rows: Sessions
    user: User | None = None
    ids: tuple[int, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether none was named one by one."""
        return not self.ids

    def told(self, count: int) -> str:
        """What was done, in a sentence."""
        if not count:
            return _("No device was signed in any more.")
        values = {"n": number(count), "name": self.user}
        if self.user is not None:
            said = ngettext(
                "%(n)s device of %(name)s was disconnected.",
                "%(n)s devices of %(name)s were disconnected.",
                count,
            )
        else:
            said = ngettext(
                "%(n)s device was disconnected.", "%(n)s devices were disconnected.", count
            )
        return said % values


def chosen_by(given: QueryDict, account: Account, this: int) -> Chosen:
    """What a form or an address means.

    Args:
        this: the session that asks, which stays in.

    Raises:
        Http404: it names a user or a session that this account has not.
        Invalid: it names nothing, or too many.
    """
    in_now = queries.others(account, this)
    if "others" in given:
        return Chosen("others", in_now)
    if "user" in given:
        user = get_object_or_404(User, pk=whole(given.get("user", "")))
        return Chosen("user", in_now.filter(user=user), user)
    ids = tuple(dict.fromkeys(whole(text) for text in given.getlist("ids")))
    if not ids or len(ids) > MOST:
        raise Invalid(
            _("Tick the devices that are to be disconnected, at most %(n)s.") % {"n": MOST}
        )
    if Session.objects.filter(pk__in=ids).count() < len(ids):
        raise Http404
    return Chosen("chosen", in_now.filter(pk__in=ids), ids=ids)
