"""Days in the app and the examples after which they no longer synthesize."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def passed(today: datetime.date) -> list[str]:
    """Where an image was accepted until a day before `today`."""
    return [
        f"{file.relative_to(ROOT)}:{number}: until {day}"
        for folder in ("stacks", "examples")
        for file in sorted((ROOT / folder).glob("*.py"))
        for number, line in enumerate(file.read_text().splitlines(), 1)
        for day in re.findall(r'until="(\d{4}-\d\d-\d\d)"', line)
        if datetime.date.fromisoformat(day) < today
    ]


def test_every_accepted_image_is_still_accepted() -> None:
    found = passed(datetime.date.today())
    assert found == [], f"make synth fails: {found}; look whether the image is still needed, then write a later day"


def test_a_day_that_has_passed_is_found() -> None:
    assert passed(datetime.date(2026, 11, 29)) == []
    assert "stacks/settings.py" in str(passed(datetime.date(2999, 12, 31)))
