"""What axe-core finds wrong with a page for people who see, hear or move differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.support.project import SHELL_UI

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Frame, Page

_SCRIPT = SHELL_UI / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.2 AA with all that it builds upon, and what axe holds to be good practice besides.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A colour half-way between two is nobody's choice: what moves and ends is waited for.
_RUN = """async ([tags, known]) => {
    const ends = ({ effect }) => isFinite(effect.getComputedTiming().endTime);
    const moving = document.getAnimations().filter(ends);
    await Promise.allSettled(moving.map(({ finished }) => finished));
    const { violations } = await axe.run(document, { runOnly: tags, iframes: false });
    const isKnown = (id, target) =>
        known.some(([rule, which]) => rule === id && document.querySelector(target).matches(which));
    return violations.flatMap(({ id, nodes }) => nodes
        .filter(({ target }) => !isKnown(id, target[0]))
        .map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`));
}"""


def findings(page: Page | Frame, known: Sequence[tuple[str, str]] = ()) -> list[str]:
    """Return what is wrong, a line for each element; embedded pages are not looked into.

    The script comes through the debugger, which the page's content security policy does not bind.

    Args:
        page: or one that is embedded, which is then looked at by itself.
        known: what cannot be mended: rules of axe, each with a selector of where it is broken.
    """
    page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_RUN, [_TAGS, known])
    return found
