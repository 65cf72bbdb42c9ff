"""A search finds leads by what is said about them: what one may see, and nothing that is gone."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities import files, moves, search
from custode.activities.files import Incoming
from custode.activities.models import Comment, CommentWords
from custode.exchange.orders import Order
from custode.guard import door, search_texts
from custode.kernel import scope
from custode.kernel.text import fold
from custode.leads import figures, queries
from custode.leads.filters import Filter
from custode.leads.models import Lead
from custode.people.models import User
from tests.cast import Cast


@pytest.fixture
def lead(ferri: Cast) -> Lead:
    return ferri.lead(ferri.ugo, "Scanner", description="For the office")


@pytest.fixture
def other(ferri: Cast) -> Lead:
    return ferri.lead(ferri.bruna, "Printer")


def say(cast: Cast, lead: Lead, text: str, who: User | None = None) -> Comment:
    return moves.write(cast.actor(who or cast.ugo), lead, text)


def found(cast: Cast, q: str, who: User | None = None) -> set[str]:
    """The titles that a search finds, the same in every place that asks."""
    actor, wanted = cast.actor(who or cast.ugo), Filter(q=q)
    rows = queries.matching(actor, wanted)
    titles = {one.title for one in rows}
    assert figures.count(actor, rows) == len(titles) == len(rows)
    assert sum(one.count for one in figures.by_step(actor, rows)) == len(titles)
    order = Order(format="csv", query=wanted.to_query().urlencode())
    assert {one.title for one in order.rows(actor)} == titles
    return titles


# What is searched -> whether the comment below is found by it.
SAID = 'Perché no?\n**Sentito** L’Aquila: 50% entro *venerdì*, dopo le 17_30; C:\\dati "oggi"'
SEARCHED = [
    ("sentito", True),
    ("SENTITO", True),
    ("perche", True),
    ("PERCHÉ", True),
    ("venerdi", True),
    ("nerd", True),
    ("entito", True),
    ("l'aquila", True),
    ("50%", True),
    ("17_30", True),
    ("17%30", False),
    ("1___0", False),
    ("c:\\dati", True),
    ('"oggi"', True),
    ("oggi OR domani", False),
    ("oggi NOT sentito", False),
    ("sen*", False),
    ("sentito aquila", True),
    ("sentito scanner", True),
    ("sentito no", True),
    ("no", False),
    ("le", False),
    ("sentito mai", False),
    ("sentito printer", False),
    ("aaa'); DROP TABLE leads_lead;--", False),
    ("\x00sentito", True),
    ("sentit\x00o", True),
    ('"""', False),
    ("***", False),
    ("😀😀😀", False),
]


@pytest.mark.parametrize(("q", "is_found"), SEARCHED)
def test_what_is_found(ferri: Cast, lead: Lead, other: Lead, q: str, is_found: bool) -> None:
    say(ferri, lead, SAID)
    say(ferri, other, "Nothing of interest")
    client = Client()
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.ugo)
    for address in ("/leads/", "/board/"):
        page = client.get(address, {"q": q})
        assert page.status_code == 200
        assert (f"/leads/{lead.pk}/" in page.text) is is_found, address
        assert f"/leads/{other.pk}/" not in page.text
    assert found(ferri, q.replace("\x00", "")) == ({"Scanner"} if is_found else set())


def test_a_text_need_not_be_latin(ferri: Cast, lead: Lead, other: Lead) -> None:
    say(ferri, lead, "Έλεγχος 😀 и скидка 十パーセント")
    for q in ("ελεγχος", "скидк", "ハーセント", "😀 скид"):
        assert found(ferri, q) == {"Scanner"}
    assert found(ferri, "скидок") == set()


def test_a_comment_that_is_deleted_is_found_no_more_until_it_is_back(
    ferri: Cast, lead: Lead
) -> None:
    comment, ugo = say(ferri, lead, "Confidential"), ferri.actor(ferri.ugo)
    assert found(ferri, "confidential") == {"Scanner"}
    act = door.delete(ugo, [comment])
    assert found(ferri, "confidential") == set()
    assert act.entry is not None
    door.restore(ugo, act.entry)
    assert found(ferri, "confidential") == {"Scanner"}
    act = door.delete(ugo, [lead])
    assert found(ferri, "confidential") == set()
    assert act.entry is not None
    door.restore(ugo, act.entry)
    assert found(ferri, "confidential") == {"Scanner"}


def test_an_edit_is_found_and_what_it_read_before_is_not(ferri: Cast, lead: Lead) -> None:
    comment, ugo = say(ferri, lead, "First draft"), ferri.actor(ferri.ugo)
    assert found(ferri, "draft") == {"Scanner"}
    assert found(ferri, "final") == set()
    moves.edit(ugo, comment, "Final words", None, was=0)
    assert found(ferri, "final") == {"Scanner"}
    assert found(ferri, "draft") == set()


