"""Placeholders in templates: `{{lead.title}}`, and `{{field:Contact}}` for a line of the lead.

The layer of each kind declares its values (`declare`); this module only inserts them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from custode.guard.owned import Guarded
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.kernel.text import fold

FIELD: Final = "field:"
"""The prefix of the placeholder of a line."""
_ONE: Final = re.compile(r"\{\{\s*([^{}\n]*?)\s*\}\}")
_BRACES: Final = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True, slots=True)
class Values:
    """The values for placeholders.

    Args:
        named: placeholder -> value.
        lines: the label of a line -> its value.
    """

    named: Mapping[str, str]
    lines: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filler:
    """The placeholders of a kind of object.

    Args:
        names: each placeholder with its description.
        values: returns the values for an actor and an object.
    """

    names: Mapping[str, str | Promise]
    values: Callable[[Actor, Any], Values]


_fillers: dict[str, Filler] = {}


def declare(kind: str, filler: Filler) -> None:
    """Declare the placeholders of a kind; for its own layer."""
    _fillers[kind] = filler


def names() -> dict[str, str]:
    """Return every placeholder with its description, except those of lines."""
    return {name: str(words) for one in _fillers.values() for name, words in one.names.items()}


def require_known(text: str, where: str) -> None:
    """Raise `Invalid`, with its name, for an unknown placeholder.

    Args:
        where: the field that contains the text.
    """
    known = names()
    for name in used(text):
        line = name.removeprefix(FIELD).strip() if name.startswith(FIELD) else ""
        if name not in known and not line:
            raise Invalid(
                _("There is no placeholder {{%(name)s}}. Choose one from the list.")
                % {"name": name[:80]},
                field=where,
            )
    if _BRACES.search(_ONE.sub("", text)):
        raise Invalid(_("A placeholder begins with {{ and ends with }}, in one line."), field=where)


def used(text: str) -> list[str]:
    """Return the placeholders of a text, in order."""
    return [match[1] for match in _ONE.finditer(text)]


def fill(actor: Actor, about: Guarded, text: str) -> str:
    """Fill in a text's placeholders; those without a value stay as they are."""
    values = _fillers[about.kind.name].values(actor, about)
    lines = {fold(label): value for label, value in values.lines.items()}

    def value(match: re.Match[str]) -> str:
        """Return the value of a placeholder, or the placeholder itself."""
        name = match[1]
        if name.startswith(FIELD):
            return lines.get(fold(name.removeprefix(FIELD).strip())) or match[0]
        return values.named.get(name) or match[0]

    # In one pass: inserted values are not searched for placeholders.
    return _ONE.sub(value, text)


def left(texts: Iterable[str]) -> list[str]:
    """Return the placeholders that were not filled in, as written, each once."""
    return list(dict.fromkeys(match[0] for text in texts for match in _ONE.finditer(text)))


def label(placeholder: str) -> str:
    """Return what a placeholder, as written, stands for: “Contact”, or a description."""
    name = placeholder.strip("{} ")
    return names().get(name) or f"“{name.removeprefix(FIELD).strip()}”"


def marked(text: str) -> str:
    """Return a Markdown text in which the unfilled placeholders stand out, as code.

    By means of Markdown itself, so that no part of them ever becomes HTML.
    """
    return _ONE.sub(lambda match: match[0] if "`" in match[0] else f"`{match[0]}`", text)
