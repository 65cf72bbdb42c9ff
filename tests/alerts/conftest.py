"""What the tests of alerts share: Ferri's company, of which everything that was is known."""

from __future__ import annotations

import pytest

from tests.alerts.judged import forget_what_was
from tests.cast import Cast


@pytest.fixture
def calm(ferri: Cast) -> Cast:
    """The cast, with Ferri's account in scope and no alert open."""
    forget_what_was(ferri)
    return ferri
