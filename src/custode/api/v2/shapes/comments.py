"""The shapes of a comment and its files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from ninja import Schema
from pydantic import Field

from custode.activities.models import Attachment, Comment
from custode.api import file_links
from custode.api.v2.shapes.leads import person
from custode.guard import history
from custode.guard.display_names import display_name
from custode.guard.models import Change
from custode.kernel.clock import iso


class File(Schema):
    """A file attached to a comment."""

    id: int
    name: str
    content_type: str
    size: int = Field(description="Size in bytes.")
    kind: str
    comment_id: int
    created_at: str
    url: str = Field(description="Where it can be downloaded without a key, for three minutes.")


class Writer(Schema):
    """The author of a comment; an application has no number and no e-mail address here."""

    id: int | None
    firstname: str
    lastname: str
    email: str | None


class Item(Schema):
    """The object on which a comment was made."""

    id: int
    type: str
    name: str


class CommentShape(Schema):
    """A comment."""

    id: int
    content: str | None
    raw_content: str | None
    commented_item: Item
    created_at: str
    activity_id: int | None
    is_pinned: bool
    attachments: list[File]
    reactions: list[dict[str, Any]]
    user: Writer


def many(comments: Iterable[Comment]) -> list[dict[str, Any]]:
    """Return comments, read with `author`: one query for their files, one for the writing keys."""
    found = list(comments)
    files: dict[int, list[dict[str, Any]]] = {}
    for one in Attachment.objects.filter(comment__in=found, taken_in=None):
        files.setdefault(one.comment_id, []).append(file(one))
    writers = applications([one.pk for one in found if one.author_id is None])
    return [_shape(one, files.get(one.pk, []), writers.get(one.pk, "")) for one in found]


def _shape(one: Comment, files: list[dict[str, Any]], application: str) -> dict[str, Any]:
    about = one.hangs_on
    assert about is not None  # noqa: S101 (for mypy: each hangs on one, says the database)
    nobody = {"id": None, "firstname": application, "lastname": "", "email": None}
    return {
        "id": one.pk,
        "content": one.text,
        "raw_content": one.text,
        "commented_item": {"id": about.pk, "type": about.kind.name, "name": str(about)},
        "created_at": iso(one.created_at),
        "activity_id": one.activity_id,
        "is_pinned": one.pinned,
        "attachments": files,
        "reactions": [],
        "user": person(one.author) or nobody,
    }


def applications(ids: list[int]) -> dict[int, str]:
    """Return the names of the applications that wrote these comments."""
    if not ids:
        return {}
    lines = Change.objects.filter(kind="comment", object_id__in=ids, field=history.CREATED)
    return {pk: display_name(name) for pk, name in lines.values_list("object_id", "actor_name")}


def file(one: Attachment) -> dict[str, Any]:
    """Return a file with a link that expires."""
    return {
        "id": one.pk,
        "name": one.name,
        "content_type": one.media_type,
        "size": one.size,
        "kind": "attachment",
        "comment_id": one.comment_id,
        "created_at": iso(one.created_at),
        "url": f"{settings.URL}{file_links.address_of(one)}",
    }
