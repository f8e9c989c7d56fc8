"""What the tabs ask the API for: in one wave of requests, and no more than they show."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kyros_dash_app_risk import ids
from kyros_dash_app_risk.tabs.portfolio import Portfolio
from kyros_dash_kit import make_theme
from kyros_dash_kit.chart import rows
from kyros_dash_kit.errors import SelectionError
from kyros_dash_kit.model_card import warnings

if TYPE_CHECKING:
    from kyros_dash_kit import Answer, DataClient, Selection

_NO_MODEL = "There is no model for this portfolio."
_WITHOUT = "What does not need a model is shown."


def narrowed(selection: Selection) -> dict[str, str | None]:
    """Return the API's parameters for the part of the portfolio."""
    return {name: selection.get(name) for name in (ids.BAND, ids.PART, ids.AMOUNT)}


def lgd_of(selection: Selection) -> dict[str, str | None]:
    """Return the API's parameter for the loss given default: absent, it is the accounts' own."""
    chosen = selection.get(ids.LGD) is not None
    return {ids.LGD: f"{selection.number(ids.LGD) / 100:g}" if chosen else None}


def what_if(selection: Selection) -> dict[str, str | None]:
    """Return the API's parameters for the assumptions."""
    return {ids.STRESS: selection.get(ids.STRESS), **lgd_of(selection)}


def is_what_if(selection: Selection) -> bool:
    """Say whether the reader has moved an assumption."""
    return any(value is not None for value in what_if(selection).values())


async def ask(client: DataClient, selection: Selection) -> Portfolio:
    """Ask for what every tab on the portfolio needs."""
    tenant, summary, segments, amounts = await asyncio.gather(
        client.tenant(),
        client.view("summary", **narrowed(selection), **what_if(selection)),
        client.view("segments"),
        client.view("amounts"),
    )
    return Portfolio(
        tenant=tenant,
        theme=make_theme(selection.theme, tenant.primary_color),
        config=summary.config,
        summary=summary.row(),
        segments=rows(segments.columns),
        amounts=rows(amounts.columns),
        selection=selection,
    )


async def ask_segments(client: DataClient, selection: Selection) -> Answer | None:
    """Ask for the segments of what cuts the portfolio; None where nothing does.

    The API knows which column is the first. Only within a part, which its own column cannot cut,
    the next one must be looked up first.
    """
    column = selection.get(ids.CUT)
    part_column = (selection.get(ids.PART) or "").partition(":")[0]
    if part_column and column in {None, part_column}:
        segments = await client.view("segments")
        others = (name for name in segments.columns["column"] if name != part_column)
        column = next(others, part_column)
    try:
        return await client.view(
            "expected_loss", by=column, **narrowed(selection), **what_if(selection)
        )
    except SelectionError:
        if column is not None:
            raise
        return None  # there is no first column: this portfolio has no segments


def why_no_model(card: Answer) -> str:
    """Say why there is no model, and what is there without one.

    Args:
        card: the model card.
    """
    return f"{' '.join(warnings(card.columns)) or _NO_MODEL} {_WITHOUT}"
