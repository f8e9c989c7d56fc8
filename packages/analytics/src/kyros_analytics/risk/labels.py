"""What a person calls an interval, and edges that a person can remember."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Beyond this many digits after the point an edge is no rounder than the number itself.
_SMALLEST_EXPONENT = -12


def roundest(below: float, value: float) -> float:
    """Return the number with the fewest digits that is above ``below`` and at most ``value``."""
    below, value = float(below), float(value)
    largest = max(abs(below), abs(value))
    exponent = math.floor(math.log10(largest)) + 1 if largest else 0
    for digits in range(exponent, _SMALLEST_EXPONENT, -1):
        candidate = round(math.floor(value / 10.0**digits) * 10.0**digits, -digits)
        if below < candidate <= value:
            return candidate
    return value


def interval_labels(edges: Sequence[float], *, whole: bool) -> list[str]:
    """Return a label for each interval that the edges part.

    Args:
        edges: ascending; each belongs to the interval above it.
        whole: the numbers are whole, so that intervals can be told by their first and last.
    """
    if not edges:
        return ["All values"]
    inner = [
        _whole_interval(low, high) if whole else f"{_number(low)} to under {_number(high)}"
        for low, high in pairwise(edges)
    ]
    return [f"Under {_number(edges[0])}", *inner, f"{_number(edges[-1])} or more"]


def _whole_interval(low: float, high: float) -> str:
    return _number(low) if high - low == 1 else f"{_number(low)} to {_number(high - 1)}"


def _number(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:,.12g}"
