"""The parts that every template has at hand, without loading anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from custode.accounts.editions import Feature, has
from custode.guard import hands, policy
from custode.guard.policy import Decision
from custode.kernel.text import places_of
from custode.people.models import User
from custode.web.shell import icons, navigation, words
from custode.web.shell.requests import account_of, actor_of, admins_of

register = template.Library()

_TINTS = 6


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """An icon by its lucide name."""
    return icons.icon(str(name), int(size))


@register.simple_tag(takes_context=True)
def fixed(context: template.Context, part: str, current: str = "") -> SafeString:
    """A part of the frame that is the same on each page, and so is drawn once a language.

    Args:
        part: its template, which is told of no request: only the places and which is current.
    """
    return _drawn(part, get_language(), context["person"].is_admin, current)


@cache
def _drawn(part: str, _language: str | None, is_admin: bool, current: str) -> SafeString:
    told = {"side_groups": navigation.groups_for(is_admin), "side_current": current}
    return render_to_string(part, told)


@register.filter
def hand(name: str) -> str:
    """The name of who acted, as it was kept; of an application in somebody's name, both."""
    return hands.hand(name)


@register.filter
def money(minor: int | None, currency: str) -> str:
    """An amount in minor units: `{{ lead.amount_minor|money:lead.currency }}`."""
    return words.money(minor, currency)


@register.filter
def number(value: int) -> str:
    """A whole number with the thousands apart."""
    return words.number(value)


@register.filter
def size(value: int) -> str:
    """How large a file is, in words: `4 bytes`, `1.5 MB`."""
    return words.size(value)


@register.filter
def listed(counts: dict[str, int]) -> str:
    """Several kinds with their counts."""
    return words.listed(counts)


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """A moment as "2 hours ago", with the exact time on hover."""
    if moment is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"), words.exact(moment), words.ago(moment),
    )  # fmt: skip


@register.simple_tag
def moment(when: datetime | None) -> SafeString:
    """A moment to the minute."""
    if when is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}">{}</time>', when.isoformat(timespec="seconds"), words.exact(when)
    )


@register.simple_tag
def clock(when: datetime) -> SafeString:
    """The time of day, with the day on hover, for lists that are headed by days."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        when.isoformat(timespec="seconds"), words.exact(when), words.time_of(when),
    )  # fmt: skip


@register.simple_tag
def avatar(user: User | None, size: str = "sm") -> SafeString:
    """A person's initials in a round field; the name on hover and for screen readers."""
    if user is None:
        name, letters, tint = _("Unassigned"), "–", "none"
    else:
        name, letters, tint = user.get_full_name(), user.initials, str(user.pk % _TINTS)
    return format_html(
        '<span class="face face-{} tint-{}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span>',
        size, tint, name, letters, name,
    )  # fmt: skip


@register.inclusion_tag("shell/parts/shield.html", takes_context=True)
def shield(context: template.Context, decision: Decision, act: str = "") -> dict[str, Any]:
    """The mark beside an act that a rule forbids; pressed, it explains itself.

    Args:
        act: what cannot be done, in words for screen readers.
    """
    ask = [] if decision.ok else admins_of(context["request"])
    return {"decision": decision, "act": act, "ask": ask}


@register.simple_tag(takes_context=True)
def ask(context: template.Context) -> str:
    """The sentence that says which admins can be asked."""
    return policy.ask_of([str(one) for one in admins_of(context["request"])])


@register.inclusion_tag("shell/parts/story_of.html", takes_context=True)
def story_of(
    context: template.Context, kind: str, pk: int, looks: str = "menu-item"
) -> dict[str, Any]:
    """For admins, the way to what was done to an object: who exported or deleted it."""
    request = context["request"]
    edition = account_of(request).edition
    shown = actor_of(request).is_admin and has(edition, Feature.SENSITIVE_ACTIONS)
    return {"shown": shown, "thing": f"{kind}:{pk}", "looks": looks}


@register.simple_tag(takes_context=True)
def address(context: template.Context, **changes: Any) -> str:
    """This page's address with some parameters changed; an empty value takes one out."""
    request = context["request"]
    query: QueryDict = request.GET.copy()
    for name, value in changes.items():
        if value in {"", None}:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else str(request.path)


@register.filter
def offered(message: Any, way: str) -> str:
    """The number of what a message offers a `way` (`undo`, `back`, `lead` …) out of, or ""."""
    name, _dash, number = (message.extra_tags or "").partition("-")
    return str(number) if name == way else ""


@register.filter
def marked(text: str, words: Sequence[str]) -> SafeString:
    """A text in which the words that were looked for are marked, whatever their accents."""
    pieces, at = [], 0
    for first, last in places_of(text, words):
        pieces.append(format_html("{}<mark>{}</mark>", text[at:first], text[first:last]))
        at = last
    return format_html("{}{}", format_html_join("", "{}", ((one,) for one in pieces)), text[at:])


@register.filter
def code_marked(text: str) -> SafeString:
    """A text in which words between backticks are code: what the API says of itself."""
    pieces = text.split("`")
    return format_html_join(
        "", "{}", (
            (format_html('<code translate="no">{}</code>', one) if at % 2 else one,)
            for at, one in enumerate(pieces)
        ),
    )  # fmt: skip
