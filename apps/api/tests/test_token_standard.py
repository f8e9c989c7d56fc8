"""POST /api/token, held to RFC 8693 and to the sections of RFC 6749 that it refers to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import httpx2
import jwt
import pytest
from api_stage import ACME, BETA, SECRET, bearer
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

if TYPE_CHECKING:
    from api_stage import Stage
    from fastapi import FastAPI
    from httpx2 import Response

pytestmark = pytest.mark.databases

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange"
TYPE = "urn:ietf:params:oauth:token-type:"
ACCESS_TOKEN, JWT = f"{TYPE}access_token", f"{TYPE}jwt"
ALLOWED = re.compile(r"[\x20-\x21\x23-\x5B\x5D-\x7E]+")  # RFC 6749, section 5.2
Fields = dict[str, "str | list[str] | None"]


@pytest.fixture
def token(stage: Stage) -> str:
    """Return the sign-in of somebody who is an admin of both tenants."""
    return stage.user_token("admin@acme.com")


def ask(stage: Stage, token: str, **changes: str | list[str] | None) -> Response:
    """Send a good request with some parameters changed; None leaves one out."""
    fields: Fields = {
        "grant_type": GRANT_TYPE,
        "subject_token": token,
        "subject_token_type": ACCESS_TOKEN,
        "audience": ACME,
        **changes,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    return stage.client.post("/api/token", data=given)


def claims_of(answer: Response) -> dict[str, Any]:
    """Return what the issued token says."""
    token = answer.json()["access_token"]
    return jwt.decode(token, SECRET, ["HS256"], audience="kyros:tenant", issuer="kyros")


def refusal(answer: Response) -> tuple[int, str]:
    """Return status and error of a refusal, which has the standard's form and no other."""
    body = answer.json()
    assert {"error", "error_description"} == set(body)
    assert ALLOWED.fullmatch(body["error_description"])
    assert ("no-store", "no-cache") == (answer.headers["Cache-Control"], answer.headers["Pragma"])
    assert answer.headers["X-Request-ID"]
    assert "application/json" == answer.headers["Content-Type"]
    return answer.status_code, body["error"]


class TestAnswer:
    """RFC 8693, section 2.2.1."""

    def test_members(self, stage: Stage, token: str) -> None:
        """The answer has the standard's members, may not be stored, and names its role."""
        answer = ask(stage, token)
        body = answer.json()
        assert ACME == claims_of(answer)["tenant_id"]
        del body["access_token"]
        assert {
            "issued_token_type": ACCESS_TOKEN,
            "token_type": "Bearer",
            "expires_in": 1800,
            "scope": "admin",
        } == body
        assert ("no-store", "no-cache") == (
            answer.headers["Cache-Control"],
            answer.headers["Pragma"],
        )

    @pytest.mark.parametrize("kind", [ACCESS_TOKEN, JWT])
    def test_requested_token_type(self, stage: Stage, token: str, kind: str) -> None:
        """Both names of what a tenant token is are answered with that name."""
        assert kind == ask(stage, token, requested_token_type=kind).json()["issued_token_type"]
        assert 200 == ask(stage, token, subject_token_type=kind).status_code

    def test_opens_the_tenant(self, stage: Stage, token: str) -> None:
        """What is issued is a tenant token like any other."""
        issued = ask(stage, token, audience=BETA).json()["access_token"]
        answer = stage.client.get(f"/api/tenant/{BETA}", headers=bearer(issued))
        assert (200, "beta-ind") == (answer.status_code, answer.json()["slug"])


class TestTarget:
    """Which tenant, and exactly one."""

    @pytest.mark.parametrize(
        "target",
        [
            {"audience": ACME},
            {"audience": None, "resource": f"urn:kyros:tenant:{ACME}"},
            {"audience": ACME, "resource": f"urn:kyros:tenant:{ACME}"},
            {"audience": [ACME, ACME]},
            {"audience": ["", ACME]},
        ],
    )
    def test_named(self, stage: Stage, token: str, target: Fields) -> None:
        """By id, by URN, or by both when they agree."""
        assert ACME == claims_of(ask(stage, token, **target))["tenant_id"]

    @pytest.mark.parametrize(
        "target",
        [
            {"audience": [ACME, BETA]},
            {"resource": f"urn:kyros:tenant:{BETA}"},
            {"audience": None, "resource": ACME},
            {"audience": None, "resource": "https://kyros.example/"},
            {"audience": None, "resource": "urn:kyros:tenant:"},
            {"audience": "x" * 5000},
            {"audience": "a\x00b"},
        ],
    )
    def test_not_one_of_theirs(self, stage: Stage, token: str, target: Fields) -> None:
        """Two tenants, or what no tenant is called, is an invalid target."""
        assert (400, "invalid_target") == refusal(ask(stage, token, **target))

    def test_none(self, stage: Stage, token: str) -> None:
        """A request must name its tenant: there is no tenant by default."""
        for nothing in (None, ""):
            answer = ask(stage, token, audience=nothing)
            assert (400, "invalid_request") == refusal(answer)


