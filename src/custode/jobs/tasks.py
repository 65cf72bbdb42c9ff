"""The only task of this layer: a round of a periodic work through all accounts."""

from __future__ import annotations

import logging

from django_tasks import task

from custode.accounts.models import Account
from custode.kernel import schedule, scope
from custode.kernel.actor import Actor

log = logging.getLogger("custode.jobs")


@task()
def go_round(name: str) -> int:
    """Do the periodic work with this name in every account.

    An error in one account does not affect the others; the round then fails at its end, and is
    retried.

    Returns:
        The number of accounts in which it was done.
    """
    periodic = schedule.named(name)
    if periodic is None:
        return 0
    wrong: list[Exception] = []
    accounts = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    for account_id in accounts:
        try:
            with scope.account(account_id):
                periodic.work(Actor.system(account_id, name))
        except Exception as error:
            log.exception("%s went wrong in account %s", name, account_id)
            wrong.append(error)
    if wrong:
        raise wrong[0]
    return len(accounts)
