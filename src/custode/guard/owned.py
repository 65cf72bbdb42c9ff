"""The base classes of every row that belongs to an account: scoped, and locked against bypasses.

- `Owned`: belongs to one account; ordinary rows that may be deleted (a tag on a lead).
- `Kept`: belongs to one account; never deleted (a user).
- `Retirable`: kept; others point to it (a step, a tag); the door retires it and moves those.
- `Guarded`: deleted, restored and purged by the door only; declares its `kind`.
- `Part`: belongs to one guarded parent (named by `part_of`) and is removed with it.
- `Tenant`: the account itself, to which all of these belong.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from functools import lru_cache, reduce
from typing import Any, ClassVar, NoReturn, TypeVar

from django.db import models
from django.db.models import Q
from django.db.models.signals import class_prepared
from django.utils.translation import gettext as _

from custode.guard.kinds import Kind, Verb, declare
from custode.kernel import clock, scope
from custode.kernel.errors import Gone, UseTheDoor

M = TypeVar("M", bound=models.Model)

BY_DOOR_ONLY = frozenset({"trash", "trash_id", "arrived", "arrived_id", "account", "account_id"})


class OwnedQuerySet(models.QuerySet[M, M]):
    """Rows of one account. Ordinary updates are allowed; the door's columns are not."""

    def update(self, **values: Any) -> int:
        """Perform Django's update, for fields that are not the door's."""
        if BY_DOOR_ONLY & values.keys():
            raise UseTheDoor("Only the door moves rows in and out of the trash.")
        return super().update(**values)


class LockedQuerySet(OwnedQuerySet[M]):
    """Rows that no query may delete."""

    def delete(self) -> NoReturn:
        """Refuse: rows are deleted through `guard.door.delete` only."""
        raise UseTheDoor(f"{self.model.__name__} rows are deleted by guard.door.delete only.")

    def _raw_delete(self, using: str | None) -> NoReturn:
        raise UseTheDoor(f"{self.model.__name__} rows are deleted by guard.door.delete only.")


class InAccount(models.Manager[M]):
    """The rows of the account in scope, trashed ones included."""

    queryset_class: type[models.QuerySet[M, M]] = OwnedQuerySet
    null: ClassVar[tuple[str, ...]] = ()
    """Columns that are null in its rows."""

    def get_queryset(self) -> models.QuerySet[M, M]:
        """Return the rows in scope; raise `NoScope` when there is no account in scope."""
        return _rows(self.queryset_class, self.model, self._db, scope.limit(), self.null).all()


@lru_cache(maxsize=4096)
def _rows(
    queryset_class: type[models.QuerySet[M, M]],
    model: type[M],
    using: str | None,
    account_id: int | None,
    null: tuple[str, ...],
) -> models.QuerySet[M, M]:
    """Return the initial query, cached: building it each time took a tenth of a page's time."""
    limits: dict[str, Any] = {f"{name}__isnull": True for name in null}
    if account_id is not None:
        limits["account_id"] = account_id
    return queryset_class(model, using=using).filter(**limits)


class LockedInAccount(InAccount[M]):
    """The rows of the account in scope that no query deletes."""

    queryset_class: type[models.QuerySet[M, M]] = LockedQuerySet


class Living(LockedInAccount[M]):
    """The rows of the account in scope that are not in the trash."""

    null = ("trash",)


class Owned(models.Model):
    """A row of one account."""

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    fixed: ClassVar[Sequence[str]] = ()
    """Fields that never change after creation, besides the row's number and account."""
    own_locks: ClassVar[Sequence[tuple[str, str, str]]] = ()
    """Further locks of this model's table: purpose, event, and the SQL that refuses (`Lock`)."""

    objects = InAccount()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save as Django does, in the account in scope: a new row belongs to it."""
        if self._state.adding and self.account_id is None:
            self.account_id = scope.current()
        super().save(*args, **kwargs)


class Tenant(models.Model):
    """The account itself: made and changed by the door, never deleted."""

    fixed: ClassVar[Sequence[str]] = ()
    sensitive: ClassVar[Mapping[str, Verb]] = {}
    """Columns that change only while the door is open for a verb; `*` covers new rows."""

    objects = models.Manager.from_queryset(LockedQuerySet)()

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse, always."""
        raise UseTheDoor(f"{type(self).__name__} rows are never deleted.")


