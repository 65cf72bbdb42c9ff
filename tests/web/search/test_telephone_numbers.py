"""A telephone number is found however it is grouped, as whoever calls is shown without blanks."""

from __future__ import annotations

import pytest

from custode.clients import moves as clients
from custode.clients import queries as folders
from custode.clients.queries import Wanted
from custode.leads import queries
from custode.leads.filters import Filter
from custode.prospecting import moves as lists
from custode.prospecting import queries as prospecting
from tests.cast import Cast


@pytest.mark.parametrize(
    ("asked", "written", "found"),
    [
        ("0444123456", "0444 123456", True),
        ("0444123456", "+39 0444 12 34 56", True),
        ("0444123456", "(0444) 123-456", True),
        ("0444-123456", "0444123456", True),
        ("+390444123456", "+39 0444/123456", True),
        ("0444 123456", "0444123456", True),
        ("444123456", "0444 123456", True),
        ("1.234.567", "1.234.567", True),
        ("0444123456", "0444 123457", False),
        ("0444123456", "0444\n123456", False),
        ("0444123456", "0444 and 123456", False),
    ],
)
def test_a_telephone_number_is_found_in_groups_and_together(
    ferri: Cast, asked: str, written: str, found: bool
) -> None:
    actor = ferri.actor(ferri.ugo)
    ferri.lead(ferri.ugo, "Scanner", description=f"Phone: {written}")
    folder = clients.create(actor, "Rossi", owner=ferri.ugo)
    clients.add_contact(actor, folder, name="Ada", phone=" ".join(written.split("\n")))
    lists.create(actor, "Fair", ["Name", "Phone"], [["Mario", written]])
    assert queries.matching(actor, Filter(q=asked)).exists() is found
    assert prospecting.found_prospects(actor, asked).exists() is found
    if "\n" not in written:
        assert folders.matching(actor, Wanted(q=asked)).exists() is found
