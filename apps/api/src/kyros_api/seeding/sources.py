"""The public data sets in ``data/source/``, and how each becomes a dashboard's input table.

Where they come from, what their columns mean and under which licence: ``data/source/README.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Source:
    """A file, and the query that makes a dashboard's input table of it.

    Attributes:
        title: what a person calls it.
        file: its name in ``data/source/``.
        sha256: its checksum; a file that differs is refused.
        sql: gives the columns that the dashboard's preparation names, and for accounts more;
            ``$file`` is the file.
        segments: of accounts: the columns by which the portfolio can be cut.
        variables: of accounts: the columns that the score is made of; empty is all that fit.
    """

    title: str
    file: str
    sha256: str
    sql: str
    segments: Sequence[Mapping[str, Any]] = ()
    variables: Sequence[str] = ()


# Lines such as " 00002 19970112  5   77.00", with a header; columns by runs of blanks.
_CDNOW_TRANSACTIONS = r"""
    WITH lines AS (
        SELECT regexp_split_to_array(trim(line), '\s+') AS part
        FROM read_csv($file, columns = {'line': 'VARCHAR'}, header = true, delim = '|',
                      quote = '', escape = '')
    )
    SELECT part[1] AS customer_id,
           strptime(part[2], '%Y%m%d')::DATE AS date,
           part[3]::BIGINT AS quantity,
           part[4]::DOUBLE AS spend
    FROM lines
    ORDER BY customer_id, date
"""

CDNOW = Source(
    title="CDNOW",
    file="cdnow_master.txt",
    sha256="eff6889ed364c5199d6eacbbeb7a6d559971df4406ac876f322c373f00a072ef",
    sql=_CDNOW_TRANSACTIONS,
)

# Exposure is the amount of the credit: what is outstanding is not in the data.
_GERMAN_ACCOUNTS = """
    SELECT printf('G%04d', row_number() OVER ()) AS account_id,
           credit_amount::DOUBLE AS exposure,
           creditability = 'bad' AS defaulted,
           NULL::DOUBLE AS lgd,
           CASE status_of_existing_checking_account
               WHEN '... < 0 DM' THEN 'Overdrawn'
               WHEN '0 <= ... < 200 DM' THEN '0 to 199 DM'
               WHEN 'no checking account' THEN 'No checking account'
               ELSE '200 DM or more' END AS checking_account,
           CASE savings_account_and_bonds
               WHEN '... < 100 DM' THEN 'Under 100 DM'
               WHEN '100 <= ... < 500 DM' THEN '100 to 499 DM'
               WHEN '500 <= ... < 1000 DM' THEN '500 to 999 DM'
               WHEN '... >= 1000 DM' THEN '1,000 DM or more'
               ELSE 'None or unknown' END AS savings,
           CASE present_employment_since
               WHEN 'unemployed' THEN 'Unemployed'
               WHEN '... < 1 year' THEN 'Under 1 year'
               WHEN '1 <= ... < 4 years' THEN '1 to 3 years'
               WHEN '4 <= ... < 7 years' THEN '4 to 6 years'
               ELSE '7 years or more' END AS employment,
           upper(purpose[1]) || purpose[2:] AS purpose_of_credit,
           upper(housing[1]) || housing[2:] AS housing_kind,
           CASE WHEN duration_in_month <= 12 THEN 'Up to 12 months'
                WHEN duration_in_month <= 24 THEN '13 to 24 months'
                WHEN duration_in_month <= 36 THEN '25 to 36 months'
                ELSE 'Over 36 months' END AS duration,
           * EXCLUDE (creditability)
    FROM read_csv($file, header = true)
    ORDER BY account_id
