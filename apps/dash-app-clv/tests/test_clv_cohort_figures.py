"""What the charts of cohorts say and draw, from columns alone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv.figures.cohorts import value_by_cohort
from kyros_dash_app_clv.figures.cumulative import cumulative_value
from kyros_dash_app_clv.figures.retention import retention
from kyros_dash_kit import make_theme
from kyros_dash_kit.formats import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Frame = Mapping[str, Sequence[Any]]

NBSP = "\N{NO-BREAK SPACE}"
THEME = make_theme("light", "#0052cc")
USD = Money("USD")


def cohorts(*lines: tuple[str, int, float, float | None]) -> Frame:
    """Build the columns of cohorts: name, customers, revenue, value to come."""
    return {
        "cohort": [name for name, _, _, _ in lines],
        "customers": [customers for _, customers, _, _ in lines],
        "orders": [customers * 2 for _, customers, _, _ in lines],
        "revenue": [revenue for _, _, revenue, _ in lines],
        "active": [None if value is None else 5.0 for _, _, _, value in lines],
        "value": [value for _, _, _, value in lines],
    }


def growth(*lines: tuple[str, list[float]]) -> Frame:
    """Build the columns of cumulative value."""
    rows = [(name, at, value) for name, values in lines for at, value in enumerate(values)]
    return {
        "cohort": [name for name, _, _ in rows],
        "month": [at for _, at, _ in rows],
        "value_per_customer": [value for _, _, value in rows],
        "customers": [10 for _ in rows],
    }


def months(*lines: tuple[str, int, list[int]]) -> Frame:
    """Build the columns of retention: name, customers, who bought in each month."""
    rows = [
        (name, customers, at, number)
        for name, customers, active in lines
        for at, number in enumerate(active)
    ]
    return {
        "cohort": [name for name, _, _, _ in rows],
        "month": [at for _, _, at, _ in rows],
        "customers": [customers for _, customers, _, _ in rows],
        "active_customers": [number for _, _, _, number in rows],
        "revenue": [number * 10.0 for _, _, _, number in rows],
    }


class TestValueByCohort:
    """What a customer brought, and will."""

    TWO = cohorts(("1997-01", 10, 1000, 300), ("1997-02", 20, 1500, 400))

    def test_finding(self) -> None:
        """The title compares what is to come; bars are per customer, one above the other."""
        chart = value_by_cohort(self.TWO, THEME, USD, 52)

        compared = f"$20.00 (Feb{NBSP}1997) to $30.00 (Jan{NBSP}1997)"
        assert f"A customer is expected to bring {compared} in the next 52 weeks" == chart.title
        assert [[100, 75], [30, 20]] == [trace["y"] for trace in chart.figure["data"]]

    def test_one(self) -> None:
        """One cohort is compared with its own past."""
        chart = value_by_cohort(cohorts(("1997-01", 10, 1000, 300)), THEME, USD, 26)

        said = f"A customer of Jan{NBSP}1997 has brought $100.00 so far and is expected to bring"
        assert f"{said} $30.00 in the next 26 weeks" == chart.title

    def test_all_alike(self) -> None:
        """Cohorts that are alike are not ranked."""
        alike = cohorts(("1997-01", 10, 1000, 300), ("1997-02", 20, 1500, 600))

        chart = value_by_cohort(alike, THEME, USD, 52)

        assert "A customer is expected to bring $30.00 in the next 52 weeks" == chart.title

    def test_no_model(self) -> None:
        """Without a model the past is shown alone."""
        chart = value_by_cohort(cohorts(("1997-01", 10, 1000, None)), THEME, USD, 52)

        assert f"A customer of Jan{NBSP}1997 has brought $100.00 so far" == chart.title
        assert ["Brought so far"] == [trace["name"] for trace in chart.figure["data"]]

    def test_many(self) -> None:
        """Of many cohorts so many are named as a telephone has room for."""
        many = cohorts(*[(f"{1990 + at // 12}-{at % 12 + 1:02}", 1, 1.0, 1.0) for at in range(60)])

        axis = value_by_cohort(many, THEME, USD, 52).figure["layout"]["xaxis"]

        assert 8 == len(axis["tickvals"])
        assert "Jan<br>1990" == axis["ticktext"][0]

    def test_click(self) -> None:
        """A bar carries its cohort, so that a click can choose it; the chosen one stands out."""
        bar = value_by_cohort(self.TWO, THEME, USD, 52, "1997-02").figure["data"][1]

        assert ["1997-01", "1997-02"] == [point[0] for point in bar["customdata"]]
        pale, strong = bar["marker"]["opacity"]
        assert pale < strong

    def test_chosen(self) -> None:
        """The title is about the chosen cohort; the legend has each series' own colour."""
        chart = value_by_cohort(self.TWO, THEME, USD, 52, "1997-02")

        said = f"A customer of Feb{NBSP}1997 has brought $75.00 so far and is expected to bring"
        assert f"{said} $20.00 in the next 52 weeks" == chart.title
        colours = [trace["marker"]["color"] for trace in chart.figure["data"]]
        assert [THEME.calm, THEME.accent] == colours


