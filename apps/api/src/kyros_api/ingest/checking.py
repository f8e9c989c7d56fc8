"""Every value against its rules: what is wrong is counted and shown, or left out when so wished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kyros_api.administration.errors import AdministrationError
from kyros_api.ingest import rules
from kyros_api.storage.tenant_data import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from kyros_api.ingest.csv_file import Loaded
    from kyros_api.ingest.mapping import Field
    from kyros_api.ingest.reading import Reading
    from kyros_api.ingest.rules import Dialect

SHOWN = 10  # problems in full; the others are counted
UNEVEN = "fields"  # the rule that a row has as many fields as the header


class Problem(NamedTuple):
    """A value that breaks a rule."""

    line: int
    column: str
    rule: str
    value: str


class Count(NamedTuple):
    """How many values of a column break a rule."""

    column: str
    rule: str
    rows: int


@dataclass(frozen=True)
class Checked:
    """What came of checking.

    Attributes:
        file: the name of the file.
        place: what a row's number counts.
        rows: how many there were.
        problems: the first ones.
        counts: all of them, by column and rule.
        skipped: what was left out as wished, by column and rule.
    """

    file: str
    place: str
    rows: int
    problems: list[Problem]
    counts: list[Count]
    skipped: list[Count]

    @property
    def problem_count(self) -> int:
        """How many problems there are."""
        return sum(count.rows for count in self.counts)

    @property
    def skipped_count(self) -> int:
        """How many rows were left out."""
        return sum(count.rows for count in self.skipped)


def check_skips(fields: Sequence[Field], reading: Reading) -> set[str]:
    """Return the problems that leave a row out.

    Raises:
        AdministrationError: one is none that there can be.
    """
    known = [f"{field.name}:{rule}" for field in fields for rule in rules.rule_names(field.column)]
    known.append(f"row:{UNEVEN}")
    for name in reading.skip:
        if name not in known:
            raise AdministrationError(
                f"--skip {name}: there is no such problem; there are: {', '.join(known)}."
            )
    return set(reading.skip)


def multiply(
    database: duckdb.DuckDBPyConnection, fields: Sequence[Field], dialect: Dialect
) -> None:
    """Add the columns that are the product of two others, where both are numbers."""
    for number, field in enumerate(fields):
        if not field.product:
            continue
        factors = []
        for at in field.product:
            good = f"({rules.problem(fields[at], f'c{at}', dialect)}) IS NULL"
            as_number = rules.number(fields[at], f"c{at}", dialect)
            factors.append(f"CASE WHEN {good} THEN {as_number} END")
        # Money has cents: what binary fractions add to them is no price.
        product = f"CAST(round({factors[0]} * {factors[1]}, 6) AS VARCHAR)"
        database.execute(f"ALTER TABLE raw ADD COLUMN c{number} VARCHAR")
        database.execute(f"UPDATE raw SET c{number} = {product}")  # noqa: S608 - made of known parts


def check(
    database: duckdb.DuckDBPyConnection,
    fields: Sequence[Field],
    dialect: Dialect,
    loaded: Loaded,
    skip: set[str],
) -> Checked:
    """Check every value of ``raw``; rows that are to be skipped are gone from it afterwards."""
    database.execute("CREATE TEMP TABLE problems (line BIGINT, field INTEGER, rule VARCHAR)")
    for number, field in enumerate(fields):
        broken = rules.problem(field, f"c{number}", dialect)
        database.execute(
            f"INSERT INTO problems SELECT line, {number}, rule"  # noqa: S608 - made of known parts
            f" FROM (SELECT line, {broken} AS rule FROM raw) WHERE rule IS NOT NULL"
        )
        if field.column.unique:
            database.execute(
                f"INSERT INTO problems SELECT line, {number}, 'duplicate' FROM raw"  # noqa: S608
                f" WHERE c{number} IS NOT NULL QUALIFY"
                f" row_number() OVER (PARTITION BY c{number} ORDER BY line) > 1"
            )
    ((rows,),) = database.execute("SELECT count(*) FROM raw").fetchall()
    skipped = _skip(database, fields, skip)
    counts = [
        Count(fields[number].name, rule, count)
        for number, rule, count in database.execute(
            "SELECT field, rule, count(*) FROM problems GROUP BY ALL ORDER BY field, count(*) DESC"
        ).fetchall()
    ]
    problems = _first(database, fields)
    uneven = Count("row", UNEVEN, loaded.uneven_count)
    if loaded.uneven_count and f"row:{UNEVEN}" in skip:
        skipped.insert(0, uneven)
    elif loaded.uneven_count:
        counts.insert(0, uneven)
        found = [Problem(line, "row", UNEVEN, f"{n} fields") for line, n in loaded.uneven]
        problems = sorted([*found, *problems], key=lambda problem: problem.line)[:SHOWN]
    return Checked(loaded.file, loaded.place, rows + loaded.uneven_count, problems, counts, skipped)


def _skip(
    database: duckdb.DuckDBPyConnection, fields: Sequence[Field], skip: set[str]
) -> list[Count]:
    """Leave out the rows with a problem to be skipped; each counts for the first that it has."""
    wanted = [
        (number, name.partition(":")[2])
        for number, field in enumerate(fields)
        for name in skip
        if name.partition(":")[0] == field.name
    ]
    if not wanted:
        return []
    chosen = ", ".join(f"({number}, {rules.literal(rule)})" for number, rule in wanted)
    database.execute(
        "CREATE TEMP TABLE skipped AS SELECT line, min(struct_pack(field, rule)) AS why"  # noqa: S608
        f" FROM problems WHERE (field, rule) IN ({chosen}) GROUP BY line"
    )
    database.execute("DELETE FROM raw WHERE line IN (SELECT line FROM skipped)")
    database.execute("DELETE FROM problems WHERE line IN (SELECT line FROM skipped)")
    found = database.execute(
        "SELECT why.field, why.rule, count(*) FROM skipped GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return [Count(fields[number].name, rule, rows) for number, rule, rows in found]


def _first(database: duckdb.DuckDBPyConnection, fields: Sequence[Field]) -> list[Problem]:
    found = database.execute(
        f"SELECT line, field, rule FROM problems ORDER BY line, field LIMIT {SHOWN}"  # noqa: S608
    ).fetchall()
    problems = []
    for line, number, rule in found:
        ((text,),) = database.execute(
            f"SELECT c{number} FROM raw WHERE line = ?",  # noqa: S608 - a number
            [line],
        ).fetchall()
        problems.append(Problem(line, fields[number].name, rule, text or ""))
    return problems


def infer_attributes(
    database: duckdb.DuckDBPyConnection, fields: Sequence[Field], dialect: Dialect
) -> dict[str, str]:
    """Return the SQL of each attribute's values: numbers where all are, else texts."""
    found = {}
    for number, field in enumerate(fields):
        if not field.attribute:
            continue
        text = f"c{number}"
        form = rules.NUMBERS[None if field.native else dialect.decimal]
        as_number = rules.number(field, text, dialect)
        # Leading zeros are a code's, not a number's.
        ((numbers, whole, filled),) = database.execute(
            f"SELECT bool_and(regexp_full_match({text}, {rules.literal(form)})"  # noqa: S608
            f" AND NOT regexp_matches({text}, '^0[0-9]')"
            f" AND coalesce(abs({as_number}) <= {rules.GREATEST!r}, false)),"
            f" bool_and({as_number} = trunc({as_number})), count({text}) FROM raw"
        ).fetchall()
        if not filled or not numbers:
            found[field.name] = text
        else:
            found[field.name] = f"CAST({as_number} AS {'BIGINT' if whole else 'DOUBLE'})"
    return found


def columns_sql(
    database: duckdb.DuckDBPyConnection, fields: Sequence[Field], dialect: Dialect
) -> dict[str, str]:
    """Return the SQL of each field's values, by the name that the column gets."""
    attributes = infer_attributes(database, fields, dialect)
    return {
        field.name: attributes.get(field.name) or rules.value(field, f"c{number}", dialect)
        for number, field in enumerate(fields)
    }


def named(columns: dict[str, str]) -> str:
    """Write a list of columns for a SELECT."""
    return ", ".join(f"{sql} AS {quote(name)}" for name, sql in columns.items())
