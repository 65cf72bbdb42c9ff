"""Whose an exported file is that an application asked for: on the page of downloads, in the log."""

from __future__ import annotations

from typing import Any

import pytest

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.exchange import exporting, making
from custode.exchange.models import ExportFile
from custode.kernel import scope
from custode.people import moves, teams
from custode.people.models import User
from custode.prospecting import moves as lists
from custode.prospecting.models import ProspectingList
from tests.api.calling import Answer, Caller
from tests.api.test_exports import last_entry, make
from tests.cast import Cast
from tests.prospecting.sheets import a_list


def test_the_page_of_downloads_says_which_application_asked_for_a_file(app, people, come_in_web):
    people.lead(people.ugo, "Scanner")
    token = app(name="Zapp").get("/auth/log_as", user_id=people.ugo.pk).json["token"]
    own = app(name="Sheets").post("/exports")
    make(people, Caller(token=token).post("/exports"))
    make(people, own)
    page = come_in_web(people.ugo).get("/exports/").content.decode()
    assert page.count("exported by the program “Zapp” in your name") == 1
    # What an application asked for as itself stands on nobody's page, and in the log by its name.
    assert page.count("data-row-link") == 1
    log = come_in_web(people.anna).get("/security/actions/").content.decode()
    assert "Sheets" in log
    assert "Zapp, as Ugo Conti" in log


ONLY_OWN = Sharing("admins", False, "managers", "everybody")
TEAMS = Sharing("admins", teams_on=True, team_visibility="members", assigning="everybody")
SEES_LESS = "You see less now than when this file was made. Export again."


def boss(people: Cast) -> User:
    """Another admin."""
    with scope.account(people.ferri.account.pk):
        otto = moves.create(
            people.actor(people.anna), first_name="Otto", last_name="Berg",
            email="otto@berg.example", role="admin",
        )  # fmt: skip
        otto.set_password("correct-horse-battery")
        otto.save(update_fields=["password"])
    return otto


def shared(people: Cast, how: Sharing) -> None:
    with scope.account(people.ferri.account.pk):
        sharing.change(people.actor(people.anna), how)


def demoted(people: Cast, who: User) -> None:
    with scope.account(people.ferri.account.pk):
        moves.set_role(people.actor(people.anna), who, "user")


def is_withheld(caller: Caller, begun: Answer, people: Cast) -> bool:
    """Whether a file is not handed out, which is in the log."""
    answer = caller.get(f"/exports/{begun.json['id']}/download")
    entry = last_entry(people)
    refused = (answer.status, entry.verb, entry.outcome) == (403, "export", "refused")
    assert refused == (answer.status != 200)
    assert not refused or answer.json["message"] == SEES_LESS
    return refused


def test_a_file_is_not_for_who_sees_less_than_when_it_was_made(program, people, come_in_web):
    people.lead(people.bruna, "Secret of Bruna")
    ugos = program(people.ugo)
    begun = ugos.post("/exports", {"kind": "lead"})
    make(people, begun)
    assert not is_withheld(ugos, begun, people)
    shared(people, ONLY_OWN)
    assert is_withheld(ugos, begun, people)
    page = come_in_web(people.ugo).get("/exports/").content.decode()
    assert SEES_LESS in page
    assert "Download</a>" not in page
    shared(people, Sharing("shared", False, "managers", "everybody"))
    assert not is_withheld(ugos, begun, people)


def test_an_admins_file_is_not_for_who_is_none_any_more(program, people):
    people.lead(people.bruna, "Secret of Bruna")
    otto = boss(people)
    ottos = program(otto)
    begun = ottos.post("/exports", {"kind": "lead"})
    make(people, begun)
    assert not is_withheld(ottos, begun, people)
    demoted(people, otto)
    assert is_withheld(ottos, begun, people)


def test_a_file_begun_before_and_finished_after_is_withheld_too(program, people, monkeypatch):
    people.lead(people.bruna, "Secret of Bruna")
    otto, write = boss(people), making._write

    def meanwhile(*told: Any) -> None:
        demoted(people, otto)
        shared(people, ONLY_OWN)
        write(*told)

    ottos = program(otto)
    begun = ottos.post("/exports", {"kind": "lead"})
    with monkeypatch.context() as slow:
        slow.setattr(making, "_write", meanwhile)
        make(people, begun)
    assert is_withheld(ottos, begun, people)


