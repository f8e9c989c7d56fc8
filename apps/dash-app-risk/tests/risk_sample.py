"""What the API's views may answer, small enough to check by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Frame = Mapping[str, Sequence[Any]]

NBSP, MINUS, TIMES = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}", "\N{MULTIPLICATION SIGN}"

SEGMENTS: Frame = {
    "segment": ["Overdrawn", "No account"],
    "accounts": [100, 300],
    "defaults": [49, 35],
    "default_rate": [0.49, 0.117],
    "lower": [0.394, 0.085],
    "upper": [0.586, 0.158],
    "exposure": [1000.0, 3000.0],
    "mean_pd": [0.45, 0.12],
    "expected_loss": [240.0, 160.0],
    "defaulted_exposure": [600.0, 400.0],
}
SIZES: Frame = {
    "bin_start": [0.0, 1000.0, 2000.0],
    "bin_end": [1000.0, 2000.0, 3000.0],
    "accounts": [60, 20, 20],
    "defaults": [6, 4, 10],
    "exposure": [30_000.0, 30_000.0, 60_000.0],
    "expected_loss": [2000.0, 2000.0, 6000.0],
}
STRESS: Frame = {
    "stress": [0.5, 1.0, 1.5, 2.0, 2.5, 3.0],
    "expected_loss": [200.0, 400.0, 590.0, 760.0, 900.0, 1000.0],
}
SCORES: Frame = {
    "bin_start": [440, 460, 480, 500],
    "bin_end": [460, 480, 500, 520],
    "goods": [5, 15, 40, 40],
    "bads": [10, 6, 3, 1],
}
SCORECARD: Frame = {
    "variable": ["checking", "checking", "telephone", "telephone"],
    "title": ["Checking account", "Checking account", "Telephone", "Telephone"],
    "variable_position": [1, 1, 2, 2],
    "bin": [0, 1, 0, 1],
    "label": ["Overdrawn", "No account", "None", "Registered"],
    "accounts": [100, 300, 250, 150],
    "defaults": [49, 35, 55, 29],
    "default_rate": [0.49, 0.117, 0.22, 0.193],
    "woe": [-1.3, 0.7, -0.1, 0.1],
    "points": [-32.4, 28.2, 1.0, 3.0],
    "information_value": [0.66, 0.66, 0.01, 0.01],
    "coefficient": [0.8, 0.8, 0.5, 0.5],
}
DISCRIMINATION: Frame = {
    "score": [440, 460, 480, 520],
    "cumulative_good": [0.0, 0.05, 0.2, 1.0],
    "cumulative_bad": [0.0, 0.5, 0.8, 1.0],
}
CALIBRATION: Frame = {
    "bin": [0, 1, 2],
    "accounts": [100, 100, 100],
    "predicted": [0.05, 0.2, 0.5],
    "observed": [0.04, 0.3, 0.52],
    "lower": [0.016, 0.219, 0.423],
    "upper": [0.098, 0.396, 0.615],
}
METRICS: Frame = {
    "position": [1, 2],
    "metric": ["auc", "ks"],
    "title": ["AUC", "KS"],
    "value": [0.79, 0.46],
    "lower": [0.76, 0.41],
    "upper": [0.82, 0.52],
}
ACCOUNT_POINTS: Frame = {
    "variable": ["checking", "telephone"],
    "title": ["Checking account", "Telephone"],
    "bin": [0, 1],
    "label": ["Overdrawn", "Registered"],
    "woe": [-1.3, 0.1],
    "points": [-32.4, 3.0],
    "best_points": [28.2, 3.0],
    "default_rate": [0.49, 0.193],
}


def changed(frame: Frame, **columns: Sequence[Any]) -> Frame:
    """Return a frame with some columns in place of its own."""
    return {**frame, **columns}


def first(frame: Frame, number: int = 1) -> Frame:
    """Return a frame's first rows."""
    return {name: values[:number] for name, values in frame.items()}


def none(frame: Frame) -> Frame:
    """Return a frame without rows."""
    return first(frame, 0)


