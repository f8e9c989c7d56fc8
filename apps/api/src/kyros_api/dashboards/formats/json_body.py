"""Rows as JSON, one object a row, written by DuckDB: Python's values are never made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kyros_api.storage.tenant_data import quote

if TYPE_CHECKING:
    from kyros_api.dashboards.rows import RowPlan


def render_json(plan: RowPlan) -> bytes:
    """Return the whole answer: whose rows, how many match, and the page."""
    fields = ", ".join(
        f"{quote(name)} := {value(name, kind)}" for name, kind in plan.columns.items()
    )
    sql = f"SELECT to_json(struct_pack({fields}))::VARCHAR FROM ({plan.page})"  # noqa: S608 - names are quoted
    page = [row[0] for row in plan.folder.query(sql, plan.values).rows]
    head = {
        "tenant_id": plan.tenant_id,
        "dashboard_slug": plan.dashboard_slug,
        "total": plan.total(len(page)),
    }
    return f'{json.dumps(head)[:-1]}, "data": [{",".join(page)}]}}'.encode()


def value(name: str, kind: str) -> str:
    """Return the SQL of a column's value as JSON and CSV write it: times by ISO 8601."""
    column = quote(name)
    return f"replace({column}::VARCHAR, ' ', 'T')" if kind == "TIMESTAMP" else column
