"""Strings are found in Python and in templates, kept over an update, and compiled with Babel."""

import gettext
from pathlib import Path

import pytest

from tools import catalogues

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy

def say(n):
    return [_("Move to the trash"), ngettext("%(n)s lead", "%(n)s leads", n), f"{n}" + _("Undo")]

NAME = pgettext_lazy("of a pipeline", "Step")
"""
TEMPLATE = """{% load i18n %}
      <h1>{% translate "Sensitive actions" %}</h1>
    <p title="{% translate "Close" context "of a door" %}">100% d'accord {{ _("All leads")|upper }}
 {% blocktranslate trimmed count n=leads|length %}
        One lead of
        {{ owner }}
      {% plural %}
        {{ n }} leads of
        {{ owner }}
   {% endblocktranslate %}
       {# Translators: on the button that empties the trash #}
  {% translate "Empty" as label %} {{ "x"|default:_("none") }}
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one module and one template."""
    home = tmp_path / "thing"
    (home / "templates").mkdir(parents=True)
    (home / "migrations").mkdir()
    (home / "moves.py").write_text(PYTHON, encoding="utf-8")
    (home / "migrations" / "0001.py").write_text('_("not this")', encoding="utf-8")
    (home / "templates" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    return home


def translate(package: Path, msgid: str, text: str) -> None:
    """Fill in one translation in the Italian catalogue."""
    path = catalogues.po_file("it", package)
    before = path.read_text(encoding="utf-8")
    after = before.replace(f'msgid "{msgid}"\nmsgstr ""', f'msgid "{msgid}"\nmsgstr "{text}"')
    assert after != before
    path.write_text(after, encoding="utf-8")


def test_every_kind_of_mark_is_found(package):
    found = {(m.context, m.id) for m in catalogues.extracted(package) if m.id}
    assert found == {
        (None, "Move to the trash"),
        (None, ("%(n)s lead", "%(n)s leads")),
        (None, "Undo"),
        ("of a pipeline", "Step"),
        (None, "Sensitive actions"),
        ("of a door", "Close"),
        (None, "All leads"),
        (None, ("One lead of %(owner)s", "%(n)s leads of %(owner)s")),
        (None, "Empty"),
        (None, "none"),
    }


def test_what_stands_before_a_string_goes_to_the_translator(package):
    message = catalogues.extracted(package).get("Empty")
    assert message is not None
    assert message.auto_comments == ["Translators: on the button that empties the trash"]


def test_an_update_keeps_translations_and_writes_only_what_changed(package):
    catalogues.update(package)
    translate(package, "Undo", "Annulla")
    path = catalogues.po_file("it", package)
    before = path.read_bytes()
    catalogues.update(package)
    assert path.read_bytes() == before

    (package / "moves.py").write_text('_("Undo")\n_("Restore")\n', encoding="utf-8")
    catalogues.update(package)
    catalogue = catalogues.read("it", package)
    assert catalogue["Undo"].string == "Annulla"
    assert catalogue["Restore"].string == ""
    assert "Move to the trash" not in catalogue
    assert str(path.parent) not in path.read_text(encoding="utf-8")


def test_the_compiled_catalogue_speaks_italian_with_plurals(package):
    catalogues.update(package)
    path = catalogues.po_file("it", package)
    text = path.read_text(encoding="utf-8")
    assert "nplurals=2; plural=(n != 1);" in text
    text = text.replace('msgstr[0] ""', 'msgstr[0] "%(n)s opportunità (una)"', 1)
    text = text.replace('msgstr[1] ""', 'msgstr[1] "%(n)s opportunità (tante)"', 1)
    path.write_text(text, encoding="utf-8")
    assert catalogues.compile_all(package) == 1
    assert catalogues.compile_all(package) == 0

    with path.with_suffix(".mo").open("rb") as file:
        speak = gettext.GNUTranslations(file)
    assert speak.ngettext("%(n)s lead", "%(n)s leads", 1) == "%(n)s opportunità (una)"
    assert speak.ngettext("%(n)s lead", "%(n)s leads", 0) == "%(n)s opportunità (tante)"


def test_a_lost_placeholder_stops_the_compilation(package):
    (package / "moves.py").write_text('_("Moved by %(name)s")', encoding="utf-8")
    catalogues.update(package)
    translate(package, "Moved by %(name)s", "Spostata da %(nome)s")
    with pytest.raises(catalogues.CatalogueError, match="Moved by"):
        catalogues.compile_all(package)
    assert not catalogues.po_file("it", package).with_suffix(".mo").exists()


def test_what_is_not_translated_is_named(package):
    catalogues.update(package)
    translate(package, "Undo", "Annulla")
    missing = list(catalogues.missing("it", package))
    assert any("Restore" in line or "Move to the trash" in line for line in missing)
    assert not any("'Undo'" in line for line in missing)
    with pytest.raises(catalogues.CatalogueError, match="Move to the trash"):
        catalogues.check(package)
