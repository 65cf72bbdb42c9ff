"""What is said about a prospecting list as a whole, as programs say it."""

from __future__ import annotations

import pytest

from custode.accounts import moves as account_moves
from custode.activities.models import Comment
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import scope
from tests.prospecting.sheets import row_of

pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture
def key(app):
    """An application that may do everything but export."""
    return app("read", "write", "delete", "admin")


def test_a_comment_is_made_as_the_reference_says(key, fair, people):
    made = key.post(
        f"/spreadsheets/{fair.pk}/comments",
        {"content": "From the fair.", "is_pinned": True, "user_id": people.ugo.email},
    )
    assert made.status == 201
    about = made.json["commented_item"]
    assert about == {"id": fair.pk, "type": "prospecting_list", "name": fair.title}
    told = made.json
    assert (told["content"], told["is_pinned"]) == ("From the fair.", True)
    assert told["user"]["email"] == people.ugo.email
    older = key.post(f"/prospecting_lists/{fair.pk}/comments", {"content": "By its other name."})
    assert older.status == 201


def test_it_is_read_changed_and_deleted(key, fair, people, program):
    where = f"/spreadsheets/{fair.pk}/comments"
    first = key.post(where, {"content": "One"}).json["id"]
    key.post(where, {"content": "Two", "user_id": people.ugo.pk})
    listed = key.get(where)
    assert [one["content"] for one in listed.json] == ["Two", "One"]
    assert listed.headers["X-TOTAL-COUNT"] == "2"
    asked = key.get(where, direction="asc", limit=1)
    assert [one["content"] for one in asked.json] == ["One"]
    assert key.put(f"{where}/{first}", {"content": "One more"}).json["content"] == "One more"
    refused = program(people.bruna).put(f"{where}/{first}", {"content": "Mine"})
    assert (refused.status, refused.kind) == (403, "refused")
    assert key.delete(f"{where}/{first}").json == {"id": first}
    assert len(key.get(where).json) == 1
    assert key.post(where, {}).kind == "missing_parameter"


def test_what_is_said_about_a_row_is_not_said_about_its_list(key, fair, people):
    with scope.account(people.ferri.account.pk):
        row = row_of(fair, "Rossi S.r.l.").pk
    on_row = key.post(f"/spreadsheets/{fair.pk}/rows/{row}/comments", {"content": "A row"})
    on_list = key.post(f"/spreadsheets/{fair.pk}/comments", {"content": "The list"})
    where = f"/spreadsheets/{fair.pk}/comments"
    assert [one["content"] for one in key.get(where).json] == ["The list"]
    assert key.put(f"{where}/{on_row.json['id']}", {"content": "x"}).status == 404
    other = f"/spreadsheets/{fair.pk}/rows/{row}/comments/{on_list.json['id']}"
    assert key.delete(other).status == 404


def test_the_rule_on_deleting_comments_holds_here_too(app, fair, people, program):
    writer = program(people.ugo)
    where = f"/spreadsheets/{fair.pk}/comments"
    pk = writer.post(where, {"content": "Mine"}).json["id"]
    with scope.account(people.ferri.account.pk):
        account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "comment", True)
    refused = writer.delete(f"{where}/{pk}")
    assert (refused.status, refused.json["rule"]) == (403, "delete:comment")
    assert app("read", "write").delete(f"{where}/{pk}").kind == "missing_scope"
    with scope.account(people.ferri.account.pk):
        assert Comment.objects.filter(pk=pk).exists()


def test_nothing_is_said_about_a_list_that_lies_in_the_trash(key, fair, people):
    with scope.account(people.ferri.account.pk):
        door.delete(people.actor(people.ugo), [fair])
    assert key.post(f"/spreadsheets/{fair.pk}/comments", {"content": "x"}).status == 404
