"""The grid of customers and the panel of one, through HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from clv_sample import COHORT, NBSP, make_api, serving, texts, titles

from kyros_dash_app_clv import ids
from kyros_dash_kit.testing import Browser

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


class TestCustomers:
    """The grid, and one customer."""

    async def test_panel(self, http: httpx2.AsyncClient) -> None:
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

    async def test_nobody(self, http: httpx2.AsyncClient) -> None:
        """A customer who is not there, as of an old link, is said not to be there."""
        filled = await Browser(http, ids.SLUG, "acme").fill(
            theme="light", tab=ids.CUSTOMERS_TAB, customer="nobody"
        )

        assert "There is no customer nobody" in json.dumps(filled)

    async def test_rows(self, http: httpx2.AsyncClient, api: FakeApi) -> None:
        """The grid shows horizon, rate, cohort and segment as chosen, the best first."""
        asked = {"cohort": COHORT, "segment": "medium", "search": "0"}
        answer = await Browser(http, ids.SLUG, "acme").rows(ids.GRID, **asked)

        assert 200 == answer.status_code
        assert "$16.00" in answer.text
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
        self, http: httpx2.AsyncClient, api: FakeApi, segment: str, expected: dict[str, float]
    ) -> None:
        """The highest segment has no end above, the lowest none below."""
        await Browser(http, ids.SLUG, "acme").rows(ids.GRID, segment=segment)

        assert {"value_52_10": expected} == json.loads(api.requests[-1].url.params["filters"])

    async def test_unknown_horizon(self, http: httpx2.AsyncClient) -> None:
        """No column is made of what a caller sends."""
        answer = await Browser(http, ids.SLUG, "acme").rows(ids.GRID, horizon="52_10, x")

        assert 400 == answer.status_code
