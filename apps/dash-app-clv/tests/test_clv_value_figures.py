"""What the charts of value say and draw, from columns alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kyros_dash_app_clv.figures.concentration import concentration
from kyros_dash_app_clv.figures.value import distribution, segments
from kyros_dash_kit import make_theme
from kyros_dash_kit.formats import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Frame = Mapping[str, Sequence[Any]]

NBSP = "\N{NO-BREAK SPACE}"
THEME = make_theme("light", "#0052cc")
USD = Money("USD")
CURVE: Frame = {"customer_share": [0.0, 0.1, 0.5, 1.0], "revenue_share": [0.0, 0.434, 0.9, 1.0]}


def parts(customers: list[int], value: list[float]) -> Frame:
    """Build the columns of the segments, from high to low."""
    return {
        "segment": ["high", "medium", "low"],
        "threshold": [100.0, 20.0, None],
        "customers": customers,
        "active": [number / 2 for number in customers],
        "purchases": [float(number) for number in customers],
        "value": value,
        "revenue": [100.0, 50.0, 10.0],
    }


def bins(customers: list[int]) -> Frame:
    """Build the columns of the distribution."""
    edges = [0, 10, 20, 50, 100]
    return {
        "bin_start": edges[: len(customers)],
        "bin_end": edges[1 : len(customers) + 1],
        "customers": customers,
        "value": [10.0 * number for number in customers],
    }


class TestSegments:
    """Who holds the value."""

    def test_finding(self) -> None:
        """The title says which part of the customers holds which part of the value."""
        chart = segments(parts([8, 22, 70], [610, 290, 100]), THEME, USD, 52)

        expected = f"The 8{NBSP}% of customers with high value hold 61{NBSP}% of the value to come"
        assert expected == chart.title
        customers, value = chart.figure["data"]
        assert [8, 22, 70] == pytest.approx(customers["x"])
        assert [61, 29, 10] == pytest.approx(value["x"])
        assert "Low value<br>under $20" == value["y"][2]
        assert f"<b>61{NBSP}%</b>  $610" == value["text"][0]

    def test_no_high(self) -> None:
        """Where nobody is of high value the title is about the next."""
        chart = segments(parts([0, 1, 3], [0, 30, 10]), THEME, USD, 52)

        expected = (
            f"Nobody is worth $100; the 25{NBSP}% of customers with medium value hold "
            f"75{NBSP}% of the value to come"
        )
        assert expected == chart.title

    @pytest.mark.parametrize(
        ("customers", "expected"),
        [
            ([0, 0, 5], "All 5 customers are of low value"),
            ([1, 0, 0], "This customer is of high value"),
        ],
    )
    def test_all_alike(self, customers: list[int], expected: str) -> None:
        """No part is compared with itself."""
        assert expected == segments(parts(customers, [1, 1, 1]), THEME, USD, 52).title

    def test_worthless(self) -> None:
        """Where no value is expected nobody holds a share of it."""
        chart = segments(parts([0, 0, 5], [0, 0, 0]), THEME, USD, 13)

        assert "No value is expected of these customers in the next 13 weeks" == chart.title

    def test_millions(self) -> None:
        """Large amounts are short, so that they fit beside the bars of a telephone."""
        large = {**parts([8, 22, 70], [610e6, 290e6, 100e6]), "threshold": [100e6, 20e6, None]}

        value = segments(large, THEME, Money("TWD"), 52).figure["data"][1]

        assert "Medium value<br>NT$20M to NT$100M" == value["y"][1]

    def test_click(self) -> None:
        """A bar carries its segment, so that a click can choose it; the chosen one stands out."""
        bar = segments(parts([8, 22, 70], [610, 290, 100]), THEME, USD, 52, "high").figure["data"][
            1
        ]

        assert ["high", "medium", "low"] == [point[0] for point in bar["customdata"]]
        strong, *pale = bar["marker"]["opacity"]
        assert max(pale) < strong

    def test_legend(self) -> None:
        """The legend has each series' own colour, also when the first segment stands back."""
        shown = segments(parts([8, 22, 70], [610, 290, 100]), THEME, USD, 52, "low").figure["data"]

        assert [THEME.calm, THEME.accent] == [trace["marker"]["color"] for trace in shown]
        assert shown[0]["marker"]["opacity"][0] < shown[0]["marker"]["opacity"][2]

    def test_small_share(self) -> None:
        """A few of very many are not called nobody, nor is almost all called all."""
        chart = segments(parts([1, 0, 9999], [9999, 0, 1]), THEME, USD, 52)

        part, held = f"under 0.1{NBSP}%", f"over 99.9{NBSP}%"
        expected = f"The {part} of customers with high value hold {held} of the value to come"
        assert expected == chart.title


class TestDistribution:
    """How many are worth how much."""

    @pytest.mark.parametrize(
        ("customers", "expected"),
        [
            ([6, 2, 2], f"60{NBSP}% of customers are expected to bring less than $10"),
            ([3, 3, 4], f"60{NBSP}% of customers are expected to bring less than $20"),
            ([1, 1, 8], f"80{NBSP}% of customers are expected to bring $20 or more"),
            ([0, 4, 0], "All 4 customers are expected to bring $10 to $20"),
            ([1], "This customer is expected to bring $0 to $10"),
        ],
    )
    def test_finding(self, customers: list[int], expected: str) -> None:
        """The title says where half or more of the customers are."""
        chart = distribution(bins(customers), THEME, USD, 52)

        assert f"{expected} in the next 52 weeks" == chart.title

    def test_narrowed(self) -> None:
        """Where filters left some customers only, the title speaks of them."""
        title = distribution(bins([6, 2, 2]), THEME, USD, 52, "these customers").title

        assert title.startswith(f"60{NBSP}% of these customers are expected")

    def test_edges(self) -> None:
        """Ranges stand between their edges, also where one between is empty; few are named."""
        frame = {"bin_start": [0, 1000], "bin_end": [1, 2000], "customers": [3, 1], "value": [1, 9]}

        chart = distribution(frame, THEME, USD, 52)

        assert [0.5, 2.5] == chart.figure["data"][0]["x"]
        assert ["0", "1", "1k", "2k"] == chart.figure["layout"]["xaxis"]["ticktext"]
        assert [75, 25] == chart.figure["data"][0]["y"]


class TestConcentration:
    """Who brought the revenue."""

    def test_finding(self) -> None:
        """The title says what the best tenth brought, and the curve marks it."""
        chart = concentration(CURVE, THEME, 1000)

        assert f"The top 10{NBSP}% of customers brought 43{NBSP}% of revenue" == chart.title
        assert [0, 43.4, 90, 100] == pytest.approx(chart.figure["data"][0]["y"])
        assert ([10.0], [43.4]) == (chart.figure["data"][-1]["x"], chart.figure["data"][-1]["y"])

    def test_few(self) -> None:
        """A tenth of a few customers is nobody, so nothing is said of it."""
        chart = concentration(CURVE, THEME, 9)

        assert "9 customers brought the revenue so far" == chart.title
        assert 2 == len(chart.figure["data"])
