"""Views of imports: the list, one import in each of its states, and its actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.exchange.importing import runs
from custode.exchange.models import ImportRun, RefusedRow, RunState
from custode.exchange.orders import DIALECTS, usual_dialect
from custode.exchange.writing.csv_file import plain_csv
from custode.kernel import downloads, scope
from custode.kernel.errors import Gone, Invalid
from custode.leads.models import Lead
from custode.prospecting.models import Prospect
from custode.web.imports import states
from custode.web.imports.another import WISHES, another
from custode.web.imports.screens import SCREENS, screen_of
from custode.web.shell.requests import actor_of, is_htmx, user_of
from custode.web.shell.toasts import tell

PAGE = 50


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports so far; a POST with a file starts a new one."""
    mistake = ""
    if request.method == "POST":
        try:
            return _bring(request)
        except Invalid as error:
            mistake = str(error)
    shown = list(runs.visible(actor_of(request))[: PAGE + 1])
    context = {
        "runs": shown[:PAGE],
        "more": len(shown) > PAGE,
        "mistake": mistake,
        "limit": settings.UPLOAD_BYTES // 2**20,
        "most": settings.UPLOAD_BYTES,
        "too_large": runs.too_large(),
        "under_way": any(run.is_under_way for run in shown),
        "states": RunState,
        **_asked(request),
    }
    if is_htmx(request) and request.method == "GET":
        return render(request, "imports/runs.html", context)
    return render(request, "imports/imports.html", context, status=422 if mistake else 200)


def _bring(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(_("Choose a file first."), field="file")
    kind = request.POST.get("kind", Lead.kind.name)
    if kind not in SCREENS:
        raise Invalid(_("Choose what the rows of the file become."), field="kind")
    run = runs.bring(
        user_of(request), actor_of(request), file.name or "", file.chunks(), kind=kind,
        wish={name: value for name, value in _wishes(request.POST).items() if name == WISHES[kind]},
    )  # fmt: skip
    runs.work_now(run)
    return _to(run)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Return what rows are to become, from the address or a rejected form: `?into=7` is a list."""
    asked = request.POST if request.method == "POST" else request.GET
    kind, wishes = asked.get("kind", ""), _wishes(asked)
    chosen = Prospect.kind.name if "into" in wishes and not kind else kind or Lead.kind.name
    return {
        "kinds": [(name, screen.kind.plural, name == chosen) for name, screen in SCREENS.items()],
        "wishes": wishes,
    }


def _wishes(asked: QueryDict) -> dict[str, str]:
    """Return the destination of the rows, as far as an address or a form names it."""
    return {name: told[:20] for name in WISHES.values() if (told := asked.get(name, ""))}


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one import in its present state; polled while a job works on it."""
    run = _run(request, pk)
    if run.state == RunState.MAPPING and run.user_id == user_of(request).pk:
        if is_htmx(request):
            # The page was polling while the file was read; now it needs a different form.
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return screen_of(run).kept(request, run)
    context = states.context(actor_of(request), run)
    if not is_htmx(request):
        return render(request, "imports/run.html", context)
    if run.state == RunState.MAPPING:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "imports/state.html", context)


@require_POST
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the mapping: show the effect of each change; with `go` store it and start the trial."""
    run = _own(request, pk)
    if run.state not in {RunState.MAPPING, RunState.CHECKED}:
        if is_htmx(request) and "go" not in request.POST:
            # A change event of a field sent after the form itself comes too late and does not
            # matter.
            return HttpResponse(status=204)
        raise Gone(_("This import has moved on in the meantime. Reload the page."))
    screen = screen_of(run)
    if "go" not in request.POST:
        return screen.changed(request, run)
    page = screen.keep(request, run)
    if page is not None:
        return page
    runs.work_now(run)
    return _to(run)


@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return to the mapping."""
    run = _own(request, pk)
    runs.back_to_mapping(run)
    return _to(run)


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Import the rows."""
    run = _own(request, pk)
    runs.start(run, actor_of(request))
    return _to(run)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a run; rows already imported are removed."""
    run = _own(request, pk)
    runs.stop(run)
    return _to(run)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Discard a file that has not been imported."""
    run = _own(request, pk)
    if run.state == RunState.DONE:
        raise Gone(_("This import has come in. It can be undone."))
    runs.discard(run)
    tell(request, _("“%(name)s” was removed. Nothing of it came in.") % {"name": run.name})
    return HttpResponseRedirect(another(run))


@require_GET
def refused(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the refused rows as a CSV file: line, column, value, reason."""
    run = _run(request, pk)
    dialect = DIALECTS[usual_dialect(user_of(request).language)]
    # The heading now: rows are read after the request, and with it the language, has ended.
    head = (_("Line"), _("Column"), _("Value"), _("Reason"))
    body = plain_csv(_refused_rows(run, head), dialect)
    name = "-".join(_("refused rows").split())
    response = StreamingHttpResponse(body)
    downloads.attach(response, f"{name}-{run.pk}.csv", "text/csv; charset=utf-8")
    return response


def _refused_rows(run: ImportRun, head: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    yield head
    with scope.account(run.account_id):
        rows = list(
            RefusedRow.objects.filter(run=run)
            .order_by("pk")
            .values_list("line", "column", "value", "reason")
        )
    yield from rows


def _to(run: ImportRun) -> HttpResponse:
    return HttpResponseRedirect(reverse("import", args=[run.pk]))


def _run(request: HttpRequest, pk: int) -> ImportRun:
    run = runs.visible(actor_of(request)).filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def _own(request: HttpRequest, pk: int) -> ImportRun:
    """Return a run that this person may continue: only the one who uploaded the file may."""
    run = _run(request, pk)
    if run.user_id != user_of(request).pk:
        raise Http404
    return run
