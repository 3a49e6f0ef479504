"""The emulator with the rehearsal's services, handlers and strictness: `python -m rehearsal.emulator.serve`.

GATEWAY_PORT and BIND_HOST come from the environment.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from typing import Any

from rehearsal.emulator import handlers, private_names, services, strict


def only_local() -> None:
    """Lets this process connect to 127.0.0.1 and to nothing else."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "localhost", "::1"):
            raise OSError(f"a rehearsal connects to 127.0.0.1 only; got {address[0]}")

    def checked(self: socket.socket, address: Any) -> None:
        check(address)
        connect(self, address)

    def checked_ex(self: socket.socket, address: Any) -> int:
        check(address)
        return connect_ex(self, address)

    socket.socket.connect = checked  # type: ignore[assignment, method-assign]
    socket.socket.connect_ex = checked_ex  # type: ignore[assignment, method-assign]


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
    private_names.get("main")()


if __name__ == "__main__":
    main()
