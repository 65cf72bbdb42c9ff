"""What an answer shows: a kept answer is given again only to a caller who still sees all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from custode.guard import kinds, scraping
from custode.kernel.actor import Actor

Shown = dict[str, set[int]]
"""kind -> the numbers of the objects."""

_shown: ContextVar[Shown | None] = ContextVar("custode_shown", default=None)


@contextmanager
def noting() -> Iterator[Shown]:
    """Collect the objects that a request is about and that its answer shows."""
    found: Shown = {}
    token = _shown.set(found)
    try:
        yield found
    finally:
        _shown.reset(token)


def show(kind: str, ids: Iterable[int]) -> None:
    """Note objects that are about to be shown, by name at least; nothing outside `noting`."""
    found = _shown.get()
    if found is not None:
        found.setdefault(kind, set()).update(ids)


def tell(kind: str, ids: Iterable[int]) -> None:
    """Note objects that are about to be sent, as `scraping.tell` does, and as shown."""
    told = list(ids)
    scraping.tell(kind, told)
    show(kind, told)


def sees(actor: Actor, shown: Mapping[str, Iterable[int]]) -> bool:
    """Return whether an actor sees all these objects now, none of them being in the trash."""
    for kind, ids in shown.items():
        model, wanted = kinds.model_of(kind), set(ids)
        rows = model.objects.filter(model.kind.sees(actor), pk__anyof=wanted)
        if rows.values("pk").distinct().count() != len(wanted):
            return False
    return True
