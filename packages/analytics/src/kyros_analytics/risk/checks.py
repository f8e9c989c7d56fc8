"""What a scorecard is refused for, which variables are set aside, and what is warned of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kyros_analytics.errors import ModelNotApplicableError
from kyros_analytics.risk.binning import bin_column
from kyros_analytics.risk.columns import encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kyros_analytics.risk.columns import Column
    from kyros_analytics.risk.scorecard import Scorecard

    Bools = NDArray[np.bool_]

LEAST_OUTCOMES = 30
# "Suspicious" (Siddiqi 2006, page 81), and what only the outcome itself, or what was written down
# after it, is known to reach: an AUC of about 0.85 by one variable alone.
SUSPICIOUS, LEAK = 0.5, 2.0
_MISSING_SHARE = 0.99
_FEW_DEFAULTS_A_VARIABLE = 10
_SUSPICIOUS_AUC = 0.9
_OVERFITTED_SLOPE = 0.8
_HIGH_DEFAULT_RATE = 0.15


def check_accounts(accounts: pd.DataFrame) -> None:
    """Make sure that these are accounts.

    Args:
        accounts: with ``account_id`` and ``exposure``.

    Raises:
        ModelNotApplicableError: an account is there twice or has no id, or an exposure is none.
    """
    ids, exposure = accounts["account_id"], accounts["exposure"]
    if ids.isna().any():
        raise ModelNotApplicableError("An account has no account_id: give each one of its own.")
    if ids.duplicated().any():
        first = ids[ids.duplicated()].iloc[0]
        raise ModelNotApplicableError(
            f"Account {first!r} is there more than once: keep one row for each account."
        )
    if (~np.isfinite(exposure.astype(float)) | (exposure < 0)).any():
        raise ModelNotApplicableError(
            "An exposure is negative or missing: give what is owed, and 0 where nothing is."
        )


def check_outcome(defaulted: pd.Series) -> Bools:
    """Return the outcome as truth values.

    Raises:
        ModelNotApplicableError: some are missing, or there are too few of a kind.
    """
    if defaulted.isna().any():
        raise ModelNotApplicableError(
            "An account has no outcome: leave out those of which it is not known yet."
        )
    outcome = defaulted.to_numpy(dtype=bool)
    bad = int(outcome.sum())
    for found, name in ((bad, "defaulted"), (len(outcome) - bad, "repaid")):
        if found < LEAST_OUTCOMES:
            raise ModelNotApplicableError(
                f"A scorecard needs at least {LEAST_OUTCOMES} {name} accounts and there "
                f"{'is' if found == 1 else 'are'} {found or 'none'}: give more accounts or a "
                "longer period."
            )
    return outcome


def set_aside(
    variables: pd.DataFrame, outcome: Bools, trusted: frozenset[str]
) -> tuple[dict[str, Column], dict[str, str], list[tuple[str, str]]]:
    """Part the variables into those that can be used and the others.

    Args:
        variables: of the accounts.
        outcome: of each account.
        trusted: those that stay although they look like the outcome itself.

    Returns:
        The usable ones, a sentence for each of the others, and warnings (name, sentence).
    """
    usable: dict[str, Column] = {}
    reasons: dict[str, str] = {}
    warnings: list[tuple[str, str]] = []
    for name in variables.columns:
        if (reason := _unfit(variables[name])) is not None:
            reasons[name] = reason
            continue
        column = encode(variables[name])
        binning = bin_column(column, outcome)
        if binning.levels == ():
            reasons[name] = "Nearly every account has a value of its own."
            continue
        told = f"{name!r} alone has an information value of {binning.information_value:.2f}"
        if binning.information_value >= LEAK and name not in trusted:
            reasons[name] = "It looks like the outcome itself; see the warnings."
            text = (
                f"{told}, as only the outcome itself or what was known after it has: it is left "
                "out of the scorecard; name it among the variables if it was known before."
            )
            warnings.append(("Leaked outcome", text))
            continue
        if binning.information_value > SUSPICIOUS:
            text = (
                f"{told}, which is suspicious over {SUSPICIOUS}: make sure that it was known "
                "before the outcome, and leave it out if it was not."
            )
            warnings.append(("Suspicious variable", text))
        usable[name] = column
    return usable, reasons, warnings


def fit_warnings(
    scorecard: Scorecard, outcome: Bools, judged: pd.DataFrame
) -> list[tuple[str, str]]:
    """Return what a reader of the scorecard should know: name and sentence."""
    value = dict(zip(judged["metric"], judged["value"], strict=True))
    rate = float(outcome.mean())
    fewest = int(min(outcome.sum(), (~outcome).sum()))
    found: list[tuple[str, str]] = []
    if value["auc"] > _SUSPICIOUS_AUC:
        text = (
            f"The AUC is {value['auc']:.2f}, more than credit data allow: look for a variable "
            "that was known only after the outcome, and leave it out."
        )
        found.append(("Suspicious AUC", text))
    if value["calibration_slope"] < _OVERFITTED_SLOPE:
        text = (
            f"Out of fold the predictions were too extreme (slope "
            f"{value['calibration_slope']:.2f}) and have been corrected: give more accounts or "
            "fewer variables."
        )
        found.append(("Overfitted", text))
    if fewest < _FEW_DEFAULTS_A_VARIABLE * len(scorecard.binnings):
        text = (
            f"There are {fewest} of the rarer outcome for {len(scorecard.binnings)} variables, "
            f"fewer than {_FEW_DEFAULTS_A_VARIABLE} for each: give more accounts or fewer "
            "variables."
        )
        found.append(("Few defaults", text))
    if rate > _HIGH_DEFAULT_RATE:
        text = (
            f"{rate * 100:.0f} % of the accounts defaulted: if defaults were sampled more often "
            "than they occur, then PD and expected loss are those of the sample; compare segments, "
            "and do not book the amounts."
        )
        found.append(("High default rate", text))
    return found


def _unfit(values: pd.Series) -> str | None:
    if pd.api.types.is_datetime64_any_dtype(values) or pd.api.types.is_timedelta64_dtype(values):
        return "It is a date: give the days or years since then as a number instead."
    if values.isna().mean() > _MISSING_SHARE:
        return "It is missing in nearly all accounts."
    if values.nunique(dropna=False) < 2:  # noqa: PLR2004 - one value
        return "It is the same for all accounts."
    return None
