"""Cookies and forms as no page of ours sends them: the right status, a page, and no trace."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect

from tests.shell.accounts import ADMIN

if TYPE_CHECKING:
    from benchmarks.production import Platform
    from tests.shell.conftest import Platforms
    from tests.shell.people import Person

pytestmark = [pytest.mark.stack, pytest.mark.browser]

NAVIGATION = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"}
SCRIPT = {"Accept": "application/json", "Sec-Fetch-Mode": "cors"}
TRACES = ("Error:", "    at ", "node_modules", ".next/", "Traceback", "127.0.0.1:")
PAGE = "/tenant/acme-corp"


def get(platform: Platform, path: str, **headers: str) -> requests.Response:
    """Ask as somebody who types an address, without following redirects."""
    return requests.get(
        platform.url() + path, headers=NAVIGATION | headers, timeout=20, allow_redirects=False
    )


def post(platform: Platform, path: str, data: object, **headers: str) -> requests.Response:
    """Send something to a form's target."""
    return requests.post(
        platform.url() + path,
        data=data,  # type: ignore[arg-type]  # anything that requests takes
        headers=NAVIGATION | {name.replace("_", "-"): value for name, value in headers.items()},
        timeout=20,
        allow_redirects=False,
    )


def signed_in(platform: Platform) -> dict[str, str]:
    """Sign in, and return the cookies."""
    answer = post(platform, "/auth/sign-in", {"email": ADMIN}, Origin=platform.url())
    assert answer.status_code == 303
    return answer.cookies.get_dict()


def assert_page(answer: requests.Response) -> None:
    """Assert that a person can read the answer, and learns nothing from it about the inside."""
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<h1" in answer.text
    assert "content-security-policy" in answer.headers
    assert not [trace for trace in TRACES if trace in answer.text]


@pytest.fixture(scope="module")
def good(platform: Platform) -> str:
    """A session cookie's value that opens Acme's page."""
    value = signed_in(platform)["kyros_session"]
    assert get(platform, PAGE, Cookie=f"kyros_session={value}").status_code == 200
    return value


@pytest.fixture(scope="module")
def foreign(platforms: Platforms) -> str:
    """A session cookie of another installation."""
    with platforms.running(SESSION_SECRET_KEY="0b7e55d1c9f24a68937fd1e2a4c8b630") as other:
        return signed_in(other)["kyros_session"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda good: good[:-1], id="truncated"),
        pytest.param(lambda good: good[: len(good) // 2], id="cut in half"),
        pytest.param(lambda good: f"{good[:-9]}AAAAAAAAA", id="forged tag"),
        pytest.param(lambda good: f"3{good[1:]}", id="more parts than there are"),
        pytest.param(lambda good: good[2:], id="no count"),
        pytest.param(lambda _: "1~eyJhbGciOiJub25lIn0.e30.", id="unsigned token"),
        pytest.param(lambda _: "%E0%A4%A", id="bad encoding"),
        pytest.param(lambda _: "1~" + "x" * 9000, id="long"),
        pytest.param(lambda _: "\x80\xff", id="no text"),
    ],
)
def test_a_cookie_that_is_not_ours_leads_to_sign_in(
    platform: Platform, good: str, spoil: object
) -> None:
    """To a page which removes it, and from there on to what was wanted; frames get a 401."""
    assert callable(spoil)
    cookie = f"kyros_session={spoil(good)}"
    answer = get(platform, PAGE, Cookie=cookie)
    assert answer.status_code == 307
    assert answer.headers["Location"].endswith("/sign-in?next=%2Ftenant%2Facme-corp")
    page = get(platform, "/sign-in", Cookie=cookie)
    assert page.status_code == 200
    assert_page(page)
    assert "Your session has ended." in page.text or "%" in cookie
    inner = "/tenant/acme-corp/dash/risk-analysis/"
    framed = get(platform, inner, Cookie=cookie, **{"Sec-Fetch-Dest": "iframe"})
    assert framed.status_code == 401
    assert_page(framed)


def test_a_cookie_of_another_installation_opens_nothing(platform: Platform, foreign: str) -> None:
    """It is removed."""
    page = get(platform, "/sign-in", Cookie=f"kyros_session={foreign}")
    assert page.status_code == 200
    assert "kyros_session=;" in page.headers["Set-Cookie"]
    assert get(platform, PAGE, Cookie=f"kyros_session={foreign}").status_code == 307


