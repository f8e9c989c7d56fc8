"""What several charts of this dashboard share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_kit.chart import axis_title, empty_chart
from kyros_dash_kit.formats import count, percent
from kyros_dash_kit.theme import mix

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit import Chart, Theme

    Frame = Mapping[str, Sequence[Any]]
    Row = Mapping[str, Any]
    Trace = dict[str, Any]

NO_CUSTOMERS = "No customers in this selection"
_PALE = 0.4
_ONE, _TENTH = 0.01, 0.001


def nothing(theme: Theme, frame: Frame, why: str = NO_CUSTOMERS) -> Chart:
    """Return a chart that says why nothing is drawn."""
    return empty_chart(frame, theme, why)


def share(part: float) -> str:
    """Write a share so that it says neither nobody nor everybody where that is not so."""
    if part in {0, 1} or _ONE <= part <= 1 - _ONE:
        return percent(part)
    if part < _TENTH:
        return f"less than {percent(_TENTH, 1)}"
    if part > 1 - _TENTH:
        return f"more than {percent(1 - _TENTH, 1)}"
    return percent(part, 1)


def people(number: float) -> str:
    """Write ``1 customer``, ``23,570 customers``."""
    return f"{count(number)} customer{'' if round(number) == 1 else 's'}"


def times(number: float, what: str) -> str:
    """Write ``1 week``, ``52 weeks``."""
    return f"{count(number)} {what}{'' if round(number) == 1 else 's'}"


def next_weeks(horizon: int) -> str:
    """Write over which time the model looks ahead."""
    return f"the next {times(horizon, 'week')}"


def count_axis(theme: Theme, text: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return an axis of counts or amounts, whose ticks stay short: 5k, 20M, 3B."""
    return {
        "title": axis_title(theme, text),
        "exponentformat": "B",
        "separatethousands": True,
        "rangemode": "tozero",
        "nticks": 6,
        **more,
    }


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
    colour: str | Sequence[str],
    hover: Sequence[str | list[Any]],
    **more: Any,  # noqa: ANN401
) -> Trace:
    """Return a series of bars.

    Args:
        name: what the legend calls it.
        colour: of all bars, or of each.
        hover: what each bar says, escaped; of bars that can be clicked, after what a click chooses.
        more: ``x``, ``y`` and the like.
    """
    clicked = any(isinstance(one, list) for one in hover)
    return {
        "type": "bar",
        "name": name,
        "marker": {"color": colour, "line": {"width": 0}},
        "customdata": hover,
        "hovertemplate": f"%{{customdata{'[1]' if clicked else ''}}}<extra></extra>",
        **more,
    }


def stand_back(colour: str, theme: Theme, *, back: bool) -> str:
    """Return a colour, or a pale one of it where something else was picked."""
    return mix(theme.paper, colour, _PALE) if back else colour


def known(frame: Frame, *names: str) -> bool:
    """Whether there are rows, and the named columns have numbers: a model's may be missing."""
    return all(
        name in frame and len(frame[name]) > 0 and all(value is not None for value in frame[name])
        for name in names
    )
