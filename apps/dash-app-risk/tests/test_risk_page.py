"""The dashboard through HTTP, in front of an API that is not there."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, Any

import pytest
import risk_sample as sample
from risk_sample import NBSP

from kyros_dash_app_risk import callbacks, ids
from kyros_dash_app_risk.layout import PAGE
from kyros_dash_kit import Dashboard, create_dash_app
from kyros_dash_kit.testing import KEY, Browser, FakeApi, make_settings, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

CONFIG = {"warning_pd": 0.2, "critical_pd": 0.4, "lgd": 0.45}


@pytest.fixture
def api() -> FakeApi:
    """Two tenants in their own currencies, and some that lack model, accounts or segments."""
    return FakeApi(
        views={
            "acme": sample.views(),
            "beta": sample.views(exposure=2000.0),
            "unfit": sample.views_without_model(),
            "empty": sample.views(accounts=0),
            "whole": {**sample.views(), "segments": sample.none(sample.views()["segments"])},
        },
        tenants={"beta": {"primary_color": "#ff5722", "currency": "TWD"}},
        config={
            "acme": {**CONFIG, "currency": "DEM"},
            "beta": CONFIG,
            "unfit": CONFIG,
            "empty": CONFIG,
            "whole": CONFIG,
        },
        rows={"acme": [sample.ACCOUNT], "unfit": [{**sample.ACCOUNT, "pd": None, "score": None}]},
    )


@pytest.fixture
async def http(api: FakeApi) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the dashboard while it runs."""
    dashboard = Dashboard(ids.SLUG, PAGE.title, PAGE.layout(), callbacks.register)
    async with running(
        create_dash_app(dashboard, make_settings(), transport=api.transport)
    ) as client:
        yield client


async def fill(http: httpx.AsyncClient, tenant: str, **state: str) -> dict[str, Any]:
    """Run the page's callback for a tenant."""
    return await Browser(http, ids.SLUG, tenant).fill(**state)


def texts(filled: dict[str, Any], place: str) -> dict[str, tuple[str, str]]:
    """Return the key figures: how much, and what it says beside, by what they are."""
    shown = [one["props"]["children"] for one in filled[place]["children"]]
    return {
        label["props"]["children"]: (value["props"]["children"], note["props"]["children"])
        for label, value, note, *_ in shown
    }


def asked(api: FakeApi, view: str) -> list[dict[str, str]]:
    """Return with which parameters a view was asked for."""
    return [dict(one.url.params) for one in api.requests if one.url.path.endswith(f"/{view}")]


