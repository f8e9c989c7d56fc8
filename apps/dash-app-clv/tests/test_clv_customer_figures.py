"""What is shown and said of one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kyros_dash_app_clv.figures.customer import history, words
from kyros_dash_kit import make_theme
from kyros_dash_kit.formats import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Frame = Mapping[str, Sequence[Any]]

NBSP = "\N{NO-BREAK SPACE}"
THEME = make_theme("light", "#0052cc")
USD = Money("USD")
PURCHASES: Frame = {"date": ["1997-01-01", "1997-02-01"], "spend": [10.0, 20.5]}
ALIVE: Frame = {"date": ["1997-01-01", "1997-01-08", "1997-02-01"], "p_alive": [1.0, 0.8, 0.9]}
CUSTOMER = {
    "frequency": 4,
    "recency_days": 40,
    "age_days": 180,
    "p_alive": 0.1,
    "purchases": 0.44,
    "value": 12.345,
}


class TestHistory:
    """The purchases, and P(alive) above them."""

    def test_finding(self) -> None:
        """The title adds up the purchases."""
        chart = history(PURCHASES, ALIVE, THEME, USD)

        assert "2 purchases for $30.50 from 1 Jan 1997 to 1 Feb 1997" == chart.title
        assert [100, 80, 90] == pytest.approx(chart.figure["data"][1]["y"])

    def test_file(self) -> None:
        """The file has both on one line of time."""
        frame = history(PURCHASES, ALIVE, THEME, USD).frame

        assert ["1997-01-01", "1997-01-08", "1997-02-01"] == frame["date"]
        assert [10.0, None, 20.5] == frame["spend"]
        assert [1.0, 0.8, 0.9] == frame["p_alive"]

    def test_one(self) -> None:
        """One purchase has no span of time."""
        chart = history({"date": ["1997-01-01"], "spend": [9]}, ALIVE, THEME, USD)

        assert "Bought for $9.00 on 1 Jan 1997" == chart.title

    def test_no_model(self) -> None:
        """Without a model the purchases stand alone, and the note says why."""
        chart = history(PURCHASES, {"date": [], "p_alive": []}, THEME, USD)

        assert 1 == len(chart.figure["data"])
        assert "yaxis2" not in chart.figure["layout"]
        assert "the model does not apply" in chart.note


class TestWords:
    """What the model thinks of a customer, in words."""

    def test_gone(self) -> None:
        """Who bought often and fell silent has left."""
        expected = (
            "Bought every 10 days on average; the last purchase was 20 weeks before the data "
            f"ends. This customer has very probably left: P(alive) is 10{NBSP}%. In the next 52 "
            "weeks the model expects 0.4 purchases, worth $12.35."
        )
        assert expected == words({**CUSTOMER, "value": 12.3456}, 52, USD)

    @pytest.mark.parametrize(
        ("alive", "expected"),
        [
            (0.95, "is very probably still active"),
            (0.6, "is probably still active"),
            (0.3, "has probably left"),
        ],
    )
    def test_verdict(self, alive: float, expected: str) -> None:
        """The verdict follows P(alive)."""
        assert f"This customer {expected}:" in words({**CUSTOMER, "p_alive": alive}, 52, USD)

    def test_once(self) -> None:
        """Of who bought once the model cannot say, and the reader is told so."""
        once = {**CUSTOMER, "frequency": 0, "recency_days": 0, "age_days": 1, "p_alive": 1.0}

        said = words(once, 52, USD)

        assert said.startswith("Bought once, 1 day before the data ends.")
        assert f"so this one counts as active (100{NBSP}%)" in said

    def test_no_value(self) -> None:
        """Where only the model of spend does not apply the purchases are still said."""
        assert words({**CUSTOMER, "value": None}, 52, USD).endswith("expects 0.4 purchases.")

    def test_no_model(self) -> None:
        """Without a model nothing is expected."""
        assert "nothing is expected" in words({**CUSTOMER, "p_alive": None}, 52, USD)
