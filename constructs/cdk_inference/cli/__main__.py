"""The process of `cdk-inference`, and of `python -m cdk_inference.cli`."""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

from cdk_inference.cli import main


def run() -> NoReturn:
    """Runs the command with the arguments of the process, and ends the process with its exit status.

    The garbage collector is off: what a command makes lives until it ends, and then the process ends too. Frozen
    objects are left out of the collection that Python makes at the end.
    """
    gc.disable()
    status = main()
    gc.freeze()
    sys.exit(status)


if __name__ == "__main__":
    run()
