"""Saves rows with unique names, even when two people choose one at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from custode.kernel.errors import Invalid


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
