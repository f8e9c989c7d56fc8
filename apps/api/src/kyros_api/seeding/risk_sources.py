"""The two public portfolios: their accounts, what they are cut by, what the score is made of.

A column is there once: as the number, or as words that a person reads. Bands of a number are there
beside it for cutting the portfolio, and are no variables of the score. Nor are sex, marital status
and nationality, by which a lender may not decide; they say next to nothing here (the AUC of German
credit is the same to two digits).
"""

from __future__ import annotations

from typing import Any

# Exposure is the amount of the credit: what is outstanding is not in the data.
GERMAN_ACCOUNTS = """
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
           CASE WHEN duration_in_month <= 12 THEN 'Up to 12 months'
                WHEN duration_in_month <= 24 THEN '13 to 24 months'
                WHEN duration_in_month <= 36 THEN '25 to 36 months'
                ELSE 'Over 36 months' END AS duration,
           CASE present_employment_since
               WHEN 'unemployed' THEN 'Unemployed'
               WHEN '... < 1 year' THEN 'Under 1 year'
               WHEN '1 <= ... < 4 years' THEN '1 to 3 years'
               WHEN '4 <= ... < 7 years' THEN '4 to 6 years'
               ELSE '7 years or more' END AS employment,
           upper(purpose[1]) || purpose[2:] AS purpose,
           upper(housing[1]) || housing[2:] AS housing,
           duration_in_month AS duration_in_months,
           CASE credit_history
               WHEN 'critical account/ other credits existing (not at this bank)'
                   THEN 'Critical account or credits elsewhere'
               WHEN 'existing credits paid back duly till now'
                   THEN 'Existing credits paid back duly'
               WHEN 'delay in paying off in the past' THEN 'Delays in the past'
               WHEN 'all credits at this bank paid back duly'
                   THEN 'All credits at this bank paid back duly'
               ELSE 'No credits or all paid back duly' END AS credit_history,
           CASE property
               WHEN 'real estate' THEN 'Real estate'
               WHEN 'building society savings agreement/ life insurance'
                   THEN 'Building savings or life insurance'
               WHEN 'unknown / no property' THEN 'None or unknown'
               ELSE 'Car or other' END AS property,
           age_in_years,
           installment_rate_in_percentage_of_disposable_income AS installment_rate_class,
           upper(other_installment_plans[1]) || other_installment_plans[2:]
               AS other_installment_plans,
           upper(other_debtors_or_guarantors[1]) || other_debtors_or_guarantors[2:]
               AS other_debtors_or_guarantors,
           number_of_existing_credits_at_this_bank AS number_of_existing_credits,
           CASE job
               WHEN 'skilled employee / official' THEN 'Skilled employee or official'
               WHEN 'unskilled - resident' THEN 'Unskilled'
               WHEN 'unemployed/ unskilled - non-resident' THEN 'Unemployed or not resident'
               ELSE 'Management or self-employed' END AS job,
           number_of_people_being_liable_to_provide_maintenance_for AS number_of_dependants,
           present_residence_since AS residence_class,
           CASE telephone WHEN 'none' THEN 'None' ELSE 'Registered' END AS telephone,
           upper(personal_status_and_sex[1]) || personal_status_and_sex[2:]
               AS personal_status_and_sex,
           foreign_worker
    FROM read_csv($file, header = true)
    ORDER BY account_id
"""

GERMAN_SEGMENTS: list[dict[str, Any]] = [
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
    {"column": "purpose", "title": "Purpose"},
    {"column": "housing", "title": "Housing", "order": ["Own", "Rent", "For free"]},
]

GERMAN_VARIABLES = (
    "checking_account",
    "savings",
    "employment",
    "purpose",
    "housing",
    "exposure",
    "duration_in_months",
    "credit_history",
    "property",
    "age_in_years",
    "installment_rate_class",
    "other_installment_plans",
    "other_debtors_or_guarantors",
    "number_of_existing_credits",
    "job",
    "number_of_dependants",
    "residence_class",
    "telephone",
)

# Exposure is the balance of the latest bill; a balance in the customer's favour is no exposure.
TAIWAN_ACCOUNTS = """
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
           BILL_AMT1 AS bill_amount,
           round(BILL_AMT1 / LIMIT_BAL, 4) AS bill_to_limit
    FROM read_csv($file, header = true)
    ORDER BY account_id
"""

TAIWAN_SEGMENTS: list[dict[str, Any]] = [
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

TAIWAN_VARIABLES = ("education", "credit_limit", "bill_amount", "bill_to_limit")
