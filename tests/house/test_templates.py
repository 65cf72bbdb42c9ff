"""The lint of templates finds what the content security policy would refuse."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.paths import ROOT

CLEAN = """{% load static %}
<!DOCTYPE html>
<html lang="{{ language }}">
    <head>
        <title>{% translate "Leads" %}</title>
        <script type="module" src="{% static 'custode/board.js' %}"></script>
    </head>
    <body>
        <button type="button" class="btn" data-once="yes" hx-get="{% url 'leads' %}">
            {% translate "Reload" %}
        </button>
    </body>
</html>
"""
BREACHES = [
    ("C001", '<button type="button" onclick="go()">Go</button>'),
    ("C001", '<img alt="x" height="1" width="1"\n     onerror="go()" src="x">'),
    ("C002", "<script>go()</script>"),
    ("C002", '<script type="module">go()</script>'),
    ("C003", "<style>p { color: red }</style>"),
    ("C003", '<p style="color: red">x</p>'),
    ("C004", '<div hx-on:click="go()">x</div>'),
    ("C004", '<div hx-on--after-request="go()">x</div>'),
    ("C004", "<div hx-vals='js:{a: 1}'>x</div>"),
    ("C004", '<a href="javascript:go()">x</a>'),
]


def lint(folder: Path, page: str) -> subprocess.CompletedProcess[str]:
    """Lint one page by the project's rules."""
    for name in ("pyproject.toml", ".djlint_rules.yaml"):
        shutil.copy(ROOT / name, folder)
    (folder / "page.html").write_text(page, encoding="utf-8")
    program = Path(sys.executable).with_name("djlint")
    return subprocess.run(
        [program, "--lint", "page.html"], cwd=folder, capture_output=True, text=True
    )


def test_a_clean_page_passes(tmp_path):
    said = lint(tmp_path, CLEAN)
    assert said.returncode == 0, said.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "breach"), BREACHES)
def test_a_breach_is_found(tmp_path, rule, breach):
    said = lint(tmp_path, CLEAN.replace("<body>", f"<body>\n        {breach}"))
    assert said.returncode != 0
    assert rule in said.stdout
