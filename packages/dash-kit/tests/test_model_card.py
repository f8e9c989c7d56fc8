"""How a model card reads."""

from __future__ import annotations

from typing import Any

from kyros_dash_kit.formats import Money
from kyros_dash_kit.model_card import model_card, warned, warnings

CARD: dict[str, list[Any]] = {
    "position": [1, 2, 3, 4, 5],
    "section": ["Data", "Data", "Fit", "Checks", "Warnings"],
    "name": ["Customers", "Spent", "Log-likelihood", "Error", "Short"],
    "value": [23570.0, 10.0, -9582.43, -0.12, None],
    "text": [None, None, None, "too few", "Only nine weeks are known."],
    "kind": ["count", "money", "number", "percent", "text"],
}
NBSP = "\N{NO-BREAK SPACE}"


def test_table() -> None:
    """Warnings come first; a section is named once; values are written as their kind says."""
    table = model_card(CARD, Money("USD"))

    assert ["Warnings", "Data", NBSP, "Fit", "Checks"] == table.frame["section"]
    expected = ["Only nine weeks are known.", "23,570", "$10.00", "\N{MINUS SIGN}9,582.4"]
    assert [*expected, f"-12.0{NBSP}% (too few)"] == table.frame["value"]


def test_warnings() -> None:
    """Only warnings are warned of."""
    assert ["Only nine weeks are known."] == warnings(CARD)
    assert [] == warnings({name: [] for name in CARD})


def test_notice() -> None:
    """A short sentence says how many there are; they themselves are folded."""
    assert "Read these figures with care: the model comes with a warning." == warned(CARD).text
    several = {name: [*values, values[-1]] for name, values in CARD.items()}
    several["text"][-1] = "14 % fewer."
    found = warned(several)
    assert "Read these figures with care: the model comes with 2 warnings." == found.text
    assert f"Only nine weeks are known.\n14{NBSP}% fewer." == found.details
    assert "" == warned({name: [] for name in CARD}).text
