"""Which shipped prices are about to be too old to be used."""

from __future__ import annotations

import datetime

from cdk_inference.facts import table
from cdk_inference.pricing.price import holds_until
from cdk_inference.pricing.table import shipped

# A release should never ship prices that vanish before the next one. A policy of this package.
NOTICE_DAYS = 90


def expiring(today: datetime.date, notice_days: int = NOTICE_DAYS) -> dict[str, int]:
    """Returns the last day of use -> number of shipped prices, for those that end within `notice_days` after `today`.

    Args:
        today: The day from which the notice counts.
        notice_days: Days, 90 by default.
    """
    last = today + datetime.timedelta(days=notice_days)
    days = [holds_until(row["checked"] or row["date"]) for row in shipped().values()]
    days += [holds_until(row["date"]) for row in table("tokens").rows()]
    return {day.isoformat(): days.count(day) for day in sorted(set(days)) if day < last}
