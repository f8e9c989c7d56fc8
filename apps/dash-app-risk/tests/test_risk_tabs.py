"""The dashboard through HTTP: its other tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from risk_sample import NBSP
from risk_stage import asked, fake_api, fill, opened, texts

from kyros_dash_app_risk import ids
from kyros_dash_kit.testing import Browser

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx2

    from kyros_dash_kit.testing import FakeApi


@pytest.fixture
def api() -> FakeApi:
    """Answers for several tenants."""
    return fake_api()


@pytest.fixture
async def http(api: FakeApi) -> AsyncIterator[httpx2.AsyncClient]:
    """Speaks to the dashboard while it runs."""
    async with opened(api) as client:
        yield client


class TestScore:
    """What the score is made of."""

    async def test_strongest(self, http: httpx2.AsyncClient) -> None:
        """The points of the strongest characteristic are shown first."""
        filled = await fill(http, "acme", tab=ids.SCORE)

        assert "80" in filled["score-distribution-title"]["children"]
        assert "Checking account: the scorecard" == filled["points-table-title"]["children"]
        assert filled["points-title"]["children"].startswith("“Overdrawn” scores 61 points less")

    @pytest.mark.parametrize(
        ("chosen", "title"),
        [("telephone", "Telephone: the scorecard"), ("x", "Checking account: the scorecard")],
    )
    async def test_chosen(self, http: httpx2.AsyncClient, chosen: str, title: str) -> None:
        """A click on another shows its points; one that is not there is as good as none."""
        filled = await fill(http, "acme", tab=ids.SCORE, characteristic=chosen)

        assert title == filled["points-table-title"]["children"]

    async def test_no_model(self, http: httpx2.AsyncClient) -> None:
        """Without a model there is no score, and the page says why."""
        filled = await fill(http, "unfit", tab=ids.SCORE)

        message = filled["kyros-status-message"]["children"]
        assert message.startswith("Too few accounts defaulted")


class TestModel:
    """How good the model is."""

    async def test_metrics(self, http: httpx2.AsyncClient) -> None:
        """Key figures have intervals, and the card what the model rests on."""
        filled = await fill(http, "acme", tab=ids.MODEL)

        assert ["AUC", "KS"] == list(texts(filled, "model-key-figures"))
        assert "Model card" == filled["model-card-title"]["children"]
        assert "Beware." == filled["kyros-notice-details"]["children"]

    async def test_no_model(self, http: httpx2.AsyncClient) -> None:
        """Without a model the card is there, and the drawings are not."""
        filled = await fill(http, "unfit", tab=ids.MODEL)

        assert filled["roc-place"]["hidden"]
        assert filled["metrics-place"]["hidden"]
        assert "Model card" == filled["model-card-title"]["children"]


class TestAccounts:
    """Single accounts."""

    async def test_explained(self, http: httpx2.AsyncClient) -> None:
        """A clicked account shows its numbers and what its score is made of."""
        filled = await fill(http, "acme", tab=ids.ACCOUNTS, account="G1")

        assert "Account G1" == filled["account-panel-title"]["children"]
        assert {
            "Score": ("523", "higher is safer"),
            "PD": (f"22.5{NBSP}%", "over the warning threshold"),
            "Exposure": (f"DM{NBSP}1,000", ""),
            "Defaulted": ("No", "what happened"),
            "Expected loss": (f"DM{NBSP}101", f"LGD 45{NBSP}%"),
        } == texts(filled, "account-panel-key-figures")
        assert "Account G1 scores 523" in filled["account-points-title"]["children"]
        assert "Its points, one by one" == filled["account-table-title"]["children"]

    async def test_unknown(self, http: httpx2.AsyncClient) -> None:
        """An account that is not there is said so, beside the grid."""
        filled = await fill(http, "acme", tab=ids.ACCOUNTS, account="G9")

        assert "There is no account G9" == filled["account-panel-title"]["children"]
        assert filled["account-points-place"]["hidden"]

    async def test_none_chosen(self, http: httpx2.AsyncClient) -> None:
        """Without a click there is no panel."""
        filled = await fill(http, "acme", tab=ids.ACCOUNTS)

        assert filled["account-panel"]["hidden"]

    async def test_no_model(self, http: httpx2.AsyncClient) -> None:
        """Without a model an account has its facts, and no score."""
        filled = await fill(http, "unfit", tab=ids.ACCOUNTS, account="G1")

        assert ["Exposure", "Defaulted"] == list(texts(filled, "account-panel-key-figures"))
        assert filled["account-points-place"]["hidden"]

    async def test_rows(self, http: httpx2.AsyncClient, api: FakeApi) -> None:
        """The filters reach the rows: a band as a range of the PD, an amount as one of exposure."""
        answer = await Browser(http, ids.SLUG, "acme").rows(
            ids.GRID, part="checking:Overdrawn", band="low", amount="1,000 or more"
        )

        assert 200 == answer.status_code
        (row,) = answer.json()["rows"]
        assert ("G1", f"22.5{NBSP}%", f"DM{NBSP}101", "No", "Overdrawn") == (
            row["account_id"],
            row["pd"],
            row["expected_loss"],
            row["defaulted"],
            row["segment_1"],
        )
        (query,) = asked(api, "data")
        expected = '{"pd":{"lt":0.2},"checking":"Overdrawn","exposure":{"gte":1000}}'
        assert expected == query["filters"]
        columns = "account_id,pd,expected_loss,exposure,score,defaulted,checking,savings"
        assert columns == query["columns"]
        assert "-pd" == query["sort"]

    async def test_loss_of_rows(self, http: httpx2.AsyncClient, api: FakeApi) -> None:
        """Accounts can be put in order of their expected loss, which the file has as well."""
        browser = Browser(http, ids.SLUG, "acme")
        answer = await browser.rows(ids.GRID, _sort="-expected_loss")
        file = await browser.rows(ids.GRID, _sort="-expected_loss", _format="csv")

        assert "Expected loss" == answer.json()["titles"]["expected_loss"]
        assert ["-expected_loss"] * 2 == [query["sort"] for query in asked(api, "data")]
        assert "expected_loss" in file.text.splitlines()[0].split(",")

    async def test_rows_know_no_what_if(self, http: httpx2.AsyncClient) -> None:
        """While a slider is moved the heading says that the rows' losses are without it."""
        answer = await Browser(http, ids.SLUG, "acme").rows(ids.GRID, stress="1.5")

        assert "Expected loss, no what-if" == answer.json()["titles"]["expected_loss"]

    async def test_rows_without_model(self, http: httpx2.AsyncClient, api: FakeApi) -> None:
        """Without a PD the largest accounts come first."""
        answer = await Browser(http, ids.SLUG, "unfit").rows(ids.GRID)

        assert 200 == answer.status_code
        assert "-exposure" == asked(api, "data")[0]["sort"]
