"""Short explanations of a dashboard's terms, behind the terms themselves.

A term is a button where it first stands on a tab. What it opens is a popover of the browser's own,
which ``assets/kyros-hints.js`` fills and places: one for all terms, since one is read at a time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dash import html

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dash.development.base_component import Component

Marked = str | list[Any]
"""Text, or its parts with the buttons among them."""


class Terms:
    """The terms that have no hint yet, on one tab."""

    def __init__(self, glossary: Mapping[str, str], explained: Iterable[str] = ()) -> None:
        self._left = dict(glossary)
        for term in explained:
            self._left.pop(term, None)

    def mark(self, text: str) -> Marked:
        """Put a button in the place of each term that stands in a text for the first time."""
        found = list(_pattern(self._left).finditer(text)) if self._left else []
        parts: list[Any] = []
        end = 0
        for match in found:
            explanation = self._left.pop(match[0], None)
            if explanation is None:
                continue  # for the second time
            parts += [text[end : match.start()], term(match[0], explanation)]
            end = match.end()
        if not parts:
            return text
        return [part for part in (*parts, text[end:]) if part]


def terms_in(text: str, glossary: Mapping[str, str]) -> list[str]:
    """Return the terms that stand in a text, each once, in their order."""
    return list(dict.fromkeys(_pattern(glossary).findall(text))) if glossary else []


def term(word: str, explanation: str) -> Component:
    """Return a term that says on request what it means."""
    return _button(word, "term", explanation)


def about(subject: str, explanation: str) -> Component:
    """Return a question mark that says on request what something means."""
    return _button("?", "term about", explanation, **{"aria-label": f"About {subject}"})


def _button(text: str, classes: str, explanation: str, **more: str) -> Component:
    said: dict[str, Any] = {"data-hint": explanation, "aria-expanded": "false", **more}
    return html.Button(text, type="button", className=classes, **said)


def _pattern(terms: Iterable[str]) -> re.Pattern[str]:
    """Return what finds the terms as words of their own, the longest first."""
    words = "|".join(map(re.escape, sorted(terms, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")
