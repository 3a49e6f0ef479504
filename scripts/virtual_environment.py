"""Makes .venv, or makes it again when this Python or this folder cannot use the one that is there.

    python3 scripts/virtual_environment.py

A virtual environment belongs to one Python and to one folder: its packages lie in a folder named after the Python, and
its scripts and its link to the package's source hold absolute paths. The stamp .venv/.python holds both.

The syntax is one that every Python reads, so that an old one is refused with a sentence and not with a SyntaxError.
"""

import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)  # as in pyproject.toml
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GENERATED = (".venv", "node_modules", "cdk.out")


def dotted(version):
    """(3, 11) as 3.11."""
    return ".".join(str(part) for part in version)


def problems():
    """One sentence per reason to stop, before anything is made."""
    found = []
    if sys.version_info[:2] < OLDEST:
        got = dotted(sys.version_info[:3]) + " (" + sys.executable + ")"
        allowed = dotted(OLDEST) + " and newer; fix: name one that is installed: make PYTHON=python" + dotted(OLDEST)
        found.append("Python: got " + got + "; allowed: " + allowed)
    for name in GENERATED:
        path = os.path.join(ROOT, name)
        if os.path.islink(path):
            got = "a link to " + os.readlink(path)
            found.append(name + ": got " + got + "; allowed: a folder of this checkout; fix: rm " + name)
    return found


def main():
    """Exits with a sentence when there is a problem; makes nothing when .venv fits."""
    found = problems()
    if found:
        sys.exit("\n".join(found))
    folder = os.path.join(ROOT, ".venv")
    stamp = os.path.join(folder, ".python")
    made_for = os.fsencode(dotted(sys.version_info[:2]) + "\n" + folder + "\n")
    if os.path.exists(os.path.join(folder, "bin", "python")) and os.path.exists(stamp):
        with open(stamp, "rb") as file:
            if file.read() == made_for:
                return
    print("making .venv with Python " + dotted(sys.version_info[:3]))
    sys.stdout.flush()
    if os.path.exists(folder):
        shutil.rmtree(folder)
    # The Python that runs this may be the one in .venv.
    python = getattr(sys, "_base_executable", None) or sys.executable
    status = subprocess.call([python, "-m", "venv", folder])
    if status:
        shutil.rmtree(folder, ignore_errors=True)
        sys.exit(status)
    with open(stamp, "wb") as file:
        file.write(made_for)


if __name__ == "__main__":
    main()
