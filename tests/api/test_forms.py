"""Lists and objects in forms and addresses, as the libraries of several languages write them."""

from __future__ import annotations

import pytest

from custode.kernel import scope
from tests.api.calling import Caller

FORM = "application/x-www-form-urlencoded"
WAYS = (
    "tags[]=fair&tags[]=steel", "tags=fair&tags=steel", "tags=fair,steel",
    "tags[0]=fair&tags[1]=steel", "tags[1]=steel&tags[0]=fair",
    "tags%5B0%5D=fair&tags%5B1%5D=steel",
)  # fmt: skip
"""Rails and axios, requests, a text, and PHP's http_build_query, which numbers its lists."""


@pytest.fixture
def key(app) -> Caller:
    found: Caller = app("read", "write", "delete")
    return found


@pytest.mark.parametrize("way", WAYS)
def test_a_form_names_several_tags_in_any_way(key, way):
    made = key.call("POST", "/leads", f"title=T&{way}", kind=FORM)
    assert (made.status, sorted(made.json["tags"])) == (201, ["fair", "steel"])


@pytest.mark.parametrize("way", WAYS)
def test_a_filter_written_in_any_way_finds_no_more_than_it_names(key, way):
    key.post("/leads", {"title": "Only one of them", "tags": "fair"})
    both = key.post("/leads", {"title": "Both", "tags": "fair,steel"}).json["id"]
    assert [one["id"] for one in key.get(f"/leads?{way}").json] == [both]


def test_statuses_that_php_numbers_are_filtered_by(key):
    for status in ("todo", "won", "lost"):
        key.post("/leads", {"title": status, "status": status})
    found = key.get("/leads?status[0]=won&status[1]=lost").json
    assert sorted(one["status"] for one in found) == ["lost", "won"]


def test_a_row_of_a_list_is_written_by_a_form(key):
    cells = "content[0][0]=Company&content[0][1]=City&content[1][0]=Rossi&content[1][1]=Torino"
    made = key.call("POST", "/spreadsheets", f"title=Fair&{cells}", kind=FORM)
    assert (made.status, made.json["column_names"]) == (201, ["Company", "City"])
    row = made.json["spreadsheet_rows"][0]
    path = f"/spreadsheets/{made.json['id']}/rows/{row['id']}/update_fields"
    told = key.call("PUT", path, "fields[City]=Ivrea", kind=FORM)
    assert (told.status, told.json["content"]) == (200, ["Rossi", "Ivrea"])


def test_fields_of_a_lead_are_written_by_a_form(key, people):
    with scope.account(people.ferri.account.pk):
        lead = people.lead(people.ugo, description="Phone: 1")
    told = key.call("PUT", f"/leads/{lead.pk}", "fields[Phone]=2&fields[City]=Ivrea", kind=FORM)
    assert told.json["extended_info"]["fields_by_name"] == {"Phone": "2", "City": "Ivrea"}


@pytest.mark.parametrize(
    "odd",
    ["tags[=x", "tags]=x", "[]=x", "[a]=x", "a[][b]=x", "a[b][c][d][e]=x", "title[a]=x", "a[]b=x"],
)
def test_names_that_make_no_sense_are_passed_over_or_told(key, odd):
    made = key.call("POST", "/leads", f"title=T&{odd}", kind=FORM)
    assert made.status in {201, 422}
    assert key.get(f"/leads?{odd}").status == 200
