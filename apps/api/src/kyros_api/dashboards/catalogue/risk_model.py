"""Views of the scorecard: what drives it, how good it is, and one account's points."""

from __future__ import annotations

from kyros_api.dashboards.catalogue.model_views import model_views
from kyros_api.dashboards.catalogue.risk_selection import OWN_LGD, WHAT_IF
from kyros_api.dashboards.catalogue.specification import Derived, Example, Text, View

_ACCOUNT = {"account": Text("The account's id.")}

SCORECARD = View(
    "The points of each bin of each variable, the most telling variable first",
    """
    SELECT variable, title, variable_position, bin, label, accounts, defaults, default_rate, woe,
           points, information_value, coefficient
    FROM read_parquet($scorecard) ORDER BY variable_position, bin
    """,
    Example(
        {
            "variable": ["checking_account", "checking_account"],
            "title": ["Checking account", "Checking account"],
            "variable_position": [1, 1],
            "bin": [0, 1],
            "label": ["Overdrawn", "0 to 199 DM"],
            "accounts": [274, 269],
            "defaults": [135, 105],
            "default_rate": [0.4927007299270073, 0.3903345724907063],
            "woe": [-0.81529512930103, -0.3999856423435387],
            "points": [-11.0, 12.0],
            "information_value": [0.6660115033513336, 0.6660115033513336],
            "coefficient": [0.7659563040234305, 0.7659563040234305],
        }
    ),
)

DISCRIMINATION = View(
    "Share of goods and of bads at or below each score, out of fold",
    """
    SELECT score, cumulative_good, cumulative_bad FROM read_parquet($discrimination) ORDER BY score
    """,
    Example(
        {
            "score": [215, 216],
            "cumulative_good": [0.0, 0.0],
            "cumulative_bad": [0.0, 0.0033333333333333335],
        }
    ),
)

CALIBRATION = View(
    "Predicted PD, out of fold, beside the rate of default that came about",
    """
    SELECT bin, accounts, predicted, observed, lower, upper
    FROM read_parquet($calibration) ORDER BY bin
    """,
    Example(
        {
            "bin": [1, 2],
            "accounts": [100, 100],
            "predicted": [0.042061674425538154, 0.0794018246158611],
            "observed": [0.03, 0.09],
            "lower": [0.010254523944281514, 0.04807253976868698],
            "upper": [0.08451936489857498, 0.16226212922188998],
        }
    ),
)

METRICS = View(
    "How good the score is, out of fold, with 95 % intervals",
    """
    SELECT position, metric, title, value, lower, upper
    FROM read_parquet($metrics) ORDER BY position
    """,
    Example(
        {
            "position": [1, 2],
            "metric": ["auc", "gini"],
            "title": ["AUC", "Gini"],
            "value": [0.7917904761904762, 0.5835809523809523],
            "lower": [0.7628581459488774, 0.5257162918977548],
            "upper": [0.8201974817442834, 0.6403949634885668],
        }
    ),
)

ACCOUNT_LOSS = Derived("pd * coalesce(lgd, $own_lgd) * exposure", "DOUBLE", OWN_LGD)

ACCOUNT = View(
    "One account; no row when there is none of this id",
    """
    SELECT account_id, exposure, defaulted, pd, score,
           coalesce($lgd, lgd, $own_lgd) AS lgd,
           CASE WHEN pd IS NOT NULL
                THEN least(1, $stress * pd) * coalesce($lgd, lgd, $own_lgd) * exposure
           END AS expected_loss
    FROM read_parquet($accounts) WHERE account_id = $account
    """,
    Example(
        {
            "account_id": ["G0001"],
            "exposure": [1169.0],
            "defaulted": [False],
            "pd": [0.0876],
            "score": [567],
            "lgd": [0.45],
            "expected_loss": [46.081979999999994],
        },
        {"account": "G0001"},
    ),
    {**_ACCOUNT, **WHAT_IF},
    OWN_LGD,
)

# The bins are in the order of the variables.
ACCOUNT_POINTS = View(
    "How one account's score comes about: the points of each variable add up to it",
    """
    WITH own AS (
        SELECT unnest(bins) AS bin, generate_subscripts(bins, 1) AS variable_position
        FROM read_parquet($account_bins) WHERE account_id = $account
    ),
    rated AS (
        SELECT *, max(points) OVER (PARTITION BY variable) AS best_points
        FROM read_parquet($scorecard)
    )
    SELECT variable, title, bin, label, woe, points, best_points, default_rate
    FROM own JOIN rated USING (variable_position, bin)
    ORDER BY points - best_points, variable_position
    """,
    Example(
        {
            "variable": ["checking_account", "exposure"],
            "title": ["Checking account", "Exposure"],
            "bin": [0, 0],
            "label": ["Overdrawn", "Under 1,374"],
            "woe": [-0.81529512930103, -0.07573780809286036],
            "points": [-11.0, 30.0],
            "best_points": [99.0, 118.0],
            "default_rate": [0.4927007299270073, 0.31620553359683795],
        },
        {"account": "G0001"},
    ),
    _ACCOUNT,
)

OF_THE_MODEL = model_views(
    card=Example(
        {
            "position": [1, 2],
            "section": ["Data", "Data"],
            "name": ["Accounts", "Defaults"],
            "value": [1000.0, 300.0],
            "text": [None, None],
            "kind": ["count", "count"],
        }
    ),
    parameters=Example(
        {
            "position": [1, 2],
            "model": ["Scorecard", "Scorecard"],
            "parameter": ["Intercept", "Checking account"],
            "value": [0.8017608922420878, 0.7659563040234305],
            "standard_error": [0.08165733976625712, 0.09876637109923588],
            "lower": [0.6417154459644554, 0.5723777722582878],
            "upper": [0.9618063385197202, 0.9595348357885732],
            "meaning": [
                "Log odds good to bad where every weight of evidence is zero",
                "Log odds good to bad for a weight of evidence of 1",
            ],
        }
    ),
    dataset=Example(
        {
            "title": ["German credit"],
            "file": ["german_credit.csv"],
            "sha256": ["2c0bae00275c028fc853a1ea72cc7a68002c3f6876c41300c5c948711540c8c6"],
            "rows": [1000],
            "unit": ["accounts"],
            "loaded_at": ["2026-11-23T03:35:56"],
            "currency": ["DEM"],
        }
    ),
)
