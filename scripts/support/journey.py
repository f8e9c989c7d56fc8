"""What a user does with the platform, step by step, with every answer checked."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import requests

from scripts.support.project import API, SHELL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from scripts.support.project import Service

ADMIN, BETA_VIEWER = "admin@acme.com", "viewer@beta.com"
ACME = {"slug": "acme-corp", "id": "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345"}
DASHBOARDS = (
    ("acme-corp", "customer-lifetime-value"),
    ("acme-corp", "risk-analysis"),
    ("beta-ind", "risk-analysis"),
)
_PATIENCE = 30  # seconds: the development server compiles a page when it is first asked for
_REFUSALS = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


class CheckFailed(Exception):  # noqa: N818 - it names what happened
    """A check's answer was not the expected one; the message says what it was."""


def expect(response: requests.Response, *statuses: int) -> requests.Response:
    """Return the response when its status is one of those expected.

    Raises:
        CheckFailed: it is not.
    """
    if response.status_code not in statuses:
        wanted = " or ".join(str(int(status)) for status in statuses)
        code = _error_code(response)
        raise CheckFailed(f"answered {response.status_code}{code}, expected {wanted}")
    return response


def _error_code(response: requests.Response) -> str:
    try:
        return f" {response.json()['error']['code']}"
    except (requests.JSONDecodeError, KeyError, TypeError):
        return ""


def require(condition: object, otherwise: str) -> None:
    """Fail the check with a sentence unless the condition holds.

    Raises:
        CheckFailed: it does not.
    """
    if not condition:
        raise CheckFailed(otherwise)


