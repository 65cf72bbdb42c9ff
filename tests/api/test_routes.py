"""Every route: which scope it takes, who is refused, and that nothing of others is found."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from custode.accounts import sharing
from custode.accounts.models import Account
from custode.accounts.sharing import Sharing
from custode.activities import moves as talk
from custode.activities.files import Incoming
from custode.activities.models import Attachment
from custode.api.simple import simple
from custode.api.v2 import api
from custode.clients import moves as folders
from custode.exchange import exporting
from custode.exchange.orders import Order
from custode.guard import door
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Scope
from custode.signin.models import Session
from tests.api import routes, routes_of_security
from tests.api.calling import Caller, key_for, token_for
from tests.api.routes import Line
from tests.api.set_up import set_up
from tests.cast import Cast
from tests.prospecting.sheets import a_list, row_of

# Some hundreds, most of which make a world of their own: by turns on either database.
pytestmark = pytest.mark.dealt
LINES = (*routes.LINES, *routes_of_security.LINES)


def each(holds: Callable[[Line], bool]) -> pytest.MarkDecorator:
    """A case, and so a world, for each line of which it holds."""
    lines = [line for line in LINES if holds(line)]
    return pytest.mark.parametrize("line", lines, ids=map(name_of, lines))


def name_of(line: Line) -> str:
    return f"{line.method} {line.path}"


def shows(line: Line) -> bool:
    """Whether what it does is to show something."""
    return line.method == "GET" and line.takes in {"read", "export"}


every = each(lambda line: True)


@pytest.fixture(scope="module")
def world(ground: Cast) -> dict[str, Any]:
    """What the lines speak of, all of it Ugo's: a lead, a folder, a list, comments and a file.

    And another lead that Ugo has deleted, a token of his, a rule, and the file of an export that
    is not the caller's.
    """
    people = ground
    lead = people.lead(people.ugo, "Scanner")
    gone = door.delete(people.actor(people.ugo), [people.lead(people.ugo, "Printer")])
    token_for(people.ugo)
    with scope.account(people.ferri.account.pk):
        actor = people.actor(people.ugo)
        comment = talk.write(actor, lead, "Hello", None, [Incoming("a.txt", 3, [b"abc"])])
        folder = folders.create(actor, "Rossi S.r.l.", owner=people.ugo)
        sheet = a_list(actor)
        row = row_of(sheet, "Rossi S.r.l.")
        return {
            "lead": lead.pk, "comment": comment.pk, "folder": folder.pk, "ugo": people.ugo.pk,
            "entry": gone.entry.pk if gone.entry else 0, "act": gone.seq, "rule": "export:lead",
            "session": Session.objects.latest("pk").pk,
            "export": exporting.file_for(people.anna, people.actor(people.anna), Order("csv")).pk,
            "file": Attachment.objects.get(comment=comment).pk, "sheet": sheet.pk, "row": row.pk,
            "said": talk.write(actor, row, "Called").pk,
            "told": talk.write(actor, sheet, "From the fair").pk,
            **set_up(people),
        }  # fmt: skip


def filled(text: str, world: dict[str, Any]) -> str:
    """A path or a body with the numbers of the world."""
    return re.sub(r"\{(\w+)\}", lambda name: str(world[name[1]]), text)


def call(caller: Caller, line: Line, world: dict[str, Any]) -> Any:
    return caller.call(line.method, filled(line.path, world), filled(json.dumps(line.body), world))


def needed_by(line: Line) -> set[str]:
    """The scopes of a key that may, of what the tests' world has."""
    of_ugo = (
        line.path.endswith(("{comment}", "{said}", "{told}", "{file}")) and line.method != "GET"
    )
    admins = {"admin"} if line.admins or of_ugo else set()
    return {line.takes, *line.also, *admins} - {""}


def answered(
    holds: Callable[[Line], bool], world: dict[str, Any], *callers: Caller
) -> dict[tuple[int, str], set[str]]:
    """(status, type) -> the lines that are answered so: refusals leave the one world as it is."""
    told = defaultdict(set)
    for line in filter(holds, LINES):
        for caller in callers:
            answer = call(caller, line, world)
            told[answer.status, answer.kind if answer.status >= 400 else ""].add(name_of(line))
    return dict(told)


def test_every_route_has_its_line():
    documents = (api.document("/api/v2/"), simple.document("/api/simple/"))
    here = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v2")))
        for document in documents
        for path, methods in document["paths"].items()
        for method in methods
    }
    told = {(line.method, re.sub(r"\{\w+\}", "{}", line.path.partition("?")[0])) for line in LINES}
    assert here == told
    hidden = {
        str(pattern.pattern)
        for pattern in api.urls[0]
        if not any(re.sub(r"<[^>]+>", "{}", str(pattern.pattern)) == path[1:] for _m, path in told)
    }
    assert hidden == {"openapi.json", "files/<path:told>", ""}


