"""What the accounts say of credit risk.

Tables:
    accounts        account_id, exposure, defaulted, lgd (its own, if it has one), pd, score, then
                    the segment columns and the tenant's other attributes
    segments        position, column, title, value, value_position: what the portfolio is cut by
    amounts         position, name, lower, upper: ranges of exposure
    pd_totals       pd, accounts, defaults, exposure, defaulted_exposure, own_loss, open_exposure
    segment_totals  the same by column and value; exposure_totals by bin_start and bin_end;
                    score_totals by bin_start
    scorecard       a row for each bin of each variable: label, accounts, defaults, woe, points
    account_bins    account_id, bins: that of each variable, in the order of the scorecard
    discrimination, calibration, metrics, model_card, model_parameters, dataset

All are made when the data is put in place: see ``modelling.credit_risk``. Exposure is what is owed,
in the currency of the dashboard's configuration. The PD of an account that the scorecard was fitted
on is that of a scorecard which has not seen it; the score is that of the one full scorecard, so
that an account's points add up to it. The two may therefore differ a little. Its
``expected_loss``, without any what-if, is worked out for rows that ask for it: the LGD may be that
of the configuration.
"""

from kyros_api.dashboards.catalogue import risk_model, risk_portfolio
from kyros_api.dashboards.catalogue.specification import DashboardData

DATA = DashboardData(
    id="5d9c2e7a-8f34-4b61-b0e5-2a7f9c3d1e48",
    title="Risk Analysis",
    description="How much credit we stand to lose, on which accounts, and where it concentrates.",
    config={"warning_pd": 0.2, "critical_pd": 0.4, "lgd": 0.45, "preview": "distribution"},
    rows_table="accounts",
    key="account_id",
    derived={"expected_loss": risk_model.ACCOUNT_LOSS},
    views={
        "summary": risk_portfolio.SUMMARY,
        "segments": risk_portfolio.SEGMENTS,
        "amounts": risk_portfolio.AMOUNTS,
        "expected_loss": risk_portfolio.EXPECTED_LOSS,
        "exposure": risk_portfolio.EXPOSURE,
        "score_distribution": risk_portfolio.SCORE_DISTRIBUTION,
        "stress_curve": risk_portfolio.STRESS_CURVE,
        "scorecard": risk_model.SCORECARD,
        "discrimination": risk_model.DISCRIMINATION,
        "calibration": risk_model.CALIBRATION,
        "metrics": risk_model.METRICS,
        "account": risk_model.ACCOUNT,
        "account_points": risk_model.ACCOUNT_POINTS,
        **risk_model.OF_THE_MODEL,
    },
    tables=(
        "dataset",
        "accounts",
        "segments",
        "amounts",
        "pd_totals",
        "segment_totals",
        "exposure_totals",
        "score_totals",
        "scorecard",
        "account_bins",
        "discrimination",
        "calibration",
        "metrics",
        "model_card",
        "model_parameters",
    ),
    format=3,
)
