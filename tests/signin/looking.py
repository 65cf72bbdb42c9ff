"""What became of a session, and what the log says of signing in."""

from __future__ import annotations

from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.people.models import User
from custode.signin.models import Session


def why(row: Session) -> str:
    """Why a session is over; "" while it is not."""
    with scope.everywhere("the test looks at anybody"):
        return str(Session.objects.get(pk=row.pk).ended_why)


def noted(user: User) -> list[str]:
    """The entries about signing in, of the user's account."""
    with scope.account(user.account_id):
        found = LogEntry.objects.filter(verb=Verb.SIGN_IN).order_by("seq")
        return list(found.values_list("details", flat=True))
