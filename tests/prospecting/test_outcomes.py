"""What comes of prospects: leads that carry their fields, and those that are not interested."""

from __future__ import annotations

import pytest

from custode.accounts.models import Account
from custode.guard import door
from custode.kernel.errors import Gone, Invalid
from custode.leads import queries as leads
from custode.leads import tagging, tags
from custode.leads.models import Lead, Tag
from custode.prospecting import columns, moves, outcomes, queries
from custode.prospecting.models import Outcome, Prospect
from tests.cast import Cast
from tests.fields.made import a_field
from tests.prospecting.sheets import a_list, add, row_of


def test_a_lead_carries_what_stood_in_the_row_and_both_know_each_other(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    moves.set_tags(ugo, one, tagging.tags_named(ugo, ["fair"]))
    (row,) = outcomes.into_leads(ugo, one, [row_of(one, "Rossi S.r.l.").pk])
    lead = Lead.objects.get()
    assert (lead.title, lead.owner, lead.step) == ("Rossi S.r.l.", ferri.ugo, ferri.ferri.steps[0])
    assert lead.fields == {
        "Company": "Rossi S.r.l.", "City": "Torino", "E-mail": "info@rossi.example",
    }  # fmt: skip
    assert [tag.name for tag in lead.tags.all()] == ["fair"]
    row.refresh_from_db()
    assert (row.outcome, row.lead) == (Outcome.LEAD, lead)
    assert queries.of_lead(ugo, lead) == row


def test_the_leads_are_in_the_accounts_currency(ferri: Cast) -> None:
    Account.objects.filter(pk=ferri.ferri.account.pk).update(currency="CHF")
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    outcomes.into_leads(ugo, one, [row_of(one, "Rossi S.r.l.").pk])
    assert Lead.objects.get().currency == "CHF"


def test_columns_that_are_called_like_default_fields_go_there_if_they_fit(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    mail, city = a_field(ferri, "e-mail", "email"), a_field(ferri, "City", "choice", "Roma")
    one = a_list(ugo)
    outcomes.into_leads(ugo, one, [row.pk for row in Prospect.objects.all()])
    rossi, bianchi, verdi = Lead.objects.order_by("pk")
    assert rossi.field_values == {mail.key: "info@rossi.example"}
    assert rossi.fields == {"Company": "Rossi S.r.l.", "City": "Torino"}
    assert bianchi.field_values == {city.key: city.choices.get().pk}
    assert verdi.fields == {"Company": "Verdi 2000", "City": "Napoli"}


def test_a_tag_that_was_deleted_does_not_come_along(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    moves.set_tags(ugo, one, tagging.tags_named(ugo, ["fair", "hall 3"]))
    tags.delete(ferri.actor(ferri.anna), Tag.objects.get(name="fair"))
    assert queries.tags([one]) == {one.pk: ["hall 3"]}
    outcomes.into_leads(ugo, one, [row_of(one, "Rossi S.r.l.").pk])
    assert [tag.name for tag in Lead.objects.get().tags.all()] == ["hall 3"]


def test_a_prospect_becomes_a_lead_once(ferri: Cast) -> None:
    ugo, bruna = ferri.actor(ferri.ugo), ferri.actor(ferri.bruna)
    one = a_list(ugo)
    ids = [row.pk for row in Prospect.objects.all()]
    assert len(outcomes.into_leads(ugo, one, ids[:2])) == 2
    assert [row.pk for row in outcomes.into_leads(bruna, one, ids)] == ids[2:]
    assert Lead.objects.count() == 3
    # A lead that was deleted may be made again; one that lives is not forgotten by a mark.
    lead = Lead.objects.get(title="Rossi S.r.l.")
    assert outcomes.mark(ugo, one, ids[:1], Outcome.LEFT) == []
    door.delete(ugo, [lead])
    assert len(outcomes.mark(ugo, one, ids[:1], Outcome.LEFT)) == 1
    assert len(outcomes.into_leads(ugo, one, ids[:1])) == 1


def test_a_column_that_was_taken_out_does_not_come_along(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    columns.take_out(ugo, columns.of(one)[0])
    outcomes.into_leads(ugo, one, [row_of(one, "Rossi S.r.l.").pk])
    lead = Lead.objects.get()
    assert (lead.title, list(lead.fields)) == ("Torino", ["City", "E-mail"])


def test_an_empty_row_becomes_no_lead_and_then_none_does(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    add(ugo, one, [("", "", "")])
    with pytest.raises(Invalid, match="row without any text"):
        outcomes.into_leads(ugo, one, [row.pk for row in Prospect.objects.all()])
    assert not Lead.objects.exists()
    assert not Prospect.objects.filter(outcome=Outcome.LEAD).exists()
    with pytest.raises(Invalid, match="At most 100"):
        outcomes.into_leads(ugo, one, list(range(1, 102)))
    with pytest.raises(Gone):
        outcomes.into_leads(ugo, one, [2**40])


def test_a_line_break_in_a_cell_makes_no_field_of_its_own(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo, rows=[("Rossi", "Torino\nE-mail: thief@evil.example", "info@rossi.example")])
    outcomes.into_leads(ugo, one, [row_of(one, "Rossi").pk])
    assert Lead.objects.get().fields["E-mail"] == "info@rossi.example"


def test_what_is_left_to_qualify_is_counted(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    a_list(ugo, "Other")
    ids = [row.pk for row in Prospect.objects.filter(in_list=one).order_by("place")]
    outcomes.mark(ugo, one, ids[:1], Outcome.NOT_INTERESTED)
    outcomes.into_leads(ugo, one, ids[1:2])
    counted = queries.figures([one])[one.pk]
    assert (counted.total, counted.left, counted.leads) == (3, 1, 1)
    assert len(outcomes.mark(ugo, one, ids, Outcome.LEFT)) == 1
    assert queries.figures([one])[one.pk].left == 2


def test_leads_stay_when_their_list_goes_and_the_list_when_a_lead_is_purged(ferri: Cast) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    one = a_list(ugo)
    (row,) = outcomes.into_leads(ugo, one, [row_of(one, "Rossi S.r.l.").pk])
    lead = Lead.objects.get()
    act = door.delete(ugo, [one])
    assert leads.visible(ugo).filter(pk=lead.pk).exists()
    assert queries.of_lead(ugo, lead) is None
    assert act.entry is not None
    door.restore(ugo, act.entry)
    gone = door.delete(ugo, [lead]).entry
    assert gone is not None
    door.purge(anna, gone, reason="Twice")
    row.refresh_from_db()
    assert (row.outcome, outcomes.has_lead(row)) == (Outcome.LEAD, False)
    assert queries.seen_leads(ugo, [row]) == set()
