"""What a change to an edition without rules changes, which an admin confirms.

Ticked rules go on protecting until then. What was ticked stays ticked: it rests, and holds again
when the account has the other edition again.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from custode.accounts.editions import Edition, Feature, has
from custode.accounts.models import Account
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import PrivacySetting
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid


def ticked(account_id: int) -> QuerySet[PrivacySetting]:
    """The rules that are ticked, resting ones included."""
    return PrivacySetting.objects.filter(account_id=account_id, ticked=True)


def to_confirm(account: Account) -> list[PrivacySetting]:
    """The rules that hold although the account's edition has none: an admin has to say."""
    if has(account.edition, Feature.PRIVACY_SETTINGS):
        return []
    return list(ticked(account.pk).filter(rests_since=None).order_by("pk"))


def name_of(rule: PrivacySetting) -> str:
    """A rule's name in the log."""
    return f"{rule.verb}:{rule.kind}"


def confirm(actor: Actor, read: Collection[str]) -> int:
    """Let the rules rest that hold although the account's edition has none.

    Args:
        read: the names of the rules that the admin has been told of.

    Returns:
        how many rest from now on.

    Raises:
        Refused: the actor is no admin.
        Invalid: these are not just the rules that hold. None rests.
    """
    details = {"rest": sorted(read)}
    with door.deed(actor, Verb.ACCOUNT, count=len(read), details=details):
        account = Account.objects.get(pk=actor.account_id)
        rules = to_confirm(account)
        if not rules or {name_of(rule) for rule in rules} != set(read):
            raise Invalid(_("The rules have changed in the meantime. Read again what would stop."))
        pks = [rule.pk for rule in rules]
        PrivacySetting.objects.filter(pk__in=pks).update(rests_since=clock.now())
    return len(rules)


def move(actor: Actor, edition: Edition) -> None:
    """Move the actor's account to another edition, in which its rules hold as they did.

    Where the edition has rules, those that rested hold again.
    """
    account = Account.objects.get(pk=actor.account_id)
    resting = ticked(account.pk).filter(rests_since__isnull=False)
    moved = {"from": account.edition, "to": edition.value}
    again = [name_of(rule) for rule in resting] if has(edition, Feature.PRIVACY_SETTINGS) else []
    details = {"edition": moved, **({"again": sorted(again)} if again else {})}
    with door.deed(actor, Verb.ACCOUNT, details=details):
        Account.objects.filter(pk=account.pk).update(edition=edition)
        if has(edition, Feature.PRIVACY_SETTINGS):
            resting.update(rests_since=None)
