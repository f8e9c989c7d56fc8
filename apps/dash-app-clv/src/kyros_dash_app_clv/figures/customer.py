"""One customer: the purchases, and what the model makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv.figures.parts import date_axis, each, few, next_weeks, nothing, times
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import axis_title, escape, figure, rows
from kyros_dash_kit.formats import Money, day, percent, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kyros_dash_app_clv.figures.parts import Frame, Row
    from kyros_dash_kit import Theme

_WEEK = 7
_DAYS_AS_WEEKS = 21  # from here on a reader counts in weeks
_SURE, _LIKELY, _UNLIKELY = 0.8, 0.5, 0.2
_SPEND_PART, _ALIVE_PART = [0, 0.3], [0.42, 1]


def history(purchases: Frame, alive: Frame, theme: Theme, money: Money) -> Chart:
    """Show what a customer spent and, above it, P(alive) over the same time.

    Args:
        purchases: ``date``, ``spend``.
        alive: ``date``, ``p_alive``; empty where there is no model.
        theme: the colours.
        money: the currency of the spend.
    """
    bought, probable = rows(purchases), [row for row in rows(alive) if row["p_alive"] is not None]
    if not bought:
        return nothing(theme, purchases, "This customer has no purchases")
    spend = {
        "title": axis_title(theme, f"Spend ({money.unit or 'amount'})"),
        "rangemode": "tozero",
        "exponentformat": "B",
        "nticks": 4,
    }
    drawn = figure(
        [_stems(bought, theme, money), *([_alive_line(probable, theme)] if probable else [])],
        theme,
        xaxis={**date_axis(theme, "Day"), "anchor": "y"},
        yaxis={**spend, **({"domain": _SPEND_PART} if probable else {})},
        **({"yaxis2": _alive_axis(theme)} if probable else {}),
        hovermode="x",
    )
    return Chart(_title(bought, money), drawn, _together(bought, probable), _note(probable))


def _stems(bought: Sequence[Row], theme: Theme, money: Money) -> dict[str, Any]:
    """Draw a thin line with a head a purchase: a bar of one day would be too thin to see."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Spend",
        "x": [str(row["date"])[:10] for row in bought],
        "y": [row["spend"] for row in bought],
        "marker": {"color": theme.accent, "size": 8},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [0] * len(bought),
            "arrayminus": [row["spend"] for row in bought],
            "color": theme.accent,
            "thickness": 2,
            "width": 0,
        },
        "cliponaxis": False,
        "customdata": [
            f"{day(row['date'])}: bought for <b>{escape(money.exact(row['spend'], 2))}</b>"
            for row in bought
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _alive_line(probable: Sequence[Row], theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "P(alive)",
        "yaxis": "y2",
        "x": [str(row["date"])[:10] for row in probable],
        "y": [row["p_alive"] * 100 for row in probable],
        "line": {"color": theme.ink, "width": 2},
        "customdata": [day(row["date"]) for row in probable],
        "hovertemplate": "%{customdata}: still active with <b>%{y:.0f}\N{NO-BREAK SPACE}%</b>"
        "<extra></extra>",
    }


def _alive_axis(theme: Theme) -> dict[str, Any]:
    return {
        "domain": _ALIVE_PART,
        "range": [0, 104],
        "tickvals": [0, 50, 100],
        "ticktext": [percent(tick / 100) for tick in (0, 50, 100)],
        "title": axis_title(theme, "P(alive)"),
        "anchor": "x",
        "automargin": True,
        "fixedrange": True,
        "gridcolor": theme.grid,
        "zeroline": False,
        "tickfont": {"color": theme.muted},
    }


def _together(bought: Sequence[Row], probable: Sequence[Row]) -> Frame:
    """Put both on one time line, as one file."""
    spend: dict[str, float] = {}
    for row in bought:
        spend[str(row["date"])[:10]] = spend.get(str(row["date"])[:10], 0) + row["spend"]
    alive = {str(row["date"])[:10]: row["p_alive"] for row in probable}
    dates = sorted({*spend, *alive})
    return {
        "date": dates,
        "spend": [spend.get(date) for date in dates],
        "p_alive": [alive.get(date) for date in dates],
    }


def _title(bought: Sequence[Row], money: Money) -> str:
    total = money.exact(sum(row["spend"] for row in bought), 2)
    first, last = day(bought[0]["date"]), day(bought[-1]["date"])
    if len({str(row["date"])[:10] for row in bought}) == 1:
        return f"Bought for {total} on {first}"
    return f"{times(len(bought), 'purchase')} for {total} from {first} to {last}"


def _note(probable: Sequence[Row]) -> str:
    if not probable:
        return "P(alive) is missing: the model does not apply to this data"
    return (
        f"P(alive) is {percent(1)} up to the first repeat purchase; then it falls with silence and "
        "rises with each purchase"
    )


def words(customer: Row, horizon: int, money: Money) -> str:
    """Say what the model thinks of a customer, and why.

    Args:
        customer: the row of the view ``customer``.
        horizon: over how many weeks purchases and value are counted.
        money: the currency.
    """
    alive = customer.get("p_alive")
    if alive is None:
        return "The model does not apply to this data, so nothing is expected of this customer."
    return f"{_rhythm(customer)} {_verdict(customer)} {_outlook(customer, horizon, money)}".strip()


def _rhythm(customer: Row) -> str:
    silent = customer["age_days"] - customer["recency_days"]
    if not customer["frequency"]:
        return f"Bought once, {_span(silent)} before the data ends."
    gap = customer["recency_days"] / customer["frequency"]
    return (
        f"Bought every {_span(gap)} on average; the last purchase was {_span(silent)} before the "
        "data ends."
    )


def _span(days: float) -> str:
    if days < _DAYS_AS_WEEKS:
        return times(max(days, 0), "day")
    return times(days / _WEEK, "week")


def _verdict(customer: Row) -> str:
    alive = customer["p_alive"]
    if not customer["frequency"]:
        return (
            "The model sees customers leave only after a repeat purchase, so this one counts as "
            f"active ({share(alive)})."
        )
    if alive >= _SURE:
        verdict = "is very probably still active"
    elif alive >= _LIKELY:
        verdict = "is probably still active"
    elif alive >= _UNLIKELY:
        verdict = "has probably left"
    else:
        verdict = "has very probably left"
    return f"This customer {verdict}: P(alive) is {share(alive)}."


def _outlook(customer: Row, horizon: int, money: Money) -> str:
    purchases, value = customer.get("purchases"), customer.get("value")
    if purchases is None:
        return ""
    expects = f"In {next_weeks(horizon)} the model expects {few(purchases)} purchases"
    return f"{expects}." if value is None else f"{expects}, worth {each(money, value)}."
