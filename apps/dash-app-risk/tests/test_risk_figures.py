"""What every chart of the dashboard holds to: valid, readable, safe, and honest when empty."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import pytest
import risk_sample as sample
from risk_sample import MINUS, changed, first, none

from kyros_dash_app_risk.figures import account, loss, model, score, scorecard, segments
from kyros_dash_app_risk.figures.common import Cut, label, quoted, signed
from kyros_dash_kit import make_theme
from kyros_dash_kit.formats import Money

if TYPE_CHECKING:
    from collections.abc import Callable

    from kyros_dash_kit import Chart, Theme

MARKS = Money("DEM")
CUT = Cut("checking", "Checking account")
THRESHOLDS = {"warning": 0.2, "critical": 0.4}
HOSTILE = "<a href='x'>"

CHARTS: dict[str, tuple[sample.Frame, Callable[[sample.Frame, Theme], Chart]]] = {
    "loss": (sample.SEGMENTS, lambda f, t: loss.by_segment(f, t, MARKS, cut=CUT)),
    "size": (sample.SIZES, lambda f, t: loss.by_size(f, t, MARKS)),
    "stress": (sample.STRESS, lambda f, t: loss.under_stress(f, t, MARKS, stress=1.5, loss=590)),
    "rate": (sample.SEGMENTS, lambda f, t: segments.default_rate(f, t, cut=CUT, portfolio=0.2)),
    "exposure": (sample.SEGMENTS, lambda f, t: segments.exposure(f, t, MARKS, cut=CUT)),
    "scores": (sample.SCORES, lambda f, t: score.distribution(f, t, thresholds=THRESHOLDS)),
    "drivers": (sample.SCORECARD, lambda f, t: scorecard.drivers(f, t, chosen="checking")),
    "points": (sample.SCORECARD, lambda f, t: scorecard.points(f, t, chosen="checking")),
    "roc": (
        sample.DISCRIMINATION,
        lambda f, t: model.roc(f, t, auc=model.metric(sample.METRICS, "auc")),
    ),
    "ks": (sample.DISCRIMINATION, model.kolmogorov_smirnov),
    "calibration": (sample.CALIBRATION, model.calibration),
    "account": (
        sample.ACCOUNT_POINTS,
        lambda f, t: account.points_lost(f, t, account="G1", score=523),
    ),
}
every_chart = pytest.mark.parametrize("name", CHARTS)


def drawn(name: str, frame: sample.Frame, theme: str = "light") -> Chart:
    """Draw one of the charts."""
    return CHARTS[name][1](frame, make_theme(theme, "#ff5722"))


@every_chart
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_valid(name: str, theme: str) -> None:
    """Every figure has only what plotly.js knows, in JSON, with a title on the axis of amounts."""
    chart = drawn(name, CHARTS[name][0], theme)

    checked = go.Figure(chart.figure)
    assert checked.layout.xaxis.title.text
    assert chart.title
    assert chart.note
    json.dumps(chart.figure, allow_nan=False)


@every_chart
def test_kinds(name: str) -> None:
    """Only kinds of traces are used that the page's part of plotly.js can draw."""
    kinds = {trace["type"] for trace in drawn(name, CHARTS[name][0]).figure["data"]}

    assert kinds <= {"scatter", "bar", "heatmap", "histogram", "box", "contour", "image", "pie"}


@every_chart
def test_empty(name: str) -> None:
    """Without rows every chart says so, and draws nothing."""
    chart = drawn(name, none(CHARTS[name][0]))

    assert [] == chart.figure["data"]
    assert chart.title


@every_chart
def test_one_row(name: str) -> None:
    """One row is enough for a figure."""
    assert go.Figure(drawn(name, first(CHARTS[name][0])).figure)


@every_chart
def test_huge(name: str) -> None:
    """Amounts of any size can be drawn and written."""
    frame = CHARTS[name][0]
    amounts = {"exposure", "expected_loss", "defaulted_exposure"} & {*frame}
    huge = changed(frame, **{one: [value * 1e12 for value in frame[one]] for one in amounts})

    json.dumps(drawn(name, huge).figure, allow_nan=False)


@every_chart
def test_hostile_text(name: str) -> None:
    """Names of the data are text in the figure, whatever they look like."""
    frame = CHARTS[name][0]
    names = {"segment", "title", "label"} & {*frame}
    hostile = changed(frame, **{one: [HOSTILE] * len(frame[one]) for one in names})

    chart = drawn(name, hostile)

    assert not [text for text in _texts(chart.figure) if "<a" in text]
    # What a click sends back is the name itself; it stands first and is in no template.
    templates = [str(trace.get("hovertemplate", "")) for trace in chart.figure["data"]]
    assert not [one for one in templates if "customdata[0]" in one and names & {"segment"}]


def _texts(value: Any, key: str = "") -> list[str]:  # noqa: ANN401 - any part of a figure
    """Return every text of a figure, but for the first of each customdata of a segment."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one, part in value.items() for text in _texts(part, one)]
    if isinstance(value, list):
        parts = value[1:] if key == "row" and str(value[0]).startswith("checking:") else value
        inner = "row" if key == "customdata" else ""
        return [text for part in parts for text in _texts(part, inner)]
    return []


@pytest.mark.parametrize(
    ("value", "text"),
    [(12, "+12"), (-45.4, f"{MINUS}45"), (0.2, "0"), (-0.4, "0"), (1e6, "+1,000,000")],
)
def test_signed(value: float, text: str) -> None:
    """Points carry their sign, and what rounds to nothing carries none."""
    assert text == signed(value)


def test_long_names() -> None:
    """Long names are cut in sentences, and broken beside bars."""
    assert f"“{'x' * 43}…”" == quoted("x" * 99)
    assert "“short”" == quoted("short")
    assert "one two three four<br>five six seven eight…" == label(
        "one two three four five six seven eight nine ten"
    )
