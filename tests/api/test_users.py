"""Users by the API: found, added, invited, disabled."""

from __future__ import annotations

import json

import pytest

from custode.accounts import sharing
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Actor, ActorKind, Entrance, Scope
from custode.kernel.errors import Refused
from custode.people import addresses, moves, teams
from custode.people.models import User
from custode.signin import leaving
from custode.signin.models import Session
from tests.api.calling import Caller
from tests.api.set_up import TEAMS
from tests.signin.posting import again, delivered

FIELDS = {
    "id", "firstname", "lastname", "email", "phone", "mobile_phone", "job_title", "is_admin",
    "has_activated", "is_disabled", "locale", "time_zone", "permalink", "avatar_url", "teams",
    "created_at", "updated_at",
}  # fmt: skip
DINO = {"firstname": "Dino", "lastname": "Rota", "email": "Dino@Rota.example"}


def names(answer):
    return [one["firstname"] for one in answer.json]


def entries(people):
    """The log of Ferri's, but for what the keys of a test are."""
    with scope.account(people.ferri.account.pk):
        return list(LogEntry.objects.exclude(verb="keys").order_by("seq"))


def links(people):
    told = (json.loads(one.details) for one in entries(people))
    return [one["link"] for one in told if "link" in one]


def test_a_user_has_the_fields_of_the_reference(app, people):
    answer = app("read").get("/users")
    assert names(answer) == ["Anna", "Ugo", "Bruna"]
    assert answer.headers["X-TOTAL-COUNT"] == "3"
    ugo = answer.json[1]
    assert ugo.keys() == FIELDS
    assert (ugo["email"], ugo["is_admin"], ugo["has_activated"]) == (people.ugo.email, False, True)
    assert (ugo["is_disabled"], ugo["teams"]) == (False, [])
    assert ugo["created_at"].endswith("Z")


def test_users_are_found_by_what_the_reference_names(app, people):
    key = app()
    key.put(f"/users/{people.bruna.pk}/disable")
    for query, found in (
        ({"email": "UGO@conti.example"}, ["Ugo"]),
        ({"email": "nobody@conti.example"}, []),
        ({"firstname": "anna"}, ["Anna"]),
        ({"lastname": "Sala"}, ["Bruna"]),
        ({"status": "all"}, ["Anna", "Ugo", "Bruna"]),
        ({"status": "activated"}, ["Anna", "Ugo"]),
        ({"status": "deactivated"}, ["Bruna"]),
        ({"role": "admin"}, ["Anna"]),
        ({"role": "non-admin", "direction": "desc"}, ["Bruna", "Ugo"]),
        ({"colour": "red", "status": "", "role": "all"}, ["Anna", "Ugo", "Bruna"]),
        ({"limit": "1", "offset": "1"}, ["Ugo"]),
        ({"offset": "3"}, []),
    ):
        assert names(key.get("/users", **query)) == found, query


def test_users_are_found_by_up_to_fifty_teams_by_number_or_name_in_any_letter_case(app, people):
    anna = people.actor(people.anna)
    sharing.change(anna, TEAMS)
    with scope.account(people.ferri.account.pk):
        north = teams.create(anna, "È il Nord", {people.ugo.pk: False})
        teams.create(anna, "South", {people.bruna.pk: True})
    key, others = app("read"), [f"t{n}" for n in range(48)]
    assert names(key.get("/users", teams=f"{north.pk}")) == ["Ugo"]
    assert names(key.get("/users", teams="è IL nord")) == ["Ugo"]
    assert names(key.get("/users", teams=",".join([*others, str(north.pk), "SOUTH"]))) == [
        "Ugo", "Bruna",
    ]  # fmt: skip
    assert names(key.get("/users", teams="Nowhere")) == []
    many = key.get("/users", teams=",".join([*others, "a", "b", "c"]))
    assert (many.status, many.json["field"]) == (422, "teams")


def test_one_user_is_named_by_a_number_or_an_address(app, people):
    key = app("read")
    for who in (people.ugo.pk, "ugo@conti.example", "UGO@CONTI.EXAMPLE"):
        assert key.get(f"/users/{who}").json["id"] == people.ugo.pk
    for who in ("0", "9" * 40, "carla@lodi.example", people.carla.pk, "x", "a%00@b.example"):
        assert key.get(f"/users/{who}").status == 404, who


def test_a_token_tells_whose_it_is_and_a_key_is_nobodys(app, people, program):
    assert program(people.ugo).get("/users/self").json["id"] == people.ugo.pk
    answer = app().get("/users/self")
    assert (answer.status, answer.kind) == (403, "not_user_token")


