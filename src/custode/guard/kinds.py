"""Kinds of objects, declared to the door in a few lines, and the verbs that pass through it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from custode.guard.owned import Guarded
    from custode.kernel.actor import Actor

Translatable = str | Promise


class Verb(StrEnum):
    """The sensitive verbs. Nothing else deletes, restores, exports, imports or changes rules."""

    DELETE = "delete"
    RESTORE = "restore"
    PURGE = "purge"
    EXPORT = "export"
    IMPORT = "import"
    CHANGE = "change"
    RETIRE = "retire"
    UNDO = "undo"
    PRIVACY = "privacy"
    ACCOUNT = "account"
    USERS = "users"
    BACKUP = "backup"
    SESSIONS = "sessions"
    SIGN_IN = "sign_in"
    TWO_FACTOR = "two_factor"
    ALERT = "alert"
    ERASE = "erase"
    KEYS = "keys"
    WEBHOOKS = "webhooks"

    @property
    def admins_only(self) -> bool:
        """Whether only admins may do it, whatever the account's rules say."""
        return self in {
            Verb.PURGE, Verb.PRIVACY, Verb.ACCOUNT, Verb.USERS, Verb.BACKUP, Verb.SESSIONS,
            Verb.RETIRE, Verb.ALERT, Verb.ERASE, Verb.KEYS, Verb.WEBHOOKS,
        }  # fmt: skip

    @property
    def needs_proof(self) -> bool:
        """Whether a person at a screen must have proved their identity recently.

        What can be undone never requires it: deleting, restoring, importing, editing.
        """
        return self in {
            Verb.EXPORT, Verb.PURGE, Verb.PRIVACY, Verb.ACCOUNT, Verb.USERS, Verb.SESSIONS,
            Verb.SIGN_IN, Verb.TWO_FACTOR, Verb.ERASE, Verb.KEYS, Verb.WEBHOOKS,
        }  # fmt: skip


def everything(actor: Actor) -> Q:
    """Return the condition for kinds whose rows everybody in the account may see or edit."""
    return Q()


def no_columns(rows: Any) -> tuple[Column, ...]:
    """Return no columns: for kinds whose exports have the same columns for all rows."""
    return ()


def anything(actor: Actor, value: object) -> None:
    """Allow any value: for fields that whoever edits a row may set freely."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export, from the allow-list of its kind.

    Args:
        name: its name in the file's header row and in `--columns`; never translated.
        path: the field to read, along relations with `__`.
        label: its display name.
        money_of: for an amount in minor units, the path of its currency.
        many: the values of a to-many relation are joined with ", " (tags).
        separator: for `many`, instead of a comma.
        only: for `many`, which of the related rows count, as a condition on their model.
        keys: of a JSON field, the keys to read; the first with a value counts.
        words: with `keys`, the words to export in place of a value (a choice's name for its
            number).
    """

    name: str
    path: str
    label: Translatable
    money_of: str = ""
    many: bool = False
    separator: str = ", "
    only: Q = field(default_factory=Q)
    keys: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bulk:
    """A field that `door.change` may set on many objects at once.

    Args:
        field: the model's field; or, with `through`, the name the history gives the change.
        through: for labels (tags), the joining model, which has a foreign key to each side.
        label_key: with `through`, the name of the foreign key to the label.
        check: raises `Refused` when the actor may not set the field to this value.
        transfers_ownership: whether setting it may take objects out of the actor's sight and reach.
        limited_to: the rows on which the actor may set it, among those that they may edit.
    """

    field: str
    through: str = ""
    label_key: str = ""
    check: Callable[[Actor, Any], None] = anything
    transfers_ownership: bool = False
    limited_to: Callable[[Actor], Q] = everything


@dataclass(frozen=True, slots=True)
class Kind:
    """The declaration of a kind of object: all that the door must know about it.

    Args:
        name: its name in rules, log, trash and URLs.
        singular, plural: its display names.
        label: the field that names an object.
        sees, edits: the rows an actor may see and edit, as a condition on the model.
        parents: the foreign keys to its parents, with which it is deleted and restored; each row
            has one parent (`owned.on_one_of`).
        rules: the verbs that an admin can reserve to admins, each with the label of its tick box.
        rules_from: the kind whose rules apply to this one too; "" when it has its own or none.
        export: the columns that may be exported.
        extra_columns: further exportable columns, which depend on the rows asked for (those of a
            list).
        bulk: the fields that may be changed on many at once.
        content_fields: a pattern of the history's names of fields with content: emptying many of
            them counts as deleting (`guard.emptying`).
        plans: fields that are set anew all the time (a reminder, a lead's folder): only leaving one
            empty counts, unless the same edit changes one of these other fields, which ends it.
        counted_separately: whether rows deleted with their parent count as objects of their own
            (the rows of a list) rather than as a part of it.
    """

    name: str
    singular: Translatable
    plural: Translatable
    label: str
    sees: Callable[[Actor], Q] = everything
    edits: Callable[[Actor], Q] = everything
    parents: tuple[str, ...] = ()
    rules: Mapping[Verb, Translatable] = field(default_factory=dict)
    rules_from: str = ""
    export: tuple[Column, ...] = ()
    extra_columns: Callable[[Any], tuple[Column, ...]] = no_columns
    bulk: tuple[Bulk, ...] = ()
    content_fields: str = ""
    plans: Mapping[str, Collection[str]] = field(default_factory=dict)
    counted_separately: bool = False


