"""Who is worth how much: the first tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyros_dash_app_clv.figures.parts import (
    bars,
    bound,
    each,
    edge,
    known,
    next_weeks,
    nothing,
    people,
)
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import axis_title, escape, figure, legend, percent_axis, rows
from kyros_dash_kit.formats import Money, count, percent, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kyros_dash_app_clv.figures.parts import Frame, Row
    from kyros_dash_kit import Theme

SEGMENTS = {"high": "High value", "medium": "Medium value", "low": "Low value"}
_PEOPLE, _VALUE = "Customers", "Value to come"
_HALF = 0.5
_PHONE, _LETTER = 225, 5  # pixels: of a drawing, and of a letter with the markup beside it
_MOST_TICKS = 8  # so many have room on a telephone


def segments(  # noqa: PLR0913 - the numbers, how they look, and whom and when they are about
    frame: Frame,
    theme: Theme,
    money: Money,
    horizon: int,
    chosen: str | None = None,
    *,
    who: str = "customers",
) -> Chart:
    """Show which part of the customers holds which part of the value to come.

    Args:
        frame: ``segment`` (``high`` first), ``threshold`` (its lower bound; None of the lowest),
            ``customers``, ``active``, ``purchases``, ``value`` (to come), ``revenue`` (so far).
        theme: the colours.
        money: the currency of the value.
        horizon: over how many weeks the value is counted.
        chosen: the segment that the reader picked; the others stand back.
        who: whom the filters left.
    """
    found = rows(frame)
    customers = sum(row["customers"] for row in found)
    if not customers or not known(frame, "value"):
        return nothing(theme, frame)
    value = sum(row["value"] for row in found)
    holders = [row["customers"] / customers for row in found]
    held = [row["value"] / value if value else 0 for row in found]
    common = {
        "orientation": "h",
        "y": [_segment_name(found, at, money) for at in range(len(found))],
        "textposition": "outside",
        "textangle": 0,
        "constraintext": "none",
        "cliponaxis": False,
        "textfont": {"color": theme.ink, "size": 12},
    }
    hover = [[row["segment"], _segment_hover(row, money)] for row in found]
    back = [chosen not in {None, row["segment"]} for row in found]
    people_text = [_label(part, count(row["customers"])) for part, row in _pairs(holders, found)]
    value_text = [_label(part, money.short(row["value"])) for part, row in _pairs(held, found)]
    right = max(map(_reach, [*holders, *held], [*people_text, *value_text])) * 100
    ticks = [tick for tick in (0, 25, 50, 75, 100) if tick <= max(*holders, *held) * 110]
    drawn = figure(
        [
            bars(
                _PEOPLE,
                theme.calm,
                hover,
                back,
                x=_percents(holders),
                text=people_text,
                **common,
            ),
            bars(_VALUE, theme.accent, hover, back, x=_percents(held), text=value_text, **common),
        ],
        theme,
        xaxis=percent_axis(
            theme,
            "Share of all",
            range=[0, right],
            tickvals=ticks,
            ticktext=[percent(tick / 100) for tick in ticks],
            showgrid=True,
        ),
        yaxis={"autorange": "reversed", "showgrid": False},
        bargap=0.3,
        bargroupgap=0.08,
        **legend(),
    )
    note = f"By expected value in {next_weeks(horizon)}; click a segment to see it alone"
    return Chart(_segments_title(found, value, money, horizon, who), drawn, frame, note)


def _pairs(parts: Sequence[float], found: Sequence[Row]) -> Iterable[tuple[float, Row]]:
    return zip(parts, found, strict=True)


def _percents(parts: Sequence[float]) -> list[float]:
    return [part * 100 for part in parts]


def _reach(part: float, label: str) -> float:
    """Return how far an axis must go so that a bar's label has room behind it on a telephone."""
    room = max(_PHONE - len(label) * _LETTER, _PHONE / 4)
    return max(part, 0.01) * _PHONE / room


def _label(part: float, amount: str) -> str:
    return f"<b>{share(part)}</b>  {escape(amount)}"


def _name(row: Row) -> str:
    return SEGMENTS.get(row["segment"], str(row["segment"]))


def _segment_name(found: Sequence[Row], at: int, money: Money) -> str:
    row, above = found[at], found[at - 1] if at else None
    low = None if row["threshold"] is None else bound(money, row["threshold"])
    if above is None:
        bounds = f"{low} and more"
    elif low is None:
        bounds = f"under {bound(money, above['threshold'])}"
    else:
        bounds = f"{low} to {bound(money, above['threshold'])}"
    return f"{escape(_name(row))}<br>{escape(bounds)}"


