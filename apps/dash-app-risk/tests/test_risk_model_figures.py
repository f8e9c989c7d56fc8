"""What the charts of the score, the model and one account say and draw, from columns alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import risk_sample as sample
from risk_sample import MINUS, NBSP, changed, first

from kyros_dash_app_risk.figures import account, model, score, scorecard
from kyros_dash_kit import make_theme

if TYPE_CHECKING:
    from collections.abc import Mapping

THEME = make_theme("light", "#0052cc")
THRESHOLDS: Mapping[str, float] = {"warning": 0.2, "critical": 0.4}
AUC = model.metric(sample.METRICS, "auc")


@pytest.mark.parametrize(("probability", "points"), [(0.05, 600), (2 / 21, 550), (1 / 39, 650)])
def test_scale(probability: float, points: float) -> None:
    """Odds of 1:19 are 600 points, and 50 points double them."""
    expected = {550: 600 - 50, 600: 600, 650: 650}[int(points)]
    assert expected == pytest.approx(score.score_of(probability), abs=0.01)


class TestDistribution:
    """How the score tells defaults apart."""

    def test_finding(self) -> None:
        """The title names the score at which the two outcomes are furthest apart."""
        chart = score.distribution(sample.SCORES, THEME, thresholds=THRESHOLDS)

        expected = (
            f"80{NBSP}% of the accounts that defaulted score under 480, and 20{NBSP}% of the others"
        )
        assert expected == chart.title

    def test_shares(self) -> None:
        """Each outcome's accounts add up to all of it."""
        goods, bads = score.distribution(sample.SCORES, THEME, thresholds=THRESHOLDS).figure["data"]

        assert [0, 5, 15, 40, 40, 0] == goods["y"]
        assert [0, 50, 30, 15, 5, 0] == bads["y"]
        assert [430, 450, 470, 490, 510, 530] == bads["x"]

    def test_gaps(self) -> None:
        """Scores that nobody has are drawn as such."""
        frame = {name: [values[0], values[3]] for name, values in sample.SCORES.items()}

        goods, bads = score.distribution(frame, THEME, thresholds=THRESHOLDS).figure["data"]

        assert [430, 450, 470, 490, 510, 530] == goods["x"]
        assert [0, 11, 0, 0, 89, 0] == [round(share) for share in goods["y"]]
        assert [0, 91, 0, 0, 9, 0] == [round(share) for share in bads["y"]]

    def test_thresholds(self) -> None:
        """The scores of the two thresholds are marked, as far as they are in sight."""
        layout = score.distribution(sample.SCORES, THEME, thresholds=THRESHOLDS).figure["layout"]

        assert [f"warning: PD 20{NBSP}%"] == [one["text"] for one in layout["annotations"]]
        assert [score.score_of(0.2)] == [one["x0"] for one in layout["shapes"]]

    @pytest.mark.parametrize(
        ("goods", "bads", "title"),
        [
            ([5, 15, 40, 40], [0] * 4, "None of 100 accounts defaulted"),
            ([0] * 4, [5, 15, 40, 40], "All of 100 accounts defaulted"),
            ([0] * 4, [1, 0, 0, 0], "The one account defaulted"),
            ([1, 0, 0, 0], [0] * 4, "The one account did not default"),
            (
                [10, 0, 0, 0],
                [0, 0, 0, 10],
                "The score does not tell these accounts apart: defaults score no lower",
            ),
        ],
    )
    def test_odd(self, goods: list[int], bads: list[int], title: str) -> None:
        """Without both outcomes, or with a useless score, nothing is claimed of it."""
        frame = changed(sample.SCORES, goods=goods, bads=bads)

        assert title == score.distribution(frame, THEME, thresholds=THRESHOLDS).title