def test_who_left_a_team_is_not_given_what_was_exported_in_it(program, people):
    people.lead(people.bruna, "Secret of Bruna")
    shared(people, TEAMS)
    anna = people.actor(people.anna)
    with scope.account(people.ferri.account.pk):
        team = teams.create(anna, "North", {people.ugo.pk: False, people.bruna.pk: False})
    ugos = program(people.ugo)
    begun = ugos.post("/exports", {"kind": "lead"})
    make(people, begun)
    assert not is_withheld(ugos, begun, people)
    with scope.account(people.ferri.account.pk):
        teams.leave(anna, team, people.ugo)
    assert is_withheld(ugos, begun, people)


@pytest.fixture
def fairs(people: Cast) -> tuple[ProspectingList, ProspectingList]:
    """A list of Bruna's that she shares, and one of Ugo's, who sees but what is his."""
    shared(people, ONLY_OWN)
    with scope.account(people.ferri.account.pk):
        bruna, ugo = people.actor(people.bruna), people.actor(people.ugo)
        hers, his = a_list(bruna, "Hers"), a_list(ugo, "His")
        lists.share(bruna, hers, True)
    return hers, his


def share(people: Cast, one: ProspectingList, on: bool) -> None:
    with scope.account(people.ferri.account.pk):
        lists.share(people.actor(people.bruna), one, on)


def test_a_file_of_a_shared_list_is_not_for_whom_it_is_shared_with_no_longer(
    program, people, fairs, come_in_web
):
    hers, _his = fairs
    ugos, brunas = program(people.ugo), program(people.bruna)
    given = {"kind": "prospecting_list", "ids": [hers.pk]}
    begun, own = ugos.post("/exports", given), brunas.post("/exports", given)
    for one in (begun, own):
        make(people, one)
    assert not is_withheld(ugos, begun, people)
    share(people, hers, on=False)
    assert is_withheld(ugos, begun, people)
    assert SEES_LESS in come_in_web(people.ugo).get("/exports/").content.decode()
    assert not is_withheld(brunas, own, people)
    share(people, hers, on=True)
    assert not is_withheld(ugos, begun, people)


def test_one_list_of_several_is_enough_and_ones_own_are_no_reason(program, people, fairs):
    hers, his = fairs
    ugos = program(people.ugo)
    both = ugos.post("/exports", {"kind": "prospecting_list"})
    own = ugos.post("/exports", {"kind": "prospecting_list", "ids": [his.pk]})
    for one in (both, own):
        make(people, one)
    share(people, hers, on=False)
    assert is_withheld(ugos, both, people)
    assert not is_withheld(ugos, own, people)


def test_a_list_shared_for_a_moment_while_its_file_was_made_is_noted(
    program, people, fairs, monkeypatch
):
    hers, _his = fairs
    share(people, hers, on=False)
    begin = exporting.begin

    def meanwhile(*told: Any, **facts: Any) -> Any:
        share(people, hers, on=True)
        return begin(*told, **facts)

    ugos = program(people.ugo)
    begun = ugos.post("/exports", {"kind": "prospecting_list"})
    with monkeypatch.context() as slow:
        slow.setattr(exporting, "begin", meanwhile)
        make(people, begun)
    assert not is_withheld(ugos, begun, people)
    share(people, hers, on=False)
    assert is_withheld(ugos, begun, people)


def test_an_old_file_of_prospects_that_names_no_lists_is_for_who_sees_all(program, people, fairs):
    """A file of leads needs no such note."""
    people.lead(people.ugo, "Scanner")
    ugos, annas = program(people.ugo), program(people.anna)
    files = {
        (name, kind): caller.post("/exports", {"kind": kind})
        for name, caller in (("ugo", ugos), ("anna", annas))
        for kind in ("prospecting_list", "lead")
    }
    for one in files.values():
        make(people, one)
    with scope.account(people.ferri.account.pk):
        for file in ExportFile.objects.all():
            file.reach.pop("lists", None)
            file.save(update_fields=["reach"])
    withheld = {
        who: is_withheld(annas if who[0] == "anna" else ugos, one, people)
        for who, one in files.items()
    }
    assert withheld == {
        ("ugo", "prospecting_list"): True, ("ugo", "lead"): False,
        ("anna", "prospecting_list"): False, ("anna", "lead"): False,
    }  # fmt: skip
