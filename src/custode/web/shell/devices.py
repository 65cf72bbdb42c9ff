"""Which browser on which system a User-Agent header speaks of, as far as people care."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _

# In this order: the later ones are also named in the headers of the earlier ones.
_BROWSERS: Final = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"\bOPR/|\bOpera\b")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(?:Headless)?(?:Chrome|CriOS|Chromium)/")),
    ("Safari", re.compile(r"\bVersion/\S+.*\bSafari/")),
)
_SYSTEMS: Final = (
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Android", re.compile(r"\bAndroid\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("macOS", re.compile(r"\bMacintosh\b|\bMac OS X\b")),
    ("Linux", re.compile(r"\bLinux\b|\bX11\b")),
)
_PROGRAM: Final = re.compile(r"^[\w.-]{1,40}")


def device(header: str) -> str:
    """Words like “Chrome on Windows”; the first word of what is no browser; else nothing."""
    browser, system = _first(_BROWSERS, header), _first(_SYSTEMS, header)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    program = _PROGRAM.match(header)
    return browser or system or (program[0] if program else "")


def _first(known: tuple[tuple[str, re.Pattern[str]], ...], header: str) -> str:
    return next((name for name, pattern in known if pattern.search(header)), "")
