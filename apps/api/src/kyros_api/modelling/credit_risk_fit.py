"""The scorecard of a portfolio: fitted on a sample, written down, and applied to every account."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from kyros_analytics.errors import ModelNotApplicableError
from kyros_analytics.risk import fit_scorecard, pd_of
from kyros_api.modelling.model_tables import create, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    from numpy.typing import NDArray

    from kyros_analytics.risk import ScorecardFit
    from kyros_api.modelling.credit_risk_plan import Plan

# With so many accounts the coefficients are as sure as they need to be.
MOST_FITTED = 100_000
SEED = 20_240_101
_CHUNK = 100_000

_MODEL_TABLES = {
    "scorecard": "variable VARCHAR, title VARCHAR, variable_position INTEGER, bin INTEGER,"
    " label VARCHAR, accounts BIGINT, defaults BIGINT, default_rate DOUBLE, woe DOUBLE,"
    " points DOUBLE, information_value DOUBLE, coefficient DOUBLE",
    "discrimination": "score INTEGER, cumulative_good DOUBLE, cumulative_bad DOUBLE",
    "calibration": "bin INTEGER, accounts BIGINT, predicted DOUBLE, observed DOUBLE,"
    " lower DOUBLE, upper DOUBLE",
    "metrics": "position INTEGER, metric VARCHAR, title VARCHAR, value DOUBLE, lower DOUBLE,"
    " upper DOUBLE",
}
METRIC_TITLES = {
    "auc": "AUC",
    "gini": "Gini",
    "ks": "KS",
    "brier": "Brier score",
    "calibration_intercept": "Calibration intercept, before the correction",
    "calibration_slope": "Calibration slope, before the correction",
}


class Sample(NamedTuple):
    """The accounts of the fit.

    Attributes:
        positions: their rows in ``portfolio``, ascending.
        defaulted: the outcome of each.
        of: how many accounts there are in all.
    """

    positions: NDArray[np.int64]
    defaulted: pd.Series
    of: int


def draw_sample(database: duckdb.DuckDBPyConnection) -> Sample:
    """Choose the accounts of the fit: all, or so many with the portfolio's share of defaults."""
    column = database.execute("SELECT defaulted FROM portfolio ORDER BY rowid").fetchnumpy()
    outcome = pd.Series(column["defaulted"])
    if len(outcome) <= MOST_FITTED:
        return Sample(np.arange(len(outcome)), outcome, len(outcome))
    random = np.random.default_rng(SEED)
    drawn = [
        random.choice(rows, size=round(MOST_FITTED * len(rows) / len(outcome)), replace=False)
        for rows in (np.flatnonzero(outcome), np.flatnonzero(~outcome.astype(bool)))
    ]
    positions = np.sort(np.concatenate(drawn))
    return Sample(positions, outcome.iloc[positions].reset_index(drop=True), len(outcome))


def fit(database: duckdb.DuckDBPyConnection, plan: Plan, sample: Sample) -> ScorecardFit:
    """Fit the scorecard.

    Raises:
        ModelNotApplicableError: it cannot be had of these accounts.
    """
    if not plan.variables:
        raise ModelNotApplicableError(
            "There is no column that a scorecard could be made of: give the accounts attributes "
            "that were known before the outcome."
        )
    database.register("sample", pd.DataFrame({"position": sample.positions}))
    variables = database.execute(
        f"SELECT {', '.join(plan.variables.values())} FROM portfolio"  # noqa: S608 - columns of the table's own, quoted
        " WHERE rowid IN (SELECT position FROM sample) ORDER BY rowid"
    ).df()
    database.unregister("sample")
    return fit_scorecard(variables, sample.defaulted, trusted=plan.trusted, seed=SEED)


def write_model(
    database: duckdb.DuckDBPyConnection, plan: Plan, fitted: ScorecardFit | None
) -> None:
    """Write the tables of the model; they are empty when there is none."""
    frames = _frames(plan, fitted) if fitted else {}
    for name, columns in _MODEL_TABLES.items():
        create(database, name, columns, frames.get(name))


def _frames(plan: Plan, fitted: ScorecardFit) -> dict[str, pd.DataFrame]:
    table = fitted.scorecard.table()
    return {
        "scorecard": table.assign(
            title=table["variable"].map(plan.titles),
            default_rate=table["defaults"] / table["accounts"].where(table["accounts"] > 0),
        ),
        "discrimination": fitted.discrimination,
        "calibration": fitted.calibration,
        "metrics": numbered(
            fitted.metrics.assign(title=fitted.metrics["metric"].map(METRIC_TITLES))
        ),
    }


def score_accounts(
    database: duckdb.DuckDBPyConnection,
    plan: Plan,
    fitted: ScorecardFit | None,
    sample: Sample,
) -> None:
    """Make ``scored``: pd, score and bins of each account, in the order of ``portfolio``.

    Accounts of the fit get the PD that the scorecard of the other folds gives them, all others that
    of the full scorecard; the score is that of the full scorecard for all, to which the points of
    an account's bins add up.
    """
    database.execute("CREATE TABLE scored (pd DOUBLE, score INTEGER, bins UTINYINT[])")
    if fitted is None:
        database.execute("INSERT INTO scored SELECT NULL, NULL, [] FROM portfolio")
        return
    names = [each.name for each in fitted.scorecard.binnings]
    bins = ", ".join(f"b{position}" for position in range(len(names)))
    for start, variables in _chunks(database, plan, names, sample.of):
        assigned = fitted.scorecard.bins(variables)
        probability = pd_of(fitted.scorecard.log_odds_of(assigned))
        first, last = np.searchsorted(sample.positions, [start, start + len(variables)])
        probability[sample.positions[first:last] - start] = fitted.out_of_fold[first:last]
        chunk = assigned.set_axis([f"b{position}" for position in range(len(names))], axis=1)
        chunk["pd"] = rounded(probability)
        chunk["score"] = fitted.scorecard.scores(assigned)
        database.register("chunk", chunk)
        database.execute(f"INSERT INTO scored SELECT pd, score, [{bins}] FROM chunk")  # noqa: S608 - b0, b1, …
        database.unregister("chunk")
    # Bins that nobody has are of no use to a reader.
    database.execute(
        "DELETE FROM scorecard WHERE accounts = 0 AND (variable_position, bin) NOT IN"
        " (SELECT DISTINCT generate_subscripts(bins, 1), unnest(bins) FROM scored)"
    )


def rounded(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return PDs to four decimals, those under 1 % to three digits.

    Some ten thousand different values are left, however many accounts there are: sums by PD are
    small, and from them the loss under any stress is exact.
    """
    magnitude = np.floor(np.log10(np.clip(probability, 1e-12, 1)))
    digits = np.clip(2 - magnitude, 4, None)
    kept = np.round(probability * 10**digits) / 10**digits
    return np.asarray(np.clip(kept, 1e-12, 0.9999))


def _chunks(
    database: duckdb.DuckDBPyConnection, plan: Plan, names: list[str], rows: int
) -> Iterator[tuple[int, pd.DataFrame]]:
    columns = ", ".join(plan.variables[name] for name in names)
    for start in range(0, rows, _CHUNK):
        chunk = database.execute(
            f"SELECT {columns} FROM portfolio WHERE rowid >= ? AND rowid < ? ORDER BY rowid",  # noqa: S608 - columns of the table's own, quoted
            [start, start + _CHUNK],
        ).df()
        yield start, chunk
