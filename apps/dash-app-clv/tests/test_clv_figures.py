"""What the charts say and draw, from columns alone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import pytest

from kyros_dash_app_clv import figures
from kyros_dash_kit import make_theme
from kyros_dash_kit.formats import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Frame = Mapping[str, Sequence[Any]]

NBSP = "\N{NO-BREAK SPACE}"
THEME = make_theme("light", "#0052cc")
USD = Money("USD")
CURVE: Frame = {"customer_share": [0.0, 0.1, 0.5, 1.0], "revenue_share": [0.0, 0.434, 0.9, 1.0]}
ORDERS: Frame = {"orders": [1, 2, 10], "customers": [60, 30, 10], "revenue": [600, 900, 1500]}


def growth(*cohorts: tuple[str, list[float]]) -> Frame:
    """Build the columns of cumulative value."""
    rows = [(name, at, value) for name, values in cohorts for at, value in enumerate(values)]
    return {
        "cohort": [name for name, _, _ in rows],
        "month": [at for _, at, _ in rows],
        "value_per_customer": [value for _, _, value in rows],
        "customers": [10 for _ in rows],
    }


class TestConcentration:
    """Who brings the revenue."""

    def test_finding(self) -> None:
        """The title says what the best tenth brings; the curve is in percent."""
        chart = figures.concentration(CURVE, THEME)

        expected = f"The top 10{NBSP}% of customers bring 43{NBSP}% of revenue"
        assert expected == chart.title
        assert [0, 43.4, 90, 100] == pytest.approx(chart.figure["data"][0]["y"])
        assert CURVE == chart.frame

    def test_point(self) -> None:
        """The point that the title is about is marked on the curve."""
        point = figures.concentration(CURVE, THEME).figure["data"][-1]

        assert ([10.0], [43.4]) == (point["x"], point["y"])


class TestOrders:
    """How often customers order."""

    def test_finding(self) -> None:
        """The title says how many came once; each bar says its share."""
        chart = figures.orders_per_customer(ORDERS, THEME, USD)
        bars = chart.figure["data"][0]

        assert f"60{NBSP}% of customers ordered only once" == chart.title
        assert (["1", "2", "10+"], ["60", "30", "10"]) == (bars["x"], bars["text"])
        assert ["$1,500", f"50{NBSP}%"] == bars["customdata"][2]

    def test_nobody_once(self) -> None:
        """Where nobody ordered only once the title says so."""
        frame = {"orders": [2], "customers": [5], "revenue": [50]}

        chart = figures.orders_per_customer(frame, THEME, USD)

        assert f"0{NBSP}% of customers ordered only once" == chart.title


class TestCumulativeValue:
    """How value grows."""

    def test_finding(self) -> None:
        """Cohorts are compared at the latest month that all have reached."""
        frame = growth(("1997-01", [30, 40, 50.4]), ("1997-02", [20, 35]))

        chart = figures.cumulative_value(frame, THEME, USD)

        compared = f"$35 (Feb{NBSP}1997) to $40 (Jan{NBSP}1997)"
        assert f"After 1 month a customer has brought {compared}" == chart.title

    def test_a_year(self) -> None:
        """Not later than after a year, which readers know."""
        chart = figures.cumulative_value(
            growth(("1997-01", [float(month) for month in range(18)])), THEME, USD
        )

        assert "After 12 months a customer has brought $12" == chart.title
        assert THEME.accent == chart.figure["data"][0]["line"]["color"]

    def test_labels_stay_apart(self) -> None:
        """Lines that end close together have names that can be read."""
        lines = [(f"1997-0{at}", [100.0, 110.0 + at / 10]) for at in range(1, 6)]

        chart = figures.cumulative_value(growth(*lines), THEME, USD)

        labels = chart.figure["layout"]["annotations"]
        pixels = sorted(label["y"] * 260 / 110.5 + label["yshift"] for label in labels)
        assert min(upper - lower for lower, upper in pairwise(pixels)) >= 14.9

    def test_many_cohorts(self) -> None:
        """Of many lines the first and the last are named."""
        lines = [(f"1997-{at:02}", [1.0, 2.0 + at]) for at in range(1, 13)]

        chart = figures.cumulative_value(growth(*lines), THEME, USD)

        labels = [label["text"] for label in chart.figure["layout"]["annotations"]]
        assert [f"Jan{NBSP}1997", f"Dec{NBSP}1997"] == labels
        assert 12 == len({trace["line"]["color"] for trace in chart.figure["data"]})


@pytest.mark.parametrize("name", ["light", "dark"])
def test_valid(name: str) -> None:
    """Every figure has only what plotly.js knows, and its axes have titles."""
    theme = make_theme(name, "#ff5722")
    charts = [
        figures.concentration(CURVE, theme),
        figures.orders_per_customer(ORDERS, theme, USD),
        figures.cumulative_value(growth(("1997-01", [1, 2])), theme, USD),
    ]

    for chart in charts:
        layout = go.Figure(chart.figure).layout
        assert layout.xaxis.title.text
        assert layout.yaxis.title.text


def test_empty() -> None:
    """Without customers every chart says so, and draws nothing."""
    charts = [
        figures.concentration({"customer_share": [], "revenue_share": []}, THEME),
        figures.orders_per_customer({"orders": [], "customers": [], "revenue": []}, THEME, USD),
        figures.cumulative_value(growth(), THEME, USD),
    ]

    for chart in charts:
        assert ("No customers in this selection", []) == (chart.title, chart.figure["data"])
        assert go.Figure(chart.figure)


def test_hostile_text() -> None:
    """Text of the data is text in the figure, whatever it looks like."""
    chart = figures.cumulative_value(growth(("<b>x</b>", [1])), THEME, Money("<i>"))

    assert "<i>" not in chart.figure["data"][0]["hovertemplate"]
    assert "&lt;b&gt;x" in chart.figure["data"][0]["hovertemplate"]