@every
def test_a_key_with_all_scopes_may(app, world, line):
    assert call(app(), line, world).status == line.ok


@every
def test_a_key_of_only_what_it_takes_may_and_of_all_else_may_not(app, people, world, line):
    if not line.takes:
        assert call(app("export"), line, world).status == line.ok
        return
    needed = needed_by(line)
    without = [one.value for one in Scope if one.value != line.takes]
    answer = call(app(*without), line, world)
    assert (answer.status, answer.kind) == (403, "missing_scope"), answer.content
    assert line.takes in answer.json["message"]
    if line.admins:
        answer = call(app("read", "write", "delete", "export"), line, world)
        assert (answer.status, answer.kind) == (403, "unauthorized_non_admin")
    assert call(app(*needed), line, world).status == line.ok


@each(lambda line: not shows(line) and line.ok < 300 and "read" not in line.also)
def test_who_may_not_read_is_told_a_number_and_nothing_of_what_they_change(app, world, line):
    needed = needed_by(line) - {"read"}
    answer = call(app(*(needed or {"export"})), line, world)
    assert (answer.status, {*answer.json}) == (line.ok, {*line.tells})


@each(lambda line: line.takes == "delete")
def test_a_key_that_may_not_delete_does_not_learn_what_is_there(app, world, line):
    one, nowhere = app("read", "write"), dict.fromkeys(world, 999_999)
    there, not_there = call(one, line, world), call(one, line, nowhere)
    assert (there.status, there.kind) == (403, "missing_scope")
    assert not_there.content == there.content


@each(lambda line: line.takes == "delete" and bool(line.logged))
def test_a_refused_deletion_is_in_the_log_in_the_name_of_the_key(app, people, world, line):
    call(app("read", "write", name="Zapp"), line, world)
    with scope.account(people.ferri.account.pk):
        entry = LogEntry.objects.latest("seq")
    assert (entry.verb, entry.outcome, entry.actor_kind) == (line.logged, "refused", "key")
    assert entry.entrance == "api"


def test_without_a_key_nothing_is_answered(world):
    stranger = Caller()
    told = answered(lambda line: not line.open, world, stranger)
    assert set(told) == {(401, "unauthorized_missing_token")}, told
    told = answered(lambda line: line.open, world, stranger)
    assert set(told) == {(401, "unauthorized_missing_credentials")}, told


def test_a_users_token_is_refused_where_only_keys_are_taken(people, world):
    told = answered(lambda line: line.keys, world, Caller(token=token_for(people.anna)))
    assert set(told) == {(401, "not_api_key")}, told


def test_what_is_of_another_account_is_not_there(people, world):
    key = Caller(key=key_for(people.lodi.account))
    told = answered(lambda line: line.hidden or line.foreign, world, key)
    assert set(told) == {(404, "record_not_found")}, told
    token = Caller(token=token_for(people.carla))
    told = answered(lambda line: (line.hidden or line.foreign) and not line.keys, world, token)
    assert set(told) == {(404, "record_not_found")}, told


def test_what_a_user_does_not_see_is_not_there(people, world):
    with scope.account(people.ferri.account.pk):
        account = Account.objects.get(pk=people.ferri.account.pk)
        only_admins = replace(Sharing.of(account), visibility="admins")
        sharing.change(people.actor(people.anna), only_admins)
    bruna = Caller(token=token_for(people.bruna))
    told = answered(lambda line: line.hidden and not line.keys, world, bruna)
    assert set(told) == {(404, "record_not_found")}, told


@each(lambda line: line.admins and not line.keys and not line.own)
def test_what_is_for_admins_is_refused_to_a_user_and_done_for_an_admin(people, world, line):
    for who in (people.ugo, people.bruna):
        answer = call(Caller(token=token_for(who)), line, world)
        assert (answer.status, answer.kind) == (403, "unauthorized_non_admin")
    assert call(Caller(token=token_for(people.anna)), line, world).status == line.ok


@each(lambda line: line.own)
def test_of_what_users_have_themselves_they_see_and_change_only_theirs(people, world, line):
    of_bruna = call(Caller(token=token_for(people.bruna)), line, world)
    if "{" in line.path:
        assert (
            of_bruna.kind
            == {"GET": "record_not_found", "DELETE": "unauthorized_non_admin"}[line.method]
        )
    else:
        assert {one["user_id"] for one in of_bruna.json} == {people.bruna.pk}
    assert call(Caller(token=token_for(people.ugo)), line, world).status == line.ok
    assert call(Caller(token=token_for(people.anna)), line, world).status == line.ok
