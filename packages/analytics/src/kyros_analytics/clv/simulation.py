"""Made-up purchases of customers who behave as the models assume, to hold the models to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kyros_analytics.clv.bg_nbd import BgNbd
    from kyros_analytics.clv.gamma_gamma import GammaGamma

    Array = NDArray[np.float64]


def repeat_purchases(
    model: BgNbd, ages: Array, random: np.random.Generator
) -> tuple[NDArray[np.int64], Array]:
    """Let customers buy until they drop out or their time is over.

    Args:
        model: whose customers they are.
        ages: how many weeks each customer has from the first purchase on.
        random: makes it repeatable.

    Returns:
        The customer (a position in ``ages``) and time (weeks after the first purchase) of each
        repeat purchase, in order of time.
    """
    rates = random.gamma(model.r, 1 / model.alpha, len(ages))
    dropouts = random.beta(model.a, model.b, len(ages))
    active = np.flatnonzero(rates > 0)
    now = np.zeros(len(ages))
    found: list[tuple[NDArray[np.int64], Array]] = []
    while len(active):
        now[active] += random.exponential(1 / rates[active])
        active = active[now[active] <= ages[active]]
        found.append((active, now[active].copy()))
        active = active[random.random(len(active)) >= dropouts[active]]
    return np.concatenate([who for who, _ in found]), np.concatenate([when for _, when in found])


def summaries(
    model: BgNbd, spend: GammaGamma, ages: Array, random: np.random.Generator
) -> pd.DataFrame:
    """Simulate customers, and summarise them as :func:`~kyros_analytics.clv.summary.summarise`."""
    who, when = repeat_purchases(model, ages, random)
    frequency = np.bincount(who, minlength=len(ages))
    recency = np.zeros(len(ages))
    np.maximum.at(recency, who, when)
    nu = random.gamma(spend.q, 1 / spend.gamma, len(ages))
    total = np.bincount(who, random.gamma(spend.p, 1 / nu[who]), minlength=len(ages))
    mean = np.divide(total, frequency, out=np.full(len(ages), np.nan), where=frequency > 0)
    return pd.DataFrame(
        {"frequency": frequency, "recency": recency, "age": ages, "monetary_value": mean}
    )


def transactions(
    model: BgNbd,
    spend: GammaGamma,
    first: pd.Series[pd.Timestamp],
    end: pd.Timestamp,
    random: np.random.Generator,
) -> pd.DataFrame:
    """Simulate customers' transactions: ``customer_id`` (a number), ``date`` and ``spend``.

    Args:
        model: how often they buy.
        spend: for how much.
        first: the day of each customer's first purchase.
        end: the last day of observation.
        random: makes it repeatable.
    """
    days = (end - first).dt.days.to_numpy(dtype=np.float64)
    who, when = repeat_purchases(model, days / 7, random)
    customer = np.concatenate([np.arange(len(first)), who])
    after = np.concatenate([np.zeros(len(first)), np.floor(when * 7)])
    nu = random.gamma(spend.q, 1 / spend.gamma, len(first))
    return pd.DataFrame(
        {
            "customer_id": customer,
            "date": first.to_numpy()[customer] + after.astype("timedelta64[D]"),
            "spend": np.round(random.gamma(spend.p, 1 / nu[customer]), 2),
        }
    )
