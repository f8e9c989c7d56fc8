"""Customer value: from purchases to customers, cohorts, and what the models say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kyros_api.modelling import customer_value_models as fitting
from kyros_api.modelling.customer_value_card import (
    model_card,
    model_parameters,
    parameter_covariance,
)
from kyros_api.modelling.customer_value_sums import PEOPLE, SUMS, TRANSACTIONS
from kyros_api.modelling.customer_value_tables import FRAME_TABLES, MODEL_TABLES
from kyros_api.modelling.model_tables import create
from kyros_api.modelling.preparation import InputColumn, Options, Preparation, Report

if TYPE_CHECKING:
    import duckdb

COLUMNS = (
    InputColumn("customer_id", "text", "Whose purchase it is."),
    InputColumn("date", "date", "The day of the purchase."),
    InputColumn("quantity", "integer", "How many pieces.", required=False),
    InputColumn("spend", "number", "What was paid, in the currency of the data.", minimum=0),
)

_PURCHASES = """
    SELECT number::INTEGER AS customer_id, date::TIMESTAMP_S AS date, spend
    FROM transactions JOIN people USING (customer_id)
"""


def build(database: duckdb.DuckDBPyConnection, options: Options, report: Report) -> None:
    """Make all tables of the dashboard from ``transactions``."""
    report("Adding up purchases")
    database.execute(f"CREATE OR REPLACE TABLE transactions AS {TRANSACTIONS}")
    database.sql(PEOPLE).create("people")
    for name, sql in SUMS.items():
        database.sql(sql).create(name)
    purchases = database.sql(_PURCHASES).df()
    end = purchases["date"].max() if options.as_of is None else pd.Timestamp(options.as_of)
    models = fitting.fit_models(purchases, end, report)
    report("Looking ahead")
    frames = {
        "estimates": fitting.estimates(models),
        "horizons": fitting.horizons(models),
        "recency_frequency": fitting.recency_frequency(models),
        "parameter_covariance": parameter_covariance(models),
        "model_parameters": model_parameters(models),
        "model_card": model_card(models, len(purchases), options.at),
        **fitting.checks(models),
    }
    for name, columns in FRAME_TABLES.items():
        create(database, name, columns, frames[name])
    report("Adding up value")
    for name, sql in MODEL_TABLES.items():
        database.sql(sql).create(name)


# Of what a shop's till writes: the price of one piece, of which there are so many.
_UNIT_PRICE = InputColumn("unit_price", "number", "What one piece cost.", required=False, minimum=0)

PREPARATION = Preparation(
    slug="customer-lifetime-value",
    table="transactions",
    unit="purchases",
    columns=COLUMNS,
    build=build,
    products={"spend": (COLUMNS[2], _UNIT_PRICE)},
)
"""How purchases become a tenant's tables."""
