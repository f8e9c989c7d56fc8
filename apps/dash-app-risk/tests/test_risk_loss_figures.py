"""What the charts of losses and segments say and draw, from columns alone."""

from __future__ import annotations

import pytest
import risk_sample as sample
from risk_sample import NBSP, TIMES, changed, first

from kyros_dash_app_risk.figures import loss, segments
from kyros_dash_app_risk.figures.common import Cut
from kyros_dash_kit import make_theme
from kyros_dash_kit.formats import Money

THEME = make_theme("light", "#0052cc")
MARKS = Money("DEM")
CUT = Cut("checking", "Checking account")


class TestLossBySegment:
    """Where the loss is to be expected."""

    def test_finding(self) -> None:
        """The title names the segment with most of the loss, and what it holds of the exposure."""
        chart = loss.by_segment(sample.SEGMENTS, THEME, MARKS, cut=CUT)

        expected = (
            f"“Overdrawn” carries 60{NBSP}% of the expected loss on 25{NBSP}% of the exposure"
        )
        assert expected == chart.title
        assert "checking account" in chart.note

    def test_bars(self) -> None:
        """Each bar says its share, and a click on it chooses its part of the portfolio."""
        (bars,) = loss.by_segment(sample.SEGMENTS, THEME, MARKS, cut=CUT).figure["data"]

        assert [240, 160] == bars["x"]
        assert [f"60{NBSP}%", f"40{NBSP}%"] == bars["text"]
        assert ["checking:Overdrawn", "checking:No account"] == [
            one[0] for one in bars["customdata"]
        ]
        assert [THEME.accent, THEME.soft] == bars["marker"]["color"]

    @pytest.mark.parametrize(
        ("frame", "title"),
        [
            (
                first(sample.SEGMENTS),
                f"DM{NBSP}240 of loss is expected in “Overdrawn”, 24.0{NBSP}% of its exposure",
            ),
            (
                changed(sample.SEGMENTS, exposure=[0, 0], expected_loss=[0, 0]),
                "Nothing is owed in this selection, so no loss is to be expected",
            ),
            (
                changed(sample.SEGMENTS, expected_loss=[0, 0]),
                f"No loss is expected on DM{NBSP}4,000",
            ),
        ],
    )
    def test_odd(self, frame: sample.Frame, title: str) -> None:
        """One segment, nothing owed, nothing lost: the title claims no more than that."""
        assert title == loss.by_segment(frame, THEME, MARKS, cut=CUT).title

    def test_same(self) -> None:
        """Where all segments lose the same none is said to lose most."""
        frame = changed(sample.SEGMENTS, expected_loss=[200.0, 200.0])

        chart = loss.by_segment(frame, THEME, MARKS, cut=CUT)

        assert f"Each of the 2 segments carries 50{NBSP}% of the expected loss" == chart.title


class TestLossBySize:
    """How large the accounts are, and what of it is lost."""

    def test_finding(self) -> None:
        """The title says what the few large accounts hold."""
        expected = (
            f"The 20{NBSP}% of accounts over DM{NBSP}2,000 hold 50{NBSP}% of the exposure "
            f"and 60{NBSP}% of the loss"
        )
        assert expected == loss.by_size(sample.SIZES, THEME, MARKS).title

    def test_bars(self) -> None:
        """The expected loss stands on what is expected to be paid; both are all that is owed."""
        paid, lost = loss.by_size(sample.SIZES, THEME, MARKS).figure["data"]

        assert ([28_000, 28_000, 54_000], [2000, 2000, 6000]) == (paid["y"], lost["y"])

    def test_no_model(self) -> None:
        """Without a model the exposure is shown, and no loss is claimed."""
        frame = changed(sample.SIZES, expected_loss=[None] * 3)

        chart = loss.by_size(frame, THEME, MARKS)

        assert [[30_000, 30_000, 60_000]] == [trace["y"] for trace in chart.figure["data"]]
        assert chart.title.endswith("of the exposure")
        assert "loss" not in str(chart.figure["data"])

    def test_one_size(self) -> None:
        """Where all accounts are alike there are no few large ones."""
        chart = loss.by_size(first(sample.SIZES), THEME, MARKS)

        assert f"60 accounts owe DM{NBSP}30,000" == chart.title

    def test_one_account(self) -> None:
        """One account is one account."""
        frame = changed(first(sample.SIZES), accounts=[1], exposure=[500.0])

        assert f"1 account owes DM{NBSP}500" == loss.by_size(frame, THEME, MARKS).title

    def test_nothing_owed(self) -> None:
        """Nor is anything claimed of accounts that owe nothing."""
        frame = changed(sample.SIZES, exposure=[0.0] * 3, expected_loss=[0.0] * 3)

        assert f"100 accounts owe DM{NBSP}0" == loss.by_size(frame, THEME, MARKS).title


