"""Fill a new database with the demo, by the moves and through the door like everybody else.

Past events are created with the clock set to their time, so that histories and the log read as they
would have.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import translation

from custode.accounts import moves as account_moves
from custode.accounts.editions import Edition
from custode.accounts.models import Account
from custode.activities import types
from custode.console.demo import closing, signing_in, watching, words
from custode.console.demo.clients import open_folders
from custode.console.demo.mailing import mail
from custode.console.demo.postsales import follow_up
from custode.console.demo.prospecting import overwrite, prospect
from custode.console.demo.selling import Seller, sell
from custode.console.demo.talking import talk, talk_of_clients_and_prospects
from custode.console.demo.writing_down import make_fields
from custode.guard.kinds import Verb
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads import tags
from custode.leads.models import Lead, Tag
from custode.people import moves as people_moves
from custode.people.models import User

PASSWORD: Final = "custode-demo"  # noqa: S105 (told to everybody, for invented data)
DOMAIN: Final = "demo.example"
LAST: Final = ("Studio Lume", words.LUME_PIPELINE[2])
STARTED: Final = timedelta(days=150)
"""The age of the demo's companies."""


def is_there() -> bool:
    """Tell whether this database contains the demo.

    Raises:
        Invalid: it contains accounts that are not the demo's, or an incomplete demo.
    """
    with scope.everywhere("whether this is the demo's database"):
        ours = User.objects.filter(email__endswith=f"@{DOMAIN}").exists()
        # The last object that `fill` creates.
        whole = Lead.with_trashed.filter(account__name=LAST[0]).count() >= LAST[1]
    if ours and whole:
        return True
    if ours:
        raise Invalid(
            f"The demo was interrupted while it was made. Delete {settings.DATA} and start again."
        )
    if Account.objects.exists():
        raise Invalid(
            "This database holds accounts that are not the demo's. Give the demo a folder of its"
            " own, with --data (and no CUSTODE_DATABASE_URL)."
        )
    return False


def fill() -> None:
    """Create the two companies, their people and their sales."""
    with translation.override("it"):
        password = make_password(PASSWORD)
        began = clock.now() - STARTED
        officine, people = _company(
            "Officine Demo", Edition.DREAM_TEAM, words.OFFICINE, began, password
        )
        with scope.account(officine.pk):
            signing_in.sign_in(random.Random(9), people)  # noqa: S311 (always the same demo)
            make_fields(people[0].actor)
            sell(random.Random(7), people, words.PIPELINES)  # noqa: S311 (always the same demo)
            _sort_tags(people[0])
            talk(random.Random(11), people)  # noqa: S311 (always the same demo)
            open_folders(people)
            mail(random.Random(13), people, DOMAIN)  # noqa: S311 (always the same demo)
            prospect(random.Random(13), people)  # noqa: S311 (always the same demo)
            follow_up(random.Random(17), people)  # noqa: S311 (always the same demo)
            talk_of_clients_and_prospects(random.Random(14), people)  # noqa: S311 (the same)
            watching.look_back(people)
            closing.happenings(people)
            watching.watch(people)
            overwrite(people)
        lume, few = _company(LAST[0], Edition.DREAM_TEAM, words.LUME, began, password)
        with scope.account(lume.pk):
            signing_in.sign_in(random.Random(10), few)  # noqa: S311 (the same)
            make_fields(few[0].actor)
            sell(random.Random(8), few, [words.LUME_PIPELINE])  # noqa: S311 (the same)
            talk(random.Random(12), few)  # noqa: S311 (the same)
            open_folders(few)
            _downgrade(few[0])


def _downgrade(boss: Seller) -> None:
    """Change the account's edition: two rules stay in force until its admin confirms."""
    with clock.at(clock.now() - timedelta(days=3)):
        account_moves.set_privacy(boss.by_command, Verb.EXPORT, "lead", True)
        account_moves.set_privacy(boss.by_command, Verb.DELETE, "client_folder", True)
    with clock.at(clock.now() - timedelta(days=1)):
        operator = Actor.operator(boss.user.account_id)
        account_moves.set_edition(operator, Edition.SALES_ESSENTIALS)


def _sort_tags(boss: Seller) -> None:
    """Put the tags into categories."""
    for name, tags_of_it in words.TAG_CATEGORIES.items():
        category = tags.create_category(boss.actor, name)
        for tag in Tag.offered.filter(name__in=tags_of_it):
            tags.change(boss.actor, tag, tag.name, category)


def _company(
    name: str,
    edition: str,
    people: Sequence[tuple[str, str, str, str, str]],
    began: datetime,
    password: str,
) -> tuple[Account, list[Seller]]:
    with clock.at(began):
        account = account_moves.create(name, edition, language="it")
        operator = Actor.operator(account.pk)
        made = [
            people_moves.create(
                operator, first_name=first, last_name=last, role=role, language=language,
                email=f"{short}@{DOMAIN}" if short else None,
            )
            for short, first, last, role, language in people
        ]  # fmt: skip
    with scope.account(account.pk):
        types.first(operator)
        User.objects.filter(email__isnull=False).update(password=password)
    return account, [Seller(user) for user in made]


def who_can_sign_in() -> list[tuple[str, str, str]]:
    """Return the table printed at the start: address, role, account with its edition."""
    with scope.everywhere("the demo says who can sign in"):
        users = User.objects.filter(email__endswith=f"@{DOMAIN}", disabled_at__isnull=True)
        return [
            (u.email or "", u.role, f"{u.account} ({Edition(u.account.edition).label})")
            for u in users.select_related("account").order_by("account_id", "role", "pk")
        ]
