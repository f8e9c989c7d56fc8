"""One customer: what they bought, and what is expected of them."""

from kyros_api.dashboards.catalogue.customer_lifetime_value.choices import (
    HORIZON,
    PURCHASES,
    RATE,
    VALUE,
)
from kyros_api.dashboards.catalogue.specification import Example, Parameter, Text, View

_CUSTOMER: dict[str, Parameter] = {"customer": Text("The customer, as `customer_id` has it.")}

CUSTOMER = View(
    "One customer in one row; no row when there is none of this name",
    f"""
    SELECT customer_id, cohort, first_purchase, last_purchase, orders, total_spend, frequency,
           recency_days, age_days, p_alive, expected_spend,
           {PURCHASES} AS purchases, {VALUE} AS value
    FROM read_parquet($customers) WHERE customer_id = $customer
    """,  # noqa: S608 - of constants
    Example(
        {
            "customer_id": ["00003"],
            "cohort": ["1997-01"],
            "first_purchase": ["1997-01-02"],
            "last_purchase": ["1998-05-28"],
            "orders": [6],
            "total_spend": [156.46],
            "frequency": [5],
            "recency_days": [511],
            "age_days": [544],
            "p_alive": [0.9030441694205339],
            "expected_spend": [28.08289952128387],
            "purchases": [2.6608],
            "value": [71.3962],
        },
        {"customer": "00003"},
    ),
    _CUSTOMER | HORIZON | RATE,
)

CUSTOMER_PURCHASES = View(
    "What one customer spent on each day on which they bought",
    """
    SELECT date, sum(spend) AS spend
    FROM read_parquet($transactions) WHERE customer_id = $customer
    GROUP BY date ORDER BY date
    """,
    Example({"date": ["1997-01-02", "1997-03-30"], "spend": [20.76, 20.76]}, {"customer": "00003"}),
    _CUSTOMER,
)

# P(alive) as of each day, from what was known then: equation 7 of the paper that BG/NBD is from. It
# jumps on a day of a purchase, hence the day before is there as well.
CUSTOMER_ALIVE = View(
    "The probability that one customer is active, week by week and around purchases",
    """
    WITH model AS (
        SELECT max(value) FILTER (parameter = 'r') AS r,
               max(value) FILTER (parameter = 'alpha') AS alpha,
               max(value) FILTER (parameter = 'a') AS a,
               max(value) FILTER (parameter = 'b') AS b
        FROM read_parquet($model_parameters) WHERE model = 'BG/NBD'
    ),
    span AS (
        SELECT first_purchase, first_purchase + age_days AS last
        FROM read_parquet($customers) WHERE customer_id = $customer
    ),
    bought AS (
        SELECT DISTINCT date AS day, first_purchase, last
        FROM read_parquet($transactions), span
        WHERE customer_id = $customer AND date <= last
    ),
    days AS (
        SELECT unnest(generate_series(first_purchase, last, INTERVAL 7 DAY))::DATE AS day FROM span
        UNION SELECT last FROM span
        UNION SELECT day FROM bought
        UNION SELECT day - 1 FROM bought WHERE day > first_purchase
    ),
    known AS (
        SELECT days.day, count(*) - 1 AS x,
               (max(bought.day) - first_purchase) / 7 AS recency,
               (days.day - first_purchase) / 7 AS age
        FROM days JOIN bought ON bought.day <= days.day
        GROUP BY days.day, first_purchase
    )
    SELECT day AS date,
           CASE WHEN x = 0 THEN 1.0
                ELSE 1 / (1 + a / (b + x - 1) * pow((alpha + age) / (alpha + recency), r + x))
                END AS p_alive
    FROM known, model WHERE r IS NOT NULL
    ORDER BY date
    """,
    Example({"date": ["1997-01-02", "1997-01-09"], "p_alive": [1.0, 1.0]}, {"customer": "00003"}),
    _CUSTOMER,
)

VIEWS = {
    "customer": CUSTOMER,
    "customer_purchases": CUSTOMER_PURCHASES,
    "customer_alive": CUSTOMER_ALIVE,
}
