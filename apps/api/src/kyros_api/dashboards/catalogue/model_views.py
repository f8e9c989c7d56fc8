"""The views that every dashboard with a model has of it, and of the data that it was fitted to.

Their tables are those of ``modelling.model_tables``, and ``dataset``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyros_api.dashboards.catalogue.specification import View

if TYPE_CHECKING:
    from kyros_api.dashboards.catalogue.specification import Example


def model_views(*, card: Example, parameters: Example, dataset: Example) -> dict[str, View]:
    """Return the views ``model_card``, ``model_parameters`` and ``dataset``.

    Args:
        card: how the dashboard's card begins.
        parameters: how its parameters begin.
        dataset: what the demo's data are.
    """
    return {
        "model_card": View(
            "What is known of the model: data, fit, checks, warnings and sources",
            """
            SELECT position, section, name, value, text, kind
            FROM read_parquet($model_card) ORDER BY position
            """,
            card,
        ),
        "model_parameters": View(
            "The parameters of the model, with 95 % intervals where they were fitted",
            """
            SELECT position, model, parameter, value, standard_error, lower, upper, meaning
            FROM read_parquet($model_parameters) ORDER BY position
            """,
            parameters,
        ),
        "dataset": View(
            "Where the data come from, and when they were put in place",
            """
            SELECT title, file, sha256, rows, unit, loaded_at, currency FROM read_parquet($dataset)
            """,
            dataset,
        ),
    }
