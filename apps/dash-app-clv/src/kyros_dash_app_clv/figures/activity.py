"""Who is still active: the maps of frequency and recency that the papers draw."""

from __future__ import annotations

from itertools import pairwise
from math import log10
from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv.figures.parts import few, known, next_weeks, nothing, times
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import axis_title, figure, rows, scale_bar
from kyros_dash_kit.formats import share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kyros_dash_app_clv.figures.parts import Frame, Row, Trace
    from kyros_dash_kit import Theme

_MANY = 2  # times as often, to compare who bought often with who bought seldom
_APART = 0.05  # of probability, below which two customers count as alike
_FEW_TICKS = 8
_SMALLEST_DOT = 1.5  # pixels
_NO_MODEL = "The model does not apply to this data"


def alive_map(frame: Frame, theme: Theme) -> Chart:
    """Show how probable it is that a customer is still active.

    Args:
        frame: ``frequency`` (repeat purchases), ``recency_weeks`` (from the first purchase to the
            last), ``p_alive``, ``purchases``, ``customers`` (how many are like that).
        theme: the colours.
    """
    if not known(frame, "p_alive"):
        return nothing(theme, frame, _NO_MODEL)
    cells = rows(frame)
    heat = {
        "z": _grid(frame, [round(part * 100, 1) for part in frame["p_alive"]]),
        "zmax": 100,
        "colorbar": scale_bar(theme, "\N{NO-BREAK SPACE}%"),
        "hovertemplate": _hover("Still active with <b>%{z:.0f}\N{NO-BREAK SPACE}%</b>"),
    }
    drawn = _map(frame, heat, theme, [_where_customers_are(cells, theme)])
    note = (
        "For customers who came first; dots show where customers are. Whoever bought once counts "
        "as active: the model sees customers leave only after a repeat purchase"
    )
    return Chart(_alive_title(cells), drawn, _without(frame, "purchases"), note)


def purchases_map(frame: Frame, theme: Theme, horizon: int) -> Chart:
    """Show how many purchases are expected of a customer.

    Args:
        frame: as of :func:`alive_map`.
        theme: the colours.
        horizon: over how many weeks the purchases are counted.
    """
    if not known(frame, "purchases"):
        return nothing(theme, frame, _NO_MODEL)
    cells = rows(frame)
    weeks = next_weeks(horizon)
    heat = {
        "z": _grid(frame, [round(number, 2) for number in frame["purchases"]]),
        "zmax": max(frame["purchases"]) or 1,
        "colorbar": scale_bar(theme),
        "hovertemplate": _hover(f"<b>%{{z:.2f}}</b> purchases in {weeks}"),
    }
    drawn = _map(frame, heat, theme)
    note = "For customers who came first; the number of customers is in the hover"
    return Chart(_purchases_title(cells, weeks), drawn, _without(frame, "p_alive"), note)


def _hover(says: str) -> str:
    return (
        "%{x} repeat purchases, the last around week %{y}<br>"
        f"{says}<br>Customers like that: %{{customdata:,}}<extra></extra>"
    )


def _without(frame: Frame, other: str) -> Frame:
    """Return what one map shows, without the column of the other one."""
    return {name: values for name, values in frame.items() if name != other}


def _axes(frame: Frame) -> tuple[list[int], list[float]]:
    return sorted(set(frame["frequency"])), sorted(set(frame["recency_weeks"]))


def _grid(frame: Frame, numbers: Sequence[float]) -> list[list[float | None]]:
    """Lay cells out as plotly.js wants a heatmap: line by line from the bottom."""
    across, up = _axes(frame)
    column = {frequency: at for at, frequency in enumerate(across)}
    lines: dict[float, list[float | None]] = {week: [None] * len(across) for week in up}
    cells = zip(frame["frequency"], frame["recency_weeks"], numbers, strict=True)
    for frequency, week, number in cells:
        lines[week][column[frequency]] = number
    return list(lines.values())


def _map(frame: Frame, heat: Trace, theme: Theme, dots: Sequence[Trace] = ()) -> dict[str, Any]:
    across, up = _axes(frame)
    height = min((above - below for below, above in pairwise(up)), default=1)
    return figure(
        [
            {
                "type": "heatmap",
                "x": across,
                "y": up,
                "customdata": _grid(frame, frame["customers"]),
                "hoverongaps": False,
                "colorscale": theme.scale,
                "zmin": 0,
                **heat,
            },
            *dots,
        ],
        theme,
        xaxis={
            "title": axis_title(theme, "Repeat purchases"),
            "range": [across[0] - 0.6, across[-1] + 0.6],
            **_ticks(across[-1] - across[0]),
        },
        yaxis={
            "title": axis_title(theme, "Weeks from first to last purchase"),
            "range": [up[0] - height, up[-1] + height],
            "showgrid": False,
            **_ticks(up[-1] - up[0]),
        },
    )


def _ticks(span: float) -> dict[str, Any]:
    """Return an axis' ticks, which stand at whole numbers."""
    return {"nticks": 8} if span > _FEW_TICKS else {"tick0": 0, "dtick": 1}


def _where_customers_are(cells: Sequence[Row], theme: Theme) -> dict[str, Any]:
    there = [cell for cell in cells if cell["customers"]]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [cell["frequency"] for cell in there],
        "y": [cell["recency_weeks"] for cell in there],
        "marker": {
            "color": theme.ink,
            "size": [_SMALLEST_DOT + log10(cell["customers"]) for cell in there],
            "opacity": 0.65,
            "line": {"color": theme.paper, "width": 0.5},
        },
        "hoverinfo": "skip",
    }


def _alive_title(cells: Sequence[Row]) -> str:
    """Compare a frequent with a rare buyer who both were last seen in the same week."""
    by_week: dict[float, list[Row]] = {}
    for cell in cells:
        if cell["frequency"] > 0 and cell["customers"]:
            by_week.setdefault(cell["recency_weeks"], []).append(cell)
    widest = max(by_week.values(), key=_contrast, default=[])
    if not widest or _contrast(widest) < _APART:
        low, high = (pick(cell["p_alive"] for cell in cells) for pick in (min, max))
        if share(low) == share(high):
            return f"Customers are still active with a probability of {share(low)}"
        return f"Customers are still active with a probability of {share(low)} to {share(high)}"
    seldom, often = _ends(widest)
    return (
        "Silence weighs more for frequent buyers: last seen around week "
        f"{seldom['recency_weeks']:g}, {share(seldom['p_alive'])} are still active after "
        f"{times(seldom['frequency'], 'repeat purchase')}, {share(often['p_alive'])} after "
        f"{often['frequency']:g}"
    )


def _ends(week: list[Row]) -> tuple[Row, Row]:
    ordered = sorted(week, key=lambda cell: cell["frequency"])
    return ordered[0], ordered[-1]


def _contrast(week: list[Row]) -> float:
    """Return by how much the rare buyer of a week is likelier to be active than the frequent."""
    seldom, often = _ends(week)
    if often["frequency"] < _MANY * seldom["frequency"]:
        return 0
    return float(seldom["p_alive"] - often["p_alive"])


def _purchases_title(cells: Sequence[Row], weeks: str) -> str:
    there = [cell for cell in cells if cell["customers"]]
    if not there:
        return f"Expected purchases in {weeks}"
    best = max(there, key=lambda cell: cell["purchases"])
    number = best["purchases"]
    return (
        f"Customers with {times(best['frequency'], 'repeat purchase')}, the last around week "
        f"{best['recency_weeks']:g}, are expected to buy {few(number)} times in {weeks}"
    )
