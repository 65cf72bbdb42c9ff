"""The list of imports, one import in each of its states, and what may be done to it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.exchange.importing import runs
from custode.exchange.importing.choices import Choices
from custode.exchange.importing.deciding import decide
from custode.exchange.importing.names import Names
from custode.exchange.importing.own import Own
from custode.exchange.importing.owners import fates, named_in, question
from custode.exchange.importing.studies import Study
from custode.exchange.models import ImportRun, RefusedRow, RunState
from custode.exchange.orders import DIALECTS, usual_dialect
from custode.exchange.reading import MappingError, from_dict
from custode.exchange.reading.currencies import CODES
from custode.exchange.writing.csv_file import plain_csv
from custode.kernel import scope
from custode.kernel.errors import Gone, Invalid
from custode.web.imports import forms, states
from custode.web.imports.shown import Form
from custode.web.shell.requests import actor_of, is_htmx, user_of
from custode.web.shell.toasts import tell

PAGE = 50


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The imports so far; with a file, a new one."""
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
    }
    if is_htmx(request) and request.method == "GET":
        return render(request, "imports/runs.html", context)
    return render(request, "imports/imports.html", context, status=422 if mistake else 200)


def _bring(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(_("Choose a file first."), field="file")
    run = runs.bring(user_of(request), actor_of(request), file.name or "", file.chunks())
    runs.work_now(run)
    return _to(run)


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One import, as its state has it; polled while a job has the turn."""
    run = _run(request, pk)
    if run.state == RunState.MAPPING and run.user_id == user_of(request).pk:
        return _mapping_page(request, run)
    context = states.context(actor_of(request), run)
    if not is_htmx(request):
        return render(request, "imports/run.html", context)
    if run.state == RunState.MAPPING:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "imports/state.html", context)


def _mapping_page(
    request: HttpRequest, run: ImportRun, sent: forms.Sent | None = None, mistake: str = ""
) -> HttpResponse:
    """The mapping's form, as kept or as just sent."""
    if is_htmx(request) and sent is None:
        # The page polled while the file was read: now it has another form altogether.
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    actor = actor_of(request)
    told, names = Study.from_dict(run.study), Names.load(actor)
    kept = Choices(**run.choices)
    known = sent or forms.Sent(from_dict(run.mapping, told.headers), kept)
    try:
        decided = decide(known.mapping, told, names, known.choices)
    except Invalid as error:
        mistake = mistake or str(error)
        choices = _without_mistake(known.choices, kept, error)
        mapping = known.mapping
        if isinstance(error, MappingError):
            mapping = from_dict(run.mapping, told.headers)
        decided = decide(mapping, told, names, choices)
        known = forms.Sent(mapping, choices)
    form = Form(told, decided, known.choices, actor, names, named_in(run, told, decided.mapping))
    context = {
        "run": run,
        "form": form,
        "mistake": mistake or ("" if sent else run.why),
        "before": runs.same_before(run),
        "opened": request.headers.get("HX-Trigger-Name", ""),
        "currencies": sorted(CODES),
    }
    template = "imports/mapping_form.html" if is_htmx(request) else "imports/mapping.html"
    return render(request, template, context, status=422 if mistake else 200)


def _without_mistake(sent: Choices, kept: Choices, error: Invalid) -> Choices:
    if error.field in {"pipeline", "pipeline_name"}:
        return Choices(**{**sent.as_dict(), "pipeline": kept.pipeline, "pipeline_name": ""})
    return sent


@require_POST
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the mapping: at each change show what it means; with `go` keep it and try it."""
    run = _own(request, pk)
    if run.state not in {RunState.MAPPING, RunState.CHECKED}:
        raise Gone(_("This import has gone on in the meantime. Reload the page."))
    told, actor = Study.from_dict(run.study), actor_of(request)
    sent = forms.read(
        request.POST, told, Choices(**run.choices), named=partial(named_in, run, told),
        is_admin=actor.is_admin, own=Own.load(),
    )  # fmt: skip
    if "go" not in request.POST:
        return _mapping_page(request, run, sent)
    names = Names.load(actor)
    try:
        decided = decide(sent.mapping, told, names, sent.choices)
    except Invalid as error:
        return _mapping_page(request, run, sent, str(error))
    if decided.questions:
        return _mapping_page(request, run, sent, _("Answer what is asked beside the columns."))
    asked = fates(named_in(run, told, decided.mapping), names, sent.choices, {}).asked
    if asked:
        return _mapping_page(request, run, sent, question(asked))
    runs.set_mapping(run, decided.mapping, sent.choices)
    runs.work_now(run)
    return _to(run)


@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the mapping again."""
    run = _own(request, pk)
    runs.back_to_mapping(run)
    return _to(run)


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the rows come in."""
    run = _own(request, pk)
    runs.start(run, actor_of(request))
    return _to(run)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a run; what arrived is removed."""
    run = _own(request, pk)
    runs.stop(run)
    return _to(run)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a file that has not come in."""
    run = _own(request, pk)
    if run.state == RunState.DONE:
        raise Gone(_("This import has come in. It can be undone."))
    runs.discard(run)
    tell(request, _("“%(name)s” was removed. Nothing of it came in.") % {"name": run.name})
    return HttpResponseRedirect(reverse("imports"))


@require_GET
def refused(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The refused rows as a CSV file: line, column, value, reason."""
    run = _run(request, pk)
    dialect = DIALECTS[usual_dialect(user_of(request).language)]
    # The head now: the rows are read when the request, and with it the language, is over.
    head = (_("Line"), _("Column"), _("Value"), _("Reason"))
    body = plain_csv(_refused_rows(run, head), dialect)
    response = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{run.pk}.csv"'
    response.headers["Cache-Control"] = "no-store, private"
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
    """A run that this person may move on: only who brought the file."""
    run = _run(request, pk)
    if run.user_id != user_of(request).pk:
        raise Http404
    return run
