"""Numbers as a reader likes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

_SPACE = "\N{NO-BREAK SPACE}"
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "TWD": "NT$", "DEM": "DM" + _SPACE}
_SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
_ONE, _TENTH = 0.01, 0.001
_BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")
_MISSING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts in one currency.

    Args:
        currency: an ISO 4217 code; one without a symbol of its own stands before the amount.
    """

    currency: str

    @property
    def unit(self) -> str:
        """What goes in the brackets of an axis title."""
        return self.symbol.strip()

    @property
    def symbol(self) -> str:
        """What stands directly before an amount."""
        code = self.currency.strip()
        return _SYMBOLS.get(code.upper(), code + _SPACE if code else "")

    def exact(self, value: float, decimals: int = 0) -> str:
        """Write all digits: ``$1,234``."""
        return f"{'-' if value < 0 else ''}{self.symbol}{abs(value):,.{decimals}f}"

    def short(self, value: float) -> str:
        """Write what fits in a key figure: ``$2.50 M``."""
        for scale, name in _SCALES:
            if abs(value) >= scale:
                return f"{self.exact(value / scale, 2)}{_SPACE}{name}"
        return self.exact(value)


def count(value: float) -> str:
    """Write a number of things: ``23,570``."""
    return f"{value:,.0f}"


def percent(share: float, decimals: int = 0) -> str:
    """Write a share of one: ``43 %``."""
    return f"{share * 100:.{decimals}f}{_SPACE}%"


def share(part: float) -> str:
    """Write a share so that it says neither none nor all where that is not so: ``under 0.1 %``."""
    if part in {0, 1} or _ONE <= part <= 1 - _ONE:
        return percent(part)
    if part < _TENTH:
        return f"under {percent(_TENTH, 1)}"
    if part > 1 - _TENTH:
        return f"over {percent(1 - _TENTH, 1)}"
    return percent(part, 1)


def unbroken(text: str) -> str:
    """Keep a number and its ``%`` on one line, in words that come from the data."""
    return _BEFORE_PERCENT.sub(_SPACE, text)


def month(year_month: str) -> str:
    """Write ``1997-01`` as ``Jan 1997`` on one line; anything else stays as it is."""
    try:
        return date.fromisoformat(f"{year_month}-01").strftime(f"%b{_SPACE}%Y")
    except ValueError:
        return year_month


def day(value: object) -> str:
    """Write ``1997-01-01`` as ``1 Jan 1997``; anything else stays as it is."""
    try:
        parsed = date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value)
    return f"{parsed.day} {parsed:%b %Y}"


def number(value: float, decimals: int | None = None) -> str:
    """Write a number with some decimals, or with as many as are of use: ``0.793``, ``14.4``."""
    if decimals is not None:
        return f"{value:,.{decimals}f}"
    size = abs(value)
    if size >= 1000 or value == int(value):  # noqa: PLR2004 - decimals say nothing from here on
        return f"{value:,.0f}"
    return f"{value:#.3g}".rstrip(".") if size >= 0.001 else f"{value:.2e}"  # noqa: PLR2004


def write(value: Any, kind: str, money: Money, decimals: int | None = None) -> str:  # noqa: ANN401
    """Write a table's value as its column says; a missing one is a dash.

    Args:
        value: as the API sends it.
        kind: the column's.
        money: the currency of amounts.
        decimals: how many, None for what suits the kind.
    """
    if value is None or value == "":
        return _MISSING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if kind in ("count", "number", "money", "percent") and isinstance(value, int | float):
        return _write_number(value, kind, money, decimals)
    if kind == "date":
        return day(value)
    return month(str(value)) if kind == "month" else str(value)


def _write_number(value: float, kind: str, money: Money, decimals: int | None) -> str:
    if kind == "count":
        return count(value)
    if kind == "percent":
        return percent(value, 1 if decimals is None else decimals)
    if kind == "money":
        return money.exact(value, 2 if decimals is None else decimals)
    return number(value, decimals).replace("-", "\N{MINUS SIGN}", 1 if value < 0 else 0)
