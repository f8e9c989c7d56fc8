"""The tab "Cohorts": customers by the month of their first purchase."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kyros_dash_app_clv import ids
from kyros_dash_app_clv.figures import cohorts, cumulative, retention
from kyros_dash_app_clv.tabs import figures_of
from kyros_dash_app_clv.tabs.base import ask_base

if TYPE_CHECKING:
    from kyros_dash_app_clv.chosen import Chosen
    from kyros_dash_kit import DataClient, View


async def load(client: DataClient, chosen: Chosen) -> View:
    """Ask for everything at once, and draw it."""
    base, cohort_values, growth, months = await asyncio.gather(
        ask_base(client, chosen, cohort=chosen.cohort),
        client.view("cohorts", **chosen.ahead),
        client.view("cumulative_value", cohort=chosen.cohort),
        client.view("retention", cohort=chosen.cohort),
    )
    if not base.loaded:
        return base.view()
    theme, money = base.theme, base.money
    columns = cohort_values.columns
    return base.view(
        key_figures=figures_of.cohorts(
            base.summary, money, 1 if chosen.cohort else len(columns["cohort"])
        ),
        charts={
            ids.COHORT_VALUE: cohorts.value_by_cohort(
                columns, theme, money, chosen.horizon, chosen.cohort
            ),
            ids.CUMULATIVE_VALUE: cumulative.cumulative_value(growth.columns, theme, money),
            ids.RETENTION: retention.retention(months.columns, theme, money),
        },
    )
