"""The jobs of signing in: all mails. Run twice, a mail arrives twice, which does no harm."""

from __future__ import annotations

from typing import Any

from django_tasks import task

from custode.kernel import schedule, scope
from custode.people.models import User
from custode.signin import guessing, letters
from custode.signin.letters import Letter


@task()
def send_letter(account_id: int, user_id: int, letter: str, facts: dict[str, Any]) -> None:
    """Send a mail to a user."""
    with scope.account(account_id):
        user = User.objects.select_related("account").get(pk=user_id)
    letters.send(user, Letter(letter), facts)


@task()
def answer_forgotten(email: str) -> None:
    """Send a link to whoever signs in with this address; nobody learns if there is no such user."""
    with scope.everywhere("who has forgotten their password"):
        user = User.objects.select_related("account").filter(email=email.strip().lower()).first()
    if user is not None:
        letters.send(user, Letter.RESET)


def forget_whom() -> None:
    """Have the jobs forgotten, once done, that carry an address, a name or a device."""
    for path in (send_letter.module_path, answer_forgotten.module_path, guessing.JOB):
        schedule.forget_soon(path)
