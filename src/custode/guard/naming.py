"""Names of what an account sets up: read in one way, and told apart in one way.

Two names are the same when they are equal folded (`kernel.text.fold`), whichever the database.
Among what a name must be the only one is declared by the unique constraint of its model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model, UniqueConstraint
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from custode.kernel import scope
from custode.kernel.errors import Invalid
from custode.kernel.text import fold, line

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


_EMPTY: Final = _("It needs a name.")
_TOO_LONG: Final = _("A name has at most %(n)s characters.")


@dataclass(frozen=True, slots=True)
class Names:
    """How the names of one sort of thing are read, with the sentences for those refused.

    Args:
        longest: the maximum number of characters; `%(n)s` in a sentence.
        taken: said when another one has the name; `%(name)s` is that one's.
        barred: characters that a name cannot have.
    """

    longest: int
    taken: StrOrPromise
    empty: StrOrPromise = _EMPTY
    too_long: StrOrPromise = _TOO_LONG
    barred: str = ""
    has_barred: StrOrPromise = ""

    def read(self, name: str) -> str:
        """Return a name as stored; raise `Invalid` if it is not acceptable."""
        name = line(name)
        if not name:
            raise Invalid(str(self.empty), field="name")
        if len(name) > self.longest:
            raise Invalid(str(self.too_long) % {"n": self.longest}, field="name")
        if any(character in name for character in self.barred):
            raise Invalid(str(self.has_barred), field="name")
        return name

    def read_several(self, names: Iterable[str], field: str) -> list[str]:
        """Return names that stand beside each other in one field of a form.

        Raises:
            Invalid: one of them is not acceptable, or the same as another.
        """
        read: dict[str, str] = {}
        for name in names:
            try:
                told = self.read(name)
            except Invalid as error:
                raise Invalid(str(error), field=field) from error
            if fold(told) in read:
                raise Invalid(gettext("“%(name)s” appears twice.") % {"name": told}, field=field)
            read[fold(told)] = told
        return list(read.values())

    def require_free(self, one: Any) -> None:
        """Raise `Invalid` when another row has the name of this one; to be called `alone`."""
        other = namesake(one)
        if other is not None:
            raise self.is_taken(other)

    @contextmanager
    def giving(self, one: Any) -> Iterator[None]:
        """Save a row in the block whose name must be free; to be called `alone`.

        Raises:
            Invalid: another row has its name.
        """
        self.require_free(one)
        with unless_taken(self.is_taken(one.name)):
            yield

    def is_taken(self, name: str) -> Invalid:
        """Return the error for a name that another row has."""
        return Invalid(str(self.taken) % {"name": name}, field="name")


def alone() -> None:
    """Let others of the account in scope who name something wait, until the transaction's end.

    To be called before any row is locked: acts of the door lock in this order too.
    """
    account: Any = apps.get_model("accounts", "Account")
    account.objects.select_for_update(no_key=True).get(pk=scope.current())


def namesake(one: Any) -> str | None:
    """Return the name of another row that is the same as this one's; None if it is free.

    Args:
        one: a saved or unsaved row; none is its namesake if its model has no unique name.
    """
    rule = _rule(type(one))
    if rule is None:
        return None
    folded = fold(one.name)
    attributes = [one._meta.get_field(name).attname for name in rule.fields[:-1]]
    # The account is the one in scope.
    within = {name: getattr(one, name) for name in attributes if name != "account_id"}
    rows = type(one)._base_manager.filter(**within).exclude(pk=one.pk or 0)
    if rule.condition is not None:
        rows = rows.filter(rule.condition)
    if rule.fields[-1] == "folded":
        rows = rows.filter(folded=folded)
    names = rows.order_by("pk").values_list("name", flat=True)
    return next((name for name in names if fold(name) == folded), None)


def _rule(model: type[Model]) -> UniqueConstraint | None:
    """Return the constraint by which the names of a model's rows differ."""
    unique = (one for one in model._meta.constraints if isinstance(one, UniqueConstraint))
    return next((one for one in unique if one.fields[-1:] in {("name",), ("folded",)}), None)


@contextmanager
def unless_taken(taken: Invalid) -> Iterator[None]:
    """Save a row whose name was free when it was checked, and may not be any more.

    Args:
        taken: raised when the database has another row of this name.
    """
    try:
        # A savepoint: the transaction goes on after the error.
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise taken from error
