"""Variables as arrays: text is coded once, so that each fold only counts codes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """The values of one variable.

    Attributes:
        name: of the variable.
        numbers: NaN where missing; of text: the position in ``levels``, -1 where missing.
        levels: the distinct texts; None for a number.
    """

    name: str
    numbers: Floats
    levels: tuple[str, ...] | None

    @property
    def codes(self) -> Integers:
        """Of text: the position of each in ``levels``, -1 where missing."""
        return self.numbers.astype(np.int64)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where there is no value."""
        return np.isnan(self.numbers) if self.levels is None else self.numbers < 0

    def take(self, rows: Integers) -> Column:
        """Return the values of these rows."""
        return replace(self, numbers=self.numbers[rows])


def encode(values: pd.Series) -> Column:
    """Return a variable as arrays.

    Numbers that are not finite are missing, and so is blank text; truth values are the texts Yes
    and No.
    """
    name = str(values.name)
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        return Column(name, np.where(np.isfinite(numbers), numbers, np.nan), None)
    codes, distinct = pd.factorize(values, use_na_sentinel=True)
    words = {True: "Yes", False: "No"} if pd.api.types.is_bool_dtype(values) else {}
    texts = [str(words.get(level, level)).strip() for level in distinct]
    # What differs only by blanks around it is one level; what is nothing but blanks is none.
    levels = sorted(set(texts) - {""})
    place = {text: position for position, text in enumerate(levels)}
    lookup = np.array([*(place.get(text, -1) for text in texts), -1], dtype=np.float64)
    return Column(name, lookup[codes], tuple(levels))


def encode_all(variables: pd.DataFrame) -> list[Column]:
    """Return every variable of a frame as arrays."""
    return [encode(variables[name]) for name in variables.columns]
