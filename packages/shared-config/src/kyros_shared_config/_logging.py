"""Logs: one JSON object a line, with the request's id, readable in development."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

from pydantic_core import to_json

from kyros_shared_config._request_id import current_request_id

ACCESS_FIELDS = ("method", "path", "route", "status", "milliseconds", "tenant", "user", "trace_id")


def _fields(record: logging.LogRecord) -> dict[str, object]:
    present = {name: getattr(record, name, None) for name in ACCESS_FIELDS}
    return {name: value for name, value in present.items() if value is not None}


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for machines."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """Render the record."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", None) or current_request_id(),
            **_fields(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return to_json(line, fallback=str).decode()


class ReadableFormatter(logging.Formatter):
    """One short line, for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Render the record."""
        time = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        text = f"{time} {record.levelname.lower():7} {record.getMessage()}"
        fields = _fields(record)
        if fields:
            request_id = getattr(record, "request_id", None) or current_request_id() or "-"
            milliseconds = fields.get("milliseconds", "-")
            text += f" {fields.get('status', '-')} {milliseconds} ms [{request_id[:8]}]"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


def configure_logging(service: str, level: str, *, readable: bool) -> None:
    """Send every logger of the process to standard output in one form.

    Args:
        service: the name in each line.
        level: the lowest level that is shown.
        readable: short lines for a person rather than JSON.
    """
    # What no line shows need not be found out for each, as Python's manual has it ("Optimization"
    # in the logging HOWTO): the thread, the process, the place in the source.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(ReadableFormatter() if readable else JsonFormatter(service))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"  # RequestLogMiddleware says more
    logging.getLogger("httpx2").setLevel(logging.WARNING)
