"""The environment for the alpha package: it must not be in the one that this package is checked in."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"
# Node is the same for all scenarios (JSII_NODE), so it is not installed here.
PINS = ("aws-cdk.aws-sagemaker-alpha==2.275.0a0", "aws-cdk-lib==2.275.0")


def alpha_python() -> str:
    """The interpreter of that environment, made on first use; raises RuntimeError with the reason if it cannot be."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "cdk-inference-bench" / f"alpha-python{sys.version_info[0]}.{sys.version_info[1]}"
    python = folder / "bin" / "python"
    done = folder / "pins.txt"
    if done.exists() and done.read_text(encoding="utf-8").split() == list(PINS):
        return str(python)
    print(f"making an environment with {PINS[0]}", flush=True)
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "-c", str(CONSTRAINTS)]
    try:
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([*command, *PINS], check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        lines = [line for line in str(error.stderr or error).splitlines() if line.startswith("ERROR")]
        raise RuntimeError(lines[-1] if lines else f"installing {PINS[0]} failed") from error
    except OSError as error:
        raise RuntimeError(f"no virtual environment: {error.strerror}") from error
    done.write_text("\n".join(PINS), encoding="utf-8")
    return str(python)