ACCOUNT: Mapping[str, Any] = {
    "account_id": "G1",
    "exposure": 1000.0,
    "defaulted": False,
    "pd": 0.225,
    "score": 523,
    "expected_loss": 101.25,
    "checking": "Overdrawn",
    "savings": "Under 100",
}
_SUMMARY: Mapping[str, Any] = {
    "accounts": 400,
    "exposure": 4000.0,
    "defaults": 84,
    "default_rate": 0.21,
    "defaulted_exposure": 1000.0,
    "expected_loss": 400.0,
    "expected_loss_base": 400.0,
    "mean_pd": 0.2,
    "lgd": 0.45,
    "warning_accounts": 120,
    "warning_exposure": 1500.0,
    "critical_accounts": 60,
    "critical_exposure": 700.0,
}
_OF_MODEL = [
    name for name in _SUMMARY if name.startswith(("expected", "mean", "warning", "critical"))
]
_CHOICES: Frame = {
    "position": [1, 1, 2],
    "column": ["checking", "checking", "savings"],
    "title": ["Checking account", "Checking account", "Savings"],
    "value": ["Overdrawn", "No account", "Under 100"],
    "value_position": [1, 2, 1],
}
_AMOUNTS: Frame = {
    "position": [1, 2],
    "name": ["Under 1,000", "1,000 or more"],
    "lower": [0, 1000],
    "upper": [1000, None],
}
_CARD: Frame = {
    "position": [1, 2],
    "section": ["Data", "Warnings"],
    "name": ["Accounts", "Beware"],
    "value": [400, None],
    "text": [None, "Beware."],
    "kind": ["count", "text"],
}


def views(**summary: Any) -> dict[str, Frame]:  # noqa: ANN401 - numbers of the summary
    """Return a tenant's answers, with some numbers of the summary in place of others."""
    row = {**_SUMMARY, **summary}
    part, saved = "part=checking%3AOverdrawn", "part=savings%3AUnder+100"
    stressed = {**row, "expected_loss": 592.0}
    return {
        "summary": _one(row),
        "summary?stress=1.5": _one(stressed),
        "summary?stress=1.5&lgd=0.6": _one(stressed),
        f"summary?{part}": _one({**row, "accounts": 100}),
        f"summary?{saved}": _one({**row, "accounts": 100}),
        "summary?amount=Under+1%2C000": _one(row),
        f"summary?band=low&{part}&amount=1%2C000+or+more": _one(row),
        "expected_loss": SEGMENTS,
        "expected_loss?by=savings": changed(SEGMENTS, segment=["Under 100", "100 or more"]),
        "expected_loss?stress=1.5": SEGMENTS,
        "expected_loss?stress=1.5&lgd=0.6": SEGMENTS,
        "expected_loss?amount=Under+1%2C000": none(SEGMENTS),
        f"expected_loss?by=savings&{part}": SEGMENTS,
        f"expected_loss?by=checking&{saved}": SEGMENTS,
        **_any("exposure", SIZES, part, saved),
        **_any("score_distribution", SCORES, part, saved),
        **_any("stress_curve", STRESS, part, saved),
        "stress_curve?lgd=0.6": STRESS,
        "segments": _CHOICES,
        "amounts": _AMOUNTS,
        "scorecard": SCORECARD,
        "discrimination": DISCRIMINATION,
        "calibration": CALIBRATION,
        "metrics": METRICS,
        "model_card": _CARD,
        "account?account=G1": _one({**ACCOUNT, "lgd": 0.45, "expected_loss": 101.25}),
        "account?account=G9": {name: [] for name in [*ACCOUNT, "lgd", "expected_loss"]},
        "account_points?account=G1": ACCOUNT_POINTS,
        "account_points?account=G9": none(ACCOUNT_POINTS),
    }


def views_without_model() -> dict[str, Frame]:
    """Return the answers of a tenant whose accounts no model could be fitted to."""
    known = views(**dict.fromkeys(_OF_MODEL))
    nothing = ("stress_curve", "scorecard", "discrimination", "calibration", "metrics")
    account = {**ACCOUNT, "lgd": 0.45, "pd": None, "score": None, "expected_loss": None}
    return {
        **known,
        **{name: none(known[name]) for name in nothing},
        "score_distribution": none(SCORES),
        "exposure": changed(SIZES, expected_loss=[None] * 3),
        "expected_loss": changed(SEGMENTS, expected_loss=[None] * 2, mean_pd=[None] * 2),
        "model_card": changed(_CARD, text=[None, "Too few accounts defaulted: load more."]),
        "account?account=G1": _one(account),
        "account_points?account=G1": none(ACCOUNT_POINTS),
    }


def views_without_segments() -> dict[str, Frame]:
    """Return the answers of a tenant whose portfolio cannot be cut: the API refuses to."""
    known = views()
    del known["expected_loss"]
    return {**known, "segments": none(_CHOICES)}


def _any(view: str, frame: Frame, *parts: str) -> dict[str, Frame]:
    """Return the same answer to all that the tests ask of a view."""
    what_if = ["?stress=1.5", "?stress=1.5&lgd=0.6"]
    questions = ["", *(f"?{part}" for part in parts), "?amount=Under+1%2C000", *what_if]
    return {f"{view}{question}": frame for question in questions}


def _one(row: Mapping[str, Any]) -> Frame:
    return {name: [value] for name, value in row.items()}
