"""What the charts say and draw, from columns alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import pytest

from kyros_dash_app_risk import figures
from kyros_dash_kit import make_theme
from kyros_dash_kit.formats import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Frame = Mapping[str, Sequence[Any]]

NBSP = "\N{NO-BREAK SPACE}"
THEME = make_theme("light", "#0052cc")
MARKS = Money("DEM")
RATES: Frame = {
    "segment": ["Overdrawn", "No account"],
    "accounts": [100, 300],
    "defaults": [49, 35],
    "default_rate": [0.49, 0.117],
    "lower": [0.39, 0.085],
    "upper": [0.59, 0.158],
    "exposure": [1000.0, 3000.0],
    "defaulted_exposure": [600.0, 400.0],
}
SIZES: Frame = {
    "bin_start": [0.0, 1000.0, 2000.0],
    "bin_end": [1000.0, 2000.0, 3000.0],
    "accounts": [60, 20, 20],
    "defaults": [6, 4, 10],
    "exposure": [30_000.0, 30_000.0, 60_000.0],
}
NOTHING: Frame = {name: [] for name in [*RATES, *SIZES]}


class TestDefaultRate:
    """Where accounts default."""

    def test_finding(self) -> None:
        """The title names the worst and the best segment."""
        chart = figures.default_rate(RATES, THEME, name="Checking account", portfolio=0.21)

        expected = f"49{NBSP}% default in “Overdrawn”, 12{NBSP}% in “No account”"
        assert expected == chart.title
        assert "checking account" in chart.note

    def test_intervals(self) -> None:
        """Each rate has its interval, and the portfolio's rate is a line."""
        drawn = figures.default_rate(RATES, THEME, name="Account", portfolio=0.21).figure

        rates = drawn["data"][0]
        assert [49, 11.7] == pytest.approx(rates["x"])
        assert [10, 4.1] == pytest.approx(rates["error_x"]["array"])
        assert [10, 3.2] == pytest.approx(rates["error_x"]["arrayminus"])
        assert 21 == pytest.approx(drawn["layout"]["shapes"][0]["x0"])

    def test_order(self) -> None:
        """Segments stand from top to bottom in the order of the data."""
        axis = figures.default_rate(RATES, THEME, name="A", portfolio=0.2).figure["layout"]["yaxis"]

        assert (["Overdrawn", "No account"], [1.5, -0.5]) == (axis["ticktext"], axis["range"])

    def test_one_rate(self) -> None:
        """Where no segment is worse than another the title says so."""
        frame = {name: values[:1] for name, values in RATES.items()}

        chart = figures.default_rate(frame, THEME, name="Account", portfolio=0.49)

        assert f"49{NBSP}% of accounts default in every segment" == chart.title


class TestSegmentExposure:
    """Where the money is."""

    def test_finding(self) -> None:
        """The title names the segment with most of the exposure in default."""
        chart = figures.segment_exposure(RATES, THEME, MARKS, name="Account")

        expected = f"60{NBSP}% of the exposure in default is in “Overdrawn”"
        assert expected == chart.title

    def test_bars(self) -> None:
        """Performing and defaulted exposure add up to all of it."""
        performing, defaulted = figures.segment_exposure(
            RATES, THEME, MARKS, name="Account"
        ).figure["data"]

        assert ([400, 2600], [600, 400]) == (performing["x"], defaulted["x"])
        assert ["Overdrawn", f"DM{NBSP}600", f"60.0{NBSP}%"] == defaulted["customdata"][0]

    def test_nothing_in_default(self) -> None:
        """Without a default there is no such segment."""
        frame = {**RATES, "defaulted_exposure": [0, 0]}

        chart = figures.segment_exposure(frame, THEME, MARKS, name="Account")

        assert f"None of DM{NBSP}4,000 is in default" == chart.title


class TestAccountSize:
    """How large the accounts are."""

    def test_finding(self) -> None:
        """The title says what the few large accounts hold."""
        chart = figures.account_size(SIZES, THEME, MARKS)

        expected = f"The 20{NBSP}% of accounts over DM{NBSP}2,000 hold 50{NBSP}% of the exposure"
        assert expected == chart.title

    def test_bars(self) -> None:
        """Accounts in default stand on those that perform."""
        performing, defaulted = figures.account_size(SIZES, THEME, MARKS).figure["data"]

        assert ([54, 16, 10], [6, 4, 10]) == (performing["y"], defaulted["y"])

    def test_one_size(self) -> None:
        """Where all accounts are alike there are no few large ones."""
        frame = {name: values[:1] for name, values in SIZES.items()}

        chart = figures.account_size(frame, THEME, MARKS)

        assert f"60 accounts hold DM{NBSP}30,000" == chart.title


@pytest.mark.parametrize("name", ["light", "dark"])
def test_valid(name: str) -> None:
    """Every figure has only what plotly.js knows, and a title on the axis that measures."""
    theme = make_theme(name, "#ff5722")
    charts = [
        figures.default_rate(RATES, theme, name="Account", portfolio=0.2),
        figures.segment_exposure(RATES, theme, MARKS, name="Account"),
        figures.account_size(SIZES, theme, MARKS),
    ]

    for chart in charts:
        assert go.Figure(chart.figure).layout.xaxis.title.text


def test_empty() -> None:
    """Without accounts every chart says so, and draws nothing."""
    charts = [
        figures.default_rate(NOTHING, THEME, name="Account", portfolio=0),
        figures.segment_exposure(NOTHING, THEME, MARKS, name="Account"),
        figures.account_size(NOTHING, THEME, MARKS),
    ]

    for chart in charts:
        assert ("No accounts in this selection", []) == (chart.title, chart.figure["data"])


def test_hostile_text() -> None:
    """A segment's name is text in the figure, whatever it looks like."""
    frame = {**RATES, "segment": ["<a href='x'>", "b"]}

    drawn = figures.default_rate(frame, THEME, name="Account", portfolio=0.2).figure

    assert "&lt;a href='x'&gt;" == drawn["data"][0]["customdata"][0][0]
    assert "<a" not in drawn["layout"]["yaxis"]["ticktext"][0]
