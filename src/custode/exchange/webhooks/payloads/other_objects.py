"""Everything but leads in a delivery."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from custode.clients.models import ClientFolder
from custode.exchange.webhooks.payloads import leads, people
from custode.fields.models import DefaultField
from custode.guard.display_names import display_name
from custode.guard.models import LogEntry, LogPerson
from custode.kernel.clock import iso
from custode.leads.models import Pipeline, Step
from custode.postsales.models import Task
from custode.prospecting.models import ListColumn, Prospect

Told = dict[int, dict[str, Any]]
"""The number of an object -> its data."""


def of(kind: str, ids: Collection[int]) -> Told:
    """Return the data of objects of a kind; for purged ones, only the number."""
    found = _TELLERS[kind](ids)
    return {pk: found.get(pk, {"id": pk}) for pk in ids}


def _prospects(ids: Collection[int]) -> Told:
    rows = list(Prospect.with_trashed.filter(pk__anyof=list(ids)).select_related("in_list"))
    columns: dict[int, list[ListColumn]] = {}
    lists = {row.in_list_id for row in rows}
    standing = ListColumn.objects.filter(in_list__in=lists, retired_at=None)
    for column in standing.order_by("position", "pk"):
        columns.setdefault(column.in_list_id, []).append(column)
    return {row.pk: _prospect(row, columns.get(row.in_list_id, [])) for row in rows}


def _prospect(row: Prospect, columns: Collection[ListColumn]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "spreadsheet_id": row.in_list_id,
        "spreadsheet_title": row.in_list.title,
        "column_names": [column.name for column in columns],
        "content": [row.cells.get(column.key, "") for column in columns],
        "fields": {column.name: row.cells.get(column.key, "") for column in columns},
        "outcome": row.outcome,
        "is_active": row.trash_id is None,
        "lead_id": row.lead_id,
        "created_at": iso(row.created_at),
        "updated_at": iso(row.updated_at),
        "permalink": settings.URL + reverse("prospect", args=[row.pk]),
    }


def _folders(ids: Collection[int]) -> Told:
    rows = ClientFolder.with_trashed.filter(pk__anyof=list(ids)).select_related("owner")
    return {
        one.pk: {
            "id": one.pk,
            "name": one.name,
            "description": one.description,
            "is_active": one.is_active,
            "created_at": iso(one.created_at),
            "user_id": one.owner_id,
            "user": people.user(one.owner),
            "permalink": settings.URL + reverse("folder", args=[one.pk]),
        }
        for one in rows
    }


def _tasks(ids: Collection[int]) -> Told:
    rows = Task.with_trashed.filter(pk__anyof=list(ids)).select_related("process", "assignee")
    return {
        one.pk: {
            "id": one.pk,
            "title": one.text,
            "status": one.status,
            "due_date": one.due_date and one.due_date.isoformat(),
            "remind_date": one.remind_date and one.remind_date.isoformat(),
            "done_at": iso(one.done_at),
            "follow_up_id": one.process_id,
            "follow_up_title": one.process.title,
            "lead_id": one.process.lead_id,
            "user_id": one.assignee_id,
            "user": people.user(one.assignee),
            "created_at": iso(one.created_at),
            "updated_at": iso(one.updated_at),
        }
        for one in rows
    }


def _steps(ids: Collection[int]) -> Told:
    rows = Step.objects.filter(pk__in=ids).select_related("pipeline")
    return {
        one.pk: {
            "id": one.pk,
            "name": one.name,
            "position": one.position,
            "pipeline_id": one.pipeline_id,
            "pipeline": _pipeline(one.pipeline),
            **_since(one.created_at),
        }
        for one in rows
    }


def _pipelines(ids: Collection[int]) -> Told:
    return {one.pk: _pipeline(one) for one in Pipeline.objects.filter(pk__in=ids)}


def _pipeline(one: Pipeline) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "is_default": one.is_default,
        **_since(one.created_at),
    }


def _since(made: datetime) -> dict[str, str | None]:
    """Return creation time and an empty change time, which is not stored but expected."""
    return {"created_at": iso(made), "updated_at": iso(made)}


def _fields(ids: Collection[int]) -> Told:
    return {
        one.pk: {
            "id": one.pk,
            "name": one.name,
            "type": one.sort,
            "parent_type": "client" if one.kind == ClientFolder.kind.name else one.kind,
            "is_key": one.is_key,
            "position": one.position,
            **_since(one.created_at),
        }
        for one in DefaultField.objects.filter(pk__in=ids)
    }


def _acts(seqs: Collection[int]) -> Told:
    """Return entries of the log; the names of an erased person are left out."""
    entries = LogEntry.objects.filter(seq__in=seqs)
    people_ = dict(LogPerson.objects.filter(seq__in=seqs).values_list("seq", "data"))
    return {one.seq: _act(one, json.loads(people_.get(one.seq, "{}"))) for one in entries}


def _act(entry: LogEntry, person: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": entry.seq,
        "action": entry.verb,
        "object_type": entry.kind or None,
        "outcome": entry.outcome,
        "count": entry.count,
        "about_id": entry.about,
        "trash_id": entry.trash_id,
        "names": person.get("labels", []),
        "reason": person.get("reason", ""),
        "why": person.get("why"),
        "details": json.loads(entry.details),
        "actor": {
            "kind": entry.actor_kind,
            "id": entry.actor_id,
            "name": display_name(person.get("actor", "")),
            "ip": person.get("ip", ""),
        },
        "entrance": entry.entrance,
        "created_at": iso(entry.at),
        "permalink": settings.URL + reverse("sensitive_action", args=[entry.seq]),
    }


def _trash_acts(seqs: Collection[int]) -> Told:
    """Return what was restored or purged, and by whom: for editions without the log, too."""
    return {
        seq: {name: act[name] for name in _OF_TRASH}
        | {"actor": {name: act["actor"][name] for name in ("kind", "id", "name")}}
        for seq, act in _acts(seqs).items()
    }


_OF_TRASH: Final = ("id", "action", "object_type", "count", "trash_id", "names", "created_at")
_TELLERS: Final[Mapping[str, Callable[[Collection[int]], Told]]] = {
    "lead": leads.of,
    "prospect": _prospects,
    "client_folder": _folders,
    "task": _tasks,
    "step": _steps,
    "pipeline": _pipelines,
    "default_field": _fields,
    "act": _acts,
    "trash_act": _trash_acts,
}
