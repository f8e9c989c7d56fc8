"""The views of risk against plain Python over the accounts: every filter, alone and together."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, BETA, bearer
from risk_portfolio import (
    CRITICAL,
    LGD,
    PARTS,
    RISK,
    WARNING,
    Portfolio,
    Query,
    grouped,
    loss,
    stressed,
)

from kyros_api.seeding import demo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api_stage import Stage

SELECTIONS = ("band", "part", "amount")
QUERIES = [
    (tenant, chosen, what_if)
    for tenant, chosen, what_if in product(
        (ACME, BETA),
        [(), *((each,) for each in SELECTIONS), SELECTIONS],
        [{}, {"stress": "2.5", "lgd": "0.3"}],
    )
]


@pytest.fixture
def portfolio_of(stage: Stage, seeded: Path) -> Callable[[str], Portfolio]:
    """Return a tenant's portfolio by its id."""
    folders = {
        item.tenant_id: item.folder(seeded)
        for item in demo.ASSIGNMENTS
        if item.dashboard_slug == RISK
    }
    return lambda tenant: Portfolio(stage, tenant, folders[tenant])


@pytest.mark.parametrize(("tenant", "chosen", "what_if"), QUERIES)
class TestEverySelection:
    """What a band, a part, an amount and a what-if do to each view that takes them."""

    def test_summary(
        self,
        portfolio_of: Callable[[str], Portfolio],
        tenant: str,
        chosen: tuple[str, ...],
        what_if: Query,
    ) -> None:
        """Counts, sums and losses are those of the selected accounts."""
        portfolio = portfolio_of(tenant)
        query = portfolio.query(chosen, what_if)
        accounts = portfolio.selected(query)
        assert accounts, "the selection must hold somebody, or nothing is compared"
        over = {
            name: [account for account in accounts if stressed(account, query) >= least]
            for name, least in (("warning", WARNING), ("critical", CRITICAL))
        }
        count, exposure = len(accounts), sum(each["exposure"] for each in accounts)
        defaults = [account for account in accounts if account["defaulted"]]
        expected = {
            "accounts": count,
            "exposure": exposure,
            "defaults": len(defaults),
            "default_rate": len(defaults) / count,
            "defaulted_exposure": sum(each["exposure"] for each in defaults),
            "expected_loss": sum(loss(each, query) for each in accounts),
            "expected_loss_base": sum(loss(each, {}) for each in accounts),
            "mean_pd": sum(stressed(each, query) for each in accounts) / count,
            "lgd": float(query.get("lgd", LGD)),
            "warning_accounts": len(over["warning"]),
            "warning_exposure": sum(each["exposure"] for each in over["warning"]),
            "critical_accounts": len(over["critical"]),
            "critical_exposure": sum(each["exposure"] for each in over["critical"]),
        }
        assert [expected] == [pytest.approx(row) for row in portfolio.view("summary", **query)]

    def test_expected_loss(
        self,
        portfolio_of: Callable[[str], Portfolio],
        tenant: str,
        chosen: tuple[str, ...],
        what_if: Query,
    ) -> None:
        """Each segment's sums are those of its accounts, in the segment's own order."""
        portfolio = portfolio_of(tenant)
        query = portfolio.query(chosen, what_if)
        column = PARTS[tenant][0]
        groups = grouped(portfolio.selected(query), lambda account: account[column])
        named = [row["value"] for row in portfolio.rows("segments") if row["column"] == column]
        answer = portfolio.view("expected_loss", by=column, **query)
        assert [value for value in named if value in groups] == [row["segment"] for row in answer]
        for row in answer:
            accounts = groups[row["segment"]]
            defaults = [account for account in accounts if account["defaulted"]]
            assert len(accounts) == row["accounts"]
            assert len(defaults) == row["defaults"]
            assert len(defaults) / len(accounts) == pytest.approx(row["default_rate"])
            assert 0 <= row["lower"] <= row["default_rate"] <= row["upper"] <= 1
            mean = sum(stressed(each, query) for each in accounts) / len(accounts)
            sums = [
                sum(each["exposure"] for each in accounts),
                mean,
                sum(loss(each, query) for each in accounts),
                sum(each["exposure"] for each in defaults),
            ]
            names = ("exposure", "mean_pd", "expected_loss", "defaulted_exposure")
            assert sums == pytest.approx([row[name] for name in names])

    def test_exposure(
        self,
        portfolio_of: Callable[[str], Portfolio],
        tenant: str,
        chosen: tuple[str, ...],
        what_if: Query,
    ) -> None:
        """The bins hold the selected accounts, each once, and their losses."""
        portfolio = portfolio_of(tenant)
        query = portfolio.query(chosen, what_if)
        accounts = portfolio.selected(query)
        answer = portfolio.view("exposure", **query)
        assert len(accounts) == sum(row["accounts"] for row in answer)
        for row in answer:
            inside = [
                account
                for account in accounts
                if row["bin_start"] <= account["exposure"] < row["bin_end"]
            ]
            expected = {
                **{name: row[name] for name in ("bin_start", "bin_end")},
                "accounts": len(inside),
                "defaults": sum(account["defaulted"] for account in inside),
                "exposure": sum(account["exposure"] for account in inside),
                "expected_loss": sum(loss(account, query) for account in inside),
            }
            assert expected == pytest.approx(row)

    def test_score_distribution(
        self,
        portfolio_of: Callable[[str], Portfolio],
        tenant: str,
        chosen: tuple[str, ...],
        what_if: Query,
    ) -> None:
        """The bins of twenty points hold the selected goods and bads."""
        del what_if  # scores do not change with it
        portfolio = portfolio_of(tenant)
        query = portfolio.query(chosen, {})
        counted = Counter(
            (account["score"] // 20 * 20, account["defaulted"])
            for account in portfolio.selected(query)
        )
        starts = sorted({start for start, _ in counted})
        expected = [
            {
                "bin_start": start,
                "bin_end": start + 20,
                "goods": counted[start, False],
                "bads": counted[start, True],
            }
            for start in starts
        ]
        assert expected == portfolio.view("score_distribution", **query)

    def test_stress_curve(
        self,
        portfolio_of: Callable[[str], Portfolio],
        tenant: str,
        chosen: tuple[str, ...],
        what_if: Query,
    ) -> None:
        """At each level the loss is that of the accounts with PDs multiplied and capped."""
        portfolio = portfolio_of(tenant)
        query = portfolio.query(chosen, what_if)
        query.pop("stress", None)
        accounts = portfolio.selected(query)
        expected = [
            {
                "stress": level,
                "expected_loss": sum(loss(each, query | levelled) for each in accounts),
            }
            for level in (0.5 + 0.25 * step for step in range(11))
            for levelled in ({"stress": str(level)},)
        ]
        answer = portfolio.view("stress_curve", **query)
        assert expected == [pytest.approx(row) for row in answer]


@pytest.mark.parametrize("tenant", [ACME, BETA])
class TestWholePortfolio:
    """Views of the scorecard and of single accounts."""

    def test_bands_part_the_portfolio(
        self, portfolio_of: Callable[[str], Portfolio], tenant: str
    ) -> None:
        """Every account is in one band, one amount, and one part of each segment."""
        portfolio = portfolio_of(tenant)
        whole = len(portfolio.rows("accounts"))
        bands = [
            portfolio.view("summary", band=band)[0]["accounts"]
            for band in ("low", "warning", "critical")
        ]
        amounts = [
            portfolio.view("summary", amount=row["name"])[0]["accounts"]
            for row in portfolio.view("amounts")
        ]
        assert [whole, whole] == [sum(bands), sum(amounts)]
        assert min(bands) > 0
        assert min(amounts) > 0
        parts = Counter[str]()
        for row in portfolio.view("segments"):
            part = f"{row['column']}:{row['value']}"
            parts[row["column"]] += portfolio.view("summary", part=part)[0]["accounts"]
        assert {whole} == set(parts.values())

    def test_tables_are_shown_as_they_are(
        self, portfolio_of: Callable[[str], Portfolio], tenant: str
    ) -> None:
        """What the model left is answered row for row."""
        portfolio = portfolio_of(tenant)
        for name in ("scorecard", "calibration", "metrics", "model_card", "model_parameters"):
            stored, shown = portfolio.rows(name), portfolio.view(name)
            assert sorted(stored, key=str) == sorted(shown, key=str)
            order = "variable_position" if name == "scorecard" else next(iter(shown[0]))
            places = [row[order] for row in shown]
            assert sorted(places) == places
        curve = portfolio.view("discrimination")
        assert portfolio.rows("discrimination") == curve

    def test_points_add_up_to_the_score(
        self, portfolio_of: Callable[[str], Portfolio], tenant: str
    ) -> None:
        """Each account's points are its score, the largest loss of points first."""
        portfolio = portfolio_of(tenant)
        for account in portfolio.rows("accounts")[::250]:
            points = portfolio.view("account_points", account=account["account_id"])
            assert account["score"] == sum(row["points"] for row in points)
            lost = [row["best_points"] - row["points"] for row in points]
            assert sorted(lost, reverse=True) == lost
            assert min(lost) >= 0

    def test_account(self, portfolio_of: Callable[[str], Portfolio], tenant: str) -> None:
        """One account with its loss, under the what-if; no row for a stranger."""
        portfolio = portfolio_of(tenant)
        account = portfolio.rows("accounts")[7]
        for query in ({}, {"stress": "3", "lgd": "1"}):
            expected = {
                **{name: account[name] for name in ("account_id", "exposure", "defaulted")},
                **{name: account[name] for name in ("pd", "score")},
                "lgd": float(query.get("lgd", LGD)),
                "expected_loss": pytest.approx(loss(account, query)),
            }
            assert [expected] == portfolio.view("account", account=account["account_id"], **query)
        assert [] == portfolio.view("account", account="nobody")
        assert [] == portfolio.view("account_points", account="nobody")

    def test_the_scorecard_counts_everybody(
        self, portfolio_of: Callable[[str], Portfolio], tenant: str
    ) -> None:
        """The bins of each variable hold every account and every default."""
        portfolio = portfolio_of(tenant)
        accounts = portfolio.rows("accounts")
        whole = (len(accounts), sum(account["defaulted"] for account in accounts))
        for rows in grouped(portfolio.view("scorecard"), lambda row: row["variable"]).values():
            assert whole == tuple(
                sum(row[name] for row in rows) for name in ("accounts", "defaults")
            )


@pytest.mark.parametrize(
    ("view", "query", "told"),
    [
        ("summary", {"band": "high"}, "'band' has no such value"),
        ("summary", {"stress": "3.1"}, "'stress' must be a number from 0.5 to 3"),
        ("summary", {"lgd": "-0.1"}, "'lgd' must be a number from 0 to 1"),
        ("summary", {"amount": "nothing"}, "'amount' has no such value"),
        ("summary", {"part": "checking_account"}, "'part' has no such value"),
        ("expected_loss", {"by": "account_id"}, "'by' has no such value"),
        ("score_distribution", {"stress": "2"}, "Unknown parameter 'stress'"),
        ("account", {}, "'account' must be a text"),
    ],
)
def test_refused(stage: Stage, view: str, query: Query, told: str) -> None:
    """What a view cannot be asked for is a 400 that says so."""
    token = stage.tenant_token("admin@acme.com", ACME)
    answer = stage.client.get(
        f"/api/dashboards/{RISK}/views/{view}", headers=bearer(token), params=query
    )
    assert 400 == answer.status_code
    assert told in answer.json()["error"]["message"]
