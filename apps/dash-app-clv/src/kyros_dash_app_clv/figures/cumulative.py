"""How the value of a customer grows after the first purchase."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv.figures.parts import nothing, times
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import axis_title, count_axis, escape, figure, rows
from kyros_dash_kit.formats import Money, count, month
from kyros_dash_kit.theme import PALETTE, TEXT_CONTRAST, mix, readable_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_app_clv.figures.parts import Frame, Row
    from kyros_dash_kit import Theme

    Line = Sequence[Row]

_YEAR = 12
_DRAWING_HEIGHT, _LINE_HEIGHT = 260, 15  # pixels


def cumulative_value(frame: Frame, theme: Theme, money: Money) -> Chart:
    """Show how much a customer has brought by each month after the first purchase.

    Args:
        frame: ``cohort``, ``month``, ``value_per_customer``, ``customers``.
        theme: the colours.
        money: the currency of the value.
    """
    cohorts = _by_cohort(frame)
    if not cohorts:
        return nothing(theme, frame)
    colours = _cohort_colours(len(cohorts), theme)
    drawn = figure(
        [
            _cohort_line(name, line, colour, money)
            for (name, line), colour in zip(cohorts.items(), colours, strict=True)
        ],
        theme,
        xaxis={
            "title": axis_title(theme, "Months since the first purchase"),
            "dtick": _month_step(_longest(cohorts)),
            "range": [-0.2, _longest(cohorts) + 0.2],
        },
        yaxis=count_axis(theme, f"Revenue per customer acquired ({money.unit or 'amount'})"),
        margin={"r": 84},
        annotations=_end_labels(cohorts, colours, theme),
        hovermode="closest",
    )
    note = "Revenue so far, over all customers of the month, whether or not they came back"
    return Chart(_value_title(cohorts, money), drawn, frame, note)


def _by_cohort(frame: Frame) -> dict[str, list[dict[str, Any]]]:
    cohorts: dict[str, list[dict[str, Any]]] = {}
    for row in rows(frame):
        cohorts.setdefault(row["cohort"], []).append(row)
    return cohorts


def _longest(cohorts: Mapping[str, Line]) -> int:
    return max(int(line[-1]["month"]) for line in cohorts.values())


def _month_step(longest: int) -> int:
    return next((step for step in (1, 3, 6) if longest <= 6 * step), _YEAR)


def _cohort_line(name: str, line: Line, colour: str, money: Money) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines" if len(line) > 1 else "markers",
        "name": escape(month(name)),
        "x": [point["month"] for point in line],
        "y": [point["value_per_customer"] for point in line],
        "line": {"color": colour, "width": 2.5},
        "customdata": [count(point["customers"]) for point in line],
        "hovertemplate": f"First purchase in <b>{escape(month(name))}</b>"
        " (%{customdata} customers)<br>"
        f"<b>{escape(money.symbol)}%{{y:,.2f}}</b> each after %{{x}} months<extra></extra>",
    }


def _cohort_colours(number: int, theme: Theme) -> list[str]:
    """Return the palette for a few; for many, from pale to strong by age."""
    if number == 1:
        return [theme.accent]
    if number <= len(PALETTE):
        return list(PALETTE[:number])
    return [mix(theme.grid, theme.accent, at / (number - 1)) for at in range(number)]


def _end_labels(
    cohorts: Mapping[str, Line], colours: Sequence[str], theme: Theme
) -> list[dict[str, Any]]:
    """Name each line at the right edge; of many lines, the first and the last."""
    ends = [
        (name, line[-1]["value_per_customer"], colour)
        for (name, line), colour in zip(cohorts.items(), colours, strict=True)
    ]
    named = ends if len(ends) <= len(PALETTE) else [ends[0], ends[-1]]
    shifts = _apart([value for _, value, _ in named])
    return [
        {
            "x": _longest(cohorts),
            "y": value,
            "text": escape(month(name)),
            "showarrow": False,
            "xanchor": "left",
            "xshift": 8,
            "yshift": shift,
            "font": {"color": _as_text(colour, theme), "size": 12},
        }
        for (name, value, colour), shift in zip(named, shifts, strict=True)
    ]


def _as_text(colour: str, theme: Theme) -> str:
    return readable_on(theme.paper, colour, towards=theme.ink, at_least=TEXT_CONTRAST)


def _apart(values: Sequence[float]) -> list[float]:
    """Return by how many pixels to move each label up, so that none covers another."""
    pixels = _DRAWING_HEIGHT / (max(values) or 1)
    heights = [value * pixels for value in values]
    order = sorted(range(len(values)), key=heights.__getitem__)
    for below, above in pairwise(order):
        heights[above] = max(heights[above], heights[below] + _LINE_HEIGHT)
    return [height - value * pixels for height, value in zip(heights, values, strict=True)]


def _value_title(cohorts: Mapping[str, Line], money: Money) -> str:
    """Compare cohorts at the latest month, up to a year, that most of them have reached."""
    last = sorted((int(line[-1]["month"]) for line in cohorts.values()), reverse=True)
    at = min(last[len(last) // 2], _YEAR)
    values = {
        name: float(line[at]["value_per_customer"])
        for name, line in cohorts.items()
        if len(line) > at
    }
    when = f"After {times(at, 'month')}" if at else "In the month of the first purchase"
    best = max(values, key=values.__getitem__)
    worst = min(values, key=values.__getitem__)
    if len(cohorts) == 1:
        return f"{when} a customer of {month(best)} has brought {money.exact(values[best])}"
    if money.exact(values[best]) == money.exact(values[worst]):
        return f"{when} a customer has brought {money.exact(values[best])}"
    return (
        f"{when} a customer has brought {money.exact(values[worst])} "
        f"({month(worst)}) to {money.exact(values[best])} ({month(best)})"
    )
