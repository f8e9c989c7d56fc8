"""Where there can be no scorecard."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kyros_analytics import ModelNotApplicableError
from kyros_analytics.risk import check_accounts, fit_scorecard


class TestRefusals:
    """Where there can be no scorecard."""

    @pytest.mark.parametrize(
        ("bad", "good", "told"),
        [
            (0, 500, "at least 30 defaulted accounts and there are none"),
            (500, 0, "at least 30 repaid accounts and there are none"),
            (12, 500, "at least 30 defaulted accounts and there are 12"),
        ],
    )
    def test_too_few_of_an_outcome(self, bad: int, good: int, told: str) -> None:
        """It is said how many are needed, how many there are and what to do."""
        variables = pd.DataFrame({"x": np.arange(bad + good)})
        defaulted = pd.Series([True] * bad + [False] * good)
        with pytest.raises(ModelNotApplicableError, match=told):
            fit_scorecard(variables, defaulted)

    @pytest.mark.parametrize(
        "variables", [{}, {"same": 1}, {"id": [f"no. {number}" for number in range(600)]}]
    )
    def test_no_usable_variable(self, variables: dict[str, object]) -> None:
        """No column, or none that tells anything."""
        defaulted = pd.Series(np.random.default_rng(0).permutation([True] * 100 + [False] * 500))
        frame = pd.DataFrame(variables, index=range(600))
        with pytest.raises(ModelNotApplicableError, match="No variable can carry a scorecard"):
            fit_scorecard(frame, defaulted)

    def test_unknown_outcome(self) -> None:
        """An account whose outcome is not known cannot be learnt of."""
        defaulted = pd.Series([True, None, False], dtype="boolean")
        with pytest.raises(ModelNotApplicableError, match="no outcome"):
            fit_scorecard(pd.DataFrame({"x": [1, 2, 3]}), defaulted)

    @pytest.mark.parametrize(
        ("ids", "exposures", "told"),
        [
            (["a", "a"], [1, 2], "'a' is there more than once"),
            (["a", None], [1, 2], "has no account_id"),
            (["a", "b"], [1, -2], "negative or missing"),
            (["a", "b"], [1, np.nan], "negative or missing"),
            (["a", "b"], [1, np.inf], "negative or missing"),
        ],
    )
    def test_no_accounts(self, ids: list[str], exposures: list[float], told: str) -> None:
        """Ids are there once, exposures are amounts."""
        accounts = pd.DataFrame({"account_id": ids, "exposure": exposures})
        with pytest.raises(ModelNotApplicableError, match=told):
            check_accounts(accounts)
