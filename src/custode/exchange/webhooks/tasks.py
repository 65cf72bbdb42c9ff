"""The jobs of webhooks; deliveries need none, they are looked for all the time (`pump`)."""

from __future__ import annotations

from django_tasks import task

from custode.exchange.webhooks import forgetting, letters
from custode.guard.models import LogEntry
from custode.kernel import clock


@task()
def tell_given_up(account_id: int, pk: int) -> None:
    """Mail the admins that a webhook was switched off because nothing got through."""
    letters.tell_given_up(account_id, pk)


@task()
def ask_for_a_yes(account_id: int, pk: int) -> None:
    """Ask the owner of a webhook's e-mail address whether they want its news."""
    letters.ask_for_a_yes(account_id, pk)


@task()
def forget_erased(account_id: int, seq: int) -> None:
    """Take out of deliveries what an act erased; what is being sent just now, a little later."""
    if not forgetting.forget(account_id, seq):
        later = forget_erased.using(run_after=clock.now() + forgetting.AGAIN)
        later.enqueue(account_id, seq)


def hear_erased(entry: LogEntry) -> None:
    """For `guard.erasures`: it is done with the act, or not at all."""
    forget_erased.enqueue(entry.account_id, entry.seq)
