"""The sessions that a form names: the ticked ones, all of a user, or everybody else's."""

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
"""The maximum number of sessions that a form names one by one."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The valid sessions among those that a form names, never the one that asks.

    Args:
        which: `chosen`, `user` or `others`, for the log.
        user: the user, if all of a user's sessions are meant.
        ids: the numbers of the ticked sessions.
    """

    which: str
    rows: Sessions
    user: User | None = None
    ids: tuple[int, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Tell whether none was named one by one."""
        return not self.ids

    def told(self, count: int) -> str:
        """Return a sentence that reports what was done."""
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
    """Return the sessions that a form or an address names.

    Args:
        this: the session that asks, which is never ended.

    Raises:
        Http404: it names a user or a session that the account does not have.
        Invalid: it names none, or too many.
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
