"""What the views of a portfolio have in common: which accounts, and under which assumptions.

A view of all accounts, or of those of a band, reads sums by PD; one of a part or an amount reads
the accounts. Both are in the SQL of each view, and the database drops the one that the values rule
out before it reads anything.
"""

from __future__ import annotations

from kyros_api.dashboards.catalogue.specification import Choice, Number, OneOf, Parameter, Part

WHICH: dict[str, Parameter] = {
    "band": OneOf(
        ("low", "warning", "critical"),
        "Accounts by their PD without stress: under `warning_pd` of the configuration, from there "
        "on, or at least `critical_pd`.",
    ),
    "part": Part(),
    "amount": Choice("SELECT name FROM read_parquet($amounts) ORDER BY position"),
}
LGD: dict[str, Parameter] = {
    "lgd": Number(
        0,
        1,
        "Share of the exposure that is lost at a default, for all accounts; without it each "
        "account's own, or `lgd` of the configuration.",
    )
}
WHAT_IF: dict[str, Parameter] = {
    "stress": Number(0.5, 3, "What every PD is multiplied by; it stays at most 1.", 1),
    **LGD,
}
BANDS = {"warning_pd": "warning_pd", "critical_pd": "critical_pd"}
OWN_LGD = {"own_lgd": "lgd"}

# The interval is Wilson's (1927) at 95 %: it stays inside 0 to 1, and holds for small segments.
# Of n accounts: as a DOUBLE, for its square is beyond whole numbers.
WILSON = """
    (default_rate + z * z / (2 * n)
        - z * sqrt(default_rate * (1 - default_rate) / n + z * z / (4 * n * n)))
        / (1 + z * z / n) AS lower,
    (default_rate + z * z / (2 * n)
        + z * sqrt(default_rate * (1 - default_rate) / n + z * z / (4 * n * n)))
        / (1 + z * z / n) AS upper
"""

_SUMS = "pd, accounts, defaults, exposure, defaulted_exposure, own_loss, open_exposure"


def selected(totals: str, key: str = "", of_account: str = "", which: str = "true") -> str:
    """Return the SQL of what a reader selects: sums by PD, and by a key if there is one.

    Args:
        totals: the table of sums.
        key: its columns that the sums are kept apart by, with a comma after each.
        of_account: the same columns of an account.
        which: rows of the table of sums.
    """
    return f"""(
        SELECT {key} {_SUMS} FROM read_parquet(${totals})
        WHERE $amount IS NULL AND $part IS NULL AND {which} AND {_IN_BAND}
        UNION ALL
        SELECT {of_account} pd, 1, defaulted::BIGINT, exposure,
               CASE WHEN defaulted THEN exposure ELSE 0 END,
               coalesce(exposure * lgd, 0), CASE WHEN lgd IS NULL THEN exposure ELSE 0 END
        FROM read_parquet($accounts)
        WHERE ($amount IS NOT NULL OR $part IS NOT NULL) AND {{part}} AND {_IN_BAND}
          AND ($amount IS NULL OR exposure >= ({_BOUND.format("lower")}))
          AND ($amount IS NULL OR exposure < coalesce(({_BOUND.format("upper")}), 'infinity'))
    )"""  # noqa: S608 - constants of this package


_BOUND = "SELECT {} FROM read_parquet($amounts) WHERE name = $amount"
_IN_BAND = """
    CASE $band WHEN 'low' THEN pd < $warning_pd
               WHEN 'warning' THEN pd >= $warning_pd AND pd < $critical_pd
               WHEN 'critical' THEN pd >= $critical_pd ELSE true END
"""
# least() passes over NULL, and an account without a PD is none that surely defaults.
STRESSED = "CASE WHEN pd IS NOT NULL THEN least(1, $stress * pd) END"
# What is lost if all default.
AT_STAKE = """
    CASE WHEN $lgd IS NULL THEN own_loss + open_exposure * $own_lgd ELSE exposure * $lgd END
"""
