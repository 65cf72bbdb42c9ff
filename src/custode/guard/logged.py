"""The base classes of the log's rows, and of the rows kept beside the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Func, Q
from django.utils.deconstruct import deconstructible

from custode.guard.owned import InAccount


class Logged(models.Model):
    """A row of the log: of one account, numbered, never changed."""

    fixed: ClassVar[Sequence[str]] = ()
    """Fields that never change after creation, besides the row's number and account."""

    account_id = models.BigIntegerField()
    objects = InAccount()

    class Meta:
        abstract = True
        base_manager_name = "objects"


@deconstructible
class TellsOfAKey(Func):
    """Whether an entry's details mention a key by which an application acted as a user.

    SQLite uses the index only if the words are literally in the statement.
    """

    template = """(%(expressions)s LIKE '%%%%"as_key":%%%%')"""
    output_field = models.BooleanField()


AS_A_USER: Final = Q(TellsOfAKey(F("details")))
"""The entries of what applications did on users' behalf, in the form that the index covers."""
