"""What the charts of the model say and draw, from columns alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kyros_dash_app_clv.figures.activity import alive_map, purchases_map
from kyros_dash_app_clv.figures.model import frequency_fit, holdout, tracking
from kyros_dash_kit import make_theme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Frame = Mapping[str, Sequence[Any]]

NBSP = "\N{NO-BREAK SPACE}"
THEME = make_theme("light", "#0052cc")


def cells(*lines: tuple[int, int, float, float, int]) -> Frame:
    """Build the columns of the map: frequency, recency, P(alive), purchases, customers."""
    names = ("frequency", "recency_weeks", "p_alive", "purchases", "customers")
    return {name: [line[at] for line in lines] for at, name in enumerate(names)}


MAP = cells(
    (0, 0, 1.0, 0.2, 50),
    (1, 10, 0.6, 0.5, 20),
    (9, 10, 0.02, 0.1, 3),
    (20, 10, 0.001, 0.0, 0),
    (1, 20, 0.9, 0.8, 10),
    (9, 20, 0.8, 4.2, 2),
)


def weeks(actual: list[float], expected: list[float], calibration: int) -> Frame:
    """Build the columns of the tracking."""
    number = len(actual)
    return {
        "week": list(range(1, number + 1)),
        "date": [f"1997-01-{at + 1:02}T00:00:00" for at in range(number)],
        "actual": actual,
        "expected": expected,
        "phase": ["calibration"] * calibration + ["holdout"] * (number - calibration),
    }


class TestMaps:
    """Who is still active."""

    def test_finding(self) -> None:
        """Two customers who are there, last seen in one week, are compared."""
        chart = alive_map(MAP, THEME)

        expected = (
            f"Silence weighs more for frequent buyers: last seen around week 10, 60{NBSP}% are "
            f"still active after 1 repeat purchase, 2{NBSP}% after 9"
        )
        assert expected == chart.title

    def test_no_difference(self) -> None:
        """Where the map does not say so, the title does not."""
        flat = cells((0, 0, 1.0, 0.2, 5), (1, 10, 0.7, 0.5, 1), (3, 10, 0.72, 0.5, 1))

        title = alive_map(flat, THEME).title

        assert f"Customers are still active with a probability of 70{NBSP}% to 100{NBSP}%" == title

    def test_one_cell(self) -> None:
        """One customer who bought once makes a map of one cell."""
        one = cells((0, 0, 1.0, 0.2, 1))

        title = alive_map(one, THEME).title
        assert f"Customers are still active with a probability of 100{NBSP}%" == title
        assert (
            "Customers with 0 repeat purchases, the last around week 0, are expected to buy 0.2 "
            "times in the next 52 weeks"
        ) == purchases_map(one, THEME, 52).title

    def test_layout(self) -> None:
        """Recency goes up, frequency to the right; what cannot be is blank."""
        heat = alive_map(MAP, THEME).figure["data"][0]

        assert ([0, 1, 9, 20], [0, 10, 20]) == (heat["x"], heat["y"])
        assert [100, None, None, None] == heat["z"][0]
        assert [None, 20, 3, 0] == heat["customdata"][1]
        assert (0, 100) == (heat["zmin"], heat["zmax"])

    def test_dots(self) -> None:
        """Dots stand only where customers are."""
        dots = alive_map(MAP, THEME).figure["data"][1]

        assert [0, 1, 9, 1, 9] == dots["x"]

    def test_purchases(self) -> None:
        """The title names the best customers that there are."""
        expected = (
            "Customers with 9 repeat purchases, the last around week 20, are expected to buy 4.2 "
            "times in the next 26 weeks"
        )
        assert expected == purchases_map(MAP, THEME, 26).title


class TestTracking:
    """Actual against predicted purchases."""

    def test_finding(self) -> None:
        """The title is about the weeks held back alone, and says which way the model errs."""
        chart = tracking(weeks([10, 20, 40, 60], [11, 21, 39, 53], 2), THEME)

        expected = (
            "In the 2 weeks held back from it the model expects 32 repeat purchases, 40 were made"
        )
        assert f"{expected}: 20{NBSP}% too few" == chart.title
        assert "1997-01-02" == chart.figure["layout"]["shapes"][0]["x0"]

    def test_close(self) -> None:
        """A miss of less than one percent is said to be one."""
        chart = tracking(weeks([1000, 2000], [1000, 2003], 1), THEME)

        assert chart.title.endswith(f"1,000 were made: less than 1{NBSP}% apart")

    def test_no_holdout(self) -> None:
        """Where nothing was held back the title does not claim so, and no line is drawn."""
        chart = tracking(weeks([10, 20], [11, 30], 2), THEME)

        expected = "In the 2 weeks of its fit the model expects 30 repeat purchases, 20 were made"
        assert f"{expected}: 50{NBSP}% too many" == chart.title
        assert [] == chart.figure["layout"]["shapes"]

    def test_nothing_bought(self) -> None:
        """No share is taken of no purchases."""
        chart = tracking(weeks([5, 5], [5, 7], 1), THEME)

        expected = (
            "In the 1 week held back from it the model expects 2 repeat purchases, 0 were made"
        )
        assert expected == chart.title


class TestFrequencyFit:
    """How often customers came back."""

    def test_finding(self) -> None:
        """The title says for which part both agree."""
        frame: Frame = {
            "frequency": [0, 1, 7],
            "actual": [60, 30, 10],
            "expected": [50.0, 38.0, 12.0],
        }

        chart = frequency_fit(frame, THEME)

        expected = (
            f"Model and reality put 90{NBSP}% of 100 customers at the same number of repeat "
            "purchases"
        )
        assert expected == chart.title
        assert ["0", "1", "7+"] == chart.figure["data"][0]["x"]

    def test_nobody(self) -> None:
        """Without customers nothing is compared."""
        frame: Frame = {"frequency": [0], "actual": [0], "expected": [0.0]}

        assert [] == frequency_fit(frame, THEME).figure["data"]


class TestHoldout:
    """What customers went on to buy."""

    def test_finding(self) -> None:
        """Means are over customers, not over groups."""
        frame: Frame = {
            "frequency": [0, 7],
            "customers": [90, 10],
            "actual": [0.1, 2.0],
            "expected": [0.2, 1.0],
        }

        expected = (
            "Customers went on to buy 0.29 times each; over the groups, the model is 0.19 off on "
            "average"
        )
        assert expected == holdout(frame, THEME).title


@pytest.mark.parametrize("missing", [[], [None]])
def test_no_model(missing: list[None]) -> None:
    """Where the model does not apply its charts say so, and draw nothing."""
    columns: Frame = {"p_alive": missing, "purchases": missing, "expected": missing, "actual": []}

    charts = [
        alive_map(columns, THEME),
        purchases_map(columns, THEME, 52),
        tracking(columns, THEME),
        holdout(columns, THEME),
        frequency_fit(columns, THEME),
    ]

    assert [[]] * 5 == [chart.figure["data"] for chart in charts]
