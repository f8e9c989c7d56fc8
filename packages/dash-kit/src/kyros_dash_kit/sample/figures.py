"""The sample's charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_kit.chart import Chart, axis_title, figure
from kyros_dash_kit.formats import count
from kyros_dash_kit.sample.names import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit import Theme

    Frame = Mapping[str, Sequence[Any]]


def numbers(stressed: float, theme: Theme, number: float) -> dict[str, Chart]:
    """Draw the numbers: bars, a line, and a map in each of the theme's scales."""
    names = ["half", "rest"]
    bars: Frame = {"part": names, "number": [stressed, stressed / 2]}
    line: Frame = {"week": list(range(53)), "value": [stressed * week**0.5 for week in range(53)]}
    return {
        "chart": Chart(
            f"It is {number}",
            figure([_bars(bars, theme)], theme, yaxis={"title": axis_title(theme, "Number")}),
            bars,
            note="Click a bar to see that part alone",
        ),
        "line": Chart(
            f"It grows to {line['value'][-1]:.1f} in a year",
            figure(
                [
                    {
                        "type": "scatter",
                        "mode": "lines",
                        "x": line["week"],
                        "y": line["value"],
                        "line": {"color": theme.accent, "width": 2.5},
                        "hovertemplate": "Week <b>%{x}</b>: <b>%{y:.2f}</b><extra></extra>",
                    }
                ],
                theme,
                xaxis={"title": axis_title(theme, "Weeks from now")},
            ),
            line,
            alt=f"A line from 0 to {line['value'][-1]:.1f}",
        ),
        "map": _heat("Most is in the corner", theme.scale, theme, lowest=0),
        "balance": _heat("Half is above the middle", theme.diverging, theme, lowest=-1),
    }


def _bars(frame: Frame, theme: Theme) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": [PARTS[str(name)] for name in frame["part"]],
        "y": list(frame["number"]),
        "customdata": [[name] for name in frame["part"]],
        "marker": {"color": [theme.accent, theme.soft]},
        "hovertemplate": "%{x}: <b>%{y:.2f}</b><extra></extra>",
    }


def _heat(title: str, scale: list[list[float | str]], theme: Theme, *, lowest: int) -> Chart:
    size = 14
    values = [
        [lowest + (1 - lowest) * (across + up) / (2 * size - 2) for across in range(size)]
        for up in range(size)
    ]
    drawn = figure(
        [
            {
                "type": "heatmap",
                "z": values,
                "colorscale": scale,
                "zmin": lowest,
                "zmax": 1,
                "xgap": 1,
                "ygap": 1,
                "colorbar": {"thickness": 10, "outlinewidth": 0},
                "hovertemplate": "%{x}, %{y}: <b>%{z:.2f}</b><extra></extra>",
            }
        ],
        theme,
    )
    cells = [(across, up) for up in range(size) for across in range(size)]
    frame: Frame = {
        "across": [across for across, _ in cells],
        "up": [up for _, up in cells],
        "value": [values[up][across] for across, up in cells],
    }
    return Chart(title, drawn, frame)


def history(frame: Frame, theme: Theme) -> Chart:
    """Draw an item's orders by month."""
    bars = {
        "type": "bar",
        "x": list(frame["month"]),
        "y": list(frame["orders"]),
        "marker": {"color": theme.accent},
        "hovertemplate": "%{x|%b %Y}: <b>%{y}</b> orders<extra></extra>",
    }
    drawn = figure([bars], theme, yaxis={"title": axis_title(theme, "Orders")})
    return Chart(f"{count(sum(frame['orders']))} orders so far", drawn, frame)
