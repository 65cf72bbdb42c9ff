"""The mail that moves and requests have asked for: delivered as the jobs would, and read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core import mail
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from custode.kernel import scope
from custode.people.models import User


@dataclass(frozen=True)
class Received:
    """A letter, as it came."""

    to: list[str]
    subject: str
    body: str


def received() -> list[Received]:
    """The letters that were sent, each to nobody besides those it is addressed to."""
    assert not [one for one in mail.outbox if one.cc or one.bcc]
    return [Received(list(one.to), str(one.subject), str(one.body)) for one in mail.outbox]


def delivered() -> list[Received]:
    """Do the jobs that wait; gives the letters that came of it."""
    mail.outbox.clear()
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    for job in waiting.filter(task_path__startswith="custode.signin.").order_by("enqueued_at"):
        # No link lies in the database, not even on its way.
        assert not re.search(r"/(password|address|not-me)/", str(job.args_kwargs))
        job.task.func(*job.args_kwargs["args"], **job.args_kwargs["kwargs"])
        DBTaskResult.objects.filter(pk=job.pk).delete()
    return received()


def delivered_one() -> Received:
    """The one letter that came."""
    (letter,) = delivered()
    return letter


def link_in(text: str, kind: str = "password") -> str:
    """The path of the link of this kind in a letter or on a page."""
    found = re.search(rf"https?://[^/\s]+(/{kind}/[\w-]+/)", text)
    assert found is not None, text
    return found[1]


def token_in(text: str, kind: str = "password") -> str:
    return link_in(text, kind).strip("/").partition("/")[2]


def again(user: User) -> User:
    """The user as the database has them now."""
    with scope.everywhere("the test looks at anybody"):
        return User.objects.select_related("account").get(pk=user.pk)
