"""What several charts of this dashboard share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_kit.chart import axis_title, empty_chart
from kyros_dash_kit.formats import count, month

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit import Chart, Theme
    from kyros_dash_kit.formats import Money

    Frame = Mapping[str, Sequence[Any]]
    Row = Mapping[str, Any]
    Trace = dict[str, Any]

NO_CUSTOMERS = "No customers in this selection"
_PALE = 0.4
_LARGE, _VERY_LARGE, _MANY = 1e4, 1e6, 10
_SCALES = ((1e9, "B"), (1e6, "M"), (1e3, "k"))


def nothing(theme: Theme, frame: Frame, why: str = NO_CUSTOMERS) -> Chart:
    """Return a chart that says why nothing is drawn."""
    return empty_chart(frame, theme, why)


def people(number: float) -> str:
    """Write ``1 customer``, ``23,570 customers``."""
    return f"{count(number)} customer{'' if round(number) == 1 else 's'}"


def whose(cohort: str | None) -> str:
    """Write whom a title is about: ``customers``, ``customers of Jan 1997``."""
    return f"customers of {month(cohort)}" if cohort else "customers"


def times(number: float, what: str) -> str:
    """Write ``1 week``, ``52 weeks``."""
    return f"{count(number)} {what}{'' if round(number) == 1 else 's'}"


def each(money: Money, value: float) -> str:
    """Write what one customer brings: to the cent, unless that says nothing any more."""
    return money.short(value) if abs(value) >= _LARGE else money.exact(value, 2)


def edge(value: float) -> str:
    """Write a round number in few letters: 500, 2k, 1M."""
    for scale, name in _SCALES:
        if value >= scale:
            return f"{value / scale:g}{name}"
    return f"{value:g}"


def bound(money: Money, value: float) -> str:
    """Write the edge of a range of amounts: ``$500``, ``NT$20M``."""
    return money.exact(value) if value < _VERY_LARGE else f"{money.symbol}{edge(value)}"


def few(number: float) -> str:
    """Write an expected number of things: one decimal where that counts."""
    return f"{number:,.{1 if number < _MANY else 0}f}"


def next_weeks(horizon: int) -> str:
    """Write over which time the model looks ahead."""
    return f"the next {times(horizon, 'week')}"


def date_axis(theme: Theme, text: str) -> dict[str, Any]:
    """Return an axis of days, the year on a line of its own."""
    return {
        "title": axis_title(theme, text),
        "type": "date",
        "tickformat": "%b\n%Y",
        "tickangle": 0,
        "nticks": 7,
    }


def bars(
    name: str,
    colour: str,
    hover: Sequence[str | list[Any]],
    back: Sequence[bool] = (),
    **more: Any,  # noqa: ANN401
) -> Trace:
    """Return a series of bars.

    Args:
        name: what the legend calls it.
        colour: of the bars, and of the legend.
        hover: what each bar says, escaped; of bars that can be clicked, after what a click chooses.
        back: which bars stand back, because something else was picked.
        more: ``x``, ``y`` and the like.
    """
    clicked = any(isinstance(one, list) for one in hover)
    return {
        "type": "bar",
        "name": name,
        # Pale by opacity: of a list of colours the legend would show the first bar's.
        "marker": {
            "color": colour,
            "line": {"width": 0},
            **({"opacity": [_PALE if one else 1 for one in back]} if any(back) else {}),
        },
        "customdata": hover,
        "hovertemplate": f"%{{customdata{'[1]' if clicked else ''}}}<extra></extra>",
        **more,
    }


def known(frame: Frame, *names: str) -> bool:
    """Whether there are rows, and the named columns have numbers: a model's may be missing."""
    return all(
        name in frame and len(frame[name]) > 0 and all(value is not None for value in frame[name])
        for name in names
    )
