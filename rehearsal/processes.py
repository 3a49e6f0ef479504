"""The emulator and the CDK CLI as child processes: each a group of its own, ended whatever happens."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from rehearsal.workspace import CannotRehearseError, Workspace

_LOOK_SECONDS = 0.5  # how often the emulator is looked at
_START_SECONDS = 60.0


def end(process: subprocess.Popen[str]) -> None:
    """Ends a child and its own children: first politely, after 3 s for good."""
    for number, patience in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            break


@contextlib.contextmanager
def emulator(
    workspace: Workspace, python: Path | None = None, *, run_lambda: bool = True
) -> Iterator[subprocess.Popen[str]]:
    """Runs the emulator until the block ends, by the Python of its environment.

    Raises:
        CannotRehearseError: It does not come up.
    """
    log = workspace.folder / "emulator.log"
    variables = workspace.variables(
        BIND_HOST="127.0.0.1",
        GATEWAY_PORT=str(workspace.port),
        MINISTACK_HOST="127.0.0.1",
        LOG_LEVEL="WARNING",
        **({} if run_lambda else {"REHEARSAL_LAMBDA": "off"}),
    )
    variables.pop("AWS_ENDPOINT_URL")
    with log.open("w") as out:
        process = subprocess.Popen(
            [str(python or sys.executable), "-I", "-B", "-m", "rehearsal.emulator.serve"],
            cwd=workspace.folder,
            env=variables,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        _wait(process, workspace, log)
        yield process
    finally:
        end(process)


def _wait(process: subprocess.Popen[str], workspace: Workspace, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise CannotRehearseError(f"the emulator ended at once: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"{workspace.endpoint}/_ministack/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise CannotRehearseError(f"the emulator did not answer within {_START_SECONDS:.0f} s: {log.read_text()[-2000:]}")


def run(
    command: Sequence[str],
    *,
    folder: Path,
    variables: Mapping[str, str],
    line: Callable[[str], None],
    beside: subprocess.Popen[str] | None = None,
) -> int:
    """Runs a command and hands each line of its output on; returns its exit code.

    Raises:
        CannotRehearseError: The process beside it died; the command is ended.
    """
    process = subprocess.Popen(
        list(command),
        cwd=folder,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    died = threading.Event()

    def watch() -> None:
        while process.poll() is None:
            if beside is not None and beside.poll() is not None:
                died.set()
                end(process)
                return
            time.sleep(_LOOK_SECONDS)

    watcher = threading.Thread(target=watch, name="watch", daemon=True)
    watcher.start()
    assert process.stdout is not None
    try:
        with process.stdout as output:
            for text in output:
                line(text.rstrip("\n"))
        process.wait()
    finally:
        end(process)
        watcher.join()
    if died.is_set():
        assert beside is not None
        raise CannotRehearseError(f"the emulator died (exit code {beside.returncode}); the command was ended")
    return process.returncode
