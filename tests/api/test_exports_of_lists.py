"""Exports of prospecting lists by the API: the rows of those that are named."""

from __future__ import annotations

from typing import Any

from custode.kernel import scope
from tests.api.test_exports import make, rows
from tests.prospecting.sheets import a_list


def test_of_two_lists_the_rows_of_the_one_that_is_named_leave(app, people, fair):
    with scope.account(people.ferri.account.pk):
        other = a_list(people.actor(people.ugo), "Other", [("Neri", "Bari", "")])
        third = a_list(people.actor(people.ugo), "Third", [("Gialli", "Lecce", "")])
    one = app("read", "export")

    def companies(**order: Any) -> list[str]:
        begun = one.post("/exports", {"kind": "prospecting_list", **order})
        make(people, begun)
        file = one.get(f"/exports/{begun.json['id']}/download")
        return sorted(row["Company"] for row in rows(file))

    assert companies(ids=[other.pk]) == ["Neri"]
    assert companies(ids=f"{other.pk},{third.pk}") == ["Gialli", "Neri"]
    # Who names lists in both ways means those in `ids`.
    assert companies(ids=[other.pk], filter={"list": fair.pk}) == ["Neri"]
    assert companies(filter={"list": third.pk}) == ["Gialli"]
