"""What is known of a scorecard: the model card and the parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from kyros_analytics.risk.metrics import Z
from kyros_analytics.risk.points import GOODS_TO_A_BAD, POINTS, POINTS_TO_DOUBLE
from kyros_api.modelling.credit_risk_fit import METRIC_TITLES, SEED, insert

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


class Row(NamedTuple):
    """One line of the model card."""

    section: str
    name: str
    kind: str
    value: float | None = None
    text: str | None = None


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
    database.execute(
        "CREATE TABLE model_card (position INTEGER, section VARCHAR, name VARCHAR, value DOUBLE,"
        " text VARCHAR, kind VARCHAR)"
    )
    database.execute(
        "CREATE TABLE model_parameters (position INTEGER, model VARCHAR, parameter VARCHAR,"
        " value DOUBLE, standard_error DOUBLE, lower DOUBLE, upper DOUBLE, meaning VARCHAR)"
    )
    rows = list(_data(database))
    ((accounts,),) = database.table("accounts").count("*").fetchall()
    if fitted is None:
        rows.append(Row("Warnings", "No scorecard", "text", text=refusal))
    else:
        rows += [*_fit(plan, fitted, options, accounts), *_checks(fitted), *_warnings(plan, fitted)]
        insert(database, "model_parameters", _parameters(plan, fitted))
    rows += [Row("Source", name, "text", text=text) for name, text in _SOURCES.items()]
    frame = pd.DataFrame(rows).astype({"value": "float64", "text": "object"})
    insert(database, "model_card", frame.assign(position=range(1, len(frame) + 1)))


def _data(database: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    sums = database.execute(
        "SELECT count(*), count(*) FILTER (defaulted), sum(exposure), count(lgd) FROM accounts"
    ).fetchall()
    accounts, defaults, exposure, with_lgd = sums[0]
    yield Row("Data", "Accounts", "count", accounts)
    yield Row("Data", "Defaults", "count", defaults)
    yield Row("Data", "Default rate", "percent", defaults / accounts if accounts else None)
    yield Row("Data", "Exposure", "money", exposure)
    yield Row("Data", "Accounts with an LGD of their own", "count", with_lgd)


def _fit(plan: Plan, fitted: ScorecardFit, options: Options, accounts: int) -> Iterator[Row]:
    yield Row("Fit", "Date of the fit", "date", text=options.at.date().isoformat())
    yield Row(
        "Fit",
        "Model",
        "text",
        text="Logistic regression on weights of evidence with a ridge penalty, calibrated by a "
        "line through the out-of-fold predictions.",
    )
    yield Row("Fit", "Accounts in the fit", "count", fitted.accounts)
    yield Row("Fit", "Defaults in the fit", "count", fitted.defaults)
    used = [plan.titles[each.name] for each in fitted.scorecard.binnings]
    yield Row("Fit", "Variables", "count", len(used), ", ".join(used))
    told = (
        "The PD of an account in the fit is that of the folds without it; the score is that of the "
        "full scorecard for every account."
    )
    yield Row("Fit", "Folds", "count", fitted.folds, told)
    yield Row("Fit", "Strength of the penalty", "number", fitted.strength)
    yield Row("Fit", "Seed", "text", text=str(SEED))
    considered = {*plan.variables, *plan.left_out}
    others = [plan.titles[name] for name in plan.attributes if name not in considered]
    if others:
        yield Row("Fit", "Not considered", "text", text=", ".join(others))
    if fitted.accounts < accounts:
        told = (
            f"A random sample with the portfolio's share of defaults: {fitted.accounts:,} of "
            f"{accounts:,} accounts; all are scored."
        )
        yield Row("Fit", "Sample", "text", text=told)
    reasons = [*plan.left_out.items(), *fitted.left_out.itertuples(index=False, name=None)]
    for name, reason in reasons:
        yield Row(
            "Fit", f"Left out: {plan.titles.get(name, name)}", "text", text=_titled(plan, reason)
        )


def _checks(fitted: ScorecardFit) -> Iterator[Row]:
    for metric, value, lower, upper in fitted.metrics.itertuples(index=False, name=None):
        told = f"Out of fold; 95 % interval {lower:.3f} to {upper:.3f}."
        yield Row("Checks", METRIC_TITLES[metric], "number", value, told)


def _warnings(plan: Plan, fitted: ScorecardFit) -> Iterator[Row]:
    for name, text in fitted.warnings.itertuples(index=False, name=None):
        yield Row("Warnings", name, "text", text=_titled(plan, text))


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
    both = pd.concat([regression, scale], ignore_index=True)
    return both.assign(position=range(1, len(both) + 1))
