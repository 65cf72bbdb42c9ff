"""What applications do raises alerts as what people do does."""

from __future__ import annotations

import pytest

from custode.guard import door
from custode.kernel.actor import Actor, Origin, Scope
from custode.leads.models import Lead
from custode.signin.api_keys import moves as keys
from tests.alerts.judged import forget_what_was, judge, opened
from tests.cast import Cast


def exported_by_an_application(cast: Cast, rows: int) -> None:
    for n in range(rows):
        cast.lead(cast.ugo, f"Lead {n}")
    key, _text = keys.make(Actor.operator(cast.ferri.account.pk), "Zapp", list(Scope))
    forget_what_was(cast)
    list(door.export(key.actor(Origin()), Lead.objects.all(), format="csv").rows())


@pytest.mark.parametrize(("rows", "rules"), [(99, []), (100, ["exported_by_keys"])])
def test_an_application_that_exports_much_is_told(calm: Cast, rows: int, rules: list[str]) -> None:
    exported_by_an_application(calm, rows)
    judge(calm)
    assert [rule for rule, _acts, _items in opened()] == rules
