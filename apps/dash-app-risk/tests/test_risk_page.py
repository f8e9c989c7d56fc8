"""The dashboard through HTTP: its first tab, and what holds for all of it."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

import pytest
from risk_sample import NBSP
from risk_stage import asked, fake_api, fill, opened, texts

from kyros_dash_app_risk import ids
from kyros_dash_kit.testing import KEY, running, words_of

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


class TestLoss:
    """How much may be lost, and where."""

    async def test_key_figures(self, http: httpx2.AsyncClient) -> None:
        """The page opens with what there is, what is at risk and what is over the thresholds."""
        filled = await fill(http, "acme")

        assert {
            "Accounts": ("400", f"21.0{NBSP}% defaulted"),
            "Exposure": (f"DM{NBSP}4,000", f"DM{NBSP}10 each"),
            "Expected loss": (f"DM{NBSP}400", f"10.0{NBSP}% of exposure"),
            f"Warning: PD from 20{NBSP}%": (f"30.0{NBSP}%", f"120 accounts, DM{NBSP}1,500"),
            f"Critical: PD from 40{NBSP}%": (f"15.0{NBSP}%", f"60 accounts, DM{NBSP}700"),
        } == texts(filled, "loss-key-figures")
        expected = (
            f"All 400 accounts. Of what defaults, 45{NBSP}% is lost (LGD). "
            "The model comes with a warning: see “How good is the model”"
        )
        assert expected == words_of(filled["kyros-summary"]["children"])

    async def test_first_segment(self, http: httpx2.AsyncClient) -> None:
        """Without a choice the portfolio is cut by the tenant's first segment column."""
        filled = await fill(http, "acme")

        assert "“Overdrawn” carries" in filled["loss-by-segment-title"]["children"]
        assert filled["loss-by-segment-note"]["children"].startswith("By checking account")
        assert ["checking", "savings"] == [one["value"] for one in filled["by"]["options"]]
        assert filled["exposure-by-segment-place"]["hidden"]

    async def test_chosen_segment(self, http: httpx2.AsyncClient) -> None:
        """A choice cuts by another column, which the API is asked for by name."""
        filled = await fill(http, "acme", by="savings")

        assert filled["loss-by-segment-note"]["children"].startswith("By savings")

    async def test_one_wave(self, http: httpx2.AsyncClient, api: FakeApi) -> None:
        """One opening of the page asks each view once."""
        await fill(http, "acme")

        paths = [one.url.path for one in api.requests]
        assert 8 == len(paths) == len(set(paths))

    async def test_what_if(self, http: httpx2.AsyncClient, api: FakeApi) -> None:
        """The sliders reach every view that depends on them, the loss given default as a share."""
        filled = await fill(http, "acme", stress="1.5", lgd="60")

        assert [{"stress": "1.5", "lgd": "0.6"}] == asked(api, "summary")
        assert [{"lgd": "0.6"}] == asked(api, "stress_curve")
        _, note = texts(filled, "loss-key-figures")["Expected loss"]
        assert f"14.8{NBSP}% of exposure, +48{NBSP}% by the what-if" == note
        assert "At 1.5" in filled["loss-under-stress-title"]["children"]

    @pytest.mark.parametrize(
        ("tenant", "chosen", "rest"),
        [("acme", {}, "45"), ("beta", {}, "55"), ("beta", {"stress": "1.5", "lgd": "60"}, "55")],
    )
    async def test_lgd_at_rest(
        self, http: httpx2.AsyncClient, tenant: str, chosen: dict[str, str], rest: str
    ) -> None:
        """The slider rests at what the tenant's accounts lose, also while it stands elsewhere."""
        for tab in (ids.LOSS, ids.ACCOUNTS):
            filled = await fill(http, tenant, tab=tab, **chosen)

            assert rest == filled["kyros-shown"]["data"]["defaults"][ids.LGD]

    async def test_part(self, http: httpx2.AsyncClient, api: FakeApi) -> None:
        """Within a part of one column the next one cuts, and the line above says what is shown."""
        filled = await fill(http, "acme", part="checking:Overdrawn", by="checking")

        assert [{"by": "savings", "part": "checking:Overdrawn"}] == asked(api, "expected_loss")
        assert ["savings"] == [one["value"] for one in filled["by"]["options"]]
        summary = words_of(filled["kyros-summary"]["children"])
        assert summary.startswith("100 accounts with Checking account: Overdrawn.")

    async def test_filters(self, http: httpx2.AsyncClient) -> None:
        """The filters offer the tenant's parts and amounts, and the bands of its thresholds."""
        filled = await fill(http, "acme")

        offered = {
            name: {one["value"]: one["label"] for one in filled[name]["options"]}
            for name in (ids.PART, ids.BAND, ids.AMOUNT)
        }
        assert "Checking account: Overdrawn" == offered[ids.PART]["checking:Overdrawn"]
        assert f"Low: PD under 20{NBSP}%" == offered[ids.BAND]["low"]
        assert ["Under 1,000", "1,000 or more"] == list(offered[ids.AMOUNT])

    async def test_another_tenants_segment(self, http: httpx2.AsyncClient) -> None:
        """A segment of another tenant does not exist."""
        filled = await fill(http, "acme", by="education")

        assert "This selection does not exist" == filled["kyros-status-title"]["children"]

    async def test_no_model(self, http: httpx2.AsyncClient) -> None:
        """Without a model what needs none is shown, and why the rest is missing."""
        filled = await fill(http, "unfit")

        expected = "Too few accounts defaulted: load more. What does not need a model is shown."
        assert expected == filled["kyros-notice-text"]["children"]
        assert filled["loss-by-segment-place"]["hidden"]
        assert filled["loss-under-stress-place"]["hidden"]
        assert not filled["exposure-by-segment-place"]["hidden"]
        assert not filled["default-rate-place"]["hidden"]
        figures = texts(filled, "loss-key-figures")
        assert ["Accounts", "Exposure", "Exposure in default"] == list(figures)

    async def test_no_segments(self, http: httpx2.AsyncClient) -> None:
        """A portfolio that cannot be cut shows what needs no cut."""
        filled = await fill(http, "whole")

        assert filled["loss-by-segment-place"]["hidden"]
        assert filled["default-rate-place"]["hidden"]
        assert not filled["loss-by-size-place"]["hidden"]
        assert [] == filled["by"]["options"]

    @pytest.mark.parametrize("tab", [ids.LOSS, ids.SCORE, ids.ACCOUNTS])
    async def test_not_loaded(self, http: httpx2.AsyncClient, tab: str) -> None:
        """A tenant without accounts is told so, and what to do."""
        filled = await fill(http, "empty", tab=tab)

        message = filled["kyros-status-message"]["children"]
        assert message.startswith("No accounts are loaded for this organisation yet.")

    async def test_nothing_matches(self, http: httpx2.AsyncClient) -> None:
        """Filters that leave no account say so, and stay to be cleared."""
        filled = await fill(http, "empty", amount="Under 1,000")

        expected = "No account matches these filters. Clear one of them above."
        assert expected == filled["kyros-status-message"]["children"]
        assert filled["amount"]["options"]


async def test_tenants_apart(http: httpx2.AsyncClient) -> None:
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
