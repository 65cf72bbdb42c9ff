"""Sensitive actions: the log, one act with what an undo would do, and the undo itself."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from custode.api.answers import answer
from custode.api.calls import actor_of, caller_of_call
from custode.api.errors import or_404
from custode.api.frame import the_door_decides
from custode.api.v2 import admins, asked, numbered
from custode.api.v2.shapes import actions as shapes
from custode.guard import door, logbook
from custode.guard.door import Part, Stands, Trail, Tried
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.address import whole
from custode.kernel.errors import Gone, Invalid

router = Router(tags=["Sensitive actions"])


class ActionsAsked(asked.Paged):
    """Which entries."""

    action: asked.Text | None = Field(None, description="`delete`, `export`, `import`, …")
    kind: asked.Text | None = Field(None, description="What sort of object, as `lead`.")
    user_id: asked.Who | None = Field(None, description="Who acted: a number or an address.")
    who: asked.Text | None = Field(
        None, description="Anybody who acted: `key:7`, `system:`, `operator:`."
    )
    outcome: asked.Text | None = Field(None, description="`done`, `refused`, …")
    session_id: asked.Text | None = Field(None, description="What was done in one session.")
    object: asked.Text | None = Field(None, description="What was done to one, as `lead:5`.")
    alert: asked.Text | None = Field(
        None, description="What is in an alert: `any`, `many`, or an alert's number."
    )
    start_date: asked.Text | None = Field(None, description="From this day on.")
    end_date: asked.Text | None = Field(None, description="Up to this day.")
    before: asked.Text | None = Field(
        None, description="Only older than this entry: for pages that stay while more is added."
    )
    after: asked.Text | None = Field(None, description="Only newer than this entry.")


class ObjectsAsked(asked.Paged):
    """Which objects of an act."""

    kind: asked.Text | None = Field(None, description="Of which of the kinds that it touched.")
    stands: asked.Text | None = Field(
        None, description="`as_left`, `changed`, `settled` or `trashed`."
    )


class WhatUndone(asked.Given):
    """What of an act is to be undone; nothing named is all that stands as the act left it."""

    kind: asked.Text | None = Field(None, description="Only objects of this kind.")
    ids: asked.Names | None = Field(None, description="Only these objects.")
    but: asked.Names | None = Field(None, description="All but these.")
    over: dict[str, Any] | None = Field(
        None,
        description="Objects that were changed since and are to be overwritten: number and the"
        " `seen` that `/objects` told of it. What was changed again after that stays.",
    )


_TEXTS: Final = {
    "action": "verb", "kind": "kind", "who": "who", "outcome": "outcome", "session_id": "session",
    "object": "object", "alert": "alert", "start_date": "since", "end_date": "until",
    "before": "before", "after": "after",
}  # fmt: skip
"""A parameter here -> the same in the address of the log's page."""
_READ: Final = {"verb": "verb", "session": "session", "object": "thing"}
"""Where `logbook.Wanted` calls something by another name than the address."""


@router.get("/sensitive_actions", response=list[shapes.Action], summary="The log")
def find(request: HttpRequest, wanted: Query[ActionsAsked]) -> HttpResponse:
    """The entries that fit, the latest first. Only admins, in the edition Dream Team."""
    _require(request)
    rows = _found(wanted)
    page = wanted.page(rows)
    return answer(shapes.many(list(page)), total=rows.count())


@router.get("/sensitive_actions/{id:pk}", response=shapes.FullAction, summary="One act")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """An act as a sentence and as fields, with how many of its objects stand how."""
    actor = _require(request)
    entry = _entry(pk)
    (told,) = shapes.many([entry])
    return answer(told | {"objects": [shapes.touched(one) for one in door.trails(actor, entry)]})


@router.get(
    "/sensitive_actions/{id:pk}/objects",
    response=list[shapes.TouchedObject],
    summary="What an undo would do",
)
def objects(request: HttpRequest, pk: int, wanted: Query[ObjectsAsked]) -> HttpResponse:
    """The objects that an act touched, by number: what it did to each, and what is now."""
    actor = _require(request)
    trail = _trail(door.trails(actor, _entry(pk)), wanted.kind or "")
    if trail is None:
        return answer([], total=0)
    rows = trail.rows.order_by("pk")
    if wanted.stands:
        if wanted.stands not in set(Stands):
            raise asked.cannot("stands", wanted.stands)
        rows = rows.filter(stands=wanted.stands)
    total = rows.count()
    # By number first: how each stands is found out for the page alone.
    ids = list(wanted.page(rows.values_list("pk", flat=True)))
    page = list(trail.rows.filter(pk__anyof=ids).order_by("pk"))
    return answer(shapes.objects(trail, page), total=total)


@router.post("/sensitive_actions/{id:pk}/undo", response=shapes.Undone, summary="Undo an act")
@the_door_decides
def undo(request: HttpRequest, pk: int, given: WhatUndone) -> HttpResponse:
    """Whole or in part: one's own acts, or as an admin any. The undo is an act itself.

    Of others' acts, those on what the caller does not see are not there.
    """
    actor, part = actor_of(request), _part(given)
    # Before anything is looked up: who may undo nothing learns of no act.
    door.look(actor, Verb.UNDO, "", Tried(1, {"undo": pk}))
    try:
        act = door.undo(actor, pk, part)
    except Gone as error:
        if part.is_nothing:
            raise Invalid(_("Choose what to take back."), field="ids") from error
        raise
    return answer({"id": act.seq, "about": pk, "count": act.count, "stayed": act.stayed})


def _require(request: HttpRequest) -> Actor:
    caller = caller_of_call(request)
    admins.require_admin(caller.actor)
    admins.require_log(caller.account)
    return caller.actor


def _entry(pk: int) -> LogEntry:
    return or_404(LogEntry.objects.filter(seq=pk).first())


def _trail(trails: list[Trail], kind: str) -> Trail | None:
    """The objects of the kind that is named, or of the first that has any."""
    if kind:
        return next((one for one in trails if one.model.kind.name == kind), None)
    return next((one for one in trails if one.rows.exists()), None)


def _found(wanted: ActionsAsked) -> QuerySet[LogEntry]:
    """The entries that fit; what cannot be read is refused: a filter less would find too much."""
    query: dict[str, str] = {}
    for name, there in _TEXTS.items():
        if told := (getattr(wanted, name) or "").strip():
            query[there] = told
    if wanted.user_id:
        user = asked.user_named(wanted.user_id)
        if user is None:
            return LogEntry.objects.none()
        query["who"] = f"{ActorKind.USER}:{user.pk}"
    read = logbook.Wanted.of(query)
    for name, there in _TEXTS.items():
        if there in query and not getattr(read, _READ.get(there, there)):
            raise asked.cannot(name, query[there])
    return logbook.found(read)


def _part(given: WhatUndone) -> Part:
    """Which part of an act is meant; what cannot be read is refused: the undo would be larger."""
    numbered.each_number(given.over or {}, "over")
    over = {whole(pk): str(seen) for pk, seen in (given.over or {}).items()}
    only = None if given.ids is None else frozenset(numbered.each_number(given.ids, "ids"))
    but = frozenset(numbered.each_number(given.but or (), "but"))
    if given.ids is None and over and not given.but:
        # Who names what is to be overwritten, and nothing else, means that alone.
        only = frozenset()
    return Part(given.kind or "", only, but, over)
