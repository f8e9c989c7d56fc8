"""The tab on how good the model is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from kyros_dash_app_risk import ids
from kyros_dash_app_risk.figures import model
from kyros_dash_app_risk.tabs.asking import why_no_model
from kyros_dash_kit import Column, KeyFigure, Notice, TableView, View, make_theme
from kyros_dash_kit.chart import rows
from kyros_dash_kit.formats import Money
from kyros_dash_kit.model_card import model_card, warned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit import Answer, Chart, DataClient, Selection, Theme

    Frame = Mapping[str, Sequence[Any]]

_READ = {
    "auc": "1 is perfect, 0.5 is chance",
    "gini": "1 is perfect, 0 is chance",
    "ks": "widest distance of the two outcomes",
    "brier": "mean squared error of the PD; 0 is perfect",
}


async def load(client: DataClient, selection: Selection) -> View:
    """Ask how the model does, and draw it."""
    tenant, metrics, curve, groups, card = await asyncio.gather(
        client.tenant(),
        client.view("metrics"),
        client.view("discrimination"),
        client.view("calibration"),
        client.view("model_card"),
    )
    money = Money(str(card.config.get("currency", tenant.currency)))
    cards = {ids.MODEL_CARD: model_card(card.columns, money)}
    if not metrics.columns["metric"]:
        return View(tenant, tables=cards, notice=Notice(why_no_model(card)))
    theme = make_theme(selection.theme, tenant.primary_color)
    return View(
        tenant,
        summary="Of the whole portfolio, whichever part is chosen on the other tabs",
        key_figures=_key_figures(metrics.columns),
        charts=_charts(theme, metrics, curve, groups),
        tables={ids.METRICS: _table(metrics.columns), **cards},
        notice=warned(card.columns),
    )


def _charts(theme: Theme, metrics: Answer, curve: Answer, groups: Answer) -> dict[str, Chart]:
    return {
        ids.ROC: model.roc(curve.columns, theme, auc=model.metric(metrics.columns, "auc")),
        ids.DISTANCE: model.kolmogorov_smirnov(curve.columns, theme),
        ids.CALIBRATION: model.calibration(groups.columns, theme),
    }


def _key_figures(metrics: Frame) -> list[KeyFigure]:
    found = {row["metric"]: row for row in rows(metrics)}
    return [
        KeyFigure(row["title"], f"{row['value']:.2f}", meaning, f"95\N{NO-BREAK SPACE}%: {between}")
        for name, meaning in _READ.items()
        if (row := found.get(name)) and (between := _interval(row))
    ]


def _interval(row: Mapping[str, Any]) -> str:
    if row["lower"] is None or row["upper"] is None:
        return "not known"
    return f"{row['lower']:.2f} to {row['upper']:.2f}"


def _table(metrics: Frame) -> TableView:
    columns = [
        Column("title", "Measure"),
        Column("value", "Value", "number", decimals=3),
        Column("lower", "From", "number", decimals=3),
        Column("upper", "To", "number", decimals=3),
    ]
    note = (
        "From and to: 95\N{NO-BREAK SPACE}% interval, out of fold. A calibration intercept of 0 "
        "and a slope of 1 say that as many default as was said, among good accounts and bad ones."
    )
    return TableView("What the model is worth, in numbers", columns, metrics, note)
