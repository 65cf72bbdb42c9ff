"""Routes of sensitive actions: the log, a preview of an undo, and the undo itself."""

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
from custode.api.v2 import admins, numbered, params, reading
from custode.api.v2.shapes import actions as shapes
from custode.guard import door, logbook
from custode.guard.door import Attempt, UndoPart, UndoPreview, UndoStatus
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.address import whole
from custode.kernel.errors import Gone, Invalid

router = Router(tags=["Sensitive actions"])


class ActionsAsked(params.Paged):
    """The filter of log entries."""

    action: params.Text | None = Field(None, description="`delete`, `export`, `import`, …")
    kind: params.Text | None = Field(None, description="The kind of object, for example `lead`.")
    user_id: params.Who | None = Field(
        None, description="The user who acted: a number or an e-mail address."
    )
    who: params.Text | None = Field(
        None, description="Any other actor: `key:7`, `system:`, `operator:`."
    )
    outcome: params.Text | None = Field(None, description="`done`, `refused`, …")
    session_id: params.Text | None = Field(None, description="Actions of this session.")
    object: params.Text | None = Field(
        None, description="Actions on this object, for example `lead:5`."
    )
    alert: params.Text | None = Field(
        None, description="Actions that are part of an alert: `any`, `many`, or an alert's number."
    )
    start_date: params.Text | None = Field(None, description="On this day or later.")
    end_date: params.Text | None = Field(None, description="On this day or earlier.")
    before: params.Text | None = Field(
        None,
        description=(
            "Only entries older than this one, so that pages stay the same while entries are added."
        ),
    )
    after: params.Text | None = Field(None, description="Only entries newer than this one.")


class ObjectsAsked(params.Paged):
    """The filter of an action's objects."""

    kind: params.Text | None = Field(
        None, description="One of the kinds of object that the action touched."
    )
    stands: params.Text | None = Field(
        None, description="`as_left`, `changed`, `settled` or `trashed`."
    )


class WhatUndone(params.Given):
    """The part of an action to undo.

    Without any field, it is every object that is still as the action left it.
    """

    kind: params.Text | None = Field(None, description="Only objects of this kind.")
    ids: params.Names | None = Field(None, description="Only these objects.")
    but: params.Names | None = Field(None, description="All objects except these.")
    over: dict[str, Any] | None = Field(
        None,
        description=(
            "Objects that were changed after the action and are to be overwritten: each with its "
            "number and the `seen` value from `/objects`. An object that was changed again since "
            "then is left alone."
        ),
    )


_TEXTS: Final = {
    "action": "verb", "kind": "kind", "who": "who", "outcome": "outcome", "session_id": "session",
    "object": "object", "alert": "alert", "start_date": "since", "end_date": "until",
    "before": "before", "after": "after",
}  # fmt: skip
"""Parameters of this API and the corresponding ones of the log's page."""
_READ: Final = {"verb": "verb", "session": "session", "object": "thing"}
"""Address parameters that have another name in `logbook.Wanted`."""


@router.get("/sensitive_actions", response=list[shapes.Action], summary="List sensitive actions")
def find(request: HttpRequest, wanted: Query[ActionsAsked]) -> HttpResponse:
    """Return the matching entries, newest first. For admins only, in the edition Dream Team."""
    _require(request)
    rows = _found(wanted)
    page = wanted.page(rows)
    return answer(shapes.many(list(page)), total=rows.count())


@router.get(
    "/sensitive_actions/{id:pk}", response=shapes.FullAction, summary="Get a sensitive action"
)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Return an action as a sentence and as fields, with the present state of its objects."""
    actor = _require(request)
    entry = _entry(pk)
    (told,) = shapes.many([entry])
    return answer(
        told | {"objects": [shapes.touched(one) for one in door.undo_previews(actor, entry)]}
    )


@router.get(
    "/sensitive_actions/{id:pk}/objects",
    response=list[shapes.TouchedObject],
    summary="Preview an undo",
)
def objects(request: HttpRequest, pk: int, wanted: Query[ObjectsAsked]) -> HttpResponse:
    """Return the objects that an action touched, with their old, new and present values."""
    actor = _require(request)
    preview = _preview(door.undo_previews(actor, _entry(pk)), wanted.kind or "")
    if preview is None:
        return answer([], total=0)
    rows = preview.rows.order_by("pk")
    if wanted.stands:
        if wanted.stands not in set(UndoStatus):
            raise params.cannot("stands", wanted.stands)
        rows = rows.filter(stands=wanted.stands)
    total = rows.count()
    # Sort by number first: the state of the objects is determined for this page only.
    ids = list(wanted.page(rows.values_list("pk", flat=True)))
    page = list(preview.rows.filter(pk__anyof=ids).order_by("pk"))
    reading.tell(preview.model.kind.name, ids)
    return answer(shapes.objects(preview, page), total=total)


@router.post("/sensitive_actions/{id:pk}/undo", response=shapes.Undone, summary="Undo an action")
@the_door_decides
def undo(request: HttpRequest, pk: int, given: WhatUndone) -> HttpResponse:
    """Undo an action, or part of it: your own actions, or as an admin anybody's.

    The undo is an action itself. Other people's actions on objects that the caller cannot see
    answer 404. A key needs the scope `delete` to bring back what was deleted, and to undo what
    added objects or filled in many fields.
    """
    actor, part = actor_of(request), _part(given)
    # Before any lookup: a caller who may not undo must not learn which actions exist.
    door.check_policy(actor, Verb.UNDO, "", Attempt(1, {"undo": pk}))
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


def _preview(previews: list[UndoPreview], kind: str) -> UndoPreview | None:
    """Return the objects of the given kind, or of the first kind that has any."""
    if kind:
        return next((one for one in previews if one.model.kind.name == kind), None)
    return next((one for one in previews if one.rows.exists()), None)


def _found(wanted: ActionsAsked) -> QuerySet[LogEntry]:
    """Return the matching entries.

    An invalid filter is refused, since ignoring it would match too much.
    """
    query: dict[str, str] = {}
    for name, there in _TEXTS.items():
        if told := (getattr(wanted, name) or "").strip():
            query[there] = told
    if wanted.user_id:
        user = params.user_named(wanted.user_id)
        if user is None:
            return LogEntry.objects.none()
        query["who"] = f"{ActorKind.USER}:{user.pk}"
    read = logbook.Wanted.of(query)
    for name, there in _TEXTS.items():
        if there in query and not getattr(read, _READ.get(there, there)):
            raise params.cannot(name, query[there])
    return logbook.found(read)


def _part(given: WhatUndone) -> UndoPart:
    """Return the part of an action to undo.

    An invalid one is refused, since the undo would be larger.
    """
    numbered.each_number(given.over or {}, "over")
    over = {whole(pk): str(seen) for pk, seen in (given.over or {}).items()}
    only = None if given.ids is None else frozenset(numbered.each_number(given.ids, "ids"))
    but = frozenset(numbered.each_number(given.but or (), "but"))
    if given.ids is None and over and not given.but:
        # Naming only objects to overwrite means those objects alone.
        only = frozenset()
    return UndoPart(given.kind or "", only, but, over)