def test_a_file_is_found_by_its_name_as_long_as_the_comment_has_it(
    ferri: Cast, lead: Lead, tmp_path: Any, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    ugo = ferri.actor(ferri.ugo)
    comment = moves.write(ugo, lead, "", None, [Incoming("Preventivo è.pdf", 1, [b"x"])])
    assert found(ferri, "preventivo e.pdf") == {"Scanner"}
    held = [file.pk for file in files.of(comment)]
    moves.edit(ugo, comment, "See", None, was=0, without=held)
    assert found(ferri, "preventivo") == set()


def test_a_purge_leaves_no_word(ferri: Cast, lead: Lead) -> None:
    say(ferri, lead, "Confidential")
    act = door.delete(ferri.actor(ferri.ugo), [lead])
    assert act.entry is not None
    door.purge(ferri.actor(ferri.anna), act.entry, reason="for good")
    assert not CommentWords.objects.exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            index = search_texts.index_of(CommentWords)
            cursor.execute(f"SELECT rowid FROM {index} WHERE {index} MATCH '\"con\"'")
            assert cursor.fetchall() == []


def test_one_finds_by_comments_only_what_one_sees(ferri: Cast, lead: Lead, other: Lead) -> None:
    say(ferri, lead, "Confidential")
    say(ferri, other, "Confidential", ferri.bruna)
    assert found(ferri, "confidential") == {"Scanner", "Printer"}
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "managers", "everybody"))
    for who in (ferri.ugo, ferri.bruna, ferri.anna):
        who.account.refresh_from_db()
    assert found(ferri, "confidential", ferri.ugo) == {"Scanner"}
    assert found(ferri, "confidential", ferri.bruna) == {"Printer"}
    assert found(ferri, "confidential", ferri.anna) == {"Scanner", "Printer"}
    seen = search.saying(ferri.actor(ferri.ugo), ["confidential"], "confidential")
    assert seen is not None
    assert [one.lead for one in seen] == [lead]


def test_another_account_finds_nothing(ferri: Cast, lead: Lead) -> None:
    say(ferri, lead, "Confidential")
    with scope.account(ferri.lodi.account.pk):
        carla = ferri.actor(ferri.carla)
        assert not queries.matching(carla, Filter(q="confidential")).exists()
        seen = search.saying(carla, ["confidential"], "confidential")
        assert seen is not None
        assert not seen.exists()


def test_a_count_is_never_older_than_the_latest_comment(ferri: Cast, lead: Lead) -> None:
    ugo = ferri.actor(ferri.ugo)
    rows = queries.matching(ugo, Filter(q="spoken"))
    assert figures.count(ugo, rows) == 0
    say(ferri, lead, "Spoken")
    assert figures.count(ugo, rows) == 1


def test_a_count_of_what_changed_lately_is_never_older_than_the_latest_comment(
    ferri: Cast, lead: Lead
) -> None:
    ugo = ferri.actor(ferri.ugo)
    lately = Lead.objects.filter(updated_at__gt=lead.updated_at)
    assert figures.count(ugo, lately) == 0
    say(ferri, lead, "Spoken")
    assert figures.count(ugo, lately) == 1


def plainly(q: str) -> set[str]:
    """By reading everything, without any index."""
    rows = []
    for one in Lead.objects.all():
        texts = [fold(c.text) for c in Comment.objects.filter(lead=one)]
        if all(word in one.searched or any(word in t for t in texts) for word in fold(q).split()):
            rows.append(one.title)
    return set(rows)


def test_the_index_agrees_with_the_texts_whatever_was_done(ferri: Cast) -> None:
    chance = random.Random(7)
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    leads = [ferri.lead(ferri.ugo, f"L{n}") for n in range(6)]
    letters = "abè "
    entries = []

    def text() -> str:
        return "x" + "".join(chance.choices(letters, k=chance.randint(3, 30))) + "y"

    for _round in range(120):
        comments = list(Comment.objects.all())
        what = chance.random()
        if what < 0.5 or not comments:
            say(ferri, chance.choice(leads), text())
        elif what < 0.7:
            moves.edit(ugo, chance.choice(comments), text(), None, was=None)
        elif what < 0.85:
            entries.append(door.delete(ugo, [chance.choice(comments)]).entry)
        elif entries:
            entry = entries.pop(chance.randrange(len(entries)))
            assert entry is not None
            door.restore(ugo, entry) if what < 0.93 else door.purge(anna, entry, reason="r")
    for _round in range(60):
        q = "".join(chance.choices("abe", k=chance.randint(3, 5)))
        assert found(ferri, q) == plainly(q), q
    assert CommentWords.objects.count() == Comment.with_trashed.count()


@pytest.mark.parametrize("many", [0, 1, 2, 3])
def test_the_same_is_found_whether_it_is_little_or_much(
    ferri: Cast, lead: Lead, other: Lead, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MANY", many)
    first = say(ferri, lead, "A valve")
    say(ferri, lead, "A pipe")
    last = say(ferri, other, "Another valve")
    gone = say(ferri, lead, "The third valve")
    door.delete(ferri.actor(ferri.ugo), [gone])
    rows = search.having(ferri.actor(ferri.anna), ["valve"], Comment)
    assert rows is not None
    assert [one.pk for one in rows] == [last.pk, first.pk]
