"""The tab "Value": what the customers are worth, and who holds it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kyros_dash_app_clv import ids
from kyros_dash_app_clv.figures import concentration, parts, value
from kyros_dash_app_clv.tabs import figures_of
from kyros_dash_app_clv.tabs.base import ask_base

if TYPE_CHECKING:
    from kyros_dash_app_clv.chosen import Chosen
    from kyros_dash_kit import Chart, DataClient, View


async def load(client: DataClient, chosen: Chosen) -> View:
    """Ask for everything at once, and draw it."""
    ahead, cohort, segment = chosen.ahead, chosen.cohort, chosen.segment
    base, segments, distribution, shares = await asyncio.gather(
        ask_base(client, chosen, cohort=cohort, segment=segment, **ahead),
        client.view("segments", cohort=cohort, **ahead),
        client.view("value_distribution", cohort=cohort, segment=segment, **ahead),
        client.view("concentration", cohort=cohort),
    )
    if not base.loaded:
        return base.view()
    theme, money, horizon = base.theme, base.money, chosen.horizon
    who = parts.whose(cohort)
    charts: dict[str, Chart] = {
        ids.CONCENTRATION: concentration.concentration(
            shares.columns,
            theme,
            base.customers_of(cohort),
            f"{who} of all segments" if segment else who,
        )
    }
    if base.valued:
        charts |= {
            ids.SEGMENTS: value.segments(segments.columns, theme, money, horizon, segment, who=who),
            ids.DISTRIBUTION: value.distribution(
                distribution.columns,
                theme,
                money,
                horizon,
                f"{who} with {value.SEGMENTS[segment].lower()}" if segment else who,
            ),
        }
    figures = figures_of.value if base.modelled else figures_of.bought
    return base.view(warn=True, key_figures=figures(base.summary, money, chosen), charts=charts)
