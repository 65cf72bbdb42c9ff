"""The screen that tells whose export a found file is."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from custode.accounts import moves as account_moves
from custode.exchange import exporting
from custode.exchange.orders import Order
from custode.guard.models import LogEntry
from custode.kernel import scope

PAGE = "/security/whose-export/"


def brought(client, data, name="found.csv"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)})


@pytest.fixture
def found(people):
    """A file that Ugo exported: its text."""
    with scope.account(people.ferri.account.pk):
        for n in range(4):
            people.lead(people.ugo, f"Scanner {n} <b>", amount_minor=1_234_00 + n)
        body = exporting.stream(people.ugo, people.actor(people.ugo), Order(format="csv"))
        assert body is not None
        whole = b"".join(body)
        body.close()
    return whole


def test_it_names_who_exported_it_when_and_how_much_of_it(people, come_in, found):
    answer = brought(come_in(people.anna), found, "leads-2026-11-23-7.csv")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 export fits “leads-2026-11-23-7.csv”" in page
    assert "<b>Ugo Conti</b> exported <b>4 leads</b> as <b>CSV</b>." in page
    assert "100 %" in page
    assert "4 rows are from it, 4 the same in all of" in page
    assert "The file itself names entry 7" in page
    assert "Scanner 0 &lt;b&gt;" in page


def test_a_file_of_nobodys_is_told_so(people, come_in, found):
    page = brought(come_in(people.anna), b"title,amount\nNothing,1\n").content.decode()
    assert "No export fits “found.csv”" in page


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"%PDF-1.7", "PDF"), (b"title\n", "no rows below its header"), (b"\x00\x01" * 99, "no text")],
)
def test_what_cannot_be_read_is_told_beside_the_file(people, come_in, data, why):
    answer = brought(come_in(people.anna), data)
    assert answer.status_code == 422
    assert why in answer.content.decode()


def test_without_a_file_it_asks_for_one(people, come_in):
    client = come_in(people.anna)
    assert client.get(PAGE).status_code == 200
    answer = client.post(PAGE)
    assert (answer.status_code, "Choose a file first" in answer.content.decode()) == (422, True)


def test_it_reads_and_writes_nothing_down(people, come_in, found):
    client = come_in(people.anna)
    with scope.account(people.ferri.account.pk):
        before = LogEntry.objects.count()
        brought(client, found)
        assert LogEntry.objects.count() == before


def test_it_is_for_admins_of_the_edition_that_has_the_log(people, come_in, found):
    assert come_in(people.ugo).get(PAGE).status_code == 403
    assert brought(come_in(people.ugo), found).status_code == 403
    account_moves.set_edition(people.actor(people.anna), "sales_essentials")
    page = brought(come_in(people.anna), found).content.decode()
    assert "part of the Dream Team edition" in page
    assert "Ugo Conti" not in page


def test_the_export_of_another_account_is_not_told(people, come_in, found):
    account_moves.set_edition(people.actor(people.carla), "dream_team")
    page = brought(come_in(people.carla), found).content.decode()
    assert "No export fits" in page
    assert "Ugo" not in page
