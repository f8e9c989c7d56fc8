"""The key figures of the tabs, from the row of the view ``summary``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv.figures.parts import each, few, next_weeks, times
from kyros_dash_app_clv.glossary import BUY_AGAIN, STILL_ACTIVE
from kyros_dash_kit import KeyFigure
from kyros_dash_kit.formats import count, percent, share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kyros_dash_app_clv.chosen import Chosen
    from kyros_dash_kit.formats import Money

    Row = Mapping[str, Any]

_AGAIN = "Customers expected to buy again"
_NONE = "\N{EN DASH}"


def value(row: Row, money: Money, chosen: Chosen) -> list[KeyFigure]:
    """Return those of the tab "Value"."""
    return [
        customers(row),
        spent(row, money),
        active(row),
        buyers(row, chosen),
        purchases(row, chosen),
        _value(row, money, chosen),
    ]


def bought(row: Row, money: Money, _chosen: Chosen) -> list[KeyFigure]:
    """Return those of the tab "Value" that need no model."""
    return [
        replace(customers(row), note=""),
        _orders(row),
        spent(row, money),
        came_back(row),
    ]


def cohorts(row: Row, money: Money, number: int) -> list[KeyFigure]:
    """Return those of the tab "Cohorts"."""
    mean = _each(row, "revenue")
    return [
        KeyFigure(
            "Cohorts", count(number), f"month{'' if number == 1 else 's'} of a first purchase"
        ),
        customers(row),
        came_back(row),
        KeyFigure("Brought per customer", _NONE if mean is None else each(money, mean), "so far"),
    ]


def activity(row: Row, chosen: Chosen) -> list[KeyFigure]:
    """Return those of the tab "Who is still active"."""
    once = row["customers"] - row["repeat_customers"]
    # The model cannot have lost whoever bought once, so all the lost are among the others.
    stay = max((row["active"] or 0) - once, 0)
    return [
        active(row),
        KeyFigure(
            "Repeat customers still active",
            count(stay),
            f"{_part(stay, row['repeat_customers'])} of {count(row['repeat_customers'])}"
            if row["repeat_customers"]
            else "nobody bought again",
        ),
        KeyFigure("Bought once", count(once), "count as active"),
        buyers(row, chosen),
        purchases(row, chosen),
    ]


def customers(row: Row) -> KeyFigure:
    """Return how many there are."""
    return KeyFigure("Customers", count(row["customers"]), times(row["orders"], "purchase"))


def _orders(row: Row) -> KeyFigure:
    mean = _each(row, "orders")
    return KeyFigure(
        "Purchases", count(row["orders"]), "" if mean is None else f"{mean:.1f} per customer"
    )


def spent(row: Row, money: Money) -> KeyFigure:
    """Return what they brought."""
    mean = _each(row, "revenue")
    note = "" if mean is None else f"{each(money, mean)} per customer"
    return KeyFigure("Spent so far", money.short(row["revenue"] or 0), note)


def came_back(row: Row) -> KeyFigure:
    """Return how many bought more than once."""
    part = _part(row["repeat_customers"], row["customers"])
    return KeyFigure("Came back", part, f"{count(row['repeat_customers'])} customers")


def active(row: Row) -> KeyFigure:
    """Return how many the model takes to be still active."""
    number = row["active"] or 0
    part = _part(number, row["customers"])
    return KeyFigure(
        "Still active",
        count(number),
        f"{part} expected, one-time buyers included",
        hint=STILL_ACTIVE,
    )


def buyers(row: Row, chosen: Chosen) -> KeyFigure:
    """Return how many customers are expected to buy at least once more."""
    number = row.get("buyers")
    if number is None:  # own data of before it was counted
        return KeyFigure(_AGAIN, _NONE, "known once the purchases are loaded anew", hint=BUY_AGAIN)
    note = f"{_part(number, row['customers'])} in {next_weeks(chosen.horizon)}"
    return KeyFigure(_AGAIN, count(number), note, _interval(row, "buyers", count), BUY_AGAIN)


def purchases(row: Row, chosen: Chosen) -> KeyFigure:
    """Return how many purchases are expected."""
    note = next_weeks(chosen.horizon).removeprefix("the ")
    return KeyFigure(
        "Expected purchases",
        _amount(row, "purchases", few),
        note,
        _interval(row, "purchases", few),
    )


def _value(row: Row, money: Money, chosen: Chosen) -> KeyFigure:
    rate = f", {percent(chosen.rate / 100)} discount" if chosen.rate else ""
    note = f"{next_weeks(chosen.horizon)}{rate}".removeprefix("the ")
    return KeyFigure(
        "Expected value",
        _amount(row, "value", money.short),
        note,
        _interval(row, "value", money.short),
    )


def _amount(row: Row, column: str, write: Callable[[float], str]) -> str:
    return _NONE if row.get(column) is None else write(row[column])


def _interval(row: Row, column: str, write: Callable[[float], str]) -> str:
    lower, upper = row.get(f"{column}_lower"), row.get(f"{column}_upper")
    if lower is None or upper is None:
        return ""
    return f"95\N{NO-BREAK SPACE}%: {write(lower)} to {write(upper)}"


def _each(row: Row, column: str) -> float | None:
    return (row[column] or 0) / row["customers"] if row["customers"] else None


def _part(part: float, whole: float) -> str:
    return share(min(part / whole, 1)) if whole else _NONE
