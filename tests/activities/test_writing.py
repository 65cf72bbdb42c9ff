"""What people type into a comment becomes HTML that can do nothing but be read."""

from __future__ import annotations

import pytest

from custode.activities.writing import as_html, excerpt

pytestmark = pytest.mark.once

# typed -> shown
FORMATTED = [
    ("plain", "<p>plain</p>\n"),
    ("two\nlines", "<p>two<br>\nlines</p>\n"),
    ("**bold** and *slanted*", "<p><strong>bold</strong> and <em>slanted</em></p>\n"),
    ("~~gone~~", "<p><s>gone</s></p>\n"),
    ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
    ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
    ("# no heading", "<p># no heading</p>\n"),
    ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>\n"),
]
LINK = '<a href="{}" rel="noopener noreferrer nofollow">{}</a>'
LINKS = [
    ("https://custode.example", LINK.format("https://custode.example", "https://custode.example")),
    ("[here](https://a.example/b)", LINK.format("https://a.example/b", "here")),
    ("[write](mailto:x@y.example)", LINK.format("mailto:x@y.example", "write")),
    ("[call](tel:+39055123456)", LINK.format("tel:+39055123456", "call")),
]
# What must never come out, whatever went in.
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![spy](https://thief.example/pixel.gif)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe src=//thief.example></iframe>",
    "<style>*{display:none}</style>",
    '<b onclick="alert(1)">x</b>',
    "<svg/onload=alert(1)>",
    "`<script>alert(1)</script>`",
    '[x](https://a.example "onmouseover=alert(1)")',
    "<form action=/leads/bulk/><button name=delete>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)>",
]


@pytest.mark.parametrize(("typed", "shown"), FORMATTED + [(t, f"<p>{s}</p>\n") for t, s in LINKS])
def test_the_marks_become_html(typed: str, shown: str) -> None:
    assert as_html(typed) == shown


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_hostile_comes_out(typed: str) -> None:
    shown = as_html(typed).lower()
    for word in ("<script", "<img", "<iframe", "<style", "<svg", "<form", "<button", "<math"):
        assert word not in shown
    assert 'href="javascript' not in shown
    assert 'href="data' not in shown
    assert 'href="vbscript' not in shown
    assert " onerror=" not in shown.replace("&gt;", "").partition("&lt;")[0]
    assert "onmouseover" not in shown
    # Nothing is fetched unasked: the address of a picture is a link at most.
    linked = shown.count('<a href="https://thief.example/pixel.gif" ')
    assert shown.count("thief.example/pixel") == linked == typed.count("thief.example/pixel")


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("**Called** _Mario_\n\n- he is in", "Called Mario he is in"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("x" * 50, "x" * 29 + "…"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_the_excerpt_is_one_plain_line(typed: str, line: str) -> None:
    assert excerpt(typed, 30) == line
