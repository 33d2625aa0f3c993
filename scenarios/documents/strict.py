"""Values that strict JSON can hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import Enum
from typing import Any

SIGNIFICANT = 9


def strict(value: object) -> Any:
    """Return a value as strict JSON: no NaN, no infinity, nothing longer than what was known (nine digits)."""
    if isinstance(value, bool) or value is None or isinstance(value, int):
        return value
    if isinstance(value, Enum):
        return strict(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT}g}") if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): strict(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [strict(item) for item in value]
    raise TypeError(f"{type(value).__name__} is not JSON")
