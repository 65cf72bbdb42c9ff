"""The jobs of webhooks; deliveries need none, because the `pump` runs continuously."""

from __future__ import annotations

from django_tasks import task

from custode.exchange.webhooks import forgetting, letters
from custode.guard.models import LogEntry
from custode.kernel import clock


@task()
def tell_given_up(account_id: int, pk: int) -> None:
    """Mail the admins that a webhook was switched off because no delivery succeeded."""
    letters.tell_given_up(account_id, pk)


@task()
def ask_for_a_yes(account_id: int, pk: int) -> None:
    """Ask the owner of a webhook's e-mail address to confirm that they want its news."""
    letters.ask_for_a_yes(account_id, pk)


@task()
def forget_erased(account_id: int, seq: int) -> None:
    """Remove what an act erased from deliveries; for what is just being sent, a bit later."""
    if not forgetting.forget(account_id, seq):
        later = forget_erased.using(run_after=clock.now() + forgetting.AGAIN)
        later.enqueue(account_id, seq)


def hear_erased(entry: LogEntry) -> None:
    """Enqueue the removal, in the transaction of the act; for `guard.erasures`."""
    forget_erased.enqueue(entry.account_id, entry.seq)
