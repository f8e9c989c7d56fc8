"""The scorecard: points, folds, leaks, refusals."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from kyros_analytics.risk import (
    ScorecardFit,
    fit_scorecard,
    log_odds_of,
    pd_of,
    score_of,
)
from kyros_analytics.risk.binning import bin_column
from kyros_analytics.risk.columns import encode_all
from kyros_analytics.risk.scorecard import regress

CHECKING = "status_of_existing_checking_account"


class Portfolio(NamedTuple):
    """Accounts: what is known of each, and whether it defaulted."""

    variables: pd.DataFrame
    defaulted: pd.Series

    def column(self, name: str) -> pd.Series:
        """Return one variable."""
        return self.variables[name]


def made_up(accounts: int = 2000, seed: int = 7) -> Portfolio:
    """Return accounts of which the PD is known: ln(odds good to bad) = 1.5 + 0.8 income + job."""
    random = np.random.default_rng(seed)
    income = random.normal(size=accounts)
    job = random.choice(["clerk", "smith", "pilot"], size=accounts, p=[0.5, 0.3, 0.2])
    log_odds = 1.5 + 0.8 * income + pd.Series(job).map({"clerk": 0, "smith": -0.7, "pilot": 0.9})
    defaulted = pd.Series(random.random(accounts) < 1 / (1 + np.exp(log_odds)))
    noise = random.normal(size=accounts)
    return Portfolio(pd.DataFrame({"income": income, "job": job, "noise": noise}), defaulted)


@pytest.fixture(scope="module")
def german(german_credit: pd.DataFrame) -> Portfolio:
    """Read German credit."""
    return Portfolio(german_credit.drop(columns="defaulted"), german_credit["defaulted"])


@pytest.fixture(scope="module")
def fitted(german: Portfolio) -> ScorecardFit:
    """Fit German credit with all of its attributes."""
    return fit_scorecard(german.variables, german.defaulted)


def metric(fit: ScorecardFit, name: str) -> float:
    """Return a metric's value."""
    return float(fit.metrics.set_index("metric")["value"][name])


class TestGermanCredit:
    """What is published of these data, out of fold."""

    def test_auc(self, fitted: ScorecardFit) -> None:
        """Near 0.79; more than 0.83 would mean that the outcome has leaked."""
        assert 0.79 == pytest.approx(metric(fitted, "auc"), abs=0.015)

    def test_gini(self, fitted: ScorecardFit) -> None:
        """Near 0.57, and twice the AUC less one."""
        assert 0.57 == pytest.approx(metric(fitted, "gini"), abs=0.03)
        assert metric(fitted, "gini") == pytest.approx(2 * metric(fitted, "auc") - 1)

    @pytest.mark.parametrize("seed", [1, 2])
    def test_other_folds_say_the_same(self, german: Portfolio, seed: int) -> None:
        """The AUC is not that of lucky folds."""
        other = fit_scorecard(german.variables, german.defaulted, seed=seed)
        assert 0.79 == pytest.approx(metric(other, "auc"), abs=0.015)

    def test_most_telling_variable(self, fitted: ScorecardFit) -> None:
        """The checking account comes first, with its published information value."""
        first = fitted.scorecard.binnings[0]
        assert CHECKING == first.name
        assert 0.666 == pytest.approx(first.information_value, abs=5e-4)

    def test_warned_of_what_is_suspicious(self, fitted: ScorecardFit) -> None:
        """An information value over 0.5 and a default rate of 30 % are told, with a remedy."""
        told = dict(zip(fitted.warnings["name"], fitted.warnings["text"], strict=True))
        assert {"Suspicious variable", "High default rate"} == told.keys()
        assert CHECKING in told["Suspicious variable"]
        assert "leave it out" in told["Suspicious variable"]

    def test_calibrated(self, german: Portfolio, fitted: ScorecardFit) -> None:
        """The mean PD is the default rate, and nine tenths of the bins agree with what came."""
        assert german.defaulted.mean() == pytest.approx(fitted.out_of_fold.mean(), abs=1e-4)
        table = fitted.calibration
        within = table["predicted"].between(table["lower"], table["upper"])
        assert within.mean() >= 0.8
        assert len(german.defaulted) == table["accounts"].sum()

    def test_same_in_same_out(self, german: Portfolio, fitted: ScorecardFit) -> None:
        """The same accounts give the same scorecard."""
        again = fit_scorecard(german.variables, german.defaulted)
        assert fitted.scorecard == again.scorecard
        assert fitted.out_of_fold.tolist() == again.out_of_fold.tolist()


