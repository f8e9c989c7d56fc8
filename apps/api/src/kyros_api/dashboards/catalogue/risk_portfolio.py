"""Views of the portfolio: what is owed, what may be lost, and where."""

from __future__ import annotations

from kyros_api.dashboards.catalogue.risk_selection import (
    AT_STAKE,
    BANDS,
    LGD,
    OWN_LGD,
    STRESSED,
    WHAT_IF,
    WHICH,
    WILSON,
    selected,
)
from kyros_api.dashboards.catalogue.specification import Example, Segment, View

_SETTINGS = {**BANDS, **OWN_LGD}

SUMMARY = View(
    "The selected accounts in one row; what is over a threshold is so under the stress",
    f"""
    WITH chosen AS (
        SELECT *, {STRESSED} AS stressed_pd, {AT_STAKE} AS at_stake,
               own_loss + open_exposure * $own_lgd AS base_at_stake
        FROM {selected("pd_totals")}
    )
    SELECT coalesce(sum(accounts), 0)::BIGINT AS accounts,
           coalesce(sum(exposure), 0) AS exposure,
           coalesce(sum(defaults), 0)::BIGINT AS defaults,
           sum(defaults) / sum(accounts) AS default_rate,
           coalesce(sum(defaulted_exposure), 0) AS defaulted_exposure,
           sum(stressed_pd * at_stake) AS expected_loss,
           sum(pd * base_at_stake) AS expected_loss_base,
           sum(stressed_pd * accounts) / sum(accounts) AS mean_pd,
           sum(at_stake) / nullif(sum(exposure), 0) AS lgd,
           sum(CASE WHEN stressed_pd >= $warning_pd THEN accounts
                    WHEN pd IS NOT NULL THEN 0 END)::BIGINT AS warning_accounts,
           sum(CASE WHEN stressed_pd >= $warning_pd THEN exposure
                    WHEN pd IS NOT NULL THEN 0 END) AS warning_exposure,
           sum(CASE WHEN stressed_pd >= $critical_pd THEN accounts
                    WHEN pd IS NOT NULL THEN 0 END)::BIGINT AS critical_accounts,
           sum(CASE WHEN stressed_pd >= $critical_pd THEN exposure
                    WHEN pd IS NOT NULL THEN 0 END) AS critical_exposure
    FROM chosen
    """,  # noqa: S608 - constants of this package
    Example(
        {
            "accounts": [1000],
            "exposure": [3271258.0],
            "defaults": [300],
            "default_rate": [0.3],
            "defaulted_exposure": [1181438.0],
            "expected_loss": [540876.4108200007],
            "expected_loss_base": [540876.4108200007],
            "mean_pd": [0.29999909999999996],
            "lgd": [0.4500000000000004],
            "warning_accounts": [576],
            "warning_exposure": [2209275.0],
            "critical_accounts": [313],
            "critical_exposure": [1381687.0],
        }
    ),
    {**WHICH, **WHAT_IF},
    _SETTINGS,
)

EXPECTED_LOSS = View(
    "Expected loss, default rate and exposure of each value of a segment",
    f"""
    WITH chosen AS (
        SELECT *, {STRESSED} AS stressed_pd, {AT_STAKE} AS at_stake
        FROM {selected("segment_totals", "value,", "{by},", '"column" = $by')}
    ),
    summed AS (
        SELECT value AS segment, sum(accounts)::BIGINT AS accounts,
               sum(defaults)::BIGINT AS defaults, sum(defaults) / sum(accounts) AS default_rate,
               sum(exposure) AS exposure, sum(stressed_pd * accounts) / sum(accounts) AS mean_pd,
               sum(stressed_pd * at_stake) AS expected_loss,
               sum(defaulted_exposure) AS defaulted_exposure,
               sum(accounts)::DOUBLE AS n, 1.959964 AS z
        FROM chosen GROUP BY value
    )
    SELECT segment, accounts, defaults, default_rate, {WILSON}, exposure, mean_pd, expected_loss,
           defaulted_exposure
    FROM summed JOIN read_parquet($segments) AS named
        ON named."column" = $by AND named.value = segment
    ORDER BY value_position
    """,  # noqa: S608 - constants of this package
    Example(
        {
            "segment": ["Overdrawn", "0 to 199 DM"],
            "accounts": [274, 269],
            "defaults": [135, 105],
            "default_rate": [0.4927007299270073, 0.3903345724907063],
            "lower": [0.43401564748587906, 0.3339741893835576],
            "upper": [0.5515876529858876, 0.44978301437164986],
            "exposure": [870010.0, 1029614.0],
            "mean_pd": [0.46683211678832126, 0.40501561338289954],
            "expected_loss": [202748.802975, 234004.7456550001],
            "defaulted_exposure": [460837.0, 499249.0],
        },
        {"by": "checking_account"},
    ),
    {"by": Segment(), **WHICH, **WHAT_IF},
    _SETTINGS,
)

