"""One run of a script in a process of its own: wall time, CPU time, peak memory of it and all processes below it.

Wall time: from before the process is made until it has been waited for. Python starts Node for jsii and ends it
before it ends itself, so that is in it.
CPU time: `os.wait4`, which counts descendants as far as their parents have waited for them. Python's jsii and Node's
own launcher do wait; `cpu_complete` proves it for each run, from what the sampler saw the processes use.
Peak memory: the resident sets of all processes of the tree added up, every 50 ms, the highest sum. Pages that two
processes share count twice. The kernel's own high-water mark (`ru_maxrss`) is of the largest process alone, so it
cannot answer this.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SAMPLE_SECONDS = 0.05
_PROC = Path("/proc")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# Ticks are 10 ms, rounded per process; three or four processes are seen.
_CPU_TOLERANCE_SECONDS = 0.05


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run took. Values are None where there is no /proc.

    others_share: share of the machine's cores that other processes had meanwhile, 0 to 1.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_mb: float | None
    cpu_complete: bool
    others_share: float | None


@dataclass
class _Sampler:
    """Adds up the tree below `pid` until it is stopped."""

    pid: int
    peak_mb: float | None = None
    cpu_by_pid: dict[int, float] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self._stop.wait(SAMPLE_SECONDS):
            total = sum(self._sample(pid) for pid in _tree(self.pid))
            if total:
                self.peak_mb = max(total, self.peak_mb or 0.0)

    def stop(self) -> None:
        self._stop.set()

    def _sample(self, pid: int) -> float:
        try:
            resident = int((_PROC / str(pid) / "statm").read_text().split()[1])
            # After the name in parentheses: state, then eleven fields further user and system time.
            fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except (OSError, IndexError):
            return 0.0
        self.cpu_by_pid[pid] = (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND
        return resident * _PAGE_MB


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        try:
            for listing in (_PROC / str(parent) / "task").glob("*/children"):
                found += [int(child) for child in listing.read_text().split()]
        except OSError:
            continue
    return found


def _busy_seconds() -> float | None:
    """CPU time of everything since the machine started, time that its host took away included."""
    try:
        with (_PROC / "stat").open() as lines:
            user, nice, system, _, _, interrupts, soft_interrupts, stolen = map(int, lines.readline().split()[1:9])
    except OSError:
        return None
    return (user + nice + system + interrupts + soft_interrupts + stolen) / _TICKS_PER_SECOND


def measure(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Runs `command` once; raises RuntimeError with the end of its output if it fails."""
    with tempfile.TemporaryFile() as output:
        busy = _busy_seconds()
        start = time.perf_counter()
        process = subprocess.Popen(command, env=dict(environment), stdout=output, stderr=output)
        sampler = _Sampler(process.pid)
        thread = threading.Thread(target=sampler.run, daemon=True)
        thread.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        sampler.stop()
        thread.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            text = output.read().decode(errors="replace")
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{text[-2000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    others = None if busy is None else max(0.0, (_busy_seconds() or busy) - busy - cpu)
    seen = sum(sampler.cpu_by_pid.values())
    return Run(
        wall_seconds=wall,
        cpu_seconds=cpu,
        peak_mb=sampler.peak_mb,
        cpu_complete=seen <= cpu + _CPU_TOLERANCE_SECONDS,
        others_share=None if others is None else others / wall / (os.cpu_count() or 1),
    )
