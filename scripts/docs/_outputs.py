"""Output of commands in pages: `<!-- output of: COMMAND -->`, then a block of text that is made anew.

A page that synthesizes an app names it first, `<!-- app: examples/first_endpoint.py -->`; `cdk.out` has its templates.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cdk_inference.cli import main
from scripts.docs.choosing import day

ROOT = Path(__file__).parents[2]
APP = re.compile(r"<!-- app: (\S+) -->")
OUTPUT = re.compile(r"(<!-- output of: (.+?) -->\n\n```text\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE)


def with_outputs(text: str) -> str:
    """Returns a page whose blocks of output are as the commands print them now."""
    app = APP.search(text)
    with _folder(app[1] if app else "") as folder:
        return OUTPUT.sub(lambda found: f"{found[1]}{_run(found[2], folder)}{found[4]}", text)


@contextlib.contextmanager
def _folder(app: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "examples").symlink_to(ROOT / "examples")
        if app:
            (folder / "cdk.out").symlink_to(synthesized(app))
        yield folder


@functools.cache
def synthesized(app: str) -> Path:
    """Returns the folder with the templates of an app."""
    folder = Path(tempfile.mkdtemp(prefix="cdk-inference-docs-"))
    environment = {**os.environ, "CDK_OUTDIR": str(folder)}
    subprocess.run([sys.executable, ROOT / app], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return folder


def _run(command: str, folder: Path) -> str:
    """The last argument may be `| head -N`, which cuts the output."""
    command, _, cut = command.partition(" | head -")
    text = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(text):
        main(shlex.split(command)[1:], day())
    lines = text.getvalue().splitlines()
    return "".join(f"{line}\n" for line in (lines[: int(cut)] if cut else lines))