class TestLoss:
    """How much may be lost, and where."""

    async def test_key_figures(self, http: httpx.AsyncClient) -> None:
        """The page opens with what there is, what is at risk and what is over the thresholds."""
        filled = await fill(http, "acme")

        assert {
            "Accounts": ("400", f"21.0{NBSP}% defaulted"),
            "Exposure": (f"DM{NBSP}4,000", f"DM{NBSP}10 each"),
            "Expected loss": (f"DM{NBSP}400", f"10.0{NBSP}% of exposure"),
            f"Warning: PD from 20{NBSP}%": (f"30.0{NBSP}%", f"120 accounts, DM{NBSP}1,500"),
            f"Critical: PD from 40{NBSP}%": (f"15.0{NBSP}%", f"60 accounts, DM{NBSP}700"),
        } == texts(filled, "loss-key-figures")
        expected = f"All 400 accounts. Of what defaults, 45{NBSP}% is lost (LGD)."
        assert expected == filled["kyros-summary"]["children"]

    async def test_first_segment(self, http: httpx.AsyncClient) -> None:
        """Without a choice the portfolio is cut by the tenant's first segment column."""
        filled = await fill(http, "acme")

        assert "“Overdrawn” carries" in filled["loss-by-segment-title"]["children"]
        assert filled["loss-by-segment-note"]["children"].startswith("By checking account")
        assert ["checking", "savings"] == [one["value"] for one in filled["by"]["options"]]
        assert filled["exposure-by-segment-place"]["hidden"]

    async def test_what_if(self, http: httpx.AsyncClient, api: FakeApi) -> None:
        """The sliders reach every view that depends on them, the loss given default as a share."""
        filled = await fill(http, "acme", stress="1.5", lgd="60")

        assert [{"stress": "1.5", "lgd": "0.6"}] == asked(api, "summary")
        assert [{"lgd": "0.6"}] == asked(api, "stress_curve")
        _, note = texts(filled, "loss-key-figures")["Expected loss"]
        assert f"14.8{NBSP}% of exposure, +48{NBSP}% by the what-if" == note
        assert "At 1.5" in filled["loss-under-stress-title"]["children"]

    async def test_part(self, http: httpx.AsyncClient, api: FakeApi) -> None:
        """Within a part of one column the next one cuts, and the line above says what is shown."""
        filled = await fill(http, "acme", part="checking:Overdrawn", by="checking")

        assert [{"by": "savings", "part": "checking:Overdrawn"}] == asked(api, "expected_loss")
        assert ["savings"] == [one["value"] for one in filled["by"]["options"]]
        summary = filled["kyros-summary"]["children"]
        assert summary.startswith("100 accounts with Checking account: Overdrawn.")

    async def test_filters(self, http: httpx.AsyncClient) -> None:
        """The filters offer the tenant's parts and amounts, and the bands of its thresholds."""
        filled = await fill(http, "acme")

        offered = {
            name: {one["value"]: one["label"] for one in filled[name]["options"]}
            for name in (ids.PART, ids.BAND, ids.AMOUNT)
        }
        assert "Checking account: Overdrawn" == offered[ids.PART]["checking:Overdrawn"]
        assert f"Low: PD under 20{NBSP}%" == offered[ids.BAND]["low"]
        assert ["Under 1,000", "1,000 or more"] == list(offered[ids.AMOUNT])

    async def test_another_tenants_segment(self, http: httpx.AsyncClient) -> None:
        """A segment of another tenant does not exist."""
        filled = await fill(http, "acme", by="education")

        assert "This selection does not exist" == filled["kyros-status-title"]["children"]

    async def test_no_model(self, http: httpx.AsyncClient) -> None:
        """Without a model what needs none is shown, and why the rest is missing."""
        filled = await fill(http, "unfit")

        expected = "Too few accounts defaulted: load more. What does not need a model is shown."
        assert expected == filled["kyros-notice-of-data"]["children"]
        assert filled["loss-by-segment-place"]["hidden"]
        assert filled["loss-under-stress-place"]["hidden"]
        assert not filled["exposure-by-segment-place"]["hidden"]
        assert not filled["default-rate-place"]["hidden"]
        figures = texts(filled, "loss-key-figures")
        assert ["Accounts", "Exposure", "Exposure in default"] == list(figures)

    async def test_no_segments(self, http: httpx.AsyncClient) -> None:
        """A portfolio that cannot be cut shows what needs no cut."""
        filled = await fill(http, "whole")

        assert filled["loss-by-segment-place"]["hidden"]
        assert filled["default-rate-place"]["hidden"]
        assert not filled["loss-by-size-place"]["hidden"]
        assert [] == filled["by"]["options"]

    @pytest.mark.parametrize("tab", [ids.LOSS, ids.SCORE, ids.ACCOUNTS])
    async def test_not_loaded(self, http: httpx.AsyncClient, tab: str) -> None:
        """A tenant without accounts is told so, and what to do."""
        filled = await fill(http, "empty", tab=tab)

        message = filled["kyros-status-message"]["children"]
        assert message.startswith("No accounts are loaded for this organisation yet.")

    async def test_nothing_matches(self, http: httpx.AsyncClient) -> None:
        """Filters that leave no account say so, and stay to be cleared."""
        filled = await fill(http, "empty", amount="Under 1,000")

        expected = "No account matches these filters. Clear one of them above."
        assert expected == filled["kyros-status-message"]["children"]
        assert filled["amount"]["options"]


class TestScore:
    """What the score is made of."""

    async def test_strongest(self, http: httpx.AsyncClient) -> None:
        """The points of the strongest characteristic are shown first."""
        filled = await fill(http, "acme", tab=ids.SCORE)

        assert "80" in filled["score-distribution-title"]["children"]
        assert "Checking account: the scorecard" == filled["points-table-title"]["children"]
        assert filled["points-title"]["children"].startswith("“Overdrawn” scores 61 points less")

    @pytest.mark.parametrize(
        ("chosen", "title"),
        [("telephone", "Telephone: the scorecard"), ("x", "Checking account: the scorecard")],
    )
    async def test_chosen(self, http: httpx.AsyncClient, chosen: str, title: str) -> None:
        """A click on another shows its points; one that is not there is as good as none."""
        filled = await fill(http, "acme", tab=ids.SCORE, characteristic=chosen)

        assert title == filled["points-table-title"]["children"]

    async def test_no_model(self, http: httpx.AsyncClient) -> None:
        """Without a model there is no score, and the page says why."""
        filled = await fill(http, "unfit", tab=ids.SCORE)

        message = filled["kyros-status-message"]["children"]
        assert message.startswith("Too few accounts defaulted")


