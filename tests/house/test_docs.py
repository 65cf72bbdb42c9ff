"""The documents say what is there: commands, settings, links, decisions."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from custode.conf.options import OPTIONS, SETTINGS_FILE
from custode.exchange import folders
from tools.paths import ROOT

DOCS = ROOT / "docs"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z]+):(?!=)", MAKEFILE, re.MULTILINE)
SILENT = {"python"}  # steps of other targets
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
FOLDERS = [folders.EXPORTS, folders.IMPORTS, "files"]
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#)([^)#\s]+)(#[^)]*)?\)")


def test_make_help_lists_every_target():
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = set(re.findall(r"^  make ([a-z]+) ", said.stdout, re.MULTILINE))
    assert listed == set(TARGETS) - SILENT
    assert {"demo", "test", "fast", "proof", "bench", "fmt", "help"} <= listed


def test_the_readmes_first_and_only_block_is_the_two_commands():
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    commands = [line.split("#")[0].strip() for line in lines if line.startswith("    ")]
    assert commands == ["make demo", "make test"]
    assert lines.index("## Try it") < 20


def test_ci_runs_the_readmes_tests_then_the_proofs():
    steps = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [step for step in steps if step.startswith("make ")] == ["make test", "make proof"]


def test_the_layers_are_told_as_they_are_enforced():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {one["id"]: one for one in project["tool"]["importlinter"]["contracts"]}
    enforced = [set(re.findall(r"\w+", layer)) for layer in contracts["layers"]["layers"]]
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    part = page.split("\n## Layers\n", 1)[1].split("\n## ", 1)[0]
    lines = re.findall(r"^    (\w+(?: \| \w+)*)(?:  |$)", part, re.MULTILINE)
    assert [set(line.split(" | ")) for line in lines] == enforced


def section(page: str, heading: str) -> str:
    """What stands in a document below a heading, up to the next."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("place", [("install.md", "To use it"), ("operate.md", "A server")])
def test_the_first_steps_are_told_in_an_order_that_works(place: tuple[str, str]):
    told = section(*place)
    steps = [told.index(f"custode {name}") for name in ("migrate", "createaccount", "serve")]
    assert steps == sorted(steps)


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_folder_of_files_is_told_to_several_hosts_and_of_backups(folder: str):
    assert f"`{folder}`" in section("operate.md", "PostgreSQL and several hosts")
    assert f"`{folder}`" in section("operate.md", "Backups")


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_setting_is_documented(option):
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert f"`{option.name}`" in page
    assert option.help


def test_no_setting_is_documented_that_is_not_there():
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(CUSTODE_[A-Z_]+)`", page))
    assert named - {option.name for option in OPTIONS} == {SETTINGS_FILE}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    links = [match[1] for match in LINK.finditer(page.read_text(encoding="utf-8"))]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_document_is_reached_from_the_index():
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    decisions = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in DOCS.glob("*.md")} - {"index.md"}
    decided = {page.name for page in (DOCS / "decisions").glob("[0-9]*.md")}
    assert pages
    assert {name for name in pages if f"({name})" not in index} == set()
    assert decided
    assert {name for name in decided if f"({name})" not in decisions} == set()


def test_decisions_stand_in_the_order_of_their_numbers_each_once_and_called_so():
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d{4})\]\((\d{4})-\S+\) \| (.+) \|$", index, re.MULTILINE)
    numbers = [number for number, _file, _title in rows]
    assert numbers == [file for _number, file, _title in rows]
    assert numbers == sorted(set(numbers))
    for page in (DOCS / "decisions").glob("[0-9]*.md"):
        heading = page.read_text(encoding="utf-8").partition("\n")[0]
        assert heading.startswith(f"# {page.name[:4]}: ")


def test_decisions_have_the_templates_headings():
    template = (DOCS / "decisions" / "template.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## .+$", template, re.MULTILINE)
    assert headings
    for page in (DOCS / "decisions").glob("[0-9]*.md"):
        assert re.findall(r"^## .+$", page.read_text(encoding="utf-8"), re.MULTILINE) == headings
