"""A chart: what it says, how it looks, and the numbers behind it.

Figures are plain dictionaries in the form of plotly.js. ``plotly.graph_objects`` would check
each property at every request, at several times the cost of the request itself; the tests
check them there instead.
"""

from __future__ import annotations

import csv
import html
import io
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kyros_dash_kit.theme import FONT, Figure, Theme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Frame = Mapping[str, Sequence[Any]]

_ESCAPES = (("%", "%25"), ("#", "%23"), ("\r", "%0D"), ("\n", "%0A"), ("\t", "%09"))
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart of a dashboard.

    Attributes:
        title: the finding, as a sentence.
        figure: what plotly.js draws.
        frame: the numbers that are drawn, for those who want them in a file.
        note: how to read it, or what is left out.
        alt: what a screen reader gets instead of the drawing; the title when empty.
    """

    title: str
    figure: Figure
    frame: Frame
    note: str = ""
    alt: str = ""


def rows(frame: Frame) -> list[dict[str, Any]]:
    """Return a frame's rows."""
    return [dict(zip(frame, values, strict=True)) for values in zip(*frame.values(), strict=True)]


def figure(traces: Sequence[Mapping[str, Any]], theme: Theme, **layout: Any) -> Figure:  # noqa: ANN401
    """Put traces into the common frame: no box, thin grid, quiet text.

    Args:
        traces: what is drawn.
        theme: the colours.
        layout: what differs, laid over the common frame one level deep (``xaxis`` and the like).
    """
    common = _common_layout(theme)
    for key, value in layout.items():
        base = common.get(key)
        common[key] = {**base, **value} if isinstance(base, dict) else value
    return {"data": [dict(trace) for trace in traces], "layout": common}


def empty_figure(theme: Theme, message: str) -> Figure:
    """Say in the place of a drawing that there is nothing to draw."""
    nothing = {"visible": False}
    words = {
        "text": escape(message),
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
    }
    return figure([], theme, xaxis=nothing, yaxis=nothing, annotations=[words])


def empty_chart(frame: Frame, theme: Theme, message: str) -> Chart:
    """Return what stands in the place of a chart that has nothing to draw."""
    return Chart(message, empty_figure(theme, message), frame)


def escape(text: object, width: int | None = None) -> str:
    """Make text of the data safe and, with a width, short-lined within a figure."""
    lines = textwrap.wrap(str(text), width) if width else [str(text)]
    return "<br>".join(html.escape(line, quote=False) for line in lines)


def csv_text(frame: Frame) -> str:
    """Write a frame as CSV that no spreadsheet takes for formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(frame)
    writer.writerows(map(_harmless, row) for row in zip(*frame.values(), strict=True))
    return out.getvalue()


def csv_href(frame: Frame) -> str:
    """Return a link's address that holds the CSV itself, byte order mark first for Excel.

    Escaped is what would end the address or be dropped from it; browsers see to the rest. (To quote
    every byte took longer than all else that a chart needs.)
    """
    text = csv_text(frame)
    for character, escaped in _ESCAPES:
        text = text.replace(character, escaped)
    return "data:text/csv;charset=utf-8,%EF%BB%BF" + text


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _common_layout(theme: Theme) -> dict[str, Any]:
    axis = {
        "automargin": True,
        "fixedrange": True,  # a finger that scrolls the page must not zoom the chart
        "gridcolor": theme.grid,
        "linecolor": theme.grid,
        "tickcolor": theme.grid,
        "zeroline": False,
        "tickfont": {"color": theme.muted},
        "title": {"font": {"color": theme.muted, "size": 12}},
    }
    return {
        "autosize": True,
        "margin": {"l": 8, "r": 26, "t": 12, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": theme.ink},
        "hoverlabel": {
            "bgcolor": theme.paper,
            "bordercolor": theme.grid,
            "font": {"family": FONT, "size": 13, "color": theme.ink},
            "align": "left",
        },
        "xaxis": {**axis, "showgrid": False},
        "yaxis": axis,
        "showlegend": False,
        "dragmode": False,
        "bargap": 0.28,
    }


def axis_title(theme: Theme, text: str) -> dict[str, Any]:
    """Return an axis title in the common style."""
    return {"text": escape(text), "font": {"color": theme.muted, "size": 12}, "standoff": 10}


def percent_axis(theme: Theme, text: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return an axis of shares, drawn as percent: multiply the shares by 100."""
    return {
        "title": axis_title(theme, text),
        "tickformat": ".0f",
        "ticksuffix": "\N{NO-BREAK SPACE}%",
        **more,
    }


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


def legend() -> dict[str, Any]:
    """Return a layout's legend above the drawing; it explains, and switches nothing off."""
    return {
        "showlegend": True,
        "margin": {"t": 34},
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yanchor": "bottom",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
        },
    }


def upright(theme: Theme, at: float | str) -> dict[str, Any]:
    """Return a shape: a dotted line across the drawing at a value of the x axis."""
    return {
        "type": "line",
        "x0": at,
        "x1": at,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "layer": "below",
        "line": {"color": theme.muted, "width": 1, "dash": "dot"},
    }


def scale_bar(theme: Theme, unit: str = "") -> dict[str, Any]:
    """Return a heatmap's ``colorbar``, which says which colour is how much."""
    return {
        "thickness": 10,
        "outlinewidth": 0,
        "ticksuffix": unit,
        "tickfont": {"color": theme.muted},
        "nticks": 6,
    }
