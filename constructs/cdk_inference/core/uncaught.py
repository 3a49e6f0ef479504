"""How a ConfigurationError that nothing catches ends an app: with the message and the app's line, without a trace."""

from __future__ import annotations

import os
import sys
from types import TracebackType

VARIABLE = "CDK_INFERENCE_TRACEBACK"  # if it is set, Python prints the stack trace too
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_OTHERS = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")


def install() -> None:
    """Prints ConfigurationErrors plainly from now on, unless another hook is in place, which stays in charge."""
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _print


def _print(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    errors = sys.modules.get("cdk_inference.core.errors")
    if errors is None or not isinstance(error, errors.ConfigurationError) or os.environ.get(VARIABLE):
        sys.__excepthook__(kind, error, trace)
        return
    place = _place(trace)
    notes = getattr(error, "__notes__", ())
    print(f"{place}: {error}" if place else str(error), *notes, sep="\n", file=sys.stderr)


def _place(trace: TracebackType | None) -> str:
    """The innermost line that is neither this package's nor another library's."""
    found = ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith((_PACKAGE, "<")) and not any(one in file for one in _OTHERS):
            found = f"{_relative(file)}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return found


def _relative(file: str) -> str:
    try:
        relative = os.path.relpath(file)
    except ValueError:  # another drive
        return file
    return file if relative.startswith("..") else relative
