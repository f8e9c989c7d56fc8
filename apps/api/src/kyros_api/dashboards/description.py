"""What the OpenAPI document says of rows and views that FastAPI cannot read off their endpoints."""

from __future__ import annotations

from typing import Any

from kyros_api.dashboards.formats.negotiation import Format

_ETAG = {"ETag": {"$ref": "#/components/headers/ETag"}}
_ROWS = {
    "Content-Disposition": {
        "description": "A name for the file; with CSV and Arrow.",
        "schema": {"type": "string"},
        "example": 'attachment; filename="risk-analysis.csv"',
    },
    "X-Total-Count": {
        "description": "How many rows match in all; with CSV and Arrow.",
        "schema": {"type": "integer", "minimum": 0},
        "example": 7951,
    },
}
_KNOWN = {"description": "The caller has this answer already; there is no body.", "headers": _ETAG}

IF_NONE_MATCH: dict[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` of an answer that one has: 304 while it is still good.",
    "schema": {"type": "string"},
    "example": '"57a6f57e5a0ccc79552e054ea59b0757"',
}
VIEW_ANSWERS: dict[int | str, dict[str, Any]] = {200: {"headers": _ETAG}, 304: _KNOWN}
ROW_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": _ETAG | _ROWS,
        "content": {
            Format.CSV.media_type: {"schema": {"type": "string"}},
            Format.ARROW.media_type: {
                "schema": {"contentMediaType": Format.ARROW.media_type},
            },
        },
    },
    304: _KNOWN,
}
