"""The score: how it tells defaults apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kyros_dash_app_risk.figures.common import (
    NOTHING,
    above,
    accounts,
    exactly,
    none_of,
)
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import (
    axis_title,
    empty_chart,
    escape,
    figure,
    legend,
    percent_axis,
    rows,
    upright,
)
from kyros_dash_kit.formats import count, share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kyros_dash_app_risk.figures.common import Frame, Row, Rows
    from kyros_dash_kit import Theme

# The scale of the scorecard: odds of 1:19 are 600 points, and 50 points double them.
_ANCHOR, _ANCHOR_ODDS, _DOUBLING = 600.0, 19.0, 50.0


def score_of(probability: float) -> float:
    """Return the score that stands for a default probability between 0 and 1."""
    odds = (1 - probability) / probability
    return _ANCHOR + _DOUBLING * math.log2(odds / _ANCHOR_ODDS)


def distribution(frame: Frame, theme: Theme, *, thresholds: Mapping[str, float]) -> Chart:
    """Show the scores of the accounts that defaulted beside those of the others.

    Args:
        frame: ``bin_start``, ``bin_end`` (scores), ``goods``, ``bads`` (accounts).
        theme: the colours.
        thresholds: default probabilities by name, from the lower one to the higher.
    """
    bins = _without_gaps(rows(frame))
    goods, bads = sum(frame["goods"]), sum(frame["bads"])
    if not goods + bads:
        return empty_chart(frame, theme, NOTHING)
    traces = []
    if goods:
        traces.append(_steps(bins, _Outcome("goods", "Did not default", theme.muted)))
    if bads:
        traces.append(_steps(bins, _Outcome("bads", "Defaulted", theme.alert, "dash")))
    first, last = bins[0]["bin_start"], bins[-1]["bin_end"]
    marks = [
        (score_of(pd), name, pd)
        for name, pd in thresholds.items()
        if 0 < pd < 1 and first < score_of(pd) < last
    ]
    drawn = figure(
        traces,
        theme,
        xaxis={"title": axis_title(theme, "Score (points; higher is safer)"), "nticks": 8},
        yaxis=percent_axis(theme, "Share of the accounts of each outcome", rangemode="tozero"),
        shapes=[upright(theme, at) for at, _, _ in marks],
        annotations=[
            # The lower score ends at its line and the higher starts there: they never meet.
            above(theme, at, f"{escape(name)}: PD {exactly(pd)}", anchor)
            for (at, name, pd), anchor in zip(marks, ("left", "right"), strict=False)
        ],
        **_legend_below_marks(),
    )
    note = f"{accounts(goods)} did not default, {count(bads)} did; each outcome adds up to "
    note += "100\N{NO-BREAK SPACE}%."
    if marks:
        note += " Dotted: the score at which the PD crosses a threshold."
    return Chart(_distribution_title(bins, goods, bads), drawn, frame, note)


def _legend_below_marks() -> dict[str, Any]:
    placed = legend()
    placed["legend"]["y"] = 1.08
    placed["margin"] = {"t": 58}
    return placed


def _without_gaps(bins: Rows) -> list[Row]:
    """Add the bins of scores that nobody has."""
    if not bins:
        return []
    found = {row["bin_start"]: row for row in bins}
    width = bins[0]["bin_end"] - bins[0]["bin_start"]
    number = round((bins[-1]["bin_start"] - bins[0]["bin_start"]) / width) + 1
    starts = [bins[0]["bin_start"] + at * width for at in range(number)]
    nobody = {"goods": 0, "bads": 0}
    return [
        found.get(start, {"bin_start": start, "bin_end": start + width, **nobody})
        for start in starts
    ]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How the accounts of one outcome are drawn."""

    column: str
    name: str
    colour: str
    dash: str = "solid"

    @property
    def sheer(self) -> str:
        red, green, blue = (int(self.colour[at : at + 2], 16) for at in (1, 3, 5))
        return f"rgba({red},{green},{blue},0.14)"


def _steps(bins: Rows, outcome: _Outcome) -> dict[str, Any]:
    """Draw steps: a point in the middle of each bin, and nothing on either side of all."""
    numbers = [row[outcome.column] for row in bins]
    width = bins[0]["bin_end"] - bins[0]["bin_start"]
    middles = [(row["bin_start"] + row["bin_end"]) / 2 for row in bins]
    words = [
        [f"{row['bin_start']:g} to {row['bin_end']:g}", accounts(number)]
        for row, number in zip(bins, numbers, strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": outcome.name,
        "x": [middles[0] - width, *middles, middles[-1] + width],
        "y": [0, *(number / sum(numbers) * 100 for number in numbers), 0],
        "line": {"color": outcome.colour, "width": 2, "shape": "hvh", "dash": outcome.dash},
        "fill": "tozeroy",
        "fillcolor": outcome.sheer,
        "customdata": [["", ""], *words, ["", ""]],
        "hovertemplate": f"{outcome.name}, <b>%{{customdata[0]}}</b> points<br>"
        "%{customdata[1]}, <b>%{y:.1f}\N{NO-BREAK SPACE}%</b> of them<extra></extra>",
    }


def _distribution_title(bins: Rows, goods: int, bads: int) -> str:
    """Name the score at which the two outcomes are furthest apart."""
    if not bads:
        return none_of(goods)
    if not goods:
        return f"All of {accounts(bads)} defaulted" if bads > 1 else "The one account defaulted"
    best, at, shares = 0.0, None, (0.0, 0.0)
    good = bad = 0
    for row in bins[:-1]:
        good, bad = good + row["goods"], bad + row["bads"]
        if bad / bads - good / goods > best:
            best, at, shares = bad / bads - good / goods, row["bin_end"], (bad / bads, good / goods)
    if at is None:
        return "The score does not tell these accounts apart: defaults score no lower"
    return (
        f"{share(shares[0])} of the accounts that defaulted score under {at:g}, "
        f"and {share(shares[1])} of the others"
    )
