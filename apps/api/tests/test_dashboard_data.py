"""Rows and views of a dashboard, held against the sources by plain arithmetic."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from api_stage import ACME, BETA, SOURCES, bearer

if TYPE_CHECKING:
    from api_stage import Stage

CLV = "/api/dashboards/customer-lifetime-value"
RISK = "/api/dashboards/risk-analysis"


@pytest.fixture
def acme(stage: Stage) -> dict[str, str]:
    """Return the header of a viewer of Acme."""
    return bearer(stage.tenant_token("analyst@acme.com", ACME))


@pytest.fixture
def beta(stage: Stage) -> dict[str, str]:
    """Return the header of a viewer of Beta."""
    return bearer(stage.tenant_token("viewer@beta.com", BETA))


@pytest.fixture(scope="module")
def purchases() -> list[tuple[str, str, float]]:
    """Return (customer, date, spend) of each purchase in the source, read without DuckDB."""
    lines = (SOURCES / "cdnow_master.txt").read_text().splitlines()[1:]
    parts = [line.split() for line in lines]
    return [(customer, date, float(spend)) for customer, date, _quantity, spend in parts]


class TestAccess:
    """Who may open a dashboard."""

    @pytest.mark.parametrize("path", [f"{CLV}/access", f"{CLV}/data", f"{CLV}/views/summary"])
    def test_not_assigned(self, stage: Stage, beta: dict[str, str], path: str) -> None:
        """Beta does not have customer value."""
        answer = stage.client.get(path, headers=beta)
        assert (403, "DASHBOARD_ACCESS_DENIED") == (
            answer.status_code,
            answer.json()["error"]["code"],
        )

    def test_assigned(self, stage: Stage, acme: dict[str, str]) -> None:
        """Who asks whether they may see a dashboard learns as what, and of which tenant."""
        answer = stage.client.get(f"{CLV}/access", headers=acme).json()
        assert (ACME, "viewer") == (answer["tenant_id"], answer["role"])

    @pytest.mark.parametrize("slug", ["unknown", "..%2f..", "risk-analysis%00", "RISK-ANALYSIS"])
    def test_unknown(self, stage: Stage, acme: dict[str, str], slug: str) -> None:
        """A name that no dashboard has is a 404, whatever it is made of."""
        answer = stage.client.get(f"/api/dashboards/{slug}/data", headers=acme)
        assert (404, True) == (answer.status_code, "NOT_FOUND" in answer.json()["error"]["code"])

    def test_same_address_other_tenant(
        self, stage: Stage, acme: dict[str, str], beta: dict[str, str]
    ) -> None:
        """One address, two tokens, two tenants' data."""
        mine = stage.client.get(f"{RISK}/data", headers=acme).json()
        theirs = stage.client.get(f"{RISK}/data", headers=beta).json()
        assert (ACME, 1000) == (mine["tenant_id"], mine["total"])
        assert (BETA, 6000) == (theirs["tenant_id"], theirs["total"])


