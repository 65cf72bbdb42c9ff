"""Which rows an act concerns: of one declared kind, in the actor's account, seen by the actor."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.sql import Query
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.guard.kinds import Kind, Verb, everything
from custode.guard.owned import Guarded
from custode.guard.refusals import Attempt
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, Refused

Rows = models.QuerySet[Any]


@models.AutoField.register_lookup
@models.BigIntegerField.register_lookup
class AnyOf(models.Lookup[Any]):
    """`id__anyof=[…]`: one SQL parameter, however many ids there are."""

    lookup_name = "anyof"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return `id = ANY(array)` for PostgreSQL, or a lookup in a JSON array for SQLite."""
        left, params = self.process_lhs(compiler, connection)
        ids = [int(one) for one in self.rhs]
        if connection.vendor == "postgresql":
            # Of the column's own type: only then PostgreSQL hashes the array where it is a term.
            # As text, since the driver looks at each member of a list.
            return f"{left} = ANY(%s::bigint[])", (*params, "{" + str(ids)[1:-1] + "}")
        many = "SELECT value FROM json_each(%s)"
        return f"{left} IN ({many})", (*params, str(ids))


def numbers(ids: Iterable[int]) -> array[int]:
    """Return many ids in the form for `anyof`: in a list, Django resolves each member by itself."""
    return array("q", ids)


def kind_of(what: Rows | Sequence[Guarded]) -> Kind | None:
    """Return the one kind of the objects; None for an empty list.

    Raises:
        Invalid: the list mixes kinds, or its kind is not declared to the door.
    """
    found = {what.model} if isinstance(what, models.QuerySet) else {type(one) for one in what}
    if len(found) > 1:
        raise Invalid("The door takes objects of one kind at a time.")
    if not found:
        return None
    model = found.pop()
    if not issubclass(model, Guarded):
        raise Invalid(f"{model.__name__} is not declared to the door.")
    return model.kind


def rows_of(actor: Actor, what: Rows | Sequence[Guarded]) -> Rows:
    """Return the living rows meant, limited to the actor's account and to what the actor sees."""
    rows: Rows
    if not isinstance(what, models.QuerySet):
        rows = type(what[0]).objects.filter(pk__anyof=[one.pk for one in what])
    elif _is_more_than_rows(what.query):
        rows = what.model.objects.filter(pk__in=what.values("pk"))
    else:
        rows = what.order_by()
    mine = Q(account_id=actor.account_id, trash__isnull=True)
    return rows.filter(rows.model.kind.sees(actor), mine)


def _is_more_than_rows(query: Query) -> bool:
    """Return whether a query cannot be filtered further and locked, or may return a row twice.

    A join does the latter when a filter asks for rows with any of several tags. Django also keeps
    joins that it found unnecessary; nothing refers to those.
    """
    joins = sum(uses > 0 for uses in query.alias_refcount.values()) > 1
    return bool(query.is_sliced or query.distinct or query.group_by or query.combinator or joins)


def how_many(actor: Actor, what: Rows | Sequence[Guarded]) -> Callable[[], int]:
    """Return a function that counts the rows meant; only a refusal calls it."""
    return lambda: rows_of(actor, what).count() if isinstance(what, models.QuerySet) else len(what)


def attempt(
    actor: Actor, what: Rows | Sequence[Guarded], details: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Attempt:  # fmt: skip
    """Describe what the actor is about to do to these rows, for the log of a refusal."""
    return Attempt(how_many(actor, what), details or {}, lambda: _names_of(actor, what), reason)


def _names_of(actor: Actor, what: Rows | Sequence[Guarded]) -> list[str]:
    """Return the names of the first few of the rows meant that the actor sees."""
    if not isinstance(what, models.QuerySet) and not what:
        return []
    rows = rows_of(actor, what)
    return named(rows, list(rows.order_by("pk").values_list("pk", flat=True)[:5]))


def taken(
    actor: Actor, rows: Rows, verb: Verb = Verb.CHANGE, of: Callable[[Actor], Q] = everything
) -> list[int]:
    """Lock the rows and return their ids; raise `Refused` when the actor may not edit them all.

    Args:
        verb: the intended verb, for the sentence.
        of: the rows it may be done to, among those that the actor may edit.
    """
    model = rows.model
    ids = locked(rows)
    edits = model.kind.edits(actor) & of(actor)
    if edits and ids:
        mine = model.objects.filter(edits, pk__anyof=numbers(ids)).count()
        if mine < len(ids):
            raise not_yours(len(ids) - mine, len(ids), model.kind, verb)
    return ids


def locked(rows: Rows) -> list[int]:
    """Lock the rows, but not the rows joined with them, and return their ids."""
    return list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


def not_yours(others: int, total: int, kind: Kind, verb: Verb = Verb.CHANGE) -> Refused:
    """Return the refusal of an act on rows of which some belong to others."""
    why = _deleting(others, total) if verb is Verb.DELETE else _changing(others, total)
    told = why % {"others": others, "total": total, "many": kind.plural}
    return Refused(told, because="others", others=others)


def _deleting(others: int, total: int) -> str:
    if total == 1:
        return _(
            "You may see this but not delete it: it belongs to somebody else. Ask its owner or an"
            " admin."
        )
    return ngettext(
        "You may see but not delete %(others)s of these %(total)s %(many)s: it belongs to"
        " somebody else. Ask its owner or an admin.",
        "You may see but not delete %(others)s of these %(total)s %(many)s: they belong to"
        " somebody else. Ask their owners or an admin.",
        others,
    )


def _changing(others: int, total: int) -> str:
    if total == 1:
        return _(
            "You may see this but not change it: it belongs to somebody else. Ask its owner or an"
            " admin."
        )
    return ngettext(
        "You may see but not change %(others)s of these %(total)s %(many)s: it belongs to"
        " somebody else. Ask its owner or an admin.",
        "You may see but not change %(others)s of these %(total)s %(many)s: they belong to"
        " somebody else. Ask their owners or an admin.",
        others,
    )


def named(rows: Rows, ids: list[int], most: int = 5) -> list[str]:
    """Return the names of the few objects that were made first, for people."""
    found = rows.model.with_trashed.filter(pk__anyof=sorted(ids)[:most]).order_by("pk")
    return [str(name)[:120] for name in found.values_list(rows.model.kind.label, flat=True)]
