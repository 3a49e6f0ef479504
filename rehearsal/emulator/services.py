"""SageMaker, its runtime, Application Auto Scaling and the rehearsal's own reports, as services of the emulator."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from rehearsal import sagemaker, scaling
from rehearsal.api_model import RefusedError
from rehearsal.emulator import alarms, scaling_clock, unread, view
from rehearsal.emulator.private_names import get, replace
from rehearsal.emulator.runtime import invoke
from rehearsal.rule import reports
from rehearsal.rules import RULES

Answer = tuple[int, dict[str, str], bytes]
# X-Amz-Target of each service.
TARGETS = {
    "sagemaker": "SageMaker.",
    "application-autoscaling": "AnyScaleFrontendService.",
    "rehearsal": "Rehearsal.",
}
_JSON = "application/x-amz-json-1.1"


def _answer(status: int, body: dict[str, Any]) -> Answer:
    return status, {"Content-Type": _JSON}, json.dumps(body).encode()


def problem(refused: RefusedError) -> Answer:
    """Returns a refusal as an error of the API."""
    return _answer(400, {"__type": refused.code, "message": str(refused)})


def _served(call: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Answer:
        del method, query
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if path.startswith("/endpoints/"):
            return await invoke(path, headers, body)
        try:
            params = json.loads(body or b"{}")
            return _answer(200, call(operation, params, view.account(), view.hosting()))
        except RefusedError as refused:
            return problem(refused)

    return handle


# What only a rehearsal answers: operation -> the parameters that it needs.
_NEEDED: dict[str, tuple[str, ...]] = {
    "Account": (),
    "Advance": ("Seconds",),
    "Clock": ("Seconds",),
    "Evaluate": ("Now",),
    "Quotas": ("Quotas",),
    "Readable": ("Role", "Bucket"),
    "Reports": (),
    "Reset": (),
    "Unread": (),
}


def _rehearsal(operation: str, params: dict[str, Any], account: Any, hosting: Any) -> dict[str, Any]:
    if operation not in _NEEDED:
        raise RefusedError(f"rehearsal {operation}: allowed: {', '.join(_NEEDED)}")
    if missing := [name for name in _NEEDED[operation] if name not in params]:
        raise RefusedError(f"rehearsal {operation}: got no {' and no '.join(missing)}, which it needs")
    if operation == "Reports":
        found = reports(RULES, account, hosting)
        return {"Reports": [{"Rule": rule.id, "Source": rule.source, "Message": message} for rule, message in found]}
    if operation == "Unread":
        return {"Unread": unread.found()}
    if operation == "Clock":
        hosting.now += float(params["Seconds"])
        return {"Now": hosting.now}
    if operation == "Advance":
        return scaling_clock.advance(params, hosting)
    if operation == "Evaluate":
        return {"States": alarms.evaluate_all(float(params["Now"]))}
    if operation == "Quotas":
        view.quotas.update(params["Quotas"])
        return {}
    if operation == "Readable":
        return {"Prefix": view.readable(params["Role"], params["Bucket"])}
    if operation == "Reset":
        view.reset()
        return {}
    return {"Topics": {arn: asdict(topic) for arn, topic in account.topics.items()}}


def _unknown(service: str) -> Callable[..., Any]:
    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Answer:
        del body, query
        what = headers.get("x-amz-target", "").rpartition(".")[2] or f"{method} {path}"
        return problem(
            RefusedError(f"{service} {what}: the rehearsal does not have this service", code="NotImplemented")
        )

    return handle


class Services(dict[str, Any]):
    """The emulator's services: one that it does not have fails with its name."""

    def get(self, key: str, default: Any = None) -> Any:
        found = super().get(key, default)
        return found if found is not None else _unknown(key)


def register() -> None:
    """Adds the services."""
    for name, call in (("sagemaker", sagemaker.call), ("application-autoscaling", scaling.call)):
        _add(name, _served(call))
    _add("rehearsal", _served(_rehearsal))
    replace("SERVICE_HANDLERS", Services)
    replace("detect_service", _with_endpoints)


def _with_endpoints(before: Callable[..., str]) -> Callable[..., str]:
    """OpenAI's clients send a bearer token, which names no service."""

    def detected(method: str, path: str, headers: dict[str, str], query: dict[str, Any]) -> str:
        return "sagemaker" if path.startswith("/endpoints/") else before(method, path, headers, query)

    return detected


def _add(name: str, handler: Any) -> None:
    get("SERVICE_PATTERNS")[name] = {"target_prefixes": [TARGETS[name]]}
    get("SERVICE_HANDLERS")[name] = handler
