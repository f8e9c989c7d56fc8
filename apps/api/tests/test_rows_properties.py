"""Rows held against plain Python: whatever is asked, all three formats say what it says."""

from __future__ import annotations

import csv
import io
import json
import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest
from arro3.io import read_ipc_stream
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rows_reference import (
    DAY,
    MOMENT,
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    Sample,
    answer,
    harmless,
    is_formula,
    meant,
    open_sample,
    to_json,
)
from rows_sample import TEXTS, make_sample, write_sample

from kyros_api.dashboards.formats.arrow_stream import arrow_chunks
from kyros_api.dashboards.formats.csv_lines import csv_chunks
from kyros_api.dashboards.formats.json_body import render_json
from kyros_api.dashboards.formats.negotiation import Format
from kyros_api.dashboards.rows import RowPlan, plan_rows
from kyros_api.dashboards.schemas import RowQuery
from kyros_api.storage.tenant_data import TenantData

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from rows_reference import Row

    from kyros_api.storage.tenant_data import Reader

    Query = dict[str, Any]

ARBITRARY: dict[str, st.SearchStrategy[Any]] = {
    TEXT: st.text(max_size=5) | st.sampled_from(TEXTS[:-12]),
    WHOLE: st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3).map(float),
    NUMBER: st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**70), 2**70),
    TRUTH: st.booleans(),
    DAY: st.dates().map(to_json),
    MOMENT: st.datetimes().map(to_json),
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TenantData]:
    """Return a data folder for made-up tables."""
    folder = tmp_path_factory.mktemp("rows")
    (folder / "tenants").mkdir()
    made = TenantData(folder)
    yield made
    made.close()


@pytest.fixture(scope="module")
def everything(data: TenantData) -> Sample:
    """Return the table of everything that goes wrong in tables."""
    return make_sample(data)


@pytest.fixture(scope="module", params=["customers", "accounts"])
def demo(seeded: Path, request: pytest.FixtureRequest) -> Iterator[Sample]:
    """Return the rows of each demo dashboard."""
    keys = {"customers": "customer_id", "accounts": "account_id"}
    demo_data = TenantData(seeded)
    path = max(demo_data.root.rglob(f"{request.param}.parquet"))
    yield open_sample(demo_data, path, keys[request.param])
    demo_data.close()


@lru_cache
def queries(sample: Sample) -> st.SearchStrategy[Query]:
    """Return questions about a table, most of which some rows answer."""
    names = st.sampled_from(list(sample.kinds))
    on = {name: filter_on(sample, name) for name in sample.kinds}
    filters = st.lists(names, unique=True, max_size=3).flatmap(
        lambda chosen: st.fixed_dictionaries({name: on[name] for name in chosen})
    )
    return st.fixed_dictionaries(
        {
            "filters": filters,
            "columns": st.lists(names, unique=True, max_size=5),
            "sort": st.lists(
                st.tuples(names, st.booleans()), unique_by=lambda item: item[0], max_size=3
            ),
            "limit": st.integers(1, 1000) | st.integers(1, 5),
            "offset": evenly(st.just(0), st.integers(0, 20), st.integers(0, 2**31)),
        }
    )


