"""A comment that is made long with noise first is not cut down unseen afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from custode.kernel import clock
from custode.kernel.errors import Refused
from tests.activities.test_cut_comments import SAID, edit, rule, written
from tests.cast import Cast


def test_a_comment_does_not_drown_in_what_is_added_an_hour_before(ferri: Cast) -> None:
    rule(ferri)
    it, noise, now = written(ferri, ferri.lead(ferri.ugo)), "qwertz plkmn " * 20, clock.now()
    edit(ferri, it, f"{it.text} {noise}")
    with clock.at(now + timedelta(hours=2)):
        with pytest.raises(Refused):
            edit(ferri, it, noise)
        it.refresh_from_db()
        edit(ferri, it, f"{SAID} {noise[:200]} Called him.")
