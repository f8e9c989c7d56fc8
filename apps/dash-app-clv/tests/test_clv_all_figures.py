"""What must hold of every chart: valid, titled, safe, and at ease with odd data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import pytest

from kyros_dash_app_clv.figures import (
    activity,
    cohorts,
    concentration,
    cumulative,
    customer,
    model,
    retention,
    value,
)
from kyros_dash_kit import make_theme
from kyros_dash_kit.formats import Money

if TYPE_CHECKING:
    from kyros_dash_kit import Chart, Theme

Frame = dict[str, list[Any]]
Draw = Callable[[Frame, "Theme", Money], "Chart"]

CASES: dict[str, tuple[Draw, Frame]] = {
    "segments": (
        lambda frame, theme, money: value.segments(frame, theme, money, 52),
        {
            "segment": ["high", "medium", "low"],
            "threshold": [100.0, 20.0, None],
            "customers": [1, 2, 3],
            "active": [1.0, 1.0, 2.0],
            "purchases": [3.0, 2.0, 1.0],
            "value": [300.0, 90.0, 10.0],
            "revenue": [10.0, 20.0, 30.0],
        },
    ),
    "distribution": (
        lambda frame, theme, money: value.distribution(frame, theme, money, 52),
        {"bin_start": [0, 1], "bin_end": [1, 2], "customers": [3, 2], "value": [1.0, 3.0]},
    ),
    "concentration": (
        lambda frame, theme, _: concentration.concentration(frame, theme, 100),
        {"customer_share": [0.0, 0.5, 1.0], "revenue_share": [0.0, 0.8, 1.0]},
    ),
    "cohorts": (
        lambda frame, theme, money: cohorts.value_by_cohort(frame, theme, money, 52),
        {
            "cohort": ["1997-01", "1997-02"],
            "customers": [10, 20],
            "orders": [11, 22],
            "revenue": [100.0, 300.0],
            "active": [5.0, 6.0],
            "value": [50.0, 60.0],
        },
    ),
    "cumulative": (
        cumulative.cumulative_value,
        {
            "cohort": ["1997-01", "1997-01"],
            "month": [0, 1],
            "customers": [10, 10],
            "value_per_customer": [5.0, 6.0],
        },
    ),
    "retention": (
        retention.retention,
        {
            "cohort": ["1997-01", "1997-01"],
            "month": [0, 1],
            "customers": [10, 10],
            "active_customers": [10, 4],
            "revenue": [100.0, 40.0],
        },
    ),
    "alive": (
        lambda frame, theme, _: activity.alive_map(frame, theme),
        {
            "frequency": [0, 1],
            "recency_weeks": [0, 10],
            "p_alive": [1.0, 0.5],
            "purchases": [0.1, 0.4],
            "customers": [5, 0],
        },
    ),
    "tracking": (
        lambda frame, theme, _: model.tracking(frame, theme),
        {
            "week": [1, 2],
            "date": ["1997-01-01", "1997-01-08"],
            "actual": [1.0, 2.0],
            "expected": [1.0, 3.0],
            "phase": ["calibration", "holdout"],
        },
    ),
    "fit": (
        lambda frame, theme, _: model.frequency_fit(frame, theme),
        {"frequency": [0, 7], "actual": [10, 5], "expected": [11.0, 4.0]},
    ),
    "holdout": (
        lambda frame, theme, _: model.holdout(frame, theme),
        {"frequency": [0, 7], "customers": [1, 5], "actual": [0.1, 3.0], "expected": [0.2, 2.0]},
    ),
    "history": (
        lambda frame, theme, money: customer.history(
            {"date": frame["date"], "spend": frame["spend"]},
            {"date": frame["date"], "p_alive": frame["p_alive"]},
            theme,
            money,
        ),
        {"date": ["1997-01-01", "1997-02-01"], "spend": [1.0, 2.0], "p_alive": [1.0, 0.5]},
    ),
}
CASES["purchases"] = (
    lambda frame, theme, _: activity.purchases_map(frame, theme, 52),
    CASES["alive"][1],
)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("light", ["light", "dark"])
def test_valid(name: str, light: str) -> None:
    """A figure has only what plotly.js knows, its axes have titles, and it can be sent."""
    draw, frame = CASES[name]

    chart = draw(frame, make_theme(light, "#ff5722"), Money("USD"))

    layout = go.Figure(chart.figure).layout
    titles = [layout.xaxis.title.text, layout.yaxis.title.text]
    # The segments' axis is their names.
    assert ["Share of all", None] == titles if name == "segments" else all(titles)
    assert json.dumps(chart.figure, allow_nan=False)
    assert chart.title
    assert not chart.title.endswith(".")


@pytest.mark.parametrize("name", CASES)
def test_empty(name: str) -> None:
    """Without rows a chart says why, and draws nothing."""
    draw, frame = CASES[name]

    chart = draw({column: [] for column in frame}, make_theme("light", "#0052cc"), Money("USD"))

    assert [] == chart.figure["data"]
    assert chart.title
    assert go.Figure(chart.figure)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("scale", [0, 1e12])
def test_odd_sizes(name: str, scale: float) -> None:
    """Zeros and huge numbers draw; no axis is without end, no share above all."""
    draw, frame = CASES[name]
    kept = {"frequency", "recency_weeks", "month", "week", "customers", "bin_start", "bin_end"}
    kept |= {"customer_share", "revenue_share", "p_alive", "threshold", "active_customers"}
    odd = {
        column: [
            one * scale if isinstance(one, float | int) and column not in kept else one
            for one in values
        ]
        for column, values in frame.items()
    }

    chart = draw(odd, make_theme("light", "#0052cc"), Money("USD"))

    assert go.Figure(chart.figure)
    assert json.dumps(chart.figure, allow_nan=False)


@pytest.mark.parametrize("name", CASES)
def test_first_row(name: str) -> None:
    """One row is enough to draw."""
    draw, frame = CASES[name]
    one = {column: values[:1] for column, values in frame.items()}

    chart = draw(one, make_theme("light", "#0052cc"), Money("USD"))

    assert go.Figure(chart.figure)
    assert chart.title


@pytest.mark.parametrize("name", CASES)
def test_hostile_text(name: str) -> None:
    """Text of the data and of the settings is text in the figure, whatever it looks like."""
    draw, frame = CASES[name]
    hostile = {
        column: ["<script>" if column in {"segment", "cohort"} else one for one in values]
        for column, values in frame.items()
    }

    chart = draw(hostile, make_theme("light", "#0052cc"), Money("<i>"))

    shown = [*_drawn_text(chart.figure)]
    assert [] == [text for text in shown if "<i>" in text or "<script>" in text]


def _drawn_text(part: object, name: str = "") -> list[str]:
    """Return the text of a figure that plotly.js reads as its HTML; not what clicks carry."""
    if isinstance(part, str):
        return [part]
    if isinstance(part, Mapping):
        return [text for key, one in part.items() for text in _drawn_text(one, key)]
    if isinstance(part, Sequence):
        carried = name == "customdata" and all(isinstance(one, list) for one in part)
        inner = [one[1:] for one in part] if carried else part
        return [text for one in inner for text in _drawn_text(one)]
    return []
