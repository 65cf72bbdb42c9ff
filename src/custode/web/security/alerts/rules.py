"""The pages of alert rules, which admins create, change, switch and remove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.accounts.editions import Feature, has
from custode.guard import kinds
from custode.guard.alerts.rules import MANY, By, Counts, Ended, Rule
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel.actor import ActorKind
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.people import alerting
from custode.people.alerting import Wanted
from custode.people.models import User
from custode.web.security import actors
from custode.web.security.alerts import words
from custode.web.security.alerts.reading import rules_of
from custode.web.shell.requests import account_of, admit
from custode.web.shell.toasts import tell
from custode.web.shell.words import number

NO_NUMBER: Final = -1
"""What stands for a number that was not written; shown as nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as the page lists it.

    Args:
        when: the threshold, and whose acts, in words.
        told: who is informed.
    """

    it: Rule
    name: str
    does: str
    icon: str
    when: str
    told: str


@require_GET
def rules_page(request: HttpRequest) -> HttpResponse:
    """List all rules, with what each does and whom it informs."""
    admit(request, Verb.ACCOUNT)
    account = account_of(request)
    if not has(account.edition, Feature.SENSITIVE_ACTIONS):
        return render(request, "security/alerts/other_edition.html")
    rules = rules_of(account.pk)
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=_named(rules))}
    programs = dict(actors.applications())
    lines = [_line(rule, rules, people, programs) for rule in rules.values()]
    context = {"tab": "rules", "rules": lines, "mail": settings.HAS_MAIL}
    return render(request, "security/alerts/rules.html", context)


def _named(rules: Mapping[str, Rule]) -> set[int]:
    """Return the numbers of the people whom rules name."""
    found = {pk for rule in rules.values() for pk in rule.recipients}
    return found | {rule.by_id for rule in rules.values() if rule.by == By.ONE and rule.by_id}


def _line(
    rule: Rule, rules: Mapping[str, Rule], people: Mapping[int, str], programs: Mapping[str, str]
) -> Line:
    told = [people[pk] for pk in rule.recipients if pk in people]
    return Line(
        rule,
        words.name_of(rule.key, rules),
        str(words.DOES.get(rule.key, "")) or _about(rule),
        words.ICONS.get(rule.key, "bell"),
        _when(rule, people, programs),
        get_text_list(told, _("and")) if told else _("all admins"),
    )


def _about(rule: Rule) -> str:
    """Return what a rule of the account's own is about, in words."""
    known = words.acts()
    acts = [str(known[name]) for name in sorted(rule.acts) if name in known] or [_("All actions")]
    many = {model.kind.name: str(model.kind.plural) for model in kinds.all_models()}
    of = [many[name] for name in sorted(rule.kinds) if name in many]
    said = ", ".join(acts) + (f": {', '.join(of)}" if of else "")
    return _("%(acts)s (refused)") % {"acts": said} if rule.outcome == Ended.REFUSED else said


def _when(rule: Rule, people: Mapping[int, str], programs: Mapping[str, str]) -> str:
    amount = _amount(rule)
    if rule.within:
        amount = ngettext(
            "%(amount)s within %(n)s minute", "%(amount)s within %(n)s minutes", rule.within
        ) % {"amount": amount, "n": number(rule.within)}
    return _("%(amount)s, by %(whose)s") % {
        "amount": amount, "whose": _whose(rule, people, programs),
    }  # fmt: skip


def _whose(rule: Rule, people: Mapping[int, str], programs: Mapping[str, str]) -> str:
    if rule.by == By.ONE:
        return people.get(rule.by_id or 0, "?")
    if rule.by == By.ONE_KEY:
        return programs.get(f"{ActorKind.KEY}:{rule.by_id}", "?")
    return str(words.WHOSE[By(rule.by)])


def _amount(rule: Rule) -> str:
    n = rule.at_least
    if rule.counts == Counts.OBJECTS:
        said = ngettext("from %(n)s object", "from %(n)s objects", n)
    elif n == 1:
        return _("each act")
    else:
        said = ngettext("from %(n)s act", "from %(n)s acts", n)
    return said % {"n": number(n)}


