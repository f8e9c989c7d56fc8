"""What the score is made of: which characteristics tell most, and what each answer brings."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from kyros_dash_app_risk.figures.common import (
    accounts,
    category_axis,
    category_height,
    quoted,
    signed,
    whole,
    words_behind,
)
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import axis_title, empty_chart, escape, figure, rows
from kyros_dash_kit.formats import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kyros_dash_app_risk.figures.common import Frame, Row, Rows
    from kyros_dash_kit import Theme

_WEAK, _STRONG = 0.1, 0.3  # information values, by the usual rule of thumb (Siddiqi 2006)
_MOST, _DRIVER_ROW = 15, 34  # characteristics that are drawn, and the pixels of each


def strongest(frame: Frame) -> list[Row]:
    """Return one row for each characteristic, the most telling first."""
    lines = sorted(rows(frame), key=lambda row: (row["variable_position"], row["bin"]))
    return [next(group) for _, group in groupby(lines, key=lambda row: row["variable"])]


def drivers(frame: Frame, theme: Theme, *, chosen: str) -> Chart:
    """Show how much each characteristic tells about default; a click chooses one.

    Args:
        frame: the scorecard: ``variable``, ``title``, ``variable_position``, ``bin``,
            ``information_value`` and others.
        theme: the colours.
        chosen: the variable whose points stand beside.
    """
    found = strongest(frame)
    if not found:
        return empty_chart(frame, theme, "There is no scorecard for this portfolio")
    drawn_rows = found[:_MOST]
    values = [row["information_value"] for row in drawn_rows]
    drawn = figure(
        [_driver_bars(drawn_rows, theme, chosen)],
        theme,
        height=category_height(len(drawn_rows), _DRIVER_ROW),
        xaxis={
            "title": axis_title(theme, "Information value"),
            "showgrid": True,
            "nticks": 6,
            "range": [0, max(*values, _STRONG) * 1.15],
        },
        yaxis=category_axis([row["title"] for row in drawn_rows], _DRIVER_ROW),
        bargap=0.36,
    )
    note = "Information value (IV): under 0.1 is weak, from 0.3 on strong. Choose a bar to see its "
    note += "points."
    if len(found) > _MOST:
        note += f" The {_MOST} strongest of {len(found)}; the file has all."
    summary = {
        name: [row[name] for row in found] for name in ("variable", "title", "information_value")
    }
    return Chart(_driver_title(found), drawn, summary, note)


def _driver_title(found: Sequence[Row]) -> str:
    best = found[0]
    value = f"information value {best['information_value']:.2f}"
    if best["information_value"] < _WEAK:
        return f"Every characteristic is weak: the best, {quoted(best['title'])}, has {value}"
    if len(found) == 1:
        return f"The score rests on {quoted(best['title'])} alone: {value}"
    weak = sum(row["information_value"] < _WEAK for row in found)
    said = f"{quoted(best['title'])} tells most about default: {value}"
    return f"{said}; {weak} of {len(found)} are weak" if weak else said


def _driver_bars(found: Sequence[Row], theme: Theme, chosen: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [row["information_value"] for row in found],
        "y": list(range(len(found))),
        "marker": {
            "color": [theme.accent if row["variable"] == chosen else theme.soft for row in found],
            "line": {"width": 0},
        },
        **words_behind(theme, [f"{row['information_value']:.2f}" for row in found]),
        "customdata": [
            [row["variable"], escape(row["title"]), _strength(row["information_value"])]
            for row in found
        ],
        "hovertemplate": "<b>%{customdata[1]}</b><br>Information value <b>%{x:.3f}</b>: "
        "%{customdata[2]}<extra></extra>",
    }


def _strength(value: float) -> str:
    return "weak" if value < _WEAK else "strong" if value >= _STRONG else "medium"


def points(frame: Frame, theme: Theme, *, chosen: str) -> Chart:
    """Show the points that each answer to one characteristic brings.

    Args:
        frame: the scorecard: ``variable``, ``title``, ``bin``, ``label``, ``accounts``,
            ``default_rate``, ``points`` and others.
        theme: the colours.
        chosen: the variable.
    """
    bins = [row for row in rows(frame) if row["variable"] == chosen]
    if not bins:
        return empty_chart(frame, theme, "There is no scorecard for this portfolio")
    values = [row["points"] for row in bins]
    low, high = min(*values, 0), max(*values, 0)
    room = (high - low or 1) * 0.2
    drawn = figure(
        [_point_bars(bins, theme)],
        theme,
        height=category_height(len(bins)),
        xaxis={
            "title": axis_title(theme, "Points"),
            "showgrid": True,
            "zeroline": True,
            "zerolinecolor": theme.muted,
            "nticks": 6,
            "range": [low - (room if low < 0 else 0), high + room],
        },
        yaxis=category_axis([row["label"] for row in bins]),
    )
    only = {name: [row[name] for row in bins] for name in frame}
    note = f"{bins[0]['title']}: what each answer adds to the score"
    return Chart(_points_title(bins), drawn, only, note)


def _points_title(bins: Rows) -> str:
    best = max(bins, key=lambda row: row["points"])
    worst = min(bins, key=lambda row: row["points"])
    apart = round(best["points"] - worst["points"])
    if not apart:
        return f"{quoted(bins[0]['title'])} moves the score by less than a point"
    return (
        f"{quoted(worst['label'])} scores {apart} point{'' if apart == 1 else 's'} "
        f"less than {quoted(best['label'])}"
    )


def _point_bars(bins: Rows, theme: Theme) -> dict[str, Any]:
    worst = min(row["points"] for row in bins)
    return {
        "type": "bar",
        "orientation": "h",
        "x": [row["points"] for row in bins],
        "y": list(range(len(bins))),
        "marker": {
            "color": [theme.calm if row["points"] > worst else theme.alert for row in bins],
            "line": {"width": 0},
        },
        **words_behind(theme, [whole(row["points"]) for row in bins]),
        "customdata": [
            [
                escape(row["label"]),
                whole(row["points"]),
                accounts(row["accounts"]),
                percent(row["default_rate"], 1),
                signed(row["woe"], 2),
            ]
            for row in bins
        ],
        "hovertemplate": "<b>%{customdata[0]}</b>: <b>%{customdata[1]}</b> points<br>"
        "%{customdata[2]}, %{customdata[3]} defaulted<br>"
        "Weight of evidence %{customdata[4]}<extra></extra>",
    }
