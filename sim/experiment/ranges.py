"""What follows a path on the command line: values, or a range between two."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sim.model.quantity import one_unit, parted, together


class Range(NamedTuple):
    """Two numbers and the unit of both. whole: only whole numbers lie between."""

    low: float
    high: float
    unit: str
    whole: bool = False

    def number(self, part: float) -> float:
        """The number at a part, from 0 to 1, of the way; a whole one where only those are legal."""
        number = self.low + part * (self.high - self.low)
        return round(number) if self.whole else number

    def at(self, part: float) -> str:
        """The same with its unit, as a scenario file writes it."""
        return together(f"{self.number(part):.10g}", self.unit)


def range_of(text: str) -> Range | None:
    """`70%..100%`, `1 hour..24 hours` as a range; None where it is not two different numbers of one unit, the lower first."""
    ends = [parted(end) for end in text.split("..")]
    if len(ends) != 2 or None in ends:
        return None
    (low, one), (high, unit) = ends
    return Range(low, high, unit) if low < high and (not one or one_unit(one, unit)) else None


def legal_range(span: Range, is_legal: Callable[[str], bool]) -> Range:
    """The range, of whole numbers where both ends are and one between that is not is refused."""
    whole = span.low == round(span.low) and span.high == round(span.high)
    return span._replace(whole=whole and not is_legal(span.at(0.37)))
