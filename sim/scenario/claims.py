"""The register of claims: what was said about who should run the scanners, and what would test it.

`scenarios/claims.yaml` is a map of claims, each by a name of its own. It is as closed as a scenario file and its
faults have positions too. A claim is a statement about one paired difference: a measure of a group under a
scenario, less the same under its baseline. Whose claim it is plays no part in how it is judged.
"""

from __future__ import annotations

from pathlib import Path as FilePath
from re import findall, fullmatch
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError, model_validator

from sim.model.quantity import Kind, fault, one_unit, parted
from sim.model.section import Section
from sim.results.columns import MEASURES
from sim.scenario.changes import changed
from sim.scenario.checks.references import unknown_sources
from sim.scenario.document import Document, read_document, shown
from sim.scenario.faults import Fault, Path, Position, ScenarioFaults, in_dots, nearest
from sim.scenario.read import Arm, collecting, faults_of, read_arms, sources_near

MOST_LETTERS = 150
"""A quotation is no more than a line."""
NAME = "[a-z0-9_]+"


def _a_line(text: str) -> str:
    if "\n" in text.strip() or len(text) > MOST_LETTERS or not text.strip():
        raise fault(f"must be one line of at most {MOST_LETTERS} letters")
    return text


Line = Annotated[str, AfterValidator(_a_line)]


def _a_name(text: str) -> str:
    if not fullmatch(NAME, text):
        raise fault("the name of a claim must be made of small letters, digits and underscores")
    return text


Name = Annotated[str, AfterValidator(_a_name)]


class HangsOn(Section):
    """A number or a word of the scenarios that a claim may hang on, and how far it may go."""

    path: str
    """Where it stands in the scenarios, such as `workforce.drawn_from_nhs` or `booking.refusal[1].share`."""
    together_with: list[str] = []
    """Paths that always have the same value."""
    range: Annotated[list[str | float | int], Field(min_length=2, max_length=2)] | None = None
    """Its ends; without it those that stand beside the number in the scenarios. Two words are tried both."""
    laid_over: Literal["both", "scenario", "baseline"] = "both"
    """Which model has the other value; both where they have it, unless the claim is about this difference between them."""


class Claim(Section):
    """One claim and its test."""

    side: Literal["against outsourcing", "for outsourcing", "about capacity", "about networks"]
    """Whom it speaks for. It is told, and not looked at when the claim is judged."""
    says: Line
    """What was said, word for word where a text is quoted; of other sources, what they report, in short."""
    source: str
    """Where it was said: a name in sources.yaml."""
    scenario: str
    baseline: str
    set: list[str] = []
    """`path=value`, laid over both."""
    measure: str
    group: str = "all"
    expects: Literal["higher", "lower", "no different"]
    """What the measure is under the scenario, against the baseline, if the claim is right."""
    matters: Annotated[float, Kind("difference", least=0)]
    """The smallest difference that counts, in the measure's unit."""
    hangs_on: Annotated[list[HangsOn], Field(min_length=1, max_length=3)]
    supported_if: str
    """What would count for it, in plain words."""
    not_supported_if: str
    """What would count against it."""

    @model_validator(mode="after")
    def _the_measure_is_known(self):
        known = MEASURES.get(self.measure)
        if known is None:
            raise fault(f"`measure`: no measure {self.measure!r}{nearest(self.measure, MEASURES)}")
        unit = parted(self.matters.text)[1].replace("£", "pounds")
        if unit != known.unit:
            raise fault(f"`matters` must be a number of {known.unit}, as {known.name} is")
        if self.expects == "no different" and not self.matters:
            raise fault("`matters` must be above 0: no difference at all can never be shown")
        return self


class Register(NamedTuple):
    """All claims by name, and where each word of them stands."""

    file: FilePath
    claims: dict[str, Claim]
    document: Document

    def position(self, *path: str | int) -> Position:
        """Where something stands in the file."""
        return self.document.position(path)

    def written(self, name: str) -> dict[str, Any]:
        """A claim as its file says it."""
        return self.document.tree[name]


class Ends(NamedTuple):
    """What a claim may hang on: every path that has the value, its lowest and highest as written, and names of the
    models that it is laid over."""

    path: str
    paths: tuple[Path, ...]
    low: str
    high: str
    models: tuple[str, ...]


class Pair(NamedTuple):
    """A claim ready to be run: its two models, the baseline first, and what it may hang on."""

    arms: list[Arm]
    hangs_on: list[Ends]


def read_claims(file: FilePath) -> Register:
    """Read a register. Raises `ScenarioFaults` with everything that is wrong with it."""
    document = read_document(file)
    kind = dict[Name, Claim]
    faults = [
        Fault(document.position(path), in_dots(path), message)
        for path, message in unknown_sources(document.tree, sources_near(file))
    ]
    claims: dict[str, Claim] = {}
    try:
        claims = TypeAdapter(kind).validate_python(document.tree)
    except ValidationError as error:
        faults += faults_of(document, error, kind)
    for name, claim in claims.items():
        for key in ("scenario", "baseline"):
            if not (path := file.parent / getattr(claim, key)).is_file():
                faults.append(Fault(document.position((name, key)), key, f"there is no file {shown(path)}"))
    if faults:
        raise ScenarioFaults(faults)
    return Register(file, claims, document)


