"""The `custode` program: finds the command, starts Django if needed, and reports errors."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Final

from custode.conf.options import WrongSetting
from custode.console import starting
from custode.console.registry import COMMANDS, DJANGO, Command
from custode.kernel.errors import CustodeError

WRONG: Final = 2
"""The exit code when a message on standard error says what is wrong."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    told = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(told)
    except (CustodeError, WrongSetting) as error:
        return _say(str(error))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of the output (`| head`) has seen enough.
        sys.stderr.close()
        return 0
    except Exception as error:
        sentence = starting.sentence_of(error)
        if sentence is None:
            raise
        return _say(sentence)


def _run(told: list[str]) -> int:
    if not told or told in (["help"], ["-h"], ["--help"]):
        print(overview())
        return 0
    if told[0] == "--version":
        print(starting.version())
        return 0
    if told[0] == "help":
        told = [*told[1:], "--help"]
    command = _find(told)
    if command is not None:
        return run(command, told[len(command.name.split()) :])
    if told[0] in DJANGO:
        starting.django()
        return starting.djangos_own(told)
    return _say(f"There is no command “{told[0]}”. `custode help` lists those there are.")


def run(command: Command, rest: Sequence[str]) -> int:
    """Run one of Custode's commands with the rest of the command line."""
    if command.starts_django:
        starting.django(brings_keys=command.brings_keys)
    module = importlib.import_module(f"custode.console.commands.{command.module}")
    parser = argparse.ArgumentParser(
        prog=f"custode {command.name}",
        description=(module.__doc__ or command.help).strip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.arguments(parser)
    return int(module.run(parser.parse_args(rest)) or 0)


def _find(told: list[str]) -> Command | None:
    for command in COMMANDS:
        words = command.name.split()
        if told[: len(words)] == words:
            return command
    return None


def overview() -> str:
    """Return what `custode help` prints."""
    lines = ["Custode, a sales CRM. `custode help COMMAND` tells more of one.", ""]
    lines += [f"  {command.name:<15} {command.help}" for command in COMMANDS]
    lines += ["", "Django's own:", ""]
    lines += [f"  {name:<15} {told}" for name, told in DJANGO.items()]
    lines += ["", "Settings are variables that begin with CUSTODE_: docs/settings.md."]
    return "\n".join(lines)


def _say(sentence: str) -> int:
    print(f"custode: {sentence}", file=sys.stderr)
    return WRONG
