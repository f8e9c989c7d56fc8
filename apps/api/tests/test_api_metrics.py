"""What the API counts, seen as Prometheus would read it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from api_stage import ACME, BETA, bearer
from prometheus_client import REGISTRY, generate_latest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest
    from api_stage import Stage

VIEWER = "viewer@beta.com"
VIEW = "/api/dashboards/risk-analysis/views/summary"


@contextmanager
def grows(name: str, **labels: str) -> Iterator[None]:
    """Hold that a series is one higher when the block ends."""
    before = REGISTRY.get_sample_value(name, labels) or 0
    yield
    assert before + 1 == REGISTRY.get_sample_value(name, labels)


def test_request(stage: Stage) -> None:
    """A request counts under its route's template and its tenant, never under what was typed."""
    token = stage.tenant_token(VIEWER, BETA)
    route = {"service": "api", "route": "/api/tenant/{tenant_id}", "method": "GET"}
    with (
        grows("kyros_http_requests_total", **route, status="200"),
        grows("kyros_http_request_duration_seconds_count", **route),
        grows("kyros_tenant_requests_total", service="api", tenant=BETA, outcome="ok"),
    ):
        stage.client.get(f"/api/tenant/{BETA}", headers=bearer(token))
    unknown = {"service": "api", "route": "unknown", "method": "GET"}
    with grows("kyros_http_requests_total", **unknown, status="404"):
        stage.client.get("/api/nothing/of/the/kind")
    assert f"/{BETA}" not in generate_latest().decode()


def test_exchanges(stage: Stage) -> None:
    """An exchange is allowed or denied; a denial is counted by its code as well."""
    user = bearer(stage.user_token(VIEWER))
    with grows("kyros_token_exchanges_total", outcome="allowed"):
        stage.client.post("/api/token/exchange", json={"tenant_id": BETA}, headers=user)
    with (
        grows("kyros_token_exchanges_total", outcome="denied"),
        grows("kyros_denials_total", service="api", code="TENANT_ACCESS_DENIED"),
    ):
        stage.client.post("/api/token/exchange", json={"tenant_id": ACME}, headers=user)


def test_exchange_without_a_database(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps an exchange from being decided is no denial."""

    async def break_down(*_args: object) -> None:
        raise OSError("no database")

    user = bearer(stage.user_token(VIEWER))
    monkeypatch.setattr("kyros_api.tokens.exchange._exchange", break_down)
    with grows("kyros_token_exchanges_total", outcome="failed"):
        stage.client.post("/api/token/exchange", json={"tenant_id": BETA}, headers=user)


def test_sign_ins(make_stage: Callable[..., Stage]) -> None:
    """A sign-in is allowed, denied, or throttled when too many were denied."""
    stage = make_stage(sign_in_limit_per_account="1/minute")
    with grows("kyros_sign_ins_total", outcome="allowed"):
        stage.user_token(VIEWER)
    wrong = {"email": VIEWER, "password": "incorrect horse battery"}
    with (
        grows("kyros_sign_ins_total", outcome="denied"),
        grows("kyros_denials_total", service="api", code="INVALID_CREDENTIALS"),
    ):
        stage.client.post("/api/auth/login", json=wrong)
    with (
        grows("kyros_sign_ins_total", outcome="throttled"),
        grows("kyros_denials_total", service="api", code="RATE_LIMITED"),
    ):
        stage.client.post("/api/auth/login", json=wrong)


def test_cache(stage: Stage) -> None:
    """The same question is a miss and then a hit."""
    header = bearer(stage.tenant_token(VIEWER, BETA))
    cache = {"service": "api", "cache": "answers"}
    for result in ("miss", "hit"):
        with grows("kyros_cache_requests_total", **cache, result=result):
            answer = stage.client.get(VIEW, headers=header)
        assert 200 == answer.status_code


def test_audit_backlog(stage: Stage) -> None:
    """What is audited and not in the table yet is a number of bytes, none once it is there."""
    stage.user_token(VIEWER)
    assert stage.flush_audit()
    assert 0 == REGISTRY.get_sample_value("kyros_audit_backlog_bytes")


def test_nobody_is_named(stage: Stage) -> None:
    """No email and no token is among what Prometheus reads."""
    token = stage.tenant_token(VIEWER, BETA)
    stage.client.get(f"{VIEW}?segment=secretive", headers=bearer(token))
    read = generate_latest().decode()
    assert [] == [part for part in (VIEWER, token, "secretive", "@") if part in read]
