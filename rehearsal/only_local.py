"""Lets this process reach 127.0.0.1 and nothing else: the driver and the emulator; only_local.cjs is the CLI's."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

_LOCAL = (None, "", "127.0.0.1", "localhost", "::1", "0.0.0.0", "::")


def _check(host: Any) -> None:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name not in _LOCAL:
        raise OSError(f"a rehearsal connects to 127.0.0.1 only; got {name}")


def _host(address: Any) -> Any:
    """The host of an address; a socket file, such as Docker's, is its own name."""
    return address[0] if isinstance(address, tuple) else address


def _guarded(call: Callable[..., Any], where: int) -> Callable[..., Any]:
    """A method of a socket that checks its argument at a place first."""

    def guarded(*arguments: Any) -> Any:
        _check(_host(arguments[where]))
        return call(*arguments)

    return guarded


def only_local() -> None:
    """Refuses connections, datagrams and look-ups of names but those of this machine."""
    resolve = socket.getaddrinfo

    def resolved(host: Any, *rest: Any, **more: Any) -> Any:
        _check(host)
        return resolve(host, *rest, **more)

    socket.getaddrinfo = resolved
    for name in ("connect", "connect_ex"):
        setattr(socket.socket, name, _guarded(getattr(socket.socket, name), 1))
    socket.socket.sendto = _guarded(socket.socket.sendto, -1)  # type: ignore[method-assign]
