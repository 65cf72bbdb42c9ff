"""`custode createaccount` is killed at every statement: run again, it makes the account whole."""

from __future__ import annotations

from functools import partial

import pytest

from custode.accounts.models import Account
from custode.console.main import main
from custode.guard import log
from custode.kernel import scope
from custode.leads.models import Pipeline, Step
from custode.people.models import User
from tests.cast import Cast
from tests.house.tally import Tally
from tests.proof.killing import comes_through

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]


def _command(at: int) -> list[str]:
    return [
        "createaccount", f"Rossi {at}", "--edition", "dream_team",
        "--admin", f"rita{at}@rossi.example", "--language", "it",
    ]  # fmt: skip


def _made(at: int) -> tuple[int, int, int, list[tuple[str | None, str]]]:
    """How many accounts, pipelines and steps, and which users, there are of this try."""
    with scope.everywhere("the test counts"):
        account = Account.objects.filter(name=f"Rossi {at}")
        users = User.objects.filter(account__in=account).values_list("email", "role")
        return (
            account.count(),
            Pipeline.objects.filter(account__in=account).count(),
            Step.objects.filter(account__in=account).count(),
            list(users),
        )


def test_a_killed_createaccount_is_completed_by_the_next(
    transactional_db: None, people: Cast, capsys: pytest.CaptureFixture[str], kills: Tally
) -> None:
    halves = 0
    for at in range(1, 200):
        through = comes_through(people.ferri.account.pk, partial(main, _command(at)), at)
        halves += _made(at)[0] == 1 and not _made(at)[3]
        kills.count()
        assert main(_command(at)) == 0
        assert "/password/" in capsys.readouterr().out
        assert _made(at) == (1, 1, 5, [(f"rita{at}@rossi.example", "admin")])
        with scope.everywhere("the test looks at the log"):
            account = Account.objects.get(name=f"Rossi {at}")
        with scope.account(account.pk):
            assert list(log.verify(account.pk)) == []
        if through:
            break
    assert halves > 3
    assert at > 10
