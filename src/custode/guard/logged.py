"""The base of the log's rows, and of what is kept beside the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Func, Q
from django.utils.deconstruct import deconstructible

from custode.guard.owned import InAccount


class Logged(models.Model):
    """A row of the log: of one account, by number, never changed."""

    fixed: ClassVar[Sequence[str]] = ()
    """Fields that a row keeps as it was born, besides its number and its account."""

    account_id = models.BigIntegerField()
    objects = InAccount()

    class Meta:
        abstract = True
        base_manager_name = "objects"


@deconstructible
class TellsOfAKey(Func):
    """Whether the facts of an entry tell of a key by which an application acted as a user.

    SQLite knows its index again only where the words stand in the statement itself.
    """

    template = """(%(expressions)s LIKE '%%%%"as_key":%%%%')"""
    output_field = models.BooleanField()


AS_A_USER: Final = Q(TellsOfAKey(F("details")))
"""The entries of what applications did in users' names, as the index knows them."""
