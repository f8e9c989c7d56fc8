"""What the purchases say of customers' value: what was, and what BG/NBD and Gamma-Gamma expect.

Tables:
    transactions  customer_id, date, quantity, spend; a customer's lie together
    customers     customer_id, cohort (month of first purchase, YYYY-MM), first_purchase,
                  last_purchase, orders, quantity, total_spend, average_order_value, frequency
                  (repeat purchases), recency_days, age_days, p_alive, expected_spend (a purchase),
                  purchases_<weeks> and value_<weeks>_<rate>: see ``choices``
    cohorts       cohort, customers, repeat_customers, orders, revenue, first_purchase,
                  last_purchase
    cohort_months cohort, month (0 is that of the first purchase), customers, orders,
                  active_customers, revenue
    concentration cohort (NULL is all), percent of customers, biggest first, revenue_share
    value_bins    horizon, rate, cohort, bin_start, bin_end, and what can be added: see ``slices``
    sensitivities, horizons, parameter_covariance
                  what an interval is made of where ``value_bins`` does not reach
    recency_frequency, tracking, frequency_fit, holdout, model_card, model_parameters, dataset
                  as their views answer

Models are fitted and sums are made when the data is put in place: see ``kyros_api.modelling``.

An order is all that one customer bought on one day, as the papers on this data count it. Money is
in the currency of the dashboard's configuration; value is what a customer will spend, discounted.
"""

from kyros_api.dashboards.catalogue.customer_lifetime_value import (
    cohorts,
    customers,
    model,
    value,
)
from kyros_api.dashboards.catalogue.specification import DashboardData

DATA = DashboardData(
    id="0b6f7f5e-52a1-4d0c-9a2b-6c1d4e8f7a10",
    title="Customer Lifetime Value",
    description="What our customers are worth, which of them we keep, and where their value lies.",
    config={"value_thresholds": {"high": 100, "medium": 20}, "preview": "curve"},
    rows_table="customers",
    format=2,
    key="customer_id",
    views={**value.VIEWS, **cohorts.VIEWS, **model.VIEWS, **customers.VIEWS},
    tables=(
        "dataset",
        "transactions",
        "customers",
        "cohorts",
        "cohort_months",
        "concentration",
        "value_bins",
        "sensitivities",
        "horizons",
        "parameter_covariance",
        "recency_frequency",
        "tracking",
        "frequency_fit",
        "holdout",
        "model_card",
        "model_parameters",
    ),
)
