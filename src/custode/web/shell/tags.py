"""The template tags and filters available in every template without loading."""

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
from custode.guard import display_names, policy
from custode.guard.policy import Decision
from custode.kernel.text import places_of
from custode.people.models import User
from custode.web.shell import icons, navigation, words
from custode.web.shell.requests import account_of, actor_of, admins_of

register = template.Library()

_TINTS = 6


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """Render an icon by its lucide name."""
    return icons.icon(str(name), int(size))


@register.simple_tag(takes_context=True)
def fixed(context: template.Context, part: str, current: str = "") -> SafeString:
    """Render a part of the frame that is the same on each page, cached per language.

    Args:
        part: its template; its context has only the places and the current one, not the request.
    """
    return _drawn(part, get_language(), context["person"].is_admin, current)


@cache
def _drawn(part: str, _language: str | None, is_admin: bool, current: str) -> SafeString:
    told = {"side_groups": navigation.groups_for(is_admin), "side_current": current}
    return render_to_string(part, told)


@register.filter
def display_name(name: str) -> str:
    """Return the stored name of the actor; for an application in somebody's name, both names."""
    return display_names.display_name(name)


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Format an amount in minor units: `{{ lead.amount_minor|money:lead.currency }}`."""
    return words.money(minor, currency)


@register.filter
def number(value: int) -> str:
    """Format a whole number with thousands separators."""
    return words.number(value)


@register.filter
def scope(word: str) -> str:
    """Return the name of an API key's scope, with the word that programs know."""
    return words.scope(word)


@register.filter
def size(value: int) -> str:
    """Return the size of a file in words: `4 bytes`, `1.5 MB`."""
    return words.size(value)


@register.filter
def listed(counts: dict[str, int]) -> str:
    """List several kinds with their counts."""
    return words.listed(counts)


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """Render a moment as "2 hours ago", with the exact time on hover."""
    if moment is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"), words.exact(moment), words.ago(moment),
    )  # fmt: skip


@register.simple_tag
def moment(when: datetime | None) -> SafeString:
    """Render a moment to the minute."""
    if when is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}">{}</time>', when.isoformat(timespec="seconds"), words.exact(when)
    )


@register.simple_tag
def clock(when: datetime) -> SafeString:
    """Render the time of day, with the day on hover, for lists headed by days."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        when.isoformat(timespec="seconds"), words.exact(when), words.time_of(when),
    )  # fmt: skip


@register.simple_tag
def avatar(user: User | None, size: str = "sm") -> SafeString:
    """Render a person's initials in a circle; the name on hover and for screen readers."""
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
    """Render the mark beside an act that a rule forbids, which explains itself when pressed.

    Args:
        act: what cannot be done, in words for screen readers.
    """
    ask = [] if decision.ok else admins_of(context["request"])
    return {"decision": decision, "act": act, "ask": ask}


@register.simple_tag(takes_context=True)
def ask(context: template.Context) -> str:
    """Return the sentence that says which admins can be asked."""
    return policy.ask_of([str(one) for one in admins_of(context["request"])])


@register.inclusion_tag("shell/parts/story_of.html", takes_context=True)
def story_of(
    context: template.Context, kind: str, pk: int, looks: str = "menu-item"
) -> dict[str, Any]:
    """Render the link, for admins, to what was done to an object: who exported or deleted it."""
    request = context["request"]
    edition = account_of(request).edition
    shown = actor_of(request).is_admin and has(edition, Feature.SENSITIVE_ACTIONS)
    return {"shown": shown, "thing": f"{kind}:{pk}", "looks": looks}


@register.simple_tag(takes_context=True)
def address(context: template.Context, **changes: Any) -> str:
    """Return this page's address with some parameters changed; an empty value removes one."""
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
    """Return the number for which a message offers a `way` (`undo`, `back`, `lead` …), or ""."""
    name, _dash, number = (message.extra_tags or "").partition("-")
    return str(number) if name == way else ""


@register.filter
def marked(text: str, words: Sequence[str]) -> SafeString:
    """Mark the searched words in a text, ignoring accents."""
    pieces, at = [], 0
    for first, last in places_of(text, words):
        pieces.append(format_html("{}<mark>{}</mark>", text[at:first], text[first:last]))
        at = last
    return format_html("{}{}", format_html_join("", "{}", ((one,) for one in pieces)), text[at:])


@register.filter
def code_marked(text: str) -> SafeString:
    """Render words between backticks as code, for the API reference."""
    pieces = text.split("`")
    return format_html_join(
        "", "{}", (
            (format_html('<code translate="no">{}</code>', one) if at % 2 else one,)
            for at, one in enumerate(pieces)
        ),
    )  # fmt: skip
