"""The privacy settings as rules for people and programs: their wording, effect and record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Sum
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from custode.accounts import downgrade
from custode.guard import kinds, ports
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome
from custode.kernel import clock

LATELY: Final = timedelta(days=30)

_DOES: Final[dict[Verb, Promise]] = {
    Verb.EXPORT: gettext_lazy(
        "Users who are not admins can no longer export %(many)s to a file, from any screen or"
        " program. They go on seeing them and working on them."
    ),
    Verb.DELETE: gettext_lazy(
        "Users who are not admins can no longer move %(many)s to the trash, one or many, from any"
        " screen or program. They go on working on them."
    ),
}


_ALSO: Final[dict[str, Promise]] = {
    "prospecting_list": gettext_lazy(
        "Nor can they delete rows, take out columns, or empty more than %(many)s cells, titles and"
        " names of columns within an hour."
    ),
    "lead": gettext_lazy(
        "Nor can they empty more than %(many)s titles, descriptions, lines of a description and"
        " other fields within an hour."
    ),
    "client_folder": gettext_lazy(
        "Nor can they take out contacts, or empty more than %(many)s names, descriptions, fields"
        " and parts of contacts within an hour."
    ),
    "comment": gettext_lazy("Nor can they take away most of a comment, or its files."),
    "process": gettext_lazy(
        "Nor can they empty more than %(many)s titles and tasks within an hour."
    ),
}
"""What a rule on deleting also prevents, as an equivalent of deleting (`docs/security.md`)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, with what is shown about it.

    Args:
        sentence: its wording, as beside its tick box.
        does: its effect while it applies.
        rests: whether it is ticked but suspended, in an edition without rules.
        refused: how often it refused something in the last 30 days.
    """

    verb: Verb
    kind: str
    sentence: str
    does: str
    ticked: bool
    rests: bool
    refused: int

    @property
    def name(self) -> str:
        """The rule's name, as in the log."""
        return f"{self.verb}:{self.kind}"


_ORDER: Final = ("prospecting_list", "lead", "client_folder")
"""The order of kinds without parents, as in the product's own list; the others follow."""


def rules(account_id: int) -> list[Rule]:
    """Return all rules: exports first, then deletions, as in the product's own list."""
    found = [
        rule(account_id, verb, model.kind)
        for model in kinds.all_models()
        for verb in model.kind.rules
    ]
    return sorted(
        found,
        key=lambda one: (one.verb != Verb.EXPORT, _place(one.kind)),
    )


def named(account_id: int, name: str) -> Rule | None:
    """Return the rule of this name, `verb:kind`; None when there is none."""
    verb, _colon, kind = name.partition(":")
    model = next((one for one in kinds.all_models() if one.kind.name == kind), None)
    if model is None or verb not in model.kind.rules:
        return None
    return rule(account_id, Verb(verb), model.kind)


def _place(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def rule(account_id: int, verb: Verb, kind: kinds.Kind) -> Rule:
    """Return the rule that reserves a verb on a kind to admins; the account is in scope."""
    setting = downgrade.ticked(account_id).filter(verb=verb, kind=kind.name).first()
    return Rule(
        verb=verb,
        kind=kind.name,
        sentence=str(kind.rules[verb]),
        does=_all_done(account_id, verb, kind.name),
        ticked=setting is not None,
        rests=setting is not None and setting.rests_since is not None,
        refused=_refusals(verb, kind.name),
    )


def _all_done(account_id: int, verb: Verb, kind: str) -> str:
    """Return, in sentences, what a rule prevents: the verb itself, its equivalents, restoring."""
    if verb not in _DOES:
        return ""
    told = [str(_DOES[verb]) % {"many": _all_ruled(kind)}]
    if verb == Verb.DELETE:
        many, _minutes = ports.many_at_once(account_id)
        told.append(str(_ALSO[kind]) % {"many": number_format(many)} if kind in _ALSO else "")
        told.append(_("What they deleted before, admins restore."))
    return " ".join(filter(None, told))


def _all_ruled(kind: str) -> str:
    """Return the objects of a rule in words: "leads", "comments and e-mails"."""
    names = [str(one.plural) for one in kinds.kinds_ruled_by(kind)]
    # Italian uses "ed" before an e.
    before_e = names[-1][:1].casefold() == "e" if names else False
    last = pgettext("before a word that begins with e", "and") if before_e else _("and")
    return str(get_text_list(names, last))


def _refusals(verb: Verb, kind: str) -> int:
    """Return how often the rule refused something lately, including summed-up repetitions."""
    ruled = [one.name for one in kinds.kinds_ruled_by(kind)]
    lately = LogEntry.objects.filter(
        verb=verb, kind__in=ruled, outcome=Outcome.REFUSED, at__gte=clock.now() - LATELY
    )
    first = lately.filter(details__contains=f'"rule":"{verb}:{kind}"')
    more = lately.filter(about__in=first.values("seq")).aggregate(n=Sum("count"))["n"]
    return first.count() + (more or 0)
