"""Acknowledging what `cdk-inference review` and `check` find, in the template where they look for it."""

from __future__ import annotations

import datetime

import aws_cdk as cdk
from constructs import IConstruct

from cdk_inference.core.checks import instance_of, is_token, matching
from cdk_inference.core.errors import Problem, raise_problems

_KEY = "CdkInference"


def acknowledge(
    scope: IConstruct,
    *,
    rule: str,
    reason: str,
    logical_id: str | None = None,
    expires: str | None = None,
) -> None:
    """Writes an acknowledgement into the template of the stack that `scope` is in. `InferenceRules` reads it as well.

    scope: the resource (or the construct around one) that the finding is about. With `logical_id`, or for a finding
        about the whole stack, the stack itself: what is removed from the app is no construct any more.
    rule: the rule's id, as the review or the check shows it: docs/review.md, docs/rules.md.
    reason: why it is all right; whoever reviews it later has nothing else.
    logical_id: of a resource that is not in the app. Default: that of `scope`, none where `scope` is a stack.
    expires: the last day on which it counts, "YYYY-MM-DD". Default: it counts as long as it is there.

    Raises ConfigurationError.
    """
    raise_problems(
        "acknowledge",
        matching("rule", rule, "[a-z][a-z0-9-]*", "a rule's id, lower case with hyphens", "copy it from the review"),
        _reason_problem(reason),
        None if logical_id is None else instance_of("logical_id", logical_id, str, "text", "copy it from the review"),
        None if expires is None else _day_problem(expires),
        _resource_problem(scope, logical_id),
    )
    stack = cdk.Stack.of(scope)
    entry = {"rule": rule, "reason": reason}
    resource = None if logical_id is not None or cdk.Stack.is_stack(scope) else _resource(scope)
    if logical_id is not None:
        entry["logical_id"] = logical_id
    elif resource is not None:
        entry["logical_id"] = stack.get_logical_id(resource)
    if expires is not None:
        entry["expires"] = expires
    metadata = dict(stack.template_options.metadata or {})
    known = dict(metadata.get(_KEY) or {})
    known["acknowledge"] = [*(known.get("acknowledge") or []), entry]
    stack.template_options.metadata = {**metadata, _KEY: known}


def _resource(scope: IConstruct) -> cdk.CfnElement | None:
    found = scope if isinstance(scope, cdk.CfnElement) else scope.node.default_child
    return found if isinstance(found, cdk.CfnElement) else None


def _resource_problem(scope: IConstruct, logical_id: str | None) -> Problem | None:
    if logical_id is not None or cdk.Stack.is_stack(scope) or _resource(scope) is not None:
        return None
    fix = "name its part that is one, or pass the stack and logical_id=..."
    return Problem("scope", scope.node.path, "a resource, a construct around one, or a stack", fix)


def _reason_problem(reason: object) -> Problem | None:
    if isinstance(reason, str) and reason.strip():
        return None
    return Problem("reason", reason, "a sentence", "write why it is acceptable")


def _day_problem(expires: object) -> Problem | None:
    if is_token(expires):
        return None
    try:
        datetime.date.fromisoformat(str(expires))
    except ValueError:
        return Problem("expires", expires, "a day, YYYY-MM-DD", 'write for example expires="2026-12-31"')
    return None
