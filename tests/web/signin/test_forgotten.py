"""“I forgot my password”: nobody learns who is there, and the link goes to its owner alone."""

import re
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from custode.kernel import clock
from custode.people import moves
from custode.signin import leaving, links
from tests.signin.posting import again, delivered, delivered_one, link_in, token_in

PAGE = "/forgot/"
KNOWN, UNKNOWN = "ugo@conti.example", "nobody@conti.example"
NEW = "quiet-river-lamp-29"


def ask(client, email, **more):
    return client.post(PAGE, {"email": email}, **more)


def words(answer):
    """The page without what differs by itself: the address that was typed, and the form's token."""
    page = answer.content.decode().replace(KNOWN, "@").replace(UNKNOWN, "@")
    return re.sub(r'value="[\w]{64}"', "", page)


def test_the_sign_in_page_leads_there(people, come_in):
    assert 'href="/forgot/"' in come_in().get("/sign-in/").content.decode()
    assert come_in().get(PAGE).status_code == 200


def test_a_link_comes_and_sets_a_password_once(people, come_in, mailing):
    client = come_in()
    assert "on its way" in words(ask(client, " UGO@conti.example "))
    letter = delivered_one()
    assert letter.to == [KNOWN]
    path = link_in(letter.body)
    assert client.post(path, {"password": NEW, "again": NEW}).status_code == 200
    assert again(people.ugo).check_password(NEW)
    assert client.get(path).status_code == 404
    assert client.post(path, {"password": "x" * 12, "again": "x" * 12}).status_code == 404


def test_the_same_words_whether_it_is_known_or_not(people, come_in, mailing):
    leaving.disable(people.actor(people.anna), people.bruna)
    known, unknown = ask(come_in(), KNOWN), ask(come_in(), UNKNOWN)
    disabled = ask(come_in(), "bruna@sala.example")
    assert known.status_code == unknown.status_code == disabled.status_code == 200
    assert words(known) == words(unknown)
    assert words(known) == words(disabled).replace("bruna@sala.example", "@")
    assert [letter.to for letter in delivered()] == [[KNOWN]]


def test_the_request_asks_the_database_the_same_of_both(people, come_in, mailing):
    """Time is what statements take: the request looks for no user, a job does."""

    def statements(email):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            ask(come_in(), email)
        return [re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in seen]

    statements("warm@up.example")
    known = statements(KNOWN)
    assert known == statements(UNKNOWN)
    assert not [sql for sql in known if "people_user" in sql]


def test_the_same_time_for_both(people, come_in, mailing):
    times: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    now = clock.now()
    for hour in range(8):
        for email, taken in times.items():
            with clock.at(now + timedelta(hours=hour)):
                begun = time.perf_counter()
                assert ask(come_in(), email).status_code == 200
                taken.append(time.perf_counter() - begun)
    # The fastest of several: what else the machine does only adds.
    assert 0.4 < min(times[UNKNOWN]) / min(times[KNOWN]) < 2.5


def test_an_invited_address_gets_nothing_by_this_road(people, come_in, mailing):
    moves.create(people.actor(people.anna), first_name="Dino", email="dino@rota.example")
    ask(come_in(), "dino@rota.example")
    assert delivered() == []


@pytest.mark.parametrize(
    "email", ["", "nonsense", "\x00", "a@" + "b" * 400, "a@b.example\nBcc: x@y"]
)
def test_what_is_no_address_is_told_and_counts_nothing(people, come_in, mailing, email):
    assert ask(come_in(), email).status_code == 422
    assert delivered() == []


def test_an_address_that_only_looks_like_it_gets_nothing(people, come_in, mailing):
    """`ı` is `i` to some comparisons: the letter must not go to the one that was typed."""
    ask(come_in(), "ugo@contı.example")
    assert delivered() == []


def test_one_person_is_written_to_three_times_an_hour(people, come_in, mailing):
    for email in (KNOWN, UNKNOWN):
        answers = [ask(come_in(), email) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert "Wait 20 minutes" in words(answers[-1])
        assert int(answers[-1]["Retry-After"]) > 1000
    assert len(delivered()) == 3


def test_one_network_address_asks_twenty_times_an_hour(people, come_in, mailing):
    said = [ask(come_in(), f"p{n}@x.example").status_code for n in range(21)]
    assert said == [200] * 20 + [429]
    assert ask(come_in(), KNOWN, REMOTE_ADDR="192.0.2.9").status_code == 200


@pytest.mark.parametrize(
    "poison",
    [{"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"},
     {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}],
)  # fmt: skip
def test_a_poisoned_host_is_in_no_link(people, come_in, mailing, settings, poison):
    settings.URL = "https://crm.ferri.example"
    settings.ALLOWED_HOSTS = ["*"]
    ask(come_in(), KNOWN, headers=poison)
    body = delivered_one().body
    assert "https://crm.ferri.example/password/" in body
    assert "evil" not in body


def test_a_foreign_host_is_not_even_answered(people, come_in, mailing):
    assert ask(come_in(), KNOWN, headers={"Host": "evil.example"}).status_code == 400
    assert delivered() == []


def test_without_mail_the_page_says_whom_to_ask(people, come_in):
    for answer in (come_in().get(PAGE), ask(come_in(), KNOWN), ask(come_in(), UNKNOWN)):
        assert "Ask an admin of your account" in answer.content.decode()
        assert "<form" not in answer.content.decode()
    assert delivered() == []
    assert mail.outbox == []


def test_a_form_without_its_token_is_refused(people, come_in, mailing):
    assert ask(come_in(strict=True), KNOWN).status_code == 403
    assert delivered() == []


def test_a_foreign_goal_is_not_gone_to(people, come_in, mailing):
    answer = come_in().post(
        f"{PAGE}?next=//evil.example", {"email": KNOWN, "next": "//evil.example"}
    )
    assert answer.status_code == 200
    assert "evil" not in answer.content.decode()


def test_asking_does_not_touch_the_present_password(people, come_in, mailing):
    ask(come_in(), KNOWN)
    assert again(people.ugo).password == people.ugo.password
    assert links.user_of(token_in(delivered_one().body)) == people.ugo
