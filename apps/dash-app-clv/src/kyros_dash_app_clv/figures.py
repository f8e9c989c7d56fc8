"""The charts: columns of the API's views in, charts out; nothing else is read or kept."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kyros_dash_kit import Chart
from kyros_dash_kit.chart import axis_title, empty_figure, escape, figure, percent_axis, rows
from kyros_dash_kit.formats import Money, count, month, percent
from kyros_dash_kit.theme import PALETTE, TEXT_CONTRAST, mix, readable_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit import Theme

    Frame = Mapping[str, Sequence[Any]]
    Line = Sequence[Mapping[str, Any]]

_NOTHING = "No customers in this selection"
_TOP_SHARE = 0.10
_YEAR = 12
_DRAWING_HEIGHT, _LINE_HEIGHT = 260, 15  # pixels
_TWO_DIGITS = 0.0995  # from here on a share has two digits before the point
_LAST_BAR = 10  # the view puts everybody with more orders into this one


def concentration(frame: Frame, theme: Theme) -> Chart:
    """Show how much of the revenue the best customers bring.

    Args:
        frame: ``customer_share`` and ``revenue_share``, 0 to 1, best customers first.
        theme: the colours.
    """
    shares, revenue = list(frame["customer_share"]), list(frame["revenue_share"])
    if not shares:
        return Chart(_NOTHING, empty_figure(theme, _NOTHING), frame)
    top = min(range(len(shares)), key=lambda at: abs(shares[at] - _TOP_SHARE))
    title = f"The top {percent(shares[top])} of customers bring {percent(revenue[top])} of revenue"
    drawn = figure(
        [_curve(shares, revenue, theme), _equal_line(theme), _point(shares, revenue, top, theme)],
        theme,
        xaxis=percent_axis(theme, "Share of customers, best first", range=[0, 100.5]),
        yaxis=percent_axis(theme, "Share of revenue", range=[0, 103]),
        annotations=[_equal_label(theme)],
    )
    return Chart(title, drawn, frame, "Customers in order of what they spent in all")


def _curve(shares: Sequence[float], revenue: Sequence[float], theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [share * 100 for share in shares],
        "y": [share * 100 for share in revenue],
        "line": {"color": theme.accent, "width": 2.5},
        "fill": "tozeroy",
        "fillcolor": mix(theme.paper, theme.accent, 0.08),
        "hovertemplate": "Top <b>%{x:.0f} %</b> of customers<br><b>%{y:.1f} %</b> of revenue"
        "<extra></extra>",
    }


def _point(
    shares: Sequence[float], revenue: Sequence[float], at: int, theme: Theme
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [shares[at] * 100],
        "y": [revenue[at] * 100],
        "text": [f"<b>{percent(revenue[at])}</b> of revenue"],
        "textposition": "middle right",
        "textfont": {"color": theme.ink, "size": 13},
        "marker": {
            "color": theme.accent,
            "size": 10,
            "line": {"color": theme.paper, "width": 2},
        },
        "hoverinfo": "skip",
    }


def _equal_line(theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 100],
        "y": [0, 100],
        "line": {"color": theme.muted, "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
    }


def _equal_label(theme: Theme) -> dict[str, Any]:
    return {
        "x": 62,
        "y": 55,
        "text": "if all spent<br>the same",
        "align": "left",
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "top",
        "font": {"color": theme.muted, "size": 12},
    }


def orders_per_customer(frame: Frame, theme: Theme, money: Money) -> Chart:
    """Show how many customers ordered once, twice, and so on.

    Args:
        frame: ``orders`` (10 stands for 10 or more), ``customers``, ``revenue``.
        theme: the colours.
        money: the currency of the revenue.
    """
    bars = rows(frame)
    customers = sum(bar["customers"] for bar in bars)
    if not customers:
        return Chart(_NOTHING, empty_figure(theme, _NOTHING), frame)
    once = sum(bar["customers"] for bar in bars if bar["orders"] == 1)
    # Room for labels: a bar's share stands above it.
    highest = max(bar["customers"] for bar in bars) * 1.12
    drawn = figure(
        [_order_bars(bars, customers, theme, money)],
        theme,
        xaxis={"title": axis_title(theme, "Orders per customer"), "type": "category"},
        yaxis={
            "title": axis_title(theme, "Customers"),
            "tickformat": ",d",
            "range": [0, highest],
            "nticks": 6,
        },
    )
    title = f"{percent(once / customers)} of customers ordered only once"
    note = f"Above each bar: its share of {count(customers)} customers, in\N{NO-BREAK SPACE}%"
    return Chart(title, drawn, frame, note)


def _order_bars(bars: Line, customers: int, theme: Theme, money: Money) -> dict[str, Any]:
    total = sum(bar["revenue"] for bar in bars) or 1
    return {
        "type": "bar",
        "x": [
            f"{bar['orders']}+" if bar["orders"] >= _LAST_BAR else str(bar["orders"])
            for bar in bars
        ],
        "y": [bar["customers"] for bar in bars],
        "marker": {
            "color": [theme.accent if bar["orders"] == 1 else theme.soft for bar in bars],
            "line": {"width": 0},
        },
        "text": [_bar_label(bar["customers"] / customers) for bar in bars],
        "textposition": "outside",
        "textfont": {"color": theme.muted, "size": 11},
        "textangle": 0,
        "constraintext": "none",
        "cliponaxis": False,
        "customdata": [
            [escape(money.short(bar["revenue"])), percent(bar["revenue"] / total)] for bar in bars
        ],
        "hovertemplate": "<b>%{x}</b> orders: <b>%{y:,}</b> customers<br>"
        "who brought %{customdata[0]}, %{customdata[1]} of revenue<extra></extra>",
    }


def cumulative_value(frame: Frame, theme: Theme, money: Money) -> Chart:
    """Show how much a customer has brought by each month after the first purchase.

    Args:
        frame: ``cohort``, ``month``, ``value_per_customer``, ``customers``.
        theme: the colours.
        money: the currency of the value.
    """
    cohorts = _by_cohort(frame)
    if not cohorts:
        return Chart(_NOTHING, empty_figure(theme, _NOTHING), frame)
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
        yaxis={
            "title": axis_title(theme, f"Revenue per customer acquired ({money.unit})"),
            "tickformat": ",.0f",
            "rangemode": "tozero",
            "nticks": 7,
        },
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
        "mode": "lines",
        "name": month(name),
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
    """Compare the cohorts at the latest month, up to a year, that all of them have reached."""
    reached = min(int(line[-1]["month"]) for line in cohorts.values())
    at = min(reached, _YEAR)
    values = {name: float(line[at]["value_per_customer"]) for name, line in cohorts.items()}
    months = f"{at} month{'' if at == 1 else 's'}"
    best = max(values, key=values.__getitem__)
    worst = min(values, key=values.__getitem__)
    if money.exact(values[best]) == money.exact(values[worst]):
        return f"After {months} a customer has brought {money.exact(values[best])}"
    return (
        f"After {months} a customer has brought {money.exact(values[worst])} "
        f"({month(worst)}) to {money.exact(values[best])} ({month(best)})"
    )


def _bar_label(share: float) -> str:
    return f"{share * 100:.{0 if share >= _TWO_DIGITS else 1}f}"