"""

GERMAN_CREDIT_SEGMENTS: list[dict[str, Any]] = [
    {
        "column": "checking_account",
        "title": "Checking account",
        "order": ["Overdrawn", "0 to 199 DM", "200 DM or more", "No checking account"],
    },
    {
        "column": "savings",
        "title": "Savings",
        "order": [
            "Under 100 DM",
            "100 to 499 DM",
            "500 to 999 DM",
            "1,000 DM or more",
            "None or unknown",
        ],
    },
    {
        "column": "duration",
        "title": "Duration of the credit",
        "order": ["Up to 12 months", "13 to 24 months", "25 to 36 months", "Over 36 months"],
    },
    {
        "column": "employment",
        "title": "In present employment",
        "order": ["Unemployed", "Under 1 year", "1 to 3 years", "4 to 6 years", "7 years or more"],
    },
    {"column": "purpose_of_credit", "title": "Purpose"},
    {"column": "housing_kind", "title": "Housing", "order": ["Own", "Rent", "For free"]},
]

GERMAN_CREDIT = Source(
    title="German credit",
    file="german_credit.csv",
    sha256="2c0bae00275c028fc853a1ea72cc7a68002c3f6876c41300c5c948711540c8c6",
    sql=_GERMAN_ACCOUNTS,
    segments=GERMAN_CREDIT_SEGMENTS,
)

# Exposure is the balance of the latest bill; a balance in the customer's favour is no exposure.
_TAIWAN_ACCOUNTS = """
    SELECT printf('T%04d', row_number() OVER ()) AS account_id,
           greatest(BILL_AMT1, 0)::DOUBLE AS exposure,
           "default" = 1 AS defaulted,
           NULL::DOUBLE AS lgd,
           CASE EDUCATION WHEN 1 THEN 'Graduate school' WHEN 2 THEN 'University'
                          WHEN 3 THEN 'High school' ELSE 'Other or unknown' END AS education,
           CASE MARRIAGE WHEN 1 THEN 'Married' WHEN 2 THEN 'Single'
                         ELSE 'Other or unknown' END AS marital_status,
           CASE WHEN LIMIT_BAL < 50000 THEN 'Under 50,000'
                WHEN LIMIT_BAL < 100000 THEN '50,000 to 99,999'
                WHEN LIMIT_BAL < 200000 THEN '100,000 to 199,999'
                WHEN LIMIT_BAL < 300000 THEN '200,000 to 299,999'
                ELSE '300,000 or more' END AS credit_limit_band,
           CASE WHEN BILL_AMT1 <= 0 THEN 'Nothing owed'
                WHEN BILL_AMT1 < 0.3 * LIMIT_BAL THEN 'Under 30 %'
                WHEN BILL_AMT1 < 0.7 * LIMIT_BAL THEN '30 to 70 %'
                ELSE '70 % or more' END AS utilisation,
           LIMIT_BAL AS credit_limit,
           BILL_AMT1 AS bill_amount
    FROM read_csv($file, header = true)
    ORDER BY account_id
"""

TAIWAN_CREDIT_CARD_SEGMENTS: list[dict[str, Any]] = [
    {
        "column": "credit_limit_band",
        "title": "Credit limit",
        "order": [
            "Under 50,000",
            "50,000 to 99,999",
            "100,000 to 199,999",
            "200,000 to 299,999",
            "300,000 or more",
        ],
    },
    {
        "column": "utilisation",
        "title": "Share of the limit in use",
        "order": ["Nothing owed", "Under 30 %", "30 to 70 %", "70 % or more"],
    },
    {
        "column": "education",
        "title": "Education",
        "order": ["Graduate school", "University", "High school", "Other or unknown"],
    },
    {
        "column": "marital_status",
        "title": "Marital status",
        "order": ["Married", "Single", "Other or unknown"],
    },
]

TAIWAN_CREDIT_CARD = Source(
    title="Taiwan cards",
    file="taiwan_credit_card.csv",
    sha256="7d4221fded1651b03f821921e680c001e1c0e40e68de941c159e37de01532878",
    sql=_TAIWAN_ACCOUNTS,
    segments=TAIWAN_CREDIT_CARD_SEGMENTS,
)