def test_an_application_of_an_admin_adds_a_user_who_is_invited(app, people, mailing):
    answer = app().post("/users", DINO)
    assert answer.status == 201
    dino = answer.json
    assert (dino["firstname"], dino["email"]) == ("Dino", "dino@rota.example")
    assert (dino["is_admin"], dino["has_activated"], dino["locale"]) == (False, False, "en")
    added, link = entries(people)[-2:]
    assert (added.verb, added.actor_kind, added.entrance) == ("users", "key", "api")
    assert json.loads(added.details) == {"created": "user"}
    assert (link.verb, json.loads(link.details)) == ("users", {"link": dino["id"]})


@pytest.mark.parametrize("lacks", ["read", "delete", "export"])
def test_a_key_makes_no_admin_who_may_more_than_itself(app, people, mailing, lacks):
    one = app(*({"read", "write", "delete", "export", "admin"} - {lacks}))
    answer = one.post("/users", {**DINO, "is_admin": True})
    assert (answer.status, answer.kind) == (403, "missing_scope")
    assert answer.json["message"].startswith("Making an admin takes a key with all scopes.")
    assert lacks in answer.json["message"]
    assert links(people) == []
    with scope.account(people.ferri.account.pk):
        assert not User.objects.filter(first_name="Dino").exists()
        entry = LogEntry.objects.latest("seq")
    assert (entry.verb, entry.outcome, entry.actor_kind) == ("users", "refused", "key")


@pytest.mark.parametrize("lacks", ["read", "delete", "export"])
def test_a_key_makes_no_user_who_may_more_than_itself(app, people, mailing, lacks):
    one = app(*({"read", "write", "delete", "export", "admin"} - {lacks}))
    as_anna = Caller(token=one.get("/auth/log_as", user_id=people.anna.pk).json["token"])
    for caller in (one, as_anna):
        answer = caller.post("/users", DINO)
        assert (answer.status, answer.kind) == (403, "missing_scope")
        assert answer.json["message"].startswith("Letting a user sign in takes a key that may")
        assert f"“{lacks}”" in answer.json["message"]
        assert (links(people), delivered()) == ([], [])
        with scope.account(people.ferri.account.pk):
            assert not User.objects.filter(first_name="Dino").exists()
            entry = LogEntry.objects.latest("seq")
        assert (entry.verb, entry.outcome) == ("users", "refused")


LETS_IN = {
    "users": lambda actor, one: leaving.enable(actor, one["disabled"]),
    "sign_in": lambda actor, one: addresses.invite(actor, one["named"], "x@evil.example"),
    "sign_in again": lambda actor, one: addresses.ask(actor, one["user"], "x@evil.example"),
}


@pytest.mark.parametrize("verb", LETS_IN)
def test_a_key_lets_nobody_else_in_either_who_may_more_than_itself(people, verb):
    anna = people.actor(people.anna)
    with scope.account(people.ferri.account.pk):
        leaving.disable(anna, people.bruna)
        named = moves.create_named(anna, ["Rino Gallo"])["Rino Gallo"]
        key = Actor(
            people.ferri.account.pk, ActorKind.KEY, 1, "Zapp", True, Entrance.API,
            scopes=frozenset({Scope.WRITE, Scope.ADMIN}),
        )  # fmt: skip
        some = {"disabled": again(people.bruna), "named": again(named), "user": again(people.ugo)}
        with pytest.raises(Refused, match="Letting a user sign in"):
            LETS_IN[verb](key, some)


def test_who_acts_as_an_admin_by_a_key_makes_no_admin_either(app, people):
    key = app("read", "write", "admin")
    as_anna = Caller(token=key.get("/auth/log_as", user_id=people.anna.pk).json["token"])
    answer = as_anna.post("/users", {**DINO, "is_admin": True})
    assert (answer.status, answer.kind) == (403, "missing_scope")


def test_a_user_may_be_added_without_a_letter_in_another_language(app, people, mailing):
    more = {"dont_send_email": "true", "locale": "it-IT", "is_admin": 1, "time_zone": "Asia/Tokyo"}
    dino = app().post("/users", {**DINO, **more, "colour": "red"}).json
    assert (dino["locale"], dino["is_admin"], dino["time_zone"]) == ("it", True, "Asia/Tokyo")
    assert json.loads(entries(people)[-1].details) == {"created": "admin"}
    assert links(people) == []


