"""From what the reader chose to what the page shows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv import figures, ids
from kyros_dash_app_clv.layout import PAGE
from kyros_dash_kit import Choices, KeyFigure, View, make_theme, register_page
from kyros_dash_kit.formats import Money, count, day, month, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash import Dash

    from kyros_dash_kit import DataClient, Selection


def register(dash: Dash, client: DataClient) -> None:
    """Add the callbacks."""
    register_page(dash, client, PAGE, load)


async def load(client: DataClient, selection: Selection) -> View:
    """Ask for everything at once, and draw it."""
    cohort = selection.get(ids.COHORT)
    tenant, summary, cohorts, concentration, orders, cumulative = await asyncio.gather(
        client.tenant(),
        client.view("summary", cohort=cohort),
        client.view("cohorts"),
        client.view("concentration", cohort=cohort),
        client.view("orders_per_customer", cohort=cohort),
        client.view("cumulative_value", cohort=cohort),
    )
    figures_of = summary.row()
    if not figures_of.get("customers"):
        return View(tenant, empty="No purchases are loaded for this organisation yet.")
    theme = make_theme(selection.theme, tenant.primary_color)
    money = Money(str(summary.config.get("currency", tenant.currency)))
    return View(
        tenant,
        summary=_summary(figures_of),
        key_figures=key_figures(figures_of, money),
        charts={
            ids.CONCENTRATION: figures.concentration(concentration.columns, theme),
            ids.ORDERS: figures.orders_per_customer(orders.columns, theme, money),
            ids.CUMULATIVE_VALUE: figures.cumulative_value(cumulative.columns, theme, money),
        },
        choices={
            ids.COHORT: Choices(
                options={value: month(value) for value in cohorts.columns["cohort"]},
                open_label="Any month",
            )
        },
    )


def key_figures(row: Mapping[str, Any], money: Money) -> list[KeyFigure]:
    """Return the row of large numbers."""
    customers, orders, revenue = row["customers"], row["orders"], row["revenue"]
    return [
        KeyFigure("Customers", count(customers), f"{money.exact(revenue / customers, 2)} each"),
        KeyFigure("Orders", count(orders), f"{orders / customers:.1f} per customer"),
        KeyFigure("Revenue", money.short(revenue), "all orders"),
        KeyFigure(
            "Came back",
            percent(row["repeat_customers"] / customers, 1),
            f"{count(row['repeat_customers'])} customers",
        ),
        KeyFigure("Average order", money.exact(row["average_order_value"], 2), "per order"),
    ]


def _summary(row: Mapping[str, Any]) -> str:
    return f"Purchases from {day(row['first_date'])} to {day(row['last_date'])}"
