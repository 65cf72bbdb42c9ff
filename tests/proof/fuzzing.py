"""What the fuzzers share: how many examples they try, and a database that forgets each.

The examples are the same at every run, so that a red proof is red again. `FUZZ=2000 make proof`
tries that many others, new ones each time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings

ASKED = int(os.environ.get("FUZZ", "0"))


def examples(usually: int) -> settings:
    """So many examples, or as many as are asked for; none is too slow."""
    return settings(
        max_examples=ASKED or usually,
        derandomize=not ASKED,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@contextmanager
def forgotten() -> Iterator[None]:
    """What happens within is rolled back; the door takes the block for a test's own, as it is."""
    block: Any = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)
