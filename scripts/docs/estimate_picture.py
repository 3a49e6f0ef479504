"""Writes docs/images/estimate.png: the HTML report of the fleet, with examples/usage.toml, in a headless Chromium.

    python -m scripts.docs.estimate_picture

Not part of `make refresh`, because it needs Chromium (Debian: apt-get install chromium).
"""

from __future__ import annotations

import datetime
import json
import subprocess
import tempfile
from pathlib import Path

from app import build_app
from cdk_inference.cli.formatters import estimate_formatter
from cdk_inference.pricing import estimate, price_book, read_usage
from cdk_inference.template import load_deployment

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs/images/estimate.png"
SIZE = "1120,840"
BUDGET_USD = 45_000


def report() -> str:
    """The page."""
    with tempfile.TemporaryDirectory() as folder:
        context = json.loads((ROOT / "cdk.json").read_text())["context"]
        build_app({**context, "environment": "prod"}, folder).synth()
        deployment = load_deployment([Path(folder)], None)
    book = price_book([], datetime.date.today())
    return estimate_formatter("html").estimate(
        estimate(deployment, book, read_usage(ROOT / "examples/usage.toml"), BUDGET_USD)
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "estimate.html"
        page.write_text(report(), encoding="utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        subprocess.run([*command, f"--window-size={SIZE}", f"--screenshot={PICTURE}", page.as_uri()], check=True)