class TestModel:
    """How good the model is."""

    async def test_metrics(self, http: httpx.AsyncClient) -> None:
        """Key figures have intervals, and the card what the model rests on."""
        filled = await fill(http, "acme", tab=ids.MODEL)

        assert ["AUC", "KS"] == list(texts(filled, "model-key-figures"))
        assert "Model card" == filled["model-card-title"]["children"]
        assert "Beware." == filled["kyros-notice-of-data"]["children"]

    async def test_no_model(self, http: httpx.AsyncClient) -> None:
        """Without a model the card is there, and the drawings are not."""
        filled = await fill(http, "unfit", tab=ids.MODEL)

        assert filled["roc-place"]["hidden"]
        assert filled["metrics-place"]["hidden"]
        assert "Model card" == filled["model-card-title"]["children"]


class TestAccounts:
    """Single accounts."""

    async def test_explained(self, http: httpx.AsyncClient) -> None:
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

    async def test_unknown(self, http: httpx.AsyncClient) -> None:
        """An account that is not there is said so, beside the grid."""
        filled = await fill(http, "acme", tab=ids.ACCOUNTS, account="G9")

        assert "There is no account G9" == filled["account-panel-title"]["children"]
        assert filled["account-points-place"]["hidden"]

    async def test_none_chosen(self, http: httpx.AsyncClient) -> None:
        """Without a click there is no panel."""
        filled = await fill(http, "acme", tab=ids.ACCOUNTS)

        assert filled["account-panel"]["hidden"]

    async def test_no_model(self, http: httpx.AsyncClient) -> None:
        """Without a model an account has its facts, and no score."""
        filled = await fill(http, "unfit", tab=ids.ACCOUNTS, account="G1")

        assert ["Exposure", "Defaulted"] == list(texts(filled, "account-panel-key-figures"))
        assert filled["account-points-place"]["hidden"]

    async def test_rows(self, http: httpx.AsyncClient, api: FakeApi) -> None:
        """The filters reach the rows: a band as a range of the PD, an amount as one of exposure."""
        answer = await Browser(http, ids.SLUG, "acme").rows(
            ids.GRID, part="checking:Overdrawn", band="low", amount="1,000 or more"
        )

        assert 200 == answer.status_code
        (row,) = answer.json()["rows"]
        assert ("G1", f"22.5{NBSP}%", "No", "Overdrawn") == (
            row["account_id"],
            row["pd"],
            row["defaulted"],
            row["segment_1"],
        )
        (query,) = asked(api, "data")
        expected = '{"pd":{"lt":0.2},"checking":"Overdrawn","exposure":{"gte":1000}}'
        assert expected == query["filters"]
        assert "account_id,score,pd,exposure,defaulted,checking,savings" == query["columns"]
        assert "-pd" == query["sort"]

    async def test_rows_without_model(self, http: httpx.AsyncClient, api: FakeApi) -> None:
        """Without a PD the largest accounts come first."""
        answer = await Browser(http, ids.SLUG, "unfit").rows(ids.GRID)

        assert 200 == answer.status_code
        assert "-exposure" == asked(api, "data")[0]["sort"]


async def test_tenants_apart(http: httpx.AsyncClient) -> None:
    """Concurrent readers of two tenants each see their own, in their own currency."""
    tenants = ["acme", "beta"] * 10

    filled = await asyncio.gather(*[fill(http, tenant, theme="dark") for tenant in tenants])

    expected = {"acme": f"DM{NBSP}4,000", "beta": "NT$2,000"}
    shown = [texts(one, "loss-key-figures")["Exposure"][0] for one in filled]
    assert [expected[tenant] for tenant in tenants] == shown


async def test_application(monkeypatch: pytest.MonkeyPatch) -> None:
    """What uvicorn runs answers its healthcheck."""
    monkeypatch.setenv("JWT_SECRET_KEY", KEY)
    main = importlib.import_module("kyros_dash_app_risk.main")

    async with running(main.app) as http:
        assert 200 == (await http.get("/health")).status_code
