"""A first mapping, proposed from names and contents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from custode.exchange.reading import (
    Ambiguous,
    Confidence,
    Field,
    Known,
    LeadDraft,
    Status,
    ValueChoice,
    from_places,
    interpret,
    propose,
    settle,
    translate,
)
from tests.exchange.reading.making import column, table_of

pytestmark = pytest.mark.once

SALES = (
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
    "1C1,Ada Verdi,GTX Plus Basic,Cancity,Won,10/20/2016,3/1/2017,1054\n"
    "Z06,Ugo Conti,MG Special,,Engaging,10/25/2016,,\n"
    "EC4,Ada Verdi,MG Special,Isdom,Lost,11/2/2016,3/31/2017,0\n"
)

NOCRM = (
    "Lead;ID;Azienda;Telefono;Pipeline;Step;Step_ID;Status;Amount;Currency;Probability;User;Team;"
    "Created_by;Starred;Remind_date;Remind_time;Created_at;Closed_at;Estimated_closing_date;"
    "Last_update;tags;Created_from;Client_folder;Description;Comment 1;Comment 2\n"
    "Sito nuovo;4711;Rossi srl;+39 011 1234;Vendite;Offerta;88;won;1234,5;EUR;40;ada@example.it;"
    "Nord;Ugo Conti;true;2026-07-01;09:30;2026-05-04 10:11;2026-06-07 12:13;2026-06-30;"
    '2026-06-08 00:00;"web, urgente";api;Rossi;"Prima riga\nCittà: Torino";'
    '"[2026-05-05 10:00] Call\nnessuna risposta";\n'
    "Altro;4712;Bianchi;;Vendite;Contatto;87;todo;99;EUR;10;ugo@example.it;Nord;Ugo Conti;false;;;"
    "2026-05-05 10:11;;2026-07-31;2026-06-08 00:00;;api;;;;\n"
)


def test_the_file_of_a_sales_team_is_understood_without_a_question():
    table = table_of(SALES)
    proposal = propose(table)
    assert proposal.questions == ()
    assert {choice.column: choice.places for choice in proposal.choices} == {
        "opportunity_id": (Field.REFERENCE,),
        "sales_agent": (Field.OWNER,),
        "product": (Field.TITLE, Field.LINE),
        "account": (Field.TITLE, Field.LINE),
        "deal_stage": (Field.STEP, Field.STATUS),
        "engage_date": (Field.CREATED_AT,),
        "close_date": (Field.CLOSED_AT,),
        "close_value": (Field.AMOUNT,),
    }
    assert all(choice.reason.endswith(".") for choice in proposal.choices)
    first, second, _third = [row.draft for row in interpret(table, proposal.mapping)]
    assert first == LeadDraft(
        title="Cancity · GTX Plus Basic",
        description="product: GTX Plus Basic\naccount: Cancity",
        status=Status.WON,
        amount=Decimal(1054),
        closed_at=date(2017, 3, 1),
        created_at=date(2016, 10, 20),
        owner="Ada Verdi",
        reference="1C1",
    )
    assert second is not None
    assert (second.title, second.step, second.amount) == ("MG Special", "Engaging", None)


def test_what_values_of_a_stage_become_is_part_of_the_proposal():
    assert propose(table_of(SALES)).values == (
        ValueChoice(Field.STEP, "Won", 1, "", Status.WON),
        ValueChoice(Field.STEP, "Engaging", 1, "Engaging", Status.TODO),
        ValueChoice(Field.STEP, "Lost", 1, "", Status.LOST),
    )


def test_steps_of_the_account_are_recognised_however_they_are_written():
    values = propose(table_of(SALES), known=Known(steps=["ENGAGING", "Won"])).values
    assert [(value.value, value.step) for value in values] == [
        ("Won", "Won"),
        ("Engaging", "ENGAGING"),
        ("Lost", ""),
    ]


def test_an_export_of_nocrm_comes_in_gladly():
    table = table_of(NOCRM, "iso-8859-1")
    proposal = propose(table)
    assert (table.delimiter, table.encoding, proposal.questions) == (";", "cp1252", ())
    first, second = [row.draft for row in interpret(table, proposal.mapping)]
    assert first is not None
    assert second is not None
    description, first.description = first.description, ""
    assert first == LeadDraft(
        title="Sito nuovo",
        pipeline="Vendite",
        step="Offerta",
        status=Status.WON,
        amount=Decimal("1234.5"),
        currency="EUR",
        probability=40,
        estimated_closing_date=date(2026, 6, 30),
        closed_at=first.closed_at,
        created_at=first.created_at,
        remind_date=date(2026, 7, 1),
        owner="ada@example.it",
        tags=("web", "urgente"),
        starred=True,
        reference="4711",
    )
    assert str(first.closed_at) == "2026-06-07 12:13:00"
    assert description.splitlines() == [
        "Prima riga",
        "Città: Torino",
        "Azienda: Rossi srl",
        "Telefono: +39 011 1234",
        "Team: Nord",
        "Created_by: Ugo Conti",
        "Remind_time: 09:30",
        "Last_update: 2026-06-08 00:00",
        "Created_from: api",
        "Client_folder: Rossi",
        "Comment 1: [2026-05-05 10:00] Call / nessuna risposta",
    ]
    assert (second.status, second.closed_at, second.starred) == (Status.TODO, None, False)


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("Importo", ["1.234,50"], Field.AMOUNT),
        ("Importo (IVA esclusa)", ["1.234,50"], Field.AMOUNT),
        ("Importo", ["molto"], Field.LINE),
        ("Montant", ["12"], Field.AMOUNT),
        ("Quanto?", ["€ 12", "€ 13"], Field.AMOUNT),
        ("Data di chiusura prevista", ["20/10/2026"], Field.ESTIMATED_CLOSING_DATE),
        ("Wiedervorlage", ["20.10.2026"], Field.REMIND_DATE),
        ("Wiedervorlage", ["bald"], Field.LINE),
        ("Data di nascita", ["20/10/1976"], Field.LINE),
        ("Probabilità", ["40%"], Field.PROBABILITY),
        ("Probabilité (%)", ["40"], Field.PROBABILITY),
        ("CLOSE DATE", ["2026-10-20"], Field.ESTIMATED_CLOSING_DATE),
        ("leadOwner", ["Ada"], Field.OWNER),
        ("Vendedor", ["Ada"], Field.OWNER),
        ("Etichette", ["a"], Field.TAGS),
        ("Valuta", ["EUR"], Field.CURRENCY),
        ("Valuta", ["buona"], Field.LINE),
        ("Starred", ["x"], Field.STARRED),
        ("Codice", ["7"], Field.REFERENCE),
        ("Esito", ["Vinta", "Persa"], Field.STATUS),
        ("Come va?", ["Won", "Lost", "Open"], Field.STATUS),
        ("Step_ID", ["1"], Field.SKIP),
        ("名前", ["x"], Field.LINE),
        ("E-mail", ["ada@example.com"], Field.LINE),
    ],
)
def test_a_column_is_known_by_name_and_content_in_five_languages(header, values, field):
    table = column("Titolo;" + header, [f"x;{value}" for value in values])
    choice = propose(table).choices[2]
    assert choice.places == (field,)
    assert (choice.confidence is Confidence.NONE) == (field is Field.LINE)


def test_a_closing_date_is_a_past_one_where_a_status_says_closed():
    table = table_of("Name,Close date,Status\nx,2026-10-20,won\n")
    assert propose(table).mapping.one(Field.CLOSED_AT) == "Close date"


def test_names_that_the_account_knows_tell_more_than_headers():
    table = table_of("Name;Gruppo;Wer\nx;caldo;Ada\ny;freddo;Ugo\n")
    known = Known(tags=["Caldo", "Freddo"], users=["ada", "ugo"])
    mapping = propose(table, known=known).mapping
    assert (mapping.of(Field.TAGS), mapping.one(Field.OWNER)) == (("Gruppo",), "Wer")


@pytest.mark.parametrize(
    ("headers", "title"),
    [
        ("Azienda;Prodotto;Nome", ("Nome",)),
        ("Prodotto;Azienda", ("Azienda", "Prodotto")),
        ("First name;Last name;Company", ("Company",)),
        ("Vorname;Nachname;Ort", ("Vorname", "Nachname")),
        ("Foo;Bar", ("Foo",)),
    ],
)
def test_every_table_gets_a_title(headers, title):
    cells = ";".join("x" for _ in headers.split(";"))
    assert propose(table_of(f"{headers}\n{cells}\n")).mapping.of(Field.TITLE) == title


def test_an_ambiguity_is_a_question_and_its_answer_settles_it():
    table = table_of("Name;Data;Importo\nx;1/2/2026;1.234\n")
    proposal = propose(table)
    assert [(q.column, q.field, q.ways) for q in proposal.questions] == [
        ("Data", Field.CREATED_AT, ("dmy", "mdy")),
        ("Importo", Field.AMOUNT, ("point", "comma")),
    ]
    assert proposal.questions[0].sentence == (
        "How is column “Data” (Created on) written? "
        "dmy (day, month, year): “1/2/2026” is 2026-02-01; "
        "mdy (month, day, year): “1/2/2026” is 2026-01-02."
    )
    answered = proposal.mapping.replace(ways={"Data": "mdy", "Importo": "comma"})
    assert settle(answered, proposal.columns) == (answered, ())
    (row,) = interpret(table, answered)
    assert row.draft is not None
    assert (row.draft.created_at, row.draft.amount) == (date(2026, 1, 2), Decimal(1234))


def test_columns_that_leave_no_doubt_suggest_an_answer_for_their_neighbours():
    table = table_of("Name;Created at;Due date\nx;10/20/2026;1/2/2027\n")
    (question,) = propose(table).questions
    assert (question.column, question.ways) == ("Due date", ("dmy", "mdy"))
    assert question.suggestion == "mdy"


def test_a_column_put_where_it_cannot_go_is_asked_about():
    table = table_of("Name;City;Empty\nx;Torino;\n")
    columns = propose(table).columns
    mapping = from_places({"Name": [Field.TITLE], "City": [Field.AMOUNT]})
    settled = settle(mapping, columns)
    assert [question.ways for question in settled.questions] == [()]
    assert settled.questions[0].sentence == (
        "Column “City” cannot become “Amount”: The column holds values like “Torino”. "
        "Choose another place."
    )
    empty = from_places({"Name": [Field.TITLE], "Empty": [Field.CREATED_AT]})
    assert settle(empty, columns).questions == ()


def test_a_status_that_nobody_knows_waits_for_an_answer():
    table = table_of("Name;Step;Status\nx;Uno;won\ny;Due;boh\n")
    proposal = propose(table)
    assert proposal.values[-1] == ValueChoice(Field.STATUS, "boh", 1, "", None)
    assert [row.line for row in interpret(table, proposal.mapping) if row.refusals] == [3]
    answered = proposal.mapping.replace(statuses={"boh": Status.CANCELLED})
    mapping, values = translate(answered, proposal.columns)
    assert values[-1].status is Status.CANCELLED
    assert not any(row.refusals for row in interpret(table, mapping))


def test_the_whole_file_decides_not_its_first_rows():
    table = column("Created", ["1/2/2026"] * 6000 + ["13/2/2026"])
    assert propose(table).mapping.ways == {"Created": "dmy"}


def test_columns_tell_what_they_hold():
    table = column("Mail", ["ada@example.com", "ugo@example.com", "ada@example.com", "-"])
    key, mail = propose(table).columns
    assert (key.values, key.filled, key.repeats) == ({"k": 4}, 4, True)
    assert mail.samples == ("ada@example.com", "ugo@example.com", "-")
    assert (mail.e_mails, mail.longest) == (2, 15)
    assert not isinstance(mail.dates, Ambiguous)


@pytest.mark.parametrize(
    ("share", "day", "refused"),
    [("60", "03/02/2027", set()), ("150", "ieri", {"Probabilità", "Promemoria"})],
)
def test_one_wrong_value_hides_no_column_that_is_called_for_its_place(share, day, refused):
    table = table_of(f"Titolo;Probabilità;Promemoria\nA;40;13/02/2027\nB;{share};{day}\n")
    proposal = propose(table)
    assert {choice.column: choice.places for choice in proposal.choices} == {
        "Titolo": (Field.TITLE,),
        "Probabilità": (Field.PROBABILITY,),
        "Promemoria": (Field.REMIND_DATE,),
    }
    first, second = interpret(table, proposal.mapping)
    assert first.draft is not None
    assert (first.draft.probability, first.draft.remind_date) == (40, date(2027, 2, 13))
    assert {refusal.column for refusal in second.refusals} == refused


def test_a_column_that_holds_something_else_for_the_most_part_stays_a_line():
    table = table_of("Titolo;Promemoria\nA;13/02/2027\nB;ieri\nC;domani\n")
    assert propose(table).choices[1].places == (Field.LINE,)
