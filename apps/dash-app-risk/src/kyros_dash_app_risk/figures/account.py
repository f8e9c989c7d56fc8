"""One account: which of its characteristics cost it how many points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_app_risk.figures.common import (
    LINE_HEIGHT,
    MINUS,
    ROW,
    category_axis,
    category_height,
    label,
    quoted,
    whole,
    words_behind,
)
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import axis_title, empty_chart, escape, figure, rows
from kyros_dash_kit.formats import percent

if TYPE_CHECKING:
    from kyros_dash_app_risk.figures.common import Frame, Row, Rows
    from kyros_dash_kit import Theme

_MOST = 12  # characteristics that are drawn
_NAMED = 3  # of them in words
_LINES = (
    4  # of a name or an answer beside a bar; what is longer still is in the table and the hover
)
_BETWEEN = 16  # pixels from one name to the next


def points_lost(frame: Frame, theme: Theme, *, account: str, score: float | None) -> Chart:
    """Show what each characteristic costs an account against the best answer to it.

    Args:
        frame: ``title``, ``label``, ``points``, ``best_points``, ``default_rate``, largest loss
            of points first.
        theme: the colours.
        account: its id.
        score: its points in all.
    """
    found = rows(frame)
    if not found or score is None:
        return empty_chart(frame, theme, "No score explains this account")
    drawn_rows = found[:_MOST]
    lost = [_lost(row) for row in drawn_rows]
    names = [_name(row) for row in drawn_rows]
    row = max(ROW, LINE_HEIGHT * max(name.count("<br>") + 1 for name in names) + _BETWEEN)
    drawn = figure(
        [_bars(drawn_rows, lost, theme)],
        theme,
        height=category_height(len(drawn_rows), row),
        xaxis={
            "title": axis_title(theme, "Points lost"),
            "showgrid": True,
            "range": [0, max(*lost, 1) * 1.2],
            "nticks": 6,
        },
        yaxis={
            **category_axis(drawn_rows),
            "ticktext": names,
        },
    )
    return Chart(_title(found, account, score), drawn, frame, in_words(found, score))


def _name(row: Row) -> str:
    """Write a characteristic and the account's answer, each on as many lines as it needs."""
    return f"{label(row['title'], _LINES)}<br><i>{label(row['label'], _LINES)}</i>"


def _lost(row: Row) -> float:
    return max(float(row["best_points"] - row["points"]), 0.0)


def _bars(found: Rows, lost: list[float], theme: Theme) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "x": lost,
        "y": list(range(len(found))),
        "marker": {
            "color": [theme.alert if at < _NAMED else theme.calm for at in range(len(found))],
            "line": {"width": 0},
        },
        **words_behind(theme, [f"{MINUS}{value:.0f}" if round(value) else "0" for value in lost]),
        "customdata": [
            [
                escape(row["title"]),
                escape(row["label"]),
                whole(row["points"]),
                whole(row["best_points"]),
                percent(row["default_rate"], 1),
            ]
            for row in found
        ],
        "hovertemplate": "<b>%{customdata[0]}</b>: %{customdata[1]}<br>"
        "<b>%{customdata[2]}</b> points, the best answer has %{customdata[3]}<br>"
        "%{customdata[4]} of accounts like this defaulted<extra></extra>",
    }


def _title(found: Rows, account: str, score: float) -> str:
    worst = found[0]
    lost = round(_lost(worst))
    said = f"Account {account} scores {score:.0f}"
    if not lost:
        return f"{said}: no characteristic costs it points"
    return f"{said}: {quoted(worst['title'])} costs it most, {_points(lost)}"


def in_words(found: Rows, score: float) -> str:
    """Say in a sentence or two what the account lost its points by."""
    named = [row for row in found[:_NAMED] if round(_lost(row))]
    if not named:
        return "It has the best answer to everything that the score asks."
    reasons = [f"{row['title']} is {quoted(row['label'])} ({_cost(row)})" for row in named]
    total = sum(_lost(row) for row in found)
    return (
        f"{'; '.join(reasons)}. With the best answer to everything it would score "
        f"{score + total:.0f}."
    )


def _cost(row: Row) -> str:
    return f"{MINUS}{round(_lost(row))}"


def _points(number: int) -> str:
    return f"{number} point{'' if number == 1 else 's'}"