class Browser:
    """A person's session with the shell, cookies and all."""

    def __init__(self, shell: str) -> None:
        self._shell = shell
        self._session = requests.Session()

    def get(self, path: str) -> requests.Response:
        """Ask for a page, without following redirects."""
        return self._session.get(f"{self._shell}{path}", timeout=_PATIENCE, allow_redirects=False)

    def post(self, path: str, **content: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        """Send a form or JSON as a page of the shell would."""
        return self._session.post(
            f"{self._shell}{path}",
            headers={"Origin": self._shell},
            timeout=_PATIENCE,
            allow_redirects=False,
            **content,
        )

    def sign_in(self, email: str) -> requests.Response:
        """Sign in as a demo user."""
        return expect(self.post("/auth/sign-in", data={"email": email}), HTTPStatus.SEE_OTHER)


class Journey:
    """The steps; each is a check that raises CheckFailed."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._api = API.url(values)
        self._admin = Browser(SHELL.url(values))
        self._beta = Browser(SHELL.url(values))
        self._set_cookie = ""

    def healthy(self, service: Service) -> Callable[[], None]:
        """Return the check of a service's /health."""

        def step() -> None:
            answer = requests.get(f"{service.url(self._values)}/health", timeout=_PATIENCE)
            require(expect(answer, 200).json().get("status") == "ok", "its status is not ok")

        return step

    def database(self) -> None:
        """The database is there, migrated, and holds tenants."""
        expect(requests.get(f"{self._api}/health/db", timeout=_PATIENCE), 200)

    def sign_in(self) -> None:
        """The shell lets a demo user in and gives a session cookie."""
        answer = self._admin.sign_in(ADMIN)
        self._set_cookie = answer.headers.get("Set-Cookie", "")
        require("kyros_session=" in self._set_cookie, "no session cookie came back")

    def cookie(self) -> None:
        """The cookie is out of reach for scripts and other sites."""
        attributes = {part.strip().lower() for part in self._set_cookie.split(";")}
        require("httponly" in attributes, "the session cookie is not HttpOnly")
        require(
            attributes & {"samesite=lax", "samesite=strict"}, "the session cookie has no SameSite"
        )

    def tenants(self) -> None:
        """The person sees their tenants."""
        page = expect(self._admin.get("/tenants"), 200).text
        missing = [
            slug for slug in {slug for slug, _ in DASHBOARDS} if f"/tenant/{slug}" not in page
        ]
        require(not missing, f"not on the page: {', '.join(missing)}")

    def exchange(self) -> None:
        """The API gives a tenant token for a user token."""
        answer = expect(self._exchange(ADMIN), 200).json()
        require(
            answer.get("token_type") == "Bearer" and answer.get("access_token"), "no token in it"
        )

    def no_exchange(self) -> None:
        """The API refuses a tenant that is not the person's."""
        expect(self._exchange(BETA_VIEWER), HTTPStatus.FORBIDDEN)

    def _exchange(self, email: str) -> requests.Response:
        sign_in = requests.post(
            f"{self._api}/api/auth/mock-login", json={"email": email}, timeout=_PATIENCE
        )
        token = expect(sign_in, 200).json()["access_token"]
        return requests.post(
            f"{self._api}/api/token/exchange",
            json={"tenant_id": ACME["id"]},
            headers={"Authorization": f"Bearer {token}"},
            timeout=_PATIENCE,
        )

    def page(self, tenant: str, dashboard: str) -> Callable[[], None]:
        """Return the check of the shell's page and the dashboard embedded in it."""

        def step() -> None:
            inner = _inner(tenant, dashboard)
            page = expect(self._admin.get(f"/tenant/{tenant}/dashboard/{dashboard}"), 200)
            require("<iframe" in page.text and inner in page.text, "no dashboard is embedded")
            require(
                "_dash-config" in expect(self._admin.get(inner), 200).text, "it is not a dashboard"
            )

        return step

    def data(self, tenant: str, dashboard: str) -> Callable[[], None]:
        """Return the check that the dashboard's layout comes and its figures have data."""

        def step() -> None:
            inner = _inner(tenant, dashboard)
            expect(self._admin.get(f"{inner}_dash-layout"), 200)
            callbacks = expect(self._admin.get(f"{inner}_dash-dependencies"), 200).json()
            call = first_call(callbacks)
            answer = expect(self._admin.post(f"{inner}_dash-update-component", json=call), 200)
            require(count_traces(answer.json()), "its figures are empty")

        return step

    def refused(self) -> None:
        """A person of one tenant gets nothing of another's, but does get their own."""
        self._beta.sign_in(BETA_VIEWER)
        for path in (_inner("acme-corp", "risk-analysis"), "/tenant/acme-corp"):
            expect(self._beta.get(path), *_REFUSALS)
        expect(self._beta.get(_inner("beta-ind", "risk-analysis")), 200)


def steps(user: Journey) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield each check after the services' health, with the name it has in the table."""
    yield "database is ready", user.database
    yield "sign-in through the shell", user.sign_in
    yield "session cookie is HttpOnly, SameSite", user.cookie
    yield "tenants of the user", user.tenants
    yield "token exchange", user.exchange
    for tenant, dashboard in DASHBOARDS:
        yield f"{tenant}: {dashboard}: page", user.page(tenant, dashboard)
        yield f"{tenant}: {dashboard}: data", user.data(tenant, dashboard)
    yield "exchange for another's tenant is refused", user.no_exchange
    yield "another tenant's pages are refused", user.refused


def _inner(tenant: str, dashboard: str) -> str:
    return f"/tenant/{tenant}/dash/{dashboard}/"


def first_call(callbacks: list[dict[str, Any]]) -> dict[str, Any]:
    """Build the request for the first callback that the server answers, of those a dashboard names.

    Raises:
        CheckFailed: it names none.
    """
    server_side = [found for found in callbacks if not found["clientside_function"]]
    require(server_side, "it has no callback")
    return callback_body(server_side[0])


def callback_body(callback: dict[str, Any]) -> dict[str, Any]:
    """Build the request that Dash's page would send for a callback, nothing chosen yet."""
    outputs = callback["output"].strip(".").split("...")
    identified = [output.rpartition(".")[::2] for output in outputs]
    return {
        "output": callback["output"],
        "outputs": [{"id": id_, "property": property_} for id_, property_ in identified],
        "inputs": [given | {"value": None} for given in callback["inputs"]],
        "state": [given | {"value": None} for given in callback["state"]],
        "changedPropIds": [],
    }


def count_traces(answer: dict[str, Any]) -> int:
    """Count the traces that have data in the figures of a callback's answer."""
    figures = [properties.get("figure") or {} for properties in answer["response"].values()]
    traces = [trace for figure in figures for trace in figure.get("data", [])]
    return sum(bool(trace.get("x") or trace.get("y") or trace.get("z")) for trace in traces)