def test_other_cookies_do_not_disturb(platform: Platform, good: str) -> None:
    """Whatever other programs on this host have left in the browser."""
    odd = f"a=%E0%A4%A; =x; ;; b; kyros_session.1=junk; kyros_session={good}; c={'y' * 6000}"
    assert get(platform, PAGE, Cookie=odd).status_code == 200


def test_more_cookies_than_a_server_reads(platform: Platform, good: str) -> None:
    """Are answered by a page that says what to do."""
    answer = get(platform, PAGE, Cookie=f"kyros_session={good}; more={'x' * 20_000}")
    assert answer.status_code == 431
    assert_page(answer)
    assert "delete its cookies" in answer.text


def test_what_is_no_request_at_all(platform: Platform, good: str) -> None:
    """Is answered by a page too, and the server goes on."""
    address = urlsplit(platform.url())
    assert get(platform, PAGE, Cookie=f"kyros_session={good}").status_code == 200
    with socket.create_connection((address.hostname or "", address.port or 0), 10) as connection:
        connection.sendall(b"\x16\x03\x01 this is TLS, or nothing\r\n\r\n")
        said = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert said.startswith("HTTP/1.1 400 Bad Request\r\n")
    assert "<h1" in said
    assert get(platform, PAGE, Cookie=f"kyros_session={good}").status_code == 200


@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/sign-out"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "{shell}", "Sec_Fetch_Site": "cross-site"},
        {"Origin": "{shell}.evil.example"},
    ],
)
def test_a_form_from_elsewhere_is_refused(
    platform: Platform, good: str, path: str, headers: dict[str, str]
) -> None:
    """By a page to a person and in the error form to a script; it signs nobody in or out."""
    sent = {name: value.format(shell=platform.url()) for name, value in headers.items()}
    sent["Cookie"] = f"kyros_session={good}"
    answer = post(platform, path, {"email": ADMIN}, **sent)
    assert answer.status_code == 403
    assert_page(answer)
    assert "Set-Cookie" not in answer.headers
    said = post(platform, path, {"email": ADMIN}, **sent, Sec_Fetch_Mode="cors")
    assert said.status_code == 403
    assert said.json()["error"]["code"] == "CROSS_ORIGIN"
    assert get(platform, PAGE, Cookie=sent["Cookie"]).status_code == 200


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        ({"email": "x" * 40_000}, "application/x-www-form-urlencoded", 413),
        ('{"email": "admin@acme.com"}', "application/json", 415),
        ("email=admin@acme.com", "text/plain", 415),
        (b"\xff\xfe\x00email=%E0%A4%A", "application/x-www-form-urlencoded", 303),
        ("", "application/x-www-form-urlencoded", 303),
    ],
)
def test_what_is_no_form_of_ours(
    platform: Platform, data: object, content_type: str, status: int
) -> None:
    """Is refused by a page, or is a form in which everything is missing."""
    headers = {"Origin": platform.url(), "Content_Type": content_type}
    answer = post(platform, "/auth/sign-in", data, **headers)
    assert answer.status_code == status
    if status == 303:
        assert answer.headers["Location"] == "/sign-in"
        assert "kyros_session" not in answer.cookies
    else:
        assert_page(answer)


def test_an_endless_form_is_not_read_to_its_end(platform: Platform) -> None:
    """A body of unknown length is cut off."""
    chunks = (b"x" * 65536 for _ in range(10_000))
    headers = {"Origin": platform.url(), "Content_Type": "application/x-www-form-urlencoded"}
    try:
        answer = post(platform, "/auth/sign-in", chunks, **headers)
    except requests.ConnectionError:  # it was hung up on in the middle of it
        pass
    else:
        assert answer.status_code == 413
    assert next(chunks, None) is not None, "all of it was taken"


@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/sign-out"])
def test_a_forms_target_opened_as_a_page(person: Person, path: str) -> None:
    """Leads to a page, and signs nobody out."""
    person.sign_in(ADMIN)
    person.page.goto(path)
    expect(person.page).to_have_url(f"{person.page.url.partition('/t')[0]}/tenants")


def test_there_is_nothing_else_below_auth(platform: Platform) -> None:
    """An address that does not exist is a page like any other that does not."""
    answer = get(platform, "/auth/nothing")
    assert answer.status_code == 404
    assert_page(answer)


def test_the_flash_of_another_is_not_shown(platform: Platform) -> None:
    """Nobody can make our page say something of their choice."""
    for value in ("x", "1~x", "a.b.c.d.e", "%E0%A4%A"):
        page = get(platform, "/sign-in", Cookie=f"kyros_sign_in={value}")
        assert page.status_code == 200
        assert 'role="alert"' not in page.text
