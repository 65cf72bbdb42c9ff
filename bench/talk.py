"""100,000 leads with ten comments each, compared with 1,000: pages, search, deleting, restoring."""

from __future__ import annotations

import random
import statistics
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.ground import company, database, seconds
from bench.judging import Judge, judging
from custode.activities.models import Comment, CommentWords
from custode.guard import door, lock_installation, search_index
from custode.guard.models import TrashEntry
from custode.guard.search_texts import index_of
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads import planner
from custode.leads.models import Lead
from custode.people import moves

FEW, MANY = 1_000, 100_000
EACH = 10
"""Comments per lead."""
GONE = 10_000
"""The number of leads deleted and restored."""
ROUNDS = 15
LIMIT = 0.7
SEARCHES = {
    "a word of one comment": ("pratica-77-3", 0.5),
    "a word of some hundred": ("rarissimo", 0.5),
    "a word of every tenth": ("consueto", 2),
    "a word of every other": ("sempre", 3),
    "a word of none": ("introvabile", 0.5),
    "two words, one of them rare": ("rarissimo sempre", 4),
}
"""The words searched for, and the maximum seconds for their page."""
PLACES = {"/leads/": 1, "/search/": 2}
"""The pages that search, and their searches: the search over everything also covers comments."""


@dataclass(frozen=True)
class Ground:
    """An account with its leads and comments, and an admin's browser in it."""

    actor: Actor
    browser: Client
    lead: int

    def ask(self, path: str) -> None:
        """Request a page."""
        if self.browser.get(path).status_code != 200:
            raise RuntimeError(path)

    def pages(self) -> list[str]:
        """Return the list, the board and a lead's page."""
        return ["/leads/", "/board/", f"/leads/{self.lead}/"]


def main() -> None:
    """Judge the pages, the search, and the two acts."""
    with database(), judging() as judge:
        few, many = (_ground(leads) for leads in (FEW, MANY))
        comment_all()
        _pages(judge, few, many)
        _searches(judge, few, many)
        _acts(judge, many.actor)


def _ground(leads: int) -> Ground:
    actor, _ = company(leads, "Talk")
    user = moves.create(actor, first_name="Talk", email=f"talk{leads}@bench.example", role="admin")
    browser = Client()
    with scope.everywhere("the benchmark signs in"):
        browser.force_login(user)
    with scope.account(actor.account_id):
        return Ground(actor, browser, Lead.objects.order_by("pk")[77].pk)


def comment_all() -> None:
    """Create comments on all leads of all accounts in two statements, and then their index."""
    comments, said, index = (
        Comment._meta.db_table,
        CommentWords._meta.db_table,
        index_of(CommentWords),
    )
    began = seconds(_texts)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for ending in ("new", "gone", "other"):
                cursor.execute(f"DROP TRIGGER {index}_{ending}")
        else:
            cursor.execute(f"DROP INDEX {index}")
        cursor.execute(
            f"INSERT INTO {comments} (account_id, lead_id, text, excerpt, pinned, created_at,"
            " updated_at) SELECT l.account_id, l.id,"
            " t.text || ' pratica-' || l.id || '-' || k.n, 'Detto', 1 = 0, l.created_at,"
            " l.updated_at FROM leads_lead l CROSS JOIN"
            f" (SELECT n FROM bench_texts WHERE n < {EACH}) k"
            f" JOIN bench_texts t ON t.n = (l.id * 7919 + k.n * 104729) % {TEXTS}"
        )
        cursor.execute(
            f"INSERT INTO {said} (account_id, comment_id, folded)"
            f" SELECT account_id, id, text FROM {comments}"
        )
    print(f"indexed in {seconds(search_index.install):.1f} s, texts in {began:.1f} s", flush=True)
    planner.tell()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in (comments, said):
                cursor.execute(f"VACUUM ANALYZE {table}")


TEXTS = 4_999


def _texts() -> None:
    """Create some thousand texts, with realistic frequencies of words."""
    chance = random.Random(4)
    letters = ["".join(p) for p in zip("bcdfglmnprstvz" * 5, "aeiou" * 14, strict=True)]
    words = ["".join(chance.choices(letters, k=chance.randint(2, 4))) for _n in range(8000)]
    often = [1 / (n + 5) for n in range(len(words))]
    rows = []
    for n in range(TEXTS):
        said = chance.choices(words, often, k=25)
        said += ["sempre"] * (n % 2) + ["consueto"] * (n % 10 == 1) + ["rarissimo"] * (n == 2)
        rows.append((n, " ".join(said)))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_texts (n INTEGER PRIMARY KEY, text TEXT)")
        cursor.executemany("INSERT INTO bench_texts VALUES (%s, %s)", rows)


