"""What the tests of imports into prospecting lists share."""

from __future__ import annotations

from dataclasses import replace

from custode.exchange.importing import runs
from custode.exchange.importing.sheets.plan import Plan
from custode.exchange.models import ImportRun, RunState
from custode.people.models import User
from tests.cast import Cast
from tests.exchange.bringing import worked

FILE = "company;city;note\nRossi S.r.l.;Torino;calls back\nÉdile Bianchi;Roma;\n;;\nVerdi;;x\n"


def brought(cast: Cast, who: User, text: str = FILE, into: str = "new") -> ImportRun:
    run = runs.bring(
        who, cast.actor(who), "fair.csv", [text.encode()], kind="prospect", wish={"into": into}
    )
    return worked(run)


def checked(cast: Cast, who: User, text: str = FILE, into: str = "new", **places: str) -> ImportRun:
    run = brought(cast, who, text, into)
    assert run.state == RunState.MAPPING, run.why
    plan = Plan(**run.choices)
    plan = replace(plan, places={**plan.places, **places})
    runs.decide(run, {}, plan.as_dict())
    return worked(run)


def started(cast: Cast, who: User, text: str = FILE, into: str = "new", **places: str) -> ImportRun:
    run = checked(cast, who, text, into, **places)
    assert run.state == RunState.CHECKED, run.why
    runs.start(run, cast.actor(who))
    return run


def many(rows: int) -> str:
    return "company,city\n" + "".join(f"Company {n},City {n % 7}\n" for n in range(rows))