class Kept(Owned):
    """A row that is never deleted: people and settings that others point to."""

    sensitive: ClassVar[Mapping[str, Verb]] = {}
    """Columns that change only while the door is open for a verb; `*` covers new rows."""
    sealed: ClassVar[str] = ""
    """The sensitive column with an encrypted secret; it is re-encrypted when keys change."""

    objects = LockedInAccount()  # type: ignore[misc]  # a stricter manager

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse, always."""
        raise UseTheDoor(f"{type(self).__name__} rows are never deleted.")


class Offered(LockedInAccount[M]):
    """The rows of the account in scope that can be chosen now."""

    null = ("retired_at",)


class Retirable(Kept):
    """A choice that other rows point to: retired by `guard.door.retire`, which moves them.

    The database lets no row point to a retired one (`guard.lock`).
    """

    sensitive: ClassVar[Mapping[str, Verb]] = {"retired_at": Verb.RETIRE}

    retired_at = models.DateTimeField(null=True, editable=False)

    offered = Offered()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def require_may(self, *, retire: bool) -> None:
        """Raise `Invalid` when it cannot be retired, or offered again, as things are.

        The door asks within the transaction, for the act itself as well as for the undo of another.
        """


class Part(Owned):
    """A row that belongs to one guarded parent and is purged with it."""

    part_of: ClassVar[str]
    loose: ClassVar[bool] = False
    """Whether an ordinary edit may delete it too (a tag taken off a lead)."""

    class Meta:
        abstract = True
        base_manager_name = "objects"


class Guarded(Owned):
    """A row that only the door deletes, restores, purges and exports."""

    kind: ClassVar[Kind]
    follows: ClassVar[tuple[str, ...]] = ()
    """Columns that `save` derives from others, and that are written with every edit."""
    keyed: ClassVar[tuple[str, ...]] = ()
    """JSON columns of which each key counts as a field of its own in the history."""

    trash = models.ForeignKey(
        "guard.TrashEntry",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    arrived = models.ForeignKey(
        "guard.TrashEntry",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    """The import's trash entry under which this row arrived; used to undo the import."""
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    objects = Living()  # type: ignore[misc]  # a stricter manager
    with_trashed = LockedInAccount()

    class Meta:
        abstract = True
        base_manager_name = "with_trashed"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save as Django does, without ever writing the door's columns of an existing row.

        Raises:
            Gone: the row has gone to the trash since it was read.
        """
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        if kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                f.name
                for f in self._meta.concrete_fields
                if not f.primary_key and f.name not in BY_DOOR_ONLY and not f.generated
            ]
        elif BY_DOOR_ONLY & set(kwargs["update_fields"]):
            raise UseTheDoor("Only the door moves rows in and out of the trash.")
        super().save(*args, **kwargs)

    def _do_update(self, base_qs: Any, *rest: Any, **named: Any) -> Any:
        # Django's own hook, whose further arguments differ between its versions.
        done = super()._do_update(base_qs.filter(trash__isnull=True), *rest, **named)
        if not done:
            raise Gone(_("This has been moved to the trash in the meantime."))
        return done

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: objects are deleted through `guard.door.delete` only."""
        raise UseTheDoor(f"{type(self).__name__} objects are deleted by guard.door.delete only.")

    def in_words(self, field: str, text: str, unit: str | None = None) -> str:
        """Return a field's text from the history in words; `unit` is not the present (`units`)."""
        return text

    @property
    def hangs_on(self) -> Guarded | None:
        """The guarded parent of this row; None for a kind without parents."""
        keys = (key for key in self.kind.parents if getattr(self, f"{key}_id") is not None)
        key = next(keys, None)
        return None if key is None else getattr(self, key)

    @property
    def lives(self) -> bool:
        """Whether neither it nor any of its parents, at any depth, is in the trash."""
        above = self.hangs_on
        return self.trash_id is None and (above is None or above.lives)


def on_one_of(*keys: str, name: str) -> models.CheckConstraint:
    """Return the constraint that each row of a kind with several `parents` has exactly one.

    Args:
        keys: the foreign keys, each of which may be null.
        name: the constraint's name in the database.
    """
    ways = [Q(**{f"{other}__isnull": other != key for other in keys}) for key in keys]
    return models.CheckConstraint(condition=reduce(operator.or_, ways), name=name)


def _declare_when_ready(sender: type[models.Model], **named: Any) -> None:
    if issubclass(sender, Guarded) and not sender._meta.abstract:
        declare(sender)
    if issubclass(sender, Part) and not sender._meta.abstract and not hasattr(sender, "part_of"):
        raise UseTheDoor(f"{sender.__name__} is a part but names no parent with `part_of`.")


class_prepared.connect(_declare_when_ready, dispatch_uid="custode.guard.declare")
