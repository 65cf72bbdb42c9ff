"""The pages for requests that never reach Django: too long, or incomplete.

They are rendered once, at the start, in every language: the event loop only selects one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from csp.utils import build_policy
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

TOO_LONG: Final = 413
NOT_WHOLE: Final = 408

Page = tuple[list[tuple[str, str]], bytes]


class Pages:
    """The pages of an installation, by problem and by language."""

    def __init__(self) -> None:
        head = _head()
        self._pages: Mapping[tuple[int, str], Page] = {
            (status, language): (head, _page(status, language))
            for status in (TOO_LONG, NOT_WHOLE)
            for language, _name in settings.LANGUAGES
        }

    def __call__(self, status: int, accepted: str) -> Page:
        """Return the head and the body of a response.

        Args:
            status: `TOO_LONG` or `NOT_WHOLE`.
            accepted: the browser's Accept-Language header.
        """
        for wanted, weight in parse_accept_lang_header(accepted.lower()[:500]):
            page = self._pages.get((status, wanted.partition("-")[0]))
            if page is not None and weight:
                return page
        return self._pages[status, settings.LANGUAGE_CODE]


def _page(status: int, language: str) -> bytes:
    with translation.override(language):
        heading, why = _words(status)
        words = {"heading": heading, "why": why, "status": status, "language": language}
        return render_to_string("shell/problem_plain.html", words).encode()


def _words(status: int) -> tuple[str, str]:
    if status == TOO_LONG:
        return _("This is too large"), _(
            "Custode takes files of up to %(limit)d MB. Go back and choose a smaller one, or split"
            " it into several. Nothing was changed."
        ) % {"limit": settings.UPLOAD_BYTES // 2**20}
    return _("This did not arrive"), _(
        "The connection was too slow, or it broke off. Go back and send it again. Nothing was"
        " changed."
    )


def _head() -> list[tuple[str, str]]:
    """Return the headers that Django's middleware would have set."""
    return [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store, private"),
        ("content-security-policy", build_policy()),
        ("referrer-policy", settings.SECURE_REFERRER_POLICY),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", settings.X_FRAME_OPTIONS),
    ]
