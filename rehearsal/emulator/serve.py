"""The emulator with the rehearsal's services, handlers and strictness: `python -m rehearsal.emulator.serve`.

GATEWAY_PORT and BIND_HOST come from the environment.
"""

from __future__ import annotations

import os
import sys
import threading
import time

from rehearsal.emulator import alarms, handlers, lambdas, private_names, services, strict
from rehearsal.only_local import only_local


def end_with_parent() -> None:
    """Ends this process within a second of its parent's end, also when the parent was killed."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def main() -> None:
    """Serves until it is ended."""
    end_with_parent()
    if problems := private_names.missing():
        sys.exit("\n".join(problems))
    only_local()
    services.register()
    handlers.register()
    strict.register()
    lambdas.register()
    alarms.register()
    private_names.get("main")()


if __name__ == "__main__":
    main()
