"""Privacy settings: the rules that reserve deleting and exporting to admins."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from custode.accounts import moves, privacy
from custode.accounts.privacy import Rule
from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import not_found
from custode.api.frame import the_door_decides
from custode.api.v2 import admins, asked
from custode.guard import door
from custode.guard.door import Tried
from custode.guard.kinds import Verb

router = Router(tags=["Privacy settings"])


class Setting(Schema):
    """A rule: while it holds, only admins do this."""

    id: str = Field(description="`export:lead`, `delete:client_folder`, …")
    action: str = Field(description="`export` or `delete`.")
    kind: str
    name: str = Field(description="What it says, for people, in the caller's language.")
    description: str = Field(description="What it changes.")
    is_on: bool = Field(description="Whether it is ticked.")
    is_resting: bool = Field(
        description="Ticked, and not holding: the account's edition has no rules any more."
    )
    refused_count: int = Field(description="How often it said no in the last 30 days.")


class OnOrOff(asked.Given):
    """What it is to be."""

    is_on: asked.Yes


@router.get("/privacy_settings", response=list[Setting], summary="The rules")
def find(request: HttpRequest, wanted: Query[asked.Paged]) -> HttpResponse:
    """All rules that there are. Only admins."""
    actor = actor_of(request)
    admins.require_admin(actor)
    rules = privacy.rules(actor.account_id)
    page = wanted.page(rules)
    return answer([_shape(rule) for rule in page], total=len(rules))


@router.get("/privacy_settings/{name}", response=Setting, summary="One rule")
def one(request: HttpRequest, name: str) -> HttpResponse:
    """A rule by its name, as `export:lead`."""
    actor = actor_of(request)
    admins.require_admin(actor)
    return answer(_shape(_named(actor.account_id, name)))


@router.put("/privacy_settings/{name}", response=Setting, summary="Set one rule")
@the_door_decides
def change(request: HttpRequest, name: str, given: OnOrOff) -> HttpResponse:
    """It holds from this moment. Only admins; switching on takes the edition Dream Team."""
    actor = actor_of(request)
    known = privacy.named(actor.account_id, name)
    tried = {"rule": known.name, "on": given.is_on} if known else {}
    door.look(actor, Verb.PRIVACY, "", Tried(1, tried))
    rule = _named(actor.account_id, name)
    moves.set_privacy(actor, rule.verb, rule.kind, given.is_on)
    return answer(_shape(_named(actor.account_id, name)))


def _named(account_id: int, name: str) -> Rule:
    found = privacy.named(account_id, name)
    if found is None:
        raise not_found()
    return found


def _shape(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "action": rule.verb,
        "kind": rule.kind,
        "name": rule.sentence,
        "description": rule.does,
        "is_on": rule.ticked,
        "is_resting": rule.rests,
        "refused_count": rule.refused,
    }