def _segment_hover(row: Row, money: Money) -> str:
    mean = row["value"] / row["customers"] if row["customers"] else 0
    return (
        f"<b>{escape(_name(row))}</b>: {people(row['customers'])}<br>"
        f"{escape(money.short(row['value']))} to come, {escape(each(money, mean))} each<br>"
        f"{escape(money.short(row['revenue']))} brought so far"
    )


def _segments_title(
    found: Sequence[Row], value: float, money: Money, horizon: int, who: str
) -> str:
    customers = sum(row["customers"] for row in found)
    if value <= 0:
        return f"No value is expected of these customers in {next_weeks(horizon)}"
    best = next(row for row in found if row["customers"])
    name = _name(best).lower()
    if best["customers"] == customers:
        return f"{_everybody(customers)} of {name}"
    holds = f"hold {share(best['value'] / value)} of the value to come"
    part = f"{share(best['customers'] / customers)} of {who} with {name}"
    if best is found[0]:
        return f"The {part} {holds}"
    return f"Nobody is worth {bound(money, found[0]['threshold'])}; the {part} {holds}"


def _everybody(customers: int) -> str:
    return f"All {people(customers)} are" if customers > 1 else "This customer is"


def distribution(
    frame: Frame, theme: Theme, money: Money, horizon: int, who: str = "customers"
) -> Chart:
    """Show how many customers are worth how much.

    Args:
        frame: ``bin_start``, ``bin_end``, ``customers``, ``value``, from low to high.
        theme: the colours.
        money: the currency of the value.
        horizon: over how many weeks the value is counted.
        who: whom the filters left.
    """
    bins = rows(frame) if known(frame, "value") else []
    customers = sum(row["customers"] for row in bins)
    if not customers:
        return nothing(theme, frame)
    value = sum(row["value"] for row in bins)
    edges = sorted({one for row in bins for one in (row["bin_start"], row["bin_end"])})
    middles = [edges.index(row["bin_start"]) + 0.5 for row in bins]
    step = -(-len(edges) // _MOST_TICKS)
    hover = [_bin_hover(row, money) for row in bins]
    holders = [row["customers"] / customers * 100 for row in bins]
    held = [row["value"] / value * 100 if value else 0 for row in bins]
    drawn = figure(
        [
            bars(_PEOPLE, theme.calm, hover, x=middles, y=holders),
            bars(_VALUE, theme.accent, hover, x=middles, y=held),
        ],
        theme,
        xaxis={
            "title": axis_title(theme, f"Expected value per customer ({money.unit or 'amount'})"),
            "tickvals": list(range(0, len(edges), step)),
            "ticktext": [edge(one) for one in edges[::step]],
            "tickangle": 0,
            "range": [-0.1, len(edges) - 0.9],
        },
        yaxis=percent_axis(theme, "Share of all", rangemode="tozero", nticks=6),
        bargap=0.2,
        bargroupgap=0.05,
        **legend(),
    )
    note = f"Discounted value in {next_weeks(horizon)}; ranges widen to the right"
    title = _distribution_title(bins, money, horizon, who)
    return Chart(title, drawn, frame, note)


def _bin_hover(row: Row, money: Money) -> str:
    edges = f"{bound(money, row['bin_start'])} to {bound(money, row['bin_end'])}"
    return (
        f"{escape(edges)}: <b>{people(row['customers'])}</b><br>"
        f"<b>{escape(money.short(row['value']))}</b> to come from them"
    )


def _distribution_title(bins: Sequence[Row], money: Money, horizon: int, who: str) -> str:
    """Say below which edge at least half of the customers are, or above which."""
    filled = [row for row in bins if row["customers"]]
    customers = sum(row["customers"] for row in filled)
    weeks = next_weeks(horizon)
    if len(filled) == 1:
        edges = f"{bound(money, filled[0]['bin_start'])} to {bound(money, filled[0]['bin_end'])}"
        return f"{_everybody(customers)} expected to bring {edges} in {weeks}"
    below = 0
    for row in filled[:-1]:
        below += row["customers"]
        if below >= customers * _HALF:
            part, amount = share(below / customers), bound(money, row["bin_end"])
            return f"{part} of {who} are expected to bring less than {amount} in {weeks}"
    last = filled[-1]
    part, amount = share(last["customers"] / customers), bound(money, last["bin_start"])
    return f"{part} of {who} are expected to bring {amount} or more in {weeks}"