class TestPoints:
    """Points, and what they stand for."""

    def test_scale(self) -> None:
        """600 points at 1 bad to 19 goods (a PD of 5 %), and 50 more double the goods."""
        odds = np.log([19.0, 38.0, 9.5])
        assert [600, 650, 550] == score_of(odds).tolist()
        assert 0.05 == pytest.approx(pd_of(odds)[0])
        assert odds == pytest.approx(log_odds_of(pd_of(odds)))

    def test_points_add_up(self, german: Portfolio, fitted: ScorecardFit) -> None:
        """The points of an account's bins are its score, to the point."""
        bins = fitted.scorecard.bins(german.variables)
        table = fitted.scorecard.table()
        points = dict(
            zip(zip(table["variable"], table["bin"], strict=True), table["points"], strict=True)
        )
        for account in (0, 1, 500, 999):
            added = sum(points[name, bins[name].iloc[account]] for name in bins.columns)
            assert added == fitted.scorecard.scores(bins)[account]

    def test_rounding_is_small(self, german: Portfolio, fitted: ScorecardFit) -> None:
        """The sum of whole points is within a few points of the exact score."""
        bins = fitted.scorecard.bins(german.variables)
        exact = score_of(fitted.scorecard.log_odds_of(bins))
        assert np.abs(fitted.scorecard.scores(bins) - exact).max() <= 5

    def test_riskier_bins_have_fewer_points(self, fitted: ScorecardFit) -> None:
        """Within a variable the points rise with the weight of evidence."""
        assert min(fitted.scorecard.coefficients) > 0
        for _, rows in fitted.scorecard.table().groupby("variable"):
            assert rows.sort_values("woe")["points"].is_monotonic_increasing


class TestKnownModel:
    """Accounts that were drawn of a model which the test knows."""

    def test_close_to_the_truth(self) -> None:
        """With many accounts the AUC is that of the true PD, and noise is left out."""
        portfolio = made_up(20_000)
        fit = fit_scorecard(portfolio.variables, portfolio.defaulted)
        jobs = portfolio.column("job").map({"clerk": 0, "smith": -0.7, "pilot": 0.9})
        truth = 1.5 + 0.8 * portfolio.column("income") + jobs
        assert roc_auc_score(~portfolio.defaulted, truth) == pytest.approx(
            metric(fit, "auc"), abs=0.015
        )
        assert {"income", "job"} == {each.name for each in fit.scorecard.binnings}
        assert ["noise"] == list(fit.left_out["variable"])

    def test_new_accounts(self) -> None:
        """On accounts of which the fit knows nothing it is as good as it said."""
        portfolio, new = made_up(5000), made_up(5000, seed=8)
        fit = fit_scorecard(portfolio.variables, portfolio.defaulted)
        bins = fit.scorecard.bins(new.variables)
        predicted = pd_of(fit.scorecard.log_odds_of(bins))
        assert metric(fit, "auc") == pytest.approx(
            roc_auc_score(new.defaulted, predicted), abs=0.02
        )
        assert new.defaulted.mean() == pytest.approx(predicted.mean(), abs=0.02)

    def test_the_same_twice_is_used_once(self) -> None:
        """Of two columns that say the same one is used, and the other is said to be left out."""
        portfolio = made_up()
        twice = portfolio.variables.assign(income_in_thousands=portfolio.column("income") * 1000)
        fit = fit_scorecard(twice, portfolio.defaulted)
        reasons = dict(fit.left_out.itertuples(index=False, name=None))
        assert "It says the same as 'income'." == reasons["income_in_thousands"]


class TestFolds:
    """Whatever looks at the outcome is done inside the folds."""

    def test_nothing_is_learnt_of_shuffled_outcomes(self, german: Portfolio) -> None:
        """With outcomes dealt at random the AUC out of fold is about one half."""
        wide, shuffled = _hard_case(german)
        fit = fit_scorecard(wide, shuffled)
        assert 0.5 == pytest.approx(metric(fit, "auc"), abs=0.05)

    def test_bins_from_outside_would_be_noticed(self, german: Portfolio) -> None:
        """With bins of all accounts the same outcomes seem predictable: what that test sees."""
        wide, shuffled = _hard_case(german)
        outcome = shuffled.to_numpy()
        columns = {column.name: column for column in encode_all(wide)}
        binnings = [bin_column(column, outcome) for column in columns.values()]
        weights = np.column_stack([each.weigh(columns[each.name]) for each in binnings])
        flattering = cross_val_predict(
            LogisticRegression(solver="newton-cholesky"),
            weights,
            outcome,
            cv=StratifiedKFold(10, shuffle=True, random_state=0),
            method="predict_proba",
        )[:, 1]
        assert roc_auc_score(outcome, flattering) > 0.58


