"""`python -m rehearsal`: deploys, changes, breaks and destroys the fleet on this machine; see `make rehearse`."""

from __future__ import annotations

import argparse
import csv
import os
import signal
import sys
import time
from pathlib import Path

from botocore.exceptions import BotoCoreError

from rehearsal import processes, workspace
from rehearsal.assembly import Assembly
from rehearsal.story import Story, needs, synthesized

QUOTAS = Path(__file__).parent / "quotas.csv"


def quotas(file: Path) -> dict[str, int]:
    """Returns instance type -> instances for endpoint usage, of a table.

    Raises:
        CannotRehearseError: A row is not a type and a whole number from 0 up.
    """
    rows = csv.reader(line for line in file.read_text().splitlines() if line and not line.startswith("#"))
    found, problems = {}, []
    for row in list(rows)[1:]:
        if len(row) == 2 and row[0].startswith("ml.") and row[1].isdigit():
            found[row[0]] = int(row[1])
        else:
            problems.append(f"{file}: got the row {','.join(row)}; allowed: an instance type and a whole number")
    if problems:
        raise workspace.CannotRehearseError("\n".join(problems))
    return found


def _no_code(assembly: Assembly, *, allowed: bool) -> None:
    """Refuses an assembly with Lambda functions unless their code may run here."""
    found = [
        f"{stack}: {key}"
        for stack in assembly.stacks()
        for key, one in assembly.template(stack).get("Resources", {}).items()
        if one["Type"] == "AWS::Lambda::Function"
    ]
    if found and not allowed:
        raise workspace.CannotRehearseError(
            f"--assembly: got Lambda functions ({', '.join(found)}), whose code the emulator would run on this "
            "machine; fix: add --run-lambda if you trust it"
        )


def main(arguments: list[str] | None = None) -> int:
    """Runs one rehearsal; 0 if its story went to the end."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal", description=__doc__)
    parser.add_argument("--environment", default="dev", help="environment of this repository's app (default: dev)")
    parser.add_argument("--assembly", type=Path, help="a cloud assembly in place of this repository's app")
    parser.add_argument("--quotas", type=Path, default=QUOTAS, help="table of quotas (default: rehearsal/quotas.csv)")
    parser.add_argument("--port", type=int, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument(
        "--run-lambda",
        action="store_true",
        help="let Lambda functions of --assembly run here, unconfined",
    )
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
    workspace.forget_account(os.environ)
    began = time.monotonic()
    place = None
    try:
        needs()
        allowed = quotas(options.quotas)
        place = workspace.make(options.port)
        if options.assembly is not None:
            assembly = Assembly(options.assembly.resolve())
            _no_code(assembly, allowed=options.run_lambda)
        else:
            print("synthesizing ...", flush=True)
            assembly = synthesized(place, options.environment, lambda text: print(text, flush=True))
        print(f"starting the emulator on 127.0.0.1:{place.port} ({time.monotonic() - began:.1f} s so far)", flush=True)
        with processes.emulator(place) as process:
            story = Story(place, process, assembly)
            story.look.rehearsal("Quotas", Quotas=allowed)
            story.run()
    except workspace.CannotRehearseError as problem:
        print(problem, file=sys.stderr)
        return 1
    except (BotoCoreError, OSError) as problem:
        print(f"the emulator does not answer: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    finally:
        if place is not None:
            place.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
