"""Synthesizes a user's app by the stock CLI: in a copy of its context, with look-ups that the emulator answers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from rehearsal import processes
from rehearsal.assembly import Assembly
from rehearsal.sources import App
from rehearsal.tools import Tools
from rehearsal.workspace import CannotRehearseError, Workspace

_LAST_LINES = 30


class Synthesis:
    """One app, synthesized into the workspace."""

    def __init__(self, app: App, tools: Tools, context: Sequence[str]) -> None:
        self._app, self._tools = app, tools
        self._context = [word for one in context for word in ("--context", one)]

    def run(self, place: Workspace, process: subprocess.Popen[str], say: Callable[[str], None]) -> Assembly:
        """Returns the app's assembly.

        Raises:
            CannotRehearseError: The app fails, or a look-up cannot be answered.
        """
        folder = place.folder / "app"
        if not folder.exists():
            self._app.prepare(folder)
        code, lines = self._synth(place, process, "--no-lookups")
        missing = _missing(place.folder / "cdk.out")
        if code and missing:
            say(f"look-ups that the emulator answers, not written to the app's cdk.context.json: {', '.join(missing)}")
            code, lines = self._synth(place, process)
            if code:
                fix = "fix: run `cdk synth` once with your account, then cdk.context.json holds the answers"
                raise CannotRehearseError("a look-up cannot be answered; " + fix + ":\n" + "\n".join(lines))
        if code:
            raise CannotRehearseError("the app does not synthesize:\n" + "\n".join(lines))
        return Assembly(place.folder / "cdk.out")

    def _synth(self, place: Workspace, process: subprocess.Popen[str], *more: str) -> tuple[int, list[str]]:
        lines: list[str] = []
        output = str(place.folder / "cdk.out")
        code = processes.run(
            [*self._tools.command("synth", "--quiet", "--output", output, *self._context), *more],
            folder=place.folder / "app",
            # Where the app has no region of its own, these are the account and the region of the emulator.
            variables=place.app_variables(CDK_DEFAULT_ACCOUNT=place.account, CDK_DEFAULT_REGION=place.regions[0]),
            line=lines.append,
            beside=process,
        )
        return code, lines[-_LAST_LINES:]


def _missing(folder: Path) -> list[str]:
    """The look-ups that an assembly lacks, as its manifest names them."""
    try:
        found = json.loads((folder / "manifest.json").read_text()).get("missing", [])
    except (OSError, ValueError):
        return []
    return sorted({str(one.get("key", one.get("provider"))) for one in found})


def placed(place: Workspace, assembly: Assembly) -> Workspace:
    """Returns the workspace with the account and the regions of an assembly's stacks.

    Raises:
        CannotRehearseError: The stacks go to several accounts.
    """
    stacks = assembly.stacks().values()
    accounts = sorted({one.account for one in stacks} - {"unknown-account"})
    if len(accounts) > 1:
        raise CannotRehearseError(
            f"stacks of several accounts: got {', '.join(accounts)}; allowed: one account; fix: rehearse an app of each"
        )
    regions = list(dict.fromkeys(one.region if one.region != "unknown-region" else place.regions[0] for one in stacks))
    return replace(place, account=accounts[0] if accounts else place.account, regions=tuple(regions))
