"""The sentences of log entries about steps, pipelines, tags and fields taken out of use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from custode.guard import kinds
from custode.web.security.reading import Told
from custode.web.security.refusals import what
from custode.web.security.signin_sentences import Sentence, thing_of, unnamed
from custode.web.shell.words import listed


def retired(told: Told) -> Sentence:
    """Return the sentence of a step, pipeline or tag deleted, or of a tag merged into another."""
    if "shelved" in told.details:
        return _shelved(told)
    details, labels = told.details, [str(one) for one in told.person.get("labels") or []]
    values = {
        "name": thing_of(told),
        "what": _with_others(told),
        "into": labels[-1] if len(labels) > 1 else unnamed(told),
    }
    if details.get("field") == "tag":
        if details.get("to"):
            return _("%(who)s merged the tag %(name)s into %(into)s (%(what)s)."), values
        return _("%(who)s deleted the tag %(name)s (%(what)s)."), values
    if details.get("along"):
        pattern = _("%(who)s deleted the pipeline %(name)s. Its leads (%(what)s) went to %(into)s.")
        return pattern, values
    return _("%(who)s deleted the step %(name)s. Its leads (%(what)s) went to %(into)s."), values


def _shelved(told: Told) -> Sentence:
    """Return the sentence of a default field, or a choice of one, retired or put back in use."""
    patterns = {
        ("default_field", False): _("%(who)s took the default field %(name)s (%(of)s) out of use."),
        ("default_field", True): _("%(who)s took up the default field %(name)s (%(of)s) again."),
        ("field_choice", False): _("%(who)s made the choice %(name)s unavailable."),
        ("field_choice", True): _("%(who)s made the choice %(name)s available again."),
        ("process_template", False): _("%(who)s made the template %(name)s unavailable."),
        ("process_template", True): _("%(who)s made the template %(name)s available again."),
    }
    found = patterns.get((str(told.details.get("field")), bool(told.details.get("back"))))
    # Leads and client folders may each have a field with this name.
    values = {"name": thing_of(told), "of": str(kinds.named(told.entry.kind).plural)}
    return found or _("%(who)s took %(name)s out of use."), values


def _with_others(told: Told) -> str:
    """Return the objects, and those of other kinds that had the same tag."""
    also = told.details.get("also")
    if not isinstance(also, dict):
        return what(told)
    return _("%(what)s, %(also)s") % {"what": what(told), "also": listed(also)}


def refused(tried: Mapping[str, Any]) -> str:
    """Return the sentence of such an act's refusal."""
    if tried.get("field") == "tag":
        return _("%(who)s was not allowed to delete the tag %(name)s.")
    if tried.get("field") == "default_field":
        return _("%(who)s was not allowed to take a default field out of use, or up again.")
    if tried.get("field") == "field_choice":
        return _("%(who)s was not allowed to change what a default field offers.")
    if tried.get("field") == "process_template":
        return _("%(who)s was not allowed to change which templates of processes are offered.")
    if tried.get("along"):
        return _("%(who)s was not allowed to delete the pipeline %(name)s.")
    return _("%(who)s was not allowed to delete the step %(name)s.")
