"""What each command and each job may do and what the log tells of it: written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Line:
    """One line that an operator types, and what comes of it in Ferri's account.

    Args:
        told: what the log has of it; of an operator, or of the person after `--as`.
        ends: the command's exit code: 0 done, 1 nothing found, 2 told no.
        ruled: what the log has of it while all rules are ticked, where one of them forbids it.
    """

    line: str
    told: tuple[str, ...] = ()
    ends: int = 0
    ruled: tuple[str, ...] | None = None


FERRI: Final = "'Ferri S.p.A.'"
IMPORTED: Final = ("import lead 0 started", "import lead 2")
# No rule of the seed's speaks of importing or changing, and none stops an operator or an admin: the
# answers are the same whichever is ticked, and in either edition, where `ruled` says no other.
COMMANDS: Final[dict[str, tuple[Line, ...]]] = {
    "createaccount": (
        Line("createaccount 'New S.r.l.' --edition dream_team --admin nina@vita.example"),
        Line(f"createaccount {FERRI} --edition dream_team --admin nina@vita.example", ends=2),
    ),
    "setedition": (
        Line(f"setedition {FERRI} sales_essentials", ("account 1",)),
        Line(f"setedition {FERRI} platinum", ends=2),
    ),
    "createuser": (
        Line(
            f"createuser {FERRI} --email nina@vita.example --first-name Nina --role user --print",
            ("users 1", "users 1"),
        ),
        Line(
            f"createuser {FERRI} --email ugo@conti.example --first-name Ugo --role admin", ends=2
        ),
    ),
    "createkey": (
        Line(f"createkey Phones --account {FERRI} --scopes read,write,delete,export,admin",
             ("keys 1",)),
        Line("createkey Phones --account Nobody --scopes read", ends=2),
        Line(f"createkey Phones --account {FERRI} --scopes read --expires 2020-01-01", ends=2),
    ),
    "resetuser": (
        Line(f"resetuser {FERRI} --email ugo@conti.example", ("sign_in 1",)),
        Line(f"resetuser {FERRI} --email nobody@conti.example", ends=2),
    ),
    "import leads": (
        Line(f"import leads {{leads}} --account {FERRI} --as anna@ferri.example", IMPORTED),
        Line(f"import leads {{leads}} --account {FERRI} --as ugo@conti.example", IMPORTED),
        Line(f"import leads {{leads}} --account {FERRI} --as ugo@conti.example --dry-run"),
        Line(f"import leads {{leads}} --account {FERRI} --as carla@lodi.example", ends=2),
        # A person who is in the file and not in the account is made by admins only: the name stays.
        Line(
            f"import leads {{owner}} --account {FERRI} --as ugo@conti.example",
            ("import lead 0 started", "import lead 1"),
        ),
    ),
    "import prospects": (
        Line(
            f"import prospects {{leads}} --account {FERRI} --as ugo@conti.example --new Fair",
            ("import prospecting_list 0 started", "import prospecting_list 1"),
        ),
        Line(
            f"import prospects {{leads}} --account {FERRI} --as carla@lodi.example --new Fair",
            ends=2,
        ),
    ),
    # Whoever did an act takes it back, and admins; what was deleted only while one may delete.
    "undo": (
        Line(f"undo {{change}} --account {FERRI} --as bruna@sala.example", ("undo lead 1",)),
        Line(f"undo {{change}} --account {FERRI} --as anna@ferri.example", ("undo lead 1",)),
        Line(
            f"undo {{change}} --account {FERRI} --as ugo@conti.example",
            ("refused undo lead",),
            ends=2,
        ),
        # Not even what is in it is told to who may not undo it, which is no attempt yet.
        Line(f"undo {{change}} --account {FERRI} --as ugo@conti.example --dry-run", ends=2),
        Line(f"undo {{change}} --account {FERRI} --as bruna@sala.example --dry-run"),
        Line(f"undo {{change}} --account {FERRI} --as carla@lodi.example", ends=2),
        Line(f"undo 999999 --account {FERRI} --as anna@ferri.example", ends=2),
        Line(
            f"undo {{deletion}} --account {FERRI} --as bruna@sala.example",
            ("undo lead 1",),
            ruled=("refused restore",),
        ),
        Line(
            f"undo {{deletion}} --account {FERRI} --as anna@ferri.example --only {{deleted}}",
            ("undo lead 1",),
        ),
    ),
    # It reads, and keeps nothing; this file came from no export.
    "whose-export": (
        Line(f"whose-export {{leads}} --account {FERRI}", ends=1),
        Line("whose-export {leads}", ends=1),
        Line("whose-export {leads} --account Nobody", ends=2),
    ),
    # A checkpoint changes nothing of the account's; that it was taken away is told.
    "checkpoint": (
        Line(f"checkpoint --account {FERRI}", ("account 1",)),
        Line("checkpoint --account Nobody", ends=2),
    ),
    # Of Gino two entries tell: that he was added, and disabled. Nobody is erased who is still here.
    "erase-person": (
        Line(f"erase-person --account {FERRI} --user {{disabled}}", ("erase 2",)),
        Line(f"erase-person --account {FERRI} --entry {{change}}", ("erase 1",)),
        Line(f"erase-person --account {FERRI} --email ugo@conti.example", ends=2),
        Line(f"erase-person --account {FERRI} --email carla@lodi.example", ends=2),
        Line(f"erase-person --account {FERRI} --entry 999999", ends=2),
    ),
    "verify-log": (
        Line("verify-log"),
        Line(f"verify-log --account {FERRI}"),
        Line("verify-log --account Nobody", ends=2),
    ),
}  # fmt: skip
# Commands that are tried elsewhere, or are no act on an account's things, and why.
ELSEWHERE: Final = {
    "demo": "makes an installation of its own",
    "serve": "its people's acts are those of the addresses",
    "worker": "its acts are those of the jobs",
    "migrate": "changes the form of tables and no rows; tests/console/test_conditions.py",
    "shell": "says what it cannot guard; the locks hold there: tests/guard/side_doors.py",
    "backup": "of a real installation, in every account's log: tests/console/test_backup.py",
    "restore-backup": "of a real installation: tests/console/test_backup.py",
    "rotate-keys": "of real keys, in the log of who has secrets: tests/signin/test_rotating.py",
    "check": "reads nothing of an account's",
    "showmigrations": "reads nothing of an account's",
    "makemigrations": "writes source",
    "sendtestemail": "reads nothing of an account's",
    "collectstatic": "copies Custode's own files",
}
# Task -> who asked for it, and the rules ticked since -> what the log tells.
TASKS: Final[dict[str, dict[tuple[str, str], tuple[str, ...]]]] = {
    "make_export": {
        ("admin", ""): ("export lead 0 started", "export lead 1"),
        ("admin", "export:lead"): ("export lead 0 started", "export lead 1"),
        ("owner", ""): ("export lead 0 started", "export lead 1"),
        ("owner", "export:lead"): ("refused export lead",),
        ("owner", "export:prospecting_list"): ("export lead 0 started", "export lead 1"),
        ("owner", "delete:lead"): ("export lead 0 started", "export lead 1"),
        ("disabled", ""): ("refused export lead",),
    },
    "work_on_import": {
        ("admin", ""): IMPORTED,
        ("owner", ""): IMPORTED,
        ("owner", "delete:lead"): IMPORTED,
        ("disabled", ""): ("refused import lead",),
    },
    # They read, and note what they found beside: no acts.
    "check_log": {("admin", ""): (), ("admin", "delete:lead"): (), ("disabled", ""): ()},
    "note_keys": {("admin", ""): (), ("admin", "delete:lead"): ()},
}
# Tasks that are no sensitive acts: they send letters that somebody's own act asked for.
LETTERS: Final = {
    "send_email", "try_server", "send_letter", "answer_forgotten", "tell_given_up",
    "ask_for_a_yes",
    # No letter: what an act erased from the log is taken out of deliveries, as a part of the act.
    "forget_erased",
}  # fmt: skip
# What comes round, in an account in which it finds something to do -> what the log tells.
ROUNDS: Final[dict[str, tuple[str, ...]]] = {
    "purge of the trash": ("purge lead 1",),
    "sum of refusals": ("refused delete lead",),
    "sum of reading": ("export lead 1",),
    "what was emptied": ("change lead 11",),
    "what was written over": ("change lead 11",),
    "end of sessions": (),
    "past sessions": ("sessions 1",),
    "visitors": (),
    "answers to programs": (),
    "end of standby": (),
    "end of tasks' standby": (),
    "the planner's knowledge": (),
    # Among them rows that arrived for an import that is there no more.
    "removal of expired files": ("purge lead 0", "import lead 0 failed"),
    "exports that wait": (),
    "removal of old deliveries": (),
    "removal of purged attachments": (),
    "e-mails that were cut off": (),
    # A letter, and a line in a table of its own.
    "checkpoints of the log": (),
    "rest of duplicate keys": (),
}
# What is looked for all the time: judging writes alerts beside the log, and letters tell of them;
# deliveries are sent, and a webhook to which nothing gets through is switched off, as an act.
WATCHES: Final = {"alerts", "letters about alerts", "webhooks"}
