"""The dashboard through HTTP, in front of an API that is not there."""

from __future__ import annotations

import asyncio
import importlib
import json
from typing import TYPE_CHECKING

import pytest
from clv_sample import COHORT, NBSP, WARNING, make_api, serving, texts, titles

from kyros_dash_app_clv import ids
from kyros_dash_app_clv.layout import PAGE
from kyros_dash_kit.testing import KEY, Browser, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx2

    from kyros_dash_kit.testing import FakeApi


@pytest.fixture
def api() -> FakeApi:
    """Stand in for the API."""
    return make_api()


@pytest.fixture
async def http(api: FakeApi) -> AsyncIterator[httpx2.AsyncClient]:
    """Speaks to the dashboard while it runs."""
    async with serving(api) as client:
        yield client


class TestValue:
    """The first tab."""

    async def test_all(self, http: httpx2.AsyncClient, api: FakeApi) -> None:
        """Without a filter everything is shown, each view asked for once."""
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light")

        assert [
            ("Customers", "1,000"),
            ("Spent so far", "$100,000"),
            ("Still active", "750"),
            ("Customers expected to buy again", "500"),
            ("Expected purchases", "1,500"),
            ("Expected value", "$30,000"),
        ] == texts(filled)
        shown = json.dumps(filled["value-key-figures"], ensure_ascii=False)
        assert f"95{NBSP}%: $28,000 to $32,000" in shown
        assert f"50{NBSP}% in the next 52 weeks" in shown
        assert f"95{NBSP}%: 450 to 550" in shown
        assert [
            f"The 10{NBSP}% of customers with high value hold 60{NBSP}% of the value to come",
            "All 1,000 customers are expected to bring $0 to $10 in the next 52 weeks",
            f"The top 10{NBSP}% of customers brought 40{NBSP}% of revenue",
        ] == titles(filled, ids.SEGMENTS, ids.DISTRIBUTION, ids.CONCENTRATION)
        paths = [one.url.path for one in api.requests]
        assert 8 == len(paths) == len(set(paths))

    async def test_own_data_of_before(self, http: httpx2.AsyncClient, api: FakeApi) -> None:
        """Where it is not known how many buy again, that is said, and all else is shown."""
        unknown = {key: [None] for key in ("buyers", "buyers_lower", "buyers_upper")}
        before = {
            name: {**frame, **unknown}
            for name, frame in api.views["acme"].items()
            if name.startswith("summary")
        }
        api.views = {"acme": {**api.views["acme"], **before}}
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light")

        assert ("Customers expected to buy again", "\N{EN DASH}") in texts(filled)
        assert ("Expected purchases", "1,500") in texts(filled)
        assert "known once the purchases are loaded anew" in json.dumps(filled)

    async def test_cohort(self, http: httpx2.AsyncClient) -> None:
        """A cohort narrows the figures."""
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", cohort=COHORT)

        assert ("Customers", "7") == texts(filled)[0]

    async def test_segment(self, http: httpx2.AsyncClient, api: FakeApi) -> None:
        """A segment narrows what it can, and not the chart that compares segments."""
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", segment="high")

        narrowed = {
            one.url.path.rpartition("/")[2]
            for one in api.requests
            if one.url.params.get("segment") == "high"
        }
        assert {"summary", "value_distribution"} == narrowed
        assert "of all segments" in filled[f"{ids.CONCENTRATION}-note"]["children"]

    @pytest.mark.parametrize(
        "wrong", [{"cohort": "1900-01"}, {"segment": "rich"}, {"horizon": "53"}, {"rate": "x"}]
    )
    async def test_unknown_selection(self, http: httpx2.AsyncClient, wrong: dict[str, str]) -> None:
        """A value that is not offered is said in words."""
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", **wrong)

        assert "This selection does not exist" == filled["kyros-status-title"]["children"]

    async def test_not_loaded(self, http: httpx2.AsyncClient) -> None:
        """A tenant without purchases is told so, on every tab."""
        browser = Browser(http, ids.SLUG, "empty")

        for tab in PAGE.tabs:
            filled = await browser.fill(theme="light", tab=tab.id)
            said = filled["kyros-status-message"]["children"]
            assert said.startswith("No purchases are loaded for this organisation yet.")

    async def test_no_model(self, http: httpx2.AsyncClient) -> None:
        """Without a model the rest is shown, and why it is missing."""
        filled = await Browser(http, ids.SLUG, "plain").fill(theme="light")

        assert ["Customers", "Purchases", "Spent so far", "Came back"] == [
            label for label, _ in texts(filled)
        ]
        assert WARNING == filled["kyros-notice-details"]["children"]
        assert f"The top 10{NBSP}% of customers brought 40{NBSP}% of revenue" in json.dumps(
            filled, ensure_ascii=False
        )


