"""Tenants: their cards, their logos, the header's switcher, and many of them."""

from __future__ import annotations

import json
import re
import sqlite3
import uuid
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from benchmarks.production import Platform
    from tests.shell.conftest import Platforms
    from tests.shell.people import People, Person

pytestmark = [pytest.mark.stack, pytest.mark.browser]

ADMIN = "admin@acme.com"
MANY = 200
# A red dot.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415478da63f8cfc0000003010100f70341430000000049454e44ae"
    "426082"
)


# Milliseconds until the switcher shows tenants, and until it shows those that are looked for.
OPEN_AND_FIND = """async () => {
  const frame = (done) => requestAnimationFrame(() => setTimeout(done));
  const until = async (holds) => { while (!holds()) await new Promise(frame); };
  const options = () => document.querySelectorAll("[role=option]").length;
  const began = performance.now();
  document.querySelector("[popovertarget]").click();
  await until(() => options() > 0);
  const opened = performance.now();
  const field = document.querySelector("[role=combobox]");
  await until(() => options() === 200);
  const typed = performance.now();
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  set.call(field, "office 15");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await until(() => options() < 20);
  const found = performance.now();
  document.querySelector("[popover]").hidePopover();
  await until(() => options() === 0);
  return [opened - began, found - typed];
}"""


def add_tenants(platform: Platform, count: int) -> None:
    """Add tenants without dashboards, which the demo's admin may view."""
    with closing(sqlite3.connect(platform.data / "tenant_metadata.db")) as database, database:
        found = database.execute("SELECT id FROM users WHERE email = ?", [ADMIN])
        [user] = found.fetchone()
        for number in range(count):
            tenant, config = str(uuid.uuid4()), {"primary_color": f"#{number * 61_111 % 2**24:06x}"}
            database.execute(
                "INSERT INTO tenants (id, name, slug, is_active, config_json, created_at)"
                " VALUES (?, ?, ?, 1, ?, '2026-01-01 00:00:00')",
                [tenant, f"Office {number:03}", f"office-{number:03}", json.dumps(config)],
            )
            database.execute("INSERT INTO user_tenants VALUES (?, ?, 'viewer')", [user, tenant])


@pytest.fixture(scope="module")
def crowded(platforms: Platforms) -> Iterator[Platform]:
    """A platform where the demo's admin has 200 tenants, and Acme a third dashboard."""
    with platforms.running() as own:
        add_tenants(own, MANY - 2)
        with closing(sqlite3.connect(own.data / "tenant_metadata.db")) as database, database:
            dashboard = str(uuid.uuid4())
            database.execute(
                "INSERT INTO dashboards VALUES (?, 'churn', 'Churn', ?, '{}')",
                [dashboard, "Whom we lose, and when."],
            )
            database.execute(
                "INSERT INTO tenant_dashboards (tenant_id, dashboard_id, config_json)"
                " SELECT id, ?, '{}' FROM tenants WHERE slug = 'acme-corp'",
                [dashboard],
            )
        yield own


def card(page: Page, name: str) -> Locator:
    """Return a tenant's card."""
    return page.get_by_role("article").filter(has=page.get_by_role("link", name=name, exact=True))


def switcher(page: Page) -> Locator:
    """Return the button that opens the other tenants."""
    return page.get_by_role("button", name=re.compile("change tenant"))


def test_a_card_tells_of_its_tenant(person: Person) -> None:
    """It is a link named by the tenant, with initials, role and number of dashboards."""
    person.sign_in(ADMIN)
    page = person.page
    expect(page.get_by_role("article")).to_have_count(2)
    expect(card(page, "Acme Corporation")).to_contain_text("AC")
    expect(card(page, "Acme Corporation")).to_contain_text("admin · 2 dashboards")
    expect(card(page, "Beta Industries")).to_have_text("BIBeta Industriesadmin · 1 dashboard")
    rule = card(page, "Beta Industries").locator(".tenant-rule")
    expect(rule).to_have_css("background-color", "rgb(255, 87, 34)")
    card(page, "Beta Industries").click()
    page.wait_for_url("**/tenant/beta-ind")
    assert person.witness.complaints == []


