"""Fixtures of webhooks: a receiver that may be reached, and webhooks to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from custode.exchange.webhooks import moves
from custode.exchange.webhooks.models import Webhook
from custode.exchange.webhooks.moves import Wanted
from tests.cast import Cast
from tests.exchange.webhooks.receiving import Receiver, receiver

Hook = Callable[..., Webhook]


@pytest.fixture
def there(settings: Any) -> Iterator[Receiver]:
    """A receiver on this machine, as an operator allows it."""
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    with receiver() as one:
        yield one


@pytest.fixture
def hook(ferri: Cast, there: Receiver) -> Hook:
    """Makes a webhook of Ferri's for an event, to the receiver."""

    def make(event: str, path: str = "", **more: Any) -> Webhook:
        wanted = Wanted(event, "url", there.url + path, **more)
        made, _secret = moves.make(ferri.actor(ferri.anna), wanted)
        return made

    return make