LOG: Final = Kind("log", _("log entry"), _("log entries"), label="seq")
"""The log's own entries: not guarded rows, but exported through the door in the same way."""

_models: dict[str, type[Guarded]] = {}


def declare(model: type[Guarded]) -> None:
    """Register a guarded model; a model without a declaration stops the start."""
    kind = model.__dict__.get("kind")
    if not isinstance(kind, Kind):
        raise ImproperlyConfigured(
            f"{model.__name__} is guarded but declares no `kind = Kind(...)` of its own."
        )
    known = _models.get(kind.name)
    if known is not None and known._meta.label != model._meta.label:
        raise ImproperlyConfigured(f"The kind {kind.name!r} is declared twice.")
    _models[kind.name] = model


def model_of(name: str) -> type[Guarded]:
    """Return the model of a declared kind; raise `KeyError` for an unknown one."""
    return _models[name]


def is_declared(name: str) -> bool:
    """Return whether a kind of this name is declared."""
    return name in _models


def named(name: str) -> Kind:
    """Return the declaration of a kind, or of the log's entries; raise `KeyError` otherwise."""
    return LOG if name == LOG.name else _models[name].kind


def all_models() -> list[type[Guarded]]:
    """Return the models of all declared kinds, in the order of their declaration."""
    return list(_models.values())


def forget(name: str) -> None:
    """Remove a kind again; for tests that declare one of their own."""
    _models.pop(name, None)


def children_of(model: type[Guarded]) -> list[type[Guarded]]:
    """Return the child kinds, whose rows are deleted together with a row of `model`."""
    return [child for child in _models.values() if model in parents_of(child).values()]


def parents_of(child: type[Guarded]) -> dict[str, type[Guarded]]:
    """Return the parent kinds of a kind: foreign key -> model."""
    meta: Any = child._meta
    return {name: meta.get_field(name).related_model for name in child.kind.parents}


def link(child: type[Guarded], parent: type[Guarded]) -> str:
    """Return a kind's foreign key to a parent kind; raise `KeyError` when it has none."""
    return {model: name for name, model in parents_of(child).items()}[parent]


def seen_with_parent(name: str, actor: Actor, *, only: str = "") -> Q:
    """Return the condition on child rows of which the actor sees a parent.

    Args:
        name: the child kind.
        only: one of its foreign keys, to consider that parent alone; "" for all parents.
    """
    return _with_parent(name, lambda parent: parent.sees(actor), only)


def edited_with_parent(name: str, actor: Actor) -> Q:
    """Return the condition on child rows of which the actor may edit a parent.

    Args:
        name: the child kind.
    """
    return _with_parent(name, lambda parent: parent.edits(actor))


def _with_parent(name: str, reached: Callable[[Kind], Q], only: str = "") -> Q:
    found, limited = Q(), bool(only)
    for key, parent in parents_of(model_of(name)).items():
        if only and key != only:
            continue
        condition = reached(parent.kind)
        limited = limited or bool(condition)
        rows = parent.with_trashed.filter(condition).values("pk")
        found |= Q(**{f"{key}__in": rows}) if condition else Q(**{f"{key}__isnull": False})
    return found if limited else Q()


def on_what_lives(name: str, actor: Actor) -> Q:
    """Return the condition that the actor sees a row's parents, none of which is in the trash.

    It is evaluated for each row that another condition has found: joined by OR, lists of all
    parents would be scanned again and again.

    Args:
        name: the child kind.
    """
    found = Q()
    for key, parent in parents_of(model_of(name)).items():
        rows = parent.objects.filter(parent.kind.sees(actor), pk=OuterRef(f"{key}_id"))
        if parent.kind.parents:
            rows = rows.filter(on_what_lives(parent.kind.name, actor))
        found |= Q(Exists(rows))
    return found


def rules_kind(name: str) -> Kind:
    """Return the kind whose rules apply to a kind: itself, or the one that it names."""
    kind = model_of(name).kind
    return model_of(kind.rules_from).kind if kind.rules_from else kind


def kinds_ruled_by(name: str) -> list[Kind]:
    """Return all kinds to which the rules of this one apply, itself first."""
    found = [model.kind for model in _models.values() if rules_kind(model.kind.name).name == name]
    return sorted(found, key=lambda kind: kind.name != name)


def family(model: type[Guarded]) -> list[type[Guarded]]:
    """Return the model and all that is deleted with it, parents before their children."""
    above: dict[type[Guarded], list[type[Guarded]]] = {model: []}
    for one in (found := [model]):
        for child in children_of(one):
            if child not in found:
                found.append(child)
            above.setdefault(child, []).append(one)
    return list(TopologicalSorter(above).static_order())
