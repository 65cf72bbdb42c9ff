"""Whose an exported file is that an application asked for: on the page of downloads, in the log."""

from __future__ import annotations

from tests.api.calling import Caller
from tests.api.test_exports import make


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
