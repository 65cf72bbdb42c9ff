"""The Italian catalogue says everything that the program says, and with the same placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from tools import catalogues
from tools.paths import ROOT

pytestmark = pytest.mark.once

SEED = {
    # To the letter, as the product's own help has them.
    "Only admins can export leads": "Solo gli amministratori possono esportare le opportunità",
    "Only admins can delete leads": "Solo gli amministratori possono eliminare le opportunità",
    "Privacy settings": "Impostazioni di privacy",
    "Account management": "Gestione dell'account",
    "Admin panel": "Pannello di controllo",
    "Sensitive actions": "Azioni sensibili",
    "Trash": "Cestino",
    "User sessions": "Sessioni utente",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")
ARTICLE = re.compile(
    r"\b(?:il|al|dal|del|nel|sul) %\((?:day|when|since|until|due)\)s", re.IGNORECASE
)
ENDS = (".", "?", "…", ":", " ", "\n")


@pytest.fixture(scope="module")
def italian() -> Catalog:
    """The catalogue as it is in the repository."""
    return catalogues.read("it")


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """Each English form of a message beside its Italian one."""
    yield from zip(
        catalogues.as_strings(message.id), catalogues.as_strings(message.string), strict=True
    )


def named(catalogue: Catalog) -> set[tuple[object, str | None]]:
    """What tells one message of a catalogue from another."""
    return {(message.id, message.context) for message in catalogues.messages(catalogue)}


def test_everything_that_is_said_is_said_in_italian() -> None:
    assert list(catalogues.missing("it")) == []


def test_nothing_is_kept_that_is_no_longer_said(italian: Catalog) -> None:
    assert named(italian) - named(catalogues.extracted()) == set()
    assert not italian.obsolete


def test_nothing_is_half_done_or_faulty(italian: Catalog) -> None:
    assert list(catalogues.wrong(italian)) == []


def test_placeholders_are_the_same(italian: Catalog) -> None:
    said = list(catalogues.messages(italian))
    assert said
    for message in said:
        pairs = list(forms(message))
        whole = set(PLACEHOLDER.findall(pairs[-1][0]))
        assert set(PLACEHOLDER.findall(pairs[-1][1])) == whole, message.id
        # "1 row" may well be "one row": the form for one may leave its number out.
        assert set(PLACEHOLDER.findall(pairs[0][1])) <= whole, message.id
        assert whole - set(PLACEHOLDER.findall(pairs[0][1])) <= {"%(n)s"}, message.id


def test_sentences_end_alike_and_quotes_are_typographic(italian: Catalog) -> None:
    messages = list(catalogues.messages(italian))
    assert messages
    for message in messages:
        for english, said in forms(message):
            for end in ENDS:
                assert english.endswith(end) == said.endswith(end), english
            assert english[:1].isspace() == said[:1].isspace(), english
            assert english.count("“") == said.count("“") == said.count("”"), english
            assert english.count('"') == said.count('"'), english


def test_no_article_stands_before_a_date(italian: Catalog) -> None:
    """It would be “il 7 dicembre” but “l'8 dicembre”: the sentences do without."""
    said = [text for message in catalogues.messages(italian) for _one, text in forms(message)]
    assert any("%(day)s" in text for text in said)
    assert [text for text in said if ARTICLE.search(text)] == []


@pytest.mark.parametrize(("english", "said"), SEED.items())
def test_the_products_own_words_stand_to_the_letter(
    italian: Catalog, english: str, said: str
) -> None:
    message = italian.get(english)
    assert message is not None
    assert message.string == said


def visible_words(template: Path) -> list[str]:
    """What a template says outside of tags, variables and marks for translation."""
    text = template.read_text(encoding="utf-8")
    text = re.sub(r"{#.*?#}|{% block (?:body_class|styles|scripts) %}.*?{% endblock %}", "", text)
    text = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    spoken = re.findall(r'\b(?:title|aria-label|placeholder|alt)="([^"]*)"', text)
    return [*spoken, *re.split(r"<[^>]*>", text)]


def test_no_template_says_a_word_that_is_not_marked() -> None:
    templates = [
        file for file in (ROOT / "src").rglob("*")
        if "templates" in file.parts and file.suffix in catalogues.TEMPLATE_ENDINGS
    ]  # fmt: skip
    assert len(templates) > 60
    said = {
        (file.name, word)
        for file in templates
        for words in visible_words(file)
        for word in re.findall(r"[A-Za-z]{2,}", words)
    }
    # The program's own name, and the key of that name.
    assert {word for _file, word in said} == {"Custode", "Esc"}


def test_a_word_that_is_not_marked_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<p title="Close it" class="x">{% translate "Yes" %} Leads</p>')
    words = " ".join(visible_words(page)).split()
    assert words == ["Close", "it", "Leads"]
