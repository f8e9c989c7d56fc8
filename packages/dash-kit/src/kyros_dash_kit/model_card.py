"""The model card: what a model was fitted to, how well it does, and what to beware of.

Its rows are those of the views ``model_card``: ``position``, ``section``, ``name``, ``value`` or
``text`` (or both), ``kind`` as of a :class:`~kyros_dash_kit.page.Column`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_kit.chart import rows
from kyros_dash_kit.formats import unbroken, write
from kyros_dash_kit.page import Column
from kyros_dash_kit.view import Notice, TableView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit.formats import Money

    Frame = Mapping[str, Sequence[Any]]

_WARNINGS = "Warnings"
_LARGE = 1000  # numbers above, such as a log-likelihood, keep one decimal


def warnings(card: Frame) -> list[str]:
    """Return what the reader should beware of, in sentences."""
    found = [row for row in rows(card) if row["section"] == _WARNINGS]
    return [unbroken(str(row["text"] or row["name"])) for row in found]


def warned(card: Frame) -> Notice:
    """Return the notice of a view whose figures the card warns of: a short one, the rest folded."""
    found = warnings(card)
    if not found:
        return Notice()
    number = "a warning" if len(found) == 1 else f"{len(found)} warnings"
    said = f"Read these figures with care: the model comes with {number}."
    return Notice(said, "\n".join(found))


def model_card(card: Frame, money: Money) -> TableView:
    """Return the card as a table: warnings first, all else in its order."""
    found = sorted(rows(card), key=lambda row: (row["section"] != _WARNINGS, row["position"]))
    shown: dict[str, list[str]] = {
        "section": _once([str(row["section"]) for row in found]),
        "name": [str(row["name"]) for row in found],
        "value": [_value(row, money) for row in found],
    }
    columns = [Column("section", "About"), Column("name", "What"), Column("value", "Value")]
    return TableView("Model card", columns, shown, "What the model rests on")


def _once(sections: Sequence[str]) -> list[str]:
    """Name a section in its first row only; a blank is not taken for something missing."""
    before = ["", *sections]
    pairs = zip(sections, before, strict=False)
    return ["\N{NO-BREAK SPACE}" if name == last else name for name, last in pairs]


def _value(row: Mapping[str, Any], money: Money) -> str:
    value, kind, text = row["value"], str(row["kind"]), row["text"]
    if isinstance(text, str):
        text = unbroken(text)
    if value is None:
        return write(text, kind, money)
    decimals = 1 if kind == "number" and abs(value) >= _LARGE else None
    number = write(value, kind, money, decimals)
    return f"{number} ({text})" if text else number
