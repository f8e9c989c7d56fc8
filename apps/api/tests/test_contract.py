"""The API against its own description: thousands of requests, made of it and against it.

Schemathesis makes them and knows what may be answered; `schemathesis.toml` says how. Two rules of
the house are checked besides.
"""

from __future__ import annotations

import threading
import time
import tomllib
from collections import Counter, defaultdict
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
import schemathesis
from api_stage import ACME, BETA, SECRET
from schemathesis.engine import events, from_schema
from uvicorn import Config, Server

from kyros_api.app import create_app, describe
from kyros_api.auth.passwords import hash_password
from kyros_api.settings import ApiSettings
from kyros_shared_config import TenantClaims, TokenAuthority, UserClaims

if TYPE_CHECKING:
    from collections.abc import Iterator

    from database_stage import Databases
    from schemathesis.engine.recorder import ScenarioRecorder

SETTINGS = Path(__file__).with_name("schemathesis.toml")
PHASES = {"examples": 40, "coverage": 500, "fuzzing": 1900, "stateful": 600}  # requests at least
PASSWORD = "correct horse battery staple"
PATHS = describe()["paths"]
CHECKS = {
    *("allow_header_conformance", "content_type_conformance", "documented_code", "house_headers"),
    *("ignored_auth", "negative_data_rejection", "not_a_server_error", "positive_data_acceptance"),
    *("response_headers_conformance", "response_schema_conformance", "status_code_conformance"),
    "unsupported_method",
}
LONGEST_ADDRESS = 60_000
ADMIN = {"sub": "d2b6c8e3-4f5a-4b7c-9d0e-1f2a3b4c5d6e", "email": "admin@acme.com"}
SESSIONS: set[str] = set()  # what signs the requests of a run


def user_token() -> str:
    """Return a token of somebody who may do most, of a session of its own."""
    claims = UserClaims(**ADMIN, tenant_ids=[ACME, BETA])
    return TokenAuthority(SECRET).mint_user_token(claims)


@schemathesis.hook
def filter_case(_context: schemathesis.HookContext, case: schemathesis.Case[Any]) -> bool:
    """Leave out what no server reads: an address of more than 64 KiB."""
    return len(urlencode(case.query or {}, doseq=True)) < LONGEST_ADDRESS


@schemathesis.hook
def before_call(
    _context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]
) -> None:
    """Sign out of a session of its own, where it is one that counts: all others need theirs."""
    if case.operation.label != "POST /api/auth/logout":
        return
    own = f"Bearer {user_token()}"
    for headers in (case.headers, kwargs.get("headers")):
        given = (headers or {}).get("Authorization")
        if headers is not None and given in SESSIONS:
            headers["Authorization"] = own


