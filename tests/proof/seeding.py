"""Puts a seeded fault into a process that has imported the source already.

What differs must lie within functions: they get their new code wherever somebody holds them, so
that all happens as if the file had said it. What a module or a class says itself ran when it was
imported, and cannot be seeded here.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable
from inspect import CO_NEWLOCALS
from itertools import zip_longest
from types import CodeType, FunctionType
from typing import Final

_BY_LINE: Final = ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags")
"""What a code does itself, without its lines and what lies within it."""


class NotHere(Exception):
    """The fault cannot be put into a running process."""


Changed = dict[tuple[str, int], CodeType]
"""A function's qualified name and first line -> its code with the fault."""


def changed(path: str, old: str, new: str) -> Changed:
    """The functions of a file whose code differs.

    Args:
        path: the file, as its modules were imported from it.
        old: its text.
        new: the text with the fault.

    Raises:
        NotHere: more than functions differ.
    """
    return dict(_functions(compile(old, path, "exec"), compile(new, path, "exec")))


def functions_of(folder: str) -> list[FunctionType]:
    """All functions that somebody holds whose code stands in a file of this folder."""
    return [
        thing
        for thing in gc.get_objects()
        if type(thing) is FunctionType  # not isinstance: what is lazy would wake up
        and thing.__code__.co_filename.startswith(folder)
    ]


def seed(path: str, changes: Changed, functions: Iterable[FunctionType]) -> None:
    """Give the functions of a file their changed code.

    Args:
        functions: those that somebody holds, of this file and of others.

    Raises:
        NotHere: nobody holds one of them.
    """
    held = [
        function
        for function in functions
        if function.__code__.co_filename == path and _name(function.__code__) in changes
    ]
    at_rest = {_name(function.__code__) for function in held}
    if any("<locals>" not in name for name, _line in changes.keys() - at_rest):
        raise NotHere
    for function in held:
        function.__code__ = changes[_name(function.__code__)]


def _name(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _functions(old: CodeType, new: CodeType) -> list[tuple[tuple[str, int], CodeType]]:
    """The functions whose code differs, each by the name that the old one has."""
    if _itself(old) != _itself(new):
        if not old.co_flags & CO_NEWLOCALS or old.co_freevars != new.co_freevars:
            raise NotHere
        return [(_name(old), new)]
    found = []
    for one, other in zip_longest(_within(old), _within(new)):
        if one is None or other is None or one.co_qualname != other.co_qualname:
            raise NotHere
        found += _functions(one, other)
    # Who calls the outer one gets what lies within it anew.
    return [(_name(old), new), *found] if found and old.co_flags & CO_NEWLOCALS else found


def _itself(code: CodeType) -> tuple[object, ...]:
    constants = [repr(one) for one in code.co_consts if not isinstance(one, CodeType)]
    return (constants, *(getattr(code, name) for name in _BY_LINE))


def _within(code: CodeType) -> list[CodeType]:
    return [one for one in code.co_consts if isinstance(one, CodeType)]
