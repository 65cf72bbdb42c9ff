"""Keeps mailed links, by which somebody could sign in, out of the standard error log."""

from __future__ import annotations

import logging
import re
from typing import Any, Final

_LINK: Final = re.compile(r"/(password|address|not-me)/[^/\s]+")


class NoLinks(logging.Filter):
    """Masks the token of a mailed link in the path of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the token, and let the record pass."""
        if isinstance(record.args, tuple):
            record.args = tuple(map(_masked, record.args))
        record.msg = _masked(record.msg)
        return True


def _masked(value: Any) -> Any:
    return _LINK.sub(r"/\1/…", value) if isinstance(value, str) else value
