"""Credit risk: a scorecard, how good it is, and the loss to expect.

:func:`fit_scorecard` makes a :class:`Scorecard` of accounts whose outcome is known. An account's
points add up to its score, the score stands for a probability of default (PD), and PD times loss
given default times exposure is the :func:`expected_loss`.
"""

from kyros_analytics.risk.binning import Binning
from kyros_analytics.risk.checks import check_accounts
from kyros_analytics.risk.fit import ScorecardFit, fit_scorecard
from kyros_analytics.risk.loss import expected_loss, stressed
from kyros_analytics.risk.metrics import wilson
from kyros_analytics.risk.points import log_odds_of, pd_of, score_of
from kyros_analytics.risk.scorecard import Scorecard

__all__ = [
    "Binning",
    "Scorecard",
    "ScorecardFit",
    "check_accounts",
    "expected_loss",
    "fit_scorecard",
    "log_odds_of",
    "pd_of",
    "score_of",
    "stressed",
    "wilson",
]
