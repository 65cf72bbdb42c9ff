"""Each import contract holds: a module that breaks it is found, the tree without it is clean."""

import os
import shutil
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from tools.paths import PACKAGE, ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]
LAYERS = [
    "web", "exchange", "prospecting", "leads", "clients", "activities", "signin", "people",
    "fields", "accounts", "guard", "kernel",
]  # fmt: skip

# Contract, the module that would break it, and what that module says.
BREACHES = [
    *(
        ("layers", f"{lower}/breach", f"import custode.{upper}")
        for upper, lower in pairwise(LAYERS)
    ),
    ("layers", "web/breach", "import custode.console"),
    ("layers", "console/breach", "import custode.jobs"),
    ("layers", "jobs/breach", "import custode.api"),
    ("layers", "api/breach", "import custode.web"),
    ("layers", "prospecting/breach", "import custode.postsales"),
    ("layers", "guard/breach", "def late():\n    from custode.leads import models"),
    ("layers", "newlayer/__init__", ""),
    ("kernel", "kernel/breach", "from django.db import models"),
    ("kernel", "kernel/breach", "from django.utils import timezone"),
    ("door", "web/breach", "from custode.guard.door import removal"),
    ("door", "leads/breach", "from custode.guard import lock"),
    ("door", "console/breach", "from custode.guard.lock_installation import lifted"),
    ("files", "web/breach", "import csv"),
    ("files", "jobs/breach", "import rustpy_xlsxwriter"),
    ("reader", "exchange/reading/breach", "from custode.leads import models"),
    ("reader", "exchange/reading/breach", "from custode.guard import door"),
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the package and of the contracts, to be spoilt."""
    ignored = shutil.ignore_patterns("__pycache__", "static", "templates", "locale", "migrations")
    shutil.copytree(PACKAGE, tmp_path / "src" / "custode", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(tree: Path, contract: str) -> subprocess.CompletedProcess[str]:
    """Check one contract on a tree."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache", "--no-logo", "--contract", contract],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("contract", [contract["id"] for contract in CONTRACTS])
def test_the_tree_as_it_is_keeps_the_contract(tree, contract):
    said = lint(tree, contract)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "1 kept, 0 broken" in said.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("contract", "module", "text"), BREACHES)
def test_a_breach_is_found(tree, contract, module, text):
    file = tree / "src" / "custode" / f"{module}.py"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f'"""A breach."""\n\n{text}\n', encoding="utf-8")
    said = lint(tree, contract)
    assert said.returncode != 0, f"{module} with {text!r} was not found"
    breach = module.removesuffix("/__init__").replace("/", ".")
    assert f"custode.{breach}" in said.stdout + said.stderr


def test_each_contract_has_a_breach():
    assert {contract["id"] for contract in CONTRACTS} == {breach[0] for breach in BREACHES}