@schemathesis.check
def documented_code(
    _ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """A refusal has a code that the operation's description shows for its status."""
    answer = case.operation.definition.raw["responses"].get(str(response.status_code))
    body = response.json() if "json" in str(response.headers.get("content-type")) else None
    error = body.get("error") if isinstance(body, dict) else None
    code = error["code"] if isinstance(error, dict) else error
    if response.status_code == 405:
        assert code == "METHOD_NOT_ALLOWED"
    elif code is not None and answer is not None:
        shown = answer["content"]["application/json"]["examples"]
        assert code in shown, f"{code} is not documented"


@schemathesis.check
def house_headers(
    _ctx: schemathesis.CheckContext, response: schemathesis.Response, _case: schemathesis.Case[Any]
) -> None:
    """Every answer can be traced, is not kept, and is of no other type than it says."""
    expected = {"x-content-type-options": ["nosniff"], "cache-control": ["no-store"]}
    assert expected == {name: response.headers.get(name) for name in expected}
    assert response.headers["x-request-id"]
    assert "server" not in response.headers


@dataclass
class Run:
    """What came out of one phase."""

    requests: int = 0
    answered: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    checks: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def settings(phase: str) -> schemathesis.Config:
    """Return the settings for one phase, with tokens of somebody who may do most."""
    authority = TokenAuthority(SECRET)
    user = user_token()
    SESSIONS.add(f"Bearer {user}")
    tenant = authority.mint_tenant_token(TenantClaims(**ADMIN, tenant_id=ACME, role="admin"))
    given = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    given["dictionaries"]["user_token"] = {"values": [user, tenant]}
    given["dictionaries"]["password"] = {"values": [PASSWORD]}
    given["auth"] = {"openapi": {"userToken": {"bearer": user}, "tenantToken": {"bearer": tenant}}}
    for name in PHASES:
        given["phases"].setdefault(name, {})["enabled"] = name == phase
    return schemathesis.Config.from_dict(given)


def run(address: str, phase: str, document: dict[str, Any] | None = None) -> Run:
    """Try an API out against a description, by default its own."""
    tried = deepcopy(document or describe())  # Schemathesis writes into what it is given
    schema = schemathesis.openapi.from_dict(tried, config=settings(phase))
    schema.config.update(base_url=address)
    found = Run()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _collect(found, event.recorder)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            found.failures.append(str(getattr(event, "value", None) or event))
    return found


def _collect(found: Run, recorder: ScenarioRecorder) -> None:
    found.requests += len(recorder.interactions)
    for name, interaction in recorder.interactions.items():
        case, response = recorder.cases[name].value, interaction.response
        if response is not None:
            found.answered[case.operation.label][response.status_code] += 1
        for check in recorder.checks.get(name, ()):
            found.checks[check.name] += 1
            if check.failure_info is not None:
                failure, request = check.failure_info.failure, check.failure_info.code_sample
                told = f"{failure.title}: {failure.message}"
                found.failures.append(f"{case.operation.label}: {check.name}: {told}\n{request}")


@pytest.fixture(scope="module")
def address(
    every_database: Databases, seeded: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve the API as its image does, on a copy of the metadata.

    Failed sign-ins are hardly limited, or nothing but the limit would be seen.
    """
    database = every_database.seeded(tmp_path_factory.mktemp("contract") / "metadata.db")
    database.execute("UPDATE users SET password_hash = :hash", hash=hash_password(PASSWORD))
    values = {
        "kyros_env": "development",
        "auth_mode": "demo",
        "jwt_secret_key": SECRET,
        **database.settings,
        "data_dir": seeded,
        "sign_in_limit_per_account": "20/second",
        "sign_in_limit_per_address": "1000/second",
    }
    app = create_app(ApiSettings.model_validate(values))
    server = Server(Config(app, port=0, server_header=False, access_log=False, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()
    yield f"http://{host}:{port}"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize("phase", PHASES)
def test_contract(address: str, phase: str) -> None:
    """No request whatever gets an answer that the description does not know, or a failure."""
    found = run(address, phase)
    assert [] == found.failures
    assert found.requests >= PHASES[phase]
    assert CHECKS <= set(found.checks)
    if phase == "fuzzing":
        labels = {f"{method.upper()} {path}" for path in PATHS for method in PATHS[path]}
        assert labels == {label for label, statuses in found.answered.items() if statuses[200]}


def only(path: str) -> dict[str, Any]:
    """Return a description of one path alone."""
    return deepcopy({**describe(), "paths": {path: PATHS[path]}})


def test_an_undocumented_answer_is_found(address: str) -> None:
    """What the description does not know, by status or by code, does not pass."""
    document = only("/api/token/exchange")
    answers = document["paths"]["/api/token/exchange"]["post"]["responses"]
    del answers["403"], answers["401"]["content"]["application/json"]["examples"]["TOKEN_MISSING"]
    failures = " ".join(run(address, "coverage", document).failures)
    assert "status_code_conformance: Undocumented status code: Received: 403" in failures
    assert "TOKEN_MISSING is not documented" in failures


def test_a_bug_is_found(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A route that fails does not pass."""
    monkeypatch.setattr("kyros_api.tenants.queries.list_dashboards", None)
    path = "/api/tenant/{tenant_id}/dashboards"
    failures = run(address, "examples", only(path)).failures
    assert any("not_a_server_error: Server error" in failure for failure in failures)
