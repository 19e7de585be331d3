"""What the command line gives, so that a number more can be laid over it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sim.scenario.faults import Fault, Position, ScenarioFaults
from sim.scenario.read import Arm, read_arms


def positive(text: str) -> int:
    """A whole number of at least 1."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, got {text!r}")
    return int(text)


class Given(NamedTuple):
    """Files, settings and overrides, as `read_arms` takes them."""

    files: list[Path]
    settings: list[str]
    overrides: dict[str, Any]
    as_given: bool = False

    def arms_at(self, values: dict[str, str], options: dict[str, str]) -> list[Arm]:
        """Every arm with values by path, named for them. Raises `ScenarioFaults`.

        options: by path the option that asked for it, of which faults are said.
        """
        written = [f"{path}={value}" for path, value in values.items()]
        with said_of(options):
            arms = read_arms(self.files, [*self.settings, *written], self.overrides, self.as_given)
        for arm in arms:
            arm.name = ",".join([arm.name, *written])
        return arms

    def takes(self, path: str, value: str) -> bool:
        """Whether a value at a path makes a scenario."""
        try:
            read_arms(self.files, [*self.settings, f"{path}={value}"], self.overrides, self.as_given)
        except ScenarioFaults:
            return False
        return True


@contextmanager
def said_of(options: dict[str, str]) -> Iterator[None]:
    """Faults of values laid over are said of the options that asked for them."""
    try:
        yield
    except ScenarioFaults as found:
        raise ScenarioFaults(_said_of(options, fault) for fault in found.faults) from None


def _said_of(options: dict[str, str], fault: Fault) -> Fault:
    for path, option in options.items():
        if fault.position.file.startswith(f"--set {path}="):
            return Fault(Position(option), fault.key, fault.message)
    return fault


def refuse(option: str, message: str) -> ScenarioFaults:
    """One line about an option of the command line."""
    return ScenarioFaults([Fault(Position(option), "", message)])
