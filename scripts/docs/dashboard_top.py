"""docs/images/dashboard-top.svg: the dashboard of the example down to the end of its first section, for the README."""

from __future__ import annotations

from scripts.docs.dashboard_picture import example, picture, same

__all__ = ["page", "same"]


def page() -> str:
    """The alarms, what the fleet costs, and the first endpoint."""
    _, second, *_ = (
        one["y"] for one in example()["widgets"] if one["properties"].get("markdown", "").startswith("###")
    )
    return picture(example(), second)
