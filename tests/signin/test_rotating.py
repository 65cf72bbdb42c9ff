"""`custode rotate-keys`: every secret by a new key, history untouched, readable at every moment."""

from __future__ import annotations

from pathlib import Path

import pyotp
import pytest
from cryptography.fernet import Fernet
from django.conf import settings

from custode.accounts.models import Account
from custode.console.main import main
from custode.guard import log
from custode.guard.models import LogEntry, LogPerson
from custode.kernel import scope
from custode.people.models import User
from custode.signin import rotating, sealing
from custode.signin.factors import moves as factor_moves
from custode.signin.factors import totp
from custode.signin.models import Totp
from tests.cast import Cast
from tests.signin.conftest import acting


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


@pytest.fixture
def secrets(people: Cast) -> dict[User, str]:
    """Secrets of people of both accounts."""
    made = {}
    for user in (people.anna, people.ugo, people.carla):
        secret = totp.new_secret()
        with scope.account(user.account_id):
            factor_moves.add_totp(acting(user), user, secret, pyotp.TOTP(secret).now(), this=0)
        made[user] = secret
    return made


def keys() -> list[str]:
    return Path(settings.DATA, sealing.FILE).read_text(encoding="ascii").split()


def sealed() -> dict[int, str]:
    with scope.everywhere("the test looks at all secrets"):
        return dict(Totp.objects.values_list("user_id", "secret"))


def readable(secrets: dict[User, str]) -> bool:
    return {pk: sealing.unseal(text) for pk, text in sealed().items()} == {
        user.pk: secret for user, secret in secrets.items()
    }


def history() -> list[tuple[object, ...]]:
    with scope.everywhere("the test reads all logs"):
        return [
            *LogEntry.objects.order_by("pk").values_list(
                "pk", "seq", "hash", "details", "previous"
            ),
            *LogPerson.objects.order_by("pk").values_list("pk", "salt", "data"),
        ]


def test_all_secrets_are_by_the_new_key_and_the_old_one_is_gone(secrets, capsys) -> None:
    before, old = sealed(), keys()
    assert main(["rotate-keys"]) == 0
    assert "3 secrets are encrypted with a new key" in capsys.readouterr().out
    assert len(keys()) == 1
    assert keys() != old
    assert all(sealed()[pk] != text for pk, text in before.items())
    assert readable(secrets)


def test_codes_go_on_being_taken(people: Cast, secrets) -> None:
    rotating.rotate()
    with scope.account(people.ugo.account_id):
        Totp.objects.filter(user=people.ugo).update(last_step=0)
        assert totp.takes(people.ugo, pyotp.TOTP(secrets[people.ugo]).now())


def test_history_is_added_to_and_never_rewritten(people: Cast, secrets, capsys) -> None:
    before = history()
    rotating.rotate()
    after = history()
    assert set(before) < set(after)
    with scope.everywhere("the test reads all logs"):
        new = list(LogEntry.objects.filter(details='{"resealed":"totp"}'))
    assert {entry.account_id for entry in new} == set(Account.objects.values_list("pk", flat=True))
    assert {entry.actor_kind for entry in new} == {"operator"}
    assert main(["verify-log"]) == 0
    for account in Account.objects.all():
        with scope.account(account.pk):
            assert list(log.verify(account.pk)) == []


def test_nothing_to_encrypt_is_no_entry(people: Cast) -> None:
    before = history()
    assert rotating.rotate() == 0
    assert history() == before


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("point", ["first account", "second account", "before the old keys go"])
def test_cut_off_at_any_point_all_stays_readable_and_the_next_run_ends_it(
    secrets, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    anew, count = sealing.sealed_anew, 0

    def dying(text: str) -> str:
        nonlocal count
        count += 1
        if (point, count) in {("first account", 1), ("second account", 3)}:
            raise Killed
        return anew(text)

    def dies() -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(sealing, "sealed_anew", dying)
        if point == "before the old keys go":
            patched.setattr(sealing, "drop_old_keys", dies)
        with pytest.raises(Killed):
            rotating.rotate()
    assert readable(secrets)
    assert len(keys()) == 2
    rotating.rotate()
    assert readable(secrets)
    assert len(keys()) == 1


def test_who_signs_in_between_the_two_reads_is_let_in(
    people: Cast, secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is read, then all keys change, then the row's secret is opened."""
    unseal, first = sealing.unseal, True

    def late(text: str) -> str:
        nonlocal first
        if first:
            first = False
            rotating.rotate()
        return unseal(text)

    monkeypatch.setattr(sealing, "unseal", late)
    with scope.account(people.ugo.account_id):
        Totp.objects.filter(user=people.ugo).update(last_step=0)
        assert totp.takes(people.ugo, pyotp.TOTP(secrets[people.ugo]).now())


def test_with_a_key_missing_nothing_is_dropped(secrets) -> None:
    path = Path(settings.DATA, sealing.FILE)
    right = path.read_text(encoding="ascii")
    path.write_text(Fernet.generate_key().decode() + "\n", encoding="ascii")
    before = sealed()
    assert main(["rotate-keys"]) == 2
    assert sealed() == before
    path.write_text(right, encoding="ascii")
    assert readable(secrets)


def test_keys_that_the_operator_holds_are_only_told_apart(
    secrets, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    old, new = keys()[0], Fernet.generate_key().decode()
    monkeypatch.setitem(settings.OPTIONS, "ENCRYPTION_KEYS", [new, old])
    assert main(["rotate-keys"]) == 0
    said = capsys.readouterr().out
    assert "the second may go" in said
    assert new not in said
    assert old not in said
    assert keys() == [old]
    monkeypatch.setitem(settings.OPTIONS, "ENCRYPTION_KEYS", [new])
    assert readable(secrets)
