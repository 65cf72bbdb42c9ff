"""Short messages that tell what was done, each with its way back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest


def tell(request: HttpRequest, words: str, *, undo: int = 0, level: int = messages.SUCCESS) -> None:
    """Tell the person something: at once when htmx asks, else on the next page.

    Args:
        undo: the number of the act in the log, to offer its undo; 0 for none.
        level: one of `messages.SUCCESS`, `INFO`, `WARNING`, `ERROR`.
    """
    tags = f"undo-{undo}" if undo else ""
    messages.add_message(request, level, words, extra_tags=tags)
