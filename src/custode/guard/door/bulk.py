"""Bulk edits: one field of many objects, or one label on many, as one act that can be undone.

The lines of history are written first, by the database from its own rows; undo uses them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from custode.guard import kinds, log, news
from custode.guard.door.acts import NOTHING, Act, authorized
from custode.guard.door.selection import Rows, attempt, kind_of, named, numbers, rows_of, taken
from custode.guard.history import plain
from custode.guard.kinds import Bulk, Kind, Verb
from custode.guard.models import Change
from custode.guard.owned import Guarded, Owned, Retirable
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid


def change(actor: Actor, what: Rows | Sequence[Guarded], field: str, value: Owned | None) -> Act:
    """Set one field of many objects, as one act with one log entry that can be undone.

    Args:
        field: a field the kind declares for bulk edits.
        value: the object it is to point to, of the actor's account; None to empty it.

    Raises:
        Invalid: the field is not declared for bulk edits, or the value is another account's.
        Refused: the actor may not edit all of them, or not set this value. Nothing is changed.
    """
    kind = kind_of(what)
    if kind is None:
        return NOTHING
    bulk = declared(kind, field)
    own(actor, value)
    with authorized(actor, Verb.CHANGE, kind.name, attempt(actor, what, {"field": field})):
        bulk.check(actor, value)
        require_offered(value)
        rows = rows_of(actor, what)
        ids = taken(actor, rows, of=bulk.limited_to)
        new = None if value is None else value.pk
        column = rows.model._meta.get_field(field).attname
        living = rows.model.objects.filter(pk__anyof=numbers(ids))
        differing = living.filter(**{f"{field}__isnull": False}) if new is None else (
            living.exclude(**{column: new, f"{field}__isnull": False})
        )  # fmt: skip
        changing = list(differing.values_list("pk", flat=True))
        if not changing:
            return NOTHING
        noted = log.write(
            actor, Verb.CHANGE, kind=kind.name, count=len(changing), labels=named(rows, changing),
            details={"field": field, "to": new},
            personal={"to": str(value)[:120]} if value is not None else {},
        )  # fmt: skip
        write_lines(actor, differing, field, F(column), new, noted.seq)
        differing.update(**{column: new, "updated_at": clock.now()})
        return Act(len(changing), noted.seq)


def change_labels(
    actor: Actor,
    what: Rows | Sequence[Guarded],
    field: str,
    *,
    add: Sequence[Owned] | Callable[[], Sequence[Owned]] = (),
    remove: Sequence[Owned] = (),
) -> Act:
    """Put labels (tags) on many objects and take others off, as one act that can be undone.

    Objects that have the labels to add and lack those to remove already are left alone, and not
    counted.

    Args:
        add: the labels, or what makes them: within the act, so that a no makes none.

    Raises:
        Invalid: `field` is not declared for bulk labels, or a label is another account's.
        Refused: the actor may not edit all of them. Nothing is changed.
    """
    kind = kind_of(what)
    if kind is None or not (add or remove):
        return NOTHING
    bulk = declared(kind, field)
    own(actor, *remove)
    with authorized(actor, Verb.CHANGE, kind.name, attempt(actor, what, {"field": field})):
        rows = rows_of(actor, what)
        chosen = taken(actor, rows, of=bulk.limited_to)
        labels = _labels(actor, add) if chosen else ()
        living = rows.model.objects.filter(pk__anyof=chosen)
        differing = Q()
        for label in labels:
            differing |= ~having(rows.model, bulk, label.pk)
        for label in remove:
            differing |= having(rows.model, bulk, label.pk)
        ids = list(living.filter(differing).values_list("pk", flat=True))
        if not ids or not differing:
            return NOTHING
        on, off = [label.pk for label in labels], [label.pk for label in remove]
        noted = log.write(
            actor, Verb.CHANGE, kind=kind.name, count=len(ids), labels=named(rows, ids),
            details={"field": field, "add": on, "remove": off},
        )  # fmt: skip
        changing = rows.model.objects.filter(pk__anyof=numbers(ids))
        for label in labels:
            put_on(actor, changing, bulk, label.pk, noted.seq)
        for label in remove:
            take_off(actor, changing, bulk, label.pk, noted.seq)
        changing.update(updated_at=clock.now())
        return Act(len(ids), noted.seq)


def _labels(actor: Actor, add: Sequence[Owned] | Callable[[], Sequence[Owned]]) -> Sequence[Owned]:
    labels = add() if callable(add) else add
    own(actor, *labels)
    require_offered(*labels)
    return labels


def put_on(actor: Actor, living: Rows, bulk: Bulk, label: int, seq: int) -> None:
    """Put a label on the objects that lack it, with lines of history."""
    through = apps.get_model(bulk.through)
    lacking = living.exclude(having(living.model, bulk, label))
    write_lines(actor, lacking, bulk.field, Value(None), label, seq)
    _insert_from(
        through,
        ["account_id", f"{_link(through, living.model)}_id", f"{bulk.label_key}_id"],
        lacking.values_list("account_id", "pk", Value(label, models.BigIntegerField())),
    )


def take_off(actor: Actor, living: Rows, bulk: Bulk, label: int, seq: int) -> None:
    """Take a label off the objects that have it, with lines of history."""
    through = apps.get_model(bulk.through)
    labelled = living.filter(having(living.model, bulk, label))
    write_lines(actor, labelled, bulk.field, Value(str(label)), None, seq)
    on = {f"{_link(through, living.model)}__in": living.values("pk"), f"{bulk.label_key}_id": label}
    # Nothing depends on these joining rows, which Django would otherwise read first, by the
    # hundred.
    models.QuerySet._raw_delete(through._default_manager.filter(**on), connection.alias)


def having(model: type[Guarded], bulk: Bulk, label: int) -> Q:
    """Return the condition on an object that it has a label."""
    through = apps.get_model(bulk.through)
    back = _link(through, model)
    joined = {f"{back}_id": OuterRef("pk"), f"{bulk.label_key}_id": label}
    return Q(Exists(through._default_manager.filter(**joined)))


def _link(through: Any, model: type[Guarded]) -> str:
    """Return the name of the joining model's foreign key to the labelled objects."""
    names = (f.name for f in through._meta.fields if f.related_model is model)
    return str(next(names))


