"""Formatted texts: Markdown, rendered as harmless HTML.

markdown-it parses it with HTML switched off; the result is filtered by an allow-list again (nh3),
so that a fault in one is caught by the other. Images are not allowed: one from elsewhere would tell
its owner who read the comment, and when.
"""

from __future__ import annotations

import html
from typing import Final

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

_TAGS: Final = frozenset(
    {"p", "br", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr"}
)
_LINKS: Final = frozenset({"http", "https", "mailto", "tel"})
_MARKDOWN: Final = (
    MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    .enable(["linkify", "strikethrough"])
    .disable(["image", "heading", "lheading", "html_block", "html_inline"])
)


def as_html(text: str) -> SafeString:
    """Render a text as HTML: bold, lists, quotes, links in new tabs without a referrer."""
    clean = nh3.clean(
        _MARKDOWN.render(text),
        tags=set(_TAGS),
        attributes={"a": {"href"}, "*": set()},
        url_schemes=set(_LINKS),
        link_rel="noopener noreferrer nofollow",
    )
    return SafeString(clean)


def excerpt(text: str, longest: int) -> str:
    """Return the beginning of a text without markup, on one line, at most `longest` long."""
    plain = html.unescape(nh3.clean(_MARKDOWN.render(text[: 20 * longest]), tags=set()))
    line = " ".join(plain.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
