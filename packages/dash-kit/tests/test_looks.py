"""Colours, numbers, and the frame of every figure."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import plotly.graph_objects as go
import pytest

from kyros_dash_kit import make_theme
from kyros_dash_kit.chart import csv_href, csv_text, empty_figure, escape, figure, rows
from kyros_dash_kit.formats import Money, count, day, month, percent, share, write
from kyros_dash_kit.theme import contrast, readable_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NBSP = "\N{NO-BREAK SPACE}"
COLOURS = ["#0052cc", "#ff5722", "#ffffff", "#000000", "#ffff00", "#15181d", "#808080"]


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("colour", COLOURS)
def test_contrast(name: str, colour: str) -> None:
    """Whatever a tenant's colour is, it can be seen on either background."""
    theme = make_theme(name, colour)

    assert contrast(theme.paper, theme.accent) >= 3
    assert contrast(theme.paper, theme.alert) >= 3
    assert contrast(theme.paper, theme.muted) >= 4.5
    assert contrast(theme.paper, theme.ink) >= 7


def test_colour_is_kept() -> None:
    """A colour that can be seen as it is stays as it is."""
    assert "#0052cc" == make_theme("light", "#0052cc").accent
    assert 1 == contrast("#123456", "#123456")
    assert "#000000" == readable_on("#ffffff", "#ffffff", towards="#000000", at_least=21)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_stylesheet_agrees(name: str) -> None:
    """Page and figures have the same colours."""
    style = files("kyros_dash_kit").joinpath("assets/kyros.css").read_text()
    block = style.split(':root[data-theme="dark"] {')[1] if name == "dark" else style
    theme = make_theme(name, "#0052cc")

    for part in ("paper", "ink", "muted", "grid"):
        assert f"--{part}: {getattr(theme, part)};" in block.split("}")[0]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_figures_are_valid(name: str) -> None:
    """The common frame has only what plotly.js knows, and takes what a chart adds."""
    theme = make_theme(name, "#0052cc")
    drawn = figure([{"type": "bar", "x": [1], "y": [2]}], theme, height=500, xaxis={"dtick": 1})

    checked = go.Figure(drawn)

    assert (500, 1, theme.grid) == (
        checked.layout.height,
        checked.layout.xaxis.dtick,
        checked.layout.xaxis.gridcolor,
    )
    nothing = go.Figure(empty_figure(theme, "nothing here"))
    assert "nothing here" == nothing.layout.annotations[0].text


@pytest.mark.parametrize(
    ("currency", "value", "exact", "short"),
    [
        ("USD", 2_500_315.6, "$2,500,316", f"$2.50{NBSP}M"),
        ("DEM", 3271, f"DM{NBSP}3,271", f"DM{NBSP}3,271"),
        ("TWD", 2e9, "NT$2,000,000,000", f"NT$2.00{NBSP}B"),
        ("EUR", 4e13, "€40,000,000,000,000", f"€40.00{NBSP}T"),
        ("CHF", -12, f"-CHF{NBSP}12", f"-CHF{NBSP}12"),
        ("", 12, "12", "12"),
    ],
)
def test_money(currency: str, value: float, exact: str, short: str) -> None:
    """Amounts carry their currency, and large ones fit in a key figure."""
    assert (exact, short) == (Money(currency).exact(value), Money(currency).short(value))


def test_numbers() -> None:
    """Counts, shares and dates read as people write them."""
    assert "23,570" == count(23570)
    assert (f"43{NBSP}%", f"43.1{NBSP}%") == (percent(0.431), percent(0.431, 1))
    assert (f"Jan{NBSP}1997", "all") == (month("1997-01"), month("all"))
    assert ("1 Jan 1997", "never") == (day("1997-01-01T00:00:00"), day("never"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.9996, "4.00"),
        (0.26, "0.260"),
        (173.4, "173"),
        (4, "4"),
        (-0.821, "\N{MINUS SIGN}0.821"),
        (0.00001234, "1.23e-05"),
    ],
)
def test_number_of_a_table(value: float, text: str) -> None:
    """Numbers below each other have as many digits of use, and a real minus."""
    assert text == write(value, "number", Money(""))


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (0, f"0{NBSP}%"),
        (1, f"100{NBSP}%"),
        (0.431, f"43{NBSP}%"),
        (0.004, f"0.4{NBSP}%"),
        (0.0004, f"under 0.1{NBSP}%"),
        (0.996, f"99.6{NBSP}%"),
        (0.9996, f"over 99.9{NBSP}%"),
    ],
)
def test_share(part: float, text: str) -> None:
    """A share never says none or all where that is not so."""
    assert text == share(part)


def test_csv() -> None:
    """The file holds what is drawn, in a form that no spreadsheet takes for formulas."""
    frame: Mapping[str, Sequence[Any]] = {
        "name": ["=1+1", "a,b", "plain"],
        "value": [-1.5, None, 3],
    }

    assert 'name,value\r\n\'=1+1,-1.5\r\n"a,b",\r\nplain,3\r\n' == csv_text(frame)
    assert "data:text/csv;charset=utf-8,\ufeffname" == unquote(csv_href(frame))[:33]


def test_rows() -> None:
    """A frame's rows are there by name, and columns of unequal length are an error."""
    assert [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}] == rows({"a": [1, 2], "b": ["x", "y"]})
    with pytest.raises(ValueError, match="shorter"):
        rows({"a": [1, 2], "b": ["x"]})


def test_escape() -> None:
    """Text of the data stays text within a figure."""
    assert "&lt;a href='x'&gt;" == escape("<a href='x'>")
    assert "no checking<br>account" == escape("no checking account", 12)
