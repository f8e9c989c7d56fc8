"""The model card of customers' value: what was fitted to what, how well, and what to mind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kyros_api.dashboards.catalogue.customer_lifetime_value.choices import (
    BG_NBD,
    GAMMA_GAMMA,
    PARAMETERS,
)
from kyros_api.modelling.model_tables import Line, as_card, numbered

if TYPE_CHECKING:
    from datetime import datetime

    from kyros_analytics.clv._maximum_likelihood import Estimate
    from kyros_api.modelling.customer_value_models import Models

_LARGE_ERROR = 0.1  # of the holdout's purchases
_NOTABLE_CORRELATION = 0.1

_MEANINGS = {
    "r": "How alike customers' purchase rates are: the lower, the more they differ.",
    "alpha": "Weeks; r / alpha is the mean number of purchases a week of active customers.",
    "a": "With b, how likely customers drop out after a purchase: a / (a + b) on average.",
    "b": "See a.",
    "p": "How alike one customer's purchases are: the higher, the more.",
    "q": "How alike customers' mean spends are: the higher, the more.",
    "gamma": "Money; p gamma / (q - 1) is the mean spend per purchase.",
}


def model_card(models: Models, transactions: int, at: datetime) -> pd.DataFrame:
    """Return the card's lines in their order.

    Args:
        models: as fitted.
        transactions: how many rows they were fitted to.
        at: when they were fitted.
    """
    return as_card(
        [
            *_data(models, transactions),
            *_fit(models, at),
            *_holdout(models),
            *_warnings(models),
            *_sources(),
        ]
    )


def model_parameters(models: Models) -> pd.DataFrame:
    """Return each parameter with its standard error and 95 % interval."""
    fits: list[tuple[str, tuple[str, ...], Estimate]] = []
    if models.purchases:
        fits.append(("BG/NBD", BG_NBD, models.purchases.estimate))
    if models.spend:
        fits.append(("Gamma-Gamma", GAMMA_GAMMA, models.spend.estimate))
    if models.calibration:
        fits.append(("BG/NBD, first half", BG_NBD, models.calibration.estimate))
    rows = [
        (model, name, value, error, *interval, _MEANINGS[name])
        for model, names, estimate in fits
        for name, value, error, interval in zip(
            names,
            estimate.parameters,
            estimate.standard_errors,
            estimate.intervals,
            strict=True,
        )
    ]
    columns = ["model", "parameter", "value", "standard_error", "lower", "upper", "meaning"]
    return numbered(pd.DataFrame(rows, columns=pd.Index(columns)))


def parameter_covariance(models: Models) -> pd.DataFrame:
    """Return the covariances by row and column (from 1), in the order of the derivatives."""
    size, first = len(PARAMETERS), len(BG_NBD)
    whole = np.zeros((size, size))
    if models.purchases:
        whole[:first, :first] = models.purchases.estimate.covariance
    if models.spend:
        whole[first:, first:] = models.spend.estimate.covariance
    rows, columns = np.indices(whole.shape) + 1
    return pd.DataFrame({"row": rows.ravel(), "col": columns.ravel(), "covariance": whole.ravel()})


def _data(models: Models, transactions: int) -> list[Line]:
    summary = models.summary
    repeaters = int((summary["frequency"] > 0).sum())
    return [
        Line("Data", "Transactions", "count", transactions),
        Line("Data", "Purchases (days on which a customer bought)", "count", len(models.days)),
        Line("Data", "Customers", "count", len(summary)),
        Line("Data", "Customers who bought again", "count", repeaters),
        Line("Data", "First day", "date", text=_day(summary["first"].min())),
        Line("Data", "Last day", "date", text=_day(models.end)),
    ]


def _fit(models: Models, at: datetime) -> list[Line]:
    lines = [Line("Fit", "Date of the fit", "date", text=at.date().isoformat())]
    if models.purchases:
        likelihood = models.purchases.estimate.log_likelihood
        lines.append(Line("Fit", "Log-likelihood of BG/NBD", "number", likelihood))
    if models.spend:
        likelihood, spenders = models.spend.estimate.log_likelihood, models.spend.customers
        lines.append(Line("Fit", "Log-likelihood of Gamma-Gamma", "number", likelihood))
        lines.append(Line("Fit", "Customers behind Gamma-Gamma", "count", spenders))
        mean = models.spend.model.population_mean
        lines.append(Line("Fit", "Mean spend per purchase of all customers", "money", mean))
    rule = (
        "A purchase t weeks from now counts (1 + rate)^(-t / 52.18): the rate is that of a year, "
        "compounded continuously. Value is expected spend, not profit."
    )
    return [*lines, Line("Fit", "Discounting", "text", text=rule)]


def _holdout(models: Models) -> list[Line]:
    lines: list[Line] = []
    if models.spend:
        value = models.spend.correlation
        lines.append(Line("Checks", "Correlation of spend and frequency", "number", value))
    if models.halves and models.calibration:
        actual, expected = _holdout_purchases(models)
        middle = models.halves.calibration_end
        period = f"{_day(middle + pd.Timedelta(days=1))} to {_day(models.halves.end)}"
        fitted = f"{_day(models.summary['first'].min())} to {_day(middle)}"
        lines += [
            Line("Checks", "Fitted for the check", "text", text=fitted),
            Line("Checks", "Customers in the check", "count", len(models.halves.calibration)),
            Line("Checks", "Holdout", "text", text=period),
            Line("Checks", "Purchases expected in the holdout", "count", round(expected)),
            Line("Checks", "Purchases made in the holdout", "count", actual),
        ]
        if actual:
            error = expected / actual - 1
            lines.append(Line("Checks", "Expected above (below) what was made", "percent", error))
    return lines


def _holdout_purchases(models: Models) -> tuple[int, float]:
    if models.halves is None or models.calibration is None:
        return 0, 0.0
    summary = models.halves.calibration
    expected = models.calibration.model.expected_purchases_given(
        summary["frequency"], summary["recency"], summary["age"], models.halves.holdout_weeks
    )
    return int(summary["holdout_purchases"].sum()), float(expected.sum())


def _warnings(models: Models) -> list[Line]:
    found = dict(models.refusals)
    actual, expected = _holdout_purchases(models)
    if actual and abs(expected / actual - 1) > _LARGE_ERROR:
        direction = "fewer" if expected < actual else "more"
        found["Holdout"] = (
            f"The model of the first half expected {100 * abs(expected / actual - 1):.0f} % "
            f"{direction} purchases in the second half than were made: read its predictions with "
            "that in mind."
        )
    if models.spend and abs(models.spend.correlation) > _NOTABLE_CORRELATION:
        more = "more" if models.spend.correlation > 0 else "less"
        found["Spend and frequency"] = (
            f"Customers who buy often spend {more} per purchase (correlation "
            f"{models.spend.correlation:.2f}), which the Gamma-Gamma model leaves out of account."
        )
    if models.spend and models.spend.model.q <= 2:  # noqa: PLR2004 - where the variance ends
        found["No interval of the value"] = (
            "Spend varies so much between customers that its variance is infinite (Gamma-Gamma "
            f"q {models.spend.model.q:.2f}, at most 2): the expected value of all customers has no "
            "interval. A selection of repeat customers has one, by their own purchases."
        )
    free = int((models.summary["monetary_value"] == 0).sum())
    if free:
        found["Purchases without spend"] = (
            f"{free:,} customer{'' if free == 1 else 's'} bought again without paying anything; "
            "the model of spend was fitted without them."
        )
    return [Line("Warnings", name, "text", text=text) for name, text in found.items()]


def _sources() -> list[Line]:
    papers = {
        "BG/NBD": (
            "P. S. Fader, B. G. S. Hardie and K. L. Lee, “Counting Your Customers” the Easy Way: "
            "An Alternative to the Pareto/NBD Model, Marketing Science 24(2), 2005, 275-284."
        ),
        "Gamma-Gamma": (
            "P. S. Fader and B. G. S. Hardie, The Gamma-Gamma Model of Monetary Value, 2013, "
            "brucehardie.com/notes/025."
        ),
        "Value": (
            "P. S. Fader, B. G. S. Hardie and K. L. Lee, RFM and CLV: Using Iso-Value Curves for "
            "Customer Base Analysis, Journal of Marketing Research 42(4), 2005, 415-430."
        ),
    }
    return [Line("Source", name, "text", text=text) for name, text in papers.items()]


def _day(moment: pd.Timestamp) -> str:
    return moment.date().isoformat()
