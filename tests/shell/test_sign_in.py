"""Signing in: what is typed, what is wrong with it, and where it leads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
import requests
from playwright.sync_api import expect

from scripts.support.project import API
from tests.shell.accounts import ANALYST, PASSWORD, give_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from benchmarks.production import Platform
    from tests.shell.conftest import Platforms
    from tests.shell.people import People, Person

pytestmark = [pytest.mark.stack, pytest.mark.browser]

VIEW = "/tenant/acme-corp/dashboard/risk-analysis?tab=model"
LIMIT_SECONDS = 25
scripted = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


@pytest.fixture(scope="module")
def guarded(platforms: Platforms) -> Iterator[Platform]:
    """Services with an account that has a password, and with little patience for failures."""
    limit = f"3/{LIMIT_SECONDS} seconds"
    with platforms.running(SIGN_IN_LIMIT_PER_ACCOUNT=limit) as own:
        give_password(own, ANALYST)
        yield own


def bring(people: People, platform: Platform, *, script: bool) -> Person:
    """Bring somebody with or without script."""
    return people.new(platform) if script else people.new_without_script(platform)


def fields(page: Page) -> tuple[Locator, Locator]:
    """Return the two fields."""
    return page.get_by_label("Email"), page.get_by_label("Password", exact=True)


def submit(page: Page, email: str, password: str) -> None:
    """Fill in the form, and send it as most people do."""
    for field, text in zip(fields(page), (email, password), strict=True):
        field.fill(text)
    page.get_by_role("button", name="Sign in", exact=True).click()


def description(field: Locator) -> str:
    """Return what a screen reader says of a field besides its label."""
    return str(
        field.evaluate(
            """field => (field.getAttribute("aria-describedby") ?? "").split(" ")
               .map(id => document.getElementById(id)?.textContent ?? "").join(" ")"""
        )
    )


@scripted
def test_email_and_password_lead_to_the_view_that_was_wanted(
    people: People, guarded: Platform, *, script: bool
) -> None:
    """Filters included; the address of the form never shows a password or an email."""
    person = bring(people, guarded, script=script)
    asked = person.witness.requests
    person.page.goto(VIEW)
    expect(person.page).to_have_title("Sign in · Kyros")
    submit(person.page, f"  {ANALYST.upper()} ", PASSWORD)
    person.page.wait_for_url(f"**{VIEW}")
    assert not [one.url for one in asked if PASSWORD in one.url or "analyst" in one.url.lower()]
    assert person.witness.complaints == []


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/auth/sign-out",
        "javascript:1",
    ],
)
def test_nobody_is_led_to_another_site(people: People, guarded: Platform, wanted: str) -> None:
    """A link to sign-in that leads anywhere but to a page of ours leads to the tenants."""
    person = people.new(guarded)
    person.page.goto(f"/sign-in?{urlencode({'next': wanted})}")
    submit(person.page, ANALYST, PASSWORD)
    person.page.wait_for_url(re.compile(r"/tenants?(/|$)"))


@scripted
@pytest.mark.parametrize(
    ("email", "password", "wrong", "message"),
    [
        ("", "", "Email", "Enter the email address of your account."),
        ("analyst", "x", "Email", "Enter an email address such as name@example.com."),
        (ANALYST, "", "Password", "Enter your password."),
        (ANALYST, "x" * 129, "Password", "Passwords here have 128 characters at most"),
    ],
)
def test_what_is_missing_is_said_at_its_field(  # noqa: PLR0913 - a row of the table and two fixtures
    people: People,
    guarded: Platform,
    *,
    script: bool,
    email: str,
    password: str,
    wrong: str,
    message: str,
) -> None:
    """The focus is in the field, which is described by the message; the email stays."""
    page = bring(people, guarded, script=script).page
    page.goto("/sign-in")
    submit(page, email, password)
    field = page.get_by_label(wrong, exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    assert message in description(field)
    expect(fields(page)[0]).to_have_value(email)


@scripted
def test_wrong_credentials_are_said_above_the_form(
    people: People, guarded: Platform, *, script: bool
) -> None:
    """The email stays, the password goes and has the focus, and a reader hears why."""
    page = bring(people, guarded, script=script).page
    page.goto("/sign-in")
    nobody = f"nobody-{script}@acme.com"
    submit(page, nobody, "wrong")
    expect(page.get_by_role("main").get_by_role("alert")).to_contain_text(
        "The email or the password is wrong."
    )
    email, password = fields(page)
    expect(email).to_have_value(nobody)
    expect(password).to_have_value("")
    expect(password).to_be_focused()
    assert "The email or the password is wrong." in description(password)
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("alert")).to_have_count(0)


def test_who_failed_too_often_is_told_for_how_long(people: People, guarded: Platform) -> None:
    """The wait is said in words and counts down, also after a reload; then one can sign in."""
    for _ in range(3):
        fail(guarded, ANALYST)
    page = people.new(guarded).page
    page.goto("/sign-in")
    submit(page, ANALYST, "wrong")
    notice = (
        page.get_by_role("main")
        .get_by_role("alert")
        .filter(has_text="Too many sign-ins have failed")
    )
    expect(notice).to_be_focused()
    shown = notice.locator("strong")
    first = shown.inner_text()
    assert re.fullmatch(r"Try again in \d+ seconds?\.", first)
    expect(shown).not_to_have_text(first)
    page.reload()
    expect(notice).to_contain_text("Try again in")
    expect(fields(page)[0]).to_have_value(ANALYST)
    expect(notice).to_contain_text("You can try again now.")
    fields(page)[1].fill(PASSWORD)
    fields(page)[1].press("Enter")
    page.wait_for_url(re.compile(r"/tenants?(/|$)"))


def test_failures_of_one_address_do_not_shut_out_another(platforms: Platforms) -> None:
    """Behind a proxy of ours the person's own address counts; nobody else's word does."""
    limit = {"SIGN_IN_LIMIT_PER_ADDRESS": "2/hour"}
    with platforms.running(**limit, FORWARDED_ALLOW_IPS="127.0.0.1") as own:
        told = [fail(own, f"{number}@example.com", "192.0.2.1") for number in range(3)]
        assert told == ["wrong", "wrong", "too many"]
        assert fail(own, "4@example.com", "192.0.2.2") == "wrong"
    with platforms.running(**limit) as own:
        told = [fail(own, f"{number}@example.com", f"192.0.2.{number}") for number in range(3)]
        assert told == ["wrong", "wrong", "too many"]


def fail(platform: Platform, email: str, address: str = "192.0.2.1") -> str:
    """Fail to sign in, with somebody's word for the address; returns what the page says."""
    shell = platform.url()
    with requests.Session() as session:
        page = session.post(
            f"{shell}/auth/sign-in",
            data={"email": email, "password": "wrong"},
            headers={"Origin": shell, "X-Forwarded-For": address},
            timeout=20,
        ).text
    return "too many" if "Too many sign-ins have failed" in page else "wrong" * ("is wrong" in page)


