"""What a caller may choose of a view, by each kind of parameter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from kyros_api.dashboards.access import DashboardAccess
from kyros_api.dashboards.cache import Subject
from kyros_api.dashboards.catalogue.specification import (
    Choice,
    DashboardData,
    Example,
    Number,
    OneOf,
    Part,
    Segment,
    Text,
    View,
)
from kyros_api.dashboards.views import render_view
from kyros_api.errors import BadRequestError
from kyros_api.storage.tenant_data import TenantData

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kyros_api.dashboards.catalogue.specification import Parameter

TENANT, SLUG, VERSION = "t1", "loans", "v1"
TABLES = {
    "loans": """
        SELECT * FROM (VALUES ('a', 'Own', 'North', 1e1), ('b', 'Own', 'So"uth', 2e1),
                              ('c', 'Rent', 'North', 4e1)) AS loans(id, "hou""se", region, amount)
    """,
    "segments": """
        SELECT * FROM (VALUES (1, 'region', 'So"uth', 0), (1, 'region', 'North', 1),
                              (2, 'hou"se', 'Own', 0), (2, 'hou"se', 'Rent', 1))
            AS segments(position, "column", value, value_position)
    """,
}
SQL = """
    SELECT {by} AS part, sum(amount * coalesce($times, 1)) AS amount
    FROM read_parquet($loans)
    WHERE {only} AND ($id IS NULL OR id = $id) AND amount >= $above AND amount < $limit
    GROUP BY ALL ORDER BY part
"""
PARAMETERS: dict[str, Parameter] = {
    "by": Segment(),
    "only": Part(),
    "id": Choice("SELECT id FROM read_parquet($loans)"),
    "above": OneOf((0, 20), "The least amount.", 0),
    "times": Number(0.5, 3, "What amounts are multiplied by."),
}


@pytest.fixture
def access(tmp_path: Path) -> Iterator[DashboardAccess]:
    """Open a dashboard of three loans."""
    folder = tmp_path / "tenants" / TENANT / SLUG / VERSION
    folder.mkdir(parents=True)
    with duckdb.connect(":memory:") as database:
        for name, sql in TABLES.items():
            database.sql(sql).write_parquet(str(folder / f"{name}.parquet"))
    view = View("Amounts", SQL, Example({}), PARAMETERS, {"limit": "limits.most"})
    loan = View(
        "One loan",
        "SELECT amount FROM read_parquet($loans) WHERE id = $loan",
        Example({}),
        {"loan": Text("The loan.", longest=5)},
    )
    views = {"amounts": view, "loan": loan}
    specification = DashboardData(SLUG, SLUG, SLUG, {}, "loans", "id", views, tuple(TABLES))
    config = '{"limits": {"most": 1}}, {"limits": {"most": 30}}'
    data = TenantData(tmp_path)
    yield DashboardAccess(SLUG, specification, Subject(TENANT, SLUG, VERSION, config), data)
    data.close()


def ask(access: DashboardAccess, view: str = "amounts", **given: str) -> dict[str, list[Any]]:
    """Return a view's columns."""
    return dict(json.loads(render_view(access, view, given))["columns"])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"North": 10, 'So"uth': 20}),
        ({"by": 'hou"se'}, {"Own": 30}),
        ({"only": 'region:So"uth'}, {'So"uth': 20}),
        ({"only": 'hou"se:Own', "by": 'hou"se'}, {"Own": 30}),
        ({"id": "a"}, {"North": 10}),
        ({"above": "20"}, {'So"uth': 20}),
        ({"times": "0.5"}, {"North": 5, 'So"uth': 10}),
        ({"times": "3e0", "only": "region:North"}, {"North": 30}),
    ],
)
def test_chosen(access: DashboardAccess, given: dict[str, str], expected: dict[str, float]) -> None:
    """Each kind does what it says, alone and with others; settings of the tenant count."""
    columns = ask(access, **given)
    assert expected == dict(zip(columns["part"], columns["amount"], strict=True))


@pytest.mark.parametrize(
    ("name", "value", "details"),
    [
        ("by", "amount", {"allowed": ["region", 'hou"se']}),
        ("by", "", {"allowed": ["region", 'hou"se']}),
        ("only", "amount:10", {"allowed": ["region", 'hou"se']}),
        ("only", "region", {"allowed": ['So"uth', "North"]}),
        ("only", "region:' OR true --", {"allowed": ['So"uth', "North"]}),
        ("id", "z", {"allowed": ["a", "b", "c"]}),
        ("above", "10", {"allowed": ["0", "20"]}),
        ("above", "020", {"allowed": ["0", "20"]}),
        ("nope", "1", {"allowed": sorted(PARAMETERS)}),
        *(
            ("times", value, {"minimum": 0.5, "maximum": 3})
            for value in ("", "0.4", "3.01", "nan", "inf", "1e400", "1_0", " 1", "0x1", "١", "--1")  # noqa: RUF001
        ),
    ],
)
def test_refused(
    access: DashboardAccess, name: str, value: str, details: dict[str, list[str]]
) -> None:
    """What is not allowed is refused, and what is allowed is named."""
    with pytest.raises(BadRequestError) as refusal:
        ask(access, **{name: value})
    assert ("INVALID_REQUEST", details) == (refusal.value.code, refusal.value.details)


@pytest.mark.parametrize(
    ("loan", "expected"), [("b", [20]), ("B", []), ("'--", []), ("\0", []), ("é😀", [])]
)
def test_text(access: DashboardAccess, loan: str, expected: list[float]) -> None:
    """A text is bound as it is."""
    assert expected == ask(access, "loan", loan=loan)["amount"]


@pytest.mark.parametrize("given", [{}, {"loan": ""}, {"loan": "abcdef"}])
def test_text_of_the_wrong_length(access: DashboardAccess, given: dict[str, str]) -> None:
    """A text must be there, and no longer than it may be."""
    with pytest.raises(BadRequestError, match="must be a text of 1 to 5 characters"):
        ask(access, "loan", **given)