class TestCumulativeValue:
    """How value grows."""

    def test_finding(self) -> None:
        """Cohorts are compared at the latest month that all have reached."""
        frame = growth(("1997-01", [30, 40, 50.4]), ("1997-02", [20, 35]))

        chart = cumulative_value(frame, THEME, USD)

        compared = f"$35 (Feb{NBSP}1997) to $40 (Jan{NBSP}1997)"
        assert f"After 1 month a customer has brought {compared}" == chart.title

    def test_young_cohorts(self) -> None:
        """A few young cohorts do not keep the others from being compared after a year."""
        old = [(f"1996-{at:02}", [float(at + month) for month in range(20)]) for at in (1, 2, 3)]

        chart = cumulative_value(growth(*old, ("1997-08", [5.0])), THEME, USD)

        compared = f"$13 (Jan{NBSP}1996) to $15 (Mar{NBSP}1996)"
        assert f"After 12 months a customer has brought {compared}" == chart.title

    def test_one_month(self) -> None:
        """One month is a point, since a line of one point cannot be seen."""
        chart = cumulative_value(growth(("1997-01", [5.0])), THEME, USD)

        who = f"a customer of Jan{NBSP}1997"
        assert f"In the month of the first purchase {who} has brought $5" == chart.title
        assert "markers" == chart.figure["data"][0]["mode"]

    def test_a_year(self) -> None:
        """Not later than after a year, which readers know."""
        frame = growth(("1997-01", [float(month) for month in range(18)]))

        chart = cumulative_value(frame, THEME, USD)

        assert f"After 12 months a customer of Jan{NBSP}1997 has brought $12" == chart.title
        assert THEME.accent == chart.figure["data"][0]["line"]["color"]

    def test_labels_stay_apart(self) -> None:
        """Lines that end close together have names that can be read."""
        lines = [(f"1997-0{at}", [100.0, 110.0 + at / 10]) for at in range(1, 6)]

        chart = cumulative_value(growth(*lines), THEME, USD)

        labels = chart.figure["layout"]["annotations"]
        pixels = sorted(label["y"] * 260 / 110.5 + label["yshift"] for label in labels)
        assert min(upper - lower for lower, upper in pairwise(pixels)) >= 14.9

    def test_many_cohorts(self) -> None:
        """Of many lines the first and the last are named."""
        lines = [(f"1997-{at:02}", [1.0, 2.0 + at]) for at in range(1, 13)]

        chart = cumulative_value(growth(*lines), THEME, USD)

        labels = [label["text"] for label in chart.figure["layout"]["annotations"]]
        assert [f"Jan{NBSP}1997", f"Dec{NBSP}1997"] == labels
        assert 12 == len({trace["line"]["color"] for trace in chart.figure["data"]})


class TestRetention:
    """Who bought again."""

    def test_finding(self) -> None:
        """The title adds up the cohorts, to the last month that all have reached."""
        frame = months(("1997-01", 100, [100, 30, 20, 10]), ("1997-02", 300, [300, 50, 20]))

        chart = retention(frame, THEME, USD)

        first = f"20{NBSP}% of customers bought again in the month after their first purchase"
        assert f"{first}, 10{NBSP}% in month 2" == chart.title

    def test_map(self) -> None:
        """The month of the first purchase, when all buy, is left out; what is to come is blank."""
        frame = months(("1997-01", 100, [100, 30, 20]), ("1997-02", 200, [200, 50]))

        drawn = retention(frame, THEME, USD).figure["data"][0]

        assert ([1, 2], [[30, 20], [25, None]]) == (drawn["x"], drawn["z"])
        assert (0, 30) == (drawn["zmin"], drawn["zmax"])

    def test_many(self) -> None:
        """Many cohorts make the drawing higher; their young ones do not shorten the comparison."""
        lines = [
            (f"{1990 + at // 12}-{at % 12 + 1:02}", 10, [10] + [5] * (24 - at)) for at in range(24)
        ]

        chart = retention(months(*lines), THEME, USD)

        assert chart.title.endswith(f", 50{NBSP}% in month 12")
        assert 24 * 12 < chart.figure["layout"]["height"]

    def test_one_month(self) -> None:
        """Where one month has passed nothing is said of a later one."""
        chart = retention(months(("1997-01", 2, [2, 1])), THEME, USD)

        said = f"50{NBSP}% of customers of Jan{NBSP}1997 bought again in the month after"
        assert f"{said} their first purchase" == chart.title

    def test_nobody(self) -> None:
        """Where nobody came back that is what is said."""
        chart = retention(months(("1997-01", 2, [2, 0])), THEME, USD)

        assert chart.title.startswith(f"0{NBSP}% of customers")

    def test_too_early(self) -> None:
        """Before the first month is over there is nothing to show."""
        chart = retention(months(("1997-01", 2, [2])), THEME, USD)

        assert "No month has passed since the first purchases" == chart.title
