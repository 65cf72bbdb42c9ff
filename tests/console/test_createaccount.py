"""An account is made whole: what was cut off is gone on with, and nobody else's is touched."""

from __future__ import annotations

from typing import Any

import pytest

from custode.accounts.models import Account
from custode.console.main import main
from custode.kernel import scope
from custode.leads import pipelines
from custode.leads.models import Pipeline
from custode.people import moves as people_moves
from custode.people.models import User
from tests.cast import Cast

COMMAND = ["createaccount", "Rossi", "--edition", "dream_team", "--admin", "Rita@rossi.example"]


class Killed(BaseException):
    """What a killed process looks like from inside."""


def _killed(*_: Any, **__: Any) -> None:
    raise Killed


def _users() -> list[str | None]:
    with scope.everywhere("the test counts"):
        return list(User.objects.filter(account__name="Rossi").values_list("email", flat=True))


@pytest.mark.parametrize(
    ("module", "move"), [(pipelines, "first_pipeline"), (people_moves, "create")]
)
def test_one_that_was_cut_off_is_gone_on_with(
    people: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    module: Any, move: str,
) -> None:  # fmt: skip
    with monkeypatch.context() as patched:
        patched.setattr(module, move, _killed)
        with pytest.raises(Killed):
            main(COMMAND)
    assert "Run the same command again" in capsys.readouterr().err
    assert _users() == []
    assert main(COMMAND) == 0
    assert "/password/" in capsys.readouterr().out
    assert _users() == ["rita@rossi.example"]
    with scope.everywhere("the test counts"):
        assert Pipeline.objects.filter(account__name="Rossi").count() == 1


def test_as_long_as_the_admin_has_no_password_it_gives_a_new_link(
    people: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(COMMAND) == 0
    assert main(COMMAND) == 0
    assert capsys.readouterr().out.count("/password/") == 2
    assert _users() == ["rita@rossi.example"]
    with scope.everywhere("a test's password"):
        rita = User.objects.get(email="rita@rossi.example")
        rita.set_password("long-enough-and-odd")
        rita.save(update_fields=["password"])
    assert main(COMMAND) == 2


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--admin", "other@rossi.example"], "already"),
        (["--edition", "sales_essentials"], "edition dream_team"),
        (["--currency", "USD"], "currency EUR"),
    ],
)
def test_other_words_do_not_go_on_with_it(
    people: Cast, capsys: pytest.CaptureFixture[str], more: list[str], why: str
) -> None:
    assert main(COMMAND) == 0
    assert main([*COMMAND, *more]) == 2
    assert why in capsys.readouterr().err
    assert _users() == ["rita@rossi.example"]


def test_an_account_that_works_is_nobodys_to_go_on_with(
    people: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    for admin in ("new@ferri.example", "anna@ferri.example"):
        words = ["createaccount", "Ferri S.p.A.", "--edition", "dream_team", "--admin", admin]
        assert main(words) == 2
    assert capsys.readouterr().out == ""
    with scope.everywhere("the test counts"):
        assert Account.objects.count() == 2
        assert User.objects.count() == 4
