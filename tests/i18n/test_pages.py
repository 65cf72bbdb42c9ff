"""Whoever reads Italian reads nothing else: each page there is, in each of its states."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from custode.accounts.models import Account
from custode.exchange.webhooks import confirming
from custode.exchange.webhooks import moves as webhooks
from custode.exchange.webhooks.moves import Wanted
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads import moves
from custode.leads.models import Status
from custode.signin import access, links
from custode.signin.links import password_link
from custode.signin.models import Session
from custode.web.leads.page.fields import FIELDS
from tests.cast import Cast
from tests.i18n.asked import ASKED, SENT
from tests.i18n.bringing import brought, imports
from tests.i18n.listening import listen
from tests.web.addresses import addresses

HTMX = {"HX-Request": "true"}
FILE = """cliente;prodotto;agente;fase;valore;data
Rossi;Pressa;Ugo Conti;In arrivo;1.234,50;31/12/2025
Bianchi;Forno;Mara Gallo;Nuova;10;01/02/2026
Verdi;Forno;Mara Gallo;Won;molti;01/03/2026
"""


def paths(things: dict[str, list[Any]]) -> Iterator[list[str]]:
    """Every address with every number or every field, and with what may stand behind it.

    Those of one pattern are together: what is only ever sent to is asked for once.
    """
    for pattern in addresses(get_resolver()):
        if "<str:" in pattern or "<slug:verb>" in pattern or "<int:seq>" in pattern:
            continue  # each has its own test below, or is never shown
        first = pattern.partition("/")[0]
        numbers = things[first] if "<int:pk>" in pattern else [0]
        if "<slug:key>" in pattern:
            keys = things["alert rules"]
            yield [f"/{pattern.replace('<slug:key>', str(key))}" for key in keys]
            continue
        if "<slug:name>" in pattern:
            lead = pattern.replace("<int:pk>", str(numbers[0]))
            yield [f"/{lead.replace('<slug:name>', name)}" for name in FIELDS]
            continue
        yield [f"/{pattern.replace('<int:pk>', str(number))}" for number in numbers]
        yield [f"/{pattern}?{query}" for query in ASKED.get(pattern, [])]
    yield [f"/leads/{things['leads'][0]}/?edit={name}" for name in FIELDS]
    for seq in things["acts"]:
        yield [f"/security/actions/{seq}/", f"/security/actions/{seq}/?stands=changed&q=zzz"]


def heard(answer: Any) -> list[str]:
    """The English of an answer; nothing of one that is no page."""
    if not str(answer.headers.get("Content-Type", "")).startswith("text/html"):
        return []
    page = listen(answer.content.decode())
    assert set(page.languages) <= {"it"}
    return [f"{answer.request['PATH_INFO']}: {words}" for words in page.english()]


@pytest.mark.slow
@pytest.mark.dealt
@pytest.mark.parametrize(("who", "least"), [("anna", 120), ("ugo", 60), ("carla", 30)])
def test_no_page_says_a_word_of_english(
    ferri: Cast, things: dict[str, list[Any]], enter: Callable[..., Client], who: str, least: int
) -> None:
    client, pages, english = enter(getattr(ferri, who)), 0, set()
    for alike in paths(things):
        for path, headers in product(alike, ({}, HTMX)):
            answer = client.get(path, headers=headers)
            assert answer.status_code < 500, path
            pages += answer.status_code == 200
            english |= set(heard(answer))
            if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                break
    assert english == set()
    assert pages > least


def test_visitors_read_italian_as_well(people: Cast, enter: Callable[..., Client]) -> None:
    visitor = enter()
    link = password_link(people.ugo).removeprefix(settings.URL)
    assert '<html lang="it"' in visitor.get("/sign-in/").content.decode()
    wrong = visitor.post("/sign-in/", {"email": "ugo@conti.example", "password": "sbagliata"})
    pages = ["/sign-in/", "/forgot/", "/password/wrong/", "/address/wrong/", "/not-me/wrong/"]
    pages.append("/news/wrong/")
    for answer in (wrong, *map(visitor.get, pages)):
        assert heard(answer) == []
    for sent in ({}, {"password": "corta", "again": "corta"}, {"password": "x", "again": "y"}):
        assert heard(visitor.post(link, sent)) == []
    good = {"password": "cavallo batteria 7", "again": "cavallo batteria 7"}
    assert heard(visitor.post(link, good, follow=True)) == []


def test_visitors_with_a_link_or_without_a_password_read_italian(
    people: Cast, enter: Callable[..., Client], settings: Any
) -> None:
    settings.HAS_MAIL = True
    enter(people.ugo)
    with scope.account(people.ugo.account_id):
        row = Session.objects.get(user=people.ugo)
    visitor = enter()
    for email in ("x", "ugo@conti.example"):
        assert heard(visitor.post("/forgot/", {"email": email})) == []
    for email in ("carla@lodi.example", "nuova@conti.example"):
        access.ask_for_address(people.actor(people.ugo), people.ugo, email)
        path = links.address_link(people.ugo).removeprefix(settings.URL)
        assert heard(visitor.get(path)) == heard(visitor.post(path)) == []
    path = links.not_me_link(row).removeprefix(settings.URL)
    assert heard(visitor.get(path)) == heard(visitor.post(path)) == []


def test_who_is_asked_for_a_yes_to_news_reads_the_accounts_language(
    ferri: Cast, enter: Callable[..., Client]
) -> None:
    Account.objects.filter(pk=ferri.ferri.account.pk).update(language="it")
    wanted = Wanted("lead.creation", "email", "capo@altrove.example")
    hook, _secret = webhooks.make(ferri.actor(ferri.anna), wanted)
    path = confirming.link_of(hook).removeprefix(settings.URL)
    visitor = enter()
    assert heard(visitor.get(path)) == heard(visitor.post(path)) == heard(visitor.get(path)) == []


def test_the_refused_rows_of_a_file_have_an_italian_head(
    ferri: Cast, enter: Callable[..., Client]
) -> None:
    anna = enter(ferri.anna)
    done = imports(anna)[-2]
    answer = anna.get(f"/imports/{done}/refused/")
    head, *rows = answer.getvalue().decode("utf-8-sig").splitlines()
    assert head == "Riga;Colonna;Valore;Motivo"
    assert rows == ["4;valore;molti;“molti” non è un importo scritto come 1.234,50."]


def test_a_question_about_a_file_is_asked_without_codes(
    ferri: Cast, enter: Callable[..., Client]
) -> None:
    anna = enter(ferri.anna)
    asked = brought(anna, "titolo,creata il\nA,01/02/2026\nB,03/04/2026\n")
    page = anna.get(f"/imports/{asked.pk}/").content.decode()
    assert (
        "Come è scritta la colonna “creata il” (Data di creazione)?"
        " giorno, mese, anno: “01/02/2026” è 1 febbraio 2026;"
        " mese, giorno, anno: “01/02/2026” è 2 gennaio 2026."
    ) in page


def test_what_a_command_did_has_a_name(ferri: Cast, enter: Callable[..., Client]) -> None:
    operator = Actor.operator(ferri.ferri.account.pk)
    lead = ferri.lead(ferri.ugo, "Pressa")
    moves.close(operator, lead, Status.WON)
    anna = enter(ferri.anna)
    assert "Il gestore di questa installazione" in anna.get(f"/leads/{lead.pk}/").content.decode()
    entry = door.delete(operator, [lead]).entry
    assert entry is not None
    for path in ("/trash/", f"/trash/{entry.pk}/"):
        page = anna.get(path).content.decode()
        assert "Il gestore di questa installazione" in page
        assert ">operator<" not in page


@pytest.mark.slow
def test_answers_to_what_is_sent_are_italian(
    ferri: Cast, things: dict[str, list[Any]], enter: Callable[..., Client]
) -> None:
    seq = LogEntry.objects.filter(verb=Verb.CHANGE).latest("seq").seq
    values = {
        "lead": things["leads"][0], "entry": things["trash"][0], "seq": seq,
        "user": ferri.bruna.pk,
        "device": things["profile"][0], "session": things["security"][0], "ugo": ferri.ugo.pk,
    }  # fmt: skip
    english = set()
    for who in (ferri.ugo, ferri.carla, ferri.anna):
        client = enter(who)
        for (path, form), headers in product(SENT, (HTMX, {})):
            sent = {name: value.format(**values) for name, value in form.items()}
            answer = client.post(path.format(**values), sent, headers=headers, follow=True)
            assert answer.status_code < 500, path
            english |= set(heard(answer))
    assert english == set()


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<h1>Leads</h1>", ["Leads"]),
        ("<p>12 leads moved to the trash.</p>", ["12 leads moved to the trash."]),
        ('<a title="Show all leads">x</a>', ["Show all leads"]),
        ("<p>Ugo Conti · 3 days left</p>", ["Ugo Conti · 3 days left"]),
        ("<p>!! What is deleted comes here first, with</p>", []),
        ("<p>?? The address is wrong, or what was here has been moved or deleted. ??</p>",
         ["?? The address is wrong, or what was here has been moved or deleted. ??"]),
        ('<button lang="en">English</button><script>Leads</script>', []),
        ("<h1>Opportunità</h1><p>Standby</p>", []),
    ],
)  # fmt: skip
def test_english_would_be_heard(html: str, found: list[str]) -> None:
    assert list(listen(html).english()) == found
