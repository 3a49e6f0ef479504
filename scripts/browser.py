"""A headless Chromium, driven over a pipe: pages at a width, light or dark, measured and photographed.

Chrome DevTools Protocol, https://chromedevtools.github.io/devtools-protocol/ (read 2026-11-30). Not part of what CI
installs: `found()` is None where there is no Chromium (Debian: apt-get install chromium).
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe"),
)


def found() -> str | None:
    """Returns the path of a Chromium; None without one."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


class Browser:
    """One process for many pages; a context manager."""

    def __init__(self) -> None:
        self._number = 0

    def __enter__(self) -> Browser:
        program = found()
        if program is None:
            raise FileNotFoundError("no Chromium is installed")
        self._folder = tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True)
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        # The protocol's pipe is on 3 and 4.
        shell = f'exec "$@" 3<&{to_read} 4>&{to_write}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "bash", program, *_FLAGS, f"--user-data-dir={self._folder.name}", "about:blank"],
            pass_fds=(to_read, to_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(to_write)
        self._pending = b""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._call("Page.enable")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._write)
        self._process.terminate()
        self._process.wait(timeout=30)
        os.close(self._read)
        self._folder.cleanup()

    def show(self, file: Path, width: int, *, dark: bool = False, height: int = 900) -> None:
        """Loads a file in a window of this width."""
        mobile = width < 600
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", media="", features=[scheme])
        self._call("Page.navigate", url=file.resolve().as_uri())
        self._wait("Page.loadEventFired")

    def value(self, script: str) -> Any:
        """Returns the value of an expression of JavaScript in the page."""
        made = self._call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in made:
            raise RuntimeError(str(made["exceptionDetails"]))
        return made["result"].get("value")

    def picture(self, width: int, height: int) -> bytes:
        """Returns the page's upper part as PNG."""
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        made = self._call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(made["data"])

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if hasattr(self, "_session"):
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result

    def _wait(self, method: str) -> None:
        while self._next().get("method") != method:
            pass

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._pending:
            part = os.read(self._read, 1 << 16)
            if not part:
                raise RuntimeError("Chromium ended")
            self._pending += part
        message, _, self._pending = self._pending.partition(b"\0")
        decoded: dict[str, Any] = json.loads(message)
        return decoded
