"""What the tests of files that leave share."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from custode.kernel import clock
from custode.leads.models import Lead
from tests.cast import Cast

CITIES = ("Milano", "Torino", "Bari", "Lecce", "Pisa", "Trento", "Como")


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


@pytest.fixture
def leads(ferri: Cast) -> list[Lead]:
    """Thirty leads of Ugo's, made at thirty moments, with texts that spreadsheets meddle with."""
    made = []
    for n in range(30):
        with clock.at(datetime(2026, 3, 1, 8, 0, 11, tzinfo=UTC) + timedelta(minutes=67 * n)):
            made.append(
                ferri.lead(
                    ferri.ugo, title=f"Pressa {n} per {CITIES[n % 7]}",
                    amount_minor=123_450 + n * 1_010, reference=f"00{4_711 + n}",
                    estimated_closing_date=date(2026, 5, 1 + n % 28),
                    remind_date=date(2027, 5, 1 + n % 28), remind_time=time(8 + n % 10, 30),
                    description=f"=richiamare, +39 02 555{n:03d} {'per la pressa ' * 9}\nÈ urgente"
                    if n % 2
                    else "",
                )
            )  # fmt: skip
    return made
