"""What holds for a value of each kind, as SQL over its text.

Every value is a text or nothing when it comes here. :func:`problem` gives the name of the first
rule that it breaks, :func:`value` what it stands for when it breaks none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kyros_api.ingest.mapping import Field
    from kyros_api.ingest.reading import Reading
    from kyros_api.modelling.preparation import InputColumn

TRUE = ("true", "t", "yes", "y", "1", "1.0")
FALSE = ("false", "f", "no", "n", "0", "0.0")
LONGEST_TEXT = 200
GREATEST = 1e12  # of a number: sums of more lose their cents
FIRST_YEAR = 1900

_EXPONENT = r"([eE][+-]?[0-9]{1,3})?"
_PLAIN = rf"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+){_EXPONENT}"
_POINT = rf"[+-]?(([0-9]+|[0-9]{{1,3}}(,[0-9]{{3}})+)(\.[0-9]*)?|\.[0-9]+){_EXPONENT}"
_COMMA = r"[+-]?(([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]*)?|,[0-9]+)"
NUMBERS = {None: _PLAIN, ".": _POINT, ",": _COMMA}
ISO_DATE = (
    r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"
    r"([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?"
    r"( ?(Z|[+-][0-9]{2}(:?[0-9]{2})?))?)?"
)
BLANKS = " \t\r\n\xa0"


@dataclass(frozen=True)
class Dialect:
    """How this file writes numbers, dates, and yes and no.

    Attributes:
        decimal: as :class:`Reading` has it.
        date_format: likewise.
        true: all texts that say yes, in small letters.
        false: all that say no.
        today: the last day that a date may be, in ISO 8601.
    """

    decimal: str | None
    date_format: str | None
    true: tuple[str, ...]
    false: tuple[str, ...]
    today: str


def dialect_of(reading: Reading, today: str) -> Dialect:
    """Return how a file writes values."""
    true, false = _lower(reading.true), _lower(reading.false)
    return Dialect(
        reading.decimal,
        reading.date_format,
        (*(word for word in TRUE if word not in false), *true),
        (*(word for word in FALSE if word not in true), *false),
        today,
    )


def _lower(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip().lower() for word in words)


def literal(text: str) -> str:
    """Write a text for SQL, where a parameter cannot stand."""
    return "'" + text.replace("'", "''") + "'"


def tidied(text: str, reading: Reading) -> str:
    """Write a text without the blanks around it as SQL, NULL when what is left says nothing."""
    trimmed = f"trim({text}, {literal(BLANKS)})"
    nothing = ", ".join(literal(word) for word in ("", *reading.missing))
    return f"CASE WHEN {trimmed} NOT IN ({nothing}) THEN {trimmed} END"


def rule_names(column: InputColumn) -> list[str]:
    """Return the rules that a column's values can break."""
    names = ["missing"] if column.required else []
    match column.kind:
        case "text":
            names += ["too-long", "control-character"]
        case "number" | "integer":
            names += ["not-a-number", "too-large"]
            names += ["not-whole"] if column.kind == "integer" else []
            names += ["negative"] if column.minimum == 0 else []
            names += ["too-small"] if column.minimum else []
            names += ["above-maximum"] if column.maximum is not None else []
        case "boolean":
            names += ["not-yes-or-no"]
        case "date":
            names += ["not-a-date", "too-early", "in-the-future"]
    return [*names, "duplicate"] if column.unique else names


def problem(field: Field, text: str, dialect: Dialect) -> str:
    """Write the name of the rule that a text breaks as SQL, NULL when it breaks none.

    Args:
        field: the column.
        text: an expression in SQL.
        dialect: how the file writes values.
    """
    column = field.column
    missing = "'missing'" if column.required else "NULL"
    match column.kind:
        case "text":
            cases = [
                (f"length({text}) > {LONGEST_TEXT}", "too-long"),
                (f"regexp_matches({text}, '[\\x00-\\x1f\\x7f]')", "control-character"),
            ]
        case "number" | "integer":
            cases = _number_problems(field, text, dialect)
        case "boolean":
            either = ", ".join(map(literal, (*dialect.true, *dialect.false)))
            cases = [(f"lower({text}) NOT IN ({either})", "not-yes-or-no")]
        case "date":
            date = _date(field, text, dialect)
            cases = [
                (f"{date} IS NULL", "not-a-date"),
                (f"{date} < DATE '{FIRST_YEAR}-01-01'", "too-early"),
                (f"{date} > DATE {literal(dialect.today)}", "in-the-future"),
            ]
    whens = " ".join(f"WHEN {condition} THEN '{name}'" for condition, name in cases)
    return f"CASE WHEN {text} IS NULL THEN {missing} {whens} END"


def value(field: Field, text: str, dialect: Dialect) -> str:
    """Write what a text that breaks no rule stands for as SQL."""
    match field.column.kind:
        case "text":
            return text
        case "number":
            return number(field, text, dialect)
        case "integer":
            return f"CAST({number(field, text, dialect)} AS BIGINT)"
        case "boolean":
            yes = ", ".join(map(literal, dialect.true))
            return f"lower({text}) IN ({yes})"
        case "date":
            return _date(field, text, dialect)


def _number_problems(field: Field, text: str, dialect: Dialect) -> list[tuple[str, str]]:
    column, as_number = field.column, number(field, text, dialect)
    form = NUMBERS[None if field.native else dialect.decimal]
    cases = [
        (f"NOT regexp_full_match({text}, {literal(form)})", "not-a-number"),
        (f"{as_number} IS NULL OR abs({as_number}) > {GREATEST!r}", "too-large"),
    ]
    if column.kind == "integer":
        cases.append((f"{as_number} <> trunc({as_number})", "not-whole"))
    if column.minimum is not None:
        name = "too-small" if column.minimum else "negative"
        cases.append((f"{as_number} < {column.minimum!r}", name))
    if column.maximum is not None:
        cases.append((f"{as_number} > {column.maximum!r}", "above-maximum"))
    return cases


def number(field: Field, text: str, dialect: Dialect) -> str:
    """Write the number that a text says as SQL, NULL when it says none."""
    plain = text
    if dialect.decimal and not field.native:
        group = "," if dialect.decimal == "." else "."
        plain = f"replace({text}, '{group}', '')"
        if dialect.decimal == ",":
            plain = f"replace({plain}, ',', '.')"
    return f"TRY_CAST({plain} AS DOUBLE)"


def _date(field: Field, text: str, dialect: Dialect) -> str:
    if dialect.date_format and not field.native:
        return f"CAST(try_strptime({text}, {literal(dialect.date_format)}) AS DATE)"
    iso = f"TRY_CAST(substr({text}, 1, 10) AS DATE)"
    return f"CASE WHEN regexp_full_match({text}, {literal(ISO_DATE)}) THEN {iso} END"
