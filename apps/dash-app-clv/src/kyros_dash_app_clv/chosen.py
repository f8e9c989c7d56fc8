"""What the reader chose, in the terms of this dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kyros_dash_app_clv import ids
from kyros_dash_app_clv.figures.value import SEGMENTS
from kyros_dash_kit import Choices
from kyros_dash_kit.errors import SelectionError
from kyros_dash_kit.formats import month, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit import Selection

HORIZONS = {
    "13": "13 weeks (a quarter)",
    "26": "26 weeks (half a year)",
    "52": "52 weeks (a year)",
    "104": "104 weeks (2 years)",
    "156": "156 weeks (3 years)",
}
RATES = {rate: f"{percent(int(rate) / 100)} a year" for rate in ("0", "5", "10", "15", "20")}
_HORIZON, _RATE = "52", "10"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the reader chose.

    Attributes:
        theme: ``light`` or ``dark``.
        horizon: over how many weeks the model looks ahead.
        rate: by how many percent a year what comes later counts less.
        cohort: the month of the first purchase, ``YYYY-MM``; None for any.
        segment: a key of :data:`SEGMENTS`; None for all.
        customer: whose panel is open.
    """

    theme: str
    horizon: int
    rate: int
    cohort: str | None = None
    segment: str | None = None
    customer: str | None = None

    @property
    def ahead(self) -> Mapping[str, str]:
        """The parameters of views that look ahead."""
        return {"horizon": str(self.horizon), "rate": str(self.rate)}


def read(selection: Selection) -> Chosen:
    """Read a selection.

    Raises:
        SelectionError: a value is not one of those offered.
    """
    segment = selection.get(ids.SEGMENT)
    if segment is not None and segment not in SEGMENTS:
        raise SelectionError
    return Chosen(
        theme=selection.theme,
        horizon=_one_of(HORIZONS, selection.get(ids.HORIZON) or _HORIZON),
        rate=_one_of(RATES, selection.get(ids.RATE) or _RATE),
        cohort=selection.get(ids.COHORT),
        segment=segment,
        customer=selection.get(ids.CUSTOMER),
    )


def _one_of(offered: Mapping[str, str], value: str) -> int:
    if value not in offered:
        raise SelectionError
    return int(value)


def choices(cohorts: Sequence[str]) -> dict[str, Choices]:
    """Return what the filters offer."""
    return {
        ids.COHORT: Choices({name: month(name) for name in cohorts}, "Any month"),
        ids.SEGMENT: Choices(SEGMENTS, "All customers"),
        ids.HORIZON: Choices(HORIZONS, default=_HORIZON),
        ids.RATE: Choices(RATES, default=_RATE),
    }
