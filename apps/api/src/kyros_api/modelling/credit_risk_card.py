"""What is known of a scorecard: the model card and the parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kyros_analytics.risk.metrics import Z
from kyros_analytics.risk.points import GOODS_TO_A_BAD, POINTS, POINTS_TO_DOUBLE
from kyros_api.modelling.credit_risk_fit import METRIC_TITLES, SEED
from kyros_api.modelling.model_tables import (
    MODEL_CARD,
    MODEL_PARAMETERS,
    Line,
    as_card,
    create,
    numbered,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from kyros_analytics.risk import ScorecardFit
    from kyros_api.modelling.credit_risk_plan import Plan
    from kyros_api.modelling.preparation import Options

_SOURCES = {
    "Scorecard": "N. Siddiqi, Credit Risk Scorecards, Wiley 2006: weight of evidence, information "
    "value, points.",
    "Calibration": "D. R. Cox, Two further applications of a model for binary regression, "
    "Biometrika 45, 1958: slope and intercept.",
    "Intervals of rates": "E. B. Wilson, Probable inference, the law of succession, and "
    "statistical inference, JASA 22, 1927.",
    "Expected loss": "Basel Committee on Banking Supervision, An explanatory note on the Basel II "
    "IRB risk weight functions, 2005: PD x LGD x EAD.",
}


def write(
    database: duckdb.DuckDBPyConnection,
    plan: Plan,
    fitted: ScorecardFit | None,
    refusal: str,
    options: Options,
) -> None:
    """Make ``model_card`` and ``model_parameters``.

    Args:
        database: with the accounts.
        plan: what the columns are for.
        fitted: the scorecard; None when there is none.
        refusal: why there is none.
        options: with the date of the fit.
    """
    lines = list(_data(database))
    parameters: pd.DataFrame | None = None
    ((accounts,),) = database.table("accounts").count("*").fetchall()
    if fitted is None:
        lines.append(Line("Warnings", "No scorecard", "text", text=refusal))
    else:
        lines += _fit(plan, fitted, options, accounts)
        lines += [*_checks(fitted), *_warnings(plan, fitted)]
        parameters = _parameters(plan, fitted)
    lines += [Line("Source", name, "text", text=text) for name, text in _SOURCES.items()]
    create(database, "model_card", MODEL_CARD, as_card(lines))
    create(database, "model_parameters", MODEL_PARAMETERS, parameters)


def _data(database: duckdb.DuckDBPyConnection) -> Iterator[Line]:
    sums = database.execute(
        "SELECT count(*), count(*) FILTER (defaulted), sum(exposure), count(lgd) FROM accounts"
    ).fetchall()
    accounts, defaults, exposure, with_lgd = sums[0]
    yield Line("Data", "Accounts", "count", accounts)
    yield Line("Data", "Defaults", "count", defaults)
    yield Line("Data", "Default rate", "percent", defaults / accounts if accounts else None)
    yield Line("Data", "Exposure", "money", exposure)
    yield Line("Data", "Accounts with an LGD of their own", "count", with_lgd)


def _fit(plan: Plan, fitted: ScorecardFit, options: Options, accounts: int) -> Iterator[Line]:
    yield Line("Fit", "Date of the fit", "date", text=options.at.date().isoformat())
    yield Line(
        "Fit",
        "Model",
        "text",
        text="Logistic regression on weights of evidence with a ridge penalty, calibrated by a "
        "line through the out-of-fold predictions.",
    )
    yield Line("Fit", "Accounts in the fit", "count", fitted.accounts)
    yield Line("Fit", "Defaults in the fit", "count", fitted.defaults)
    used = [plan.titles[each.name] for each in fitted.scorecard.binnings]
    yield Line("Fit", "Variables", "count", len(used), ", ".join(used))
    told = (
        "The PD of an account in the fit is that of the folds without it; the score is that of the "
        "full scorecard for every account."
    )
    yield Line("Fit", "Folds", "count", fitted.folds, told)
    yield Line("Fit", "Strength of the penalty", "number", fitted.strength)
    yield Line("Fit", "Seed", "text", text=str(SEED))
    considered = {*plan.variables, *plan.left_out}
    others = [plan.titles[name] for name in plan.attributes if name not in considered]
    if others:
        yield Line("Fit", "Not considered", "text", text=", ".join(others))
    if fitted.accounts < accounts:
        told = (
            f"A random sample with the portfolio's share of defaults: {fitted.accounts:,} of "
            f"{accounts:,} accounts; all are scored."
        )
        yield Line("Fit", "Sample", "text", text=told)
    reasons = [*plan.left_out.items(), *fitted.left_out.itertuples(index=False, name=None)]
    for name, reason in reasons:
        yield Line(
            "Fit", f"Left out: {plan.titles.get(name, name)}", "text", text=_titled(plan, reason)
        )


def _checks(fitted: ScorecardFit) -> Iterator[Line]:
    for metric, value, lower, upper in fitted.metrics.itertuples(index=False, name=None):
        told = f"Out of fold; 95 % interval {lower:.3f} to {upper:.3f}."
        yield Line("Checks", METRIC_TITLES[metric], "number", value, told)


def _warnings(plan: Plan, fitted: ScorecardFit) -> Iterator[Line]:
    for name, text in fitted.warnings.itertuples(index=False, name=None):
        yield Line("Warnings", name, "text", text=_titled(plan, text))


def _titled(plan: Plan, text: str) -> str:
    """Name columns as a reader knows them: the models know none but the data's own names."""
    for column, title in plan.titles.items():
        text = text.replace(repr(column), f"“{title}”")
    return text


def _parameters(plan: Plan, fitted: ScorecardFit) -> pd.DataFrame:
    scorecard = fitted.scorecard
    names = ["Intercept", *(plan.titles[each.name] for each in scorecard.binnings)]
    meanings = [
        "Log odds good to bad where every weight of evidence is zero",
        *["Log odds good to bad for a weight of evidence of 1"] * len(scorecard.binnings),
    ]
    regression = pd.DataFrame(
        {
            "model": "Scorecard",
            "parameter": names,
            "value": [scorecard.intercept, *scorecard.coefficients],
            "standard_error": fitted.standard_errors,
            "meaning": meanings,
        }
    )
    reach = Z * regression["standard_error"]
    regression = regression.assign(
        lower=regression["value"] - reach, upper=regression["value"] + reach
    )
    scale = pd.DataFrame(
        {
            "model": "Points",
            "parameter": ["Points at the base odds", "Goods to a bad", "Points to double the odds"],
            "value": [float(POINTS), float(GOODS_TO_A_BAD), float(POINTS_TO_DOUBLE)],
            "meaning": [
                "The score that stands for the base odds",
                "The base odds: so many accounts are repaid for one that defaults",
                "So many points more, and twice as many are repaid for one that defaults",
            ],
        }
    )
    return numbered(pd.concat([regression, scale], ignore_index=True))
