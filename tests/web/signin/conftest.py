"""Mail that is set up."""

import pytest


@pytest.fixture
def mailing(settings) -> None:
    """An installation with mail set up."""
    settings.HAS_MAIL = True
