"""Rows in three formats: how one is chosen, and that all say the same."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, bearer
from arro3.io import read_ipc_stream

from kyros_api.dashboards.formats.negotiation import Format, negotiate
from kyros_api.errors import NotAcceptableError

if TYPE_CHECKING:
    from api_stage import Stage
    from httpx2 import Response

URL = "/api/dashboards/customer-lifetime-value/data"


class TestNegotiation:
    """Which format an ``Accept`` header gets."""

    @pytest.mark.parametrize(
        ("accept", "expected"),
        [
            (None, Format.JSON),
            ("", Format.JSON),
            ("*/*", Format.JSON),
            ("*", Format.JSON),
            ("application/*", Format.JSON),
            ("text/html, application/xhtml+xml, */*;q=0.8", Format.JSON),
            ("application/json", Format.JSON),
            ("Application/JSON; charset=utf-8", Format.JSON),
            ("text/csv", Format.CSV),
            ("text/*", Format.CSV),
            ("text/csv, */*", Format.CSV),
            ("text/csv;q=0.5, application/json;q=0.4", Format.CSV),
            ("text/csv;q=0.5, application/json", Format.JSON),
            ("application/json;q=0, text/csv;q=0.1", Format.CSV),
            ("application/json;q=0, text/csv;q=0, */*", Format.ARROW),
            ("application/json;q=0.1, application/*", Format.ARROW),
            ("application/vnd.apache.arrow.stream", Format.ARROW),
        ],
    )
    def test_chosen(self, accept: str | None, expected: Format) -> None:
        """What is wanted most is chosen, by the most specific part that speaks of it."""
        assert expected is negotiate(accept)

    @pytest.mark.parametrize(
        "accept",
        [
            "text/html",
            "application/xml, image/*",
            "text/csv;q=0",
            "*/*;q=0",
            "csv",
            "/",
            "text/csv/x",
            ",",
            "application/json" + " " * 2000,
            "application/json" + ";" * 60_000,
        ],
    )
    def test_none(self, accept: str) -> None:
        """What names none of the formats, or cannot be read, is told their names."""
        with pytest.raises(NotAcceptableError) as caught:
            negotiate(accept)
        allowed = ["application/json", "application/vnd.apache.arrow.stream", "text/csv"]
        assert {"allowed": allowed} == caught.value.details


class TestAnswers:
    """GET /api/dashboards/{slug}/data, by ``Accept``."""

    @pytest.fixture(autouse=True)
    def _client(self, stage: Stage) -> None:
        self.stage = stage
        self.token = stage.tenant_token("analyst@acme.com", ACME)

    def ask(self, form: str, **query: str | int) -> Response:
        """Ask for customers in a format."""
        headers = {**bearer(self.token), "Accept": form}
        return self.stage.client.get(URL, headers=headers, params=query)

    def test_not_acceptable(self) -> None:
        """A format that there is not is a 406 in the one error form."""
        answer = self.ask("text/html")
        assert (406, "NOT_ACCEPTABLE") == (answer.status_code, answer.json()["error"]["code"])

    def test_json(self) -> None:
        """JSON has exactly these parts."""
        answer = self.ask("*/*", limit=1, columns="customer_id,first_purchase,orders,total_spend")
        expected = {
            "tenant_id": ACME,
            "dashboard_slug": "customer-lifetime-value",
            "total": 23570,
            "data": [
                {
                    "customer_id": "00001",
                    "first_purchase": "1997-01-01",
                    "orders": 1,
                    "total_spend": 11.77,
                }
            ],
        }
        assert expected == answer.json()
        assert ("application/json", "Accept") == (
            answer.headers["Content-Type"],
            answer.headers["Vary"],
        )

    def test_csv(self) -> None:
        """CSV is a file to keep, with a header and the number of all rows that match."""
        answer = self.ask("text/csv", limit=2, columns="customer_id,first_purchase,total_spend")
        lines = (
            '"customer_id","first_purchase","total_spend"\r\n'
            '"00001",1997-01-01,11.77\r\n"00002",1997-01-12,89.0\r\n'
        )
        assert lines == answer.text
        assert {
            "content-type": "text/csv; charset=utf-8; header=present",
            "content-disposition": 'attachment; filename="customer-lifetime-value.csv"',
            "x-total-count": "23570",
            "vary": "Accept",
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        }.items() <= answer.headers.items()

    def test_arrow(self) -> None:
        """Arrow has each column in its own type."""
        columns = (
            "customer_id,cohort,first_purchase,last_purchase,orders,quantity,total_spend,"
            "average_order_value,frequency,p_alive,value_52_10"
        )
        answer = self.ask(Format.ARROW.media_type, limit=2, columns=columns)
        table = read_ipc_stream(io.BytesIO(answer.content)).read_all()
        types = {
            name: str(table.schema.field(name).type).split("<")[1].strip(">\n")
            for name in table.column_names
        }
        assert {
            "customer_id": "Utf8",
            "cohort": "Utf8",
            "first_purchase": "Date32",
            "last_purchase": "Date32",
            "orders": "Int64",
            "quantity": "Int64",
            "total_spend": "Float64",
            "average_order_value": "Float64",
            "frequency": "Int32",
            "p_alive": "Float64",
            "value_52_10": "Float64",
        } == types
        assert (2, "23570") == (table.num_rows, answer.headers["X-Total-Count"])
        assert Format.ARROW.media_type == answer.headers["Content-Type"]

    @pytest.mark.parametrize("form", [Format.CSV, Format.ARROW])
    def test_more_than_json_holds(self, form: Format) -> None:
        """What JSON refuses for its size, and says where to get, comes whole in the others."""
        refusal = self.ask("application/json", limit=1001)
        assert 400 == refusal.status_code
        assert form.media_type in refusal.json()["error"]["message"]
        answer = self.ask(form.media_type, limit=30_000)
        rows = (
            len(list(csv.reader(io.StringIO(answer.text, newline="")))) - 1
            if form is Format.CSV
            else read_ipc_stream(io.BytesIO(answer.content)).read_all().num_rows
        )
        assert 23570 == rows

    @pytest.mark.parametrize("form", [item.media_type for item in Format])
    def test_nothing_matches(self, form: str) -> None:
        """No rows are an empty table, with its columns."""
        answer = self.ask(form, filters='{"customer_id": []}', columns="orders")
        assert 200 == answer.status_code
        if form == "text/csv":
            assert '"orders"\r\n' == answer.text
        elif form == "application/json":
            assert (0, []) == (answer.json()["total"], answer.json()["data"])
        else:
            table = read_ipc_stream(io.BytesIO(answer.content)).read_all()
            assert (["orders"], 0) == (table.column_names, table.num_rows)