class TestRows:
    """GET /api/dashboards/{slug}/data."""

    def rows(self, stage: Stage, header: dict[str, str], **query: str | int) -> dict[str, Any]:
        """Ask for customers."""
        answer = stage.client.get(f"{CLV}/data", headers=header, params=query)
        assert 200 == answer.status_code, answer.text
        return dict(answer.json())

    def test_all_customers(
        self, stage: Stage, acme: dict[str, str], purchases: list[tuple[str, str, float]]
    ) -> None:
        """Every customer of the source is there, each with the sum of their purchases."""
        columns = "customer_id,total_spend"
        body = self.rows(stage, acme, limit=3, sort="-total_spend", columns=columns)
        spend: dict[str, float] = {}
        for customer, _date, amount in purchases:
            spend[customer] = spend.get(customer, 0) + amount
        top = sorted(spend.items(), key=lambda item: (-item[1], item[0]))[:3]
        assert len(spend) == body["total"] == 23570
        assert [name for name, _ in top] == [row["customer_id"] for row in body["data"]]
        assert [round(amount, 2) for _, amount in top] == [
            row["total_spend"] for row in body["data"]
        ]

    def test_filters(self, stage: Stage, acme: dict[str, str]) -> None:
        """Equality, lists and ranges narrow the rows, and together all must hold."""
        wanted = {"cohort": ["1997-01", "1997-02"], "orders": {"gte": 2, "lt": 4}}
        body = self.rows(stage, acme, filters=json.dumps(wanted), limit=1000)
        assert body["total"] > 1000
        assert {"1997-01", "1997-02"} == {row["cohort"] for row in body["data"]}
        assert {2, 3} == {row["orders"] for row in body["data"]}
        dates = self.rows(stage, acme, filters='{"first_purchase": {"gt": "1997-03-24"}}')
        assert ["1997-03-25"] == sorted({row["first_purchase"] for row in dates["data"]})

    def test_pages_meet(self, stage: Stage, acme: dict[str, str]) -> None:
        """Pages of a sort with many ties neither repeat nor lose a row."""

        def page(limit: int, offset: int) -> list[str]:
            body = self.rows(stage, acme, sort="orders", limit=limit, offset=offset)
            return [row["customer_id"] for row in body["data"]]

        assert page(100, 0) == page(50, 0) + page(50, 50)

    def test_empty(self, stage: Stage, acme: dict[str, str]) -> None:
        """Nothing matching is an empty page, not an error."""
        assert (0, []) == tuple(
            self.rows(stage, acme, filters='{"customer_id": []}')[key] for key in ("total", "data")
        )

    @pytest.mark.parametrize(
        "query",
        [
            {"columns": "nope"},
            {"columns": 'customer_id" FROM x --'},
            {"sort": "nope"},
            {"sort": "--orders"},
            {"filters": "{"},
            {"filters": "[]"},
            {"filters": '{"nope": 1}'},
            {"filters": '{"orders": {"like": 1}}'},
            {"filters": '{"orders": "many"}'},
            {"filters": '{"orders": true}'},
            {"filters": '{"orders": {"gte": null}}'},
            {"filters": '{"cohort": 7}'},
            {"filters": '{"first_purchase": "yesterday"}'},
            {"filters": '{"orders": 1e400}'},
            {"filters": '{"orders": NaN}'},
            {"filters": '{"orders": 99999999999999999999}'},
            {"filters": '{"customer_id": "\\ud800"}'},
            {"filters": "[" * 3000},
            {"limit": 0},
            {"limit": 1001},
            {"limit": "x"},
            {"offset": -1},
            {"tenant_id": BETA},
        ],
    )
    def test_refused(self, stage: Stage, acme: dict[str, str], query: dict[str, Any]) -> None:
        """What is unknown or not of its kind is a 400 that helps."""
        answer = stage.client.get(f"{CLV}/data", headers=acme, params=query)
        assert (400, "INVALID_REQUEST") == (answer.status_code, answer.json()["error"]["code"])
        assert answer.json()["error"]["message"]


