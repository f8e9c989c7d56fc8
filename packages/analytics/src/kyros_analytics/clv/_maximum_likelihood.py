"""Maximum likelihood for models whose parameters are all positive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from kyros_analytics.errors import ModelNotApplicableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    # From parameters to the log-likelihood and its gradient.
    LogLikelihood = Callable[[Array], tuple[float, Array]]

_BOUND = 14.0  # of a parameter's logarithm; e^14 is a million: a model that has run away
_STEP = 1e-4  # of the logarithms, for the second derivatives
_FLAT = 1e-6  # a gradient per customer that counts as none
_NEWTON_STEPS = 20
_ARRIVED = 1e-8  # a step after which the next one is lost in rounding: the same everywhere
_RAN_AWAY = (
    "their likelihood grows without end towards an extreme of the parameters; give it more "
    "customers or a longer period."
)
_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Estimate:
    """Where the likelihood is highest, and how sharply it falls from there.

    Attributes:
        parameters: the most likely ones.
        covariance: of the parameters, from the observed information.
        log_likelihood: there.
    """

    parameters: Array
    covariance: Array
    log_likelihood: float

    @property
    def standard_errors(self) -> Array:
        """The standard error of each parameter."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def intervals(self) -> Array:
        """A row (lower, upper) for each parameter, at 95 %.

        They are symmetric in the logarithm, so that none reaches below zero.
        """
        width = np.exp(_NORMAL_95 * self.standard_errors / self.parameters)
        return np.column_stack([self.parameters / width, self.parameters * width])


def maximise(
    log_likelihood: LogLikelihood,
    starts: Sequence[Sequence[float]],
    customers: int,
    model: str,
    explain: Callable[[Array], str | None] = lambda _: None,
) -> Estimate:
    """Find the highest likelihood over positive parameters.

    The search is on the parameters' logarithms, by quasi-Newton steps with the exact gradient, and
    ends with Newton's own. The covariance is the inverse of the observed information.

    Args:
        log_likelihood: of the parameters, with its gradient.
        starts: where to begin; the next one is tried when a search does not arrive.
        customers: behind the likelihood, which scales it.
        model: its name, for the message.
        explain: says of parameters where a search ended in vain what that means, and what to do
            about it; None where it has nothing better to say than that they ran away.

    Raises:
        ModelNotApplicableError: no start leads to a maximum.
    """

    def loss(logs: Array) -> tuple[float, Array]:
        values = np.exp(logs)
        value, gradient = log_likelihood(values)
        return -value / customers, -gradient * values / customers

    ended = np.asarray(starts[0], dtype=float)
    for start in starts:
        found = minimize(
            loss,
            np.log(np.asarray(start, dtype=float)),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-_BOUND, _BOUND)] * len(start),
            options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-7},
        )
        found_logs = np.asarray(found.x, dtype=float)
        ended = np.exp(found_logs)
        logs = _polish(loss, found_logs)
        if logs is not None:
            values = np.exp(logs)
            information = _second_derivatives(loss, logs) * customers
            covariance = np.linalg.inv(information) * np.outer(values, values)
            return Estimate(values, covariance, -loss(logs)[0] * customers)
    raise ModelNotApplicableError(
        f"The {model} model has no best fit on these data: {explain(ended) or _RAN_AWAY}"
    )


def _polish(loss: LogLikelihood, logs: Array) -> Array | None:
    """Return the maximum next to a point by Newton's steps, or None where there is none."""
    for _ in range(_NEWTON_STEPS):
        if not np.all(np.abs(logs) < _BOUND - 1):
            return None
        gradient = loss(logs)[1]
        curvature = _second_derivatives(loss, logs)
        if not np.all(np.isfinite(curvature)) or np.linalg.eigvalsh(curvature)[0] <= 0:
            return None
        step = np.linalg.solve(curvature, gradient)
        if np.max(np.abs(gradient)) < _FLAT and np.max(np.abs(step)) < _ARRIVED:
            return logs - step
        logs = logs - step / max(1.0, float(np.max(np.abs(step))))
    return None


def _second_derivatives(loss: LogLikelihood, logs: Array) -> Array:
    """Return the Hessian, by central differences of the exact gradient."""
    columns = [
        (loss(logs + step)[1] - loss(logs - step)[1]) / (2 * _STEP)
        for step in np.eye(len(logs)) * _STEP
    ]
    hessian = np.column_stack(columns)
    symmetric: Array = (hessian + hessian.T) / 2
    return symmetric
