"""The dashboard through HTTP, in front of an API that is not there."""

from __future__ import annotations

import asyncio
import importlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from kyros_dash_app_clv import callbacks, ids
from kyros_dash_app_clv.layout import PAGE
from kyros_dash_kit import Dashboard, create_dash_app
from kyros_dash_kit.testing import KEY, Browser, FakeApi, make_settings, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    import httpx

Frame = dict[str, list[Any]]
NBSP = "\N{NO-BREAK SPACE}"
COHORT = "1997-01"
AHEAD = "horizon=52&rate=10"
WARNING = "Too few customers came back."


def summary(customers: int, *, modelled: bool = True) -> Frame:
    """Build the row of all customers."""
    expected: Frame = {
        "active": [customers * 0.75],
        "purchases": [customers * 1.5],
        "purchases_lower": [customers * 1.4],
        "purchases_upper": [customers * 1.6],
        "value": [customers * 30.0],
        "value_lower": [customers * 28.0],
        "value_upper": [customers * 32.0],
    }
    return {
        "customers": [customers],
        "orders": [customers * 2],
        "revenue": [customers * 100.0],
        "repeat_customers": [customers // 2],
        "average_order_value": [50.0],
        "first_date": ["1997-01-01"],
        "last_date": ["1998-06-30"],
        **(expected if modelled else {name: [None] for name in expected}),
    }


def value_views(customers: int, *, modelled: bool) -> dict[str, Frame]:
    """Build the answers of the tab "Value"."""
    return {
        "segments": {
            "segment": ["high", "medium", "low"],
            "threshold": [100.0, 20.0, None],
            "customers": (
                [customers // 10, customers // 5, customers - 3 * customers // 10]
                if modelled
                else [0] * 3
            ),
            "active": [1.0 if modelled else 0] * 3,
            "purchases": [1.0 if modelled else 0] * 3,
            "value": [60.0, 30.0, 10.0] if modelled else [0] * 3,
            "revenue": [1.0, 1.0, 1.0],
        },
        "value_distribution": {
            "bin_start": [0] if modelled else [],
            "bin_end": [10] if modelled else [],
            "customers": [customers] if modelled else [],
            "value": [100.0] if modelled else [],
        },
        "concentration": {"customer_share": [0.0, 0.1, 1.0], "revenue_share": [0.0, 0.4, 1.0]},
    }


def cohort_views(customers: int, *, modelled: bool) -> dict[str, Frame]:
    """Build the answers of the tab "Cohorts"."""
    return {
        "cohorts": {
            "cohort": [COHORT],
            "customers": [customers],
            "orders": [customers * 2],
            "revenue": [customers * 100.0],
            "active": [customers * 0.75 if modelled else None],
            "value": [customers * 30.0 if modelled else None],
        },
        "cumulative_value": {
            "cohort": [COHORT],
            "month": [0],
            "value_per_customer": [100.0],
            "customers": [customers],
        },
        "retention": {
            "cohort": [COHORT, COHORT],
            "month": [0, 1],
            "customers": [customers, customers],
            "active_customers": [customers, customers // 2],
            "revenue": [1.0, 1.0],
        },
    }


def model_views(*, modelled: bool) -> dict[str, Frame]:
    """Build what the model says of itself."""
    views: dict[str, Frame] = {
        "recency_frequency": {
            "frequency": [0, 1],
            "recency_weeks": [0, 10],
            "p_alive": [1.0, 0.5],
            "purchases": [0.1, 0.4],
            "customers": [5, 1],
        },
        "tracking": {
            "week": [1, 2],
            "date": ["1997-01-01", "1997-01-08"],
            "actual": [10.0, 20.0],
            "expected": [10.0, 19.0],
            "phase": ["calibration", "holdout"],
        },
        "frequency_fit": {"frequency": [0, 7], "actual": [10, 5], "expected": [11.0, 4.0]},
        "holdout": {"frequency": [0], "customers": [15], "actual": [0.5], "expected": [0.4]},
        "model_parameters": {
            "position": [1],
            "model": ["BG/NBD"],
            "parameter": ["r"],
            "value": [0.243],
            "standard_error": [0.0128],
            "lower": [0.22],
            "upper": [0.27],
            "meaning": ["How alike customers are"],
        },
    }
    if not modelled:
        views = {name: {column: [] for column in frame} for name, frame in views.items()}
    warned = {} if modelled else {"section": ["Warnings"], "name": ["Few"], "text": [WARNING]}
    return {
        **views,
        "dataset": {"title": ["CDNOW"], "loaded_at": ["2026-11-23T03:00:00Z"]},
        "model_card": {
            "position": [1],
            "section": ["Fit"],
            "name": ["Log-likelihood"],
            "value": [-9582.4 if modelled else None],
            "text": [None],
            "kind": ["number"],
            **warned,
        },
    }


def customer_views(*, modelled: bool) -> dict[str, Frame]:
    """Build the answers about one customer."""
    return {
        "customer": {
            "customer_id": ["00007"],
            "cohort": [COHORT],
            "first_purchase": ["1997-01-01"],
            "last_purchase": ["1997-02-01"],
            "orders": [2],
            "total_spend": [30.5],
            "frequency": [1],
            "recency_days": [31],
            "age_days": [545],
            "p_alive": [0.25 if modelled else None],
            "expected_spend": [20.0 if modelled else None],
            "purchases": [0.4 if modelled else None],
            "value": [8.0 if modelled else None],
        },
        "customer_purchases": {"date": ["1997-01-01", "1997-02-01"], "spend": [10.0, 20.5]},
        "customer_alive": {
            "date": ["1997-01-01"] if modelled else [],
            "p_alive": [1.0] if modelled else [],
        },
    }


# Which parameters each view is asked for with, in this order.
ASKED = {
    "summary": ["", f"{AHEAD}", f"cohort={COHORT}&{AHEAD}", f"segment=high&{AHEAD}", "horizon=52"],
    "segments": [AHEAD, f"cohort={COHORT}&{AHEAD}"],
    "value_distribution": [AHEAD, f"cohort={COHORT}&{AHEAD}", f"segment=high&{AHEAD}"],
    "cohorts": [AHEAD],
    "concentration": ["", f"cohort={COHORT}"],
    "cumulative_value": ["", f"cohort={COHORT}"],
    "retention": ["", f"cohort={COHORT}"],
    "recency_frequency": ["horizon=52"],
    "customer": [f"customer=00007&{AHEAD}"],
    "customer_purchases": ["customer=00007"],
    "customer_alive": ["customer=00007"],
}


def views(customers: int, *, modelled: bool = True) -> dict[str, Frame]:
    """Build the answers of a tenant, and of one cohort of it, which has seven customers."""
    found = {
        "summary": summary(customers, modelled=modelled),
        **value_views(customers, modelled=modelled),
        **cohort_views(customers, modelled=modelled),
        **model_views(modelled=modelled),
        **customer_views(modelled=modelled),
    }
    answers = {
        f"{name}?{query}" if query else name: frame
        for name, frame in found.items()
        for query in ASKED.get(name, [""])
    }
    answers[f"summary?cohort={COHORT}&{AHEAD}"] = summary(7, modelled=modelled)
    nobody = {column: list[Any]() for column in found["customer"]}
    return {
        **answers,
        f"customer?customer=nobody&{AHEAD}": nobody,
        "customer_purchases?customer=nobody": {"date": [], "spend": []},
        "customer_alive?customer=nobody": {"date": [], "p_alive": []},
    }


ROWS: Sequence[dict[str, Any]] = [
    {
        "customer_id": f"{at:05}",
        "first_purchase": "1997-01-01",
        "last_purchase": "1997-02-01",
        "orders": 2,
        "total_spend": 30.5,
        "p_alive": 0.25,
        "purchases_52": 0.4,
        "value_52_10": 8.0 + at,
    }
    for at in range(3)
]


@pytest.fixture
def api() -> FakeApi:
    """Two tenants with data, one without a model, and one whose data is not loaded."""
    nothing: Frame = {"cohort": [], "customers": []}
    return FakeApi(
        views={
            "acme": views(1000),
            "beta": views(20),
            "plain": views(20, modelled=False),
            "empty": {**views(1), f"cohorts?{AHEAD}": nothing},
        },
        rows={"acme": ROWS},
        tenants={"acme": {"primary_color": "#0052cc", "currency": "EUR"}},
        config={"acme": {"currency": "USD"}, "beta": {"currency": "GBP"}},
    )


@pytest.fixture
async def http(api: FakeApi) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the dashboard while it runs."""
    dashboard = Dashboard(ids.SLUG, PAGE.title, PAGE.layout(), callbacks.register)
    async with running(
        create_dash_app(dashboard, make_settings(), transport=api.transport)
    ) as client:
        yield client


def texts(filled: dict[str, Any], of: str = ids.VALUE_TAB) -> list[tuple[str, str]]:
    """Return the key figures: what they are, and how much."""
    figures = filled[f"{of}-key-figures"]["children"]
    return [
        (parts[0]["props"]["children"], parts[1]["props"]["children"])
        for parts in (one["props"]["children"] for one in figures)
    ]


def titles(filled: dict[str, Any], *charts: str) -> list[str]:
    """Return the charts' titles."""
    return [filled[f"{chart}-title"]["children"] for chart in charts]


class TestValue:
    """The first tab."""

    async def test_all(self, http: httpx.AsyncClient, api: FakeApi) -> None:
        """Without a filter everything is shown, each view asked for once."""
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light")

        assert [
            ("Customers", "1,000"),
            ("Spent so far", "$100,000"),
            ("Still active", "750"),
            ("Expected purchases", "1,500"),
            ("Expected value", "$30,000"),
        ] == texts(filled)
        interval = f"95{NBSP}%: $28,000 to $32,000"
        assert interval in json.dumps(filled["value-key-figures"], ensure_ascii=False)
        assert [
            f"The 10{NBSP}% of customers with high value hold 60{NBSP}% of the value to come",
            "All 1,000 customers are expected to bring $0 to $10 in the next 52 weeks",
            f"The top 10{NBSP}% of customers brought 40{NBSP}% of revenue",
        ] == titles(filled, ids.SEGMENTS, ids.DISTRIBUTION, ids.CONCENTRATION)
        paths = [one.url.path for one in api.requests]
        assert 8 == len(paths) == len(set(paths))

    async def test_cohort(self, http: httpx.AsyncClient) -> None:
        """A cohort narrows the figures."""
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", cohort=COHORT)

        assert ("Customers", "7") == texts(filled)[0]

    async def test_segment(self, http: httpx.AsyncClient, api: FakeApi) -> None:
        """A segment narrows what it can, and not the chart that compares segments."""
        await Browser(http, ids.SLUG, "acme").fill(theme="light", segment="high")

        narrowed = {
            one.url.path.rpartition("/")[2]
            for one in api.requests
            if one.url.params.get("segment") == "high"
        }
        assert {"summary", "value_distribution"} == narrowed

    @pytest.mark.parametrize(
        "wrong", [{"cohort": "1900-01"}, {"segment": "rich"}, {"horizon": "53"}, {"rate": "x"}]
    )
    async def test_unknown_selection(self, http: httpx.AsyncClient, wrong: dict[str, str]) -> None:
        """A value that is not offered is said in words."""
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", **wrong)

        assert "This selection does not exist" == filled["kyros-status-title"]["children"]

    async def test_not_loaded(self, http: httpx.AsyncClient) -> None:
        """A tenant without purchases is told so, on every tab."""
        browser = Browser(http, ids.SLUG, "empty")

        for tab in PAGE.tabs:
            filled = await browser.fill(theme="light", tab=tab.id)
            said = filled["kyros-status-message"]["children"]
            assert said.startswith("No purchases are loaded for this organisation yet.")

    async def test_no_model(self, http: httpx.AsyncClient) -> None:
        """Without a model the rest is shown, and why it is missing."""
        filled = await Browser(http, ids.SLUG, "plain").fill(theme="light")

        assert ["Customers", "Purchases", "Spent so far", "Came back"] == [
            label for label, _ in texts(filled)
        ]
        assert filled["kyros-notice-of-data"]["children"].endswith(WARNING)
        assert f"The top 10{NBSP}% of customers brought 40{NBSP}% of revenue" in json.dumps(
            filled, ensure_ascii=False
        )


class TestOtherTabs:
    """The tabs behind the first."""

    async def test_cohorts(self, http: httpx.AsyncClient) -> None:
        """Cohorts are shown by value, growth and retention."""
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", tab=ids.COHORTS_TAB)

        assert [
            (
                "A customer has brought $100.00 so far and is expected to bring $30.00 in the next "
                "52 weeks"
            ),
            "After 0 months a customer has brought $100",
            f"50{NBSP}% of customers bought again in the month after their first purchase",
        ] == titles(filled, ids.COHORT_VALUE, ids.CUMULATIVE_VALUE, ids.RETENTION)
        assert ("Came back", f"50{NBSP}%") in texts(filled, ids.COHORTS_TAB)

    async def test_activity(self, http: httpx.AsyncClient) -> None:
        """Who bought once is told apart from those whom the model takes to be active."""
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", tab=ids.ACTIVITY_TAB)

        assert [
            ("Still active", "750"),
            ("Repeat customers still active", "250"),
            ("Bought once", "500"),
            ("Expected purchases", "1,500"),
        ] == texts(filled, ids.ACTIVITY_TAB)

    async def test_model(self, http: httpx.AsyncClient) -> None:
        """The model shows its checks, its parameters and its card."""
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", tab=ids.MODEL_TAB)

        assert titles(filled, ids.TRACKING)[0].startswith("In the 1 week held back from it")
        shown = json.dumps(filled, ensure_ascii=False)
        assert "-9,582.4" in shown
        assert "How alike customers are" in shown

    @pytest.mark.parametrize("tab", [tab.id for tab in PAGE.tabs])
    async def test_no_model(self, http: httpx.AsyncClient, tab: str) -> None:
        """Without a model every tab shows what it can and says why the rest is missing."""
        filled = await Browser(http, ids.SLUG, "plain").fill(
            theme="dark", tab=tab, customer="00007"
        )

        said = filled["kyros-notice-of-data"]["children"]
        assert said.startswith("The model could not be fitted")
        assert said.endswith(WARNING)


class TestCustomers:
    """The grid, and one customer."""

    async def test_panel(self, http: httpx.AsyncClient) -> None:
        """A click on a customer shows the history and what the model makes of it."""
        filled = await Browser(http, ids.SLUG, "acme").fill(
            theme="light", tab=ids.CUSTOMERS_TAB, customer="00007"
        )

        assert [
            ("Spent so far", "$30.50"),
            ("Last purchase", "1 Feb 1997"),
            ("P(alive)", f"25{NBSP}%"),
            ("Expected purchases", "0.40"),
            ("Expected value", "$8.00"),
        ] == texts(filled, "customer-panel")
        assert ["2 purchases for $30.50 from 1 Jan 1997 to 1 Feb 1997"] == titles(
            filled, ids.HISTORY
        )

    async def test_nobody(self, http: httpx.AsyncClient) -> None:
        """A customer who is not there, as of an old link, is said not to be there."""
        filled = await Browser(http, ids.SLUG, "acme").fill(
            theme="light", tab=ids.CUSTOMERS_TAB, customer="nobody"
        )

        assert "There is no customer nobody" in json.dumps(filled)

    async def test_rows(self, http: httpx.AsyncClient, api: FakeApi) -> None:
        """The grid shows horizon, rate, cohort and segment as chosen, the best first."""
        asked = {"cohort": COHORT, "segment": "medium", "search": "0"}
        answer = await Browser(http, ids.SLUG, "acme").rows(ids.GRID, **asked)

        assert 200 == answer.status_code
        assert "$10.00" in answer.text
        sent = api.requests[-1].url.params
        assert "-value_52_10" == sent["sort"]
        assert {
            "cohort": COHORT,
            "value_52_10": {"gte": 20.0, "lt": 100.0},
            "customer_id": {"contains": "0"},
        } == json.loads(sent["filters"])

    @pytest.mark.parametrize(
        ("segment", "expected"), [("high", {"gte": 100.0}), ("low", {"lt": 20.0})]
    )
    async def test_segments(
        self, http: httpx.AsyncClient, api: FakeApi, segment: str, expected: dict[str, float]
    ) -> None:
        """The highest segment has no end above, the lowest none below."""
        await Browser(http, ids.SLUG, "acme").rows(ids.GRID, segment=segment)

        assert {"value_52_10": expected} == json.loads(api.requests[-1].url.params["filters"])

    async def test_unknown_horizon(self, http: httpx.AsyncClient) -> None:
        """No column is made of what a caller sends."""
        answer = await Browser(http, ids.SLUG, "acme").rows(ids.GRID, horizon="52_10, x")

        assert 400 == answer.status_code


async def test_tenants_apart(http: httpx.AsyncClient) -> None:
    """Concurrent readers of two tenants each see their own, in their own currency."""
    tenants = ["acme", "beta"] * 10

    filled = await asyncio.gather(
        *[Browser(http, ids.SLUG, tenant).fill(theme="dark") for tenant in tenants]
    )

    expected = {"acme": ("Spent so far", "$100,000"), "beta": ("Spent so far", "£2,000")}
    assert [expected[tenant] for tenant in tenants] == [texts(one)[1] for one in filled]


async def test_application(monkeypatch: pytest.MonkeyPatch) -> None:
    """What uvicorn runs answers its healthcheck."""
    monkeypatch.setenv("JWT_SECRET_KEY", KEY)
    main = importlib.import_module("kyros_dash_app_clv.main")

    async with running(main.app) as http:
        assert 200 == (await http.get("/health")).status_code