def _hard_case(german: Portfolio) -> tuple[pd.DataFrame, pd.Series]:
    """Return many variables, and outcomes that none of them can tell."""
    random = np.random.default_rng(3)
    noise = {f"noise_{number}": random.normal(size=1000) for number in range(20)}
    shuffled = pd.Series(random.permutation(german.defaulted.to_numpy()))
    return german.variables.assign(**noise), shuffled


class TestLeaks:
    """A column that was written after the outcome."""

    @pytest.mark.parametrize("kind", ["copy", "numeric", "noisy", "noisy numeric", "missing"])
    def test_noticed(self, german: Portfolio, kind: str) -> None:
        """It is left out, and its name and the remedy are told."""
        variables = german.variables.assign(days_overdue=_leak(german.defaulted, kind))
        fit = fit_scorecard(variables, german.defaulted)
        assert "days_overdue" not in {each.name for each in fit.scorecard.binnings}
        assert "days_overdue" in set(fit.left_out["variable"])
        told = str(fit.warnings.set_index("name")["text"]["Leaked outcome"])
        assert told.startswith("'days_overdue' alone has an information value of ")
        assert told.endswith("name it among the variables if it was known before.")
        assert metric(fit, "auc") < 0.83

    def test_a_weak_leak_is_warned_of(self, german: Portfolio) -> None:
        """One outcome in four is wrong: it stays in, and is said to be suspicious."""
        leak = german.defaulted ^ (np.random.default_rng(0).random(1000) < 0.25)
        fit = fit_scorecard(german.variables.assign(leak=leak), german.defaulted)
        suspicious = fit.warnings[fit.warnings["name"] == "Suspicious variable"]["text"]
        assert any(text.startswith("'leak' alone") for text in suspicious)

    def test_who_names_it_has_it(self, german: Portfolio) -> None:
        """A variable that somebody answers for stays, with the warning that the AUC is too good."""
        variables = german.variables.assign(leak=german.defaulted)
        fit = fit_scorecard(variables, german.defaulted, trusted=frozenset({"leak"}))
        assert "leak" == fit.scorecard.binnings[0].name
        assert {"Suspicious AUC", "Suspicious variable"} <= set(fit.warnings["name"])


def _leak(defaulted: pd.Series, kind: str) -> pd.Series:
    random = np.random.default_rng(5)
    wrong = random.random(len(defaulted)) < 0.1
    match kind:
        case "copy":
            return defaulted.map({True: "written off", False: "repaid"})
        case "numeric":
            return defaulted * 90.0
        case "noisy":
            return (defaulted ^ wrong).map({True: "yes", False: "no"})
        case "noisy numeric":
            return defaulted * 2 + pd.Series(random.normal(scale=0.6, size=len(defaulted)))
        case _:
            return pd.Series(random.normal(size=len(defaulted))).where(defaulted)


class TestLeftOut:
    """Columns that are no variables."""

    def test_reasons(self) -> None:
        """Each says in a sentence why it is left out."""
        portfolio = made_up(3000)
        odd = portfolio.variables.assign(
            constant=1,
            empty=np.nan,
            name=[f"customer {number}" for number in range(3000)],
            opened=pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(3000), unit="D"),
        )
        fit = fit_scorecard(odd, portfolio.defaulted)
        reasons = dict(fit.left_out.itertuples(index=False, name=None))
        assert {
            "constant": "It is the same for all accounts.",
            "empty": "It is missing in nearly all accounts.",
            "name": "Nearly every account has a value of its own.",
            "opened": "It is a date: give the days or years since then as a number instead.",
        }.items() <= reasons.items()

    def test_wrong_signs(self) -> None:
        """A variable that would give riskier bins more points is dropped, and the rest refitted."""
        portfolio = made_up(4000)
        outcome = portfolio.defaulted.to_numpy()
        columns = {column.name: column for column in encode_all(portfolio.variables)}
        binning = bin_column(columns["income"], outcome)
        weight = binning.weigh(columns["income"])
        random = np.random.default_rng(0)
        turned = -weight + random.normal(scale=0.1, size=len(weight))
        scorecard, dropped = regress(
            [binning, bin_column(columns["job"], outcome)],
            np.column_stack([weight, turned]),
            outcome,
            1.0,
        )
        assert ["job"] == dropped
        assert [binning] == list(scorecard.binnings)
