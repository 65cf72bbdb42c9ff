"""Determines browser, system and kind of device of a request, as far as people care.

From the User-Agent header, read by ua-parser, and from the client hints, in which Chromium sends
what that header hides since 2022 (https://wicg.github.io/ua-client-hints/): there Windows 11 calls
itself 10, and every Android is a model called K.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import ua_parser
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

FORMS: Final = {
    "desktop": pgettext_lazy("kind of device", "computer"),
    "phone": pgettext_lazy("kind of device", "phone"),
    "tablet": pgettext_lazy("kind of device", "tablet"),
    "program": pgettext_lazy("kind of device", "program"),
}
"""The kinds of devices, in words."""

ASKED_FOR: Final = "Sec-CH-UA-Platform-Version, Sec-CH-UA-Model"
"""The value of `Accept-CH`: the hints that browsers send only on request."""

_BROWSERS: Final = {
    "Chrome Mobile": "Chrome", "Chrome Mobile iOS": "Chrome", "Chromium": "Chrome",
    "HeadlessChrome": "Chrome", "Edge Mobile": "Edge", "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox", "Mobile Safari": "Safari", "Opera Mobile": "Opera",
}  # fmt: skip
_SYSTEMS: Final = {"Mac OS X": "macOS", "Chrome OS": "ChromeOS", "Ubuntu": "Linux"}
_DESKTOPS: Final = frozenset({"Windows", "Windows 11", "macOS", "Linux", "ChromeOS", "Fedora"})
_FIRST_OF_WINDOWS_11: Final = 13
"""The platform's major version that Chromium reports from Windows 11 on."""


@dataclass(frozen=True, slots=True)
class Device:
    """A browser's description of itself.

    Args:
        browser, system: names such as Chrome and Windows; "" when not known.
        form: `desktop`, `phone`, `tablet` or `program`.
    """

    browser: str
    system: str
    form: str

    def __str__(self) -> str:
        return words(self.browser, self.system)


NO_DEVICE: Final = Device("", "", "program")


def words(browser: str, system: str) -> str:
    """Return “Chrome on Windows”, or what is known of it."""
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system


def sought(text: str) -> list[str]:
    """Return the words of a search for devices, as people write them: “chrome on windows”."""
    joining = words("\0", "\0").replace("\0", "").split()
    return [word for word in text.lower().split() if word not in joining]


def forms_named(word: str) -> list[str]:
    """Return the kinds of devices whose name begins with this word."""
    return [form for form, name in FORMS.items() if str(name).startswith(word)]


def device(header: str, hints: Mapping[str, str] | None = None) -> Device:
    """Return the device that a User-Agent header and the client hints describe.

    Args:
        hints: the request's headers, which may contain the hints.
    """
    found = _parsed(header[:300])
    hints = hints or {}
    system = found.system
    version = hints.get("Sec-CH-UA-Platform-Version", "").strip('"').partition(".")[0]
    if system == "Windows" and version.isdecimal() and int(version) >= _FIRST_OF_WINDOWS_11:
        system = "Windows 11"
    model = hints.get("Sec-CH-UA-Model", "").strip('"')
    if system == "Android" and model:
        system = f"Android ({model[:40]})"
    return Device(found.browser, system, found.form)


@lru_cache(maxsize=512)
def _parsed(header: str) -> Device:
    told = ua_parser.parse(header)
    system = told.os.family if told.os else ""
    hardware = told.device.family if told.device else ""
    system = hardware if hardware in {"iPhone", "iPad"} else _SYSTEMS.get(system, system)
    browser = told.user_agent.family if told.user_agent else ""
    if not browser and not system:
        # A program names itself first: `curl/8.1`, `python-requests/2.31`.
        first = header.partition("/")[0].strip()
        browser = first if first.isascii() and first.replace("-", "").isalnum() else ""
    return Device(_BROWSERS.get(browser, browser)[:60], system[:60], _form(header, system))


def _form(header: str, system: str) -> str:
    if system == "iPad" or (system == "Android" and "Mobile" not in header):
        return "tablet"
    if system in {"iPhone", "iOS", "Android"} or "Mobile" in header:
        return "phone"
    return "desktop" if system in _DESKTOPS else "program"
