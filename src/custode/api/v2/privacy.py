"""Routes of the privacy settings: the rules that reserve deleting and exporting to admins."""

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
from custode.api.v2 import admins, params
from custode.guard import door
from custode.guard.door import Attempt
from custode.guard.kinds import Verb

router = Router(tags=["Privacy settings"])


class Setting(Schema):
    """A rule: while it is on, only admins may do this."""

    id: str = Field(description="`export:lead`, `delete:client_folder`, …")
    action: str = Field(description="`export` or `delete`.")
    kind: str
    name: str = Field(description="The rule in words, in the caller's language.")
    description: str = Field(description="What the rule changes, in words.")
    is_on: bool = Field(description="Whether it is switched on.")
    is_resting: bool = Field(
        description="Switched on but without effect: the account's edition no longer has rules."
    )
    refused_count: int = Field(description="How many acts it refused in the last 30 days.")


class OnOrOff(params.Given):
    """The new state of a rule."""

    is_on: params.Yes


@router.get("/privacy_settings", response=list[Setting], summary="List the rules")
def find(request: HttpRequest, wanted: Query[params.Paged]) -> HttpResponse:
    """Return all existing rules. For admins only."""
    actor = actor_of(request)
    admins.require_admin(actor)
    rules = privacy.rules(actor.account_id)
    page = wanted.page(rules)
    return answer([_shape(rule) for rule in page], total=len(rules))


@router.get("/privacy_settings/{name}", response=Setting, summary="Get a rule")
def one(request: HttpRequest, name: str) -> HttpResponse:
    """Return a rule by its name, for example `export:lead`."""
    actor = actor_of(request)
    admins.require_admin(actor)
    return answer(_shape(_named(actor.account_id, name)))


@router.put("/privacy_settings/{name}", response=Setting, summary="Switch a rule on or off")
@the_door_decides
def change(request: HttpRequest, name: str, given: OnOrOff) -> HttpResponse:
    """Switch a rule on or off, effective at once. For admins.

    Switching on needs the edition Dream Team.
    """
    actor = actor_of(request)
    known = privacy.named(actor.account_id, name)
    tried = {"rule": known.name, "on": given.is_on} if known else {}
    door.check_policy(actor, Verb.PRIVACY, "", Attempt(1, tried))
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
