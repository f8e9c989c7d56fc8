"""The models: pure functions from frames to frames, with no I/O and no web framework.

Customer lifetime value (``clv``) and credit scorecards (``risk``). Fitting happens when a tenant's
data is seeded or ingested, never while a request waits; only ``kyros_api.modelling`` imports this.
"""

from kyros_analytics.errors import ModelNotApplicableError

__all__ = ["ModelNotApplicableError"]