def test_one_tenant_alone_is_opened_at_once(person: Person) -> None:
    """Who has one tenant never chooses: neither after signing in, nor by the name on top."""
    person.sign_in("viewer@beta.com")
    page = person.page
    page.wait_for_url("**/tenant/beta-ind")
    expect(switcher(page)).to_have_count(0)
    page.get_by_role("link", name="Kyros, all tenants").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboards")
    assert page.url.endswith("/tenant/beta-ind")


def test_a_few_tenants_by_keyboard(person: Person) -> None:
    """The switcher is a menu: arrows, Home, End and letters move, Escape gives the focus back."""
    person.sign_in(ADMIN, path="/tenant/acme-corp")
    page, press = person.page, person.page.keyboard.press
    switcher(page).focus()
    press("Enter")
    menu = page.get_by_role("menu", name="Tenants")
    acme = menu.get_by_role("menuitem", name="Acme Corporation")
    beta = menu.get_by_role("menuitem", name="Beta Industries")
    expect(acme).to_be_focused()
    expect(switcher(page)).to_have_attribute("aria-expanded", "true")
    for key, expected in [
        ("ArrowDown", beta),
        ("ArrowDown", acme),
        ("ArrowUp", beta),
        ("Home", acme),
        ("End", beta),
        ("a", acme),
        ("z", acme),
    ]:
        press(key)
        expect(expected).to_be_focused()
    page.wait_for_timeout(600)  # what is typed later is another word
    page.keyboard.type("bet")
    expect(beta).to_be_focused()
    press("Escape")
    expect(menu).to_have_count(0)
    expect(switcher(page)).to_be_focused()
    expect(switcher(page)).to_have_attribute("aria-expanded", "false")
    press("ArrowDown")
    expect(acme).to_be_focused()
    press("End")
    press("Enter")
    page.wait_for_url("**/tenant/beta-ind")
    expect(page.get_by_role("menu")).to_have_count(0)
    assert person.witness.complaints == []


def test_a_click_elsewhere_closes_the_switcher(person: Person) -> None:
    """Also one into the dashboard, which is a page of its own."""
    person.sign_in(ADMIN, path="/tenant/acme-corp/dashboard/risk-analysis")
    page = person.page
    person.frame.locator('#kyros-content[aria-busy="false"]').wait_for(state="attached")
    switcher(page).click()
    expect(page.get_by_role("menu")).to_be_visible()
    person.frame.get_by_role("tab").nth(1).click()
    expect(page.get_by_role("menu")).to_have_count(0)


def test_a_logo_in_place_of_initials(platforms: Platforms, people: People) -> None:
    """It comes from this host, may be kept, and is nobody's but the tenant's people's."""
    with platforms.running() as own:
        picture = own.data / "logo.png"
        picture.write_bytes(PNG)
        own.admin("tenant", "change", "acme-corp", "--logo", str(picture))
        person, stranger = people.new(own), people.new(own)
        person.sign_in(ADMIN)
        image = card(person.page, "Acme Corporation").locator("img")
        expect(image).to_be_visible()
        expect(image).to_have_js_property("naturalWidth", 1)
        expect(card(person.page, "Beta Industries")).to_contain_text("BI")
        address = image.get_attribute("src") or ""
        assert address.startswith("/tenants/acme-corp/logo?v=")
        answer = person.page.request.get(address)
        assert (answer.status, answer.body()) == (200, PNG)
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"] == "image/png"
        assert person.page.request.get("/tenants/beta-ind/logo").status == 404
        assert stranger.page.request.get(address).status == 404
        stranger.sign_in("viewer@beta.com")
        assert stranger.page.request.get(address).status == 404
        assert person.witness.complaints == []


