"""The people in the trash's filter."""

from __future__ import annotations

from custode.guard import trash
from custode.kernel.actor import Actor
from custode.kernel.text import fold
from custode.web.shell.words import actor_name

PAGE = 50


def people(actor: Actor) -> list[tuple[str, str]]:
    """Return who has entries in the trash: (`kind:id`, name), by name."""
    rows = trash.entries(actor).order_by().values_list("actor_kind", "actor_id", "actor_name")
    named: dict[str, str] = {}
    # Identified by name alone, not also by the user in whose name an application acted.
    for kind, pk, name in sorted(rows.distinct()[:500], key=lambda row: len(row[2])):
        named.setdefault(f"{kind}:{pk or ''}", actor_name(kind, name))
    return sorted(named.items(), key=lambda pair: fold(pair[1]))