EXPOSURE = View(
    "Accounts and expected loss by what is owed, in bins of a round width",
    f"""
    WITH width AS (
        SELECT any_value(bin_end - bin_start) AS width FROM read_parquet($exposure_totals)
    ),
    chosen AS (
        SELECT *, {STRESSED} AS stressed_pd, {AT_STAKE} AS at_stake
        FROM {
        selected(
            "exposure_totals",
            "bin_start,",
            "floor(exposure / (SELECT width FROM width)) * (SELECT width FROM width),",
        )
    }
    )
    SELECT bin_start, bin_start + (SELECT width FROM width) AS bin_end,
           sum(accounts)::BIGINT AS accounts, sum(defaults)::BIGINT AS defaults,
           sum(exposure) AS exposure, sum(stressed_pd * at_stake) AS expected_loss
    FROM chosen GROUP BY bin_start ORDER BY bin_start
    """,  # noqa: S608 - constants of this package
    Example(
        {
            "bin_start": [0.0, 1000.0],
            "bin_end": [1000.0, 2000.0],
            "accounts": [116, 316],
            "defaults": [37, 84],
            "exposure": [83930.0, 463343.0],
            "expected_loss": [10002.664844999998, 52676.98636500001],
        }
    ),
    {**WHICH, **WHAT_IF},
    _SETTINGS,
)

SCORE_DISTRIBUTION = View(
    "Accounts by score and outcome, in bins of twenty points",
    f"""
    SELECT bin_start::INTEGER AS bin_start, bin_start::INTEGER + 20 AS bin_end,
           sum(accounts - defaults)::BIGINT AS goods, sum(defaults)::BIGINT AS bads
    FROM {selected("score_totals", "bin_start,", "floor(score / 20) * 20,")}
    WHERE bin_start IS NOT NULL
    GROUP BY bin_start ORDER BY bin_start
    """,  # noqa: S608 - constants of this package
    Example({"bin_start": [200, 220], "bin_end": [220, 240], "goods": [0, 0], "bads": [2, 2]}),
    WHICH,
    BANDS,
)

STRESS_CURVE = View(
    "Expected loss if every PD were multiplied, from half to three times",
    f"""
    WITH by_pd AS (
        SELECT pd, sum({AT_STAKE}) AS at_stake FROM {selected("pd_totals")} GROUP BY pd
    ),
    levels AS (SELECT 0.5 + 0.25 * step AS stress FROM range(11) AS steps(step))
    SELECT stress::DOUBLE AS stress, sum(least(1, stress * pd) * at_stake) AS expected_loss
    FROM levels, by_pd WHERE pd IS NOT NULL
    GROUP BY stress ORDER BY stress
    """,  # noqa: S608 - constants of this package
    Example({"stress": [0.5, 0.75], "expected_loss": [270438.20540999994, 405657.30811500014]}),
    {**WHICH, **LGD},
    _SETTINGS,
)

SEGMENTS = View(
    "The columns by which the portfolio can be cut, and their values in order",
    """
    SELECT position, "column", title, value, value_position FROM read_parquet($segments)
    ORDER BY position, value_position
    """,
    Example(
        {
            "position": [1, 1],
            "column": ["checking_account", "checking_account"],
            "title": ["Checking account", "Checking account"],
            "value": ["Overdrawn", "0 to 199 DM"],
            "value_position": [1, 2],
        }
    ),
)

AMOUNTS = View(
    "Ranges of exposure with round edges, each from `lower` to under `upper`",
    "SELECT position, name, lower, upper FROM read_parquet($amounts) ORDER BY position",
    Example(
        {
            "position": [1, 2],
            "name": ["Under 1,000", "1,000 to under 2,000"],
            "lower": [0.0, 1000.0],
            "upper": [1000.0, 2000.0],
        }
    ),
)