class TestScope:
    """A scope is a role."""

    @pytest.mark.parametrize(
        ("scope", "granted"),
        [("viewer", "viewer"), ("admin", "admin"), ("viewer admin", "admin"), ("", "admin")],
    )
    def test_narrows(self, stage: Stage, token: str, scope: str, granted: str) -> None:
        """An admin may be a viewer; the answer and the token say what was granted."""
        answer = ask(stage, token, scope=scope)
        assert (granted, granted) == (answer.json()["scope"], claims_of(answer)["role"])

    def test_narrowed_is_narrowed(self, stage: Stage, token: str) -> None:
        """With a viewer's token an admin reads no audit log."""
        issued = ask(stage, token, scope="viewer").json()["access_token"]
        answer = stage.client.get(f"/api/tenant/{ACME}/audit", headers=bearer(issued))
        assert 403 == answer.status_code

    def test_never_widens(self, stage: Stage) -> None:
        """A viewer does not become an admin by asking, and the log knows that they asked."""
        answer = ask(stage, stage.user_token("analyst@acme.com"), scope="admin")
        assert (400, "invalid_scope") == refusal(answer)
        stage.flush_audit()
        rows = stage.database.rows(
            "SELECT actor, tenant_id, outcome, CAST(details AS TEXT) FROM audit_log"
            " WHERE request_id = :id",
            id=answer.headers["X-Request-ID"],
        )
        about = '{"reason": "ROLE_NOT_GRANTED", "role": "admin"}'
        assert [("analyst@acme.com", ACME, "denied", about)] == rows

    @pytest.mark.parametrize("scope", ["owner", "admin owner", "ADMIN", "admin,viewer", " "])
    def test_unknown(self, stage: Stage, token: str, scope: str) -> None:
        """Only roles are scopes."""
        assert (400, "invalid_scope") == refusal(ask(stage, token, scope=scope))


