"""``kyros-api ingest``: a tenant's own data from a file."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kyros_api.administration.errors import AdministrationError
from kyros_api.command_line import require_models, storage_settings

if TYPE_CHECKING:
    from kyros_api.modelling.preparation import Options

Repeatable = list[str] | None


def ingest(  # noqa: PLR0913 - each is an option of the command line
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="CSV or Parquet.", show_default=False)
    ] = None,
    *,
    tenant: Annotated[str, typer.Option(metavar="TENANT", help="Its slug or id.")],
    dashboard: Annotated[
        str,
        typer.Option(
            metavar="DASHBOARD",
            help="customer-lifetime-value takes transactions, risk-analysis takes accounts.",
        ),
    ],
    column: Annotated[
        Repeatable, typer.Option(metavar="OURS=THEIRS", help="Which column is which; repeatable.")
    ] = None,
    exclude: Annotated[
        Repeatable, typer.Option(metavar="COLUMN", help="Leave a column out; repeatable.")
    ] = None,
    segment: Annotated[
        Repeatable,
        typer.Option(
            metavar="COLUMN[=TITLE]", help="Accounts: what the portfolio is cut by; repeatable."
        ),
    ] = None,
    variable: Annotated[
        Repeatable,
        typer.Option(metavar="COLUMN", help="Accounts: what the score is made of; repeatable."),
    ] = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="Of the amounts, such as EUR.")
    ] = None,
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What the data are called.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="End of the observation, if not the last purchase."),
    ] = None,
    date_format: Annotated[
        str | None, typer.Option(metavar="FORMAT", help="Such as %d/%m/%Y, if not 2026-03-31.")
    ] = None,
    decimal: Annotated[
        str | None, typer.Option(metavar="CHARACTER", help="A comma, if numbers are like 12,50.")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option(metavar="CHARACTER", help="Between fields; or the word tab.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of the text, such as cp1252.")
    ] = None,
    missing: Annotated[
        Repeatable, typer.Option(metavar="TEXT", help="Stands for no value, such as NA.")
    ] = None,
    true: Annotated[Repeatable, typer.Option(metavar="TEXT", help="Means yes; repeatable.")] = None,
    false: Annotated[Repeatable, typer.Option(metavar="TEXT", help="Means no; repeatable.")] = None,
    skip: Annotated[
        Repeatable,
        typer.Option(metavar="COLUMN:RULE", help="Leave rows with this problem out; repeatable."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do all but put the data in place.")
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Put the data before the current ones back.")
    ] = False,
) -> None:
    """Put a tenant's own data in place, or the ones before back."""
    if undo:
        _undo(tenant, dashboard, file, dry_run=dry_run)
        return
    if file is None:
        raise AdministrationError(
            "ingest needs a FILE; or --undo to put the data before the current ones back."
        )
    from kyros_api.ingest import reading

    reading.check_file(file)
    read = reading.Reading(
        file,
        columns=reading.parse_columns(column or []),
        exclude=exclude or [],
        encoding=reading.check_encoding(encoding),
        delimiter=reading.check_delimiter(delimiter),
        decimal=reading.check_decimal(decimal),
        date_format=date_format,
        missing=missing or [],
        true=true or [],
        false=false or [],
        skip=skip or [],
    )
    options, called = _options(currency, as_of, segment or [], variable or []), _title(title)
    require_models("ingest")
    from kyros_api.ingest.console import Steps, print_ingested
    from kyros_api.ingest.place import find_place

    settings = storage_settings()
    find_place(settings, tenant, dashboard)  # said before some seconds of importing
    with Steps() as steps:
        from kyros_api.ingest.run import Request
        from kyros_api.ingest.run import ingest as run_ingest

        request = Request(tenant, dashboard, read, options, called, dry_run)
        ingested = run_ingest(settings, request, steps.begin, steps.progress)
    print_ingested(ingested, dry_run=dry_run)


def _undo(tenant: str, dashboard: str, file: Path | None, *, dry_run: bool) -> None:
    if file is not None or dry_run:
        raise AdministrationError("--undo takes no FILE and no --dry-run; leave them out.")
    require_models("ingest")
    from kyros_api.ingest.place import nobody_else_writes, undo

    settings = storage_settings()
    with nobody_else_writes(settings.data_dir):
        place, dataset = undo(settings, tenant, dashboard)
    typer.echo(
        f"{place.tenant} sees {dataset.title} on {dashboard} again: {dataset.rows:,} "
        f"{dataset.unit} from {dataset.file}, loaded on {dataset.loaded_at}.\n"
        f"Repeat the command to take that back."
    )


def _options(
    currency: str | None, as_of: str | None, segments: list[str], variables: list[str]
) -> "Options":
    from kyros_api.administration.names import check_currency
    from kyros_api.ingest.loading import as_title
    from kyros_api.modelling.preparation import Options

    end = None
    if as_of is not None:
        try:
            end = date.fromisoformat(as_of)
        except ValueError as error:
            raise AdministrationError(
                f"--as-of {as_of!r} is no date; write it like 2026-03-31."
            ) from error
    cut_by: list[dict[str, Any]] = []
    for text in segments:
        name, _, heading = text.partition("=")
        cut_by.append({"column": name, "title": heading.strip() or as_title(name)})
    return Options(
        currency=None if currency is None else check_currency(currency),
        as_of=end,
        segments=cut_by,
        variables=variables,
    )


def _title(title: str | None) -> str | None:
    from kyros_api.administration.names import check_name

    return None if title is None else check_name(title)
