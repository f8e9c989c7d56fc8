"""A limit, as the settings write it: so many in so long."""

from __future__ import annotations

import re
from typing import Annotated, NamedTuple

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_FORM = re.compile(rf"([1-9]\d{{0,5}}) ?/ ?(?:([1-9]\d{{0,3}}) )?({'|'.join(_SECONDS)})s?")


class Limit(NamedTuple):
    """So many, looking back so many seconds."""

    amount: int
    seconds: int


def _read(value: object) -> Limit:
    if isinstance(value, Limit):
        return value
    match = _FORM.fullmatch(str(value).strip())
    if match is None:
        raise PydanticCustomError(
            "limit", "is not a limit: write how many in how long, such as 10/15 minutes"
        )
    amount, units, unit = match.groups()
    return Limit(int(amount), int(units or 1) * _SECONDS[unit])


WrittenLimit = Annotated[Limit, NoDecode, PlainValidator(_read)]
