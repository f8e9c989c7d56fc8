"""Colours of a figure: light or dark, the tenant's own, and safe for colour-blind readers.

The page's colours are the custom properties in ``assets/kyros.css``; a test holds the two
together. Series beyond the tenant's colour use the palette of Okabe and Ito (2008), without its
yellow and black, which vanish on one of the two backgrounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Rgb = tuple[int, int, int]
Figure = dict[str, Any]
Scale = list[list[float | str]]

BLUE, ORANGE, GREEN, SKY, VERMILION, PINK = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#56b4e9",
    "#d55e00",
    "#cc79a7",
)
PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, VERMILION)
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif'
MINIMUM_CONTRAST = 3.0  # WCAG 2.2, 1.4.11, of graphics against what is behind them
TEXT_CONTRAST = 4.5  # 1.4.3, of text
_STEPS = 20


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one figure.

    Attributes:
        name: ``light`` or ``dark``.
        paper: what is behind.
        ink: text that is read first.
        muted: axis text and notes.
        grid: lines that help the eye.
        accent: the tenant's colour, moved as far as its contrast needs.
        soft: the same, for what stands back.
        calm: what is in order, beside ``alert``; never the tenant's colour, which may be alike.
        alert: what the reader should worry about.
    """

    name: str
    paper: str
    ink: str
    muted: str
    grid: str
    accent: str
    soft: str
    calm: str
    alert: str

    @property
    def scale(self) -> Scale:
        """From little to much, for a ``colorscale``: paper to the tenant's colour and beyond.

        Its lightness changes one way only, so it needs no eye for hues, and works in print.
        """
        strong = mix(self.accent, self.ink, 0.35)
        if contrast(self.paper, strong) < contrast(self.paper, self.accent):
            strong = self.accent
        soft = mix(self.paper, self.accent, 0.07)
        return [[0.0, soft], [0.6, mix(soft, strong, 0.6)], [1.0, strong]]

    @property
    def diverging(self) -> Scale:
        """From less to more than a middle, for a ``colorscale``: vermilion, nothing, blue.

        The two are told apart by people of every colour vision, and are not the tenant's.
        """
        low = readable_on(self.paper, VERMILION, towards=self.ink)
        high = readable_on(self.paper, BLUE, towards=self.ink)
        middle = mix(self.paper, self.muted, 0.12)
        return [
            [0.0, low],
            [0.25, mix(middle, low, 0.45)],
            [0.5, middle],
            [0.75, mix(middle, high, 0.45)],
            [1.0, high],
        ]


_LIGHT = {"paper": "#ffffff", "ink": "#1a1f26", "muted": "#5a6572", "grid": "#e7eaee"}
_DARK = {"paper": "#15181d", "ink": "#e9ecef", "muted": "#9aa4b0", "grid": "#2b313a"}


def make_theme(name: str, primary_color: str) -> Theme:
    """Build the theme of a tenant.

    Args:
        name: ``dark``, or else light.
        primary_color: the tenant's colour, ``#rrggbb``.
    """
    base = _DARK if name == "dark" else _LIGHT
    accent = readable_on(base["paper"], primary_color, towards=base["ink"])
    return Theme(
        name="dark" if name == "dark" else "light",
        accent=accent,
        soft=mix(base["paper"], accent, 0.42),
        calm=mix(base["paper"], base["muted"], 0.5),
        alert=readable_on(base["paper"], VERMILION, towards=base["ink"]),
        **base,
    )


def readable_on(
    paper: str, colour: str, *, towards: str, at_least: float = MINIMUM_CONTRAST
) -> str:
    """Move a colour towards another until it stands out from what is behind it."""
    for step in range(_STEPS):
        moved = mix(colour, towards, step / _STEPS)
        if contrast(paper, moved) >= at_least:
            return moved
    return towards


def mix(first: str, second: str, share: float) -> str:
    """Mix two colours; ``share`` is that of the second."""
    pairs = zip(_rgb(first), _rgb(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of WCAG 2, from 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
