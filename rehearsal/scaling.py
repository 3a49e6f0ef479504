"""Application Auto Scaling: scalable targets, policies and scheduled actions of SageMaker's endpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rehearsal.account import Account
from rehearsal.api_model import RefusedError, conformed, model_of
from rehearsal.hosting import Hosting, Record
from rehearsal.rule import Call, refuse
from rehearsal.rules import RULES


def call(operation: str, params: Mapping[str, Any], account: Account, hosting: Hosting) -> Record:
    """Answers one operation of the API.

    Raises:
        RefusedError: The model, a rule or the state objects; or the rehearsal does not have the operation.
    """
    answer = OPERATIONS.get(operation)
    if answer is None:
        known = operation in model_of("application-autoscaling").operation_names
        raise RefusedError(
            f"application-autoscaling {operation}: got an operation that "
            f"{'the rehearsal does not have' if known else 'the API does not have'}; "
            f"allowed: {', '.join(sorted(OPERATIONS))}",
            code="UnknownOperationException",
        )
    checked = conformed("application-autoscaling", operation, dict(params))
    if (namespace := checked.get("ServiceNamespace")) != "sagemaker":
        raise RefusedError(f"ServiceNamespace: got {namespace}; allowed in a rehearsal: sagemaker")
    refuse(RULES, Call(operation=operation, params=checked, account=account, hosting=hosting))
    return answer(checked, account, hosting)


def _key(params: Mapping[str, Any]) -> tuple[str, str]:
    return str(params["ResourceId"]), str(params["ScalableDimension"])


def _target(params: Mapping[str, Any], hosting: Hosting) -> Record:
    if _key(params) not in hosting.targets:
        resource, dimension = _key(params)
        raise RefusedError(
            f"No scalable target registered for service namespace: sagemaker, resource ID: {resource}, "
            f"scalable dimension: {dimension}",
            code="ObjectNotFoundException",
        )
    return hosting.targets[_key(params)]


def _register(params: Record, account: Account, hosting: Hosting) -> Record:
    before = hosting.targets.get(_key(params), {})
    arn = before.get("ScalableTargetARN") or (
        f"arn:aws:application-autoscaling:{account.region}:{account.id}:scalable-target/{len(hosting.targets) + 1:032x}"
    )
    target = {"ScheduledActions": {}, **before, **params, "ScalableTargetARN": arn}
    target.setdefault("CreationTime", hosting.now)
    target.setdefault("RoleARN", _service_linked_role(account))
    hosting.targets[_key(params)] = target
    _move_inside(target, hosting)
    return {"ScalableTargetARN": arn}


def _service_linked_role(account: Account) -> str:
    name = "sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
    return f"arn:aws:iam::{account.id}:role/aws-service-role/{name}"


def _move_inside(target: Mapping[str, Any], hosting: Hosting) -> None:
    """Registering moves a capacity outside of minimum and maximum inside, at once."""
    count = capacity_of(target, hosting)
    if count is not None:
        set_capacity(target, hosting, min(max(count, target["MinCapacity"]), target["MaxCapacity"]))


def capacity_of(target: Mapping[str, Any], hosting: Hosting) -> int | None:
    """Returns the copies or instances of what a scalable target names; None where it has neither."""
    counts = [one[key] for one, key in _scaled(target, hosting)]
    return int(counts[0]) if counts else None


def set_capacity(target: Mapping[str, Any], hosting: Hosting, count: int) -> None:
    """Changes the copies or instances of what a scalable target names, at once."""
    for one, key in _scaled(target, hosting):
        one[key] = count
        if key == "CurrentInstanceCount":
            one["DesiredInstanceCount"] = count


def _scaled(target: Mapping[str, Any], hosting: Hosting) -> Iterator[tuple[Record, str]]:
    """(record, its key of the count) of the component or the variant."""
    parts = str(target["ResourceId"]).split("/")
    component = hosting.components.get(parts[1]) if parts[0] == "inference-component" else None
    if component is not None:
        yield component, "Copies"
    for variant in hosting.endpoints.get(parts[1], {}).get("Variants", []) if parts[0] == "endpoint" else []:
        if variant["VariantName"] == parts[3] and variant["InstanceType"] is not None:
            yield variant, "CurrentInstanceCount"


def _deregister(params: Record, account: Account, hosting: Hosting) -> Record:
    del account
    _target(params, hosting)
    del hosting.targets[_key(params)]
    for key in [key for key in hosting.policies if key[1:] == _key(params)]:
        del hosting.policies[key]
    return {}


def _put_policy(params: Record, account: Account, hosting: Hosting) -> Record:
    _target(params, hosting)
    key = (params["PolicyName"], *_key(params))
    before = hosting.policies.get(key, {})
    arn = before.get("PolicyARN") or (
        f"arn:aws:autoscaling:{account.region}:{account.id}:scalingPolicy:{len(hosting.policies) + 1:08x}:resource/"
        f"sagemaker/{params['ResourceId']}:policyName/{params['PolicyName']}"
    )
    hosting.policies[key] = {**before, **params, "PolicyARN": arn, "CreationTime": hosting.now}
    return {"PolicyARN": arn, "Alarms": []}


def _delete_policy(params: Record, account: Account, hosting: Hosting) -> Record:
    del account
    key = (params["PolicyName"], *_key(params))
    if key not in hosting.policies:
        raise RefusedError(f"No scaling policy found for {key}", code="ObjectNotFoundException")
    del hosting.policies[key]
    return {}


def _put_action(params: Record, account: Account, hosting: Hosting) -> Record:
    del account
    _target(params, hosting)["ScheduledActions"][params["ScheduledActionName"]] = params
    return {}


def _delete_action(params: Record, account: Account, hosting: Hosting) -> Record:
    del account
    actions = _target(params, hosting)["ScheduledActions"]
    if actions.pop(params["ScheduledActionName"], None) is None:
        raise RefusedError(f"No scheduled action {params['ScheduledActionName']}", code="ObjectNotFoundException")
    return {}


def _describe_targets(params: Record, account: Account, hosting: Hosting) -> Record:
    del account
    ids = params.get("ResourceIds")
    found = [one for one in hosting.targets.values() if ids is None or one["ResourceId"] in ids]
    hidden = ("ScheduledActions", "Tags", "Cooldowns")
    return {"ScalableTargets": [{k: v for k, v in one.items() if k not in hidden} for one in found]}


def _describe_policies(params: Record, account: Account, hosting: Hosting) -> Record:
    del account
    wanted = params.get("ResourceId")
    found = [one for one in hosting.policies.values() if wanted in (None, one["ResourceId"])]
    return {"ScalingPolicies": [{**one, "Alarms": []} for one in found]}


def _describe_actions(params: Record, account: Account, hosting: Hosting) -> Record:
    wanted = params.get("ResourceId")
    found = [one for one in hosting.targets.values() if wanted in (None, one["ResourceId"])]
    rows = [action for one in found for action in one["ScheduledActions"].values()]
    arn = f"arn:aws:autoscaling:{account.region}:{account.id}:scheduledAction:sagemaker:"
    return {
        "ScheduledActions": [
            {**row, "ScheduledActionARN": arn + row["ScheduledActionName"], "CreationTime": hosting.now} for row in rows
        ]
    }


OPERATIONS: Mapping[str, Callable[[Record, Account, Hosting], Record]] = {
    "RegisterScalableTarget": _register,
    "DeregisterScalableTarget": _deregister,
    "DescribeScalableTargets": _describe_targets,
    "PutScalingPolicy": _put_policy,
    "DeleteScalingPolicy": _delete_policy,
    "DescribeScalingPolicies": _describe_policies,
    "PutScheduledAction": _put_action,
    "DeleteScheduledAction": _delete_action,
    "DescribeScheduledActions": _describe_actions,
}
