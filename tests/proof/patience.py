"""How long a proof waits: as long as it comes nearer, be the machine as slow as it may."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator


def while_it_moves(look: Callable[[], object], *, still: float = 60) -> Iterator[None]:
    """Go on as long as what is looked at changes.

    Args:
        still: after so many seconds without a change it is given up.
    """
    seen, since = look(), time.monotonic()
    while time.monotonic() < since + still:
        yield
        if (now := look()) != seen:
            seen, since = now, time.monotonic()
