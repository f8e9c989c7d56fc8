"""Who is still active by the model, and how good the model is."""

from kyros_api.dashboards.catalogue.customer_lifetime_value.choices import HORIZON
from kyros_api.dashboards.catalogue.model_views import model_views
from kyros_api.dashboards.catalogue.specification import Example, View

# Frequency counts repeat purchases; recency is from the first purchase to the last. The customers
# of a cell are those of any age.
RECENCY_FREQUENCY = View(
    "P(alive), expected purchases and customers by frequency and recency, at the oldest age",
    """
    SELECT frequency, recency_weeks, p_alive, purchases, customers
    FROM read_parquet($recency_frequency)
    WHERE horizon = $horizon
    ORDER BY frequency, recency_weeks
    """,
    Example(
        {
            "frequency": [0, 1],
            "recency_weeks": [0, 0],
            "p_alive": [1.0, 0.1334955508978603],
            "purchases": [0.15540310243464342, 0.09667852570424958],
            "customers": [12054, 600],
        }
    ),
    HORIZON,
)

TRACKING = View(
    "Cumulative repeat purchases of the calibration's customers, actual and expected",
    """
    SELECT week, date, actual, expected, phase FROM read_parquet($tracking) ORDER BY week
    """,
    Example(
        {
            "week": [1, 2],
            "date": ["1997-01-07", "1997-01-14"],
            "actual": [37.0, 177.0],
            "expected": [34.26130204324991, 148.0320564570761],
            "phase": ["calibration", "calibration"],
        }
    ),
)

FREQUENCY_FIT = View(
    "Customers by repeat purchases in the calibration, actual and expected; 7 is 7 and more",
    """
    SELECT frequency, actual, expected FROM read_parquet($frequency_fit) ORDER BY frequency
    """,
    Example(
        {
            "frequency": [0, 1],
            "actual": [14119, 4442],
            "expected": [14058.94328700602, 4694.0262861343035],
        }
    ),
)

HOLDOUT = View(
    "Mean purchases in the holdout by frequency in the calibration (7 is 7 and more)",
    """
    SELECT frequency, customers, actual, expected FROM read_parquet($holdout) ORDER BY frequency
    """,
    Example(
        {
            "frequency": [0, 1],
            "customers": [14119, 4442],
            "actual": [0.25072597209434094, 0.7841062584421432],
            "expected": [0.2308572682378895, 0.5198026516976676],
        }
    ),
)

_OF_THE_MODEL = model_views(
    card=Example(
        {
            "position": [1],
            "section": ["Data"],
            "name": ["Transactions"],
            "value": [69659.0],
            "text": [None],
            "kind": ["count"],
        }
    ),
    parameters=Example(
        {
            "position": [1, 2],
            "model": ["BG/NBD", "BG/NBD"],
            "parameter": ["r", "alpha"],
            "value": [0.26712776534111177, 5.986491783196993],
            "standard_error": [0.0036600510328620686, 0.1371610637637389],
            "lower": [0.2600496617769197, 5.723607777739359],
            "upper": [0.27439852268429016, 6.261449991326974],
            "meaning": [
                "How alike customers' purchase rates are: the lower, the more they differ.",
                "Weeks; r / alpha is the mean number of purchases a week of active customers.",
            ],
        }
    ),
    dataset=Example(
        {
            "title": ["CDNOW"],
            "file": ["cdnow_master.txt"],
            "sha256": ["eff6889ed364c5199d6eacbbeb7a6d559971df4406ac876f322c373f00a072ef"],
            "rows": [69659],
            "unit": ["purchases"],
            "loaded_at": ["2026-11-23T03:34:51"],
            "currency": ["USD"],
        }
    ),
)

VIEWS = {
    "recency_frequency": RECENCY_FREQUENCY,
    "tracking": TRACKING,
    "frequency_fit": FREQUENCY_FIT,
    "holdout": HOLDOUT,
    **_OF_THE_MODEL,
}
