"""Which rows an act concerns: of one declared kind, in the actor's account, seen by the actor."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.db.models.sql import Query
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.guard.kinds import Kind, Verb, everything
from custode.guard.owned import Guarded
from custode.guard.refusals import Tried
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, Refused

Rows = models.QuerySet[Any]


@models.AutoField.register_lookup
@models.BigIntegerField.register_lookup
class AnyOf(models.Lookup[Any]):
    """`id__anyof=[…]`: one parameter, however many ids there are."""

    lookup_name = "anyof"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`id = ANY(array)` on PostgreSQL; a JSON array taken apart on SQLite."""
        left, params = self.process_lhs(compiler, connection)
        ids = [int(one) for one in self.rhs]
        if connection.vendor == "postgresql":
            return f"{left} = ANY(%s)", (*params, ids)
        many = "SELECT value FROM json_each(%s)"
        return f"{left} IN ({many})", (*params, str(ids))


def numbers(ids: Iterable[int]) -> array[int]:
    """Many ids as `anyof` takes them at once: of a list Django resolves each member by itself."""
    return array("q", ids)


def kind_of(what: Rows | Sequence[Guarded]) -> Kind | None:
    """The one kind of the objects; None for an empty list.

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
    """The living rows meant, limited to the actor's account and to what the actor sees."""
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
    """Whether a query cannot be filtered further and locked, or may name a row twice.

    A join does so when one asks for what has any of several tags. Django also keeps those that it
    found needless; nothing refers to them.
    """
    joins = sum(uses > 0 for uses in query.alias_refcount.values()) > 1
    return bool(query.is_sliced or query.distinct or query.group_by or query.combinator or joins)


def how_many(actor: Actor, what: Rows | Sequence[Guarded]) -> Callable[[], int]:
    """How to find out how many are meant; nobody need count them unless they are refused."""
    return lambda: rows_of(actor, what).count() if isinstance(what, models.QuerySet) else len(what)


def attempt(
    actor: Actor, what: Rows | Sequence[Guarded], details: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Tried:  # fmt: skip
    """What the actor is about to do to these: should it be refused, the log says to which."""
    return Tried(how_many(actor, what), details or {}, lambda: _names_of(actor, what), reason)


def _names_of(actor: Actor, what: Rows | Sequence[Guarded]) -> list[str]:
    """The names of the first few that are meant, of those that the actor sees."""
    if not isinstance(what, models.QuerySet) and not what:
        return []
    rows = rows_of(actor, what)
    return named(rows, list(rows.order_by("pk").values_list("pk", flat=True)[:5]))


def taken(
    actor: Actor, rows: Rows, verb: Verb = Verb.CHANGE, of: Callable[[Actor], Q] = everything
) -> list[int]:
    """Lock the rows and give their ids; raises `Refused` when the actor may not edit them all.

    Args:
        verb: what is to be done to them, for the sentence.
        of: to which rows it may be done, among those that the actor may edit.
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
    """Lock the rows and give their ids."""
    lockable = rows.select_for_update(of=("self",)) if _can_lock() else rows
    return list(lockable.values_list("pk", flat=True))


def _can_lock() -> bool:
    return connection.features.has_select_for_update_of


def not_yours(others: int, total: int, kind: Kind, verb: Verb = Verb.CHANGE) -> Refused:
    """The refusal of an act on so many, of which some belong to others."""
    why = _deleting(others, total) if verb is Verb.DELETE else _changing(others, total)
    told = why % {"others": others, "total": total, "many": kind.many}
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
    """The names of the first few objects, for people."""
    found = rows.model.with_trashed.filter(pk__anyof=ids[:most])
    return [str(name)[:120] for name in found.values_list(rows.model.kind.label, flat=True)]
