"""What active customers will buy up to a horizon: means, second moments, and their derivatives.

Discounting is continuous and exact: a purchase after t weeks counts exp(-delta t), where
delta = ln(1 + rate) / (365.25 / 7) and the rate is that of a year. A purchase a year from now at
10 % thus counts 1 / 1.1.

Given that a customer with x repeat purchases and age T is active, lambda is gamma distributed
(r + x, alpha + T) and p is beta distributed (a, b + x). So many weeks ahead they

- buy at a rate of lambda exp(-lambda p t),
- buy twice, at s < t, at a rate of lambda^2 (1 - p) exp(-lambda p t),
- have bought at all with probability 1 - exp(-lambda t): see ``BgNbd.p_buys_given``.

The means over lambda are powers of 1 + p t / (alpha + T); those over p are taken by Gauss-Jacobi
quadrature, and the integrals over time by Gauss-Legendre quadrature between the horizons.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from kyros_analytics.clv._quadrature import beta_rule, points_needed, time_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from kyros_analytics.clv.bg_nbd import BgNbd

    Array = NDArray[np.float64]

WEEKS_A_YEAR = 365.25 / 7
PARAMETERS = ("r", "alpha", "a", "b")
_TIMES = 12  # points between two horizons
_AT_ONCE = 2_000_000  # numbers in an array
_STEP = 1e-4  # relative, for the derivatives by a and b


def weekly_discount(rate: float) -> float:
    """Return the continuous discount rate of a week for a rate of a year in per cent."""
    return float(np.log1p(rate / 100) / WEEKS_A_YEAR)


@dataclass(frozen=True)
class _Plan:
    """When to look ahead, and what a purchase counts then: a column for each horizon and rate.

    Attributes:
        times: in weeks.
        plain: what a purchase at a time counts, without discount.
        once: the same, discounted.
        squared: the same, by the discount squared.
        twice: what two purchases count of which the later is at that time.
        plain_twice: the same, without discount.
    """

    times: Array
    plain: Array
    once: Array
    squared: Array
    twice: Array
    plain_twice: Array


class _Flow(NamedTuple):
    """Per age and time: the rates of one and of two purchases, and derivatives of the first."""

    once: Array
    twice: Array
    by_r: Array
    by_alpha: Array


def moments_given_alive(
    model: BgNbd, histories: pd.DataFrame, horizons: Sequence[int], rates: Sequence[int]
) -> pd.DataFrame:
    """Return what active customers of each history will buy.

    Args:
        model: fitted.
        histories: the ``frequency`` and ``age`` (weeks) that occur, in any order.
        horizons: in weeks, ascending.
        rates: of discount, per cent a year.

    Returns:
        For each distinct history, horizon and rate: ``frequency``, ``age``, ``horizon``, ``rate``,
        ``purchases`` (expected), ``discounted`` (the same, discounted), ``second_moment`` (mean of
        the square of what ``discounted`` is the mean of), ``squared_discount`` (mean sum of the
        purchases' squared discounts: the part of the second moment that is due to each purchase by
        itself), ``plain_second_moment`` (of what ``purchases`` is the mean of), ``buys`` (the
        probability of at least one purchase), ``d_purchases_*`` and ``d_discounted_*``, the
        derivatives by r, alpha, a and b, and ``d_buys_r`` and ``d_buys_alpha``: on a and b it does
        not depend.
    """
    plan = _plan(horizons, rates)
    blocks = [
        _block(model, plan, count, ages)
        | _at_least_one(model, np.repeat(horizons, len(rates)), count, ages)
        for count, ages in _ages_by_frequency(histories, plan, model, horizons[-1])
    ]
    grid = pd.MultiIndex.from_product([horizons, rates], names=["horizon", "rate"]).to_frame()
    return pd.concat([_as_frame(block, grid) for block in blocks], ignore_index=True)


def _ages_by_frequency(
    histories: pd.DataFrame, plan: _Plan, model: BgNbd, longest: float
) -> Iterator[tuple[float, Array]]:
    """Yield each frequency with the ages that occur, in portions that fit in memory."""
    distinct = histories[["frequency", "age"]].drop_duplicates().sort_values(["frequency", "age"])
    for count, group in distinct.groupby("frequency"):
        ages = group["age"].to_numpy(dtype=np.float64)
        points = points_needed(model.alpha + ages[0], longest)
        portion = max(1, _AT_ONCE // (points * len(plan.times)))
        for start in range(0, len(ages), portion):
            yield float(np.asarray(count)), ages[start : start + portion]


def _plan(horizons: Sequence[int], rates: Sequence[int]) -> _Plan:
    times, weights = time_rule((0.0, *map(float, horizons)), _TIMES)
    flat = times.ravel()
    within = weights.ravel()[:, np.newaxis] * (flat[:, np.newaxis] < np.asarray(horizons))
    deltas = np.array([weekly_discount(rate) for rate in rates])
    passed = np.multiply.outer(flat, deltas)
    discount = np.exp(-passed)
    # The integral of the discount up to a time; without discount it is the time itself.
    earlier = np.where(deltas > 0, -np.expm1(-passed) / np.where(deltas > 0, deltas, 1), 0)
    earlier += np.where(deltas > 0, 0, flat[:, np.newaxis])

    def columns(counts: Array) -> Array:
        return (within[:, :, np.newaxis] * counts[:, np.newaxis]).reshape(len(flat), -1)

    return _Plan(
        flat,
        columns(np.ones_like(discount)),
        columns(discount),
        columns(discount**2),
        columns(2 * discount * earlier),
        columns(np.broadcast_to(2 * flat[:, np.newaxis], discount.shape)),
    )


def _block(model: BgNbd, plan: _Plan, count: float, ages: Array) -> dict[str, Array]:
    """Return the moments of customers of one frequency: for each age a row, as in the plan."""
    flow = _flow(model, plan.times, count, ages)
    squared = flow.once @ plan.squared
    found = {
        "frequency": np.full(len(ages), count),
        "age": ages,
        "purchases": flow.once @ plan.plain,
        "discounted": flow.once @ plan.once,
        "squared_discount": squared,
        "second_moment": squared + flow.twice @ plan.twice,
        "plain_second_moment": (flow.once @ plan.plain) + flow.twice @ plan.plain_twice,
    }
    derivatives = {
        "r": flow.by_r,
        "alpha": flow.by_alpha,
        "a": _difference(model, plan.times, count, ages, "a"),
        "b": _difference(model, plan.times, count, ages, "b"),
    }
    for name, derivative in derivatives.items():
        found[f"d_purchases_{name}"] = derivative @ plan.plain
        found[f"d_discounted_{name}"] = derivative @ plan.once
    return found


def _at_least_one(
    model: BgNbd, weeks: NDArray[np.int64], count: float, ages: Array
) -> dict[str, Array]:
    """Return how probable a purchase is up to each horizon, with derivatives: columns likewise."""
    shape, rate = model.r + count, (model.alpha + ages)[:, np.newaxis]
    logs = np.log1p(weeks / rate)
    none = np.exp(-shape * logs)
    return {
        "buys": 1 - none,
        "d_buys_r": none * logs,
        "d_buys_alpha": -shape * none * weeks / (rate * (rate + weeks)),
    }


def _flow(model: BgNbd, times: Array, count: float, ages: Array) -> _Flow:
    """Return the rates of purchases of customers who are active now."""
    shape, rate = model.r + count, (model.alpha + ages)[:, np.newaxis, np.newaxis]
    p, weight = _rule(model, times, count, ages)
    ahead = np.multiply.outer(times, p) / rate
    logs = np.log1p(ahead)
    once = (shape / rate) * np.exp(-(shape + 1) * logs)
    twice = once * (1 - p) * (shape + 1) / (rate * (1 + ahead))
    by_alpha = once / rate * ((shape + 1) * ahead / (1 + ahead) - 1)
    return _Flow(
        once @ weight, twice @ weight, (once * (1 / shape - logs)) @ weight, by_alpha @ weight
    )


def _difference(model: BgNbd, times: Array, count: float, ages: Array, name: str) -> Array:
    """Return the derivative of the rate of purchases by a or b, by central differences.

    They enter by the distribution of p alone, whose derivative is not smooth at p = 0.
    """
    step = _STEP * getattr(model, name)

    def once(change: float) -> Array:
        changed = replace(model, **{name: getattr(model, name) + change})
        shape, rate = model.r + count, (model.alpha + ages)[:, np.newaxis, np.newaxis]
        p, weight = _rule(changed, times, count, ages)
        logs = np.log1p(np.multiply.outer(times, p) / rate)
        return np.asarray(((shape / rate) * np.exp(-(shape + 1) * logs)) @ weight)

    derivative: Array = (once(step) - once(-step)) / (2 * step)
    return derivative


def _rule(model: BgNbd, times: Array, count: float, ages: Array) -> tuple[Array, Array]:
    points = points_needed(model.alpha + ages[0], float(times[-1]))
    return beta_rule(model.a, model.b + count, points)


def _as_frame(block: dict[str, Array], grid: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each history, horizon and rate."""
    ages = len(block["age"])
    columns = {
        "frequency": np.repeat(block["frequency"], len(grid)),
        "age": np.repeat(block["age"], len(grid)),
        "horizon": np.tile(grid["horizon"], ages),
        "rate": np.tile(grid["rate"], ages),
    }
    return pd.DataFrame(
        columns | {name: values.ravel() for name, values in block.items() if name not in columns}
    )
