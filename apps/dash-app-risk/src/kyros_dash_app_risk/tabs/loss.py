"""The tab on expected losses: how much, where, and what if more default."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kyros_dash_app_risk import ids
from kyros_dash_app_risk.figures import loss, segments
from kyros_dash_app_risk.figures.common import accounts, exactly, signed
from kyros_dash_app_risk.tabs.asking import (
    ask,
    ask_segments,
    is_what_if,
    lgd_of,
    narrowed,
    what_if,
    why_no_model,
)
from kyros_dash_kit import KeyFigure, Notice, View
from kyros_dash_kit.formats import count, percent
from kyros_dash_kit.model_card import warnings

if TYPE_CHECKING:
    from kyros_dash_app_risk.tabs.portfolio import Portfolio
    from kyros_dash_kit import Answer, Chart, DataClient, Selection


async def load(client: DataClient, selection: Selection) -> View:
    """Ask for the losses and draw them."""
    portfolio, by_segment, sizes, stress, card = await asyncio.gather(
        ask(client, selection),
        ask_segments(client, selection),
        client.view("exposure", **narrowed(selection), **what_if(selection)),
        client.view("stress_curve", **narrowed(selection), **lgd_of(selection)),
        client.view("model_card"),
    )
    if portfolio.empty:
        return View(portfolio.tenant, empty=portfolio.empty, choices=portfolio.choices())
    charts = _of_portfolio(portfolio, sizes, stress)
    if by_segment:
        charts |= _of_segments(portfolio, by_segment)
    return View(
        portfolio.tenant,
        summary=_summary(portfolio, len(warnings(card.columns))),
        key_figures=key_figures(portfolio),
        charts=charts,
        choices=portfolio.choices(),
        rests=portfolio.rests(),
        notice=Notice("" if portfolio.has_model else why_no_model(card)),
    )


def _of_portfolio(portfolio: Portfolio, sizes: Answer, stress: Answer) -> dict[str, Chart]:
    theme, money = portfolio.theme, portfolio.money
    charts = {ids.LOSS_BY_SIZE: loss.by_size(sizes.columns, theme, money)}
    if portfolio.has_model:
        charts[ids.LOSS_UNDER_STRESS] = loss.under_stress(
            stress.columns,
            theme,
            money,
            stress=portfolio.selection.number(ids.STRESS),
            loss=portfolio.summary["expected_loss"],
        )
    return charts


def _of_segments(portfolio: Portfolio, answer: Answer) -> dict[str, Chart]:
    theme, money, cut = portfolio.theme, portfolio.money, portfolio.cut
    rates = segments.default_rate(
        answer.columns,
        theme,
        cut=cut,
        portfolio=portfolio.summary["default_rate"],
        stress=portfolio.selection.number(ids.STRESS),
    )
    place, draw = (
        (ids.LOSS_BY_SEGMENT, loss.by_segment)
        if portfolio.has_model
        else (ids.EXPOSURE_BY_SEGMENT, segments.exposure)
    )
    return {place: draw(answer.columns, theme, money, cut=cut), ids.DEFAULT_RATE: rates}


def _summary(portfolio: Portfolio, warned: int) -> str:
    said = [portfolio.described()]
    lgd = portfolio.summary["lgd"]
    if portfolio.has_model and lgd is not None:
        said.append(f"Of what defaults, {percent(lgd)} is lost (LGD)")
    if portfolio.has_model and warned:
        warnings_of = "a warning" if warned == 1 else f"{warned} warnings"
        said.append(f"The model comes with {warnings_of}: see “{ids.MODEL_TITLE}”")
    return ". ".join(said)


def key_figures(portfolio: Portfolio) -> list[KeyFigure]:
    """Return the row of large numbers."""
    row, money = portfolio.summary, portfolio.money
    number, exposure = row["accounts"], row["exposure"]
    known = [
        KeyFigure("Accounts", count(number), f"{percent(row['default_rate'], 1)} defaulted"),
        KeyFigure("Exposure", money.short(exposure), f"{money.short(exposure / number)} each"),
    ]
    if not portfolio.has_model:
        in_default = row["defaulted_exposure"]
        share = percent(in_default / exposure if exposure else 0, 1)
        return [
            *known,
            KeyFigure("Exposure in default", money.short(in_default), f"{share} of exposure"),
        ]
    expected = row["expected_loss"]
    share = percent(expected / exposure if exposure else 0, 1)
    return [
        *known,
        KeyFigure(
            "Expected loss", money.short(expected), f"{share} of exposure{_change(portfolio)}"
        ),
        *[_over(portfolio, name, threshold) for name, threshold in portfolio.thresholds.items()],
    ]


def _change(portfolio: Portfolio) -> str:
    """Compare the expected loss with the one that the model itself gives."""
    expected, base = portfolio.summary["expected_loss"], portfolio.summary["expected_loss_base"]
    if not is_what_if(portfolio.selection) or not base:
        return ""
    return f", {signed((expected / base - 1) * 100)}\N{NO-BREAK SPACE}% by the what-if"


def _over(portfolio: Portfolio, name: str, threshold: float) -> KeyFigure:
    row = portfolio.summary
    number, exposure = row[f"{name}_accounts"], row[f"{name}_exposure"]
    return KeyFigure(
        f"{name.title()}: PD from {exactly(threshold)}",
        percent(number / row["accounts"], 1),
        f"{accounts(number)}, {portfolio.money.short(exposure)}",
    )
