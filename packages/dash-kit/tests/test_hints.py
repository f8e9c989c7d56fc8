"""What terms mean: where a hint is put, and where not."""

from __future__ import annotations

from typing import Any

import pytest

from kyros_dash_kit._hints import Terms, terms_in
from kyros_dash_kit.formats import unbroken

GLOSSARY = {"PD": "how likely", "P(alive)": "still there", "BG/NBD": "a model", "PD stress": "more"}
NBSP = "\N{NO-BREAK SPACE}"


def shape(marked: Any) -> list[str]:  # noqa: ANN401 - text, or its parts
    """Write buttons in brackets, with what they explain."""
    parts = marked if isinstance(marked, list) else [marked]
    return [
        one if isinstance(one, str) else f"[{one.children}: {getattr(one, 'data-hint')}]"
        for one in parts
    ]


def test_a_term_has_one_hint() -> None:
    """It has it where it stands first; text without a term stays text."""
    terms = Terms(GLOSSARY)

    assert ["mean ", "[PD: how likely]", ", PD"] == shape(terms.mark("mean PD, PD"))
    assert terms.mark("PD once more") == "PD once more"
    assert "nothing" == terms.mark("nothing")
    assert ["(", "[BG/NBD: a model]", ")"] == shape(terms.mark("(BG/NBD)"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PDs and aPD", []),
        ("P(alive), PD", ["P(alive)", "PD"]),
        ("What if: PD stress; PD stress", ["PD stress"]),
        ("P(alive)s", []),
        ("", []),
    ],
)
def test_a_term_is_a_word_of_its_own(text: str, found: list[str]) -> None:
    """The longest is meant where one begins with another."""
    assert found == terms_in(text, GLOSSARY)


def test_what_is_explained_already() -> None:
    """Nor has it one where it stood before any figure; a page may have no terms at all."""
    assert "PD" == Terms(GLOSSARY, ["PD"]).mark("PD")
    assert "PD" == Terms({}).mark("PD")
    assert [] == terms_in("PD", {})


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("14 % fewer", f"14{NBSP}% fewer"),
        ("a % b", "a % b"),
        ("95 % and 5 %", f"95{NBSP}% and 5{NBSP}%"),
    ],
)
def test_numbers_keep_their_unit(text: str, kept: str) -> None:
    """Words of the data do not break between a number and its unit."""
    assert kept == unbroken(text)
