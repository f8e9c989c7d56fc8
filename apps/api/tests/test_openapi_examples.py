"""The examples of the OpenAPI document, held to what the demo answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, bearer

from kyros_api.app import describe
from kyros_api.auth.passwords import hash_password
from kyros_api.openapi.examples import EXAMPLES
from kyros_api.tokens.standard import FORM

if TYPE_CHECKING:
    from api_stage import Stage
    from httpx2 import Response

ADMIN = "admin@acme.com"
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in describe()["paths"].items()
    for method, operation in methods.items()
}
# What is new each time, or depends on what was done before: only its type is looked at.
CHANGING = {"access_token", "at", "created_at", "data_version", "loaded_at", "timestamp"}
OF_THE_LOG = {"id", "next_before", "request_id", "total"}


def agrees(shown: object, real: object, changing: set[str]) -> bool:
    """Say whether an example is true: the same names and values, of a list the first items."""
    if isinstance(shown, dict) and isinstance(real, dict):
        return shown.keys() == real.keys() and all(
            type(value) is type(real[name])
            if name in changing
            else agrees(value, real[name], changing)
            for name, value in shown.items()
        )
    if isinstance(shown, list) and isinstance(real, list):
        enough = bool(shown) == bool(real) and len(shown) <= len(real)
        return enough and all(agrees(*pair, changing) for pair in zip(shown, real, strict=False))
    if isinstance(shown, float):
        return bool(real == pytest.approx(shown, rel=1e-9))
    return bool(shown == real)


def ask(stage: Stage, name: str, accept: str = "application/json") -> Response:
    """Send the request that an example shows, with a token of one who may."""
    method, path, operation = OPERATIONS[name]
    example = EXAMPLES[name]
    in_path = {key: value for key, value in example.given.items() if f"{{{key}}}" in path}
    query = {key: value for key, value in example.given.items() if key not in in_path}
    query |= query.pop("parameters", {})
    body = {**(example.body or {})}
    if "subject_token" in body:
        body["subject_token"] = stage.user_token(ADMIN)
    kinds = [kind for scheme in operation["security"] for kind in scheme]
    tokens = {"userToken": stage.user_token(ADMIN), "tenantToken": stage.tenant_token(ADMIN, ACME)}
    is_form = FORM in operation.get("requestBody", {}).get("content", {})
    return stage.client.request(
        method,
        path.format(**in_path),
        params=query,
        headers={"Accept": accept} | (bearer(tokens[kinds[0]]) if kinds else {}),
        data=body if is_form else None,
        json=None if is_form or not body else body,
    )


def give_password(stage: Stage, email: str, password: str) -> None:
    """Give somebody of the demo a password."""
    stage.database.execute(
        "UPDATE users SET password_hash = :hash WHERE email = :email",
        hash=hash_password(password),
        email=email,
    )


@pytest.mark.parametrize("name", OPERATIONS)
def test_example_is_true(stage: Stage, name: str) -> None:
    """Whoever sends what is shown is answered what is shown."""
    if name == "signIn":
        give_password(stage, **(EXAMPLES[name].body or {}))
    answer = ask(stage, name)
    assert 200 == answer.status_code, answer.text
    changing = CHANGING | (OF_THE_LOG if name == "listAuditEvents" else set())
    assert agrees(EXAMPLES[name].answer, answer.json(), changing), answer.text


@pytest.mark.parametrize("name", [name for name in EXAMPLES if EXAMPLES[name].csv])
def test_csv_example_is_true(stage: Stage, name: str) -> None:
    """The same in CSV, to the letter."""
    assert EXAMPLES[name].csv == ask(stage, name, "text/csv").text


def test_a_false_example_is_found() -> None:
    """The comparison sees another value, name, order or length."""
    real = {"a": [1, 2], "b": {"c": 0.1}, "at": "x"}
    assert agrees({"a": [1], "b": {"c": 0.1}, "at": "y"}, real, CHANGING)
    for false in (
        {**real, "a": [2]},
        {**real, "a": []},
        {**real, "a": [1, 2, 3]},
        {**real, "b": {}},
        {**real, "b": {"c": 0.11}},
        {**real, "at": 7},
    ):
        assert not agrees(false, real, CHANGING)