class TestDrivers:
    """What the score rests on."""

    def test_finding(self) -> None:
        """The title names the most telling characteristic, and how many are weak."""
        chart = scorecard.drivers(sample.SCORECARD, THEME, chosen="checking")

        expected = (
            "“Checking account” tells most about default: information value 0.66; 1 of 2 are weak"
        )
        assert expected == chart.title

    def test_bars(self) -> None:
        """Each characteristic stands once, and a click on it chooses it."""
        (bars,) = scorecard.drivers(sample.SCORECARD, THEME, chosen="telephone").figure["data"]

        assert ([0.66, 0.01], ["0.66", "0.01"]) == (bars["x"], bars["text"])
        assert ["checking", "telephone"] == [one[0] for one in bars["customdata"]]
        assert [THEME.soft, THEME.accent] == bars["marker"]["color"]

    def test_file(self) -> None:
        """The file holds a row for each characteristic."""
        chart = scorecard.drivers(sample.SCORECARD, THEME, chosen="checking")

        assert ["Checking account", "Telephone"] == chart.frame["title"]

    def test_weak(self) -> None:
        """Where nothing tells much the title does not praise the best."""
        frame = changed(sample.SCORECARD, information_value=[0.05, 0.05, 0.01, 0.01])

        chart = scorecard.drivers(frame, THEME, chosen="checking")

        assert chart.title.startswith("Every characteristic is weak: the best, “Checking account”")

    def test_alone(self) -> None:
        """Nor is one characteristic compared with others that are not there."""
        chart = scorecard.drivers(first(sample.SCORECARD, 2), THEME, chosen="checking")

        expected = "The score rests on “Checking account” alone: information value 0.66"
        assert expected == chart.title

    def test_many(self) -> None:
        """Of very many the strongest are drawn, and the note says so."""
        many = [f"v{at:02}" for at in range(40)]
        frame: sample.Frame = {
            "variable": many,
            "title": many,
            "variable_position": list(range(40)),
            "bin": [0] * 40,
            "information_value": [0.5] * 40,
        }

        chart = scorecard.drivers(frame, THEME, chosen="v00")

        assert (15, 40) == (len(chart.figure["data"][0]["x"]), len(chart.frame["title"]))
        assert chart.note.endswith("The 15 strongest of 40; the file has all.")


class TestPoints:
    """What each answer to a characteristic brings."""

    def test_finding(self) -> None:
        """The title compares the worst answer with the best."""
        chart = scorecard.points(sample.SCORECARD, THEME, chosen="checking")

        assert "“Overdrawn” scores 61 points less than “No account”" == chart.title
        assert [f"{MINUS}32", "28"] == chart.figure["data"][0]["text"]
        assert ["Overdrawn", "No account"] == chart.frame["label"]

    def test_flat(self) -> None:
        """Where the answers are worth the same the title says so."""
        frame = changed(sample.SCORECARD, points=[1.0, 1.2, 0, 0])

        chart = scorecard.points(frame, THEME, chosen="checking")

        assert "“Checking account” moves the score by less than a point" == chart.title

    def test_unknown(self) -> None:
        """A characteristic that is not in the scorecard has no points."""
        assert [] == scorecard.points(sample.SCORECARD, THEME, chosen="x").figure["data"]


