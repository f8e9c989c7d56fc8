"""Metrics against other ways to compute them, and the loss."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp
from sklearn.metrics import brier_score_loss, roc_auc_score

from kyros_analytics.risk import expected_loss, stressed, wilson
from kyros_analytics.risk.metrics import (
    calibrate,
    calibration_table,
    discrimination_and_accuracy,
    discrimination_curve,
)


@pytest.fixture(scope="module")
def predictions() -> tuple[np.ndarray, np.ndarray]:
    """Draw PDs with many ties, and outcomes of them."""
    random = np.random.default_rng(11)
    pd_ = random.beta(1, 4, size=3000).round(2).clip(0.01, 0.99)
    return pd_, random.random(3000) < pd_


def test_metrics_are_those_of_scipy_and_scikit_learn(
    predictions: tuple[np.ndarray, np.ndarray],
) -> None:
    """AUC, Gini, KS and Brier, with ties."""
    pd_, defaulted = predictions
    table = discrimination_and_accuracy(pd_, defaulted).set_index("metric")
    auc = roc_auc_score(defaulted, pd_)
    distance = ks_2samp(pd_[defaulted], pd_[~defaulted]).statistic
    expected = [auc, 2 * auc - 1, distance, brier_score_loss(defaulted, pd_)]
    assert expected == pytest.approx(table.loc[["auc", "gini", "ks", "brier"], "value"].tolist())
    assert (table["lower"] < table["value"]).all()
    assert (table["value"] < table["upper"]).all()


def test_interval_of_the_auc_is_delongs(predictions: tuple[np.ndarray, np.ndarray]) -> None:
    """The bootstrap's interval is as wide as that of DeLong, DeLong & Clarke-Pearson (1988)."""
    pd_, defaulted = predictions
    bad, good = pd_[defaulted], pd_[~defaulted]
    wins = (bad[:, None] > good) + 0.5 * (bad[:, None] == good)
    variance = wins.mean(axis=1).var(ddof=1) / len(bad) + wins.mean(axis=0).var(ddof=1) / len(good)
    row = discrimination_and_accuracy(pd_, defaulted).set_index("metric").loc["auc"]
    assert 2 * 1.96 * np.sqrt(variance) == pytest.approx(row["upper"] - row["lower"], rel=0.12)


def test_calibration_finds_the_line() -> None:
    """Log odds that are too extreme by a third have a slope of three quarters."""
    random = np.random.default_rng(4)
    truth = random.normal(1, 1, size=50_000)
    defaulted = random.random(50_000) < 1 / (1 + np.exp(truth))
    line = calibrate((truth - 0.2) / 0.75, defaulted)
    assert 0.75 == pytest.approx(line.slope, abs=3 * line.slope_error)
    assert 0.2 == pytest.approx(line.intercept, abs=3 * line.intercept_error)
    assert 0 < line.slope_error < 0.02


def test_calibration_table_holds_every_account(
    predictions: tuple[np.ndarray, np.ndarray],
) -> None:
    """Tenths by PD, predicted in ascending order, sums as they are."""
    pd_, defaulted = predictions
    table = calibration_table(pd_, defaulted)
    assert 3000 == table["accounts"].sum()
    assert pd_.sum() == pytest.approx((table["predicted"] * table["accounts"]).sum())
    assert defaulted.sum() == pytest.approx((table["observed"] * table["accounts"]).sum())
    assert table["predicted"].is_monotonic_increasing


def test_one_pd_for_all_is_one_bin() -> None:
    """Where nobody is told apart the table has one row."""
    table = calibration_table(np.full(100, 0.2), np.arange(100) < 20)
    assert [(1, 100)] == list(zip(table["bin"], table["accounts"], strict=True))


def test_curve_holds_auc_and_ks() -> None:
    """The area under the curve is the AUC, its greatest gap the KS; both ends are there."""
    random = np.random.default_rng(9)
    defaulted = random.random(20_000) < 0.2
    score = np.rint(random.normal(600 - 60 * defaulted, 60)).astype(np.int64)
    curve = discrimination_curve(score, defaulted)
    assert len(curve) <= 200
    ends = curve.iloc[[0, -1]][["cumulative_good", "cumulative_bad"]].to_numpy()
    assert [[0, 0], [1, 1]] == ends.tolist()
    area = np.trapezoid(curve["cumulative_bad"], curve["cumulative_good"])
    assert roc_auc_score(defaulted, -score) == pytest.approx(area, abs=1e-3)
    gap = (curve["cumulative_bad"] - curve["cumulative_good"]).max()
    distance = ks_2samp(score[defaulted], score[~defaulted]).statistic
    assert distance == pytest.approx(gap, abs=5e-3)


def test_wilson() -> None:
    """R's prop.test(135, 274, correct = FALSE); and within 0 to 1 at the ends."""
    lower, upper = wilson(np.array([135 / 274, 0, 1]), np.array([274, 10, 10]))
    assert (0.43402, 0.55159) == pytest.approx((lower[0], upper[0]), abs=5e-6)
    assert (0, 1) == pytest.approx((lower[1], upper[2]))
    assert lower.min() >= 0
    assert upper.max() <= 1


def test_expected_loss() -> None:
    """PD x LGD x EAD; a stressed PD stays at most 1."""
    pd_, exposure = np.array([0.02, 0.6]), np.array([1000.0, 500.0])
    assert [9, 135] == pytest.approx(expected_loss(pd_, 0.45, exposure).tolist())
    assert [18, 225] == pytest.approx(expected_loss(pd_, 0.45, exposure, stress=2).tolist())
    assert [4, 300] == pytest.approx(expected_loss(pd_, np.array([0.2, 1]), exposure).tolist())
    assert [0.06, 1] == pytest.approx(stressed(pd_, 3).tolist())


@pytest.mark.parametrize("multiplier", [-1, float("nan")])
def test_stress_must_be_a_multiplier(multiplier: float) -> None:
    """Nobody's PD is negative."""
    with pytest.raises(ValueError, match="at least 0"):
        stressed(np.array([0.1]), multiplier)
