"""Which entries of the trash a search means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet

from custode.guard import kinds, trash
from custode.guard.models import TrashEntry
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor
from custode.kernel.address import whole, words
from custode.kernel.text import fold
from custode.web.shell.words import actor_name

PAGE = 50
_ACTOR = re.compile(r"[a-z]{1,10}:[0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for; unknown values mean nothing is asked.

    Args:
        kind: a declared kind's name, or "".
        who: whose entries, as `kind:id`, or "".
        words: a part of an object's name.
        before: only entries older than this one, for the next page.
    """

    kind: str = ""
    who: str = ""
    words: str = ""
    before: int = 0

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """What a request's parameters ask for."""
        known = {model.kind.name for model in kinds.all_models()}
        kind, before = query.get("kind", ""), query.get("before", "")
        return cls(
            kind=kind if kind in known else "",
            who=actor_key(query.get("who", "")),
            words=words(query.get("q", "")),
            before=whole(before),
        )

    @property
    def is_narrow(self) -> bool:
        """Whether anything but a page is asked for."""
        return bool(self.kind or self.who or self.words)


def actor_key(text: str) -> str:
    """Somebody as the addresses name them, `kind:id`; nothing for what is no such name."""
    return text if _ACTOR.fullmatch(text) else ""


def found(actor: Actor, wanted: Wanted) -> QuerySet[TrashEntry]:
    """The entries that the actor may restore and that fit, the latest first."""
    entries: QuerySet[TrashEntry] = trash.entries(actor)
    if wanted.kind:
        entries = entries.filter(kind=wanted.kind)
    if wanted.who:
        actor_kind, _, actor_id = wanted.who.partition(":")
        entries = entries.filter(actor_kind=actor_kind, actor_id=whole(actor_id) or None)
    if wanted.words:
        entries = entries.filter(_naming(wanted.words))
    if wanted.before:
        entries = entries.filter(pk__lt=wanted.before)
    return entries


def _naming(words: str) -> Q:
    """Entries under which an object of this name lies, be it the ten-thousandth."""
    condition = Q(pk=0)
    for model in kinds.all_models():
        lying = model.with_trashed.filter(called(model, words), trash__isnull=False)
        condition |= Q(kind=model.kind.name, pk__in=lying.values("trash_id"))
    return condition


def called(model: type[Guarded], words: str) -> Q:
    """The objects of a kind in whose name these words stand."""
    field = _searched(model)
    return Q(**{f"{field}__icontains": fold(words) if field.endswith("_folded") else words})


def _searched(model: type[Guarded]) -> str:
    """The field to search for a name: the folded twin of the label, where the kind has one."""
    folded = f"{model.kind.label}_folded"
    try:
        model._meta.get_field(folded)
    except FieldDoesNotExist:
        return model.kind.label
    return folded


def people(actor: Actor) -> list[tuple[str, str]]:
    """Who has entries in the trash: (`kind:id`, name), by name."""
    rows = trash.entries(actor).order_by().values_list("actor_kind", "actor_id", "actor_name")
    named = {
        f"{kind}:{pk or ''}": actor_name(kind, name) for kind, pk, name in rows.distinct()[:500]
    }
    return sorted(named.items(), key=lambda pair: fold(pair[1]))