def write_lines(actor: Actor, rows: Rows, field: str, old: Any, new: Any, seq: int) -> int:
    """Write one line of history for each row by one statement, announce it, and return how many."""
    news.edited_at_once(actor.account_id, rows.model.kind.name, field, seq)
    text = models.TextField()
    values: dict[str, Any] = {
        "account_id": F("account_id"),
        "kind": Value(rows.model.kind.name),
        "object_id": F("pk"),
        "field": Value(field),
        "old": Cast(old, text),
        "new": Cast(Value(plain(new)) if not hasattr(new, "resolve_expression") else new, text),
        "at": Value(clock.now(), models.DateTimeField()),
        "actor_kind": Value(actor.kind.value),
        "actor_id": Cast(Value(actor.id), models.BigIntegerField()),
        "actor_name": Value(actor.name),
        "by_key": Cast(Value(actor.key), models.BigIntegerField()),
        "seq": Value(seq, models.BigIntegerField()),
    }
    return _insert_from(Change, list(values), rows.values_list(*values.values()))


def _insert_from(model: type[models.Model], columns: list[str], rows: Any) -> int:
    """Run INSERT … SELECT, which Django's ORM lacks, and return how many rows were inserted."""
    sql, params = rows.order_by().query.sql_with_params()
    quote = connection.ops.quote_name
    into = f"{quote(model._meta.db_table)} ({', '.join(map(quote, columns))})"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {into} {sql}", params)
        return int(cursor.rowcount)


def declared(kind: Kind, field: str) -> Bulk:
    """Return the kind's declaration for this field; raise `Invalid` when there is none."""
    for bulk in kind.bulk:
        if bulk.field == field:
            return bulk
    raise Invalid(
        _("The field “%(field)s” cannot be changed for many at once.") % {"field": field},
        field=field,
    )


def values_of(model: type[Guarded], bulk: Bulk) -> Any:
    """Return the model of a field's values, or of its labels."""
    owner: Any = apps.get_model(bulk.through) if bulk.through else model
    return owner._meta.get_field(bulk.label_key or bulk.field).related_model


def pointing(kind: str, field: str) -> list[tuple[type[Guarded], Bulk]]:
    """Return the kinds whose objects have such choices: first the one named, then the others.

    Args:
        field: a field that the kind declares for bulk edits; other kinds may use its values too.
    """
    root = kinds.model_of(kind)
    bulk = declared(root.kind, field)
    values = values_of(root, bulk)
    others = [
        (model, other)
        for model in kinds.all_models()
        for other in model.kind.bulk
        if model is not root and values_of(model, other) is values
    ]
    return [(root, bulk), *others] if issubclass(values, Retirable) else [(root, bulk)]


def require_offered(*values: Owned | None) -> None:
    """Raise `Invalid` when a value has been retired."""
    for value in values:
        if isinstance(value, Retirable) and not type(value).offered.filter(pk=value.pk).exists():
            raise Invalid(_("“%(name)s” is not there any more: choose another.") % {"name": value})


def own(actor: Actor, *values: Owned | None) -> None:
    """Raise `Invalid` when a value does not belong to the actor's account."""
    for value in values:
        if value is not None and value.account_id != actor.account_id:
            raise Invalid(_("This does not exist."))
