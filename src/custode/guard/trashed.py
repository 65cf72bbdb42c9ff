"""Searching the trash: which entries match, and which objects in it have a name."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet

from custode.guard import kinds, trash
from custode.guard.logbook import done_by, start_of
from custode.guard.models import LogEntry, TrashEntry
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.address import actor_key, day, whole, words
from custode.kernel.text import fold


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search of the trash, as requested in a URL; unknown values are ignored.

    Args:
        kind: a declared kind's name, or "".
        who: whose entries, as `kind:id`, or "".
        words: a part of an object's name.
        since, until: the first and the last day of deletion.
        before: only entries older than this one, for the next page.
    """

    kind: str = ""
    who: str = ""
    words: str = ""
    since: date | None = None
    until: date | None = None
    before: int = 0

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """Return the search that a request's parameters describe."""
        known = {model.kind.name for model in kinds.all_models()}
        kind, before = query.get("kind", ""), query.get("before", "")
        return cls(
            kind=kind if kind in known else "",
            who=actor_key(query.get("who", "")),
            words=words(query.get("q", "")),
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
            before=whole(before),
        )

    @property
    def is_narrow(self) -> bool:
        """Whether anything but a page is asked for."""
        return bool(self.kind or self.who or self.words or self.since or self.until)


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return day(text)
    return None


def found(actor: Actor, wanted: Wanted) -> QuerySet[TrashEntry]:
    """Return the matching entries that the actor may restore, the latest first."""
    entries: QuerySet[TrashEntry] = trash.entries(actor)
    if wanted.kind:
        entries = entries.filter(kind=wanted.kind)
    if wanted.who:
        actor_kind, _, actor_id = wanted.who.partition(":")
        entries = entries.filter(_by(actor_kind, whole(actor_id) or None))
    if wanted.since:
        entries = entries.filter(at__gte=start_of(wanted.since))
    if wanted.until:
        entries = entries.filter(at__lt=start_of(wanted.until + timedelta(days=1)))
    if wanted.words:
        entries = entries.filter(_naming(wanted.words))
    if wanted.before:
        entries = entries.filter(pk__lt=wanted.before)
    return entries


def _by(actor_kind: str, actor_id: int | None) -> Q:
    """Return the condition on an actor's entries; an application's include users' ones."""
    own = Q(actor_kind=actor_kind, actor_id=actor_id)
    if actor_kind != ActorKind.KEY:
        return own
    return Q(seq__in=LogEntry.objects.filter(done_by(actor_kind, actor_id)).values("seq"))


def _naming(words: str) -> Q:
    """Return the condition on entries that contain an object of this name, at any position."""
    condition = Q(pk=0)
    for model in kinds.all_models():
        lying = model.with_trashed.filter(called(model, words), trash__isnull=False)
        condition |= Q(kind=model.kind.name, pk__in=lying.values("trash_id"))
    return condition


def called(model: type[Guarded], words: str) -> Q:
    """Return the objects of a kind whose name contains these words."""
    field = _searched(model)
    return Q(**{f"{field}__icontains": fold(words) if field.endswith("_folded") else words})


def _searched(model: type[Guarded]) -> str:
    """Return the field to search for a name: the folded copy of the label, if the kind has one."""
    folded = f"{model.kind.label}_folded"
    try:
        model._meta.get_field(folded)
    except FieldDoesNotExist:
        return model.kind.label
    return folded
