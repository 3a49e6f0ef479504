"""results.md: verdicts on the targets first, then the tables, then how it was measured."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import fmean, median

from measure import Run

# Endpoints -> how many times the same resources by hand they may cost.
BY_HAND_TARGETS = {1: 1.05, 100: 1.1, 1000: 1.1}
# What still counts as flat.
GROWTH_TARGET = 1.1
# Of a review: seconds of wall time, and MiB of memory.
REVIEW_TARGETS = {
    "review fleet": (0.5, 1000),
    "review 1000": (4.0, 1000),
    "review nested": (10.0, 1000),
    "review 100 MB": (10.0, 1000),
}
# Of all that a pull request is checked with, seconds.
PULL_REQUEST_TARGET = 20
# With more of the machine in other hands, no verdict.
OTHERS_MAX = 0.1
SIZES = (10, 100, 1000)
HOW = """\
Each row is a Python process of its own that makes an app with the context of cdk.json and synthesizes it into an
empty folder; the CDK CLI is not in it. Scenarios ran in turns (A B A B ...), after one warm-up each (none at 1000).
Numbers are medians; a ratio is that of the medians, with the lowest and the highest ratio of neighbouring runs. Wall
and CPU time include Python, its imports and Node. Memory is the highest sum of the resident sets of Python and Node,
looked at every 50 ms. Others: how much of the cores other processes kept busy meanwhile, mean; where that is above
10 % there is no verdict.

`endpoints.py N` makes N times one LLM endpoint (`Lmi`, ml.g6.2xlarge, `TargetConcurrency`), 9 resources each, in
stacks of 40. `by_hand.py N` makes the same resources with L1 classes and checks nothing. Both are given the same
imported bucket per stack. A ratio below 1 is possible: this package sends Node the properties that a resource has, and
the constructor of an L1 class all that its type knows. `alpha.py` is one endpoint with aws-cdk.aws-sagemaker-alpha;
`like_alpha.py` is one of this package with as much of the same as both know. The two differ in what they make, and run
in an environment of their own. `fleet.py` is the example fleet, dev, with the rule packs of cdk-nag.

`review` is `cdk-inference review` of the fleet's assembly, and of that of 1000 endpoints, against the same after a
change of every endpoint's instance type and maximum: no CDK and no Node. Resources are those of both sides. `nested`:
two nested stacks in each stack, 16 levels deep, of which it reads 100,000 resources and lists the rest as not compared;
`100 MB`: a template of that size on each side, which it refuses.

