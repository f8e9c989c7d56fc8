"""What all services log and count while people use them, and what never gets there."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import requests

from benchmarks.servers import SECRET
from scripts.support.journey import Browser, first_call
from scripts.support.project import API, CLV, RISK, SERVICES, SHELL
from tests.collector import Collector, Span, collecting
from tests.shell.accounts import ANALYST, PASSWORD, give_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.production import Platform
    from scripts.support.project import Service
    from tests.shell.conftest import Platforms

pytestmark = pytest.mark.stack

ACME = "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345"
BETA = "2450a2f8-3b7e-4eab-9b4a-1f73d9a0b1c4"
ANALYST_ID = "c1a5b7d2-3e4f-4a6b-8c9d-0e1f2a3b4c5d"
INNER = "/tenant/acme-corp/dash/risk-analysis/"
WRONG = "incorrect horse battery 7"
SOUGHT = "sought-after-words"


@dataclass
class Run:
    """All that happened while the services ran.

    Attributes:
        secrets: what nobody but its owner may read, by what it is.
        logs: of each service, when it had stopped.
        metrics: of each service, before that.
        callback_id: of a request for a callback.
        page_id: of a request for a page.
        traces: what the services sent of theirs.
    """

    traces: Collector

    secrets: dict[str, str] = field(default_factory=dict)
    logs: dict[Service, str] = field(default_factory=dict)
    metrics: dict[Service, str] = field(default_factory=dict)
    callback_id: str = ""
    page_id: str = ""

    def lines(self, service: Service, request_id: str) -> list[dict[str, Any]]:
        """Return what a service logged of requests with an id."""
        read = [json.loads(line) for line in self.logs[service].splitlines() if line[:1] == "{"]
        return [line for line in read if line.get("request_id") == request_id and "status" in line]


@pytest.fixture(scope="module")
def run(platforms: Platforms) -> Iterator[Run]:
    """People sign in, look and are refused: in the shell, and by programs at the services."""
    with (
        collecting() as collector,
        platforms.running(
            AUTH_MODE="password", OTEL_EXPORTER_OTLP_ENDPOINT=collector.endpoint
        ) as platform,
    ):
        run = Run(collector)
        give_password(platform, ANALYST)
        _use_the_shell(platform, run)
        _use_the_services(platform, run)
        run.metrics = {service: platform.metrics(service) for service in SERVICES}
        platform.stop()
        run.logs = {service: platform.log(service) for service in SERVICES}
        yield run


def _use_the_shell(platform: Platform, run: Run) -> None:
    browser = Browser(platform.url())
    for password in (WRONG, PASSWORD):
        answer = browser.post("/auth/sign-in", data={"email": ANALYST, "password": password})
        assert 303 == answer.status_code
        for cookie in answer.cookies:
            run.secrets[f"cookie {cookie.name} after {password}"] = str(cookie.value)
    page = browser.get(f"/tenant/acme-corp/dashboard/risk-analysis?search={SOUGHT}")
    assert 200 == page.status_code
    run.page_id = page.headers["X-Request-ID"]
    assert 403 == browser.get("/tenant/acme-corp/inspector").status_code
    assert 200 == browser.get("/tenant/acme-corp/dash/customer-lifetime-value/").status_code
    for path in ("/tenant/beta-ind", "/tenant/beta-ind/dash/risk-analysis/", f"/{SOUGHT}"):
        assert browser.get(path).status_code in {403, 404}
    callbacks = browser.get(f"{INNER}_dash-dependencies").json()
    body = first_call(callbacks)
    answer = browser.post(f"{INNER}_dash-update-component?q={SOUGHT}", json=body)
    assert 200 == answer.status_code
    run.callback_id = answer.headers["X-Request-ID"]
    assert 303 == browser.post("/auth/sign-out", data={"next": ""}).status_code


def _use_the_services(platform: Platform, run: Run) -> None:
    api = platform.url(API)
    credentials = {"email": ANALYST, "password": PASSWORD}
    signed_in = requests.post(f"{api}/api/auth/login", json=credentials, timeout=30)
    user = run.secrets["user token"] = signed_in.json()["access_token"]
    for tenant, status in ((ACME, 200), (BETA, 403)):
        exchanged = requests.post(
            f"{api}/api/token/exchange",
            json={"tenant_id": tenant},
            headers={"Authorization": f"Bearer {user}"},
            timeout=30,
        )
        assert status == exchanged.status_code
        if exchanged.ok:
            run.secrets["tenant token"] = exchanged.json()["access_token"]
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": user,
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "audience": ACME,
    }
    exchanged = requests.post(f"{api}/api/token", data=form, timeout=30)
    run.secrets["tenant token by the standard"] = exchanged.json()["access_token"]
    run.secrets["forged token"] = f"{user[:-6]}forged"
    dashboard = f"{platform.url(CLV)}/dash/customer-lifetime-value/"
    for name in ("tenant token", "user token", "forged token"):
        header = {"Authorization": f"Bearer {run.secrets[name]}"}
        for url in (f"{api}/api/tenant/{ACME}", dashboard):
            answer = requests.get(url, params={"token": user}, headers=header, timeout=30)
            assert answer.status_code == (200 if name == "tenant token" else 401)


def test_no_secret_is_logged(run: Run) -> None:
    """No token, password, cookie or key is in any log, nor what people looked for."""
    found = [
        f"{name} in the log of {service.name}"
        for service, log in run.logs.items()
        for name, secret in _secrets(run).items()
        if secret in log
    ]
    assert [] == found
    assert {"user token", "tenant token", "forged token"} <= run.secrets.keys()
    assert any(name.startswith("cookie kyros_session") for name in run.secrets)


def _secrets(run: Run) -> dict[str, str]:
    secrets = run.secrets | {
        "password": PASSWORD,
        "wrong password": WRONG,
        "key of tokens": SECRET,
        "words of a search": f"={SOUGHT}",
        "some token": "eyJ",
    }
    return {name: secret for name, secret in secrets.items() if secret}


def test_a_request_can_be_followed(run: Run) -> None:
    """A callback has a line under one id in each service it passed, with all there is to it."""
    whose = {"tenant": ACME, "user": ANALYST_ID, "status": 200}
    shell, dashboard = run.lines(SHELL, run.callback_id), run.lines(RISK, run.callback_id)
    api = run.lines(API, run.callback_id)
    route = "/tenant/{tenant}/dash/{dashboard}/_dash-update-component"
    assert [whose | {"route": route}] == [_said(line) for line in shell]
    route = "/dash/risk-analysis/_dash-update-component"
    assert [whose | {"route": route}] == [_said(line) for line in dashboard]
    routes = {line["route"] for line in api}
    assert "/api/dashboards/{slug}/views/{view}" in routes
    assert [whose | {"route": line["route"]} for line in api] == [_said(line) for line in api]
    assert all(line["milliseconds"] >= 0 for line in [*shell, *dashboard, *api])


def test_a_page_can_be_followed(run: Run) -> None:
    """A page of the shell has a line as well, under the id that the API has for it."""
    (line,) = run.lines(SHELL, run.page_id)
    route = "/tenant/{tenant}/dashboard/{dashboard}"
    whose = {"tenant": ACME, "user": ANALYST_ID, "status": 200}
    assert whose | {"route": route} == _said(line)
    assert run.lines(API, run.page_id)


def _said(line: dict[str, Any]) -> dict[str, Any]:
    return {name: line.get(name) for name in ("tenant", "user", "status", "route")}


def test_a_request_is_one_trace(run: Run) -> None:
    """A callback is one trace through three services, under the id that its log lines have."""
    (line,) = run.lines(SHELL, run.callback_id)
    spans = run.traces.of(line["trace_id"])
    logged = [entry for service in (RISK, API) for entry in run.lines(service, run.callback_id)]
    assert {line["trace_id"]} == {entry["trace_id"] for entry in logged}
    way = _way_to(next(span for span in spans if span.name == "duckdb query"), spans)
    assert [(span.service, span.name) for span in way[:4]] == [
        ("shell-ui", "POST /tenant/{tenant}/dash/{dashboard}/_dash-update-component"),
        ("shell-ui", "POST /dash/{dashboard}/_dash-update-component"),
        ("dash-risk-analysis", "POST /dash/risk-analysis/_dash-update-component"),
        ("dash-risk-analysis", way[3].name),
    ]
    assert way[3].name.startswith("GET /api/dashboards/risk-analysis/views/")
    assert ("api", "GET /api/dashboards/{slug}/views/{view}") == (way[4].service, way[4].name)
    whose = {"kyros.tenant.id": ACME, "user.id": ANALYST_ID, "kyros.request_id": run.callback_id}
    for span in (way[0], way[2], way[4]):
        assert whose == {name: span.attributes[name] for name in whose}


def _way_to(span: Span, spans: list[Span]) -> list[Span]:
    """Return the spans from the first of a trace to one of them."""
    by_id = {one.span: one for one in spans}
    way = [span]
    while way[0].parent:
        way.insert(0, by_id[way[0].parent])
    return way


def test_traces_tell_no_secret(run: Run) -> None:
    """No token, password, cookie or key is in what was sent, nor what people looked for."""
    assert len({span.service for span in run.traces.spans}) == len(SERVICES)
    sent = b"".join(run.traces.sent)
    for name, secret in _secrets(run).items():
        assert secret.encode() not in sent, name


@pytest.mark.parametrize(
    ("service", "series"),
    [
        (API, 'kyros_sign_ins_total{outcome="allowed"} 2.0'),
        (API, 'kyros_sign_ins_total{outcome="denied"} 1.0'),
        (API, 'kyros_token_exchanges_total{outcome="denied"} 1.0'),
        (API, 'kyros_denials_total{code="TENANT_ACCESS_DENIED",service="api"} 1.0'),
        (API, 'kyros_cache_requests_total{cache="answers",result="miss",service="api"}'),
        (API, "kyros_audit_backlog_bytes "),
        (RISK, 'kyros_dash_callbacks_total{dashboard="risk-analysis",outcome="done"} 1.0'),
        (RISK, f'outcome="ok",service="dash-risk-analysis",tenant="{ACME}"'),
        (CLV, 'kyros_denials_total{code="TOKEN_INVALID",service="dash-customer-lifetime-value"}'),
        (SHELL, 'route="/tenant/{tenant}/dashboard/{dashboard}",method="GET",status="200"} 1'),
        (SHELL, f'tenant="{ACME}",outcome="ok"'),
        (SHELL, 'kyros_cache_requests_total{service="shell-ui",cache="memberships",result="hit"}'),
        (SHELL, "process_cpu_seconds_total "),
    ],
)
def test_what_happened_was_counted(run: Run, service: Service, series: str) -> None:
    """Each service counts what it did, at a port of its own."""
    assert series in run.metrics[service]


def test_metrics_name_nobody(run: Run) -> None:
    """No email, token or searched word is in what is counted; paths that somebody typed are one."""
    for service, read in run.metrics.items():
        secrets = [*run.secrets.values(), ANALYST, ANALYST_ID, SOUGHT, "@", "beta-ind"]
        assert [] == [part for part in secrets if part and part in read], service.name
    assert 'route="unknown"' in run.metrics[SHELL]


def test_metrics_are_on_no_other_port(platform: Platform) -> None:
    """Nothing at a service's own port, or behind the shell's proxy, tells what was counted."""
    for service in SERVICES:
        answer = requests.get(f"{platform.url(service)}/metrics", timeout=30)
        assert "kyros_http_requests" not in answer.text
    for path in ("/dash/risk-analysis/metrics", f"{INNER}metrics", f"{INNER}../../metrics"):
        assert "kyros_http_requests" not in requests.get(platform.url() + path, timeout=30).text
