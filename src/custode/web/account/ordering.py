"""Helpers of the admin panel's pages: the check for admins, and changes of order."""

from __future__ import annotations

from django.http import HttpRequest

from custode.guard import policy
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.address import whole
from custode.web.shell.requests import actor_of


def panel_admin(request: HttpRequest) -> Actor:
    """Return the actor; raise `Refused` unless they are an admin."""
    actor = actor_of(request)
    policy.require(actor, Verb.ACCOUNT)
    return actor


def asked_order(request: HttpRequest, kind: str) -> tuple[list[int], str]:
    """Return the requested order of numbers, and the pressed button, which gets the focus again.

    The page sends the numbers in their present order; a button moves one of them up or down.
    """
    ids = [whole(text) for text in request.POST.getlist("ids")]
    for way, by in (("up", -1), ("down", 1)):
        pk = whole(request.POST.get(way, ""))
        if pk in ids:
            at = ids.index(pk)
            ids.insert(max(0, at + by), ids.pop(at))
            return ids, f"{way}-{kind}-{pk}"
    return ids, ""