def filter_on(sample: Sample, name: str) -> st.SearchStrategy[Any]:
    """Return filters on a column, with values that it has and others."""
    there = sorted({str(row[name]): row[name] for row in sample.rows[:200]}.items())
    known = [to_json(value) for text, value in there if value is not None and len(text) < 300]
    arbitrary = ARBITRARY[sample.kinds[name]]
    value = (
        evenly(st.sampled_from(known), st.sampled_from(known), arbitrary) if known else arbitrary
    )
    maybe = evenly(value, value, st.none())
    bound = st.sampled_from(["gte", "gt", "lte", "lt"])
    searched = value.map(lambda text: {"contains": text[len(text) // 3 :][:4].swapcase()})
    searches = [searched] if sample.kinds[name] == TEXT else []
    return evenly(
        *searches,
        maybe,
        st.lists(maybe, max_size=4),
        maybe.map(lambda item: {"ne": item}),
        st.dictionaries(bound, value, min_size=1, max_size=1),
        st.dictionaries(bound, value, min_size=2, max_size=2),
    )


def evenly(*strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return one of the strategies; Hypothesis' own union would weigh the parts of their parts."""
    return st.sampled_from(strategies).flatmap(lambda strategy: strategy)


def ask(sample: Sample, query: Query, form: Format = Format.JSON) -> RowPlan:
    """Put a question as a caller does."""
    asked = RowQuery(
        filters=json.dumps(query["filters"]),
        columns=",".join(query["columns"]),
        sort=",".join(f"{'-' * descending}{name}" for name, descending in query["sort"]),
        limit=query["limit"],
        offset=query["offset"],
    )
    return plan_rows(sample.dashboard, asked, form)


def whole(plan: RowPlan, chunks: Callable[[RowPlan, Reader], Generator[bytes]]) -> bytes:
    """Return all chunks of a format."""
    reader = plan.folder.reader()
    try:
        return b"".join(chunks(plan, reader))
    finally:
        reader.close()


def from_json(body: dict[str, Any], kinds: dict[str, str]) -> list[Row]:
    """Return the rows that JSON says."""
    return [
        {name: None if value is None else meant(value, kinds[name]) for name, value in row.items()}
        for row in body["data"]
    ]


def comparable(rows: list[Row], kinds: dict[str, str]) -> list[Row]:
    """Return rows with floats for decimals, which JSON and CSV do not tell apart."""
    return [
        {
            name: float(value) if value is not None and kinds[name] == NUMBER else value
            for name, value in row.items()
        }
        for row in rows
    ]


def check_formats(sample: Sample, query: Query) -> None:
    """Hold the three formats against the reference."""
    total, rows = answer(sample, query)
    plan = ask(sample, query)
    body = json.loads(render_json(plan))
    expected = comparable(rows, sample.kinds)
    assert (total, expected) == (body["total"], from_json(body, sample.kinds))
    assert [list(row) for row in rows] == [list(row) for row in body["data"]]
    assert total == plan.total()
    check_csv(sample, query, whole(plan, csv_chunks), expected)
    table = read_ipc_stream(io.BytesIO(whole(plan, arrow_chunks))).read_all()
    columns = [table.column(name).to_pylist() for name in table.column_names]
    assert rows == [
        dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True)
    ]


def check_csv(sample: Sample, query: Query, text: bytes, rows: list[Row]) -> None:
    """Hold CSV against the rows, and every cell against a spreadsheet."""
    lines = io.StringIO(text.decode(), newline="")
    header, *cells = csv.reader(lines, strict=True)
    names = query["columns"] or list(sample.kinds)
    assert [harmless(name) for name in names] == header
    assert len(rows) == len(cells)
    for row, line in zip(rows, cells, strict=True):
        for name, cell in zip(names, line, strict=True):
            kind, value = sample.kinds[name], row[name]
            if kind == TEXT:
                assert harmless(value or "") == cell
                assert not is_formula(cell)
            elif value is None:
                assert cell == ""
            elif kind == TRUTH:
                assert str(value).lower() == cell
            else:
                assert value == meant(cell, kind)


class TestReference:
    """All formats, filtered, sorted and paged, against plain Python."""

    @settings(max_examples=250)
    @given(draw=st.data())
    def test_everything(self, everything: Sample, draw: st.DataObject) -> None:
        """A table of everything that goes wrong: missing, not finite, formulas, odd names."""
        check_formats(everything, draw.draw(queries(everything)))

    @settings(max_examples=40, phases=[Phase.generate])  # too many rows for shrinking
    @given(draw=st.data())
    def test_demo(self, demo: Sample, draw: st.DataObject) -> None:
        """The demo's dashboards."""
        check_formats(demo, draw.draw(queries(demo)))

    @settings(max_examples=60)
    @given(
        rows=st.lists(
            st.fixed_dictionaries(
                {
                    "text": st.none() | ARBITRARY[TEXT] | st.text(),
                    "real": st.none() | st.floats(),
                    "=whole": st.none() | st.integers(-(2**63), 2**63 - 1),
                    "day": st.none() | st.dates(),
                }
            ),
            max_size=6,
        )
    )
    def test_any_table(self, data: TenantData, rows: list[Row]) -> None:
        """Whatever a table holds, the formats say it alike."""
        columns = {
            "id": "VARCHAR",
            "text": "VARCHAR",
            "real": "DOUBLE",
            "=whole": "BIGINT",
            "day": "DATE",
        }
        numbered = [{"id": f"{number}", **row} for number, row in enumerate(rows)]
        sample = write_sample(data, uuid.uuid4().hex, columns, numbered)
        all_rows = {"filters": {}, "columns": [], "sort": [], "limit": 100, "offset": 0}
        check_formats(sample, all_rows)
        check_formats(sample, {**all_rows, "columns": ["text"]})


class TestPages:
    """Pages of one question."""

    @settings(max_examples=40)
    @given(draw=st.data(), size=st.integers(1, 60))
    def test_meet(self, everything: Sample, draw: st.DataObject, size: int) -> None:
        """Put together they are the whole, and each says how much that is."""
        query = {**draw.draw(queries(everything)), "offset": 0}
        total, rows = answer(everything, {**query, "limit": 10**6})
        together: list[Row] = []
        for offset in range(0, total + size, size):
            page = ask(everything, {**query, "limit": size, "offset": offset})
            body = json.loads(render_json(page))
            assert total == body["total"]
            together += from_json(body, everything.kinds)
        assert comparable(rows, everything.kinds) == together
