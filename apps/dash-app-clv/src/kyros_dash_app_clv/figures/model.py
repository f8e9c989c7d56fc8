"""How good the model is: what it says against what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv.figures.parts import bars, date_axis, known, nothing, people, times
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import axis_title, count_axis, figure, legend, rows, upright
from kyros_dash_kit.formats import count, percent, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kyros_dash_app_clv.figures.parts import Frame, Row
    from kyros_dash_kit import Theme

NOT_CHECKED = "The data is too short to hold some of it back and check the model against it"
_LAST = 7  # the tables put everybody with more repeat purchases here
_ALIKE = 0.01


def tracking(frame: Frame, theme: Theme) -> Chart:
    """Show the repeat purchases week by week, real and expected, added up.

    Args:
        frame: ``week``, ``date``, ``actual``, ``expected`` (both cumulative), ``phase``
            (``calibration``, which the model was fitted on, then ``holdout``).
        theme: the colours.
    """
    if not known(frame, "actual", "expected"):
        return nothing(theme, frame, NOT_CHECKED)
    weeks = rows(frame)
    known_to_model = [row for row in weeks if row["phase"] != "holdout"]
    unseen = [row for row in weeks if row["phase"] == "holdout"]
    border = known_to_model[-1] if known_to_model and unseen else None
    drawn = figure(
        [
            _line(weeks, "actual", "Actual", {"color": theme.ink, "width": 2}),
            _line(
                weeks, "expected", "Model", {"color": theme.accent, "width": 2.5, "dash": "dash"}
            ),
        ],
        theme,
        xaxis=date_axis(theme, "Week"),
        yaxis=count_axis(theme, "Repeat purchases so far"),
        hovermode="x unified",
        shapes=[] if border is None else [upright(theme, str(border["date"])[:10])],
        annotations=[] if border is None else _border_words(border, theme),
        **legend(),
    )
    note = (
        "The model was fitted on the weeks before the dotted line; it counts all customers "
        "together, whatever each did later"
    )
    return Chart(_tracking_title(weeks, border), drawn, frame, note if border else "")


def _line(weeks: Sequence[Row], column: str, name: str, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [str(row["date"])[:10] for row in weeks],
        "y": [row[column] for row in weeks],
        "line": line,
        "hovertemplate": f"{name}: <b>%{{y:,.0f}}</b><extra></extra>",
    }


def _border_words(border: Row, theme: Theme) -> list[dict[str, Any]]:
    common = {
        "x": str(border["date"])[:10],
        "y": 0,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"color": theme.muted, "size": 12},
    }
    return [
        {**common, "text": "fitted on", "xanchor": "right", "xshift": -5},
        {**common, "text": "not seen", "xanchor": "left", "xshift": 5},
    ]


def _tracking_title(weeks: Sequence[Row], border: Row | None) -> str:
    last = weeks[-1]
    start = border or {"actual": 0, "expected": 0, "week": weeks[0]["week"] - 1}
    actual, expected = (last[name] - start[name] for name in ("actual", "expected"))
    span = times(last["week"] - start["week"], "week")
    over = f"In the {span} held back from it" if border else f"In the {span} of its fit"
    says = f"the model expects {count(expected)} repeat purchases, {count(actual)} were made"
    return f"{over} {says}{_off(expected, actual)}"


def _off(expected: float, actual: float) -> str:
    """Say by how much an expectation misses; nothing where there is nothing to compare with."""
    if not actual:
        return ""
    miss = expected / actual - 1
    if abs(miss) < _ALIKE:
        return ": less than 1\N{NO-BREAK SPACE}% apart"
    return f": {percent(abs(miss))} too {'many' if miss > 0 else 'few'}"


def frequency_fit(frame: Frame, theme: Theme) -> Chart:
    """Show how many customers came back how often, really and by the model.

    Args:
        frame: ``frequency`` (7 is 7 and more), ``actual``, ``expected`` (customers).
        theme: the colours.
    """
    customers = sum(frame.get("actual", []))
    if not customers or not known(frame, "expected"):
        return nothing(theme, frame, NOT_CHECKED)
    names = _frequencies(frame)
    drawn = figure(
        [
            bars(
                "Actual", theme.calm, _bar_hover(names, frame["actual"]), x=names, y=frame["actual"]
            ),
            bars(
                "Model",
                theme.accent,
                _bar_hover(names, frame["expected"]),
                x=names,
                y=frame["expected"],
            ),
        ],
        theme,
        xaxis={"title": axis_title(theme, "Repeat purchases"), "type": "category"},
        yaxis=count_axis(theme, "Customers"),
        bargap=0.25,
        bargroupgap=0.05,
        **legend(),
    )
    pairs = zip(frame["actual"], frame["expected"], strict=True)
    agree = sum(min(actual, expected) for actual, expected in pairs) / customers
    title = (
        f"Model and reality put {share(min(agree, 1))} of {people(customers)} at the same number "
        "of repeat purchases"
    )
    return Chart(title, drawn, frame, "Repeat purchases in the weeks that the model was fitted on")


def _bar_hover(names: Sequence[str], customers: Sequence[float]) -> list[str]:
    pairs = zip(names, customers, strict=True)
    return [f"{name} repeat purchases: <b>{people(number)}</b>" for name, number in pairs]


def _frequencies(frame: Frame) -> list[str]:
    return [f"{number}+" if number >= _LAST else str(number) for number in frame["frequency"]]


def holdout(frame: Frame, theme: Theme) -> Chart:
    """Show what customers bought in the weeks held back, by how often they had bought before.

    Args:
        frame: ``frequency`` (before; 7 is 7 and more), ``customers``, ``actual`` and ``expected``
            (purchases per customer in the holdout).
        theme: the colours.
    """
    if not known(frame, "actual", "expected"):
        return nothing(theme, frame, NOT_CHECKED)
    names = _frequencies(frame)
    actual = {"color": theme.ink, "width": 2}
    model = {"color": theme.accent, "width": 2.5, "dash": "dash"}
    drawn = figure(
        [
            _means(names, frame, "actual", "Actual", actual),
            _means(names, frame, "expected", "Model", model),
        ],
        theme,
        xaxis={"title": axis_title(theme, "Repeat purchases before"), "type": "category"},
        yaxis=count_axis(theme, "Purchases per customer after"),
        hovermode="x unified",
        **legend(),
    )
    note = "Before and after: the weeks that the model was fitted on, and those held back from it"
    return Chart(_holdout_title(rows(frame)), drawn, frame, note)


def _means(
    names: Sequence[str], frame: Frame, column: str, name: str, line: dict[str, Any]
) -> dict[str, Any]:
    of = name if column == "expected" else f"{name} (%{{customdata}})"
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": names,
        "y": frame[column],
        "line": line,
        "marker": {"color": line["color"], "size": 7},
        "customdata": [people(number) for number in frame["customers"]],
        "hovertemplate": f"{of}: <b>%{{y:.2f}}</b> each<extra></extra>",
    }


def _holdout_title(groups: Sequence[Row]) -> str:
    customers = sum(row["customers"] for row in groups)
    if not customers:
        return NOT_CHECKED
    off = sum(row["customers"] * abs(row["expected"] - row["actual"]) for row in groups)
    mean = sum(row["customers"] * row["actual"] for row in groups) / customers
    return (
        f"Customers went on to buy {mean:.2f} times each; over the groups, the model is "
        f"{off / customers:.2f} off on average"
    )
