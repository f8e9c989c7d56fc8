"""The tab on the score: how it tells defaults apart, and what drives it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from kyros_dash_app_risk import ids
from kyros_dash_app_risk.figures import score, scorecard
from kyros_dash_app_risk.tabs.asking import ask, narrowed, why_no_model
from kyros_dash_kit import Choices, Column, TableView, View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit import DataClient, Selection

    Frame = Mapping[str, Sequence[Any]]

_COLUMNS = [
    Column("label", "Answer"),
    Column("points", "Points", "number", decimals=0),
    Column("accounts", "Accounts", "count"),
    Column("default_rate", "Defaulted", "percent"),
    Column("woe", "WoE", "number", decimals=2),
]


async def load(client: DataClient, selection: Selection) -> View:
    """Ask for the scores and what they are made of, and draw them."""
    portfolio, scores, answer = await asyncio.gather(
        ask(client, selection),
        client.view("score_distribution", **narrowed(selection)),
        client.view("scorecard"),
    )
    choices = portfolio.choices()
    if portfolio.empty:
        return View(portfolio.tenant, empty=portfolio.empty, choices=choices)
    if not portfolio.has_model:
        return View(
            portfolio.tenant, empty=why_no_model(await client.view("model_card")), choices=choices
        )
    frame = answer.columns
    variables = {row["variable"]: row["title"] for row in scorecard.strongest(frame)}
    chosen = _chosen(selection, variables)
    return View(
        portfolio.tenant,
        summary=portfolio.described(),
        charts={
            ids.SCORE_DISTRIBUTION: score.distribution(
                scores.columns, portfolio.theme, thresholds=portfolio.thresholds
            ),
            ids.DRIVERS: scorecard.drivers(frame, portfolio.theme, chosen=chosen),
            ids.POINTS: scorecard.points(frame, portfolio.theme, chosen=chosen),
        },
        tables={ids.POINTS_TABLE: _table(frame, variables.get(chosen, ""), chosen)},
        choices={
            **choices,
            ids.CHARACTERISTIC: Choices(variables, default=next(iter(variables), None)),
        },
    )


def _chosen(selection: Selection, variables: Mapping[str, str]) -> str:
    """Return the variable whose points are shown: the strongest unless another was chosen."""
    chosen = selection.get(ids.CHARACTERISTIC)
    return chosen if chosen and chosen in variables else next(iter(variables), "")


def _table(frame: Frame, title: str, chosen: str) -> TableView:
    at = [position for position, name in enumerate(frame["variable"]) if name == chosen]
    shown = {name: [values[position] for position in at] for name, values in frame.items()}
    note = "All accounts. A weight of evidence (WoE) above 0 speaks for an account."
    return TableView(f"{title}: the scorecard", _COLUMNS, shown, note)
