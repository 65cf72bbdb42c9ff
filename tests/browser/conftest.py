"""A real Chromium against a live server: signing in, axe, and no error in the console.

Every page that a test opens must keep to the content security policy: whatever the console says
of a breach, or of any error, fails the test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from custode.kernel import scope
from custode.people.models import User
from tests.cast import Cast, standing
from tools.system_packages import find_chromium

# Playwright's own event loop runs in this thread, in which the tests also ask the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# What is slow on a machine that does much else is not wrong.
expect.set_options(timeout=20_000)

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
AXE_RUN = "axe.run({resultTypes: ['violations']}).then(({violations}) => ({violations}))"
WAIT = 10_000
"""How long to wait for anything on a page, in milliseconds."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def launch(playwright: Playwright) -> Browser:
    """Start the Chromium that `make test` found, or that CHROMIUM names."""
    path = find_chromium()
    assert path, "There is no Chromium: `python -m tools.system_packages` brings one."
    return playwright.chromium.launch(executable_path=path, args=QUIET)


@pytest.fixture(autouse=True)
def _where_the_cast_is() -> Iterator[None]:
    """Days are counted as the cast's pages count them, also after midnight in Rome."""
    with timezone.override("Europe/Rome"):
        yield


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, started once."""
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast, in a database that the server's threads see too."""
    return standing()


@dataclass
class Visit:
    """One person's browser window on the live server."""

    page: Page
    url: str
    look: str = ""
    """Theme, size and language, for the names of pictures."""
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    """Parts of console lines that the test wants (the line of a 403, for example)."""

    def open(self, path: str) -> Page:
        """Go to a path and wait until its modules have run."""
        self.page.goto(self.url + path)
        return self.page

    def expect_in_console(self, part: str) -> None:
        """Let console errors with this part pass."""
        self.expected.append(part)

    @property
    def unexpected(self) -> list[str]:
        """What the console said that it should not."""
        return [f for f in self.faults if not any(part in f for part in self.expected)]


Entering = Callable[..., Visit]


@pytest.fixture
def enter(live_server: Any, chromium: Browser) -> Iterator[Entering]:
    """Open a window, signed in as somebody: `enter(people.anna, language="it", phone=True)`."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def window(
        who: User | None = None,
        *,
        language: str = "en",
        theme: str = "light",
        phone: bool = False,
        path: str = "",
        **options: Any,
    ) -> Visit:
        context = chromium.new_context(
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            locale="it-IT" if language == "it" else "en-GB",
            timezone_id="Europe/Rome",
            color_scheme="dark" if theme == "dark" else "light",
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(WAIT)
        if who is not None:
            _habits(who, language, theme)
            context.add_cookies([_cookie(who, live_server.url)])
        page = context.new_page()
        look = f"{theme}-{'phone' if phone else 'desktop'}-{language}"
        visit = Visit(page, live_server.url, look)
        _listen(page, visit)
        visits.append(visit)
        if path:
            visit.open(path)
        return visit

    yield window
    for context in contexts:
        context.close()
    faults = [fault for visit in visits for fault in visit.unexpected]
    assert not faults, f"The console said: {faults}"


def _habits(who: User, language: str, theme: str) -> None:
    with scope.account(who.account_id):
        who.language, who.theme = language, theme
        who.save(update_fields=["language", "theme"])


def _cookie(who: User, url: str) -> Any:
    client = Client()
    with scope.everywhere("a test's session"):
        client.force_login(who)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}


def _listen(page: Page, visit: Visit) -> None:
    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            visit.faults.append(f"{message.text} ({message.location.get('url', '')})")

    page.on("console", said)
    page.on("pageerror", lambda error: visit.faults.append(str(error)))


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Fail with a readable list when axe finds anything on the page as it stands."""

    def check(page: Page) -> None:
        page.evaluate(AXE_SCRIPT)
        # What it found right stays in the browser: to bring that over takes a fifth of the time.
        found = AxeResults(page.evaluate(AXE_RUN))
        assert found.violations_count == 0, found.generate_report()

    return check
