"""What is wrong with a file, for the person who has to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kyros_api.ingest import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from kyros_api.ingest.checking import Checked, Count
    from kyros_api.ingest.mapping import Field
    from kyros_api.ingest.rules import Dialect

_DATE_FORMATS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d", "%d %b %Y")
_TIMES = ("", " %H:%M", " %H:%M:%S")
_WIDEST_VALUE = 40

_REMEDIES = {
    "missing": "must not be empty",
    "too-long": f"has at most {rules.LONGEST_TEXT} characters",
    "control-character": "has no line breaks or other control characters",
    "not-a-number": "is a number such as 1234.5",
    "too-large": f"is at most {rules.GREATEST:,.0f}, or its sums would lose their cents",
    "not-whole": "is a whole number",
    "negative": "is not negative",
    "not-yes-or-no": f"is one of {', '.join(rules.TRUE[:5])} or {', '.join(rules.FALSE[:5])}",
    "not-a-date": "is a date such as 2026-03-31",
    "too-early": f"is not before {rules.FIRST_YEAR}",
    "in-the-future": "is not in the future",
    "duplicate": "is there only once",
    "fields": "has as many fields as the header",
}


def refusal(
    database: duckdb.DuckDBPyConnection, checked: Checked, fields: Sequence[Field], dialect: Dialect
) -> str:
    """Describe the problems: the first ones by their place, all by column and rule."""
    name, place = checked.file, checked.place
    lines = [f"{name} is refused, and nothing was changed: {_many(checked.problem_count)}.", ""]
    rows = [(place, "column", "rule", "value")]
    rows += [
        (f"{problem.line}", problem.column, problem.rule, _shown(problem.value))
        for problem in checked.problems
    ]
    lines += _aligned(rows)
    hidden = checked.problem_count - len(checked.problems)
    if hidden > 0:
        lines.append(f"  … and {hidden:,} more")
    lines += ["", "By column and rule:"]
    unmended = []
    by_name = {field.name: number for number, field in enumerate(fields)}
    for count in checked.counts:
        text = f"  {count.rows:,} x {count.column}:{count.rule}: {_remedy(count, fields)}"
        number = by_name.get(count.column)
        advice = "" if number is None else hint(database, fields[number], number, count, dialect)
        lines.append(f"{text}{f'; {advice}' if advice else ''}")
        if not advice:
            unmended.append(f"--skip {count.column}:{count.rule}")
    if unmended:
        lines += ["", f"Mend the file, or leave such rows out: {' '.join(unmended)}"]
    return "\n".join(lines)


def hint(
    database: duckdb.DuckDBPyConnection, field: Field, number: int, count: Count, dialect: Dialect
) -> str:
    """Return which flag would mend all of a column's problems, nothing when none would."""
    text = f"c{number}"
    match count.rule:
        case "not-a-date":
            return _date_hint(database, text)
        case "not-a-number" if not field.native:
            return _number_hint(database, text, dialect)
        case "not-yes-or-no":
            return _boolean_hint(database, text, dialect)
        case _:
            return ""


def _date_hint(database: duckdb.DuckDBPyConnection, text: str) -> str:
    formats = [day + time for day in _DATE_FORMATS for time in _TIMES]
    counts = ", ".join(
        f"count(try_strptime({text}, {rules.literal(written)}))" for written in formats
    )
    iso = f"count(*) FILTER (regexp_full_match({text}, {rules.literal(rules.ISO_DATE)}))"
    ((filled, as_iso, *found),) = database.execute(
        f"SELECT count({text}), {iso}, {counts} FROM raw"  # noqa: S608 - made of known parts
    ).fetchall()
    whole = [written for written, rows in zip(formats, found, strict=True) if rows == filled]
    if whole:
        flags = " or ".join(f"--date-format '{written}'" for written in whole)
        choice = " (which of these, only you know)" if len(whole) > 1 else ""
        return f"all of them can be read with {flags}{choice}"
    most, written = max(zip(found, formats, strict=True))
    if as_iso and most:
        return (
            f"the file mixes forms: {as_iso:,} are like 2026-03-31 and {most:,} can be read as "
            f"'{written}'; write all in one form"
        )
    return ""


def _number_hint(database: duckdb.DuckDBPyConnection, text: str, dialect: Dialect) -> str:
    for decimal in (",", "."):
        form = rules.literal(rules.NUMBERS[decimal])
        ((all_fit,),) = database.execute(
            f"SELECT bool_and(regexp_full_match({text}, {form})) FROM raw"  # noqa: S608
        ).fetchall()
        if all_fit and decimal != dialect.decimal:
            name = "comma" if decimal == "," else "point, and commas between thousands"
            return f"all of them can be read with --decimal {decimal} (a decimal {name})"
    return ""


def _boolean_hint(database: duckdb.DuckDBPyConnection, text: str, dialect: Dialect) -> str:
    known = ", ".join(map(rules.literal, (*dialect.true, *dialect.false)))
    words = [
        word
        for (word,) in database.execute(
            f"SELECT {text} FROM raw WHERE lower({text}) NOT IN ({known})"  # noqa: S608
            f" GROUP BY {text} ORDER BY count(*) DESC, {text} LIMIT 5"
        ).fetchall()
    ]
    listed = ", ".join(repr(_shown(word)) for word in words)
    return f"say what they mean with --true WORD and --false WORD; there are {listed}"


def _remedy(count: Count, fields: Sequence[Field]) -> str:
    column = next((field.column for field in fields if field.name == count.column), None)
    if count.rule == "above-maximum" and column is not None:
        return f"is at most {column.maximum:g}"
    if count.rule == "too-small" and column is not None:
        return f"is at least {column.minimum:g}"
    return _REMEDIES[count.rule]


def _many(count: int) -> str:
    return "one problem" if count == 1 else f"{count:,} problems"


def _shown(value: str) -> str:
    """Return a value in one short line that does nothing to a terminal."""
    text = "".join(letter if letter.isprintable() else "�" for letter in value)
    return text if len(text) <= _WIDEST_VALUE else f"{text[: _WIDEST_VALUE - 1]}…"


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]) - 1)]
    return [
        "  "
        + "  ".join(
            [*(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)), row[-1]]
        )
        for row in rows
    ]
