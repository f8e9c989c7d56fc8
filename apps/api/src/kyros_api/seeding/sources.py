"""The public data sets in ``data/source/``, and how each becomes a dashboard's input table.

Where they come from, what their columns mean and under which licence: ``data/source/README.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kyros_api.seeding import risk_sources

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

GERMAN_CREDIT = Source(
    title="German credit",
    file="german_credit.csv",
    sha256="2c0bae00275c028fc853a1ea72cc7a68002c3f6876c41300c5c948711540c8c6",
    sql=risk_sources.GERMAN_ACCOUNTS,
    segments=risk_sources.GERMAN_SEGMENTS,
    variables=risk_sources.GERMAN_VARIABLES,
)

TAIWAN_CREDIT_CARD = Source(
    title="Taiwan cards",
    file="taiwan_credit_card.csv",
    sha256="7d4221fded1651b03f821921e680c001e1c0e40e68de941c159e37de01532878",
    sql=risk_sources.TAIWAN_ACCOUNTS,
    segments=risk_sources.TAIWAN_SEGMENTS,
    variables=risk_sources.TAIWAN_VARIABLES,
)
