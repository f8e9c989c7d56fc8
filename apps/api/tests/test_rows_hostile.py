"""Whatever is asked of rows, the answer is rows or a refusal that helps: never a fault of ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes

import pytest
from api_stage import ACME, bearer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyros_api.dashboards.formats.negotiation import Format
from kyros_api.dashboards.schemas import RowQuery

if TYPE_CHECKING:
    from api_stage import Stage
    from httpx2 import Response

URL = "/api/dashboards/risk-analysis/data"
PARAMETERS = list(RowQuery.model_fields)
FORMATS = [item.media_type for item in Format]
COLUMNS = ["account_id", "exposure", "defaulted", "housing", "age_in_years"]

# Any text that Python can hold, halves of surrogate pairs as well, and bytes that are no text.
anything = st.binary(max_size=40) | st.text(st.characters(exclude_categories=()), max_size=40).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)
names = st.sampled_from([*COLUMNS, "nope", "", "-", "*", '"', "rowid", "file_row_number", "1"])
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=10)
    | st.sampled_from(
        ["1", "2024-02-30", "0000-01-01", "9999999-01-01", "infinity", "NaN", "$limit"]
    )
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=12,
)
operators = st.sampled_from(["gte", "gt", "lte", "lt", "ne", "contains", "eq", "in", ""])
filters = st.dictionaries(
    names, scalars | st.dictionaries(operators, documents, max_size=2) | documents, max_size=3
)
lists = st.lists(st.tuples(st.sampled_from(["", "-", "--", " ", "+"]), names), max_size=4).map(
    lambda items: ",".join(sign + name for sign, name in items).encode()
)
numbers = (
    st.integers()
    | st.sampled_from([0, 1, 1000, 1001, 10**6, 2**31, 2**63, 10**400])
    | st.sampled_from(["", " 5 ", "5.0", "1e3", "0x10", "٣", "1_0", "NaN", "-0", "+1", "5;6", "[]"])
).map(lambda value: str(value).encode())
values = {
    "filters": (filters | documents).map(lambda found: json.dumps(found).encode()),
    "columns": lists,
    "sort": lists,
    "limit": numbers,
    "offset": numbers,
}
likely = st.sampled_from(PARAMETERS).flatmap(
    lambda name: st.tuples(st.just(name.encode()), values[name] | anything)
)
queries = st.lists(likely | st.tuples(anything, anything), max_size=4)
accepts = st.sampled_from([*FORMATS, "*/*", "text/*;q=0.5", "image/png"]) | st.text(
    st.characters(min_codepoint=32, max_codepoint=126), max_size=60
)


@pytest.fixture
def header(stage: Stage) -> dict[str, str]:
    """Return the header of a viewer of Acme."""
    return bearer(stage.tenant_token("analyst@acme.com", ACME))


def check(answer: Response) -> None:
    """Hold an answer to what a client relies on."""
    if answer.status_code == 200:
        kind = answer.headers["Content-Type"].partition(";")[0]
        assert kind in FORMATS
        if kind == Format.JSON.media_type:
            body = answer.json()
            assert ["tenant_id", "dashboard_slug", "total", "data"] == list(body)
            assert ACME == body["tenant_id"]
            assert len(body["data"]) <= body["total"] <= 1000
        return
    assert answer.status_code in {400, 406}, answer.text
    error = answer.json()["error"]
    assert {"code", "message", "details", "timestamp", "request_id"} == error.keys()
    assert error["code"] in {"INVALID_REQUEST", "NOT_ACCEPTABLE"}
    assert error["message"]


class TestHostile:
    """GET /api/dashboards/{slug}/data, asked anything."""

    @settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(query=queries, accept=accepts)
    def test_anything(
        self, stage: Stage, header: dict[str, str], query: list[tuple[bytes, bytes]], accept: str
    ) -> None:
        """It answers with rows, or says what is wrong in the one form."""
        text = "&".join(
            f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in query
        )
        headers = {**header, "Accept": accept}
        check(stage.client.get(f"{URL}?{text}", headers=headers))

    @settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(wanted=filters)
    def test_filters(self, stage: Stage, header: dict[str, str], wanted: dict[str, Any]) -> None:
        """Filters that are nearly right, or right, are as harmless."""
        params = {"filters": json.dumps(wanted), "columns": "account_id"}
        check(stage.client.get(URL, headers=header, params=params))


class TestRefusals:
    """What is not allowed, one by one: each says what would be."""

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ({"columns": "nope"}, "There is no column 'nope'."),
            ({"columns": 'account_id" FROM x --'}, "There is no column 'account_id\" FROM x --'."),
            ({"columns": "housing,,exposure"}, "There is no column ''."),
            ({"columns": "housing, housing"}, "`columns` names column 'housing' twice."),
            ({"columns": "HOUSING"}, "There is no column 'HOUSING'."),
            ({"sort": "nope"}, "There is no column 'nope'."),
            ({"sort": "--exposure"}, "There is no column '-exposure'."),
            ({"sort": "exposure,-exposure"}, "`sort` names column 'exposure' twice."),
            ({"filters": "{"}, "`filters` is not JSON."),
            ({"filters": "[" * 3000}, "`filters` is not JSON."),
            ({"filters": "[]"}, "`filters` must be a JSON object."),
            ({"filters": "null"}, "`filters` must be a JSON object."),
            ({"filters": '{"nope": 1}'}, "There is no column 'nope'."),
            (
                {"filters": '{"housing": "own", "housing": "rent"}'},
                "`filters` has a name twice in one object.",
            ),
            ({"filters": '{"housing": {}}'}, "The filter on 'housing' is empty."),
            ({"filters": '{"housing": {"like": "o%"}}'}, "There is no filter 'like'."),
            ({"filters": '{"housing": 7}'}, "A value for column 'housing' must be a string."),
            (
                {"filters": '{"housing": [["own"]]}'},
                "A value for column 'housing' must be a string.",
            ),
            (
                {"filters": '{"housing": "\\ud800"}'},
                "A value for column 'housing' must be a string.",
            ),
            (
                {"filters": '{"housing": {"gte": null}}'},
                "A value for column 'housing' must be a string.",
            ),
            *(
                (
                    {"filters": f'{{"age_in_years": {value}}}'},
                    "A value for column 'age_in_years' must be a whole number of 64 bits.",
                )
                for value in ("2.5", "true", '"35"', 2**63, -(2**63) - 1, "1e30", "NaN", "1e400")
            ),
            *(
                (
                    {"filters": f'{{"exposure": {value}}}'},
                    "A value for column 'exposure' must be a number.",
                )
                for value in ("false", '"1"', "Infinity", "-1e400", 10**400)
            ),
            (
                {"filters": '{"defaulted": 1}'},
                "A value for column 'defaulted' must be true or false.",
            ),
        ],
    )
    def test_message(
        self, stage: Stage, header: dict[str, str], query: dict[str, str], message: str
    ) -> None:
        """The sentence says what is wrong."""
        answer = stage.client.get(URL, headers=header, params=query)
        error = answer.json()["error"]
        assert (400, "INVALID_REQUEST", message) == (
            answer.status_code,
            error["code"],
            error["message"],
        )

    @pytest.mark.parametrize("date", ["yesterday", "19970101", "1997-W01-1", "1997-02-30", ""])
    def test_dates(self, stage: Stage, header: dict[str, str], date: str) -> None:
        """A date is written in one way."""
        wanted = json.dumps({"first_purchase": date})
        answer = stage.client.get(
            "/api/dashboards/customer-lifetime-value/data",
            headers=header,
            params={"filters": wanted},
        )
        expected = "A value for column 'first_purchase' must be a date, YYYY-MM-DD."
        assert (400, expected) == (answer.status_code, answer.json()["error"]["message"])

    def test_names_are_named(self, stage: Stage, header: dict[str, str]) -> None:
        """The names that are allowed are in the details, for columns, filters and parameters."""

        def details(query: str) -> Any:  # noqa: ANN401 - of an error
            return stage.client.get(f"{URL}?{query}", headers=header).json()["error"]["details"]

        assert {"account_id", "exposure"} <= set(details("columns=nope")["allowed"])
        operators = ["gte", "lte", "gt", "lt", "ne", "contains"]
        assert operators == details('filters={"housing":{"like":1}}')["allowed"]
        expected = "There is no parameter 'tenant_id'; there are " + ", ".join(PARAMETERS) + "."
        assert [{"where": "query", "problem": expected}] == details("tenant_id=x")

    def test_whole_numbers(self, stage: Stage, header: dict[str, str]) -> None:
        """2.0 is the whole number 2, as JSON has it, up to the last of 64 bits."""

        def total(wanted: str) -> int:
            params = {"filters": f'{{"age_in_years": {wanted}}}'}
            return int(stage.client.get(URL, headers=header, params=params).json()["total"])

        assert total("35") == total("35.0") == total("3.5e1") > 0
        assert 1000 == total(f'{{"gte": {-(2**63)}, "lte": {2**63 - 1}}}')
