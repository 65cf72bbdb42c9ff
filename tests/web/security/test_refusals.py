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


def test_what_was_refused_says_which_and_whose(people, come_in):
    """A deletion, a restore, a purge and an undo that were refused name what they were about."""
    anna, ugo = people.actor(people.anna), people.actor(people.ugo)
    taken = door.delete(anna, [people.lead(people.bruna, "Scanner")])
    hers = people.lead(people.bruna, "Press")
    moved = door.change(anna, [hers], "owner", None)
    tries = [
        (lambda: door.undo(ugo, moved.seq),
         f"Ugo Conti was not allowed to undo an act of Anna Ferri that concerned 1 lead"
         f" (no. {moved.seq})."),
        (lambda: door.purge(ugo, taken.entry or 0, reason="x"),
         "Ugo Conti was not allowed to delete 1 lead for ever."),
        (lambda: door.restore(ugo, taken.entry or 0),
         "Ugo Conti was not allowed to restore 1 lead from the trash."),
        (lambda: door.delete(ugo, [people.lead(people.bruna, "Belt")]),
         "Ugo Conti was not allowed to delete 1 lead."),
    ]  # fmt: skip
    client, named = come_in(people.anna), {2: ["Scanner"], 1: ["Scanner"], 3: ["Belt"]}
    for n, (act, sentence) in enumerate(tries):
        with pytest.raises(Refused):
            act()
        answer = client.get(PAGE)
        assert told(answer)[0] == (sentence, "refused")
        assert facts(answer, sentence)["labels"] == named.get(n, [])
    assert f'href="/security/actions/{moved.seq}/"' in answer.content.decode()


def test_customers_refused_one_after_the_other_are_all_named(people, come_in):
    ugo = people.actor(people.ugo)
    for name in ("Rossi", "Bianchi", "Verdi"):
        with pytest.raises(Refused):
            door.delete(ugo, [people.lead(people.bruna, name)])
    page = come_in(people.anna).get(PAGE).content.decode()
    assert all(name in page for name in ("Rossi", "Bianchi", "Verdi"))
