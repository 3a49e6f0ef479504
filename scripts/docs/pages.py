"""Writes the pictures of HTML reports, docs/images/{estimate,review,comparison}-*.png, in a headless Chromium.

    python -m scripts.docs.pages

Not part of `make refresh`, because it needs Chromium (Debian: apt-get install chromium). The pages are those that
tests/unit/cli/test_pages.py measures at the same widths. The comparison is of simulated queues, since a measurement
would be of the machine that draws the picture.
"""

from __future__ import annotations

import datetime
import io
import json
import random
import tempfile
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from cdk_inference.cli import main
from cdk_inference.cli.pages.comparison_page import comparison_page
from cdk_inference.proof.candidate import Candidate, HourlyPrice
from cdk_inference.proof.folder import Results
from cdk_inference.proof.looks import Looks
from cdk_inference.proof.recording import Recording, StepPlan
from cdk_inference.proof.report import report
from cdk_inference.proof.request import Request
from cdk_inference.proof.spec import read_claim
from scripts.browser import Browser

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs/images"
BUDGET_USD = 45_000
DAY = datetime.date(2026, 11, 29)
_BEGUN = datetime.datetime(2026, 11, 29, 9, tzinfo=datetime.UTC)
_COLOURS = 96  # of a picture, which makes it a third as large


class Picture(NamedTuple):
    """What a file shows. end: the element with whose lower edge the picture ends."""

    page: str
    width: int
    dark: bool
    end: str


_ENDS = {
    "estimate": "section:nth-of-type(2)",
    "review": "section:nth-of-type(3)",
    "comparison": "section:nth-of-type(2)",
}
PICTURES = {
    f"{page}-{width}-{'dark' if dark else 'light'}.png": Picture(page, width, dark, end)
    for page, end in _ENDS.items()
    for width in (1280, 390)
    for dark in (False, True)
}


def pages(folder: Path) -> dict[str, Path]:
    """Writes the three reports: of the example fleet, of the review's example, of two simulated queues."""
    from app import build_app  # the CDK, for the fleet alone

    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    build_app({**context, "environment": "prod"}, str(folder / "fleet")).synth()
    made = {name: folder / f"{name}.html" for name in _ENDS}
    usage = ("--usage", str(ROOT / "examples/usage.toml"), "--budget", str(BUDGET_USD))
    sides = ("--base", "examples/review/deployed.yaml", "--head", "examples/review/changed.yaml")
    _write(made["estimate"], "estimate", str(folder / "fleet"), *usage)
    _write(made["review"], "review", *sides, "--region", "us-east-1", "--max-increase-percent", "20")
    made["comparison"].write_text(comparison_page(report(simulated())), encoding="utf-8")
    return made


def _write(file: Path, *command: str) -> None:
    main([*command, "--format", "html", "--output", str(file)], DAY)


def simulated() -> Results:
    """Returns a comparison of two simulated queues, of which one serves twice as many requests per second."""
    price = {"date": "2026-11-29", "source": "made up for this example"}
    candidates = {
        name: Candidate(
            name=name, price=HourlyPrice(usd_per_hour=usd, instances=1, **price), facts={"server": "a simulated queue"}
        )
        for name, usd in (("one worker", 1.0), ("two workers", 1.2))
    }
    workers = {"one worker": 1, "two workers": 2}
    draw = random.Random(20261129)
    pairs = 8
    order = [name for pair in range(pairs) for name in (list(workers) if pair % 2 else list(workers)[::-1])]
    claim = {
        "metric": "cost per million tokens",
        "candidate": "two workers",
        "than": "one worker",
        "at": "ttft p95 <= 150 ms",
        "at_least_percent_lower": 20,
        "source": "an example",
    }
    return Results(
        run="simulated",
        name="two workers against one",
        looks=Looks(pairs=(pairs,)),
        claims=(read_claim(claim),),
        traffic_per_hour=(),
        scorer="",
        recordings=tuple(
            _block(candidates[name], workers[name], position, draw) for position, name in enumerate(order)
        ),
        interrupted=(),
        candidates=candidates,
    )


def _block(candidate: Candidate, workers: int, position: int, draw: random.Random) -> Recording:
    """Steps of rising rate, on a queue that is served in order by so many workers of 25 requests per second."""
    rates = [workers * rate for rate in (6.0, 9.0, 12.0, 15.0, 18.0, 21.0, 24.0, 28.0)]
    begun, requests = 1.0, []
    for number in range(20):
        requests.append(_request(0, 0.04 * number, 0.04 * number, 0.02, f"warm {position} {number}", warm_up=True))
    for step, rate in enumerate(rates):
        free = [begun] * workers
        at = begun
        for number in range(500):
            at += draw.expovariate(rate)
            service = draw.lognormvariate(-3.25, 0.3)
            free.sort()
            start = max(at, free[0])
            free[0] = start + service
            prompt = f"{position // 2} {step} {number}"
            requests.append(_request(step, at, start, service, prompt))
        begun = max(at, *free) + 1
    return Recording(
        candidate=candidate,
        pair=position // 2,
        position=position,
        steps=tuple(StepPlan(rate=rate) for rate in rates),
        requests=tuple(requests),
        run="simulated",
        started=(_BEGUN + datetime.timedelta(minutes=10 * position)).isoformat(),
        clock_jump_seconds=0.0,
        usd=0.1,
    )


def _request(step: int, sent: float, start: float, service: float, prompt: str, *, warm_up: bool = False) -> Request:
    return Request(
        step=step,
        sent=sent,
        status="ok",
        due=sent,
        first_token=start + service / 2,
        end=start + service,
        tokens_in=10,
        tokens_out=8,
        warm_up=warm_up,
        prompt=prompt,
        answer="the same",
    )


def draw_all() -> None:
    """Writes every picture."""
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        made = pages(Path(folder))
        for name, picture in PICTURES.items():
            browser.show(made[picture.page], picture.width, dark=picture.dark)
            bottom = browser.value(f"document.querySelector('main > {picture.end}').getBoundingClientRect().bottom")
            image = Image.open(io.BytesIO(browser.picture(picture.width, round(bottom) + 16)))
            image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(IMAGES / name, optimize=True)


if __name__ == "__main__":
    draw_all()