class TestViews:
    """GET /api/dashboards/{slug}/views/{view}."""

    def view(self, stage: Stage, header: dict[str, str], path: str, **query: str) -> dict[str, Any]:
        """Ask for a view's columns."""
        answer = stage.client.get(path, headers=header, params=query)
        assert 200 == answer.status_code, answer.text
        return dict(answer.json()["columns"])

    def test_unknown(self, stage: Stage, acme: dict[str, str]) -> None:
        """The views that exist are named."""
        answer = stage.client.get(f"{CLV}/views/nope", headers=acme)
        assert (404, "VIEW_NOT_FOUND") == (answer.status_code, answer.json()["error"]["code"])
        assert "summary" in answer.json()["error"]["details"]["allowed"]

    @pytest.mark.parametrize(
        "query", ["cohort=1996-01", "cohort=x'%20OR%201=1", "tenant_id=x", "customers=/etc/passwd"]
    )
    def test_refused(self, stage: Stage, acme: dict[str, str], query: str) -> None:
        """Unknown parameters and values are refused; a table's path is no parameter."""
        answer = stage.client.get(f"{CLV}/views/summary?{query}", headers=acme)
        assert 400 == answer.status_code
        assert "allowed" in answer.json()["error"]["details"]

    def test_summary(
        self, stage: Stage, acme: dict[str, str], purchases: list[tuple[str, str, float]]
    ) -> None:
        """Customers, orders (customer-days) and revenue are those of the source."""
        columns = self.view(stage, acme, f"{CLV}/views/summary")
        orders = {(customer, date) for customer, date, _ in purchases}
        assert [23570] == columns["customers"]
        assert [len(orders)] == columns["orders"]
        assert sum(spend for *_, spend in purchases) == pytest.approx(columns["revenue"][0])

    def test_cohorts_add_up(self, stage: Stage, acme: dict[str, str]) -> None:
        """The cohorts' summaries add up to the whole, in this view and by the filter."""
        whole = self.view(stage, acme, f"{CLV}/views/summary")
        cohorts = self.view(stage, acme, f"{CLV}/views/cohorts")
        single = [
            self.view(stage, acme, f"{CLV}/views/summary", cohort=cohort)["orders"][0]
            for cohort in cohorts["cohort"]
        ]
        assert single == cohorts["orders"]
        assert whole["orders"] == [sum(single)]

    def test_concentration(
        self, stage: Stage, acme: dict[str, str], purchases: list[tuple[str, str, float]]
    ) -> None:
        """The curve's points are the shares that the biggest customers have of the revenue."""
        columns = self.view(stage, acme, f"{CLV}/views/concentration")
        spend: dict[str, float] = {}
        for customer, _date, amount in purchases:
            spend[customer] = spend.get(customer, 0) + amount
        amounts = sorted(spend.values(), reverse=True)
        expected = [
            sum(amounts[: int(len(amounts) * percent / 100)]) / sum(amounts)
            for percent in range(101)
        ]
        assert expected == pytest.approx(columns["revenue_share"])
        assert [0, 0.5, 1] == [columns["customer_share"][index] for index in (0, 50, 100)]

    def test_cumulative_value(
        self, stage: Stage, acme: dict[str, str], purchases: list[tuple[str, str, float]]
    ) -> None:
        """The last point of each cohort is its whole revenue per customer acquired."""
        columns = self.view(stage, acme, f"{CLV}/views/cumulative_value", cohort="1997-02")
        first: dict[str, str] = {}
        for customer, date, _ in purchases:
            first[customer] = min(first.get(customer, date), date)
        cohort = {customer for customer, date in first.items() if date.startswith("199702")}
        revenue = sum(spend for customer, _, spend in purchases if customer in cohort)
        assert list(range(17)) == columns["month"]
        assert revenue / len(cohort) == pytest.approx(columns["value_per_customer"][-1])

    def test_segments_in_natural_order(self, stage: Stage, acme: dict[str, str]) -> None:
        """Segments come in their own order; the interval is Wilson's, around the rate."""
        columns = self.view(stage, acme, f"{RISK}/views/expected_loss", by="checking_account")
        assert ["Overdrawn", "0 to 199 DM", "200 DM or more", "No checking account"] == columns[
            "segment"
        ]
        assert [274, 269, 63, 394] == columns["accounts"]
        assert [135, 105, 14, 46] == columns["defaults"]
        # Wilson's score interval for 135 of 274 at 95 %, as R's prop.test without correction.
        assert (0.43402, 0.55159) == pytest.approx(
            (columns["lower"][0], columns["upper"][0]), abs=5e-6
        )

    @pytest.mark.parametrize("by", ["", "credit_limit_band", "account_id", 'x"; DROP TABLE y'])
    def test_segment_must_be_the_tenants(self, stage: Stage, acme: dict[str, str], by: str) -> None:
        """Only the tenant's declared segments can cut its portfolio."""
        answer = stage.client.get(f"{RISK}/views/expected_loss", headers=acme, params={"by": by})
        assert 400 == answer.status_code
        assert "checking_account" in answer.json()["error"]["details"]["allowed"]

    @pytest.mark.parametrize("name", ["acme", "beta"])
    def test_exposure_adds_up(
        self, stage: Stage, name: str, request: pytest.FixtureRequest
    ) -> None:
        """The bins hold every account and the whole exposure, and each its own range."""
        header = request.getfixturevalue(name)
        whole = self.view(stage, header, f"{RISK}/views/summary")
        bins = self.view(stage, header, f"{RISK}/views/exposure")
        assert whole["accounts"] == [sum(bins["accounts"])]
        assert whole["exposure"] == [pytest.approx(sum(bins["exposure"]))]
        for start, end, accounts, exposure in zip(
            bins["bin_start"], bins["bin_end"], bins["accounts"], bins["exposure"], strict=True
        ):
            assert start * accounts <= exposure <= end * accounts
