"""Writes docs/images/estimate.png: the HTML report of the fleet, with examples/usage.toml, in a headless Chromium.

    python scripts/generate_picture.py

Needs Chromium (Debian: apt-get install chromium); not part of `make`.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # before what lies there is imported

from app import build_app  # noqa: E402
from cdk_inference.cli.estimate_html import estimate_html  # noqa: E402
from cdk_inference.pricing import estimate, price_book, read_usage  # noqa: E402
from cdk_inference.template import load_deployment  # noqa: E402

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
    return estimate_html(estimate(deployment, book, read_usage(ROOT / "examples/usage.toml"), BUDGET_USD))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "estimate.html"
        page.write_text(report(), encoding="utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        subprocess.run([*command, f"--window-size={SIZE}", f"--screenshot={PICTURE}", page.as_uri()], check=True)
