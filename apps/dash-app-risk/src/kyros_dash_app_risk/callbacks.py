"""From what the reader chose to what the page shows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from kyros_dash_app_risk import figures, ids
from kyros_dash_app_risk.layout import PAGE
from kyros_dash_kit import Choices, KeyFigure, View, make_theme, register_page
from kyros_dash_kit.formats import Money, count, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash import Dash

    from kyros_dash_kit import Answer, DataClient, Selection


def register(dash: Dash, client: DataClient) -> None:
    """Add the callbacks."""
    register_page(dash, client, PAGE, load)


async def load(client: DataClient, selection: Selection) -> View:
    """Ask for what there is, then for the rates by what was chosen, and draw it."""
    tenant, summary, exposure = await asyncio.gather(
        client.tenant(), client.view("summary"), client.view("exposure")
    )
    row, segments = summary.row(), _segments(summary)
    if not row.get("accounts") or not segments:
        return View(tenant, empty="No accounts are loaded for this organisation yet.")
    chosen = selection.get(ids.SEGMENT) or next(iter(segments))
    rates = await client.view("default_rate", by=chosen)
    theme = make_theme(selection.theme, tenant.primary_color)
    money = Money(str(summary.config.get("currency", tenant.currency)))
    name = segments.get(chosen, chosen)
    return View(
        tenant,
        summary=f"{count(row['accounts'])} accounts, by {name.lower()}",
        key_figures=key_figures(row, money),
        charts={
            ids.DEFAULT_RATE: figures.default_rate(
                rates.columns, theme, name=name, portfolio=row["default_rate"]
            ),
            ids.SEGMENT_EXPOSURE: figures.segment_exposure(rates.columns, theme, money, name=name),
            ids.ACCOUNT_SIZE: figures.account_size(exposure.columns, theme, money),
        },
        choices={ids.SEGMENT: Choices(options=segments, open_label=next(iter(segments.values())))},
    )


def key_figures(row: Mapping[str, Any], money: Money) -> list[KeyFigure]:
    """Return the row of large numbers."""
    accounts, exposure = row["accounts"], row["exposure"]
    in_default = row["defaulted_exposure"] / exposure if exposure else 0
    return [
        KeyFigure("Accounts", count(accounts), f"{money.short(exposure / accounts)} each"),
        KeyFigure("Exposure", money.short(exposure), "all accounts"),
        KeyFigure(
            "Default rate", percent(row["default_rate"], 1), f"{count(row['defaults'])} accounts"
        ),
        KeyFigure(
            "Exposure in default",
            money.short(row["defaulted_exposure"]),
            f"{percent(in_default, 1)} of exposure",
        ),
    ]


def _segments(summary: Answer) -> dict[str, str]:
    """Return the dimensions that this tenant's portfolio can be cut by: title by column."""
    return {
        str(item["column"]): str(item.get("title") or item["column"])
        for item in summary.config.get("segments", [])
    }
