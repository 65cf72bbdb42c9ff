"""Two people have the same lead open: what one saves is set on what the other has left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from custode.guard import door, history
from custode.guard.models import Change
from custode.kernel import clock
from custode.kernel.errors import Gone, Invalid, Refused
from custode.leads import moves, tagging
from custode.leads.models import Lead
from tests.cast import Cast

SOON = date(2027, 1, 2)


def opened(lead: Lead) -> Lead:
    """The lead as a browser's tab has it: read now, and perhaps saved much later."""
    return Lead.objects.get(pk=lead.pk)


def told(lead: Lead, field: str) -> list[tuple[str | None, str | None]]:
    return list(
        Change.objects.filter(object_id=lead.pk, field=field)
        .order_by("pk")
        .values_list("old", "new")
    )


def test_a_star_from_an_old_tab_leaves_a_won_lead_closed(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    tab = opened(lead := ferri.lead(ferri.ugo))
    moves.close(anna, opened(lead), "won")
    moves.star(anna, tab, True)
    now = opened(lead)
    assert (now.status, now.starred) == ("won", True)
    assert now.closed_at is not None
    assert tab.status == "won"


def test_a_title_from_an_old_tab_leaves_the_new_description_to_be_found(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    tab = opened(lead := ferri.lead(ferri.ugo, "Pallet"))
    moves.edit(anna, opened(lead), description="Telefono: 02 1234")
    moves.edit(anna, tab, title="Scaffali")
    now = opened(lead)
    assert now.searched == "scaffali\n\ntelefono: 02 1234"
    assert now.title_folded == "scaffali"


def test_standby_never_stays_without_the_reminder_that_another_tab_clears(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    lead = ferri.lead(ferri.ugo, remind_date=SOON)
    tab, other = opened(lead), opened(lead)
    moves.edit(anna, tab, status="standby")
    with pytest.raises(Invalid, match="needs a reminder"):
        moves.edit(anna, other, remind_date=None)
    assert (opened(lead).status, opened(lead).remind_date) == ("standby", SOON)
    # The tab that was told no shows what there is, not what it wished.
    assert (other.status, other.remind_date) == ("standby", SOON)


def test_standby_is_not_set_on_a_reminder_that_another_tab_cleared(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    tab = opened(lead := ferri.lead(ferri.ugo, remind_date=SOON))
    moves.edit(anna, opened(lead), remind_date=None)
    with pytest.raises(Invalid, match="needs a reminder"):
        moves.edit(anna, tab, status="standby")
    assert opened(lead).status == "todo"


def test_the_history_tells_what_was_really_there_before(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    tab = opened(lead := ferri.lead(ferri.ugo, "First"))
    moves.edit(anna, opened(lead), title="Second", owner=ferri.bruna)
    moves.edit(anna, tab, title="Third", owner=None)
    assert told(lead, "title") == [("First", "Second"), ("Second", "Third")]
    ugo, bruna = str(ferri.ugo.pk), str(ferri.bruna.pk)
    assert told(lead, "owner") == [(ugo, bruna), (bruna, None)]


def test_what_is_so_already_is_neither_saved_nor_told(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    tab = opened(lead := ferri.lead(ferri.ugo, "First"))
    moves.edit(anna, opened(lead), title="Second")
    before = opened(lead).updated_at
    assert moves.edit(anna, tab, title="Second") == {}
    assert opened(lead).updated_at == before
    assert len(told(lead, "title")) == 1


def test_a_lead_won_again_from_an_old_tab_keeps_the_day_it_was_won(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    tab = opened(lead := ferri.lead(ferri.ugo))
    with clock.at(clock.now() - timedelta(days=40)):
        moves.close(anna, opened(lead), "won")
    won = opened(lead).closed_at
    moves.close(anna, tab, "won")
    moves.close(anna, tab, "lost")
    assert opened(lead).closed_at == won
    moves.edit(anna, tab, status="todo")
    assert opened(lead).closed_at is None


def test_who_owned_it_when_the_tab_was_opened_may_edit_no_more(ferri: Cast) -> None:
    tab = opened(lead := ferri.lead(ferri.ugo))
    moves.edit(ferri.actor(ferri.anna), opened(lead), owner=ferri.bruna)
    for act in (
        lambda: moves.edit(ferri.actor(ferri.ugo), tab, title="Mine"),
        lambda: moves.set_tags(ferri.actor(ferri.ugo), tab, []),
    ):
        with pytest.raises(Refused, match="belongs to Bruna Sala"):
            act()
    assert opened(lead).title == "Scanner"


def test_what_went_to_the_trash_is_gone_for_an_old_tab(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    tab = opened(lead := ferri.lead(ferri.ugo))
    door.delete(anna, [lead])
    for act in (
        lambda: moves.edit(anna, tab, title="Too late"),
        lambda: moves.set_tags(anna, tab, tagging.tags_named(anna, ["Hot"])),
    ):
        with pytest.raises(Gone, match="moved to the trash"):
            act()
    assert Lead.with_trashed.get().title == "Scanner"
    assert not Change.objects.filter(object_id=lead.pk).exclude(field=history.CREATED).exists()


def test_an_edit_reads_the_lead_once_and_writes_twice(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    tab = opened(ferri.lead(ferri.ugo))
    with CaptureQueriesContext(connection) as asked:
        moves.edit(ugo, tab, title="Other", status="won")
    words = [query["sql"].split()[0] for query in asked.captured_queries]
    told = [word for word in words if word not in {"BEGIN", "SAVEPOINT", "RELEASE", "COMMIT"}]
    # The lead and who is to be told, whether Ugo may edit it, the lead's row, the lines of history.
    assert told == ["SELECT", "SELECT", "UPDATE", "INSERT"]
