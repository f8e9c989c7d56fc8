"""Customers by the month of their first purchase: what they brought, and are expected to bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv.figures.parts import (
    bars,
    each,
    known,
    next_weeks,
    nothing,
    people,
)
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import axis_title, count_axis, escape, figure, legend, rows
from kyros_dash_kit.formats import Money, count, month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kyros_dash_app_clv.figures.parts import Frame, Row
    from kyros_dash_kit import Theme

_MOST_TICKS = 8  # so many have room on a telephone
_SPACE = "\N{NO-BREAK SPACE}"


def value_by_cohort(
    frame: Frame, theme: Theme, money: Money, horizon: int, chosen: str | None = None
) -> Chart:
    """Show what a customer of each cohort brought so far and is expected to bring.

    Args:
        frame: ``cohort``, ``customers``, ``orders``, ``revenue``, ``active``, ``value``; the last
            two are None where there is no model.
        theme: the colours.
        money: the currency.
        horizon: over how many weeks the value to come is counted.
        chosen: the cohort that the reader picked; the others stand back.
    """
    found = [row for row in rows(frame) if row["customers"]]
    if not found:
        return nothing(theme, frame)
    modelled = known(frame, "value")
    names = [escape(month(row["cohort"])) for row in found]
    step = -(-len(names) // _MOST_TICKS)
    drawn = figure(
        [
            _bars(found, "revenue", theme, money, chosen),
            *([_bars(found, "value", theme, money, chosen)] if modelled else []),
        ],
        theme,
        xaxis={
            "title": axis_title(theme, "Month of the first purchase"),
            "type": "category",
            "tickvals": names[::step],
            "ticktext": [name.replace(_SPACE, "<br>") for name in names[::step]],
            "tickangle": 0,
        },
        yaxis=count_axis(theme, f"Per customer ({money.unit or 'amount'})"),
        barmode="stack",
        bargap=0.35,
        **(legend() if modelled else {}),
    )
    note = "Older cohorts have had more time to buy; click a month to see it alone"
    picked = [row for row in found if row["cohort"] == chosen]
    title = _value_title(picked or found, money, horizon, modelled=modelled)
    return Chart(title, drawn, frame, note)


def _bars(
    found: Sequence[Row], column: str, theme: Theme, money: Money, chosen: str | None
) -> dict[str, Any]:
    to_come = column == "value"
    return bars(
        "Expected to come" if to_come else "Brought so far",
        theme.accent if to_come else theme.calm,
        [[row["cohort"], _hover(row, money)] for row in found],
        [chosen not in {None, row["cohort"]} for row in found],
        x=[escape(month(row["cohort"])) for row in found],
        y=[row[column] / row["customers"] for row in found],
    )


def _hover(row: Row, money: Money) -> str:
    customers = row["customers"]
    mean = each(money, row["revenue"] / customers)
    lines = [
        f"First purchase in <b>{escape(month(row['cohort']))}</b>: {people(customers)}",
        f"Brought <b>{escape(mean)}</b> each, {escape(money.short(row['revenue']))} in all",
    ]
    if row.get("value") is not None:
        lines.append(
            f"Expected <b>{escape(each(money, row['value'] / customers))}</b> each, "
            f"{escape(money.short(row['value']))} in all"
        )
    if row.get("active") is not None:
        lines.append(f"{count(row['active'])} still active")
    return "<br>".join(lines)


def _value_title(found: Sequence[Row], money: Money, horizon: int, *, modelled: bool) -> str:
    """Say what a customer is worth: of the one cohort that is there or was picked, or of each."""
    customers = sum(row["customers"] for row in found)
    brought = sum(row["revenue"] for row in found) / customers
    one = found[0]["cohort"] if len(found) == 1 else None
    who = f"A customer of {month(one)}" if one else "A customer"
    if not modelled:
        return f"{who} has brought {each(money, brought)} so far"
    to_come = sum(row["value"] for row in found) / customers
    weeks = next_weeks(horizon)
    if one:
        return (
            f"{who} has brought {each(money, brought)} so far and is expected to bring "
            f"{each(money, to_come)} in {weeks}"
        )
    values = [(row["value"] / row["customers"], str(row["cohort"])) for row in found]
    (low, worst), (high, best) = min(values), max(values)
    if each(money, low) == each(money, high):
        return f"{who} is expected to bring {each(money, to_come)} in {weeks}"
    return (
        f"{who} is expected to bring {each(money, low)} ({month(worst)}) to "
        f"{each(money, high)} ({month(best)}) in {weeks}"
    )
