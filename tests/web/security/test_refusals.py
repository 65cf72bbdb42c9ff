"""Refusals on the page of sensitive actions: who tried what, on how many, and why not."""

from datetime import timedelta

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock, scope
from custode.kernel.errors import Refused
from custode.people import moves as people_moves
from custode.people.models import Role
from tests.web.security.telling import PAGE, facts, told


def test_a_refusal_says_what_was_tried_and_why(people, come_in):
    ugo = people.actor(people.ugo)
    leads = [people.lead(people.ugo), people.lead(people.bruna), people.lead(people.bruna)]
    tries = [
        lambda: door.delete(ugo, leads),
        lambda: people_moves.set_role(ugo, people.ugo, Role.ADMIN),
        lambda: people_moves.create(ugo, first_name="Dino", email="dino@rota.example"),
        lambda: account_moves.set_privacy(ugo, Verb.DELETE, "lead", True),
    ]
    client = come_in(people.anna)
    expected = [
        ("Ugo Conti was not allowed to delete 3 leads.", "2 of them belong to somebody else"),
        ("Ugo Conti was not allowed to make Ugo Conti an admin.", "only admins can do this"),
        ("Ugo Conti was not allowed to add a user.", "only admins can do this"),
        (
            "Ugo Conti was not allowed to switch on the rule “Only admins can delete leads”.",
            "only admins can do this",
        ),
    ]
    for n, (act, (sentence, why)) in enumerate(zip(tries, expected, strict=True)):
        with (
            clock.at(clock.now() + n * timedelta(minutes=2)),
            scope.account(people.ferri.account.pk),
            pytest.raises(Refused),
        ):
            act()
        answer = client.get(PAGE)
        assert told(answer)[0] == (sentence, "refused")
        assert facts(answer, sentence)["because"] == why
        assert why in answer.content.decode()
