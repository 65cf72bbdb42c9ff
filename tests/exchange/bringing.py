"""What the tests of imports share: a file, and the way it goes up to each state."""

from __future__ import annotations

from typing import Any

from custode.exchange.importing import job, runs
from custode.exchange.importing.choices import Choices
from custode.exchange.importing.studies import Study
from custode.exchange.models import ImportRun, RunState
from custode.exchange.reading import from_dict
from custode.people.models import User
from tests.cast import Cast

FILE = """title;owner;stage;amount;tags;created;city
Fiera;Ugo Conti;Incoming;1.234,50;caldo, fiera;31/12/2025;Forlì
Pallet;Mara Gallo;Nuova fase;10;;01/02/2026;
Scanner;;Won;;caldo;15/03/2026;Asti
Guasto;Ugo Conti;Incoming;molti;;16/03/2026;
"""


def brought(cast: Cast, who: User, text: str = FILE, name: str = "leads.csv") -> ImportRun:
    run = runs.bring(who, cast.actor(who), name, [text.encode()])
    return worked(run)


def worked(run: ImportRun) -> ImportRun:
    job.work(run.account_id, run.pk)
    run.refresh_from_db()
    return run


def checked(cast: Cast, who: User, text: str = FILE, **choices: Any) -> ImportRun:
    run = brought(cast, who, text)
    assert run.state == RunState.MAPPING, run.why
    told = Study.from_dict(run.study)
    mapping = from_dict(run.mapping, told.headers)
    runs.set_mapping(run, mapping, Choices(**{**run.choices, **choices}))
    return worked(run)


def started(cast: Cast, who: User, text: str = FILE, **choices: Any) -> ImportRun:
    run = checked(cast, who, text, **choices)
    assert run.state == RunState.CHECKED, run.why
    runs.start(run, cast.actor(who))
    return run


def many(rows: int) -> str:
    return "title,reference\n" + "".join(f"Lead {n},R{n}\n" for n in range(rows))