def test_the_page_waits_for_an_api_that_is_away(people: People, platforms: Platforms) -> None:
    """It says so above the form, keeps what is typed, and goes on when the API is back."""
    with platforms.running() as own:
        give_password(own, ANALYST)
        own.stop(API)
        page = people.new(own).page
        answer = page.goto(f"/sign-in?{urlencode({'next': VIEW})}")
        assert answer is not None
        assert answer.status == 503
        notice = (
            page.get_by_role("main")
            .get_by_role("alert")
            .filter(has_text="Kyros is away for a moment")
        )
        expect(notice).to_be_focused()
        submit(page, ANALYST, PASSWORD)
        expect(notice).to_be_visible()
        email, password = fields(page)
        expect(email).to_have_value(ANALYST)
        expect(password).to_have_value("")
        password.press_sequentially(PASSWORD)
        own.start(API)
        expect(page.get_by_role("main").get_by_role("alert")).to_contain_text("It is back")
        expect(page.get_by_role("button", name="admin@acme.com")).to_be_visible()
        expect(password).to_have_value(PASSWORD)
        password.press("Enter")
        page.wait_for_url(f"**{VIEW}")


def test_demo_users_are_buttons_in_demo_mode_only(
    people: People, person: Person, platforms: Platforms
) -> None:
    """Elsewhere there are none, and asking for one all the same is refused in words."""
    person.page.goto("/sign-in")
    for email in ("admin@acme.com", ANALYST, "viewer@beta.com"):
        expect(person.page.get_by_role("button", name=email)).to_be_visible()
    with platforms.running(AUTH_MODE="password") as own:
        page = people.new(own).page
        page.goto("/sign-in")
        expect(page.get_by_role("button", name="@")).to_have_count(0)
        page.evaluate("document.querySelector('[name=password]').remove()")
        page.get_by_label("Email").fill(ANALYST)
        page.get_by_role("button", name="Sign in", exact=True).evaluate("b => b.form.submit()")
        expect(page.get_by_role("main").get_by_role("alert")).to_contain_text(
            "This installation has no demo users."
        )


def test_password_managers_and_eyes_are_helped(person: Person) -> None:
    """Fields say what they hold, the password can be shown, and Caps Lock is pointed out."""
    page = person.page
    page.goto("/sign-in")
    email, password = fields(page)
    expect(email).to_have_attribute("autocomplete", "username")
    expect(password).to_have_attribute("autocomplete", "current-password")
    password.fill("hidden")
    expect(password).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show what is typed").click()
    expect(password).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide what is typed").click()
    expect(password).to_have_attribute("type", "password")
    expect(password).to_have_value("hidden")
    password.evaluate(
        """field => field.dispatchEvent(new KeyboardEvent("keydown",
           {key: "A", bubbles: true, modifierCapsLock: true}))"""
    )
    expect(page.get_by_text("Caps Lock is on.")).to_be_visible()


def test_the_keyboard_is_enough(people: People, guarded: Platform) -> None:
    """The focus begins in the first field; typing, Tab and Enter do the rest."""
    page = people.new(guarded).page
    page.goto("/sign-in")
    expect(page.get_by_label("Email")).to_be_focused()
    page.keyboard.type(ANALYST)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/tenants?(/|$)"))
