"""What an API could answer to the sample dashboard; made up, and the same every time."""

from __future__ import annotations

from typing import Any

from kyros_dash_kit.testing import FakeApi

_ITEMS = 2_500
_MONTHS = [f"1997-{month:02}-01" for month in range(1, 13)]


def sample_api(tenant_id: str = "acme", primary_color: str = "#0052cc") -> FakeApi:
    """Return an API that has numbers, parameters and items for one tenant."""
    rows = [_item(number) for number in range(_ITEMS)]
    histories: dict[str, dict[str, list[Any]]] = {
        f"history?item={row['item_id']}": {
            "month": _MONTHS,
            "orders": [(number * 7 + month * 3) % 11 for month in range(12)],
        }
        for number, row in enumerate(rows)
    }
    return FakeApi(
        views={
            tenant_id: {
                "numbers": {"number": [3]},
                "numbers?part=half": {"number": [2]},
                "numbers?part=rest": {"number": [1]},
                "parameters": {
                    "parameter": ["r", "alpha", "a", "b"],
                    "value": [0.2426, 4.4136, 0.7929, 2.4259],
                    "meaning": ["How alike they are", "How often", "How soon they go", "And stay"],
                },
                "history?item=nothing": {"month": [], "orders": []},
                **histories,
            }
        },
        rows={tenant_id: rows},
        tenants={tenant_id: {"primary_color": primary_color, "currency": "USD"}},
    )


def _item(number: int) -> dict[str, object]:
    return {
        "item_id": f"{number:05}",
        "since": _MONTHS[number % 12],
        "orders": number * 13 % 29,
        "share": number * 7 % 100 / 100,
        "value_52": number * 31 % 997 * 1.01,
    }
