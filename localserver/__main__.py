"""python -m localserver [--port 9100] endpoints.toml [command ...]: serves on 127.0.0.1 only.

[slow]
slots = 4
service_seconds = 0.08
first_token_seconds = 0.01
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import sys
import tomllib
from pathlib import Path

from aiohttp import web

from cdk_inference.sender.loop import run_loop
from localserver.backends import Backend, QueueBackend
from localserver.queueing import Queue
from localserver.server import application


def backends(path: Path) -> dict[str, Backend]:
    """Reads endpoints: name -> backend."""
    found: dict[str, Backend] = {}
    for name, settings in tomllib.loads(path.read_text(encoding="utf-8")).items():
        if "model" in settings:
            from localserver.model import ModelBackend

            found[name] = ModelBackend(characters=settings.get("characters"))
        else:
            found[name] = QueueBackend(Queue(**settings))
    return found


async def serve(path: Path, port: int, command: list[str]) -> int:
    """Serves until interrupted, or until `command` has ended; returns its exit status."""
    runner = web.AppRunner(application(backends(path)), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    gc.freeze()
    try:
        if not command:
            print(f"http://127.0.0.1:{port}", flush=True)
            await asyncio.Event().wait()
        process = await asyncio.create_subprocess_exec(*command)
        return await process.wait()
    finally:
        await runner.cleanup()


def main() -> None:
    """Serves."""
    parser = argparse.ArgumentParser(prog="python -m localserver", description="AWS's runtime APIs on this machine.")
    parser.add_argument("endpoints", type=Path, help="TOML, one table an endpoint")
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("command", nargs=argparse.REMAINDER, help="run while the server is up; default: until Ctrl-C")
    chosen = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(run_loop(serve(chosen.endpoints, chosen.port, chosen.command)))


if __name__ == "__main__":
    main()
