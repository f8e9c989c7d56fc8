"""Where the credit losses are to be expected: by segment, by size, and under stress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_app_risk.figures.common import (
    NOTHING,
    TIMES,
    accounts,
    category_axis,
    category_height,
    dot,
    money_axis,
    quoted,
    words_behind,
)
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import axis_title, empty_chart, escape, figure, legend, rows, upright
from kyros_dash_kit.formats import Money, count, percent, share

if TYPE_CHECKING:
    from kyros_dash_app_risk.figures.common import Cut, Frame, Row, Rows
    from kyros_dash_kit import Theme

_FEW = 0.25  # the largest accounts: at most this share of all
_ROOM = 1.25  # for the share behind a bar
_DOUBLED = 2.0
_NEAR_END = 2.2  # from here on there is no room to the right of the curve


def by_segment(frame: Frame, theme: Theme, money: Money, *, cut: Cut) -> Chart:
    """Show the expected loss of each segment; a click on one narrows the page to it.

    Args:
        frame: ``segment``, ``accounts``, ``exposure``, ``mean_pd``, ``expected_loss``.
        theme: the colours.
        money: the currency.
        cut: what the portfolio is cut by.
    """
    segments = rows(frame)
    if not segments:
        return empty_chart(frame, theme, NOTHING)
    drawn = figure(
        [_loss_bars(segments, theme, money, cut)],
        theme,
        height=category_height(len(segments)),
        xaxis=money_axis(
            theme,
            "Expected loss",
            money,
            showgrid=True,
            nticks=5,
            range=[0, max(row["expected_loss"] for row in segments) * _ROOM or 1],
        ),
        yaxis=category_axis([row["segment"] for row in segments]),
    )
    note = f"By {cut.name.lower()}, with its share of the loss. Choose a bar to look into it."
    return Chart(_loss_title(segments, money), drawn, frame, note)


def _loss_title(segments: Rows, money: Money) -> str:
    loss = sum(row["expected_loss"] for row in segments)
    exposure = sum(row["exposure"] for row in segments)
    if not exposure:
        return "Nothing is owed in this selection, so no loss is to be expected"
    if not loss:
        return f"No loss is expected on {money.short(exposure)}"
    top = max(segments, key=lambda row: row["expected_loss"])
    if len(segments) == 1:
        return (
            f"{money.short(loss)} of loss is expected in {quoted(top['segment'])}, "
            f"{percent(loss / exposure, 1)} of its exposure"
        )
    carried = share(top["expected_loss"] / loss)
    if all(row["expected_loss"] == top["expected_loss"] for row in segments):
        return f"Each of the {len(segments)} segments carries {carried} of the expected loss"
    return (
        f"{quoted(top['segment'])} carries {carried} of the "
        f"expected loss on {share(top['exposure'] / exposure)} of the exposure"
    )


def _loss_bars(segments: Rows, theme: Theme, money: Money, cut: Cut) -> dict[str, Any]:
    top = max(row["expected_loss"] for row in segments)
    loss = sum(row["expected_loss"] for row in segments) or 1
    shares = [share(row["expected_loss"] / loss) for row in segments]
    return {
        "type": "bar",
        "orientation": "h",
        "x": [row["expected_loss"] for row in segments],
        "y": list(range(len(segments))),
        "marker": {
            "color": [
                theme.accent if row["expected_loss"] == top else theme.soft for row in segments
            ],
            "line": {"width": 0},
        },
        **words_behind(theme, shares),
        "customdata": [[cut.part(row["segment"]), *_segment_words(row, money)] for row in segments],
        "hovertemplate": "<b>%{customdata[1]}</b><br><b>%{customdata[2]}</b> expected loss,<br>"
        "%{customdata[3]} of %{customdata[4]} owed on %{customdata[5]}<br>"
        "Mean PD %{customdata[6]}<extra></extra>",
    }


def _segment_words(row: Row, money: Money) -> list[str]:
    exposure = row["exposure"]
    return [
        escape(row["segment"]),
        escape(money.exact(row["expected_loss"])),
        percent(row["expected_loss"] / exposure if exposure else 0, 1),
        escape(money.exact(exposure)),
        accounts(row["accounts"]),
        "unknown" if row["mean_pd"] is None else percent(row["mean_pd"], 1),
    ]


def by_size(frame: Frame, theme: Theme, money: Money) -> Chart:
    """Show what accounts of each size owe, and how much of it is expected to be lost.

    Args:
        frame: ``bin_start``, ``bin_end``, ``accounts``, ``defaults``, ``exposure``,
            ``expected_loss`` (None where no model tells).
        theme: the colours.
        money: the currency.
    """
    bins = rows(frame)
    if not sum(row["accounts"] for row in bins):
        return empty_chart(frame, theme, NOTHING)
    predicted = all(row["expected_loss"] is not None for row in bins)
    losses = [row["expected_loss"] if predicted else 0 for row in bins]
    rest = [row["exposure"] - loss for row, loss in zip(bins, losses, strict=True)]
    traces = [_size_bars(bins, rest, theme.calm, money, "Expected to be paid")]
    if predicted:
        traces.append(_size_bars(bins, losses, theme.alert, money, "Expected loss"))
    drawn = figure(
        traces,
        theme,
        barmode="stack",
        xaxis=money_axis(theme, "Exposure of the account", money, rangemode="tozero", nticks=8),
        yaxis=money_axis(theme, "Exposure of all", money),
        **(legend() if predicted else {}),
    )
    note = "All that is owed, by the size of the account that owes it"
    return Chart(_size_title(bins, money, predicted=predicted), drawn, frame, note)


def _size_bars(
    bins: Rows, amounts: list[float], colour: str, money: Money, name: str
) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": name,
        "x": [(row["bin_start"] + row["bin_end"]) / 2 for row in bins],
        "width": [(row["bin_end"] - row["bin_start"]) * 0.92 for row in bins],
        "y": amounts,
        "marker": {"color": colour, "line": {"width": 0}},
        "customdata": [_size_words(row, money) for row in bins],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]} owe <b>%{customdata[2]}</b>"
        "<br>%{customdata[3]}%{customdata[4]} defaulted<extra></extra>",
    }


def _size_words(row: Row, money: Money) -> list[str]:
    loss, exposure = row["expected_loss"], row["exposure"]
    expected = (
        ""
        if loss is None
        else f"Expected loss <b>{escape(money.exact(loss))}</b>, "
        f"{percent(loss / exposure if exposure else 0, 1)}<br>"
    )
    return [
        escape(f"{money.exact(row['bin_start'])} to {money.exact(row['bin_end'])}"),
        accounts(row["accounts"]),
        escape(money.exact(exposure)),
        expected,
        count(row["defaults"]),
    ]


def _size_title(bins: Rows, money: Money, *, predicted: bool) -> str:
    """Say how much the few largest accounts hold."""
    number = sum(row["accounts"] for row in bins)
    exposure = sum(row["exposure"] for row in bins)
    few: list[Row] = []
    for row in reversed(bins):
        if sum(one["accounts"] for one in [*few, row]) > number * _FEW:
            break
        few.append(row)
    held = sum(row["exposure"] for row in few)
    if not held or not exposure:
        return f"{accounts(number)} owe{'s' if number == 1 else ''} {money.short(exposure)}"
    largest = share(sum(row["accounts"] for row in few) / number)
    said = f"The {largest} of accounts over {money.exact(few[-1]['bin_start'])} hold "
    said += f"{share(held / exposure)} of the exposure"
    loss = sum(row["expected_loss"] for row in bins) if predicted else 0
    if not loss:
        return said
    return f"{said} and {share(sum(row['expected_loss'] for row in few) / loss)} of the loss"


def under_stress(frame: Frame, theme: Theme, money: Money, *, stress: float, loss: float) -> Chart:
    """Show how the expected loss grows with the default probabilities.

    Args:
        frame: ``stress`` (what each PD is multiplied by), ``expected_loss``.
        theme: the colours.
        money: the currency.
        stress: the setting at hand.
        loss: the expected loss under it.
    """
    points = rows(frame)
    if not points or not any(row["expected_loss"] for row in points):
        return empty_chart(frame, theme, "No loss is expected under any stress")
    drawn = figure(
        [_stress_line(points, theme, money), _setting(theme, money, stress, loss)],
        theme,
        xaxis={
            "title": axis_title(theme, f"PD stress ({TIMES} the model's PD)"),
            "ticksuffix": f"\N{NO-BREAK SPACE}{TIMES}",
            "dtick": 0.5,
            "range": [points[0]["stress"], points[-1]["stress"] + 0.04],
        },
        yaxis=money_axis(
            theme,
            "Expected loss",
            money,
            range=[0, max(row["expected_loss"] for row in points) * 1.12],
        ),
        shapes=[upright(theme, 1.0)],
    )
    note = "The dotted line is the model as it is. No PD goes over 100\N{NO-BREAK SPACE}%."
    return Chart(_stress_title(points, money, stress, loss), drawn, frame, note)


def _stress_line(points: Rows, theme: Theme, money: Money) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [row["stress"] for row in points],
        "y": [row["expected_loss"] for row in points],
        "line": {"color": theme.accent, "width": 2.5},
        "customdata": [escape(money.exact(row["expected_loss"])) for row in points],
        "hovertemplate": f"PD {TIMES} %{{x:.2f}}: <b>%{{customdata}}</b> expected loss"
        "<extra></extra>",
    }


def _setting(theme: Theme, money: Money, stress: float, loss: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [stress],
        "y": [loss],
        "marker": dot(theme, theme.accent, 13),
        "text": [f"<b>{escape(money.short(loss))}</b>"],
        "textposition": "top left" if stress > _NEAR_END else "bottom right",
        "textfont": {"color": theme.ink, "size": 13},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _stress_title(points: Rows, money: Money, stress: float, loss: float) -> str:
    """Compare the setting with no stress; without stress, tell what a doubling would do."""
    losses = {row["stress"]: row["expected_loss"] for row in points}
    base = losses.get(1.0, loss)
    if stress != 1 and base:
        more = loss / base - 1
        change = f"{percent(abs(more))} {'more' if more > 0 else 'less'} than without stress"
        return f"At {stress:g} {TIMES} PD the expected loss is {money.short(loss)}, {change}"
    if _DOUBLED in losses and base:
        more = losses[_DOUBLED] / base - 1
        return (
            f"If default probabilities double, the expected loss grows by {percent(more)} "
            f"to {money.short(losses[_DOUBLED])}"
        )
    return f"{money.short(loss)} of loss is expected"
