"""Whom somebody is told to ask: admins who can sign in, unless there is none."""

from __future__ import annotations

from custode.guard import policy
from custode.people import admin_contacts, moves
from custode.people.models import Role, User
from custode.signin import leaving
from tests.cast import Cast, person


def invited(ferri: Cast) -> User:
    """Zeno, an admin who was invited and never came in."""
    anna = ferri.actor(ferri.anna)
    return moves.create(anna, first_name="Zeno", email="zeno@rossi.example", role=Role.ADMIN)


def test_an_admin_who_never_came_in_is_named_only_where_nobody_else_is(ferri: Cast) -> None:
    zeno = invited(ferri)
    assert admin_contacts.admins_to_ask(ferri.ferri.account.pk) == [ferri.anna]
    assert policy.ask(ferri.actor(ferri.ugo)) == "You can ask Anna Ferri."
    User.objects.filter(pk=ferri.anna.pk).update(password="!")
    assert admin_contacts.admins_to_ask(ferri.ferri.account.pk) == [ferri.anna, zeno]


def test_who_left_is_never_named_and_three_are_enough(ferri: Cast) -> None:
    more = [person(ferri.ferri, f"Admin{n}", "Neri", "admin") for n in range(4)]
    leaving.disable(ferri.actor(ferri.anna), more[0])
    named = admin_contacts.admins_to_ask(ferri.ferri.account.pk)
    assert named == [ferri.anna, more[1], more[2]]
