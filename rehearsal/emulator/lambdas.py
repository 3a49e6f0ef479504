"""Lambda code: run on this machine only where the command allows it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from rehearsal.emulator import unread
from rehearsal.emulator.private_names import replace

_FIX = "its code does not run in this rehearsal; fix: add --run-lambda if you trust it"
_SECONDS = 60  # that a custom resource has: CloudFormation waits for an hour


def register() -> None:
    """Runs functions, or lets them be made and refuses to run them where REHEARSAL_LAMBDA is off."""
    if os.environ.get("REHEARSAL_LAMBDA") == "off":
        replace("_execute_function_dispatch", lambda _: _refused)
        replace("invoke_custom_resource", lambda _: _assumed)
    else:
        replace("invoke_custom_resource", _limited)


def _refused(func: dict[str, Any], *rest: Any) -> dict[str, Any]:
    del rest
    name = (func.get("config") or func).get("FunctionName", "the function")
    return {"error": True, "body": {"errorType": "NotRehearsed", "errorMessage": f"{name}: {_FIX}"}, "log": _FIX}


def _assumed(
    request: str, logical_id: str, properties: dict[str, Any], stack: str, stack_id: str, kind: str, **more: Any
) -> tuple[str, dict[str, Any]]:
    """A custom resource is assumed to succeed, without attributes; the report names it."""
    del request, properties, stack_id
    unread.assume(kind, "made by code that does not run (--run-lambda), assumed to succeed")
    return more.get("physical_id") or f"{stack}-{logical_id}", {}


def _limited(before: Callable[..., Any]) -> Callable[..., Any]:
    def limited(request: str, logical_id: str, properties: dict[str, Any], *rest: Any, **more: Any) -> Any:
        seconds = min(_SECONDS, int(properties.get("ServiceTimeout", _SECONDS)))
        return before(request, logical_id, {**properties, "ServiceTimeout": seconds}, *rest, **more)

    return limited