class TestRefusals:
    """RFC 8693, section 2.2.2, and RFC 6749, sections 3.2 and 5.2."""

    @pytest.mark.parametrize("name", ["grant_type", "subject_token", "subject_token_type"])
    @pytest.mark.parametrize("value", [None, ""])
    def test_missing(self, stage: Stage, token: str, name: str, value: str | None) -> None:
        """A required parameter that is missing, or has no value, is an invalid request."""
        answer = ask(stage, token, **{name: value})
        assert (400, "invalid_request") == refusal(answer)
        assert name in answer.json()["error_description"]

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"grant_type": "password"}, "unsupported_grant_type"),
            ({"grant_type": GRANT_TYPE.upper()}, "unsupported_grant_type"),
            ({"subject_token_type": f"{TYPE}refresh_token"}, "invalid_request"),
            ({"requested_token_type": f"{TYPE}saml2"}, "invalid_request"),
            ({"actor_token": "x", "actor_token_type": ACCESS_TOKEN}, "invalid_request"),
            ({"actor_token_type": ACCESS_TOKEN}, "invalid_request"),
            ({"subject_token": "é\x00"}, "invalid_request"),
        ],
    )
    def test_not_on_offer(self, stage: Stage, token: str, changes: Fields, error: str) -> None:
        """Other grants, kinds of token, and acting for somebody are refused by their names."""
        assert (400, error) == refusal(ask(stage, token, **changes))

    @pytest.mark.parametrize(
        "name",
        ["grant_type", "subject_token", "subject_token_type", "requested_token_type", "scope", "x"],
    )
    def test_repeated(self, stage: Stage, token: str, name: str) -> None:
        """A repeated parameter is an invalid request, even with the same value twice."""
        value = {"grant_type": GRANT_TYPE, "subject_token": token, "scope": "admin", "x": "y"}
        twice = [value.get(name, ACCESS_TOKEN)] * 2
        assert 200 == ask(stage, token, **{name: twice[0]}).status_code
        assert (400, "invalid_request") == refusal(ask(stage, token, **{name: twice}))

    def test_unknown_parameters_are_ignored(self, stage: Stage, token: str) -> None:
        """As the standard asks: among them a client's own credentials."""
        assert 200 == ask(stage, token, client_id="shell", tenant_id=BETA).status_code

    def test_bearer_header_is_no_subject(self, stage: Stage, token: str) -> None:
        """Who is meant stands in the form and nowhere else."""
        fields = {"grant_type": GRANT_TYPE, "subject_token_type": JWT, "audience": ACME}
        answer = stage.client.post("/api/token", data=fields, headers=bearer(token))
        assert (400, "invalid_request") == refusal(answer)

    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            ("application/json", b'{"grant_type": "x"}'),
            ("multipart/form-data; boundary=b", b"--b--"),
            ("text/plain", b"grant_type=x"),
            ("", b"grant_type=x"),
            ("application/x-www-form-urlencoded", b""),
            ("application/x-www-form-urlencoded", b"\xff\xfe=\x00&&&=;"),
            ("application/x-www-form-urlencoded", b"grant_type=%ff"),
            ("application/x-www-form-urlencoded", b"&" * 60_000),
        ],
    )
    def test_unreadable(self, stage: Stage, content_type: str, body: bytes) -> None:
        """A body of another type, or that is no form, is refused in the standard's form too."""
        answer = stage.client.post(
            "/api/token", content=body, headers={"Content-Type": content_type}
        )
        assert (400, "invalid_request") == refusal(answer)

    @pytest.mark.parametrize(
        ("method", "size", "refused"),
        [("GET", 0, (405, "METHOD_NOT_ALLOWED")), ("POST", 70_000, (413, "PAYLOAD_TOO_LARGE"))],
    )
    def test_never_reaches_the_exchange(
        self, stage: Stage, method: str, size: int, refused: tuple[int, str]
    ) -> None:
        """What the standard has no word for is said in the form of the API."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = stage.client.request(method, "/api/token", content=b"x" * size, headers=form)
        error = answer.json()["error"]
        assert refused == (answer.status_code, error["code"])
        assert answer.headers["X-Request-ID"] == error["request_id"]

    def test_content_type_with_charset(self, stage: Stage, token: str) -> None:
        """Many clients name the character set, in a case of their own."""
        form = httpx2.QueryParams(
            grant_type=GRANT_TYPE, subject_token=token, subject_token_type=JWT, audience=ACME
        )
        kind = "Application/X-WWW-Form-URLEncoded;charset=UTF-8"
        answer = stage.client.post("/api/token", content=str(form), headers={"Content-Type": kind})
        assert 200 == answer.status_code


class TestIndependentClient:
    """Authlib's OAuth client, which knows nothing of Kyros."""

    @pytest.fixture
    def client(self, stage: Stage) -> AsyncOAuth2Client:
        """Return a public client of the running API."""
        transport = httpx2.ASGITransport(cast("FastAPI", stage.client.app))
        return AsyncOAuth2Client(
            "any-client", transport=transport, base_url="http://api", grant_type=GRANT_TYPE
        )

    async def test_exchange(self, client: AsyncOAuth2Client, token: str) -> None:
        """It gets a token, understands it, and calls the tenant's routes with it."""
        async with client:
            issued = await client.fetch_token(
                "http://api/api/token",
                subject_token=token,
                subject_token_type=ACCESS_TOKEN,
                resource=f"urn:kyros:tenant:{BETA}",
                scope="viewer",
            )
            answer = await client.get(f"/api/tenant/{BETA}/dashboards")
        assert (False, "viewer") == (issued.is_expired(), issued["scope"])
        assert ["risk-analysis"] == [item["slug"] for item in answer.json()["dashboards"]]

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"audience": "nobody"}, "invalid_target"),
            ({"scope": "owner"}, "invalid_scope"),
            ({"subject_token": "x"}, "invalid_request"),
            ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ],
    )
    async def test_refusals(
        self, client: AsyncOAuth2Client, token: str, changes: dict[str, str], error: str
    ) -> None:
        """It understands why it gets none."""
        wanted = {
            "subject_token": token,
            "subject_token_type": JWT,
            "audience": ACME,
            **changes,
        }
        async with client:
            with pytest.raises(OAuthError) as refused:
                await client.fetch_token("http://api/api/token", **wanted)
        assert error == refused.value.error
        assert refused.value.description
