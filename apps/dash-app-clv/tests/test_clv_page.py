"""The dashboard through HTTP, in front of an API that is not there."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, Any

import pytest

from kyros_dash_app_clv import callbacks, ids
from kyros_dash_app_clv.layout import PAGE
from kyros_dash_kit import Dashboard, create_dash_app
from kyros_dash_kit.testing import KEY, Browser, FakeApi, make_settings, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

NBSP = "\N{NO-BREAK SPACE}"


def views(customers: int, cohort: str) -> dict[str, dict[str, list[Any]]]:
    """Build the answers of a tenant, and of one cohort of it."""
    summary: dict[str, list[Any]] = {
        "customers": [customers],
        "orders": [customers * 2],
        "revenue": [customers * 100.0],
        "repeat_customers": [customers // 2],
        "average_order_value": [50.0],
        "first_date": ["1997-01-01"],
        "last_date": ["1998-06-30"],
    }
    answers: dict[str, dict[str, list[Any]]] = {
        "summary": summary,
        "concentration": {"customer_share": [0.0, 0.1, 1.0], "revenue_share": [0.0, 0.4, 1.0]},
        "orders_per_customer": {"orders": [1], "customers": [customers], "revenue": [1.0]},
        "cumulative_value": {
            "cohort": [cohort],
            "month": [0],
            "value_per_customer": [100.0],
            "customers": [customers],
        },
    }
    narrowed = {f"{name}?cohort={cohort}": columns for name, columns in answers.items()}
    narrowed[f"summary?cohort={cohort}"] = {**summary, "customers": [7]}
    return {
        **answers,
        **narrowed,
        "cohorts": {"cohort": [cohort], "customers": [1], "orders": [1], "revenue": [1.0]},
    }


@pytest.fixture
def api() -> FakeApi:
    """Two tenants with data, and one whose data is not loaded."""
    return FakeApi(
        views={
            "acme": views(1000, "1997-01"),
            "beta": views(20, "2001-05"),
            "empty": {**views(1, "1997-01"), "summary": {"customers": [0], "orders": [0]}},
        },
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


def texts(filled: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the key figures: what they are, and how much."""
    figures = [one["props"]["children"] for one in filled["value-key-figures"]["children"]]
    return [(label["props"]["children"], value["props"]["children"]) for label, value, _ in figures]


async def test_all(http: httpx.AsyncClient, api: FakeApi) -> None:
    """Without a filter everything is shown, each view asked for once."""
    filled = await Browser(http, ids.SLUG, "acme").fill(theme="light")

    assert [
        ("Customers", "1,000"),
        ("Orders", "2,000"),
        ("Revenue", "$100,000"),
        ("Came back", f"50.0{NBSP}%"),
        ("Average order", "$50.00"),
    ] == texts(filled)
    assert "Purchases from 1 Jan 1997 to 30 Jun 1998" == filled["kyros-summary"]["children"]
    assert [{"value": "1997-01", "label": f"Jan{NBSP}1997"}] == filled["cohort"]["options"]
    assert 6 == len(api.requests)


async def test_cohort(http: httpx.AsyncClient, api: FakeApi) -> None:
    """A cohort narrows every chart, and not the list of cohorts."""
    filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", cohort="1997-01")

    assert ("Customers", "7") == texts(filled)[0]
    narrowed = {one.url.path.rpartition("/")[2] for one in api.requests if one.url.query}
    assert {"summary", "concentration", "orders_per_customer", "cumulative_value"} == narrowed


async def test_unknown_cohort(http: httpx.AsyncClient) -> None:
    """A cohort that is not there is said in words."""
    filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", cohort="1900-01")

    assert "This selection does not exist" == filled["kyros-status-title"]["children"]


async def test_not_loaded(http: httpx.AsyncClient) -> None:
    """A tenant without purchases is told so."""
    filled = await Browser(http, ids.SLUG, "empty").fill(theme="light")

    expected = "No purchases are loaded for this organisation yet."
    assert expected == filled["kyros-status-message"]["children"]


async def test_tenants_apart(http: httpx.AsyncClient) -> None:
    """Concurrent readers of two tenants each see their own, in their own currency."""
    tenants = ["acme", "beta"] * 10

    filled = await asyncio.gather(
        *[Browser(http, ids.SLUG, tenant).fill(theme="dark") for tenant in tenants]
    )

    expected = {"acme": ("Revenue", "$100,000"), "beta": ("Revenue", "£2,000")}
    assert [expected[tenant] for tenant in tenants] == [texts(one)[2] for one in filled]


async def test_application(monkeypatch: pytest.MonkeyPatch) -> None:
    """What uvicorn runs answers its healthcheck."""
    monkeypatch.setenv("JWT_SECRET_KEY", KEY)
    main = importlib.import_module("kyros_dash_app_clv.main")

    async with running(main.app) as http:
        assert 200 == (await http.get("/health")).status_code
