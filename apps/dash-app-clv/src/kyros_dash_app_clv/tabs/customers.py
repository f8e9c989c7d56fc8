"""The tab "Customers": all of them in a grid, and one of them in a panel."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv import ids
from kyros_dash_app_clv.chosen import read
from kyros_dash_app_clv.figures import customer
from kyros_dash_app_clv.figures.parts import each, next_weeks, times
from kyros_dash_app_clv.tabs.base import ask_base
from kyros_dash_kit import KeyFigure, PanelView, RowsQuery
from kyros_dash_kit.formats import Money, day, share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_app_clv.chosen import Chosen
    from kyros_dash_kit import Answer, DataClient, Selection, View

    Row = Mapping[str, Any]

_NONE = "\N{EN DASH}"


async def load(client: DataClient, chosen: Chosen) -> View:
    """Ask for the open panel's customer, if there is one; the grid asks for its rows itself."""
    base, answers = await asyncio.gather(ask_base(client, chosen), _ask_customer(client, chosen))
    if not base.loaded or not answers:
        return base.view()
    about, purchases, alive = answers
    row = about.row()
    if not row:
        title = f"There is no customer {chosen.customer}"
        return base.view(panels={ids.CUSTOMER: PanelView(title)})
    drawn = customer.history(purchases.columns, alive.columns, base.theme, base.money)
    return base.view(
        panels={ids.CUSTOMER: panel(row, chosen, base.money)}, charts={ids.HISTORY: drawn}
    )


async def _ask_customer(client: DataClient, chosen: Chosen) -> Sequence[Answer]:
    if chosen.customer is None:
        return ()
    return await asyncio.gather(
        client.view("customer", customer=chosen.customer, **chosen.ahead),
        client.view("customer_purchases", customer=chosen.customer),
        client.view("customer_alive", customer=chosen.customer),
    )


def panel(row: Row, chosen: Chosen, money: Money) -> PanelView:
    """Return the head of a customer's panel."""
    weeks = next_weeks(chosen.horizon)
    alive, purchases, value = (row.get(name) for name in ("p_alive", "purchases", "value"))
    return PanelView(
        title=f"Customer {row['customer_id']}",
        key_figures=[
            KeyFigure("Spent so far", each(money, row["total_spend"]), _orders(row)),
            KeyFigure(
                "Last purchase", day(row["last_purchase"]), f"first {day(row['first_purchase'])}"
            ),
            KeyFigure("P(alive)", _NONE if alive is None else share(alive), "still active"),
            KeyFigure(
                "Expected purchases",
                _NONE if purchases is None else f"{purchases:,.2f}",
                f"in {weeks}",
            ),
            KeyFigure(
                "Expected value", _NONE if value is None else each(money, value), f"in {weeks}"
            ),
        ],
        note=customer.words(row, chosen.horizon, money),
    )


def _orders(row: Row) -> str:
    return f"in {times(row['orders'], 'purchase')}"


async def find_rows(client: DataClient, selection: Selection) -> RowsQuery:
    """Say which rows the filters stand for, and under which horizon and rate they are shown."""
    chosen = read(selection)
    tenant, segments = await asyncio.gather(
        client.tenant(), client.view("segments", cohort=chosen.cohort, **chosen.ahead)
    )
    purchases, value = f"purchases_{chosen.horizon}", f"value_{chosen.horizon}_{chosen.rate}"
    in_segment = _bounds(segments.columns, chosen.segment)
    return RowsQuery(
        filters={"cohort": chosen.cohort, value: in_segment},
        columns={"purchases": purchases, "value": value},
        sort="-value",
        currency=str(segments.config.get("currency") or tenant.currency),
        titles={
            "purchases": f"Purchases, {chosen.horizon} weeks",
            "value": f"Value, {chosen.horizon} weeks",
        },
    )


def _bounds(frame: Mapping[str, Sequence[Any]], segment: str | None) -> dict[str, float] | None:
    """Return between which values a segment lies; the thresholds are listed from high to low."""
    if segment is None:
        return None
    at = list(frame["segment"]).index(segment)
    above = {"lt": frame["threshold"][at - 1]} if at else {}
    lowest = frame["threshold"][at]
    return above if lowest is None else {"gte": lowest, **above}