`pull_request.py` is the whole check of a pull request on the example fleet, prod, setting up left out: base and head
are synthesized side by side with cdk-nag's rule packs, then cfn-lint judges the head's templates beside the review.
"""


@dataclass(frozen=True, kw_only=True)
class Results:
    """Runs and resource counts by scenario name; `no_alpha` is why the alpha package was not measured."""

    runs: Mapping[str, Sequence[Run]]
    resource_counts: Mapping[str, int]
    node: str
    no_alpha: str | None
    minutes: float

    def wall(self, name: str) -> float:
        """Median wall time, seconds."""
        return median(run.wall_seconds for run in self.runs[name])

    def ratio(self, name: str, base: str) -> tuple[float, float, float]:
        """Of wall times: of the medians, lowest and highest of neighbouring runs."""
        pairs = [a.wall_seconds / b.wall_seconds for a, b in zip(self.runs[name], self.runs[base], strict=True)]
        return self.wall(name) / self.wall(base), min(pairs), max(pairs)

    def cpu_ratio(self, name: str, base: str) -> float:
        """Of the medians of CPU time."""
        top, bottom = (median(run.cpu_seconds for run in self.runs[which]) for which in (name, base))
        return top / bottom

    def others_share(self, *names: str) -> float:
        """Share of the cores that other processes kept busy meanwhile, mean; 0 where it is unknown."""
        return fmean(run.others_share or 0.0 for name in names for run in self.runs[name])

    def net_ms(self, script: str, count: int) -> float:
        """Milliseconds per endpoint above the empty app."""
        return (self.wall(f"{script} {count}") - self.wall("empty")) / count * 1000

    def further_ms(self, script: str, low: int, high: int) -> float:
        """Milliseconds for each endpoint more, between two sizes."""
        return (self.wall(f"{script} {high}") - self.wall(f"{script} {low}")) / (high - low) * 1000


def written(results: Results) -> str:
    """The whole text."""
    command = " ".join(["python benchmarks/run.py", *sys.argv[1:]])
    parts = [
        "# Benchmarks\n",
        _verdicts(results),
        f"Measured {datetime.date.today()} in {results.minutes:.0f} minutes by `{command}`. {_machine()}. "
        f"{_versions(results.node)}. "
        "Templates equal (`endpoints.py` and `by_hand.py`, 1 and 100): yes.\n",
        "## Absolute\n",
        _absolute(results),
        "## Ratios\n",
        _ratios(results),
        "## Cost per endpoint\n",
        _per_endpoint(results),
        "## How it is measured\n",
        HOW,
    ]
    return "\n".join(parts)


def _verdicts(results: Results) -> str:
    net = [results.net_ms("endpoints", size) for size in SIZES]
    further = [results.further_ms("endpoints", *sizes) for sizes in ((10, 100), (100, 1000))]
    flat = max(net[1:]) <= GROWTH_TARGET * net[0] and further[1] <= GROWTH_TARGET * further[0]
    second = _word(results, flat, "empty", *(f"endpoints {size}" for size in SIZES))
    return (
        "".join(_by_hand_verdict(results, size, target) for size, target in BY_HAND_TARGETS.items())
        + f"- Cost per endpoint flat from 10 to 1000, that is, nowhere more than {GROWTH_TARGET} times that of fewer: "
        f"**{second}**, {', '.join(f'{value:.0f}' for value in net)} ms at 10, 100, 1000; each further endpoint "
        f"{further[0]:.1f} ms from 10 to 100, {further[1]:.1f} ms from 100 to 1000.\n"
        + "".join(_review_verdict(results, name, *target) for name, target in REVIEW_TARGETS.items())
        + f"- The whole check of a pull request in at most {PULL_REQUEST_TARGET} s: "
        f"**{_word(results, results.wall('pull_request') <= PULL_REQUEST_TARGET, 'pull_request')}**, "
        f"{results.wall('pull_request'):.2f} s.\n"
    )


def _by_hand_verdict(results: Results, size: int, target: float) -> str:
    ratio, low, high = results.ratio(f"endpoints {size}", f"by_hand {size}")
    word = _word(results, ratio <= target, f"endpoints {size}", f"by_hand {size}")
    return (
        f"- {size} endpoint{'' if size == 1 else 's'} at most {target:g} times the same resources by hand: **{word}** "
        f"by the median, {ratio:.3f}; single pairs of runs range from {low:.3f} to {high:.3f}.\n"
    )


def _review_verdict(results: Results, name: str, seconds: float, memory_mb: float) -> str:
    peaks = [run.peak_mb for run in results.runs[name] if run.peak_mb is not None]
    peak = median(peaks) if peaks else None
    met = results.wall(name) <= seconds and (peak is None or peak <= memory_mb)
    memory = "not measured" if peak is None else f"{peak:.0f} MiB"
    return (
        f"- {name} in at most {seconds:g} s and {memory_mb:g} MiB: **{_word(results, met, name)}**, "
        f"{results.wall(name):.2f} s, {memory}.\n"
    )


def _word(results: Results, met: bool, *names: str) -> str:
    if results.others_share(*names) > OTHERS_MAX:
        return "undecided, run it again on a quiet machine"
    return "met" if met else "missed"


def _absolute(results: Results) -> str:
    lines = []
    for name, runs in results.runs.items():
        peaks = [run.peak_mb for run in runs if run.peak_mb is not None]
        memory = f"{median(peaks):.0f}" if peaks else "not measured: no /proc"
        cpu = f"{median(run.cpu_seconds for run in runs):.2f}"
        if not all(run.cpu_complete for run in runs):
            cpu += " (incomplete: a process was not waited for)"
        walls = [run.wall_seconds for run in runs]
        spread = f"{min(walls):.2f} to {max(walls):.2f}"
        count = results.resource_counts.get(name, "")
        others = f"{results.others_share(name):.0%}"
        lines.append(
            f"| {name} | {len(runs)} | {count} | {median(walls):.2f} | {spread} | {cpu} | {memory} | {others} |"
        )
    if results.no_alpha is not None:
        lines.append(f"| alpha, like_alpha | 0 | | not measured: {results.no_alpha} | | | | |")
    head = "| Scenario | Runs | Resources | Wall, s | Lowest to highest | CPU, s | Peak memory, MiB | Others |"
    return "\n".join([head, "|---|--:|--:|--:|--:|--:|--:|--:|", *lines, ""])


def _ratios(results: Results) -> str:
    pairs = [(f"endpoints {size}", f"by_hand {size}") for size in (1, *SIZES)]
    if results.no_alpha is None:
        pairs.append(("like_alpha", "alpha"))
    lines = []
    for name, base in pairs:
        ratio, low, high = results.ratio(name, base)
        cpu = results.cpu_ratio(name, base)
        lines.append(f"| {name} / {base} | {ratio:.3f} | {low:.3f} to {high:.3f} | {cpu:.3f} |")
    head = "| Pair | Wall | Lowest to highest | CPU |"
    return "\n".join([head, "|---|--:|--:|--:|", *lines, ""])


def _per_endpoint(results: Results) -> str:
    lines = []
    for low, size in zip((1, *SIZES), SIZES, strict=False):
        cells = [
            f"{value:.1f}"
            for script in ("endpoints", "by_hand")
            for value in (results.net_ms(script, size), results.further_ms(script, low, size))
        ]
        lines.append(f"| {size} | {' | '.join(cells)} |")
    head = (
        "Milliseconds. Net: above the empty app, which includes what is loaded once. Each further: the difference to "
        "the size before, per endpoint.\n\n"
        "| Endpoints | ours, net | ours, each further | by hand, net | by hand, each further |"
    )
    return "\n".join([head, "|--:|--:|--:|--:|--:|", *lines, ""])


def _versions(node: str) -> str:
    node_version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    packages = ", ".join(f"{name} {version(name)}" for name in ("cdk-inference", "aws-cdk-lib", "jsii"))
    return f"{packages}, Node {node_version.removeprefix('v')}, Python {platform.python_version()}"


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB of memory, {platform.system()}"