def pair_of(register: Register, name: str, overrides: dict[str, Any] | None = None) -> Pair:
    """The models that test a claim. overrides: {path: value} from the command line.

    Raises `ScenarioFaults`, said of the register where that is at fault.
    """
    claim = register.claims[name]
    headline = {key: getattr(claim, key) for key in ("measure", "group")}
    matters = claim.matters.text if claim.matters else "null"
    laid = {f"headline.{key}": value for key, value in headline.items()} | {"headline.matters": matters}
    files = [register.file.parent / file for file in (claim.baseline, claim.scenario)]
    try:
        arms = read_arms(files, claim.set, laid | (overrides or {}), as_given=True)
    except ScenarioFaults as refused:
        raise ScenarioFaults(_said_of(register, name, one) for one in refused.faults) from None
    faults: list[Fault] = []
    hangs_on: list[Ends] = []
    for place, one in enumerate(claim.hangs_on):
        with collecting(faults):
            hangs_on.append(_ends(register.position(name, "hangs_on", place), one, arms))
    if faults:
        raise ScenarioFaults(faults)
    return Pair(arms, hangs_on)


def _said_of(register: Register, name: str, found: Fault) -> Fault:
    """A fault of what a claim lays over its scenarios, said where the claim says it."""
    claim = register.claims[name]
    laid = {f"--set {setting}": ("set", place) for place, setting in enumerate(claim.set)}
    laid |= {f"--set headline.{key}={getattr(claim, key)}": (key,) for key in ("measure", "group")}
    path = laid.get(found.position.file)
    return Fault(register.position(name, *path), found.key, found.message) if path else found


def _ends(position: Position, one: HangsOn, arms: list[Arm]) -> Ends:
    """The ends of what a claim hangs on. Raises `ScenarioFaults` where no model takes them."""

    def refuse(message: str) -> ScenarioFaults:
        """A fault where the claim hangs on it."""
        return ScenarioFaults([Fault(position, one.path, message)])

    paths = tuple(steps_of(path) for path in (one.path, *one.together_with))
    models = {"both": arms, "baseline": arms[:1], "scenario": arms[1:]}[one.laid_over]
    for path in paths:
        if not any(has(arm, path) for arm in models):
            known = {in_dots(found) for arm in models for found in _paths(arm.document.tree)}
            hint = nearest(in_dots(path), sorted(known)).split(" (legal")[0]
            where = "in neither model" if one.laid_over == "both" else f"not in the {one.laid_over}"
            raise refuse(f"{in_dots(path)} is {where}{hint}")
    stated = [at_path(arm, paths[0]) for arm in models if has(arm, paths[0])]
    ranges = [written["range"] for written in stated if isinstance(written, dict) and "range" in written]
    span = one.range or (ranges[-1] if ranges else None)
    if span is None:
        raise refuse("has no range in the scenarios: give it one here")
    ends = Ends(one.path, paths, str(span[0]), str(span[1]), tuple(arm.name for arm in models))
    low, high = parted(ends.low), parted(ends.high)
    if (low is None) != (high is None) or (
        low and high and (not one_unit(low[1], high[1]) or low[0] >= high[0])
    ):
        raise refuse(f"must go from a lower to a higher number of one unit, got {ends.low} to {ends.high}")
    for end in (ends.low, ends.high):
        for arm in models:
            try:
                with_value(arm, ends, end)
            except ScenarioFaults as refused:
                raise refuse(f"{end} makes no scenario of {arm.name}: {refused.faults[0].message}") from None
    return ends


def with_value(arm: Arm, ends: Ends, value: str) -> Arm:
    """The model with another value wherever it has the number; itself where it has it nowhere, or is not to have it.

    Raises `ScenarioFaults` where that is no scenario.
    """
    mine = [path for path in ends.paths if has(arm, path)] if arm.name in ends.models else []
    name = f"{arm.name},{ends.path}={value}"
    return changed(arm, name, dict.fromkeys(mine, value)) if mine else arm


def has(arm: Arm, path: Path) -> bool:
    """Whether a model says something at a path."""
    return at_path(arm, path) is not None


def at_path(arm: Arm, path: Path) -> Any:
    """What a model says at a path, as written; None where it says nothing."""
    below: Any = arm.document.tree
    for step in path:
        if isinstance(step, int):
            below = below[step] if isinstance(below, list) and step < len(below) else None
        else:
            below = below.get(step) if isinstance(below, dict) else None
    return below


def steps_of(path: str) -> Path:
    """`booking.refusal[1].share` as keys and places in lists."""
    return tuple(int(place) if place else key for place, key in findall(r"\[(\d+)\]|([^.\[\]]+)", path))


def _paths(tree: Any, path: Path = ()) -> list[Path]:
    """Every path to a value."""
    if not isinstance(tree, dict) or "value" in tree:
        return [path]
    return [found for key, below in tree.items() for found in _paths(below, (*path, key))]
