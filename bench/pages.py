"""The unfiltered list and the board at 100,000 leads, beside the same pages at 1,000."""

from __future__ import annotations

import statistics

from django.db import connection
from django.test import Client

from bench.ground import company, database, seconds
from custode.kernel import scope
from custode.people import moves

FEW, MANY = 1_000, 100_000
ROUNDS = 40


def main() -> None:
    """Print requests per second of each page, and their ratio."""
    with database():
        print(f"database: {connection.vendor}")
        browsers = {leads: _browser(leads) for leads in (FEW, MANY)}
        for path in ("/leads/", "/board/"):
            rates = {leads: _rate(browser, path) for leads, browser in browsers.items()}
            print(
                f"{path}: {rates[FEW]:.1f} requests/s at {FEW:,} leads,"
                f" {rates[MANY]:.1f} at {MANY:,}; ratio {rates[MANY] / rates[FEW]:.2f} (limit 0.7)"
            )


def _browser(leads: int) -> Client:
    """An admin's browser, in an account with so many leads."""
    actor, _ = company(leads)
    user = moves.create(
        actor, first_name="Bench", email=f"bench{leads}@bench.example", role="admin"
    )
    browser = Client()
    with scope.everywhere("the benchmark signs in"):
        browser.force_login(user)
    return browser


def _rate(browser: Client, path: str) -> float:
    """Requests per second, by the median of single ones."""

    def ask() -> None:
        if browser.get(path).status_code != 200:
            raise RuntimeError(path)

    ask()
    return 1 / statistics.median(seconds(ask) for _ in range(ROUNDS))


if __name__ == "__main__":
    main()