class TestModel:
    """How good the model is."""

    def test_roc(self) -> None:
        """The title says what an AUC means, with its interval."""
        chart = model.roc(sample.DISCRIMINATION, THEME, auc=AUC)

        expected = (
            f"In 79{NBSP}% (76 to 82{NBSP}%) of pairs of one account that defaulted "
            "and one that did not, the former scores lower"
        )
        assert expected == chart.title
        assert [0, 50, 80, 100] == chart.figure["data"][0]["y"]
        assert "<b>AUC 0.79</b><br>0.76 to 0.82" == chart.figure["layout"]["annotations"][1]["text"]

    def test_chance(self) -> None:
        """A score whose interval reaches chance is not praised."""
        useless = {"value": 0.52, "lower": 0.49, "upper": 0.55}

        chart = model.roc(sample.DISCRIMINATION, THEME, auc=useless)

        assert "The score is hardly better than chance: AUC 0.52, and 0.5 is chance" == chart.title

    def test_no_metric(self) -> None:
        """Without the metric the curve is there, and no number is claimed."""
        chart = model.roc(sample.DISCRIMINATION, THEME, auc=None)

        assert "How many defaults are caught, for how many others refused" == chart.title

    def test_distance(self) -> None:
        """The title says where the two outcomes are furthest apart, and the drawing marks it."""
        chart = model.kolmogorov_smirnov(sample.DISCRIMINATION, THEME)

        expected = (
            f"At 480 points the score separates best: 80{NBSP}% of defaults are at or under it, "
            f"20{NBSP}% of the others"
        )
        assert expected == chart.title
        mark = chart.figure["data"][2]
        assert [480, 480] == mark["x"]
        assert [20, 80] == pytest.approx(mark["y"])
        assert f" <b>KS 60{NBSP}%</b>" == mark["text"][0]

    def test_no_distance(self) -> None:
        """A score that is the wrong way round separates nothing."""
        frame = changed(
            sample.DISCRIMINATION,
            cumulative_good=sample.DISCRIMINATION["cumulative_bad"],
            cumulative_bad=sample.DISCRIMINATION["cumulative_good"],
        )

        chart = model.kolmogorov_smirnov(frame, THEME)

        assert "The score does not tell defaults from the others" == chart.title

    def test_calibration(self) -> None:
        """The title counts the groups whose interval holds the PD."""
        chart = model.calibration(sample.CALIBRATION, THEME)

        assert "PD and default rate agree in 2 of 3 groups of accounts" == chart.title
        groups = chart.figure["data"][1]
        assert [5, 20, 50] == groups["x"]
        assert [4, 30, 52] == pytest.approx(groups["y"])

    @pytest.mark.parametrize(
        ("frame", "title"),
        [
            (
                changed(sample.CALIBRATION, observed=[0.05, 0.2, 0.5], lower=[0, 0, 0]),
                "PD and default rate agree in all 3 groups of accounts",
            ),
            (first(sample.CALIBRATION), f"Mean PD 5.0{NBSP}%; 4.0{NBSP}% defaulted"),
        ],
    )
    def test_calibrated(self, frame: sample.Frame, title: str) -> None:
        """All in agreement, or one group only, is said as it is."""
        assert title == model.calibration(frame, THEME).title


class TestAccount:
    """Why an account scores as it does."""

    def test_finding(self) -> None:
        """The title names what costs most, and the note the reasons in words."""
        chart = account.points_lost(sample.ACCOUNT_POINTS, THEME, account="G1", score=523)

        assert "Account G1 scores 523: “Checking account” costs it most, 61 points" == chart.title
        expected = (
            f"Checking account is “Overdrawn” ({MINUS}61). "
            "With the best answer to everything it would score 584."
        )
        assert expected == chart.note

    def test_bars(self) -> None:
        """Bars are points lost against the best answer."""
        (bars,) = account.points_lost(sample.ACCOUNT_POINTS, THEME, account="G1", score=523).figure[
            "data"
        ]

        assert [60.6, 0] == pytest.approx(bars["x"])
        assert [f"{MINUS}61", "0"] == bars["text"]

    def test_names(self) -> None:
        """A long name and a long answer are there in full, on lines that have room."""
        label = "Critical account, or other credits existing, not at this bank"
        frame = changed(sample.ACCOUNT_POINTS, label=[label, "Own"])
        drawn = account.points_lost(frame, THEME, account="G1", score=523).figure
        names = drawn["layout"]["yaxis"]["ticktext"]
        usual = account.points_lost(sample.ACCOUNT_POINTS, THEME, account="G1", score=523).figure

        assert f"Checking account {label} " == re.sub(r"<br>|</?i>", " ", names[0]).replace(
            "  ", " "
        )
        assert 5 == len(names[0].split("<br>"))
        assert not any("…" in name for name in names)
        many = {name: [*values] * 6 for name, values in frame.items()}
        taller = account.points_lost(many, THEME, account="G1", score=523).figure
        assert usual["layout"]["height"] < taller["layout"]["height"] == 12 * (5 * 15 + 16) + 96

    def test_best(self) -> None:
        """An account with the best answers loses nothing."""
        frame = changed(sample.ACCOUNT_POINTS, points=[28.2, 3.0])

        chart = account.points_lost(frame, THEME, account="G1", score=700)

        assert "Account G1 scores 700: no characteristic costs it points" == chart.title
        assert "It has the best answer to everything that the score asks." == chart.note

    def test_no_score(self) -> None:
        """An account without a score has nothing to explain."""
        chart = account.points_lost(sample.ACCOUNT_POINTS, THEME, account="G1", score=None)

        assert "No score explains this account" == chart.title
