"""Builds both wheels and uses them outside the repository, where nothing else is installed.

    python scripts/check_wheel.py [FOLDER]

cdk-inference: walks README.md from `cdk init` to the estimate with the blocks of README itself, and compares what the
commands print with what README shows. cdk-inference-cli: runs every command on those templates, without the CDK.
With FOLDER only the wheels are built, into it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# From here on a block needs a checkout or an AWS account.
END = "## Rehearse it without an account"
REQUIREMENT = re.compile(r'"cdk-inference @ git\+https://[^"]+"')
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
OUTPUT = re.compile(r"<!-- output of: (.+?) -->\n\n```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMANDS = (
    "summary cdk.out",
    "check cdk.out",
    "estimate cdk.out",
    "review --base cdk.out --head cdk.out --region us-east-1",
    "choose --model Qwen/Qwen3-32B --context 8k --batch 16 --region us-east-1",
    "claims --help",
    "compare --help",
    "prices --help",
)
LIMIT_MB = 30
ABSENT = ("aws_cdk", "constructs", "boto3")


def run(*command: str | Path, cwd: Path, environment: dict[str, str]) -> str:
    """The command's output; stops with it when the command fails."""
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(str(part) for part in command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def clean_environment(programs: Path) -> dict[str, str]:
    """The system's programs with `node`, `cdk` and `python3`, and no variable of Python or of this repository."""
    programs.mkdir()
    node, cdk = Path(os.environ["JSII_NODE"]).resolve(), ROOT / "node_modules/aws-cdk/bin/cdk"
    python = getattr(sys, "_base_executable", sys.executable)
    for name, command in (("node", (node,)), ("cdk", (node, cdk)), ("python3", (python,))):
        words = shlex.join(str(word) for word in command)
        (programs / name).write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        (programs / name).chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "JSII_"))}
    return {
        **kept,
        "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
        "JSII_NODE": str(node),
        "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        # Nothing is compiled but what is imported: pip takes the value of an option that begins with "no" in reverse.
        "PIP_NO_COMPILE": "0",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
    }


def build(folder: Path, environment: dict[str, str]) -> tuple[Path, Path]:
    """The wheels of cdk-inference and cdk-inference-cli."""
    pip = (sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--wheel-dir", folder)
    # Relative paths: pip reads brackets at the end of a path as extras.
    for source in (".", "./packaging/cli"):
        run(*pip, source, cwd=ROOT, environment=environment)
    (package,), (commands,) = folder.glob("cdk_inference-*.whl"), folder.glob("cdk_inference_cli-*.whl")
    for wheel in (package, commands):
        if found := relative_links(wheel):
            sys.exit(f"{wheel.name}: its description has links that lead nowhere outside the repository: {found}")
    return package, commands


def relative_links(wheel: Path) -> list[str]:
    """Links of the wheel's description, which is README.md, that are not addresses."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        return re.findall(r"\]\((?!https?://|#)[^)]*\)", archive.read(name).decode())


def walk(folder: Path, wheel: Path, environment: dict[str, str]) -> Path:
    """The app's folder after all that README says to do. The repository's address is replaced by the wheel."""
    path, found = REQUIREMENT.subn(shlex.quote(str(wheel)), README.partition(END)[0])
    if found != 1:
        sys.exit(f"README.md names the package's address {found} times; allowed: once, in the block that installs it")
    steps = ["set -euo pipefail"]
    for language, block in BLOCK.findall(path):
        steps.append(block if language == "sh" else f"cat > app.py <<'APP'\n{block}APP\n")
    run("bash", "-c", "\n".join(steps), cwd=folder, environment=environment)
    app = folder / "demo"
    bin_folder = app / ".venv/bin"
    inside = {**environment, "PATH": f"{bin_folder}:{environment['PATH']}"}
    for command, shown in OUTPUT.findall(path):
        printed = run("bash", "-c", f"{command}", cwd=app, environment=inside)
        if printed != shown:
            sys.exit(f"{command}\nREADME.md shows:\n{shown}\nprinted:\n{printed}")
    where = run(
        bin_folder / "python", "-c", "import cdk_inference; print(cdk_inference.__file__)", cwd=app, environment=inside
    )
    if not Path(where.strip()).is_relative_to(app.resolve()):
        sys.exit(f"cdk_inference came from {where.strip()}, not from the wheel")
    carried = "import rehearsal.environment as e; print(e.REQUIREMENTS.exists(), e.CHECKOUT)"
    if (found := run(bin_folder / "python", "-c", carried, cwd=app, environment=inside).strip()) != "True False":
        sys.exit(f"the wheel does not carry the rehearsal: {found}")
    return app


def commands_alone(folder: Path, wheel: Path, app: Path, environment: dict[str, str]) -> str:
    """Runs each command where only cdk-inference-cli is installed; size and time of that installation."""
    start = time.monotonic()
    run("python3", "-m", "venv", folder, cwd=app, environment=environment)
    run(folder / "bin/python", "-m", "pip", "--quiet", "install", wheel, cwd=app, environment=environment)
    seconds = time.monotonic() - start
    for command in COMMANDS:
        run(folder / "bin/cdk-inference", *command.split(), cwd=app, environment=environment)
    probe = f"import importlib.util as u; print([n for n in {ABSENT} if u.find_spec(n)])"
    if (present := run(folder / "bin/python", "-c", probe, cwd=app, environment=environment).strip()) != "[]":
        sys.exit(f"{wheel.name} brings {present}")
    ours = ("cdk_inference", "yaml", "_yaml")
    files = [file for part in ours for file in folder.rglob(f"site-packages/{part}*/**/*") if file.is_file()]
    size = sum(file.stat().st_size for file in files) / 1e6
    if size > LIMIT_MB:
        sys.exit(f"{wheel.name}: got {size:.0f} MB installed; allowed: {LIMIT_MB} MB")
    return f"{size:.0f} MB, installed in {seconds:.0f} s"


def main() -> None:
    """Exits with a message when something is wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        environment = clean_environment(folder / "programs")
        package, commands = build(folder / "dist", environment)
        if len(sys.argv) > 1:
            target = Path(sys.argv[1])
            target.mkdir(exist_ok=True)
            for wheel in (package, commands):
                print(shutil.copy(wheel, target))
            return
        start = time.monotonic()
        app = walk(folder, package, environment)
        print(f"{package.name}: README.md walked in {time.monotonic() - start:.0f} s")
        print(f"{commands.name}: {commands_alone(folder / 'alone', commands, app, environment)}; every command runs")


if __name__ == "__main__":
    main()
