"""The page of sensitive actions: sentences, colours, filters, the way back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custode.accounts import moves as account_moves
from custode.exchange.importing import strays
from custode.guard import door, refusals
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor, Origin
from custode.kernel.errors import Refused
from custode.leads.models import Lead
from custode.people import addresses
from custode.people import moves as people_moves
from custode.people.models import Role
from tests.web.security.telling import PAGE, facts, told

OFFICE = Origin(
    ip="93.40.12.7",
    device="Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36",
)


@pytest.fixture
def ugo(people):
    return replace(people.actor(people.ugo), origin=OFFICE)


@pytest.fixture
def anna(people):
    return people.actor(people.anna)


def test_a_deletion_reads_as_a_sentence_with_its_undo(people, come_in, ugo):
    act = door.delete(ugo, [people.lead(people.ugo, f"Scanner {n}") for n in range(12)])
    answer = come_in(people.anna).get(PAGE)
    assert told(answer)[0] == ("Ugo Conti deleted 12 leads.", "done")
    page = answer.content.decode()
    assert "Chrome on Windows" in page
    assert "93.40.12.7" in page
    assert f'action="/undo/{act.seq}/"' in page


def test_undone_acts_say_so_and_offer_nothing_more(people, come_in, ugo):
    act = door.delete(ugo, [people.lead(people.ugo)])
    client = come_in(people.anna)
    answer = client.post(f"/undo/{act.seq}/", {"next": PAGE}, follow=True)
    assert "Undone: 1 lead" in answer.content.decode()
    assert told(answer)[:2] == [
        (f"Anna Ferri undid the deletion of 1 lead by Ugo Conti (no. {act.seq}).", "undone"),
        ("Ugo Conti deleted 1 lead.", "undone"),
    ]
    assert f'action="/undo/{act.seq}/"' not in answer.content.decode()


def test_a_refusal_names_its_rule(people, come_in, ugo, anna):
    account_moves.set_privacy(anna, Verb.DELETE, "lead", True)
    leads = [people.lead(people.ugo) for _ in range(3)]
    for _ in range(2):
        with pytest.raises(Refused):
            door.delete(ugo, leads)
    with clock.at(clock.now() + timedelta(minutes=2)), pytest.raises(Refused):
        door.delete(ugo, leads)
    answer = come_in(people.anna).get(PAGE)
    assert told(answer)[:4] == [
        ("Ugo Conti was not allowed to delete 3 leads.", "refused"),
        ("Ugo Conti tried 1 more time within a minute (Deleting, on 3 leads).", "refused"),
        ("Ugo Conti was not allowed to delete 3 leads.", "refused"),
        ("Anna Ferri switched on the rule “Only admins can delete leads”.", "done"),
    ]
    assert facts(answer, "Ugo Conti was")["rule"] == "Only admins can delete leads"


def test_an_export_is_one_sentence_from_beginning_to_end(people, come_in, ugo):
    people.lead(people.ugo)
    with scope.account(people.ferri.account.pk):
        words = {"en": "Won 2026", "it": "Vinte 2026"}
        leads = door.export(ugo, Lead.objects.all(), format="csv", filter_words=words)
        under_way = come_in(people.anna).get(PAGE)
        list(leads.rows())
    assert told(under_way)[0] == ("Ugo Conti began to export leads as CSV.", "started")
    answer = come_in(people.anna).get(PAGE)
    assert told(answer)[0] == ("Ugo Conti exported 1 lead as CSV.", "done")
    assert ("Ugo Conti began to export leads as CSV.", "started") not in told(answer)
    assert facts(answer, "Ugo Conti exported")["filter"] == "Won 2026"


def test_an_export_that_was_broken_off(people, come_in, ugo):
    for _ in range(3):
        people.lead(people.ugo)
    with scope.account(people.ferri.account.pk):
        rows = door.export(ugo, Lead.objects.all(), format="csv").rows()
        next(rows)
        rows.close()  # type: ignore[attr-defined]  # it is a generator
    assert told(come_in(people.anna).get(PAGE))[0][1] == "failed"


def test_an_import_and_its_undo(people, come_in, anna):
    with scope.account(people.ferri.account.pk):
        entry = door.begin_import(anna, "lead", details={}, labels=["sales.csv"])
        with door.import_chunk(anna, entry):
            step = people.ferri.steps[0]
            door.save_imported(entry, [Lead(title=f"Row {n}", step=step) for n in range(3)])
        client = come_in(people.anna)
        assert told(client.get(PAGE))[0] == (
            "Anna Ferri began to import the file sales.csv.",
            "started",
        )
        act = door.finish_import(anna, entry, details={})
    answer = client.get(PAGE)
    assert told(answer)[0] == ("Anna Ferri imported 3 leads from the file sales.csv.", "done")
    answer = client.post(f"/undo/{act.seq}/", {"next": PAGE}, follow=True)
    assert told(answer)[0][0] == f"Anna Ferri undid their own import of 3 leads (no. {act.seq})."
    assert told(answer)[1][1] == "undone"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("owner", "bruna", "Anna Ferri assigned 2 leads to Bruna Sala at once."),
        ("step", "step", "Anna Ferri moved 2 leads to the step Contacted at once."),
    ],
)
def test_bulk_changes(people, come_in, anna, field, value, sentence):
    leads = [people.lead(people.ugo) for _ in range(2)]
    new = people.ferri.steps[1] if value == "step" else people.bruna
    door.change(anna, leads, field, new)
    answer = come_in(people.anna).get(PAGE)
    assert told(answer)[0] == (sentence, "done")
    assert facts(answer, sentence)["undoable"]


def test_acts_on_users_and_account(people, come_in, anna):
    people_moves.create(anna, first_name="Dino", last_name="Rota", email="dino@rota.example")
    people_moves.set_role(anna, people.bruna, Role.ADMIN)
    people_moves.set_role(anna, people.bruna, Role.USER)
    named = people_moves.create_named(anna, ["Zelda Fitti", "Elio Neri"])
    addresses.invite(anna, named["Zelda Fitti"], "zelda@fitti.example")
    account_moves.set_trash_days(anna, 60)
    account_moves.set_edition(Actor.operator(people.ferri.account.pk), "dream_team")
    sentences = [words for words, _colour in told(come_in(people.anna).get(PAGE))]
    assert sentences[:7] == [
        "The operator of this installation moved the account from Dream Team to Dream Team.",
        "Anna Ferri set the days in the trash from 30 to 60.",
        "Anna Ferri gave Zelda Fitti a sign-in.",
        "Anna Ferri added 2 people without sign-in, named in a file.",
        "Anna Ferri took the role of admin from Bruna Sala.",
        "Anna Ferri made Bruna Sala an admin.",
        "Anna Ferri added Dino Rota as a user.",
    ]
    assert sentences[-1] == (
        "The operator of this installation created the account in the edition Dream Team."
    )


def test_the_jobs_purge_is_custodes(people, come_in, ugo):
    door.delete(ugo, [people.lead(people.ugo)])
    with clock.at(clock.now() + timedelta(days=31)):
        door.purge_due(Actor.system(people.ferri.account.pk, "trash"))
    answer = come_in(people.anna).get(PAGE)
    assert told(answer)[0] == ("Custode deleted 1 lead for ever.", "done")
    assert facts(answer, "Ugo Conti deleted")["state"] == "Deleted for ever since"


def test_every_verb_has_a_sentence_when_refused(people, come_in):
    bruna = people.actor(people.bruna)
    with scope.account(people.ferri.account.pk):
        for verb in Verb:
            refusals.refused(bruna, verb, "lead", Refused("No."))
    sentences = [s for s, c in told(come_in(people.anna).get(PAGE)) if c == "refused"]
    assert len(sentences) == len(Verb)
    assert len(set(sentences)) == len(Verb)
    assert all(sentence.startswith("Bruna Sala was not allowed to ") for sentence in sentences)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("verb=delete", 2),
        ("verb=delete&outcome=refused", 1),
        ("outcome=refused", 1),
        ("kind=lead", 2),
        ("verb=privacy", 1),
        ("since=2000-01-01&until=2000-01-02", 0),
        ("who=operator:", 4),
    ],
)
def test_filters_are_in_the_address(people, come_in, ugo, anna, query, count):
    door.delete(ugo, [people.lead(people.ugo)])
    account_moves.set_privacy(anna, Verb.DELETE, "lead", True)
    with pytest.raises(Refused):
        door.delete(ugo, [people.lead(people.ugo)])
    answer = come_in(people.anna).get(f"{PAGE}?{query}")
    assert len(told(answer)) == count


def test_filter_by_person_and_day(people, come_in, ugo):
    door.delete(ugo, [people.lead(people.ugo)])
    client = come_in(people.anna)
    today = clock.now().astimezone().date().isoformat()
    assert len(told(client.get(f"{PAGE}?who=user:{people.ugo.pk}&since={today}"))) == 1
    assert len(told(client.get(f"{PAGE}?who=user:{people.bruna.pk}"))) == 0


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "until=2026-13-45", "since=0000-00-00", "until=9999-12-31", "since=%00",
     "verb=%00", "who=x:y:z", "who=%00:1", "kind=%00", "before=x", "before=" + "9" * 50,
     "outcome=purple", "kind=lead'--"],
)  # fmt: skip
def test_a_nonsense_address_is_still_a_page(people, come_in, query):
    assert come_in(people.anna).get(f"{PAGE}?{query}").status_code == 200


def test_a_date_that_is_none_is_told(people, come_in):
    assert "Write a date like" in come_in(people.anna).get(f"{PAGE}?since=x").content.decode()


def test_older_acts_are_a_page_away_and_none_is_missed(people, come_in, ugo):
    for _ in range(60):
        door.delete(ugo, [people.lead(people.ugo)])
    client = come_in(people.anna)
    first = client.get(PAGE)
    second = client.get(f"{PAGE}?before={first.context['more']}")
    with scope.account(people.ferri.account.pk):
        assert len(told(first)) + len(told(second)) == LogEntry.objects.count()


def test_the_number_of_queries_does_not_grow_with_the_acts(
    people, come_in, ugo, django_assert_max_num_queries
):
    for _ in range(30):
        door.delete(ugo, [people.lead(people.ugo)])
    client = come_in(people.anna)
    with django_assert_max_num_queries(11):
        client.get(PAGE)


def test_reasons_are_told_in_the_readers_language(people, come_in, anna):
    entry = door.delete(anna, [people.lead(people.ugo)]).entry
    with clock.at(clock.now() + timedelta(days=31)):
        assert door.purge_due(Actor.system(people.ferri.account.pk, "purge")) == 1
        door.begin_import(anna, "lead", details={"run": 0}, labels=["lost.csv"])
    assert entry is not None
    with scope.account(people.ferri.account.pk):
        with clock.at(clock.now() + timedelta(days=32)):
            assert strays.end(Actor.system(people.ferri.account.pk, "trial")) == 1
        people.anna.language = "it"
        people.anna.save(update_fields=["language"])
    page = come_in(people.anna).get(PAGE).content.decode()
    assert "Il suo tempo nel cestino era scaduto." in page
    assert "Its time" not in page
    assert "l&#x27;avrebbe fatto entrare." in page


@pytest.mark.parametrize(
    ("address", "sent", "sentence"),
    [
        ("users/{ugo}/role/", {"role": "admin"}, "make Ugo Conti an admin."),
        ("users/{anna}/role/", {"role": "user"}, "take the role of admin from Anna Ferri."),
        ("users/{anna}/role/", {"role": "emperor"}, "change the role of Anna Ferri."),
        ("users/new/", {"role": "admin", "first_name": "Dino"}, "add an admin."),
        ("users/{bruna}/leaves/", {}, "disable Bruna Sala."),
        ("users/{bruna}/link/", {}, "make a link for the password of Bruna Sala."),
        ("users/{carla}/role/", {"role": "admin"}, "make somebody an admin."),
        (
            "account/privacy/delete/lead/", {"ticked": "on"},
            "switch on the rule “Only admins can delete leads”.",
        ),
        ("account/privacy/x/y/", {"ticked": "on"}, "change a privacy setting."),
    ],
)  # fmt: skip
def test_what_somebody_tried_by_an_admins_form(people, come_in, address, sent, sentence):
    numbers = {name: getattr(people, name).pk for name in ("anna", "ugo", "bruna", "carla")}
    answer = come_in(people.ugo).post(f"/admin-panel/{address.format(**numbers)}", sent)
    assert answer.status_code == 403
    page = come_in(people.anna).get(PAGE)
    assert told(page)[0] == (f"Ugo Conti was not allowed to {sentence}", "refused")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("who=4", "who"),
        ("verb=bulk", "verb"),
        ("alert=no&kind=x", "kind, alert"),
        ("verb=delete", ""),
    ],
)
def test_what_an_address_asks_for_and_there_is_not_is_said(people, come_in, query, names):
    page = come_in(people.anna).get(f"{PAGE}?{query}").text
    assert (f"does not exist ({names})" in page) == bool(names)
    assert ("something that does not exist" in page) == bool(names)
