"""The tab on single accounts: a grid of them, and why one scores as it does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kyros_dash_app_risk import ids
from kyros_dash_app_risk.figures import account
from kyros_dash_app_risk.tabs.asking import ask, is_what_if, what_if, why_no_model
from kyros_dash_kit import Column, KeyFigure, Notice, PanelView, RowsQuery, TableView, View
from kyros_dash_kit.formats import percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kyros_dash_app_risk.tabs.portfolio import Portfolio
    from kyros_dash_kit import Answer, DataClient, Selection

    Row = Mapping[str, Any]

_COLUMNS = [
    Column("title", "Characteristic"),
    Column("label", "Answer"),
    Column("points", "Points", "number", decimals=0),
    Column("best_points", "Best", "number", decimals=0),
]


async def load(client: DataClient, selection: Selection) -> View:
    """Ask for what the filters offer, and for the account that was clicked."""
    portfolio, details = await asyncio.gather(
        ask(client, selection), _ask_account(client, selection)
    )
    if portfolio.empty:
        return View(portfolio.tenant, empty=portfolio.empty, choices=portfolio.choices())
    no_model = "" if portfolio.has_model else why_no_model(await client.view("model_card"))
    view = View(
        portfolio.tenant,
        summary=portfolio.described(),
        choices=portfolio.choices(),
        rests=portfolio.rests(),
        notice=Notice(no_model),
    )
    return _with_account(view, portfolio, *details) if details else view


async def _ask_account(client: DataClient, selection: Selection) -> tuple[Answer, Answer] | None:
    chosen = selection.get(ids.ACCOUNT)
    if chosen is None:
        return None
    return await asyncio.gather(
        client.view("account", account=chosen, **what_if(selection)),
        client.view("account_points", account=chosen),
    )


def _with_account(view: View, portfolio: Portfolio, found: Answer, points: Answer) -> View:
    row = found.row()
    if not row:
        unknown = f"There is no account {portfolio.selection.get(ids.ACCOUNT)}"
        return replace(view, panels={ids.ACCOUNT: PanelView(unknown)})
    name = str(row["account_id"])
    shown = replace(
        view, panels={ids.ACCOUNT: PanelView(f"Account {name}", key_figures(row, portfolio))}
    )
    if row["score"] is None or not points.columns["title"]:
        return shown
    chart = account.points_lost(points.columns, portfolio.theme, account=name, score=row["score"])
    table = TableView("Its points, one by one", _COLUMNS, points.columns, "Their sum is the score")
    return replace(shown, charts={ids.ACCOUNT_POINTS: chart}, tables={ids.ACCOUNT_TABLE: table})


def key_figures(row: Row, portfolio: Portfolio) -> list[KeyFigure]:
    """Return the numbers of one account."""
    money = portfolio.money
    outcome = "Yes" if row["defaulted"] else "No"
    known = [
        KeyFigure("Exposure", money.short(row["exposure"])),
        KeyFigure("Defaulted", outcome, "what happened"),
    ]
    if row["pd"] is None or row["expected_loss"] is None:
        return known
    stress = portfolio.selection.number(ids.STRESS)
    stressed = f"{percent(min(row['pd'] * stress, 1), 1)} under stress" if stress != 1 else ""
    lgd = "" if row["lgd"] is None else f"LGD {percent(row['lgd'])}"
    return [
        KeyFigure("Score", f"{row['score']:g}", "higher is safer"),
        KeyFigure("PD", percent(row["pd"], 1), stressed or _band(row["pd"], portfolio)),
        *known,
        KeyFigure("Expected loss", money.short(row["expected_loss"]), lgd),
    ]


def _band(probability: float, portfolio: Portfolio) -> str:
    over = [name for name, least in portfolio.thresholds.items() if probability >= least]
    return f"over the {over[-1]} threshold" if over else "under the thresholds"


async def find_rows(client: DataClient, selection: Selection) -> RowsQuery:
    """Return which accounts the filters stand for, and what the grid's columns are called."""
    portfolio = await ask(client, selection)
    # The rows know no what-if, so where there is one the heading says that they are without it.
    named = dict(zip(ids.SEGMENT_COLUMNS, portfolio.titles.items(), strict=False))
    return RowsQuery(
        filters=_filters(portfolio),
        columns=dict.fromkeys(ids.SEGMENT_COLUMNS, "")
        | {name: column for name, (column, _) in named.items()},
        titles={
            "expected_loss": "Expected loss, no what-if"
            if is_what_if(selection)
            else "Expected loss",
            **{name: title for name, (_, title) in named.items()},
        },
        sort="-pd" if portfolio.has_model else "-exposure",
        currency=portfolio.money.currency,
    )


def _filters(portfolio: Portfolio) -> dict[str, object]:
    """Write the filters as the rows take them; the API refuses what it does not know."""
    selection = portfolio.selection
    filters: dict[str, object] = {}
    warning, critical = portfolio.thresholds.values()
    bands: dict[str, object] = {
        "low": {"lt": warning},
        "warning": {"gte": warning, "lt": critical},
        "critical": {"gte": critical},
    }
    filters["pd"] = bands.get(selection.get(ids.BAND) or "")
    column, _, value = (selection.get(ids.PART) or "").partition(":")
    if column in portfolio.titles:
        filters[column] = value
    for row in portfolio.amounts:
        if row["name"] == selection.get(ids.AMOUNT):
            upper = {} if row["upper"] is None else {"lt": row["upper"]}
            filters["exposure"] = {"gte": row["lower"], **upper}
    return {name: wanted for name, wanted in filters.items() if wanted is not None}
