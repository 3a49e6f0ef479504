"""`cdk-inference rehearse` and `make rehearse`, in the emulator's environment."""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import signal
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from cdk_inference.cli.commands import COMMANDS
from cdk_inference.cli.rehearse import add_arguments
from rehearsal import processes, sources, workspace
from rehearsal.assembly import Assembly, functions, without_images
from rehearsal.only_local import only_local
from rehearsal.sources import App
from rehearsal.story import Story
from rehearsal.synthesis import Synthesis, placed
from rehearsal.tools import find

QUOTAS = Path(__file__).parent / "quotas.csv"


def quotas(given: Path | None) -> dict[str, int]:
    """Returns instance type -> instances for endpoint usage, of a table.

    Raises:
        CannotRehearseError: A row is not a type and a whole number from 0 up.
    """
    file = given or QUOTAS
    try:
        lines = file.read_text().splitlines()
    except (OSError, ValueError) as error:
        raise workspace.CannotRehearseError(f"--quotas: got {error}; allowed: a table") from None
    rows = csv.reader(line for line in lines if line and not line.startswith("#"))
    found, problems = {}, []
    for row in list(rows)[1:]:
        if len(row) == 2 and row[0].startswith("ml.") and row[1].isdigit():
            found[row[0]] = int(row[1])
        else:
            problems.append(f"{file}: got the row {','.join(row)}; allowed: an instance type and a whole number")
    if problems:
        raise workspace.CannotRehearseError("\n".join(problems))
    return found


def _assembly(
    options: argparse.Namespace, source: App | Path, synthesis: Synthesis | None, place: workspace.Workspace
) -> Assembly:
    """A copy of what was given: the CLI locks the folder that it deploys."""
    folder = place.folder / "cdk.out"
    if synthesis is None:
        assert isinstance(source, Path)
        if source.is_file():
            sources.wrapped(source, folder, options.region)
        else:
            shutil.copytree(source, folder)
    assembly = Assembly(folder)
    for stack in assembly.stacks():
        assembly.template(stack)  # a broken one ends here
    images = without_images(folder)
    if images:
        print(f"Docker images are not built: {', '.join(images)}", flush=True)
    found = functions(assembly)
    if found and not options.run_lambda:
        print(f"Lambda functions are made, their code does not run (--run-lambda): {', '.join(found)}", flush=True)
    return assembly


def _rehearse(options: argparse.Namespace, place: workspace.Workspace) -> None:
    """Runs the story in a workspace."""
    allowed = quotas(options.quotas)
    source = sources.find(options.app)
    app = source if isinstance(source, App) else None
    tools = find(app.folder if app is not None else source.parent if isinstance(source, Path) else Path.cwd())
    synthesis = Synthesis(app, tools, options.context) if app is not None else None
    print(f"starting the emulator on 127.0.0.1:{place.port}", flush=True)
    with processes.emulator(place, run_lambda=options.run_lambda) as process:
        if synthesis is not None:
            print("synthesizing ...", flush=True)
            synthesis.run(place, process, print)
        assembly = _assembly(options, source, synthesis, place)
        story = Story(placed(place, assembly), process, assembly, tools, options.parameters)
        story.look.rehearsal("Quotas", Quotas=allowed)
        story.run()


def main(arguments: list[str] | None = None) -> int:
    """Runs one rehearsal. 0: its story went to the end; 1: a deployment failed; 2: it could not be rehearsed."""
    parser = argparse.ArgumentParser(prog="cdk-inference rehearse", description=COMMANDS["rehearse"].about)
    add_arguments(parser)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
    workspace.forget_account(os.environ)
    only_local()
    place = None
    try:
        place = workspace.make(options.port, options.region)
        _rehearse(options, place)
    except workspace.DeploymentFailedError as problem:
        print(problem, file=sys.stderr)
        return 1
    except workspace.CannotRehearseError as problem:
        print(problem, file=sys.stderr)
        return 2
    except (BotoCoreError, ClientError, OSError) as problem:
        print(f"the emulator does not answer as it should: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    finally:
        if place is not None:
            place.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
