"""Every private name of ministack that the rehearsal uses. The version is pinned; a test checks each name."""

from __future__ import annotations

import importlib
from collections.abc import Callable, MutableMapping
from importlib.metadata import version
from typing import Any

VERSION = "1.5.33"

_CFN = "ministack.services.cloudformation"
NAMES: tuple[tuple[str, str], ...] = (
    (f"{_CFN}.provisioners", "_RESOURCE_HANDLERS"),
    (f"{_CFN}.provisioners", "_REPLACING_PROPERTIES"),
    (f"{_CFN}.provisioners", "_CUSTOM_NAME_REPLACEMENT"),
    (f"{_CFN}.provisioners", "_STACK_TAG_PROPERTY"),
    (f"{_CFN}.provisioners", "_physical_name"),
    (f"{_CFN}.stacks", "_validation_errors"),
    (f"{_CFN}.stacks", "_resolve_stack_outputs"),
    (f"{_CFN}.stacks", "_topological_sort"),
    (_CFN, "_stacks"),
    (_CFN, "_exports"),
    ("ministack.services.cloudwatch", "_alarms"),
    ("ministack.services.cloudwatch", "_composite_alarms"),
    ("ministack.services.cloudwatch", "_evaluate_alarm"),
    ("ministack.services.cloudwatch", "_metrics"),
    ("ministack.services.lambda_svc", "_execute_function_dispatch"),
    (f"{_CFN}.custom_resource", "invoke_custom_resource"),
    ("ministack.services.iam", "_roles"),
    ("ministack.services.iam", "_policies"),
    ("ministack.services.s3", "_buckets"),
    ("ministack.services.s3", "_bucket_policies"),
    ("ministack.services.sns", "_topics"),
    ("ministack.services.kms", "_keys"),
    ("ministack.services.cloudwatch_logs", "_log_groups"),
    ("ministack.services.bedrock", "_guardrails"),
    ("ministack.services.budgets", "_budgets"),
    ("ministack.services.budgets", "_notification_store"),
    ("ministack.services.ecr", "_repositories"),
    ("ministack.app", "SERVICE_HANDLERS"),
    ("ministack.app", "detect_service"),
    ("ministack.app", "app"),
    ("ministack.app", "main"),
    ("ministack.core.router", "SERVICE_PATTERNS"),
    ("ministack.core.responses", "get_account_id"),
    ("ministack.core.responses", "get_region"),
)


def missing() -> list[str]:
    """Returns what this emulator lacks: the version, or names."""
    found = version("ministack")
    problems = [] if found == VERSION else [f"ministack: got {found}; allowed: {VERSION}"]
    for module, name in NAMES:
        if not hasattr(importlib.import_module(module), name):
            problems.append(f"{module}.{name}: missing in ministack {found}")
    return problems


def get(name: str) -> Any:
    """Returns one of the names above."""
    module = next(module for module, listed in NAMES if listed == name)
    return getattr(importlib.import_module(module), name)


def replace(name: str, make: Callable[[Any], Any]) -> None:
    """Puts something in the place of one of the names above, made of what stands there."""
    module = importlib.import_module(next(module for module, listed in NAMES if listed == name))
    setattr(module, name, make(getattr(module, name)))


def handlers() -> MutableMapping[str, dict[str, Any]]:
    """Returns the emulator's handlers: CloudFormation type -> create, update, delete."""
    found: MutableMapping[str, dict[str, Any]] = get("_RESOURCE_HANDLERS")
    return found
