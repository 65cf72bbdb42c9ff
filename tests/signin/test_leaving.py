"""Somebody leaves: nothing of theirs is in any more, and coming back brings nothing of it back."""

from __future__ import annotations

import pytest

from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, ProofNeeded, Refused
from custode.people import moves
from custode.people.models import Role
from custode.signin import leaving, links
from custode.signin.models import Ended, Session
from tests.cast import PASSWORD, Cast
from tests.signin.conftest import acting
from tests.signin.posting import again, token_in


def open_sessions(user) -> int:
    with scope.account(user.account_id):
        return Session.objects.filter(user=user, ended_at=None).count()


def test_disabled_all_devices_are_out_and_all_links_are_void(people: Cast, begin) -> None:
    begin(people.ugo), begin(people.ugo, "home"), begin(people.bruna)
    tokens = [token_in(links.password_link(again(people.ugo)))]
    assert leaving.disable(acting(people.anna), people.ugo) == 2
    assert (open_sessions(people.ugo), open_sessions(people.bruna)) == (0, 1)
    with scope.account(people.ugo.account_id):
        rows = Session.objects.filter(user=people.ugo)
        assert {row.ended_why for row in rows} == {Ended.DISABLED}
        assert {row.ended_by for row in rows} == {"Anna Ferri"}
    assert [links.user_of(token) for token in tokens] == [None]
    with pytest.raises(Invalid):
        links.password_link(again(people.ugo))


def test_enabled_again_no_session_and_no_link_comes_back(people: Cast, begin) -> None:
    row = begin(people.ugo)
    token = token_in(links.password_link(again(people.ugo)))
    said = token_in(links.not_me_link(row), "not-me")
    leaving.disable(acting(people.anna), people.ugo)
    assert links.session_of(said) is None
    late = begin(people.ugo, "on its way")
    leaving.enable(acting(people.anna), again(people.ugo))
    assert open_sessions(people.ugo) == 0
    assert links.user_of(token) is None
    user = again(people.ugo)
    assert user.can_sign_in
    assert user.check_password(PASSWORD)
    assert late.pk


def test_both_are_in_the_log(people: Cast) -> None:
    leaving.disable(acting(people.anna), people.ugo)
    leaving.disable(acting(people.anna), again(people.ugo))
    leaving.enable(acting(people.anna), again(people.ugo))
    leaving.enable(acting(people.anna), again(people.ugo))
    with scope.account(people.ugo.account_id):
        details = LogEntry.objects.filter(verb="users", actor_id=people.anna.pk).order_by("seq")
        assert list(details.values_list("details", flat=True)) == [
            f'{{"disabled":{people.ugo.pk}}}', f'{{"enabled":{people.ugo.pk}}}',
        ]  # fmt: skip


def test_only_admins_do_it_and_after_a_proof(people: Cast, begin) -> None:
    begin(people.bruna)
    with pytest.raises(Refused):
        leaving.disable(acting(people.ugo), people.bruna)
    with pytest.raises(ProofNeeded):
        leaving.disable(acting(people.anna, proved=False), people.bruna)
    leaving.disable(acting(people.anna), people.ugo)
    with pytest.raises(Refused):
        leaving.enable(acting(people.bruna), again(people.ugo))
    assert open_sessions(people.bruna) == 1
    assert again(people.bruna).is_active
    assert not again(people.ugo).is_active


def test_nobody_disables_themselves(people: Cast) -> None:
    moves.set_role(acting(people.anna), people.bruna, Role.ADMIN)
    with pytest.raises(Invalid, match="yourself"):
        leaving.disable(acting(people.anna), people.anna)
    assert again(people.anna).is_active


def test_the_last_admin_stays(people: Cast, begin) -> None:
    begin(people.anna)
    with pytest.raises(Invalid, match="no admin"):
        leaving.disable(Actor.operator(people.anna.account_id), people.anna)
    assert again(people.anna).is_active
    assert open_sessions(people.anna) == 1


def test_of_two_admins_one_may_go(people: Cast) -> None:
    moves.set_role(acting(people.anna), people.bruna, Role.ADMIN)
    leaving.disable(acting(people.anna), again(people.bruna))
    with pytest.raises(Invalid):
        moves.set_role(acting(people.anna), again(people.anna), Role.USER)
