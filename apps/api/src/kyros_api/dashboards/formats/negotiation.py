"""Which format the caller wants, by RFC 9110."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

import mimeparse

from kyros_api.errors import NotAcceptableError

# Browsers send some 150 characters; the time to read a header grows with the square of its length.
_LONGEST_HEADER = 1000


class Format(Enum):
    """A format, and what it holds at most.

    Attributes:
        media_type: what an ``Accept`` header calls it.
        maximum_rows: of one answer. JSON is made and cached as a whole, the others are streamed.
    """

    # In the order of liking where the caller has none, the most liked last.
    ARROW = ("application/vnd.apache.arrow.stream", 1_000_000)
    CSV = ("text/csv", 1_000_000)
    JSON = ("application/json", 1000)

    def __init__(self, media_type: str, maximum_rows: int) -> None:
        self.media_type = media_type
        self.maximum_rows = maximum_rows


_FORMATS = {item.media_type: item for item in Format}


@lru_cache(maxsize=256)
def negotiate(accept: str | None) -> Format:
    """Return the format that an ``Accept`` header wants most; JSON when it does not say.

    Raises:
        NotAcceptableError: it wants none of the formats, or cannot be read.
    """
    if accept is None or not accept.strip():
        return Format.JSON
    try:
        readable = accept.lower() if len(accept) <= _LONGEST_HEADER else ""
        wanted = mimeparse.best_match(list(_FORMATS), readable)
    except mimeparse.MimeTypeParseException:
        wanted = ""
    if wanted not in _FORMATS:
        raise NotAcceptableError(
            "NOT_ACCEPTABLE",
            "The rows come in none of the formats that `Accept` names.",
            {"allowed": sorted(_FORMATS)},
        )
    return _FORMATS[wanted]
