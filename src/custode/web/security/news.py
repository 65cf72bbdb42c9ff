"""New log entries since a page of the log was rendered, which that page polls for."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.guard.models import LogEntry, LogHead
from custode.web.security.entries_by_day import Shown, by_day
from custode.web.security.reading import PAGE, Told, Wanted, found, told
from custode.web.security.sentences import sentence
from custode.web.shell.words import number


def latest() -> int:
    """Return the number of the last entry."""
    return LogHead.objects.values_list("seq", flat=True).first() or 0


def news(request: HttpRequest, wanted: Wanted, shown: Shown) -> HttpResponse:
    """Return the matching entries newer than `wanted.after`; 204 if there are none."""
    upto = latest()
    if upto <= wanted.after:
        return HttpResponse(status=204)
    entries = list(found(replace(wanted, before=0))[: PAGE + 1])
    if len(entries) > PAGE:
        # For more than a page of them, the page only reports that, and is reloaded on request.
        answer = HttpResponse(status=204)
        answer.headers["X-Custode-Many"] = "1"
        return answer
    fresh = told(entries)
    # An undo changes how its act is shown, even if the filter matches only the act.
    newer = LogEntry.objects.filter(seq__gt=wanted.after, about__isnull=False)
    about = {int(one.about or 0) for one in newer.order_by("-seq")[: 2 * PAGE]}
    whole = replace(wanted, after=0, before=0)
    again = told(list(found(whole).filter(seq__in=about))) if about else []
    words = {
        "days": by_day(fresh, shown),
        "again": shown.facts(again),
        "latest": upto,
        "said": _said(fresh),
    }
    return render(request, "security/news.html", words)


def _said(fresh: list[Told]) -> str:
    """Return the live region's text: the latest entry as a sentence, the others as a number."""
    if not fresh:
        return ""
    first = unescape(strip_tags(sentence(fresh[0])))
    if len(fresh) == 1:
        return _("New: %(sentence)s") % {"sentence": first}
    others = len(fresh) - 1
    words = ngettext(
        "New: %(sentence)s And %(n)s more action.",
        "New: %(sentence)s And %(n)s more actions.",
        others,
    )
    return words % {"sentence": first, "n": number(others)}
