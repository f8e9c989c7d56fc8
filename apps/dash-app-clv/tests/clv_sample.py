"""The answers of an API about a few made-up customers, and what a page shows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_app_clv import callbacks, ids
from kyros_dash_app_clv.layout import PAGE
from kyros_dash_kit import Dashboard, create_dash_app
from kyros_dash_kit.testing import FakeApi, make_settings, running, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractAsyncContextManager

    import httpx2

DASHBOARD = Dashboard(ids.SLUG, PAGE.title, PAGE.layout(), callbacks.register)
Frame = dict[str, list[Any]]
NBSP = "\N{NO-BREAK SPACE}"
COHORT = "1997-01"
AHEAD = "horizon=52&rate=10"
WARNING = "Too few customers came back."


def summary(customers: int, *, modelled: bool = True) -> Frame:
    """Build the row of all customers."""
    expected: Frame = {
        "active": [customers * 0.75],
        "purchases": [customers * 1.5],
        "purchases_lower": [customers * 1.4],
        "purchases_upper": [customers * 1.6],
        "buyers": [customers * 0.5],
        "buyers_lower": [customers * 0.45],
        "buyers_upper": [customers * 0.55],
        "value": [customers * 30.0],
        "value_lower": [customers * 28.0],
        "value_upper": [customers * 32.0],
    }
    return {
        "customers": [customers],
        "orders": [customers * 2],
        "revenue": [customers * 100.0],
        "repeat_customers": [customers // 2],
        "average_order_value": [50.0],
        "first_date": ["1997-01-01"],
        "last_date": ["1998-06-30"],
        **(expected if modelled else {name: [None] for name in expected}),
    }


def value_views(customers: int, *, modelled: bool) -> dict[str, Frame]:
    """Build the answers of the tab "Value"."""
    return {
        "segments": {
            "segment": ["high", "medium", "low"],
            "threshold": [100.0, 20.0, None],
            "customers": (
                [customers // 10, customers // 5, customers - 3 * customers // 10]
                if modelled
                else [0] * 3
            ),
            "active": [1.0 if modelled else 0] * 3,
            "purchases": [1.0 if modelled else 0] * 3,
            "value": [60.0, 30.0, 10.0] if modelled else [0] * 3,
            "revenue": [1.0, 1.0, 1.0],
        },
        "value_distribution": {
            "bin_start": [0] if modelled else [],
            "bin_end": [10] if modelled else [],
            "customers": [customers] if modelled else [],
            "value": [100.0] if modelled else [],
        },
        "concentration": {"customer_share": [0.0, 0.1, 1.0], "revenue_share": [0.0, 0.4, 1.0]},
    }


def cohort_views(customers: int, *, modelled: bool) -> dict[str, Frame]:
    """Build the answers of the tab "Cohorts"."""
    return {
        "cohorts": {
            "cohort": [COHORT],
            "customers": [customers],
            "orders": [customers * 2],
            "revenue": [customers * 100.0],
            "active": [customers * 0.75 if modelled else None],
            "value": [customers * 30.0 if modelled else None],
        },
        "cumulative_value": {
            "cohort": [COHORT],
            "month": [0],
            "value_per_customer": [100.0],
            "customers": [customers],
        },
        "retention": {
            "cohort": [COHORT, COHORT],
            "month": [0, 1],
            "customers": [customers, customers],
            "active_customers": [customers, customers // 2],
            "revenue": [1.0, 1.0],
        },
    }


def model_views(*, modelled: bool, warned: bool) -> dict[str, Frame]:
    """Build what the model says of itself."""
    views: dict[str, Frame] = {
        "recency_frequency": {
            "frequency": [0, 1],
            "recency_weeks": [0, 10],
            "p_alive": [1.0, 0.5],
            "purchases": [0.1, 0.4],
            "customers": [5, 1],
        },
        "tracking": {
            "week": [1, 2],
            "date": ["1997-01-01", "1997-01-08"],
            "actual": [10.0, 20.0],
            "expected": [10.0, 19.0],
            "phase": ["calibration", "holdout"],
        },
        "frequency_fit": {"frequency": [0, 7], "actual": [10, 5], "expected": [11.0, 4.0]},
        "holdout": {"frequency": [0], "customers": [15], "actual": [0.5], "expected": [0.4]},
        "model_parameters": {
            "position": [1],
            "model": ["BG/NBD"],
            "parameter": ["r"],
            "value": [0.243],
            "standard_error": [0.0128],
            "lower": [0.22],
            "upper": [0.27],
            "meaning": ["How alike customers are"],
        },
    }
    if not modelled:
        views = {name: {column: [] for column in frame} for name, frame in views.items()}
    warning: Frame = {"section": ["Warnings"], "name": ["Few"], "text": [WARNING]}
    return {
        **views,
        "dataset": {"title": ["CDNOW"], "loaded_at": ["2026-11-23T03:00:00Z"]},
        "model_card": {
            "position": [1],
            "section": ["Fit"],
            "name": ["Log-likelihood"],
            "value": [-9582.4 if modelled else None],
            "text": [None],
            "kind": ["number"],
            **(warning if warned else {}),
        },
    }


def customer_views(*, modelled: bool) -> dict[str, Frame]:
    """Build the answers about one customer."""
    return {
        "customer": {
            "customer_id": ["00007"],
            "cohort": [COHORT],
            "first_purchase": ["1997-01-01"],
            "last_purchase": ["1997-02-01"],
            "orders": [2],
            "total_spend": [30.5],
            "frequency": [1],
            "recency_days": [31],
            "age_days": [545],
            "p_alive": [0.25 if modelled else None],
            "expected_spend": [20.0 if modelled else None],
            "purchases": [0.4 if modelled else None],
            "value": [8.0 if modelled else None],
        },
        "customer_purchases": {"date": ["1997-01-01", "1997-02-01"], "spend": [10.0, 20.5]},
        "customer_alive": {
            "date": ["1997-01-01"] if modelled else [],
            "p_alive": [1.0] if modelled else [],
        },
    }


# Which parameters each view is asked for with, in this order.
ASKED = {
    "summary": [
        "",
        f"cohort={COHORT}",
        f"{AHEAD}",
        f"cohort={COHORT}&{AHEAD}",
        f"segment=high&{AHEAD}",
        "horizon=52",
    ],
    "segments": [AHEAD, f"cohort={COHORT}&{AHEAD}"],
    "value_distribution": [AHEAD, f"cohort={COHORT}&{AHEAD}", f"segment=high&{AHEAD}"],
    "cohorts": ["", AHEAD],
    "concentration": ["", f"cohort={COHORT}"],
    "cumulative_value": ["", f"cohort={COHORT}"],
    "retention": ["", f"cohort={COHORT}"],
    "recency_frequency": ["horizon=52"],
    "customer": [f"customer=00007&{AHEAD}"],
    "customer_purchases": ["customer=00007"],
    "customer_alive": ["customer=00007"],
}


def views(customers: int, *, modelled: bool = True, warned: bool = False) -> dict[str, Frame]:
    """Build the answers of a tenant, and of one cohort of it, which has seven customers."""
    found = {
        "summary": summary(customers, modelled=modelled),
        **value_views(customers, modelled=modelled),
        **cohort_views(customers, modelled=modelled),
        **model_views(modelled=modelled, warned=warned or not modelled),
        **customer_views(modelled=modelled),
    }
    answers = {
        f"{name}?{query}" if query else name: frame
        for name, frame in found.items()
        for query in ASKED.get(name, [""])
    }
    answers[f"summary?cohort={COHORT}&{AHEAD}"] = summary(7, modelled=modelled)
    nobody = {column: list[Any]() for column in found["customer"]}
    return {
        **answers,
        f"customer?customer=nobody&{AHEAD}": nobody,
        "customer_purchases?customer=nobody": {"date": [], "spend": []},
        "customer_alive?customer=nobody": {"date": [], "p_alive": []},
    }


ROWS: Sequence[dict[str, Any]] = [
    {
        "customer_id": f"{at:05}",
        "first_purchase": "1997-01-01",
        "last_purchase": "1997-02-01",
        "orders": 2,
        "total_spend": 30.5,
        "p_alive": 0.25,
        "purchases_52": 0.4,
        "value_52_10": 8.0 + at,
    }
    for at in (6, 7, 8)
]


def make_api() -> FakeApi:
    """Build tenants with data, with a warning, without a model, and without data."""
    nothing: Frame = {"cohort": [], "customers": []}
    return FakeApi(
        views={
            "acme": views(1000),
            "beta": views(20),
            "warned": views(20, warned=True),
            "plain": views(20, modelled=False),
            "empty": {**views(1), "cohorts": nothing},
        },
        rows={"acme": ROWS, "plain": ROWS},
        tenants={"acme": {"primary_color": "#0052cc", "currency": "EUR"}},
        config={"acme": {"currency": "USD"}, "beta": {"currency": "GBP"}},
    )


def serving(api: FakeApi) -> AbstractAsyncContextManager[httpx2.AsyncClient]:
    """Run the dashboard in front of an API for the length of a block."""
    return running(create_dash_app(DASHBOARD, make_settings(), transport=api.transport))


def texts(filled: dict[str, Any], of: str = ids.VALUE_TAB) -> list[tuple[str, str]]:
    """Return the key figures: what they are, and how much."""
    figures = filled[f"{of}-key-figures"]["children"]
    return [
        (words_of(parts[0]), words_of(parts[1]))
        for parts in (one["props"]["children"] for one in figures)
    ]


def titles(filled: dict[str, Any], *charts: str) -> list[str]:
    """Return the charts' titles."""
    return [filled[f"{chart}-title"]["children"] for chart in charts]