@require_http_methods(["GET", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """Create a rule of the account's own."""
    actor = admit(request, Verb.ACCOUNT, Attempt(1, {"alert_rule": "new"}))
    given, mistakes = Wanted(), dict[str, str]()
    if request.method == "POST":
        given = _given(request)
        try:
            alerting.add(actor, given)
        except Invalid as error:
            mistakes = _beside(error)
        else:
            tell(request, _("The rule holds from now on."))
            return redirect("alert_rules")
    return _form(request, given, mistakes, None)


@require_http_methods(["GET", "POST"])
def one_rule(request: HttpRequest, key: str) -> HttpResponse:
    """Show or change a rule."""
    actor = admit(request, Verb.ACCOUNT, Attempt(1, {"alert_rule": key[:24]}))
    rule = _rule(request, key)
    given, mistakes = Wanted.of(rule), dict[str, str]()
    if request.method == "POST":
        given = _given(request, rule)
        try:
            changed = alerting.change(actor, rule, given)
        except Invalid as error:
            mistakes = _beside(error)
        else:
            tell(
                request, _("Saved. It holds from now on.") if changed else _("Nothing was changed.")
            )
            return redirect("alert_rules")
    return _form(request, given, mistakes, rule)


@require_POST
def switch(request: HttpRequest, key: str) -> HttpResponse:
    """Switch a rule on or off."""
    actor = admit(request, Verb.ACCOUNT, Attempt(1, {"alert_rule": key[:24]}))
    rule = _rule(request, key)
    on = request.POST.get("on") == "1"
    # People who are no longer admins are not informed; this must not block the change.
    left = set(rule.recipients) & set(alerting.admins_to_tell(actor.account_id))
    if alerting.change(actor, rule, Wanted.of(rule, is_on=on, recipients=tuple(sorted(left)))):
        name = words.name_of(key, {key: rule})
        said = _("Switched on: %(rule)s") if on else _("Switched off: %(rule)s")
        tell(request, said % {"rule": name})
    return redirect("alert_rules")


@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Remove a rule of the account's own."""
    actor = admit(request, Verb.ACCOUNT, Attempt(1, {"alert_rule": key[:24]}))
    rule = _rule(request, key)
    alerting.remove(actor, rule)
    tell(request, _("Removed: %(rule)s") % {"rule": rule.name})
    return redirect("alert_rules")


def _rule(request: HttpRequest, key: str) -> Rule:
    rule = rules_of(account_of(request).pk).get(key)
    if rule is None:
        raise Http404
    return rule


def _given(request: HttpRequest, rule: Rule | None = None) -> Wanted:
    """Return what the form says; for a standard rule it has fewer fields."""
    form = request.POST
    before = Wanted.of(rule) if rule else Wanted()
    by, _colon, by_id = form.get("by", before.by).partition(":")
    if by == By.ONE_KEY and actors.application(f"{ActorKind.KEY}:{by_id}") is None:
        by_id = ""
    given = replace(
        before, by=by, by_id=whole(by_id) or None, kinds=tuple(sorted(form.getlist("kinds"))),
        recipients=tuple(sorted(whole(pk) for pk in form.getlist("recipients"))),
    )  # fmt: skip
    if rule is None or rule.key != MANY:
        given = replace(
            given, at_least=_whole(form.get("at_least", "")),
            within=_whole(form.get("within", "")),
        )  # fmt: skip
    if rule is None or not rule.is_standard:
        given = replace(
            given, name=form.get("name", "").replace("\x00", "").strip(),
            acts=tuple(sorted(form.getlist("acts"))), outcome=form.get("outcome", ""),
            counts=form.get("counts", ""),
        )  # fmt: skip
    return given


def _whole(text: str) -> int:
    """Return the number that a form sent; for anything else, one that no rule accepts."""
    return int(text.strip()[:10]) if text.isascii() and text.strip().isdecimal() else NO_NUMBER


def _beside(error: Invalid) -> dict[str, str]:
    """What is wrong, by the field that it stands beside."""
    return {field or "name": said for field, said in error.wrong.items()}


def _form(
    request: HttpRequest, given: Wanted, mistakes: dict[str, str], rule: Rule | None
) -> HttpResponse:
    account = account_of(request)
    if not has(account.edition, Feature.SENSITIVE_ACTIONS):
        return render(request, "security/alerts/other_edition.html")
    users = User.objects.filter(disabled_at=None).order_by("last_name", "first_name")[:500]
    whose: list[tuple[str, object]] = [(by.value, label) for by, label in words.WHOSE.items()]
    context: dict[str, Any] = {
        "tab": "rules",
        "rule": rule,
        "name": words.name_of(rule.key, {rule.key: rule}) if rule else "",
        "does": words.DOES.get(rule.key, "") if rule else "",
        "is_many": rule is not None and rule.key == MANY,
        "is_own": rule is None or not rule.is_standard,
        "given": given,
        "no_number": NO_NUMBER,
        "by": f"{given.by}:{given.by_id}" if given.by in {By.ONE, By.ONE_KEY} else given.by,
        "whose": whose,
        "persons": [(f"{By.ONE}:{user.pk}", str(user)) for user in users],
        "programs": [
            (key.replace(ActorKind.KEY, By.ONE_KEY), name) for key, name in actors.applications()
        ],
        "acts": list(words.acts().items()),
        "kinds": [model.kind for model in kinds.all_models()],
        "admins": alerting.to_tell(account.pk),
        "mistakes": mistakes,
    }
    template = "security/alerts/rule.html"
    return render(request, template, context, status=422 if mistakes else 200)
