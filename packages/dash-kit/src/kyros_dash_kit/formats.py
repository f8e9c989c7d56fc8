"""Numbers as a reader likes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_SPACE = "\N{NO-BREAK SPACE}"
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "TWD": "NT$", "DEM": "DM" + _SPACE}
_SCALES = ((1e9, "B"), (1e6, "M"))


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
