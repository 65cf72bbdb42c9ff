"""Counts what the routes of any kind send, where reading much of the kind is exporting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from custode.clients.models import ClientFolder
from custode.guard import scraping
from custode.leads.models import Lead
from custode.prospecting.models import Prospect

COUNTED: Final = frozenset({Lead.kind.name, Prospect.kind.name, ClientFolder.kind.name})
"""The kinds of which reading much is exporting (decision 0048)."""


def tell(kind: str, ids: Iterable[int]) -> None:
    """Note that objects are about to be sent, if their kind is one that is counted."""
    if kind in COUNTED:
        scraping.tell(kind, ids)
