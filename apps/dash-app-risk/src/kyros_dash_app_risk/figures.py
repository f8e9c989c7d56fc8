"""The charts: columns of the API's views in, charts out; nothing else is read or kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_kit import Chart
from kyros_dash_kit.chart import axis_title, empty_figure, escape, figure, percent_axis, rows
from kyros_dash_kit.formats import Money, count, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit import Theme

    Frame = Mapping[str, Sequence[Any]]
    Rows = Sequence[Mapping[str, Any]]

_NOTHING = "No accounts in this selection"
_LABEL_WIDTH = 20
_ROW_HEIGHT, _AXES_HEIGHT, _LEAST_HEIGHT = 44, 96, 340
_FEW = 0.25  # the largest accounts: at most this share of all


def default_rate(frame: Frame, theme: Theme, *, name: str, portfolio: float) -> Chart:
    """Show the default rate of each segment, how sure it is, and the portfolio's.

    Args:
        frame: ``segment``, ``accounts``, ``defaults``, ``default_rate``, ``lower``, ``upper``.
        theme: the colours.
        name: what the portfolio is cut by.
        portfolio: the default rate of all accounts.
    """
    segments = rows(frame)
    if not segments:
        return Chart(_NOTHING, empty_figure(theme, _NOTHING), frame)
    drawn = figure(
        [_rates(segments, theme)],
        theme,
        height=_height(segments),
        xaxis=percent_axis(
            theme,
            "Share of accounts in default",
            range=[0, max(*frame["upper"], portfolio) * 106],
            showgrid=True,
            nticks=7,
        ),
        yaxis=_segment_axis(segments),
        margin={"t": 26},
        shapes=[_portfolio_line(theme, portfolio)],
        annotations=[_portfolio_label(theme, portfolio)],
    )
    note = f"By {name.lower()}, with 95\N{NO-BREAK SPACE}% intervals (Wilson)"
    return Chart(_rate_title(segments), drawn, frame, note)


def _rate_title(segments: Rows) -> str:
    worst = max(segments, key=lambda row: row["default_rate"])
    best = min(segments, key=lambda row: row["default_rate"])
    if worst["default_rate"] == best["default_rate"]:
        return f"{percent(worst['default_rate'])} of accounts default in every segment"
    return (
        f"{percent(worst['default_rate'])} default in “{worst['segment']}”, "
        f"{percent(best['default_rate'])} in “{best['segment']}”"
    )


def _rates(segments: Rows, theme: Theme) -> dict[str, Any]:
    rates = [row["default_rate"] * 100 for row in segments]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": rates,
        "y": list(range(len(segments))),
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [(row["upper"] - row["default_rate"]) * 100 for row in segments],
            "arrayminus": [(row["default_rate"] - row["lower"]) * 100 for row in segments],
            "color": theme.accent,
            "thickness": 2,
            "width": 0,
        },
        "marker": {"color": theme.accent, "size": 11, "line": {"color": theme.paper, "width": 2}},
        "customdata": [
            [
                escape(row["segment"]),
                count(row["defaults"]),
                count(row["accounts"]),
                percent(row["lower"], 1),
                percent(row["upper"], 1),
            ]
            for row in segments
        ],
        "hovertemplate": "<b>%{customdata[0]}</b><br><b>%{x:.1f} %</b> default: "
        "%{customdata[1]} of %{customdata[2]} accounts<br>"
        "between %{customdata[3]} and %{customdata[4]}"
        "<extra></extra>",
    }


def _portfolio_line(theme: Theme, portfolio: float) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": portfolio * 100,
        "x1": portfolio * 100,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "layer": "below",
        "line": {"color": theme.muted, "width": 1, "dash": "dot"},
    }


def _portfolio_label(theme: Theme, portfolio: float) -> dict[str, Any]:
    return {
        "x": portfolio * 100,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "text": f"all accounts {percent(portfolio, 1)}",
        "showarrow": False,
        "font": {"color": theme.muted, "size": 12},
    }


def segment_exposure(frame: Frame, theme: Theme, money: Money, *, name: str) -> Chart:
    """Show the exposure of each segment, and how much of it is in default.

    Args:
        frame: ``segment``, ``accounts``, ``exposure``, ``defaulted_exposure``.
        theme: the colours.
        money: the currency.
        name: what the portfolio is cut by.
    """
    segments = rows(frame)
    total = sum(row["exposure"] for row in segments)
    if not total:
        return Chart(_NOTHING, empty_figure(theme, _NOTHING), frame)
    drawn = figure(
        [
            _exposure_bars(segments, theme.calm, money, defaulted=False),
            _exposure_bars(segments, theme.alert, money, defaulted=True),
        ],
        theme,
        height=_height(segments),
        barmode="stack",
        xaxis={
            "title": axis_title(theme, f"Exposure ({money.unit})"),
            "showgrid": True,
            "tickformat": "~s",
            "nticks": 6,
        },
        yaxis=_segment_axis(segments),
        **_legend(),
    )
    return Chart(_exposure_title(segments, money), drawn, frame, f"By {name.lower()}")


def _exposure_title(segments: Rows, money: Money) -> str:
    worst = max(segments, key=lambda row: row["defaulted_exposure"])
    defaulted = sum(row["defaulted_exposure"] for row in segments)
    if not defaulted:
        total = sum(row["exposure"] for row in segments)
        return f"None of {money.short(total)} is in default"
    return (
        f"{percent(worst['defaulted_exposure'] / defaulted)} of the exposure in default "
        f"is in “{worst['segment']}”"
    )


def _exposure_bars(segments: Rows, colour: str, money: Money, *, defaulted: bool) -> dict[str, Any]:
    amounts = [
        row["defaulted_exposure"] if defaulted else row["exposure"] - row["defaulted_exposure"]
        for row in segments
    ]
    return {
        "type": "bar",
        "orientation": "h",
        "name": "In default" if defaulted else "Performing",
        "x": amounts,
        "y": list(range(len(segments))),
        "marker": {"color": colour, "line": {"width": 0}},
        "customdata": [
            [
                escape(row["segment"]),
                escape(money.exact(amount)),
                percent(amount / row["exposure"] if row["exposure"] else 0, 1),
            ]
            for row, amount in zip(segments, amounts, strict=True)
        ],
        "hovertemplate": "<b>%{customdata[0]}</b><br>"
        f"{'In default' if defaulted else 'Performing'}: <b>%{{customdata[1]}}</b>, "
        "%{customdata[2]} of its exposure<extra></extra>",
    }


def account_size(frame: Frame, theme: Theme, money: Money) -> Chart:
    """Show how many accounts there are of each size, and how many of them defaulted.

    Args:
        frame: ``bin_start``, ``bin_end``, ``accounts``, ``defaults``, ``exposure``.
        theme: the colours.
        money: the currency.
    """
    bins = rows(frame)
    if not bins:
        return Chart(_NOTHING, empty_figure(theme, _NOTHING), frame)
    drawn = figure(
        [
            _size_bars(bins, theme.calm, money, defaulted=False),
            _size_bars(bins, theme.alert, money, defaulted=True),
        ],
        theme,
        barmode="stack",
        bargap=0.08,
        xaxis={
            "title": axis_title(theme, f"Exposure of the account ({money.unit})"),
            "tickformat": "~s",
            "rangemode": "tozero",
            "nticks": 8,
        },
        yaxis={"title": axis_title(theme, "Accounts"), "tickformat": ",d", "nticks": 6},
        **_legend(),
    )
    return Chart(_size_title(bins, money), drawn, frame, "Accounts by the size of their exposure")


def _size_bars(bins: Rows, colour: str, money: Money, *, defaulted: bool) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": "In default" if defaulted else "Performing",
        "x": [(row["bin_start"] + row["bin_end"]) / 2 for row in bins],
        "width": [(row["bin_end"] - row["bin_start"]) * 0.92 for row in bins],
        "y": [row["defaults"] if defaulted else row["accounts"] - row["defaults"] for row in bins],
        "marker": {"color": colour, "line": {"width": 0}},
        "customdata": [
            [
                escape(f"{money.exact(row['bin_start'])} to {money.exact(row['bin_end'])}"),
                count(row["accounts"]),
                percent(row["defaults"] / row["accounts"] if row["accounts"] else 0, 1),
                escape(money.short(row["exposure"])),
            ]
            for row in bins
        ],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]} accounts, "
        "<b>%{customdata[2]}</b> in default<br>%{customdata[3]} of exposure<extra></extra>",
    }


def _size_title(bins: Rows, money: Money) -> str:
    """Say how much of the exposure the few largest accounts hold."""
    accounts = sum(row["accounts"] for row in bins)
    exposure = sum(row["exposure"] for row in bins)
    few, amount, start = 0, 0.0, None
    for row in reversed(bins):
        if few + row["accounts"] > accounts * _FEW:
            break
        few, amount, start = few + row["accounts"], amount + row["exposure"], row["bin_start"]
    if start is None or not exposure:
        return f"{count(accounts)} accounts hold {money.short(exposure)}"
    return (
        f"The {percent(few / accounts)} of accounts over {money.exact(start)} "
        f"hold {percent(amount / exposure)} of the exposure"
    )


def _legend() -> dict[str, Any]:
    return {
        "showlegend": True,
        "margin": {"t": 34},
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.0,
            "yanchor": "bottom",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
        },
    }


def _segment_axis(segments: Rows) -> dict[str, Any]:
    """Return an axis with the segments from top to bottom, in the order of the data."""
    return {
        "tickmode": "array",
        "tickvals": list(range(len(segments))),
        "ticktext": [escape(row["segment"], _LABEL_WIDTH) for row in segments],
        "range": [len(segments) - 0.5, -0.5],
        "showgrid": False,
        "ticks": "",
        "ticklabelstandoff": 8,
    }


def _height(segments: Rows) -> int:
    return max(_LEAST_HEIGHT, len(segments) * _ROW_HEIGHT + _AXES_HEIGHT)
