"""The possible improvements, most serious first, each with its action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.accounts.editions import Feature, has
from custode.accounts.models import Account, CheckpointsTo, RequiredOf
from custode.guard import checkpoints, kinds
from custode.guard.models import PrivacySetting
from custode.kernel import clock
from custode.people import alerting
from custode.people.models import Role, User
from custode.signin import factors
from custode.signin.models import Session
from custode.web.shell.words import ago, number

UNSEEN: Final = timedelta(days=90)
SHORT_TRASH: Final = 14
"""The number of days in the trash below which objects are soon lost."""
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Improvement:
    """A possible improvement.

    Args:
        words: the present situation.
        why: its consequence.
        act, url: the label and address of the action; without an address there is none.
    """

    icon: str
    words: str
    why: str
    act: str = ""
    url: str = ""


def of(account: Account) -> list[Improvement]:
    """Return all possible improvements of an account."""
    found = [_without_factor(), _not_required(account), _one_admin(account)]
    if has(account.edition, Feature.SENSITIVE_ACTIONS):
        found += [_rules_off(account), _no_mail(), _unticked(), _not_anchored(account)]
    return [one for one in (*found, _unseen(), _short_trash(account)) if one is not None]


def _who_sign_in() -> QuerySet[User]:
    return User.objects.filter(disabled_at=None, email__isnull=False)


def _names(users: list[User], more: int) -> str:
    names = [str(user) for user in users[:_NAMED]]
    if more > 0:
        names.append(ngettext("%(n)s more", "%(n)s more", more) % {"n": number(more)})
    return get_text_list(names, _("and"))


def _without_factor() -> Improvement | None:
    admins = _who_sign_in().filter(role=Role.ADMIN)
    lacking = list(admins.exclude(factors.somebody_has()).order_by("pk")[:100])
    if not lacking:
        return None
    words = ngettext(
        "%(n)s admin has no second factor", "%(n)s admins have no second factor", len(lacking)
    ) % {"n": number(len(lacking))}
    why = _("Whoever learns the password of %(names)s has the whole account.")
    names = _names(lacking, len(lacking) - _NAMED)
    return Improvement(
        "smartphone", words, why % {"names": names}, _("See the users"), reverse("users")
    )


def _not_required(account: Account) -> Improvement | None:
    if account.two_factor_for != RequiredOf.NOBODY:
        return None
    return Improvement(
        "lock-keyhole",
        _("Two-factor authentication is not required of anybody"),
        _("Everybody decides for themselves whether a password alone lets them in."),
        _("Require it"),
        reverse("account") + "#two_factor_for",
    )


def _one_admin(account: Account) -> Improvement | None:
    admins = _who_sign_in().filter(role=Role.ADMIN)
    if admins[:2].count() > 1:
        return None
    return Improvement(
        "users",
        _("There is only one admin"),
        _("Nobody else is told of an alert, or can help when this person is locked out.")
        if has(account.edition, Feature.SENSITIVE_ACTIONS)
        else _("Nobody else can help when this person is locked out."),
        _("See the users"),
        reverse("users"),
    )


def _not_anchored(account: Account) -> Improvement | None:
    if account.checkpoints_to != CheckpointsTo.NOBODY:
        return None
    last = checkpoints.latest(account.pk)
    if last is None:
        words = _("No checkpoint of the log was handed over")
        why = _("Whoever writes to the database itself could cut off the end of the log unseen.")
    else:
        # As in the check of the log: a checkpoint that somebody downloaded counts too.
        words = _("Checkpoints of the log are only copied by hand")
        why = _(
            "The last one was handed over up to no. %(seq)s (%(when)s). If it was kept, only what"
            " came after it could be cut off unseen by whoever writes to the database itself."
        ) % {"seq": number(last.seq), "when": ago(last.made_at)}
    return Improvement(
        "anchor",
        words,
        why,
        _("Have one mailed each day"),
        reverse("log_check"),
    )


def _rules_off(account: Account) -> Improvement | None:
    off = [rule for rule in alerting.of_account(account.pk).values() if not rule.is_on]
    if not off:
        return None
    words = ngettext(
        "%(n)s alert rule is switched off", "%(n)s alert rules are switched off", len(off)
    )
    return Improvement(
        "bell-off",
        words % {"n": number(len(off))},
        _("What it watches for stands in the log, but nobody is told."),
        _("See the rules"),
        reverse("alert_rules"),
    )


def _no_mail() -> Improvement | None:
    if settings.HAS_MAIL:
        return None
    return Improvement(
        "mail-x",
        _("No mail is set up"),
        _("Alerts stand here only. Whoever runs this installation sets CUSTODE_MAIL_HOST."),
    )


def _unticked() -> Improvement | None:
    every = {(verb.value, m.kind.name) for m in kinds.all_models() for verb in m.kind.rules}
    ticked = set(PrivacySetting.objects.filter(ticked=True).values_list("verb", "kind"))
    left = len(every - ticked)
    if not left:
        return None
    words = ngettext(
        "%(n)s of %(all)s privacy settings is not ticked",
        "%(n)s of %(all)s privacy settings are not ticked",
        left,
    )
    return Improvement(
        "shield",
        words % {"n": number(left), "all": number(len(every))},
        _("There every user may export what they see, or delete what they may change."),
        _("Privacy settings"),
        reverse("privacy"),
    )


def _unseen() -> Improvement | None:
    since = clock.now() - UNSEEN
    seen = Session.objects.filter(user=OuterRef("pk"), seen_at__gte=since)
    users = _who_sign_in().filter(~Exists(seen), created_at__lt=since)
    rows = list(users.order_by("pk")[:100])
    if not rows:
        return None
    words = ngettext(
        "%(n)s user has not been seen for 90 days",
        "%(n)s users have not been seen for 90 days",
        len(rows),
    )
    why = _("%(names)s could still sign in. Disable whoever has left.")
    return Improvement(
        "user-x",
        words % {"n": number(len(rows))},
        why % {"names": _names(rows, len(rows) - _NAMED)},
        _("See the users"),
        reverse("users"),
    )


def _short_trash(account: Account) -> Improvement | None:
    days = account.trash_days
    if days >= SHORT_TRASH:
        return None
    words = ngettext(
        "What is deleted is gone after %(n)s day", "What is deleted is gone after %(n)s days", days
    )
    return Improvement(
        "trash-2",
        words % {"n": number(days)},
        _("A deletion that is noticed late cannot be undone any more."),
        _("Keep it longer"),
        reverse("account") + "#trash_days",
    )