class TestOtherTabs:
    """The tabs behind the first."""

    async def test_cohorts(self, http: httpx2.AsyncClient) -> None:
        """Cohorts are shown by value, growth and retention."""
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", tab=ids.COHORTS_TAB)

        assert [
            (
                f"A customer of Jan{NBSP}1997 has brought $100.00 so far and is expected to bring "
                "$30.00 in the next 52 weeks"
            ),
            f"In the month of the first purchase a customer of Jan{NBSP}1997 has brought $100",
            (
                f"50{NBSP}% of customers of Jan{NBSP}1997 bought again in the month after their "
                "first purchase"
            ),
        ] == titles(filled, ids.COHORT_VALUE, ids.CUMULATIVE_VALUE, ids.RETENTION)
        assert ("Came back", f"50{NBSP}%") in texts(filled, ids.COHORTS_TAB)

    async def test_activity(self, http: httpx2.AsyncClient) -> None:
        """Who bought once is told apart from those whom the model takes to be active."""
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", tab=ids.ACTIVITY_TAB)

        assert [
            ("Still active", "750"),
            ("Repeat customers still active", "250"),
            ("Bought once", "500"),
            ("Customers expected to buy again", "500"),
            ("Expected purchases", "1,500"),
        ] == texts(filled, ids.ACTIVITY_TAB)

    async def test_model(self, http: httpx2.AsyncClient) -> None:
        """The model shows its checks, its parameters and its card."""
        filled = await Browser(http, ids.SLUG, "acme").fill(theme="light", tab=ids.MODEL_TAB)

        assert titles(filled, ids.TRACKING)[0].startswith("In the 1 week held back from it")
        shown = json.dumps(filled, ensure_ascii=False)
        assert "\N{MINUS SIGN}9,582.4" in shown
        assert "How alike customers are" in shown

    @pytest.mark.parametrize("tab", [tab.id for tab in PAGE.tabs])
    async def test_warnings(self, http: httpx2.AsyncClient, tab: str) -> None:
        """What the model card warns of is said where figures of the model are read as such."""
        filled = await Browser(http, ids.SLUG, "warned").fill(theme="light", tab=tab)

        warned = {ids.VALUE_TAB, ids.ACTIVITY_TAB, ids.MODEL_TAB}
        assert (tab not in warned) == filled["kyros-notice-of-data"]["hidden"]
        assert (WARNING if tab in warned else "") == filled["kyros-notice-details"]["children"]
        if tab in warned:
            said = filled["kyros-notice-text"]["children"]
            assert "Read these figures with care: the model comes with a warning." == said

    @pytest.mark.parametrize("tab", [tab.id for tab in PAGE.tabs])
    async def test_no_model(self, http: httpx2.AsyncClient, tab: str) -> None:
        """Without a model every tab shows what it can and says why the rest is missing."""
        filled = await Browser(http, ids.SLUG, "plain").fill(
            theme="dark", tab=tab, customer="00007"
        )

        said = filled["kyros-notice-text"]["children"]
        assert said.startswith("The model could not be fitted")
        assert WARNING == filled["kyros-notice-details"]["children"]


async def test_tenants_apart(http: httpx2.AsyncClient) -> None:
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
