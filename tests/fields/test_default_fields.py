"""Default fields: what can be written in each sort, and that no value of them is ever lost."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from django.utils import translation

from custode.clients import moves as folder_moves
from custode.fields import moves, reading, values
from custode.fields.models import DefaultField, FieldChoice, Sort
from custode.guard import door, history
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.errors import Gone, Invalid, Refused
from custode.leads import copying, queries
from custode.leads import moves as lead_moves
from custode.leads.filters import Filter
from custode.leads.models import Lead
from tests.cast import Cast
from tests.fields.made import a_field
from tests.guard.locked import SAID, sql

# Sort, what is typed in English, and what is kept; None: refused.
TYPED = [
    (Sort.TEXT, "  two   words ", "two words"),
    (Sort.TEXT, "x" * 501, None),
    (Sort.TEXT, "nul\x00byte", "nulbyte"),
    (Sort.NUMBER, "1,234.50", "1234.5"),
    (Sort.NUMBER, "-0", "0"),
    (Sort.NUMBER, "1.234,50", None),
    (Sort.NUMBER, "12e9", None),
    (Sort.NUMBER, "NaN", None),
    (Sort.NUMBER, "9" * 16, None),
    (Sort.NUMBER, "0.1234567", None),
    (Sort.NUMBER, "٣", None),
    (Sort.DATE, "2026-02-28", "2026-02-28"),
    (Sort.DATE, "2026-02-30", None),
    (Sort.DATE, "0026-02-03", None),
    (Sort.DATE, "20260203", None),
    (Sort.EMAIL, "Ada@Firm.EXAMPLE", "Ada@firm.example"),
    (Sort.EMAIL, "ada", None),
    (Sort.EMAIL, "ada@firm.example, b@c.example", None),
    (Sort.PHONE, "+39 02 123-456", "+39 02 123-456"),
    (Sort.PHONE, "call me", None),
    (Sort.PHONE, "+() -./ ()", None),
    (Sort.LINK, "www.firm.example/a", "https://www.firm.example/a"),
    (Sort.LINK, "http://firm.example", "http://firm.example"),
    (Sort.LINK, "javascript:alert(1)", None),
    (Sort.LINK, "data:text/html,x", None),
    (Sort.LINK, "javascript://firm.example/%0aalert(1)", None),
    (Sort.LINK, "ftp://firm.example/x", None),
    (Sort.LINK, "https://", None),
    (Sort.LINK, "//[", None),
]


@pytest.mark.parametrize(("sort", "text", "kept"), TYPED)
def test_what_is_typed_is_kept_in_one_form_or_refused(
    ferri: Cast, sort: Sort, text: str, kept: str | None
) -> None:
    field = a_field(ferri, "Field", sort)
    if kept is None:
        with pytest.raises(Invalid) as error:
            reading.read(field, text)
        assert error.value.field == field.asked
    else:
        assert reading.read(field, text) == kept


def test_a_number_is_read_and_shown_in_the_habits_of_whoever_types(ferri: Cast) -> None:
    field = a_field(ferri, "Machines", Sort.NUMBER)
    with translation.override("it"):
        assert reading.read(field, "1.234,5") == "1234.5"
        assert reading.shown(field, "1234.5") == "1234,5"
        assert reading.read(field, reading.typed(field, "1234.567")) == "1234.567"
        with pytest.raises(Invalid, match=r"1\.234,5"):
            reading.read(field, "1,234.5")


def test_a_choice_is_kept_by_its_number_so_that_its_name_may_change(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    region = a_field(ferri, "Region", Sort.CHOICE, "North", "South")
    north = FieldChoice.objects.get(name="North")
    lead = ferri.lead(ferri.ugo, own={region.pk: reading.read(region, "north")})
    assert lead.field_values == {region.key: north.pk}
    moves.rename_choice(anna, north, "Up there")
    assert values.lines("lead", lead.field_values) == {"Region": "Up there"}
    with pytest.raises(Invalid, match=r"no choice “Nowhere”\. Possible: Up there, South"):
        reading.read(moves.offered("lead")[0], "Nowhere")


def test_a_field_out_of_use_keeps_every_value_and_brings_it_back(ferri: Cast) -> None:
    anna, ugo = ferri.actor(ferri.anna), ferri.actor(ferri.ugo)
    vat, pec = a_field(ferri, "Partita IVA"), a_field(ferri, "PEC", Sort.EMAIL)
    lead = ferri.lead(ferri.ugo, own={vat.pk: "01234567897", pec.pk: "a@pec.example"})
    act = moves.retire(anna, vat, True)
    assert [one.name for one in moves.offered("lead")] == ["PEC"]
    with pytest.raises(Invalid, match="out of use"):
        lead_moves.edit(ugo, lead, own={vat.pk: None})
    lead_moves.edit(ugo, lead, own={pec.pk: "b@pec.example"})
    assert values.lines("lead", lead.field_values) == {"PEC": "b@pec.example"}
    door.undo(anna, act.seq)
    assert values.lines("lead", lead.field_values)["Partita IVA"] == "01234567897"
    with pytest.raises(Gone, match="undone before"):
        door.undo(anna, act.seq)
    told = LogEntry.objects.filter(verb__in=["retire", "undo"]).order_by("seq")
    assert [(one.verb, one.kind) for one in told] == [("retire", "lead"), ("undo", "lead")]


def test_only_admins_make_and_retire_fields_and_the_log_tells_who_tried(ferri: Cast) -> None:
    ugo, field = ferri.actor(ferri.ugo), a_field(ferri, "Region", Sort.CHOICE, "North", "South")
    choice = FieldChoice.objects.get(name="North")
    for attempt in (
        lambda: moves.create(ugo, "lead", "Mine", Sort.TEXT),
        lambda: moves.change(ugo, field, "Mine", is_key=False),
        lambda: moves.order(ugo, "lead", [field.pk]),
        lambda: moves.add_choice(ugo, field, "Mine"),
        lambda: moves.rename_choice(ugo, choice, "Mine"),
        lambda: moves.order_choices(ugo, field, [choice.pk]),
    ):
        with pytest.raises(Refused):
            attempt()
    assert not LogEntry.objects.filter(outcome="refused").exists()
    for retire in (
        lambda: moves.retire(ugo, field, True),
        lambda: moves.retire_choice(ugo, choice, True),
    ):
        with pytest.raises(Refused):
            retire()
    refused = LogEntry.objects.filter(outcome="refused", verb="retire")
    assert refused.count() == 2
    assert moves.offered("lead")[0].offered_choices[0].name == "North"


def test_the_database_itself_keeps_a_field_in_use_and_what_it_holds(ferri: Cast) -> None:
    a_field(ferri, "Region", Sort.CHOICE, "North", "South")
    for statement in (
        "UPDATE fields_defaultfield SET retired_at = created_at",
        "UPDATE fields_fieldchoice SET retired_at = created_at",
        "UPDATE fields_defaultfield SET sort = 'text'",
        "UPDATE fields_defaultfield SET kind = 'client_folder'",
        "DELETE FROM fields_fieldchoice",
        "DELETE FROM fields_defaultfield",
    ):
        with pytest.raises(DatabaseError, match=SAID):
            sql(statement)


@pytest.mark.parametrize(
    ("name", "sort", "choices", "field"),
    [
        ("", "text", (), "name"),
        ("x" * 61, "text", (), "name"),
        ("a: b", "text", (), "name"),
        ("{{x", "text", (), "name"),
        ("PEC", "text", (), "name"),
        ("pec", "text", (), "name"),
        ("New", "image", (), "sort"),
        ("New", "choice", (), "choices"),
        ("New", "choice", ("A", "a"), "choices"),
        ("New", "choice", ("x" * 61,), "choices"),
        ("New", "choice", tuple(str(n) for n in range(201)), "choices"),
    ],
)
def test_what_makes_no_field_is_told_and_nothing_is_made(
    ferri: Cast, name: str, sort: str, choices: tuple[str, ...], field: str
) -> None:
    a_field(ferri, "PEC")
    with pytest.raises(Invalid) as error:
        a_field(ferri, name, sort, *choices)
    assert error.value.field == field
    assert DefaultField.objects.count() == 1
    assert not FieldChoice.objects.exists()


def test_a_date_or_a_choice_is_no_duplicate_key(ferri: Cast) -> None:
    for sort, choices in ((Sort.DATE, ()), (Sort.CHOICE, ("A",))):
        with pytest.raises(Invalid, match="cannot be a duplicate key"):
            a_field(ferri, "Key", sort, *choices, key=True)


def test_the_order_is_that_of_all_fields_that_there_are_now(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    one, two = a_field(ferri, "One"), a_field(ferri, "Two")
    theirs = a_field(ferri, "Theirs", kind="client_folder")
    moves.order(anna, "lead", [two.pk, one.pk])
    assert [field.name for field in moves.offered("lead")] == ["Two", "One"]
    for wrong in ([one.pk], [one.pk, two.pk, theirs.pk], [one.pk, one.pk]):
        with pytest.raises(Invalid):
            moves.order(anna, "lead", wrong)


def test_each_value_has_its_own_line_of_history(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    vat, pec = a_field(ferri, "Partita IVA"), a_field(ferri, "PEC", Sort.EMAIL)
    lead = ferri.lead(ferri.ugo, own={vat.pk: "01234567897"})
    lead_moves.edit(ugo, lead, own={vat.pk: "", pec.pk: "a@pec.example"})
    assert lead.field_values == {pec.key: "a@pec.example"}
    told = (
        history.of(lead).filter(field__startswith="field_values").values_list("field", "old", "new")
    )
    assert set(told) == {
        (f"field_values:{vat.key}", "01234567897", None),
        (f"field_values:{pec.key}", None, "a@pec.example"),
    }


def test_two_who_change_different_fields_lose_nothing_of_each_other(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    vat, pec = a_field(ferri, "Partita IVA"), a_field(ferri, "PEC", Sort.EMAIL)
    lead = ferri.lead(ferri.ugo)
    stale = Lead.objects.get(pk=lead.pk)
    lead_moves.edit(ugo, lead, own={vat.pk: "01234567897"})
    lead_moves.edit(ugo, stale, own={pec.pk: "a@pec.example"})
    lead.refresh_from_db()
    assert set(lead.field_values) == {vat.key, pec.key}


def test_a_search_finds_values_but_not_the_numbers_of_fields_and_choices(ferri: Cast) -> None:
    actor = ferri.actor(ferri.ugo)
    contact, region = a_field(ferri, "Contact"), a_field(ferri, "Region", Sort.CHOICE, "North")
    choice = FieldChoice.objects.get(name="North")
    lead = ferri.lead(ferri.ugo, own={contact.pk: "Niccolò", region.pk: choice.pk})
    assert list(queries.matching(actor, Filter(q="niccolo"))) == [lead]
    for number in (contact.pk, region.pk, choice.pk):
        assert not queries.matching(actor, Filter(q=str(number))).exists()


def test_a_copy_has_the_values_and_a_folder_gets_those_of_the_same_name(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    region = a_field(ferri, "Region", Sort.CHOICE, "North", "South")
    since, size = a_field(ferri, "Client since", Sort.DATE), a_field(ferri, "Size", Sort.NUMBER)
    a_field(ferri, "region", Sort.CHOICE, "south", "north", kind="client_folder")
    a_field(ferri, "Client since", Sort.DATE, kind="client_folder")
    a_field(ferri, "Size", Sort.EMAIL, kind="client_folder")
    own = {region.pk: reading.read(region, "South"), since.pk: "2026-01-02", size.pk: "12"}
    lead = ferri.lead(ferri.ugo, own=own)
    assert copying.duplicate(ugo, lead).field_values == lead.field_values
    folder = lead_moves.start_folder(ugo, lead, "Firm")
    assert values.lines("client_folder", folder.field_values) == {
        "region": "south", "Client since": "2 Jan 2026",
    }  # fmt: skip


def test_nothing_of_one_account_reaches_the_fields_of_another(ferri: Cast) -> None:
    field = a_field(ferri, "Region", Sort.CHOICE, "North", "South", key=False)
    carla = ferri.actor(ferri.carla)
    with scope.account(ferri.lodi.account.pk):
        assert moves.offered("lead") == []
        with pytest.raises(Invalid):
            door.set_retired(carla, "lead", moves.FIELD, field, True)
        with pytest.raises(Invalid, match="out of use"):
            lead_moves.create(carla, title="Theirs", own={field.pk: 1})
    assert [one.name for one in moves.offered("lead")] == ["Region"]


def test_an_export_has_a_column_for_each_field_with_the_words_of_choices(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    region = a_field(ferri, "Region", Sort.CHOICE, "North", "South")
    title = a_field(ferri, "title", Sort.NUMBER)
    gone = a_field(ferri, "Gone")
    own = {region.pk: reading.read(region, "South"), title.pk: "12.5", gone.pk: "x"}
    ferri.lead(ferri.ugo, "One", own=own)
    ferri.lead(ferri.ugo, "Two")
    moves.retire(anna, gone, True)
    export = door.export(
        anna, Lead.objects.order_by("pk"), format="csv", columns=["Region", "title (2)", "title"]
    )
    assert list(export.rows()) == [("South", "12.5", "One"), (None, None, "Two")]


def test_a_folder_has_fields_of_its_own(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    field = a_field(ferri, "Partita IVA", kind="client_folder", key=True)
    theirs = a_field(ferri, "Partita IVA")
    folder = folder_moves.create(ugo, "Firm", own={field.pk: "01234567897"})
    other = folder_moves.create(ugo, "Other", own={field.pk: "IT 01234567897"})
    folder_moves.edit(ugo, folder, own={field.pk: "IT01234567897"})
    assert values.same_elsewhere(ugo, other, [field]) == [(field, folder)]
    with pytest.raises(Invalid, match="out of use"):
        folder_moves.edit(ugo, folder, own={theirs.pk: "x"})


@pytest.mark.parametrize(
    ("text", "fits"),
    [("01234567897", True), ("IT 01234567897", True), ("01234567890", False), ("0123", False),
     ("DE123456789", True)],
)  # fmt: skip
def test_a_vat_number_whose_check_digit_does_not_fit_is_hinted_at_but_kept(
    ferri: Cast, text: str, fits: bool
) -> None:
    field = a_field(ferri, "Partita IVA")
    lead = ferri.lead(ferri.ugo, own={field.pk: text})
    (shown,) = values.told([field], lead.field_values)
    assert shown.text == text
    assert bool(shown.hint) is not fits
