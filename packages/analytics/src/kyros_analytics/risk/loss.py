"""Expected loss, as the Basel accords have it: PD x LGD x EAD.

Probability of default (PD) and loss given default (LGD) are shares from 0 to 1, the exposure at
default (EAD) is an amount of money. The loss is that of one year or of whatever period the
defaults were counted over, and is an average: it says nothing of how bad a bad year is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def stressed(pd: Floats, multiplier: float) -> Floats:
    """Return probabilities of default multiplied, at most 1.

    Raises:
        ValueError: the multiplier is negative or no number.
    """
    if not multiplier >= 0:
        raise ValueError("The stress must be a number of at least 0; 1 is no stress.")
    return np.minimum(1.0, pd * multiplier)


def expected_loss(pd: Floats, lgd: Floats | float, exposure: Floats, stress: float = 1) -> Floats:
    """Return the expected loss of each account, in the currency of the exposure.

    Args:
        pd: probability of default, 0 to 1.
        lgd: share of the exposure that is lost at a default, 0 to 1; one for all or each its own.
        exposure: at default, not negative.
        stress: multiplies the PD, which stays at most 1.
    """
    return stressed(pd, stress) * lgd * exposure