def _pages(judge: Judge, few: Ground, many: Ground) -> None:
    for one, other in zip(few.pages(), many.pages(), strict=True):
        name = one.replace(str(few.lead), "…")
        judge.same(f"queries of {name}", [_queries(few, one), _queries(many, other)])
        times: tuple[list[float], list[float]] = ([], [])
        for _round in range(ROUNDS + 1):
            times[0].append(seconds(partial(few.ask, one)))
            times[1].append(seconds(partial(many.ask, other)))
        # The first round is for what is computed only once.
        rate, large = (1 / statistics.median(found[1:]) for found in times)
        print(f"{name}: {rate:.1f} requests/s with few, {large:.1f} with many")
        judge.at_least(f"{name}, as part of the rate", large / rate, LIMIT)


def _queries(ground: Ground, path: str) -> int:
    """Return the minimum of several counts: sometimes a query records a user's last visit."""
    counts = []
    for _time in range(3):
        with CaptureQueriesContext(connection) as queries:
            ground.ask(path)
        counts.append(len(queries))
    return min(counts)


def _searches(judge: Judge, few: Ground, many: Ground) -> None:
    for name, (q, limit) in SEARCHES.items():
        for where, as_much in PLACES.items():
            path = f"{where}?q={q}"
            if q not in {"introvabile", "pratica-77-3"}:
                judge.same(f"queries of {path}", [_queries(few, path), _queries(many, path)])
            times = [seconds(partial(many.ask, path)) for _round in range(5)]
            seen = f"seconds for {name} in {where}"
            judge.at_most(seen, statistics.median(times), limit * as_much)


def _acts(judge: Judge, actor: Actor) -> None:
    """Judge deleting and restoring, compared with equivalent bare UPDATEs."""
    with scope.account(actor.account_id):
        ids = list(Lead.objects.order_by("pk").values_list("pk", flat=True)[:GONE])
        judge.same(
            f"statements to delete 1 and {GONE:,} leads with comments",
            [_statements(actor, ids[:1]), _statements(actor, ids)],
        )
        doors, restores, bares, backs = [], [], [], []
        for _round in range(3):
            doors.append(seconds(partial(_delete, actor, ids)))
            entry = TrashEntry.objects.latest("pk")
            restores.append(seconds(partial(door.restore, actor, entry)))
            with lock_installation.lifted():
                bares.append(seconds(partial(_bare, entry.pk, ids)))
                backs.append(seconds(partial(_back, entry.pk)))
        delete, restore, bare, back = (
            statistics.median(times) for times in (doors, restores, bares, backs)
        )
        print(
            f"{GONE:,} leads with {GONE * EACH:,} comments: door delete {delete:.2f} s, restore"
            f" {restore:.2f} s; bare UPDATEs without locks {bare:.2f} s and {back:.2f} s"
        )
        judge.at_most("delete, as many times the bare UPDATEs", delete / bare, 2)
        judge.at_most("restore, as many times the bare UPDATEs", restore / back, 2)


def _delete(actor: Actor, ids: list[int]) -> None:
    door.delete(actor, Lead.objects.filter(pk__anyof=ids))


def _statements(actor: Actor, ids: list[int]) -> int:
    with CaptureQueriesContext(connection) as queries:
        _delete(actor, ids)
    door.restore(actor, TrashEntry.objects.latest("pk"))
    return len(queries)


def _bare(entry: int, ids: list[int]) -> None:
    """Move the same rows with bare UPDATEs, in one transaction."""
    given = f"id BETWEEN {min(ids)} AND {max(ids)} AND trash_id IS NULL"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE leads_lead SET trash_id = {entry} WHERE {given}")
        cursor.execute(
            f"UPDATE activities_comment SET trash_id = {entry} WHERE trash_id IS NULL AND"
            f" account_id = {scope.current()} AND lead_id IN"
            f" (SELECT id FROM leads_lead WHERE trash_id = {entry})"
        )


def _back(entry: int) -> None:
    """Move them back."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("leads_lead", "activities_comment"):
            cursor.execute(
                f"UPDATE {table} SET trash_id = NULL"
                f" WHERE account_id = {scope.current()} AND trash_id = {entry}"
            )


if __name__ == "__main__":
    main()
