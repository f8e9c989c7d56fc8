"""Default rates and exposure of each segment: what is known without a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_app_risk.figures.common import (
    NOTHING,
    TIMES,
    above,
    accounts,
    category_axis,
    category_height,
    dot,
    interval,
    money_axis,
    none_of,
    quoted,
)
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import (
    empty_chart,
    escape,
    figure,
    legend,
    percent_axis,
    rows,
    upright,
)
from kyros_dash_kit.formats import Money, count, percent, share

if TYPE_CHECKING:
    from kyros_dash_app_risk.figures.common import Cut, Frame, Rows
    from kyros_dash_kit import Theme


def default_rate(
    frame: Frame, theme: Theme, *, cut: Cut, portfolio: float, stress: float = 1.0
) -> Chart:
    """Show each segment's default rate with its interval, and the PD that the model gives it.

    Args:
        frame: ``segment``, ``accounts``, ``defaults``, ``default_rate``, ``lower``, ``upper``,
            ``mean_pd`` (None where no model tells).
        theme: the colours.
        cut: what the portfolio is cut by.
        portfolio: the default rate of all accounts shown.
        stress: what each PD is multiplied by.
    """
    segments = rows(frame)
    if not segments:
        return empty_chart(frame, theme, NOTHING)
    predicted = all(row["mean_pd"] is not None for row in segments)
    traces = [_observed(segments, theme, cut)]
    if predicted:
        traces.append(_predicted(segments, theme, cut, stress))
    drawn = figure(
        traces,
        theme,
        height=category_height(len(segments)),
        xaxis=percent_axis(
            theme,
            "Share of accounts in default",
            range=[0, _highest(segments, portfolio, predicted=predicted)],
            showgrid=True,
            nticks=5,
            tickangle=0,
        ),
        yaxis=category_axis([row["segment"] for row in segments]),
        shapes=[upright(theme, portfolio * 100)],
        **_explained(theme, portfolio, predicted=predicted),
    )
    note = f"By {cut.name.lower()}. Lines: 95\N{NO-BREAK SPACE}% intervals (Wilson); "
    note += f"dotted: all {percent(portfolio, 1)}."
    return Chart(_rate_title(segments), drawn, frame, note)


def _explained(theme: Theme, portfolio: float, *, predicted: bool) -> dict[str, Any]:
    if predicted:
        return legend()
    text = f"all accounts {percent(portfolio, 1)}"
    return {"margin": {"t": 26}, "annotations": [above(theme, portfolio * 100, text)]}


def _highest(segments: Rows, portfolio: float, *, predicted: bool) -> float:
    shares = [row["upper"] for row in segments] + [portfolio]
    if predicted:
        shares += [row["mean_pd"] for row in segments]
    return float(max(*shares, 0.01)) * 106


def _rate_title(segments: Rows) -> str:
    defaults = sum(row["defaults"] for row in segments)
    number = sum(row["accounts"] for row in segments)
    if not defaults:
        return none_of(number)
    worst = max(segments, key=lambda row: row["default_rate"])
    best = min(segments, key=lambda row: row["default_rate"])
    if len(segments) == 1:
        return (
            f"{share(worst['default_rate'])} of {accounts(number)} "
            f"in {quoted(worst['segment'])} defaulted"
        )
    if worst["default_rate"] == best["default_rate"]:
        return f"{share(worst['default_rate'])} of accounts defaulted in every segment"
    said = (
        f"{share(worst['default_rate'])} defaulted in {quoted(worst['segment'])}, "
        f"{share(best['default_rate'])} in {quoted(best['segment'])}"
    )
    # Intervals that meet do not say that the rates are equal, only that the data cannot tell.
    return said if worst["lower"] > best["upper"] else f"{said}: the intervals overlap"


def _observed(segments: Rows, theme: Theme, cut: Cut) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Defaulted",
        "x": [row["default_rate"] * 100 for row in segments],
        "y": list(range(len(segments))),
        "error_x": interval(segments, "default_rate", theme),
        "marker": dot(theme, theme.accent),
        "customdata": [
            [
                cut.part(row["segment"]),
                escape(row["segment"]),
                count(row["defaults"]),
                accounts(row["accounts"]),
                percent(row["lower"], 1),
                percent(row["upper"], 1),
            ]
            for row in segments
        ],
        "hovertemplate": "<b>%{customdata[1]}</b><br><b>%{x:.1f}\N{NO-BREAK SPACE}%</b> defaulted: "
        "%{customdata[2]} of %{customdata[3]}<br>"
        "95\N{NO-BREAK SPACE}% interval: %{customdata[4]} to %{customdata[5]}<extra></extra>",
    }


def _predicted(segments: Rows, theme: Theme, cut: Cut, stress: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Mean PD" if stress == 1 else f"Mean PD under stress ({stress:g} {TIMES})",
        "x": [row["mean_pd"] * 100 for row in segments],
        "y": list(range(len(segments))),
        "marker": {
            "symbol": "diamond-open",
            "color": theme.ink,
            "size": 10,
            "line": {"width": 1.8},
        },
        "customdata": [[cut.part(row["segment"]), escape(row["segment"])] for row in segments],
        "hovertemplate": "<b>%{customdata[1]}</b><br>The model gives a mean PD of "
        "<b>%{x:.1f}\N{NO-BREAK SPACE}%</b><extra></extra>",
    }


def exposure(frame: Frame, theme: Theme, money: Money, *, cut: Cut) -> Chart:
    """Show the exposure of each segment and how much of it is in default, where no model tells.

    Args:
        frame: ``segment``, ``accounts``, ``exposure``, ``defaulted_exposure``.
        theme: the colours.
        money: the currency.
        cut: what the portfolio is cut by.
    """
    segments = rows(frame)
    if not segments:
        return empty_chart(frame, theme, NOTHING)
    drawn = figure(
        [
            _exposure_bars(segments, theme.calm, money, cut, defaulted=False),
            _exposure_bars(segments, theme.alert, money, cut, defaulted=True),
        ],
        theme,
        height=category_height(len(segments)),
        barmode="stack",
        xaxis=money_axis(theme, "Exposure", money, showgrid=True, rangemode="tozero", nticks=5),
        yaxis=category_axis([row["segment"] for row in segments]),
        **legend(),
    )
    note = f"By {cut.name.lower()}. Choose a bar to look into it."
    return Chart(_exposure_title(segments, money), drawn, frame, note)


def _exposure_title(segments: Rows, money: Money) -> str:
    total = sum(row["exposure"] for row in segments)
    defaulted = sum(row["defaulted_exposure"] for row in segments)
    if not total:
        return "Nothing is owed in this selection"
    if not defaulted:
        return f"None of {money.short(total)} is in default"
    worst = max(segments, key=lambda row: row["defaulted_exposure"])
    if len(segments) == 1:
        return f"{share(defaulted / total)} of {money.short(total)} is in default"
    return (
        f"{share(worst['defaulted_exposure'] / defaulted)} of the exposure in default "
        f"is in {quoted(worst['segment'])}"
    )


def _exposure_bars(
    segments: Rows, colour: str, money: Money, cut: Cut, *, defaulted: bool
) -> dict[str, Any]:
    state = "In default" if defaulted else "Performing"
    amounts = [
        row["defaulted_exposure"] if defaulted else row["exposure"] - row["defaulted_exposure"]
        for row in segments
    ]
    return {
        "type": "bar",
        "orientation": "h",
        "name": state,
        "x": amounts,
        "y": list(range(len(segments))),
        "marker": {"color": colour, "line": {"width": 0}},
        "customdata": [
            [
                cut.part(row["segment"]),
                escape(row["segment"]),
                escape(money.exact(amount)),
                percent(amount / row["exposure"] if row["exposure"] else 0, 1),
            ]
            for row, amount in zip(segments, amounts, strict=True)
        ],
        "hovertemplate": f"<b>%{{customdata[1]}}</b><br>{state}: <b>%{{customdata[2]}}</b>, "
        "%{customdata[3]} of its exposure<extra></extra>",
    }
