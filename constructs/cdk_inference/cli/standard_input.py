"""`-` as the name of a file: standard input, kept in a file for as long as the command runs."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from cdk_inference.core.errors import CommandError

WORDS = "standard input"
_BYTES_MAX = 24_000_001  # one more than the readers of files take, so that they report it
_DASH = Path("-")


class StandardInput:
    """Standard input as a file. file: None as long as nothing has named it."""

    def __init__(self, closing: contextlib.ExitStack) -> None:
        self._closing = closing
        self.file: Path | None = None

    def replace_in(self, chosen: argparse.Namespace) -> None:
        """Puts the file in place of the path `-`. Raises CommandError for a second one."""
        for name, value in vars(chosen).items():
            if isinstance(value, Path):
                setattr(chosen, name, self._read(value))
            elif isinstance(value, list):
                setattr(chosen, name, [self._read(one) if isinstance(one, Path) else one for one in value])

    def _read(self, path: Path) -> Path:
        if path != _DASH:
            return path
        if self.file is not None:
            raise CommandError("- is given twice; standard input is read only once: name a file for one")
        import tempfile

        content = sys.stdin.buffer.read(_BYTES_MAX)
        folder = self._closing.enter_context(tempfile.TemporaryDirectory(prefix="cdk-inference-"))
        self.file = Path(folder) / f"standard-input{_suffix(content)}"
        self.file.write_bytes(content)
        return self.file

    def in_words(self, text: str) -> str:
        """Returns a message with "standard input" in place of the file."""
        return text if self.file is None else text.replace(str(self.file), WORDS)


@contextlib.contextmanager
def standard_input() -> Iterator[StandardInput]:
    """Lets `-` be read inside; afterwards its file is gone."""
    with contextlib.ExitStack() as closing:
        yield StandardInput(closing)


def _suffix(content: bytes) -> str:
    """The suffix by which readers distinguish forms: of templates, of usage and of prices."""
    import tomllib

    try:
        text = content.decode("utf-8-sig")
        if text.lstrip()[:1] in ("", "{"):
            return ".json"
        tomllib.loads(text)
    except UnicodeDecodeError:
        return ".json"
    except tomllib.TOMLDecodeError:
        return ".yaml"
    return ".toml"