def test_two_hundred_tenants_are_found_by_typing(crowded: Platform, people: People) -> None:
    """On the page of tenants: by a part of the name; Enter opens the first."""
    person = people.new(crowded)
    person.sign_in(ADMIN)
    page = person.page
    expect(page.get_by_role("article")).to_have_count(MANY)
    field = page.get_by_role("searchbox", name="Find a tenant")
    field.fill("office 19")
    expect(page.get_by_role("article")).to_have_count(10)
    expect(page.get_by_text(f"10 of {MANY}")).to_be_visible()
    field.fill("nobody")
    expect(page.get_by_text("No tenant of yours is called like that.")).to_be_visible()
    field.fill("123")
    expect(page.get_by_role("article")).to_have_count(1)
    field.press("Enter")
    page.wait_for_url("**/tenant/office-123")
    expect(page.get_by_role("heading", name="No dashboards yet")).to_be_visible()
    assert person.witness.complaints == []


def test_two_hundred_tenants_by_keyboard(crowded: Platform, people: People) -> None:
    """The switcher has a field; arrows, Home, End and Enter work from within it."""
    person = people.new(crowded)
    person.sign_in(ADMIN, path="/tenant/acme-corp")
    page, press = person.page, person.page.keyboard.press
    switcher(page).focus()
    press("Enter")
    field = page.get_by_role("combobox", name="Find a tenant")
    expect(field).to_be_focused()
    options = page.get_by_role("listbox", name="Tenants").get_by_role("option")
    expect(options).to_have_count(MANY)

    def expect_active(name: str) -> None:
        active = page.locator(f"[id='{field.get_attribute('aria-activedescendant')}']")
        expect(active).to_have_text(name)
        expect(active).to_have_attribute("aria-selected", "true")
        expect(active).to_be_in_viewport()

    for key, expected in [
        ("End", "Office 197"),
        ("ArrowDown", "Acme Corporation"),
        ("ArrowUp", "Office 197"),
        ("Home", "Acme Corporation"),
        ("ArrowDown", "Beta Industries"),
    ]:
        press(key)
        expect(options.filter(has_text=expected)).to_have_attribute("aria-selected", "true")
    expect_active("BIBeta Industries")
    page.keyboard.type("150")
    expect(options).to_have_count(1)
    press("Escape")
    expect(field).to_have_count(0)
    expect(switcher(page)).to_be_focused()
    press("Enter")
    expect(field).to_be_focused()
    page.keyboard.type("office 150")
    expect(options).to_have_count(1)
    press("Enter")
    page.wait_for_url("**/tenant/office-150")
    assert person.witness.complaints == []


def test_two_hundred_tenants_are_quick(crowded: Platform, people: People) -> None:
    """The switcher opens, and finds, within two tenths of a second of the browser's own time."""
    person = people.new(crowded)
    person.sign_in(ADMIN, path="/tenant/acme-corp")
    page = person.page
    page.wait_for_load_state("networkidle")
    took = [page.evaluate(OPEN_AND_FIND) for _ in range(3)]
    # The best of three: other programs run on the machine as well.
    assert min(opened for opened, _ in took) < 200, took
    assert min(found for _, found in took) < 200, took


def test_a_new_dashboard_has_a_preview(crowded: Platform, people: People) -> None:
    """A third one, of which the shell knows nothing, is a card with a drawing of its own."""
    person = people.new(crowded)
    person.sign_in(ADMIN, path="/tenant/acme-corp")
    cards = person.page.get_by_role("article")
    expect(cards).to_have_count(3)
    drawings = cards.locator("svg").evaluate_all("all => all.map((one) => one.innerHTML)")
    assert len(set(drawings)) == 3
    assert all(drawing.count("<") > 3 for drawing in drawings)
    churn = cards.filter(has=person.page.get_by_role("link", name="Churn", exact=True))
    expect(churn).to_contain_text("Whom we lose, and when.")


def test_nothing_assigned(crowded: Platform, people: People) -> None:
    """Somebody without tenants is told so, and whom to ask."""
    crowded.admin("user", "add", "new@example.com")
    crowded.admin("role", "grant", "new@example.com", "acme-corp", "viewer")
    person = people.new(crowded)
    person.sign_in("new@example.com")
    crowded.admin("role", "revoke", "new@example.com", "acme-corp")
    person.page.wait_for_timeout(1_100)  # what a page was told is good for a second
    person.page.goto("/tenants")
    expect(person.page.get_by_text("Ask your administrator for access.")).to_be_visible()
