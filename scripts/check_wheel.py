"""Builds the wheel, installs it in an empty virtual environment elsewhere, and runs another team's app with it.

    python scripts/check_wheel.py

That app is examples/first_endpoint.py, copied. Nothing of this folder is on its path.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
APP = ROOT / "examples" / "first_endpoint.py"


def run(*command: str | Path, cwd: Path, environment: dict[str, str]) -> str:
    """The command's output; stops with it when the command fails."""
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(str(part) for part in command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    """Exits with a message when something is wrong."""
    node = Path(os.environ["JSII_NODE"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
        # Relative paths: pip reads brackets at the end of a path as extras.
        run(*pip, "wheel", "--no-deps", "--wheel-dir", folder, ".", cwd=ROOT, environment=clean)
        (wheel,) = folder.glob("cdk_inference-*.whl")
        run(sys.executable, "-m", "venv", folder / "venv", cwd=folder, environment=clean)
        python = folder / "venv" / "bin" / "python"
        install = (python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install")
        run(*install, "--constraint", "constraints.txt", wheel, cwd=ROOT, environment=clean)
        shutil.copy(APP, folder / "app.py")
        out = folder / "out"
        run(python, "app.py", cwd=folder, environment={**clean, "JSII_NODE": str(node), "CDK_OUTDIR": str(out)})
        resources = json.loads((out / "Demo.template.json").read_text())["Resources"].values()
        kinds = sorted(resource["Type"] for resource in resources)
        if "AWS::SageMaker::Endpoint" not in kinds:
            sys.exit(f"the app made no endpoint, but {kinds}")
        where = run(python, "-c", "import cdk_inference; print(cdk_inference.__file__)", cwd=folder, environment=clean)
        if not Path(where.strip()).is_relative_to(folder):
            sys.exit(f"cdk_inference came from {where.strip()}, not from the wheel")
        verdict = run(folder / "venv" / "bin" / "cdk-inference", "summary", out, cwd=folder, environment=clean)
        print(f"{wheel.name} serves another team's app: {verdict.splitlines()[0]}")


if __name__ == "__main__":
    main()
