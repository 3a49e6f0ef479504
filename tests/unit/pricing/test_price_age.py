"""How long shipped prices are used, and the notice before they are too old."""

from __future__ import annotations

import datetime

from cdk_inference.facts import table
from cdk_inference.pricing import Price, PriceBook
from cdk_inference.pricing.price import holds_until
from cdk_inference.pricing.table import shipped

# A release never ships prices that vanish before the next one.
NOTICE = datetime.timedelta(days=90)


def expiring(today: datetime.date) -> dict[str, int]:
    """Last day of use -> number of shipped prices, for those that end within the notice."""
    days = [holds_until(row["checked"] or row["date"]) for row in shipped().values()]
    days += [holds_until(row["date"]) for row in table("tokens").rows()]
    return {day.isoformat(): days.count(day) for day in sorted(set(days)) if day < today + NOTICE}


def test_no_shipped_price_expires_within_90_days() -> None:
    found = expiring(datetime.date.today())
    assert found == {}, f"prices that no estimate uses from the day after: {found}; renew them with make refresh"


def test_the_notice_begins_90_days_before_the_last_day() -> None:
    # The oldest rows are of 2026-07-20, so 2027-07-20 is their last day, and 2027-04-21 is 90 days before it.
    assert expiring(datetime.date(2027, 4, 21)) == {}
    found = expiring(datetime.date(2027, 4, 22))
    assert found == {"2027-07-20": 314}


def test_a_derived_price_is_as_old_as_its_last_comparison() -> None:
    # EC2's price of 2026-01-21; the family's derived prices agreed with Studio rates of 2026-09-24.
    place = "ml.g5.xlarge", "eu-central-1"
    found = PriceBook(today=datetime.date(2027, 9, 24)).look_up(*place)
    assert isinstance(found, Price)
    assert (found.date, found.checked, found.holds_until) == ("2026-01-21", "2026-09-24", datetime.date(2027, 9, 24))
    assert not isinstance(PriceBook(today=datetime.date(2027, 9, 25)).look_up(*place), Price)
