"""Texts that people format: Markdown, written as HTML that can do nothing but be read.

markdown-it parses it with HTML switched off; what comes out is let through by an allow-list once
more (nh3), so that a fault of the one is stopped by the other. Pictures are not among it: one from
elsewhere would tell its owner who read the comment, and when.
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
    """A text as HTML: bold, lists, quotes, links that open elsewhere and tell nobody from where."""
    clean = nh3.clean(
        _MARKDOWN.render(text),
        tags=set(_TAGS),
        attributes={"a": {"href"}, "*": set()},
        url_schemes=set(_LINKS),
        link_rel="noopener noreferrer nofollow",
    )
    return SafeString(clean)


def excerpt(text: str, longest: int) -> str:
    """The beginning of a text without its marks, in one line of at most `longest` characters."""
    plain = html.unescape(nh3.clean(_MARKDOWN.render(text[: 20 * longest]), tags=set()))
    line = " ".join(plain.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
