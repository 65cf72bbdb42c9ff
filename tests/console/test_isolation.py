"""No command reaches from one company into another: each is tried with another account's people.

Lodi is named, and everything else on the line is Ferri's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from custode.console.main import main
from custode.console.registry import COMMANDS
from custode.guard import door
from custode.leads import pipelines, tagging
from custode.leads.models import Lead
from tests.cast import Cast
from tests.isolation import everything_of, links_across
from tests.prospecting.sheets import a_list

FILE = "title,owner,stage,tags\nPress,Ugo Conti,Secret step,Secret tag\n"
UGO = "ugo@conti.example"
PROSPECTS = ("import", "prospects", "{file}", "--account", "Lodi S.r.l.", "--as")
IMPORT = ("import", "leads", "{file}", "--account", "Lodi S.r.l.", "--as")

# Each command -> the lines that are tried, and whether each is let through (for Lodi alone); None
# where it finds nothing.
CODES = {True: 0, False: 2, None: 1}
TRIED: dict[str, list[tuple[tuple[str, ...], bool | None]]] = {
    "createaccount": [
        (("createaccount", "New", "--edition", "dream_team", "--admin", UGO), False),
        (("createaccount", "Ferri S.p.A.", "--edition", "dream_team", "--admin", "n@n.it"), False),
    ],
    "setedition": [(("setedition", "Lodi S.r.l.", "dream_team"), True)],
    "createuser": [
        (("createuser", "Lodi S.r.l.", "--email", UGO, "--first-name", "U", "--role", "admin"),
         False),
        (("createuser", "Lodi S.r.l.", "--email", "Ugo@Conti.example", "--first-name", "U",
          "--role", "user", "--print"), False),
    ],
    "createkey": [
        (("createkey", "App", "--account", "Lodi S.r.l.", "--scopes", "read"), True),
    ],
    "resetuser": [(("resetuser", "Lodi S.r.l.", "--email", UGO), False)],
    "import leads": [
        ((*IMPORT, UGO), False),
        ((*IMPORT, "carla@lodi.example", "--pipeline", "Secret pipeline"), False),
        ((*IMPORT, "carla@lodi.example", "--owner", f"Ugo Conti={UGO}"), False),
        ((*IMPORT, "carla@lodi.example", "--owner", "Ugo Conti={ugo}"), False),
        ((*IMPORT, "carla@lodi.example"), True),
    ],
    "import prospects": [
        ((*PROSPECTS, UGO, "--new", "X"), False),
        ((*PROSPECTS, "carla@lodi.example", "--list", "Fair of theirs"), False),
        ((*PROSPECTS, "carla@lodi.example", "--list", "{list}"), False),
        ((*PROSPECTS, "carla@lodi.example", "--new", "Secret list"), True),
    ],
    "undo": [
        (("undo", "{seq}", "--account", "Lodi S.r.l.", "--as", "carla@lodi.example"), False),
        (("undo", "{seq}", "--account", "Lodi S.r.l.", "--as", UGO), False),
        (("undo", "{seq}", "--account", "Lodi S.r.l.", "--as", "carla@lodi.example",
          "--dry-run"), False),
    ],
    "whose-export": [(("whose-export", "{file}", "--account", "Lodi S.r.l."), None)],
    "verify-log": [(("verify-log", "--account", "Lodi S.r.l."), True)],
    "checkpoint": [(("checkpoint", "--account", "Lodi S.r.l."), True)],
    "erase-person": [
        (("erase-person", "--account", "Lodi S.r.l.", "--email", UGO), False),
        (("erase-person", "--account", "Lodi S.r.l.", "--user", "{ugo}"), False),
        (("erase-person", "--account", "Lodi S.r.l.", "--entry", "9"), False),
    ],
}  # fmt: skip
WHOLE = {
    # They name no account: an operator runs them for the whole installation.
    "backup", "demo", "migrate", "restore-backup", "rotate-keys", "serve", "shell", "worker",
}  # fmt: skip
LINES = [(line, passes) for tried in TRIED.values() for line, passes in tried]


@pytest.mark.once
def test_every_command_stands_in_a_table_here() -> None:
    assert {command.name for command in COMMANDS} == TRIED.keys() | WHOLE


@pytest.mark.parametrize(
    ("line", "passes"),
    LINES,
    ids=lambda part: "-".join(part)[:70] if isinstance(part, tuple) else "",
)
def test_another_accounts_people_and_things_are_not_there(
    ferri: Cast, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str],
    line: tuple[str, ...], passes: bool | None,
) -> None:  # fmt: skip
    settings.DATA = tmp_path
    actor = ferri.actor(ferri.anna)
    pipeline = pipelines.create_pipeline(actor, "Secret pipeline", ["Secret step"])
    tags = tagging.tags_named(actor, ["Secret tag"])
    ferri.lead(ferri.ugo, "Secret of Ferri", step=pipeline.steps.all()[0], tags=tags)
    prospects = a_list(actor, "Fair of theirs", [("Secret of Ferri", "", "")])
    act = door.change(actor, Lead.objects.all(), "owner", ferri.bruna)
    (tmp_path / "leads.csv").write_text(FILE, encoding="utf-8")
    theirs, ours = everything_of(ferri.ferri.account), everything_of(ferri.lodi.account)
    named = {
        "file": tmp_path / "leads.csv", "ugo": ferri.ugo.pk, "list": prospects.pk, "seq": act.seq,
    }  # fmt: skip
    code = main([word.format(**named) for word in line])
    said = "".join(capsys.readouterr())
    assert code == CODES[passes], said
    assert everything_of(ferri.ferri.account) == theirs
    assert passes or everything_of(ferri.lodi.account) == ours
    assert links_across() == []
    assert "Secret of Ferri" not in said
    assert "Anna" not in said
