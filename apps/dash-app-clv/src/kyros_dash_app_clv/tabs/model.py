"""The tab "How good is the model": its checks, its parameters, its card."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv import ids
from kyros_dash_app_clv.figures import model
from kyros_dash_app_clv.figures.parts import known
from kyros_dash_app_clv.tabs.base import ask_base
from kyros_dash_kit import Column, TableView
from kyros_dash_kit.model_card import model_card

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_app_clv.chosen import Chosen
    from kyros_dash_kit import Chart, DataClient, View

    Frame = Mapping[str, Sequence[Any]]


async def load(client: DataClient, chosen: Chosen) -> View:
    """Ask for everything at once, and draw it."""
    base, tracking, fit, holdout, parameters = await asyncio.gather(
        ask_base(client, chosen),
        client.view("tracking"),
        client.view("frequency_fit"),
        client.view("holdout"),
        client.view("model_parameters"),
    )
    if not base.loaded:
        return base.view()
    theme = base.theme
    charts: dict[str, Chart] = {}
    if known(tracking.columns, "expected"):
        charts[ids.TRACKING] = model.tracking(tracking.columns, theme)
    if known(fit.columns, "expected"):
        charts[ids.FREQUENCY_FIT] = model.frequency_fit(fit.columns, theme)
    if known(holdout.columns, "expected"):
        charts[ids.HOLDOUT] = model.holdout(holdout.columns, theme)
    tables = {ids.CARD: model_card(base.card.columns, base.money)}
    if known(parameters.columns, "value"):
        tables[ids.PARAMETERS] = parameter_table(parameters.columns)
    return base.view(warn=True, charts=charts, tables=tables)


def parameter_table(frame: Frame) -> TableView:
    """Show what was fitted, how surely, and what it means."""
    columns = [
        Column("parameter", "Parameter"),
        Column("model", "Model"),
        Column("value", "Estimate", "number"),
        Column("standard_error", "Standard error", "number"),
        Column("lower", "95\N{NO-BREAK SPACE}% from", "number"),
        Column("upper", "to", "number"),
        Column("meaning", "Meaning"),
    ]
    shown = {column.field: frame[column.field] for column in columns}
    return TableView("What was fitted", columns, shown, "Times are in weeks")
