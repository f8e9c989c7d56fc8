"""Which column of a file is which of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kyros_api.administration.errors import AdministrationError
from kyros_api.ingest.errors import RefusedError
from kyros_api.modelling.preparation import InputColumn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kyros_api.ingest.reading import Reading
    from kyros_api.modelling.preparation import Preparation

_MOST_ATTRIBUTES = 300
_LONGEST_NAME = 63


@dataclass(frozen=True)
class Field:
    """A column of ours, and where it is in the file.

    Attributes:
        column: what holds for its values.
        source: its position in the file's header.
        attribute: whether it is one that the tenant has beyond ours.
        native: what a typed file says that its values are; None for text.
        product: the two fields, by their position, whose product it is instead; these come last.
    """

    column: InputColumn
    source: int
    attribute: bool = False
    native: str | None = None
    product: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name


@dataclass(frozen=True)
class Mapped:
    """What is read of a file.

    Attributes:
        fields: of ours, in their order, then attributes in the file's, then products.
        unused: names in the file that nothing is made of.
    """

    fields: list[Field]
    unused: list[str]


def map_columns(
    preparation: Preparation, header: Sequence[str], native: Sequence[str | None], reading: Reading
) -> Mapped:
    """Find each column in the header: as somebody said, or else by its name.

    Raises:
        AdministrationError: what somebody said is not there.
        RefusedError: a required column is not there, or names are not clear.
    """
    _refuse_doubles(header, reading.file.name)
    excluded = {_position(header, name, f"--exclude {name}") for name in reading.exclude}
    known = {column.name: column for column in _all_columns(preparation)}
    chosen = _chosen(preparation, header, reading, known)
    taken = set(chosen.values()) | excluded
    by_name = {_plain(name): at for at, name in enumerate(header) if name and at not in taken}
    for name in known:
        if name not in chosen and _plain(name) in by_name:
            chosen[name] = by_name[_plain(name)]
    products = _products(preparation, chosen)
    _refuse_missing(preparation, header, chosen, products, reading)
    needed = {name for pair in products.values() for name in pair}
    fields = [
        Field(replace(column, required=True) if name in needed else column, chosen[name])
        for name, column in known.items()
        if name in chosen and (column in preparation.columns or name in needed)
    ]
    used = {field.source for field in fields} | excluded
    rest = [at for at, name in enumerate(header) if name and at not in used]
    unused = [
        name or f"column {at + 1}, which has no name"
        for at, name in enumerate(header)
        if at not in used and (not name or not preparation.other_columns)
    ]
    if preparation.other_columns:
        renamed = {at: name for name, at in chosen.items() if name not in known}
        names = [(renamed.get(at, header[at]), at) for at in rest]
        _refuse_attributes(preparation, [name for name, _ in names])
        fields += [
            Field(InputColumn(name, "text", "", required=False), at, attribute=True)
            for name, at in names
        ]
    fields = [replace(field, native=native[field.source]) for field in fields]
    at_of = {field.name: at for at, field in enumerate(fields)}
    for name, (one, other) in products.items():
        # Empty only where one of both is, which is said of that one.
        column = replace(known[name], required=False)
        fields.append(Field(column, -1, native="number", product=(at_of[one], at_of[other])))
    return Mapped(fields, unused)


def find_attribute(mapped: Mapped, header: Sequence[str], named: str, option: str) -> str:
    """Return the name of an attribute, which somebody may have called as the file does.

    Raises:
        AdministrationError: there is none.
    """
    attributes = [field for field in mapped.fields if field.attribute]
    for field in attributes:
        if named in {field.name, header[field.source]}:
            return field.name
    there = ", ".join(field.name for field in attributes) or "none"
    raise AdministrationError(
        f"{option} {named}: the file has no such further column; it has: {there}."
    )


def _all_columns(preparation: Preparation) -> Iterable[InputColumn]:
    yield from preparation.columns
    own = {column.name for column in preparation.columns}
    for pair in preparation.products.values():
        yield from (column for column in pair if column.name not in own)


def _chosen(
    preparation: Preparation,
    header: Sequence[str],
    reading: Reading,
    known: dict[str, InputColumn],
) -> dict[str, int]:
    chosen: dict[str, int] = {}
    for ours, theirs in reading.columns.items():
        if ours not in known and not preparation.other_columns:
            raise AdministrationError(
                f"--column {ours}={theirs}: there is no column {ours}; there are: "
                f"{', '.join(known)}."
            )
        chosen[ours] = _position(header, theirs, f"--column {ours}={theirs}")
    return chosen


def _position(header: Sequence[str], name: str, option: str) -> int:
    """Return where a column of the file is."""
    same = [at for at, found in enumerate(header) if found == name] or [
        at for at, found in enumerate(header) if found.lower() == name.lower()
    ]
    if not same:
        raise AdministrationError(
            f"{option}: the file has no column {name}; it has: {_listed(header)}."
        )
    return same[0]


def _products(preparation: Preparation, chosen: dict[str, int]) -> dict[str, tuple[str, str]]:
    return {
        name: (one.name, other.name)
        for name, (one, other) in preparation.products.items()
        if name not in chosen and one.name in chosen and other.name in chosen
    }


def _refuse_missing(
    preparation: Preparation,
    header: Sequence[str],
    chosen: dict[str, int],
    products: dict[str, tuple[str, str]],
    reading: Reading,
) -> None:
    missing = [
        column
        for column in preparation.columns
        if column.required and column.name not in chosen and column.name not in products
    ]
    if not missing:
        return
    lines = [f"{reading.file.name} is refused: it has no column for"]
    for column in missing:
        pair = preparation.products.get(column.name)
        instead = f" (or {pair[0].name} and {pair[1].name}, whose product it is)" if pair else ""
        lines.append(f"  {column.name}{instead}: {column.meaning}")
    lines.append(f"It has: {_listed(header)}.")
    flags = " ".join(f"--column {column.name}=NAME" for column in missing)
    lines.append(f"Say which is which with: {flags}")
    if len(header) == 1 and reading.delimiter is None:
        lines.append("If these are several columns, say what stands between them: --delimiter ';'")
    raise RefusedError("\n".join(lines))


def _refuse_doubles(header: Sequence[str], file: str) -> None:
    seen: set[str] = set()
    for name in header:
        if name and name.lower() in seen:
            raise RefusedError(
                f"{file} has two columns with the name {name}; give one of them another name."
            )
        seen.add(name.lower())


def _refuse_attributes(preparation: Preparation, names: Sequence[str]) -> None:
    reserved = {name.lower() for name in preparation.reserved}
    own = {column.name.lower() for column in preparation.columns}
    seen: set[str] = set()
    for name in names:
        if name.lower() in reserved | own | seen:
            raise RefusedError(
                f"A column cannot be called {name}, because Kyros makes or has one of that name; "
                f"leave it out with --exclude {name}, or rename it with --column own_{name}={name}."
            )
        if len(name) > _LONGEST_NAME or not name.isprintable() or set(name) & set('":'):
            raise RefusedError(
                f"{name[:_LONGEST_NAME]!r} cannot be the name of a column: at most "
                f"{_LONGEST_NAME} printable characters, none of them a colon or quotation mark; "
                "rename it in the file, or leave it out with --exclude."
            )
        seen.add(name.lower())
    if len(names) > _MOST_ATTRIBUTES:
        raise RefusedError(
            f"The file has {len(names)} further columns, of which {_MOST_ATTRIBUTES} can be taken; "
            "leave some out with --exclude NAME."
        )


def _listed(header: Sequence[str]) -> str:
    shown = [name for name in header if name][:40]
    more = len(header) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _plain(name: str) -> str:
    """Return a name without what people write differently."""
    return re.sub(r"[\W_]+", "", name).lower()
