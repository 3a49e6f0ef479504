"""The whole check of a pull request on the example fleet, prod: both sides synthesized with cdk-nag, cfn-lint, review.

The head is the base with another instance type and another maximum, put into its templates once it is synthesized.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from common import ROOT, arguments

sys.path.insert(0, str(ROOT / "benchmarks"))

from reviews import change, command

FLEET = Path(__file__).with_name("fleet.py")


def check(folder: Path) -> None:
    """Two syntheses side by side, then cfn-lint of the head beside the review; any failure ends it."""
    base, head = folder / "base", folder / "head"
    _together([[str(FLEET), "1", str(side), "prod"] for side in (base, head)])
    if not change(head):
        sys.exit("nothing is changed in what fleet.py makes")
    templates = sorted(str(file) for file in head.glob("*.template.json"))
    lint = "import sys; from cfnlint.runner import main; sys.exit(main())"
    _together([["-c", lint, "--template", *templates], command(base, head)])


def _together(commands: list[list[str]]) -> None:
    running = [subprocess.Popen([sys.executable, *one], stdout=subprocess.DEVNULL) for one in commands]
    ended = [process.wait() for process in running]
    if any(ended):
        sys.exit("a part of the check failed")


if __name__ == "__main__":
    check(Path(arguments()[1]))
