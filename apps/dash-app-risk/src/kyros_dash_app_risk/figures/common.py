"""What the charts of all tabs share: axes of categories, legends, and how things are worded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kyros_dash_kit.chart import count_axis, escape
from kyros_dash_kit.formats import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kyros_dash_kit import Theme
    from kyros_dash_kit.formats import Money

    Frame = Mapping[str, Sequence[Any]]
    Row = Mapping[str, Any]
    Rows = Sequence[Row]

NOTHING = "No accounts in this selection"
MINUS, TIMES = "\N{MINUS SIGN}", "\N{MULTIPLICATION SIGN}"
_LABEL_WIDTH = 22  # characters of a line beside a bar: a third of a phone's width
LINE_HEIGHT, _LABEL_GAP = 15, 4  # pixels
_NAME = 44  # characters of a name within a title
ROW = 44  # pixels of a bar and its name
_LEAST_HEIGHT, _AXES_HEIGHT = 340, 96  # pixels


@dataclass(frozen=True, slots=True)
class Cut:
    """What the portfolio is cut by.

    Attributes:
        column: as the API names it.
        name: as people do.
    """

    column: str
    name: str

    def part(self, segment: object) -> str:
        """Return what a click on a segment chooses; sent back as it is, and never drawn."""
        return f"{self.column}:{segment}"


def quoted(name: object) -> str:
    """Put a name of the data into a sentence, shortened where it is very long."""
    text = str(name)
    return f"“{text if len(text) <= _NAME else text[: _NAME - 1].rstrip() + '…'}”"


def accounts(number: float) -> str:
    """Write ``1 account`` or ``1,000 accounts``."""
    return f"{count(number)} account{'' if number == 1 else 's'}"


def none_of(number: float) -> str:
    """Say that nobody defaulted."""
    return (
        "The one account did not default"
        if number == 1
        else f"None of {accounts(number)} defaulted"
    )


def exactly(share: float) -> str:
    """Write a threshold with all its digits: ``20 %``, ``2.5 %``."""
    return f"{share * 100:.6g}\N{NO-BREAK SPACE}%"


def signed(value: float, decimals: int = 0) -> str:
    """Write points with their sign, a real minus for what is below: ``+12``, ``0``."""
    text = f"{abs(value):,.{decimals}f}"
    if not float(text.replace(",", "")):
        return text
    return f"{MINUS if value < 0 else '+'}{text}"


def whole(value: float) -> str:
    """Write points of a scorecard: ``42``, and a real minus for what is below 0."""
    return signed(value).removeprefix("+")


def label(name: object, lines: int = 2) -> str:
    """Break a name into the few short lines that fit beside a bar."""
    broken = escape(name, _LABEL_WIDTH).split("<br>")
    if len(broken) > lines:
        broken = [*broken[: lines - 1], broken[lines - 1] + "…"]
    return "<br>".join(broken)


def category_axis(names: Sequence[object], row: int = ROW) -> dict[str, Any]:
    """Return an axis with names from top to bottom, in the order of the data.

    Args:
        names: not yet safe.
        row: the pixels that each has.
    """
    lines = max((row - _LABEL_GAP) // LINE_HEIGHT, 1)
    return {
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": [label(name, lines) for name in names],
        "range": [len(names) - 0.5, -0.5],
        "showgrid": False,
        "ticks": "",
        "ticklabelstandoff": 8,
    }


def money_axis(theme: Theme, text: str, money: Money, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return an axis of amounts, with the currency in its title."""
    return count_axis(theme, f"{text} ({money.unit or 'amount'})", **more)


def category_height(number: int, row: int = ROW) -> int:
    """Return the pixels that a chart with so many names needs."""
    return max(_LEAST_HEIGHT, number * row + _AXES_HEIGHT)


def above(theme: Theme, at: float, text: str, anchor: str = "center") -> dict[str, Any]:
    """Return the words above such a line.

    Args:
        theme: the colours.
        at: the value of the x axis.
        text: the words, already safe.
        anchor: ``left`` starts at the line, ``right`` ends at it.
    """
    return {
        "x": at,
        "xanchor": anchor,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "text": text,
        "showarrow": False,
        "font": {"color": theme.muted, "size": 12},
    }


def dot(theme: Theme, colour: str, size: int = 11) -> dict[str, Any]:
    """Return a marker that stands off what is under it."""
    return {"color": colour, "size": size, "line": {"color": theme.paper, "width": 2}}


def interval(rows: Rows, share: str, theme: Theme) -> dict[str, Any]:
    """Return the error bars of shares drawn as percent.

    Args:
        rows: with ``lower`` and ``upper``.
        share: the column between them.
        theme: the colours.
    """
    return {
        "type": "data",
        "symmetric": False,
        "array": [(row["upper"] - row[share]) * 100 for row in rows],
        "arrayminus": [(row[share] - row["lower"]) * 100 for row in rows],
        "color": theme.accent,
        "thickness": 2,
        "width": 0,
    }


def words_behind(theme: Theme, texts: Sequence[str]) -> dict[str, Any]:
    """Return the properties of bars that have a number behind them, whatever their length."""
    return {
        "text": list(texts),
        "textposition": "outside",
        "textfont": {"color": theme.ink, "size": 12},
        "constraintext": "none",
        "cliponaxis": False,
    }
