"""How many of a cohort buy again, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv.figures.parts import nothing, times, whose
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import axis_title, escape, figure, rows, scale_bar
from kyros_dash_kit.formats import Money, count, month, percent, share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kyros_dash_app_clv.figures.parts import Frame, Row
    from kyros_dash_kit import Theme

    Cells = Mapping[tuple[str, int], Row]

_YEAR = 12
_MOST_ROWS, _ROW, _AXES = 20, 12, 80  # more rows make the drawing higher; pixels
_FEW_ROWS, _FEW_CELLS = 8, 120  # so many have room for a number each


def retention(frame: Frame, theme: Theme, money: Money) -> Chart:
    """Show which share of each cohort bought in each month after the first purchase's.

    Args:
        frame: ``cohort``, ``month`` (0 is that of the first purchase), ``customers``,
            ``active_customers`` (who bought in that month), ``revenue``.
        theme: the colours.
        money: the currency of the revenue.
    """
    cells = {
        (str(row["cohort"]), int(row["month"])): row
        for row in rows(frame)
        if row["month"] > 0 and row["customers"]
    }
    if not cells:
        why = "No month has passed since the first purchases" if rows(frame) else ""
        return nothing(theme, frame, why) if why else nothing(theme, frame)
    cohorts = sorted({cohort for cohort, _ in cells})
    months = list(range(1, max(at for _, at in cells) + 1))
    drawn = figure(
        [_map(cells, cohorts, months, theme, money)],
        theme,
        **({} if len(cohorts) <= _MOST_ROWS else {"height": _AXES + _ROW * len(cohorts)}),
        xaxis={
            "title": axis_title(theme, "Months since the first purchase"),
            "range": [0.5, months[-1] + 0.5],
            "dtick": next((step for step in (1, 3, 6) if len(months) <= 9 * step), _YEAR),
            "tick0": 0,
        },
        yaxis={
            "type": "category",
            "autorange": "reversed",
            "showgrid": False,
            "title": axis_title(theme, "First purchase in"),
        },
    )
    note = "Each row is the customers of one month: the share that bought in a later month"
    return Chart(_title(cells), drawn, frame, note)


def _map(
    cells: Cells, cohorts: list[str], months: list[int], theme: Theme, money: Money
) -> dict[str, Any]:
    few = len(cohorts) <= _FEW_ROWS and len(cells) <= _FEW_CELLS
    return {
        "type": "heatmap",
        "x": months,
        "y": [escape(month(cohort)) for cohort in cohorts],
        "z": [[_retained(cells.get((cohort, at))) for at in months] for cohort in cohorts],
        "customdata": [
            [_hover(cells.get((cohort, at)), money) for at in months] for cohort in cohorts
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "hoverongaps": False,
        "colorscale": [[0, theme.paper], [1, theme.soft]] if few else theme.scale,
        "zmin": 0,
        "zmax": max(filter(None, map(_retained, cells.values())), default=100),
        "xgap": 1 if few else 0,
        "ygap": 1 if few else 0,
        "colorbar": scale_bar(theme, "\N{NO-BREAK SPACE}%"),
        **({"texttemplate": "%{z:.0f}", "textfont": {"color": theme.ink}} if few else {}),
    }


def _retained(row: Row | None) -> float | None:
    return None if row is None else row["active_customers"] / row["customers"] * 100


def _hover(row: Row | None, money: Money) -> str:
    if row is None:
        return ""
    part = percent(row["active_customers"] / row["customers"], 1)
    return (
        f"First purchase in <b>{escape(month(row['cohort']))}</b>, {times(row['month'], 'month')}"
        f" later:<br><b>{part}</b> bought: {count(row['active_customers'])} of "
        f"{count(row['customers'])}<br>for {escape(money.short(row['revenue']))}"
    )


def _title(cells: Cells) -> str:
    """Compare the first month with the last that most cohorts have reached, up to a year."""
    last: dict[str, int] = {}
    for cohort, at in cells:
        last[cohort] = max(at, last.get(cohort, 0))
    reached = sorted(last.values(), reverse=True)[len(last) // 2]
    first, at = _overall(cells, 1), min(reached, _YEAR)
    who = whose(next(iter(last)) if len(last) == 1 else None)
    if first is None:
        return f"How many {who} bought in the months after their first purchase"
    start = f"{share(first)} of {who} bought again in the month after their first purchase"
    later = _overall(cells, at)
    if at == 1 or later is None:
        return start
    return f"{start}, {share(later)} in month {at}"


def _overall(cells: Cells, at: int) -> float | None:
    reached = [row for (_, row_month), row in cells.items() if row_month == at]
    customers = sum(row["customers"] for row in reached)
    return sum(row["active_customers"] for row in reached) / customers if customers else None
