"""The page of a lead: edited in place, refused to others, told in its history."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.kinds import Verb
from custode.leads import moves, pipelines
from custode.leads.models import Lead
from custode.web.leads import choices
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


def save(client: Client, lead: Lead, name: str, **data: Any) -> Any:
    """One field saved, as htmx sends it."""
    return client.post(f"/leads/{lead.pk}/field/{name}/", data, headers=HTMX)


GOOD: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("title", {"title": "  New   name "}, {"title": "New name"}),
    ("description", {"description": "a\r\nb: c\n"}, {"description": "a\nb: c"}),
    ("amount", {"amount": "1,234.50"}, {"amount_minor": 123450, "currency": "EUR"}),
    ("amount", {"amount": "1,000", "currency": "JPY"}, {"amount_minor": 1000, "currency": "JPY"}),
    ("amount", {"amount": "500 eur"}, {"amount_minor": 50000, "currency": "EUR"}),
    ("amount", {"amount": "€ 500"}, {"amount_minor": 50000, "currency": "EUR"}),
    ("amount", {"amount": "", "currency": "EUR"}, {"amount_minor": None}),
    ("probability", {"probability": "40 %"}, {"probability": 40}),
    ("probability", {"probability": ""}, {"probability": None}),
    ("closing", {"closing": "2027-02-03"}, {"estimated_closing_date": date(2027, 2, 3)}),
    ("reminder", {"remind_date": "2027-02-03"}, {"remind_date": date(2027, 2, 3)}),
    ("owner", {"owner": ""}, {"owner": None}),
]  # fmt: skip

BAD: list[tuple[str, dict[str, str], str]] = [
    ("title", {"title": "  "}, "A lead needs a title."),
    ("title", {"title": "x" * 201}, "at most 200"),
    ("description", {"description": "x" * 50_001}, "at most 50,000"),
    ("amount", {"amount": "1.234,50"}, "Write it like 1,234.50"),
    ("amount", {"amount": "12,34"}, "is not an amount"),
    ("amount", {"amount": "500 USD"}, "is not an amount"),
    ("amount", {"amount": "EUR"}, "is not an amount"),
    ("amount", {"amount": "1.234"}, "at most 2 decimals"),
    ("amount", {"amount": "9" * 18}, "too large"),
    ("amount", {"amount": "1", "currency": "XXX"}, "Choose a currency"),
    ("probability", {"probability": "101"}, "from 0 to 100"),
    ("probability", {"probability": "½"}, "from 0 to 100"),
    ("closing", {"closing": "tomorrow"}, "is not a day"),
    ("reminder", {"remind_date": "2027-02-03", "remind_time": "late"}, "like 14:30"),
    ("owner", {"owner": "999999"}, "Choose a user"),
    ("tags", {"tags": "x" * 61}, "at most 60"),
    ("step", {"step": "0"}, "Choose a step"),
]


@pytest.mark.parametrize(("name", "data", "values"), GOOD)
def test_a_field_is_saved(
    ferri: Cast, ugo: Client, name: str, data: dict[str, str], values: dict[str, Any]
) -> None:
    lead = ferri.lead(ferri.ugo, amount_minor=5, probability=5)
    answer = save(ugo, lead, name, **data)
    assert answer.status_code == 200
    lead.refresh_from_db()
    assert {column: getattr(lead, column) for column in values} == values
    assert 'id="history"' in answer.content.decode()


@pytest.mark.parametrize(("name", "data", "words"), BAD)
def test_a_wrong_value_is_explained_beside_its_field(
    ferri: Cast, ugo: Client, name: str, data: dict[str, str], words: str
) -> None:
    lead = ferri.lead(ferri.ugo)
    answer = save(ugo, lead, name, **data)
    assert answer.status_code == 422
    if name != "step":
        assert words in answer.content.decode()
    assert Lead.objects.get(pk=lead.pk).updated_at == lead.updated_at


def test_italian_amounts(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo)
    ferri.ugo.language = "it"
    ferri.ugo.save(update_fields=["language"])
    assert save(ugo, lead, "amount", amount="1.234,50").status_code == 200
    lead.refresh_from_db()
    assert lead.amount_minor == 123450
    assert save(ugo, lead, "amount", amount="1,234.50").status_code == 422
    form = ugo.get(f"/leads/{lead.pk}/field/amount/?edit=1", headers=HTMX).content.decode()
    assert 'value="1.234,50"' in form


def test_only_the_edited_field_is_saved(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo, "Before")
    form = ugo.get(f"/leads/{lead.pk}/field/title/?edit=1", headers=HTMX).content.decode()
    was = form.split('name="was" value="')[1].split('"')[0]
    moves.edit(ferri.actor(ferri.anna), Lead.objects.get(pk=lead.pk), amount_minor=777)
    assert save(ugo, lead, "title", title="After", was=was).status_code == 200
    lead.refresh_from_db()
    assert (lead.title, lead.amount_minor) == ("After", 777)


def test_somebody_elses_change_is_not_overwritten_in_silence(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo, "Before")
    form = ugo.get(f"/leads/{lead.pk}/field/title/?edit=1", headers=HTMX).content.decode()
    was = form.split('name="was" value="')[1].split('"')[0]
    moves.edit(ferri.actor(ferri.anna), Lead.objects.get(pk=lead.pk), title="Anna's")
    answer = save(ugo, lead, "title", title="After", was=was)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "has changed this while you were editing" in page
    assert 'value="After"' in page
    was = page.split('name="was" value="')[1].split('"')[0]
    assert save(ugo, lead, "title", title="After", was=was).status_code == 200


def test_tags_are_set_and_made(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo)
    save(ugo, lead, "tags", tags="Hot, hot, New one,")
    assert sorted(tag.name for tag in lead.tags.all()) == ["Hot", "New one"]
    save(ugo, lead, "tags", tags="New one")
    page = ugo.get(f"/leads/{lead.pk}/").content.decode()
    assert "took off the tag “Hot”" in page


def test_others_read_but_do_not_write(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.bruna, "Hers")
    page = ugo.get(f"/leads/{lead.pk}/?edit=title").content.decode()
    assert "This lead belongs to Bruna Sala. Ask them or an admin to change it." in page
    assert 'name="was"' not in page
    assert "edit=amount" not in page
    for path, data in (
        ("field/title/", {"title": "Mine"}), ("field/tags/", {"tags": "x"}),
        ("field/step/", {"step": ferri.ferri.steps[1].pk}), ("status/", {"status": "won"}),
        ("star/", {"on": "1"}), ("delete/", {}),
    ):  # fmt: skip
        assert ugo.post(f"/leads/{lead.pk}/{path}", data, headers=HTMX).status_code == 403, path
    assert ugo.get(f"/leads/{lead.pk}/field/title/?edit=1", headers=HTMX).status_code == 403
    fresh = Lead.objects.get(pk=lead.pk)
    assert (fresh.title, fresh.status, fresh.starred, fresh.updated_at) == (
        "Hers", "todo", False, lead.updated_at,
    )  # fmt: skip


def test_another_accounts_lead_does_not_exist(ferri: Cast, carla: Client) -> None:
    lead = ferri.lead(ferri.ugo)
    for path in ("", "field/title/", "history/"):
        assert carla.get(f"/leads/{lead.pk}/{path}").status_code == 404
    for path in ("field/title/", "status/", "star/", "delete/", "move/"):
        assert carla.post(f"/leads/{lead.pk}/{path}", {"title": "x"}).status_code == 404
    assert carla.get(f"/leads/{2**70}/").status_code == 404


def test_deleting_goes_through_the_door_and_back(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo, "Scanner")
    answer = ugo.post(f"/leads/{lead.pk}/delete/", {"next": "/leads/?q=x"})
    assert (answer.status_code, answer["Location"]) == (302, "/leads/?q=x")
    assert "“Scanner” moved to the trash." in ugo.get("/leads/").content.decode()
    assert ugo.get(f"/leads/{lead.pk}/").status_code == 404
    evil = ferri.lead(ferri.ugo)
    answer = ugo.post(f"/leads/{evil.pk}/delete/", {"next": "https://example.com/"})
    assert answer["Location"] == "/leads/"


def test_the_rule_against_deleting(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo)
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    assert "Only admins can delete leads" in ugo.get(f"/leads/{lead.pk}/").content.decode()
    assert ugo.post(f"/leads/{lead.pk}/delete/").status_code == 403
    assert Lead.objects.get() == lead


def test_the_history_names_things(ferri: Cast, ugo: Client) -> None:
    ugo_, lead = ferri.actor(ferri.ugo), ferri.lead(ferri.ugo, amount_minor=100_00)
    moves.edit(ugo_, lead, step=ferri.ferri.steps[1], amount_minor=250_00)
    door.change(ferri.actor(ferri.anna), [lead], "owner", ferri.bruna)
    page = ugo.get(f"/leads/{lead.pk}/").content.decode()
    assert "changed “Step” from “Incoming” to “Contacted”" in page
    assert "changed “Owner” from “Ugo Conti” to “Bruna Sala”" in page
    assert "(sensitive action)" in page
    assert "created the lead" in page
    for i in range(30):
        moves.edit(ferri.actor(ferri.anna), lead, title=f"T{i}")
    page = ugo.get(f"/leads/{lead.pk}/").content.decode()
    assert "created the lead" not in page
    path = page.split(f'hx-get="/leads/{lead.pk}/history/')[1].split('"')[0]
    assert "created the lead" in ugo.get(f"/leads/{lead.pk}/history/{path}").content.decode()


def test_labelled_lines_become_fields_and_only_safe_links(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(
        ferri.ugo,
        description="Hello\nWeb: https://example.com/x\nMail: a@b.example\nPhone: +39 055 123456"
        "\nBad: javascript:alert(1)\nAlso: data:text/html,x\nHost: www.example.it",
    )
    page = ugo.get(f"/leads/{lead.pk}/").content.decode()
    assert 'href="https://example.com/x"' in page
    assert 'href="mailto:a@b.example"' in page
    assert 'href="tel:+39055123456"' in page
    assert 'href="https://www.example.it"' in page
    assert 'href="javascript' not in page
    assert 'href="data' not in page


def test_neighbours_in_the_list_one_came_from(ferri: Cast, ugo: Client) -> None:
    leads = [ferri.lead(ferri.ugo, title) for title in "abc"]
    page = ugo.get(f"/leads/{leads[1].pk}/?in=2&sort=title").content.decode()
    assert f'href="/leads/{leads[0].pk}/?in=1&amp;sort=title"' in page
    assert f'href="/leads/{leads[2].pk}/?in=3&amp;sort=title"' in page
    assert 'href="/leads/?sort=title"' in page
    assert ugo.get(f"/leads/{leads[1].pk}/?in=99&q=nothing").status_code == 200


def test_a_lead_whose_step_is_deleted_at_this_moment_is_shown_on_none(
    ferri: Cast, ugo: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, (old, into, *_rest) = ferri.lead(ferri.ugo), ferri.ferri.steps
    real = choices.pipelines

    def late() -> list[choices.WithSteps]:
        """The pipelines, as they are after an admin was faster."""
        pipelines.delete_step(ferri.actor(ferri.anna), old, into)
        monkeypatch.undo()
        return real()

    monkeypatch.setattr(choices, "pipelines", late)
    answer = ugo.get(f"/leads/{lead.pk}/")
    assert (answer.status_code, 'aria-current="step"' in answer.text) == (200, False)
    assert 'aria-current="step"' in ugo.get(f"/leads/{lead.pk}/").text


def test_status_and_star(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo)
    assert ugo.post(f"/leads/{lead.pk}/star/", {"on": "1"}, headers=HTMX).status_code == 200
    answer = ugo.post(f"/leads/{lead.pk}/status/", {"status": "lost"}, headers=HTMX)
    assert 'value="lost"' in answer.content.decode()
    lead.refresh_from_db()
    assert (lead.starred, lead.status) == (True, "lost")
    assert ugo.post(f"/leads/{lead.pk}/status/", {"status": "x"}, headers=HTMX).status_code == 400
    answer = ugo.post(f"/leads/{lead.pk}/status/", {"status": "todo"})
    assert answer["Location"] == f"/leads/{lead.pk}/"
    lead.refresh_from_db()
    assert lead.closed_at is None


def test_a_lead_on_standby_is_asked_for_its_day_with_the_hour_it_has(
    ferri: Cast, ugo: Client
) -> None:
    held = {"remind_date": date(2027, 2, 3), "remind_time": time(14, 30)}
    asleep = ferri.lead(ferri.ugo, "Scanner", status="standby", **held)
    awake = ferri.lead(ferri.ugo, "Press", **held)
    for lead, hour in ((asleep, "14:30"), (awake, "")):
        page = ugo.get(f"/leads/{lead.pk}/").text
        assert f'id="standby-hour" name="remind_time" value="{hour}"' in page
