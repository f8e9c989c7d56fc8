"""The tab on how good the model is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from kyros_dash_app_risk import ids
from kyros_dash_app_risk.figures import model
from kyros_dash_app_risk.tabs.asking import why_no_model
from kyros_dash_kit import Column, KeyFigure, TableView, View, make_theme
from kyros_dash_kit.chart import rows
from kyros_dash_kit.formats import Money
from kyros_dash_kit.model_card import model_card, warnings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit import Answer, Chart, DataClient, Selection, Theme

    Frame = Mapping[str, Sequence[Any]]

_READ = {
    "auc": "1 is perfect, 0.5 is chance",
    "gini": "1 is perfect, 0 is chance",
    "ks": "widest distance of the two outcomes",
    "brier": "mean squared error of the PD; 0 is perfect",
    "calibration_intercept": "0: as many default as was said",
    "calibration_slope": "1: the PDs spread as the defaults do; under 1 too far",
}
_KEY = ("auc", "gini", "ks", "brier")


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
        return View(tenant, tables=cards, notice=why_no_model(card))
    theme = make_theme(selection.theme, tenant.primary_color)
    return View(
        tenant,
        summary="Of the whole portfolio, whichever part is chosen on the other tabs",
        key_figures=_key_figures(metrics.columns),
        charts=_charts(theme, metrics, curve, groups),
        tables={ids.METRICS: _table(metrics.columns), **cards},
        notice=" ".join(warnings(card.columns)),
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
        KeyFigure(
            row["title"], f"{row['value']:.2f}", _READ[name], f"95\N{NO-BREAK SPACE}%: {between}"
        )
        for name in _KEY
        if (row := found.get(name)) and (between := _interval(row))
    ]


def _interval(row: Mapping[str, Any]) -> str:
    if row["lower"] is None or row["upper"] is None:
        return "not known"
    return f"{row['lower']:.2f} to {row['upper']:.2f}"


def _table(metrics: Frame) -> TableView:
    found = rows(metrics)
    columns = [
        Column("title", "Measure"),
        Column("value", "Value", "number", decimals=3),
        Column("lower", "From", "number", decimals=3),
        Column("upper", "To", "number", decimals=3),
        Column("meaning", "How to read it"),
    ]
    frame = {**metrics, "meaning": [_READ.get(row["metric"], "") for row in found]}
    note = "From and to: 95\N{NO-BREAK SPACE}% intervals. Every account was judged out of fold."
    return TableView("What the model is worth, in numbers", columns, frame, note)
