"""Translation catalogues without GNU gettext: `python -m tools.catalogues update|compile|check`.

`update` collects every marked string of the Python files and the templates into the catalogue of
each language, keeping its translations; `compile` writes the .mo files that the program reads;
`check` tells what is missing. Babel does the work; templates are first turned into gettext calls
by Django itself.
"""

import argparse
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tools.paths import PACKAGE

LANGUAGES = ("it",)
COMMENT_TAG = "Translators"
TEMPLATE_ENDINGS = {".html", ".txt"}

# Babel knows gettext, ngettext, pgettext, npgettext and _; Django adds lazy ones.
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


class CatalogueError(Exception):
    """A catalogue is not fit for use; the message names each fault."""


def as_python(template: str, name: str) -> str:
    """Return a template as text in which only gettext calls mean something to Python's tokenizer.

    The brackets around it make the template's own indentation meaningless.
    """
    # Here, because a package is built where Django is not installed.
    from django.utils.translation.template import templatize  # noqa: PLC0415 - see above

    return f"({templatize(template, origin=name)}\n)"


def sources(package: Path) -> Iterator[tuple[str, str]]:
    """Yield the name (relative to the package's parent) and Python text of each file to search."""
    for file in sorted(package.rglob("*")):
        name = file.relative_to(package.parent).as_posix()
        if file.suffix == ".py" and file.parent.name != "migrations":
            yield name, file.read_text(encoding="utf-8")
        elif file.suffix in TEMPLATE_ENDINGS and "templates" in file.parts:
            yield name, as_python(file.read_text(encoding="utf-8"), name)


def extracted(package: Path = PACKAGE) -> Catalog:
    """Return a catalogue of every string that is marked for translation, without translations."""
    catalogue = Catalog(project="Custode", charset="utf-8")
    for name, text in sources(package):
        found = extract("python", io.BytesIO(text.encode()), KEYWORDS, [COMMENT_TAG])
        for line, message, comments, context in found:
            catalogue.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalogue


def po_file(language: str, package: Path = PACKAGE) -> Path:
    """Return the path of a language's catalogue."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str, package: Path = PACKAGE) -> Catalog:
    """Return the catalogue of a language as it is on disk, or an empty one."""
    path = po_file(language, package)
    if not path.exists():
        return Catalog(locale=language, domain="django")
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django", abort_invalid=True)


def without_dates(text: bytes) -> list[bytes]:
    """Return the lines of a .po file except those that change each time it is written."""
    dates = (b'"POT-Creation-Date:', b'"PO-Revision-Date:')
    return [line for line in text.splitlines() if not line.startswith(dates)]


def update(package: Path = PACKAGE) -> None:
    """Bring each language's .po file in line with the source; translations are kept."""
    for language in LANGUAGES:
        path = po_file(language, package)
        catalogue = read(language, package)
        catalogue.update(extracted(package), no_fuzzy_matching=True)
        catalogue.project = "Custode"
        catalogue.last_translator = "the maintainers of Custode"
        catalogue.language_team = language
        catalogue.header_comment = f"# Custode, language: {language}."
        catalogue.fuzzy = False
        out = io.BytesIO()
        write_po(
            out,
            catalogue,
            width=100,
            ignore_obsolete=True,
            sort_by_file=True,
            include_lineno=False,
        )
        before = path.read_bytes() if path.exists() else b""
        if without_dates(before) != without_dates(out.getvalue()):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(out.getvalue())
            print(f"{language}: {len(catalogue)} strings written.")


def messages(catalogue: Catalog) -> Iterator[Message]:
    """Yield the catalogue's messages without its header."""
    return (message for message in catalogue if message.id)


def wrong(catalogue: Catalog) -> Iterator[str]:
    """Yield a sentence for each translation that would break or mislead a page."""
    for message in messages(catalogue):
        if message.fuzzy:
            yield f"fuzzy: {message.id!r}"
        if any(as_strings(message.string)):
            for error in message.check(catalogue):
                yield f"{error}: {message.id!r}"


def as_strings(value: str | Iterable[str] | None) -> list[str]:
    """Return a message's text, or each of its plural forms, as a list."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def missing(language: str, package: Path = PACKAGE) -> Iterator[str]:
    """Yield a sentence for each string of the source that the language does not say."""
    catalogue = read(language, package)
    for message in messages(extracted(package)):
        translated = catalogue.get(message.id, message.context)
        forms = as_strings(translated.string) if translated else []
        if not forms or not all(forms):
            yield f"not translated: {message.id!r} ({message.locations[0][0]})"


def compile_all(package: Path = PACKAGE) -> int:
    """Write the .mo file of each language that is older than its .po; return how many.

    Raises CatalogueError, and writes nothing for that language, when a translation is faulty.
    """
    written = 0
    for language in LANGUAGES:
        source = po_file(language, package)
        target = source.with_suffix(".mo")
        if not source.exists():
            continue
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        catalogue = read(language, package)
        faults = list(wrong(catalogue))
        if faults:
            raise CatalogueError("\n".join([f"{language}: the catalogue is faulty.", *faults]))
        with target.open("wb") as file:
            write_mo(file, catalogue)
        written += 1
    return written


def check(package: Path = PACKAGE) -> None:
    """Raise CatalogueError if any language lacks a string or has a faulty one."""
    for language in LANGUAGES:
        faults = [*wrong(read(language, package)), *missing(language, package)]
        if faults:
            raise CatalogueError("\n".join([f"{language}: {len(faults)} to mend.", *faults]))


def main() -> int:
    """Do what the command line says."""
    acts = {"update": update, "compile": compile_all, "check": check}
    parser = argparse.ArgumentParser(description="Work on the translation catalogues.")
    parser.add_argument("act", choices=acts)
    parser.add_argument("--package", type=Path, default=PACKAGE, help="the package's folder")
    options = parser.parse_args()
    try:
        acts[options.act](options.package)
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
