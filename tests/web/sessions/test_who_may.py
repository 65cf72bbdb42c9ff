"""Who may see and end the sessions of all users: by role and edition, written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from custode.accounts import moves as account_moves
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.people.models import User
from custode.signin.models import Session
from tests.cast import Cast, person
from tests.signin.sessions.making import a_session

PAGE = "/security/sessions/"
ComeIn = Callable[..., Client]

# Who looks -> the answer, and a part of what it says. Dino is a user in Sales Essentials.
LOOKS = {
    "anna": (200, "Filter the sessions"),
    "ugo": (403, "Only admins can do this."),
    "carla": (200, "User sessions are part of the Dream Team edition"),
    "dino": (403, "Only admins can do this."),
}

# Who sends a form that would end a colleague's session -> the answer, what it says, what is logged.
SENDS = {
    "anna": (302, "", "done"),
    "ugo": (403, "Only admins can do this.", "refused"),
    "carla": (403, "part of the Dream Team edition", "refused"),
    "dino": (403, "Only admins can do this.", "refused"),
}
FORMS = {
    "one": ("{pk}/disconnect/", {}),
    "chosen": ("disconnect/", {"ids": "{pk}"}),
    "user": ("disconnect/", {"user": "{user}", "sure": "1"}),
    "others": ("disconnect/", {"others": "1", "sure": "1"}),
}


@pytest.fixture
def everybody(people: Cast) -> dict[str, User]:
    """The cast by name, with Dino, who sells for Lodi."""
    dino = person(people.lodi, "Dino", "Rota", "user")
    return {"anna": people.anna, "ugo": people.ugo, "bruna": people.bruna, "carla": people.carla,
            "dino": dino}  # fmt: skip


@pytest.mark.parametrize("who", LOOKS)
def test_who_looks(everybody: dict[str, User], come_in: ComeIn, who: str) -> None:
    status, says = LOOKS[who]
    answer = come_in(everybody[who]).get(PAGE)
    assert answer.status_code == status
    assert says in answer.content.decode()


def test_who_is_no_admin_is_told_whom_to_ask(people: Cast, come_in: ComeIn) -> None:
    assert "Anna Ferri" in come_in(people.ugo).get(PAGE).content.decode()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("who", SENDS)
def test_who_sends(everybody: dict[str, User], come_in: ComeIn, who: str, form: str) -> None:
    status, says, outcome = SENDS[who]
    me, bruna = everybody[who], everybody["bruna"]
    victim = bruna if me.account_id == bruna.account_id else everybody["carla"]
    row = a_session(victim)
    path, fields = FORMS[form]
    values = {"pk": row.pk, "user": victim.pk}
    sent = {name: value.format(**values) for name, value in fields.items()}
    answer = come_in(me).post(PAGE + path.format(**values), sent)
    assert answer.status_code == status
    assert says in answer.content.decode()
    with scope.account(me.account_id):
        ended = Session.objects.get(pk=row.pk).ended_at is not None
        entry = LogEntry.objects.filter(verb=Verb.SESSIONS).latest("seq")
    assert ended is (outcome == "done")
    assert (entry.outcome, entry.actor_id) == (outcome, me.pk)


def test_a_refusal_is_logged_even_when_nothing_would_have_ended(
    people: Cast, come_in: ComeIn
) -> None:
    answer = come_in(people.carla).post(f"{PAGE}disconnect/", {"others": "1", "sure": "1"})
    assert answer.status_code == 403
    with scope.account(people.lodi.account.pk):
        assert LogEntry.objects.get(verb=Verb.SESSIONS).outcome == "refused"


# The question before -> by whom it is refused.
@pytest.mark.parametrize(("who", "status"), [("anna", 200), ("ugo", 403), ("carla", 403)])
def test_who_may_ask(people: Cast, come_in: ComeIn, who: str, status: int) -> None:
    answer = come_in(getattr(people, who)).get(f"{PAGE}disconnect/?others=1")
    assert answer.status_code == status


def test_an_edition_holds_from_the_moment_it_is_set(people: Cast, come_in: ComeIn) -> None:
    client = come_in(people.carla)
    account_moves.set_edition(Actor.operator(people.lodi.account.pk), "dream_team")
    assert "Filter the sessions" in client.get(PAGE).content.decode()
    account_moves.set_edition(Actor.operator(people.lodi.account.pk), "sales_essentials")
    assert "part of the Dream Team edition" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("form", FORMS)
def test_numbers_of_another_account_find_nothing(people: Cast, come_in: ComeIn, form: str) -> None:
    """Carla's account has the edition too, and still nothing of Ferri's is hers."""
    account_moves.set_edition(Actor.operator(people.lodi.account.pk), "dream_team")
    row = a_session(people.bruna)
    path, fields = FORMS[form]
    values = {"pk": row.pk, "user": people.bruna.pk}
    sent = {name: value.format(**values) for name, value in fields.items()}
    answer = come_in(people.carla).post(PAGE + path.format(**values), sent)
    # "Everybody else" names nobody: there it is nothing that is found to do.
    assert answer.status_code == (302 if form == "others" else 404)
    with scope.account(people.ferri.account.pk):
        assert Session.objects.get(pk=row.pk).ended_at is None


def test_one_number_of_another_account_among_ones_own_ends_nothing(
    people: Cast, come_in: ComeIn
) -> None:
    mine, theirs = a_session(people.ugo), a_session(people.carla)
    answer = come_in(people.anna).post(f"{PAGE}disconnect/", {"ids": [mine.pk, theirs.pk]})
    assert answer.status_code == 404
    with scope.everywhere("a test looks at both"):
        assert Session.objects.filter(pk__in=[mine.pk, theirs.pk], ended_at=None).count() == 2


@pytest.mark.parametrize("form", FORMS)
def test_a_post_with_the_forms_token_is_what_it_takes(
    people: Cast, come_in: ComeIn, form: str
) -> None:
    row = a_session(people.bruna)
    path, fields = FORMS[form]
    values = {"pk": row.pk, "user": people.bruna.pk}
    address = PAGE + path.format(**values)
    sent = {name: value.format(**values) for name, value in fields.items()}
    assert come_in(people.anna, strict=True).post(address, sent).status_code == 403
    assert come_in(people.anna).get(address, sent).status_code in {200, 405}
    assert come_in().post(address, sent).status_code == 302
    with scope.account(people.ferri.account.pk):
        assert Session.objects.get(pk=row.pk).ended_at is None


def test_the_side_bar_has_it_for_admins(people: Cast, come_in: ComeIn) -> None:
    assert f'href="{PAGE}"' in come_in(people.anna).get("/profile/").content.decode()
    assert f'href="{PAGE}"' not in come_in(people.ugo).get("/profile/").content.decode()
