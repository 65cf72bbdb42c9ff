"""What the panel's pages have in common: who may, and an order that a page asks for."""

from __future__ import annotations

from django.http import HttpRequest

from custode.guard import policy
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.address import whole
from custode.web.shell.requests import actor_of


def panel_admin(request: HttpRequest) -> Actor:
    """Who acts; raises `Refused` unless an admin."""
    actor = actor_of(request)
    policy.require(actor, Verb.ACCOUNT)
    return actor


def asked_order(request: HttpRequest, kind: str) -> tuple[list[int], str]:
    """The numbers in the order asked for, and which button the person pressed, to find it again.

    The page sends them as they stand; a button moves one of them a place up or down.
    """
    ids = [whole(text) for text in request.POST.getlist("ids")]
    for way, by in (("up", -1), ("down", 1)):
        pk = whole(request.POST.get(way, ""))
        if pk in ids:
            at = ids.index(pk)
            ids.insert(max(0, at + by), ids.pop(at))
            return ids, f"{way}-{kind}-{pk}"
    return ids, ""
