"""Credit risk: from accounts to a scorecard, every account's score and PD, and the sums of them.

The order of things: the accounts are sorted; a scorecard is fitted on them, or on a sample of a
large portfolio (``credit_risk_fit``); every account is scored by it; sums are made for the views
(``credit_risk_sums``); what is known of the model is written down (``credit_risk_card``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyros_analytics.errors import ModelNotApplicableError
from kyros_api.modelling import credit_risk_card, credit_risk_fit, credit_risk_sums
from kyros_api.modelling.credit_risk_plan import make_plan
from kyros_api.modelling.preparation import InputColumn, Options, Preparation, Report
from kyros_api.storage.tenant_data import quote

if TYPE_CHECKING:
    import duckdb

    from kyros_analytics.risk import ScorecardFit
    from kyros_api.modelling.credit_risk_plan import Plan

COLUMNS = (
    InputColumn("account_id", "text", "What the account is called.", unique=True),
    InputColumn("exposure", "number", "What is owed, in the currency of the data.", minimum=0),
    InputColumn("defaulted", "boolean", "Whether it has defaulted."),
    InputColumn(
        "lgd",
        "number",
        "The share that is lost when it defaults; empty: that of the dashboard's settings.",
        required=False,
        minimum=0,
        maximum=1,
    ),
)


def build(database: duckdb.DuckDBPyConnection, options: Options, report: Report) -> None:
    """Make all tables of the dashboard from ``accounts``, which gets a PD and a score."""
    # Scores are put beside the accounts row by row, in this order.
    database.execute("CREATE TABLE portfolio AS FROM accounts ORDER BY account_id")
    database.execute("DROP TABLE accounts")
    plan = make_plan(database, options)
    report("Fitting the scorecard")
    fitted: ScorecardFit | None = None
    refusal = ""
    sample = credit_risk_fit.draw_sample(database)
    try:
        fitted = credit_risk_fit.fit(database, plan, sample)
    except ModelNotApplicableError as error:
        refusal = str(error)
    credit_risk_fit.write_model(database, plan, fitted)
    report("Scoring accounts")
    credit_risk_fit.score_accounts(database, plan, fitted, sample)
    _put_together(database, plan)
    report("Adding up accounts")
    credit_risk_sums.write(database, plan)
    credit_risk_card.write(database, plan, fitted, refusal, options)
    for table in ("portfolio", "scored"):
        database.execute(f"DROP TABLE {table}")


def _put_together(database: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Make ``accounts`` and ``account_bins`` of the portfolio and its scores, both in one order."""
    segments = [
        # A segment's value is text, and nobody is without one, so that its parts make the whole.
        f"coalesce(nullif(trim({quote(name)}::VARCHAR), ''), 'Unknown') AS {quote(name)}"
        for name in plan.segments
    ]
    others = [quote(name) for name in plan.attributes if name not in plan.segments]
    columns = ", ".join(
        ["account_id", "exposure", "defaulted", "lgd", "pd", "score", *segments, *others]
    )
    database.execute(
        f"CREATE TABLE accounts AS SELECT {columns} FROM portfolio POSITIONAL JOIN scored"  # noqa: S608 - names of the table's own, quoted
    )
    database.execute(
        "CREATE TABLE account_bins AS SELECT account_id, bins FROM portfolio POSITIONAL JOIN scored"
    )


PREPARATION = Preparation(
    slug="risk-analysis",
    table="accounts",
    unit="accounts",
    columns=COLUMNS,
    build=build,
    other_columns=True,
    reserved=("pd", "score", "bins", "expected_loss"),
)
