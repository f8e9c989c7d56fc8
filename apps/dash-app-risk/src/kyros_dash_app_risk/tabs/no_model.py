"""What a tab says where no model could be fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_kit.model_card import warnings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_UNKNOWN = "There is no model for this portfolio."
_WITHOUT = "What does not need a model is shown."


def no_model(card: Mapping[str, Sequence[Any]]) -> str:
    """Say why there is no model, and what is there without one."""
    return f"{' '.join(warnings(card)) or _UNKNOWN} {_WITHOUT}"
