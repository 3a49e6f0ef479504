"""Calls that handlers make: within this process, so that the emulator's event loop does not wait for itself."""

from __future__ import annotations

import importlib
import json
from typing import Any

from rehearsal import sagemaker, scaling
from rehearsal.api_model import RefusedError, conformed
from rehearsal.emulator import view
from rehearsal.rule import Call, refuse
from rehearsal.rules import RULES

Properties = dict[str, Any]


def sagemaker_call(operation: str, params: Properties) -> Properties:
    """Calls SageMaker in this process."""
    return sagemaker.call(operation, params, view.account(), view.hosting())


def scaling_call(operation: str, params: Properties) -> Properties:
    """Calls Application Auto Scaling in this process."""
    return scaling.call(operation, params, view.account(), view.hosting())


def service(module: str, method: str, path: str, body: Properties, target: str = "") -> Properties:
    """Calls one of the emulator's own services without a request: none of them waits for anything."""
    handle = importlib.import_module(f"ministack.services.{module}").handle_request
    headers = {"content-type": "application/json", **({"x-amz-target": target} if target else {})}
    running = handle(method, path, headers, json.dumps(body).encode(), {})
    try:
        running.send(None)
    except StopIteration as stopped:
        status, _, answer = stopped.value
    else:
        raise RefusedError(f"{module} {path}: the emulator waits, which a handler cannot")
    found: Properties = json.loads(answer) if answer else {}
    if status >= 300:
        raise RefusedError(str(found.get("message") or found.get("Message") or found))
    return found


def judge(service: str, operation: str, params: Properties) -> Properties:
    """Validates a call by the API's model and by the rules."""
    checked = conformed(service, operation, params)
    refuse(RULES, Call(operation=operation, params=checked, account=view.account(), hosting=view.hosting()))
    return checked
