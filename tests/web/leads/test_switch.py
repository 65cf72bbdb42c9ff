"""Between list and board one keeps the filter, and each part of it can be taken off on both."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from custode.clients import moves as client_moves
from custode.guard import door
from custode.leads import moves
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


def way(page: str, to: str) -> str:
    """The query of the switch's link to the list or the board."""
    switch = page[page.index('id="switch"') :]
    return html.unescape(re.findall(rf'href="/{to}/(?:\?([^"]*))?"', switch)[0])


def without(page: str) -> list[str]:
    """The queries of the marks, each of which takes off a part of the filter."""
    return [html.unescape(one) for one in re.findall(r'class="mark" href="\?([^"]*)"', page)]


def test_the_filter_goes_along_from_the_list_to_the_board_and_back(
    ferri: Cast, ugo: Client
) -> None:
    asked = "q=scanner&starred=1"
    page = ugo.get(f"/leads/?{asked}").text
    assert way(page, "board") == asked
    board = ugo.get(f"/board/?{way(page, 'board')}").text
    assert way(board, "leads") == asked
    named = f"pipeline={ferri.ferri.pipeline.pk}&{asked}"
    named_board = ugo.get(f"/board/?{named}").text
    assert sorted(way(named_board, "leads").split("&")) == sorted(named.split("&"))


def test_the_way_to_the_board_follows_what_is_filtered_on_the_page(
    ferri: Cast, ugo: Client
) -> None:
    answer = ugo.get("/leads/?q=scanner", headers=HTMX).text
    assert 'id="switch" hx-swap-oob="true"' in answer
    assert way(answer, "board") == "q=scanner"
    assert answer.count('aria-current="page"') == 1
    assert "hx-swap-oob" not in ugo.get("/leads/?q=scanner").text


@pytest.mark.parametrize("part", ["folder", "import", "closing=none", "q=scanner", "starred=1"])
def test_each_part_is_taken_off_the_board(ferri: Cast, ugo: Client, part: str) -> None:
    folder = client_moves.create(ferri.actor(ferri.ugo), "Rossi")
    moves.edit(ferri.actor(ferri.ugo), ferri.lead(ferri.ugo, "Scanner"), client_folder=folder)
    imported = door.begin_import(ferri.actor(ferri.ugo), "lead", details={}, labels=["fair.csv"])
    arrived = f"import={imported.pk}"
    asked = {"folder": f"folder={folder.pk}", "import": arrived}.get(part, part)
    (rest,) = without(ugo.get(f"/board/?status=won&{asked}").text)
    assert rest == f"pipeline={ferri.ferri.pipeline.pk}&status=won"
