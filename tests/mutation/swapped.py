"""A process in which program and tests are loaded: a mutant of a function costs it a fork and no loading.

What a module or a class says outside its functions cannot be changed in a program that is loaded, nor can a
function that has already done its work: the caller loads the program anew for these.
"""

from __future__ import annotations

import gc
import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from multiprocessing import Pipe, Process
from pathlib import Path
from types import CodeType, FunctionType

import pytest

Place = tuple[str, int]
"""Name within the module, and first line."""


def functions_in(code: CodeType) -> Iterator[CodeType]:
    """The code of a module's functions and of its classes' methods; what is inside a function belongs to it."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_flags & inspect.CO_OPTIMIZED:
                yield inner
            else:
                yield from functions_in(inner)


def outside(code: CodeType) -> tuple:
    """What a module and its classes do when they are loaded."""
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    plain = tuple(repr(one) for one in code.co_consts if not isinstance(one, CodeType))
    classes = (outside(one) for one in inner if not one.co_flags & inspect.CO_OPTIMIZED)
    return code.co_code, plain, code.co_names, *classes


def changed(file: str, before: str, after: str) -> tuple[Place, CodeType] | None:
    """The one function that differs, and its new code; None where something else does."""
    old, new = (compile(text, file, "exec") for text in (before, after))
    pairs = list(zip(functions_in(old), functions_in(new)))
    differ = [(one, other) for one, other in pairs if one != other]
    places = [place_of(one) for one, _ in pairs]
    if outside(old) != outside(new) or len(differ) != 1 or places.count(place_of(differ[0][0])) > 1:
        return None
    return place_of(differ[0][0]), differ[0][1]


def place_of(code: CodeType) -> Place:
    """Where a function is."""
    return code.co_qualname, code.co_firstlineno


class Loaded:
    """The process. run: tries tests and gives pytest's exit status and what was printed."""

    def __init__(self, files: list[str], run: Callable[[Callable[[], None], list[str], int], tuple]) -> None:
        self._here, there = Pipe()
        Process(target=serve, args=(there, files, run), daemon=True).start()

    def tried(self, file: Path, before: str, after: str, tests: list[str], seconds: int) -> tuple | None:
        """(exit status, what was printed) with the change in place; None where it needs a program loaded anew."""
        found = changed(str(file), before, after)
        if found is None:
            return None
        place, _ = found  # code does not travel, its text does
        self._here.send((str(file), before, after, place, tests, seconds))
        return self._here.recv()


def serve(pipe, files: list[str], run) -> None:
    """Load everything, then try what is asked for until nobody asks any more."""
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        pytest.main(
            [
                "--collect-only",
                "-q",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:xdist",
                "-m",
                "slow or not slow",
                *files,
            ]
        )
    known: dict[tuple[str, Place], list[FunctionType]] = {}
    home = os.getcwd() + os.sep
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(home):
            known.setdefault(
                (one.__code__.co_filename.removeprefix(home), place_of(one.__code__)), []
            ).append(one)
    gc.freeze()
    while True:
        file, before, after, place, tests, seconds = pipe.recv()
        _, code = changed(file, before, after)
        functions = known.get((file, place), [])

        def swap(functions=functions, code=code) -> None:
            for function in functions:
                function.__code__ = code

        pipe.send(run(swap, tests, seconds) if functions else None)
