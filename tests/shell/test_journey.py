"""From the sign-in page to an answer, as a person goes who never saw Kyros before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from scripts.support.project import RISK
from tests.shell.people import People, Person, wait_until_drawn

if TYPE_CHECKING:
    from tests.shell.conftest import Platforms

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_from_sign_in_to_a_figure(people: People, width: int, *, dark: bool) -> None:
    """Clicks alone lead to drawn figures, on a desk and on a telephone; nothing complains."""
    person = people.new(width=width, dark=dark)
    person.sign_in("admin@acme.com")
    frame = person.enter("Acme Corporation", "Risk")
    wait_until_drawn(frame)
    expect(frame.get_by_text("1,000").first).to_be_visible()
    assert person.witness.complaints == []


def test_a_stopped_dashboard_comes_back(platforms: Platforms, people: People) -> None:
    """While its service is away the frame says so; it is drawn once the service is there."""
    with platforms.running() as own:
        person = people.new(own)
        person.sign_in("viewer@beta.com")
        own.stop(RISK)
        frame = person.enter("Beta Industries", "Risk")
        expect(frame.get_by_role("heading")).to_be_visible()
        own.start(RISK)
        wait_until_drawn(frame)


def test_signing_in_leads_to_the_page_that_was_wanted(person: Person) -> None:
    """Who opens a dashboard's address signs in first, and is there."""
    address = "/tenant/acme-corp/dashboard/risk-analysis"
    person.sign_in("analyst@acme.com", path=address)
    assert person.page.url.endswith(address)
    wait_until_drawn(person.frame)
