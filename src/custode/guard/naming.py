"""Names that only one thing of a sort has, also when two people give one at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from custode.kernel.errors import Invalid


@contextmanager
def unless_taken(taken: Invalid) -> Iterator[None]:
    """Save something whose name was free when it was looked for, and may not be by now.

    Args:
        taken: raised when the database knows another of this name.
    """
    try:
        # A savepoint: what follows the error is said in the same transaction.
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise taken from error
