"""Means over a beta distribution, and integrals over time, by Gaussian quadrature."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import eigh_tridiagonal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_DIGITS = 1e-11
_FEWEST, _MOST = 16, 256


@lru_cache(4096)
def beta_rule(a: float, b: float, points: int) -> tuple[Array, Array]:
    """Return points and weights for means over a beta(a, b) distribution.

    Gauss-Jacobi on [0, 1] by the eigenvalues of Golub and Welsch (1969). The weights add up to
    1, so that the beta function, which under- or overflows for large a and b, is never needed.
    """
    k = np.arange(2, points, dtype=np.float64)
    # The recurrence of the Jacobi polynomials with exponents b - 1 at 1 and a - 1 at -1.
    low, high = a - 1, b - 1
    total = low + high
    inner = 2 * np.arange(1, points) + total
    diagonal = np.append((low - high) / (total + 2), (low**2 - high**2) / (inner * (inner + 2)))
    # For k = 1 numerator and denominator share a factor, which is 0 when a + b = 1.
    first = 4 * (1 + low) * (1 + high) / ((total + 2) ** 2 * (total + 3))
    later = (4 * k * (k + low) * (k + high) * (k + total)) / (
        inner[1:] ** 2 * (inner[1:] + 1) * (inner[1:] - 1)
    )
    squares = np.append(first, later)
    roots, vectors = eigh_tridiagonal(diagonal, np.sqrt(squares))
    nodes = np.clip((roots + 1) / 2, 1e-300, 1.0)
    weights = vectors[0] ** 2
    nodes.flags.writeable = weights.flags.writeable = False
    return nodes, weights / weights.sum()


def points_needed(rate: float, weeks: float) -> int:
    """Return how many points a mean over p of a power of (rate + p weeks) needs.

    The nearest place where such a function is not analytic is p = -rate / weeks. The error falls
    as the ellipse around [0, 1] through that point says (Trefethen, "Is Gauss quadrature better
    than Clenshaw-Curtis?", SIAM Review 50(1), 2008).
    """
    if weeks <= 0:
        return _FEWEST
    outside = 1 + 2 * rate / weeks
    ellipse = outside + math.sqrt(outside**2 - 1)
    return min(max(math.ceil(-math.log(_DIGITS) / (2 * math.log(ellipse))) + 2, _FEWEST), _MOST)


def time_rule(edges: tuple[float, ...], points: int) -> tuple[Array, Array]:
    """Return times and weights for integrals over each stretch between edges: a row for each."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    start, end = np.asarray(edges[:-1])[:, np.newaxis], np.asarray(edges[1:])[:, np.newaxis]
    half = (end - start) / 2
    return start + half * (nodes + 1), half * weights