@pytest.mark.parametrize(
    ("change", "field", "kind"),
    [
        ({"firstname": None}, "firstname", "invalid_parameter"),
        ({"firstname": " "}, "first_name", "invalid_parameter"),
        ({"email": ""}, "email", "invalid_parameter"),
        ({"email": "no address"}, "email", "invalid_parameter"),
        ({"email": "ugo@conti.example"}, "email", "invalid_parameter"),
        ({"time_zone": "Mars/Base"}, "time_zone", "invalid_parameter"),
    ],
)
def test_what_cannot_be_taken_adds_nobody(app, people, change, field, kind):
    answer = app().post("/users", {**DINO, **change})
    assert (answer.status, answer.kind, answer.json["field"]) == (422, kind, field)
    with scope.account(people.ferri.account.pk):
        assert User.objects.count() == 3


@pytest.mark.parametrize("name", ["firstname", "lastname", "email"])
def test_a_user_takes_a_name_and_an_address(app, name):
    answer = app().post("/users", {key: one for key, one in DINO.items() if key != name})
    assert (answer.kind, answer.json["field"]) == ("missing_parameter", name)


def test_an_address_that_is_taken_elsewhere_is_not_told(app):
    assert app().post("/users", {**DINO, "email": "carla@lodi.example"}).status == 201


def test_an_address_that_waits_is_shown_to_admins_alone(app, people, program):
    dino = app().post("/users", DINO).json["id"]
    for caller, told in (
        (app("read", "admin"), "dino@rota.example"),
        (app("read"), None),
        (program(people.ugo), None),
    ):
        assert caller.get(f"/users/{dino}").json["email"] == told
    assert app("read", "admin").get("/users/dino@rota.example").json["id"] == dino
    assert app("read").get("/users/dino@rota.example").status == 404
    assert app("read").get("/users", email="dino@rota.example").json == []


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_disabled_users_sessions_are_over(app, people, program, method):
    bruna = program(people.bruna)
    answer = app().call(method, "/users/bruna@sala.example/disable", "{}")
    assert (answer.status, answer.json["is_disabled"]) == (200, True)
    assert bruna.get("/ping").kind == "unauthorized_invalid_token"
    with scope.account(people.ferri.account.pk):
        assert not Session.objects.filter(user=people.bruna, ended_at=None).exists()
    assert app().call(method, f"/users/{people.bruna.pk}/disable").json["is_disabled"]


def test_the_last_admin_and_oneself_are_not_disabled(app, people, program):
    answer = app().put(f"/users/{people.anna.pk}/disable")
    assert (answer.status, answer.kind) == (422, "invalid_parameter")
    assert program(people.anna).put(f"/users/{people.anna.pk}/disable").status == 422
    assert not app().get(f"/users/{people.anna.pk}").json["is_disabled"]


ACTS = (
    ("PUT", "/users/{}/disable"), ("POST", "/users/{}/disable"), ("PUT", "/users/999999/disable"),
    ("POST", "/users?firstname=Dino&lastname=Rota&email=dino@rota.example"),
    ("GET", "/users/{}/send_activation_email"),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path"), ACTS)
def test_who_is_no_admin_is_refused_and_that_is_in_the_log(
    app, people, program, mailing, method, path
):
    for caller, kind in ((app("read", "write"), "key"), (program(people.ugo), "user")):
        answer = caller.call(method, path.format(people.bruna.pk))
        assert (answer.status, answer.kind) == (403, "unauthorized_non_admin")
        assert "Anna Ferri" in answer.json["message"]
        noted = entries(people)[-1]
        assert (noted.verb, noted.outcome, noted.actor_kind) == ("users", "refused", kind)
    assert links(people) == []
    with scope.account(people.ferri.account.pk):
        assert User.objects.filter(disabled_at=None).count() == 3


@pytest.mark.parametrize(("method", "path"), ACTS)
def test_an_admins_key_without_the_scope_write_is_refused(app, people, mailing, method, path):
    answer = app("read", "admin").call(method, path.format(people.bruna.pk))
    assert (answer.status, answer.kind) == (403, "missing_scope")
    assert entries(people)[-1].outcome == "refused"


def test_a_link_is_mailed_again(app, people, mailing):
    dino = app().post("/users", {**DINO, "dont_send_email": True}).json["id"]
    assert links(people) == []
    assert app("write", "admin").get(f"/users/{dino}/send_activation_email").status == 200
    assert links(people) == [dino]


def test_without_mail_no_link_is_made(app, people):
    answer = app().get(f"/users/{people.bruna.pk}/send_activation_email")
    assert (answer.status, answer.kind) == (422, "invalid_parameter")
    assert app().post("/users", DINO).status == 201
    assert links(people) == []
