"""Where the revenue so far came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv.figures.parts import known, nothing, people
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import figure, percent_axis
from kyros_dash_kit.formats import percent, share
from kyros_dash_kit.theme import mix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kyros_dash_app_clv.figures.parts import Frame
    from kyros_dash_kit import Theme

_FEW = 10  # customers; of fewer, a tenth is nobody
_TOP_SHARE = 0.10


def concentration(frame: Frame, theme: Theme, customers: int, who: str = "customers") -> Chart:
    """Show how much of the revenue so far the best customers brought.

    Args:
        frame: ``customer_share`` and ``revenue_share``, 0 to 1, best customers first.
        theme: the colours.
        customers: how many there are.
        who: whom the curve is about.
    """
    if not customers or not known(frame, "customer_share", "revenue_share"):
        return nothing(theme, frame)
    shares, revenue = list(frame["customer_share"]), list(frame["revenue_share"])
    top = min(range(len(shares)), key=lambda at: abs(shares[at] - _TOP_SHARE))
    many = customers >= _FEW
    title = f"The top {percent(shares[top])} of {who} brought {share(revenue[top])} of revenue"
    if not many:
        title = f"{people(customers)} brought the revenue so far"
    drawn = figure(
        [
            _curve(shares, revenue, theme),
            _equal_line(theme),
            *([_point(shares, revenue, top, theme)] if many else []),
        ],
        theme,
        xaxis=percent_axis(theme, "Share of customers, best first", range=[0, 100.5]),
        yaxis=percent_axis(theme, "Share of revenue", range=[0, 103]),
        annotations=[_equal_label(theme)],
    )
    note = f"{who[0].upper()}{who[1:]} in order of what they spent so far"
    return Chart(title, drawn, frame, note)


def _curve(shares: Sequence[float], revenue: Sequence[float], theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [part * 100 for part in shares],
        "y": [part * 100 for part in revenue],
        "line": {"color": theme.accent, "width": 2.5},
        "fill": "tozeroy",
        "fillcolor": mix(theme.paper, theme.accent, 0.08),
        "hovertemplate": "Top <b>%{x:.0f}\N{NO-BREAK SPACE}%</b> of customers<br>"
        "<b>%{y:.1f}\N{NO-BREAK SPACE}%</b> of revenue"
        "<extra></extra>",
    }


def _point(
    shares: Sequence[float], revenue: Sequence[float], at: int, theme: Theme
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [shares[at] * 100],
        "y": [revenue[at] * 100],
        "text": [f"<b>{share(revenue[at])}</b> of revenue"],
        "textposition": "middle right",
        "textfont": {"color": theme.ink, "size": 13},
        "marker": {
            "color": theme.accent,
            "size": 10,
            "line": {"color": theme.paper, "width": 2},
        },
        "hoverinfo": "skip",
    }


def _equal_line(theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 100],
        "y": [0, 100],
        "line": {"color": theme.muted, "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
    }


def _equal_label(theme: Theme) -> dict[str, Any]:
    return {
        "x": 62,
        "y": 55,
        "text": "if all spent<br>the same",
        "align": "left",
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "top",
        "font": {"color": theme.muted, "size": 12},
    }
