"""Purchases of made-up customers, for whom the models apply as they do for CDNOW's.

Everybody first buys in the first quarter of 1997. Purchases follow at an interval that differs from
customer to customer, until the customer drops out or the eighteen months are over.
"""

from __future__ import annotations

_WHICH = "person, purchase, "


def purchases(customers: int) -> str:
    """Return the SQL of the purchases of so many customers, about three of each."""
    return f"""
        WITH people AS (
            SELECT i AS person, (hash(i, 1) % 84)::INTEGER AS first_day,
                   15 + 600 * pow({_uniform("i, 2")}, 2) AS days_between,
                   -- The chance to drop out after a purchase differs as well.
                   least(200, floor(ln({_uniform("i, 3")})
                       / ln(0.99 - 0.95 * pow({_uniform("i, 8")}, 2))))::INTEGER AS wanted
            FROM range({customers}) AS numbers(i)
        ),
        bought AS (
            SELECT person, purchase,
                   first_day + ceil(days_between * purchase * (0.5 + {_uniform(_WHICH + "4")}))
                       AS day
            FROM people, unnest(range(wanted + 1)) AS each(purchase)
        )
        SELECT printf('C%07d', person) AS customer_id,
               DATE '1997-01-01' + day::INTEGER AS date,
               (1 + hash(person, purchase, 5) % 5)::BIGINT AS quantity,
               round(10 / {_uniform("person, 6")} ** 0.3
                     * (0.5 + {_uniform(_WHICH + "7")}), 2)::DOUBLE AS spend
        FROM bought WHERE day <= 545
    """  # noqa: S608 - of a number


def _uniform(key: str) -> str:
    """Return the SQL of a number between 0 and 1 that the key decides."""
    return f"((hash({key}) % 1000000 + 0.5) / 1000000)"