class TestStress:
    """What the loss would be if more defaulted."""

    @pytest.mark.parametrize(
        ("stress", "amount", "title"),
        [
            (1.0, 400, f"If default probabilities double, the expected loss grows by 90{NBSP}%"),
            (1.5, 590, f"At 1.5 {TIMES} PD the expected loss is DM{NBSP}590, 48{NBSP}% more than"),
            (0.5, 200, f"At 0.5 {TIMES} PD the expected loss is DM{NBSP}200, 50{NBSP}% less than"),
        ],
    )
    def test_finding(self, stress: float, amount: float, title: str) -> None:
        """The title compares the setting with none, or none with a doubling."""
        chart = loss.under_stress(sample.STRESS, THEME, MARKS, stress=stress, loss=amount)

        assert chart.title.startswith(title)

    def test_setting(self) -> None:
        """The setting is marked on the curve."""
        chart = loss.under_stress(sample.STRESS, THEME, MARKS, stress=1.2, loss=470)

        _, mark = chart.figure["data"]
        assert ([1.2], [470], [f"<b>DM{NBSP}470</b>"]) == (mark["x"], mark["y"], mark["text"])

    def test_nothing_lost(self) -> None:
        """Where nothing is lost at any stress there is no curve."""
        frame = changed(sample.STRESS, expected_loss=[0.0] * 6)

        chart = loss.under_stress(frame, THEME, MARKS, stress=1, loss=0)

        assert ("No loss is expected under any stress", []) == (chart.title, chart.figure["data"])


class TestDefaultRate:
    """Where accounts default."""

    def test_finding(self) -> None:
        """The title names the worst and the best segment."""
        chart = segments.default_rate(sample.SEGMENTS, THEME, cut=CUT, portfolio=0.21)

        expected = f"49{NBSP}% defaulted in “Overdrawn”, 12{NBSP}% in “No account”"
        assert expected == chart.title

    def test_overlap(self) -> None:
        """Where the data cannot tell the two apart the title says so."""
        frame = changed(sample.SEGMENTS, lower=[0.1, 0.085])

        chart = segments.default_rate(frame, THEME, cut=CUT, portfolio=0.21)

        assert chart.title.endswith(": the intervals overlap")

    def test_intervals(self) -> None:
        """Each rate has its interval, the model's PD stands beside, all accounts are a line."""
        drawn = segments.default_rate(sample.SEGMENTS, THEME, cut=CUT, portfolio=0.21).figure

        rates, predicted = drawn["data"]
        assert [49, 11.7] == pytest.approx(rates["x"])
        assert [9.6, 4.1] == pytest.approx(rates["error_x"]["array"])
        assert [9.6, 3.2] == pytest.approx(rates["error_x"]["arrayminus"])
        assert [45, 12] == pytest.approx(predicted["x"])
        assert "Mean PD" == predicted["name"]
        assert 21 == pytest.approx(drawn["layout"]["shapes"][0]["x0"])

    def test_stressed(self) -> None:
        """Under stress the PD says that it is stressed."""
        chart = segments.default_rate(sample.SEGMENTS, THEME, cut=CUT, portfolio=0.2, stress=1.5)

        assert f"Mean PD under stress (1.5 {TIMES})" == chart.figure["data"][1]["name"]

    def test_no_model(self) -> None:
        """Without a model only what happened is shown."""
        frame = changed(sample.SEGMENTS, mean_pd=[None, None])

        chart = segments.default_rate(frame, THEME, cut=CUT, portfolio=0.2)

        assert 1 == len(chart.figure["data"])
        assert f"all accounts 20.0{NBSP}%" == chart.figure["layout"]["annotations"][0]["text"]

    def test_order(self) -> None:
        """Segments stand from top to bottom in the order of the data."""
        chart = segments.default_rate(sample.SEGMENTS, THEME, cut=CUT, portfolio=0.2)

        axis = chart.figure["layout"]["yaxis"]
        assert (["Overdrawn", "No account"], [1.5, -0.5]) == (axis["ticktext"], axis["range"])

    @pytest.mark.parametrize(
        ("frame", "title"),
        [
            (first(sample.SEGMENTS), f"49{NBSP}% of 100 accounts in “Overdrawn” defaulted"),
            (changed(sample.SEGMENTS, defaults=[0, 0]), "None of 400 accounts defaulted"),
            (
                changed(sample.SEGMENTS, default_rate=[0.3, 0.3]),
                f"30{NBSP}% of accounts defaulted in every segment",
            ),
        ],
    )
    def test_odd(self, frame: sample.Frame, title: str) -> None:
        """One segment, no default, no difference: the title says just that."""
        assert title == segments.default_rate(frame, THEME, cut=CUT, portfolio=0.2).title


class TestExposure:
    """Where the money is, when no model tells of losses."""

    def test_finding(self) -> None:
        """The title names the segment with most of the exposure in default."""
        chart = segments.exposure(sample.SEGMENTS, THEME, MARKS, cut=CUT)

        assert f"60{NBSP}% of the exposure in default is in “Overdrawn”" == chart.title

    def test_bars(self) -> None:
        """Performing and defaulted exposure add up to all of it."""
        performing, defaulted = segments.exposure(sample.SEGMENTS, THEME, MARKS, cut=CUT).figure[
            "data"
        ]

        assert ([400, 2600], [600, 400]) == (performing["x"], defaulted["x"])
        assert "checking:Overdrawn" == defaulted["customdata"][0][0]

    @pytest.mark.parametrize(
        ("frame", "title"),
        [
            (
                changed(sample.SEGMENTS, defaulted_exposure=[0, 0]),
                f"None of DM{NBSP}4,000 is in default",
            ),
            (
                changed(sample.SEGMENTS, exposure=[0, 0], defaulted_exposure=[0, 0]),
                "Nothing is owed in this selection",
            ),
            (first(sample.SEGMENTS), f"60{NBSP}% of DM{NBSP}1,000 is in default"),
        ],
    )
    def test_odd(self, frame: sample.Frame, title: str) -> None:
        """No default, nothing owed, one segment: the title says just that."""
        assert title == segments.exposure(frame, THEME, MARKS, cut=CUT).title
