"""CloudFormation handlers of the types that the emulator lacks, in the emulator's style: create, update, delete.

Calls go to the services in this process. The rehearsal's clock moves on until an endpoint stands still: nothing sleeps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rehearsal import sagemaker
from rehearsal.api_model import RefusedError, conformed, renamed
from rehearsal.cfn_types import CREATE_ONLY, NAMES, budget, guardrail, scalable_target, scaling_policy
from rehearsal.emulator import view
from rehearsal.emulator.calls import judge, sagemaker_call, scaling_call, service
from rehearsal.emulator.private_names import get, handlers

Properties = dict[str, Any]
Made = tuple[str, Properties]


def _name(kind: str, logical_id: str, properties: Properties, stack: str) -> str:
    named = NAMES[kind]
    return str(properties.get(named.property) or get("_physical_name")(stack, logical_id, max_len=named.longest))


def _by_arn(store: Mapping[str, Properties], key: str, arn: str) -> str:
    """The name of what has this ARN."""
    return next((name for name, one in store.items() if one[key] == arn), "")


# --- SageMaker ----------------------------------------------------------------------------------------------


def _immutable(kind: str, store: str, operation: str, key: str, arn_key: str) -> dict[str, Any]:
    """Model and EndpointConfig: a change of anything but tags is a new resource."""

    def create(logical_id: str, properties: Properties, stack: str) -> Made:
        name = _name(kind, logical_id, properties, stack)
        arn = sagemaker_call(f"Create{operation}", {**properties, key: name})[arn_key]
        return arn, {key: name, "Arn": arn}

    def update(arn: str, old: Properties, new: Properties, stack: str) -> Made:
        del old, stack
        records = getattr(view.hosting(), store)
        name = _by_arn(records, arn_key, arn)
        records[name]["Tags"] = new.get("Tags", [])
        return arn, {key: name, "Arn": arn}

    def delete(arn: str, properties: Properties) -> None:
        del properties
        name = _by_arn(getattr(view.hosting(), store), arn_key, arn)
        if name:
            sagemaker_call(f"Delete{operation}", {key: name})

    return {"create": create, "update": update, "delete": delete}


_UPDATE_ONLY = ("RetainAllVariantProperties", "ExcludeRetainedVariantProperties", "RetainDeploymentConfig")


def _settled(name: str) -> None:
    """Moves the clock on until the endpoint stands still.

    Raises:
        RefusedError: It failed, or it was rolled back.
    """
    hosting = view.hosting()
    endpoint = hosting.endpoints[name]
    hosting.now = max(hosting.now, endpoint["ReadyAt"])
    if endpoint["FailureReason"]:
        ended = sagemaker.status_of(endpoint, hosting.now)
        raise RefusedError(f"endpoint {name} did not stabilize, it ended as {ended}: {endpoint['FailureReason']}")


def _endpoint_create(logical_id: str, properties: Properties, stack: str) -> Made:
    name = _name("AWS::SageMaker::Endpoint", logical_id, properties, stack)
    params = {key: value for key, value in properties.items() if key not in _UPDATE_ONLY}
    arn = sagemaker_call("CreateEndpoint", {**params, "EndpointName": name})["EndpointArn"]
    try:
        _settled(name)
    except RefusedError:
        sagemaker_call("DeleteEndpoint", {"EndpointName": name})  # as CloudFormation's rollback does
        raise
    return arn, {"EndpointName": name, "Arn": arn}


def _endpoint_update(arn: str, old: Properties, new: Properties, stack: str) -> Made:
    del stack
    hosting = view.hosting()
    name = _by_arn(hosting.endpoints, "EndpointArn", arn)
    hosting.endpoints[name]["Tags"] = new.get("Tags", [])
    if {key: value for key, value in old.items() if key != "Tags"} != {
        key: value for key, value in new.items() if key != "Tags"
    }:
        params = {key: value for key, value in new.items() if key != "Tags"}
        sagemaker_call("UpdateEndpoint", {**params, "EndpointName": name})
        _settled(name)
    return arn, {"EndpointName": name, "Arn": arn}


def _endpoint_delete(arn: str, properties: Properties) -> None:
    del properties
    name = _by_arn(view.hosting().endpoints, "EndpointArn", arn)
    if name:
        sagemaker_call("DeleteEndpoint", {"EndpointName": name})


# --- Application Auto Scaling -------------------------------------------------------------------------------


def _same(params: Properties) -> Properties:
    return {key: params[key] for key in ("ServiceNamespace", "ResourceId", "ScalableDimension")}


def _target_put(properties: Properties, before: Properties) -> Made:
    target, actions = scalable_target(properties)
    scaling_call("RegisterScalableTarget", target)
    for action in actions:
        scaling_call("PutScheduledAction", action)
    kept = {action["ScheduledActionName"] for action in actions}
    for old in before.get("ScheduledActions", []):
        if old["ScheduledActionName"] not in kept:
            scaling_call("DeleteScheduledAction", {**_same(target), "ScheduledActionName": old["ScheduledActionName"]})
    reference = "|".join((target["ResourceId"], target["ScalableDimension"], target["ServiceNamespace"]))
    return reference, {"Id": reference}


def _target_delete(reference: str, properties: Properties) -> None:
    del reference
    target, _ = scalable_target(properties)
    if (target["ResourceId"], target["ScalableDimension"]) in view.hosting().targets:
        scaling_call("DeregisterScalableTarget", _same(target))


def _policy_put(properties: Properties, before: Properties) -> Made:
    del before
    arn = scaling_call("PutScalingPolicy", scaling_policy(properties))["PolicyARN"]
    return arn, {"Arn": arn}


def _policy_delete(arn: str, properties: Properties) -> None:
    del arn
    policy = scaling_policy(properties)
    if (policy["PolicyName"], policy["ResourceId"], policy["ScalableDimension"]) in view.hosting().policies:
        scaling_call("DeleteScalingPolicy", {**_same(policy), "PolicyName": policy["PolicyName"]})


def _put(put: Callable[[Properties, Properties], Made]) -> dict[str, Any]:
    """One call creates and updates."""

    def create(logical_id: str, properties: Properties, stack: str) -> Made:
        del logical_id, stack
        return put(properties, {})

    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Made:
        del physical_id, stack
        return put(new, old)

    return {"create": create, "update": update}


# --- CloudWatch ---------------------------------------------------------------------------------------------

# What the emulator's evaluation reads of an alarm that names none of them.
_DEFAULTS = {"Statistic": "Average", "TreatMissingData": "missing", "ActionsEnabled": True}


def _alarm_put(name: str, properties: Properties) -> Made:
    """Keeps every property; `rehearsal.emulator.alarms` evaluates them."""
    account = view.account()
    params = judge("cloudwatch", "PutMetricAlarm", {**properties, "AlarmName": name})
    arn = f"arn:aws:cloudwatch:{account.region}:{account.id}:alarm:{name}"
    before = get("_alarms").get(name) or {}
    state = {key: before[key] for key in ("StateValue", "StateReason", "StateUpdatedTimestamp") if key in before}
    first = {"StateValue": "INSUFFICIENT_DATA", "StateReason": "Unchecked: Initial alarm creation"}
    defaults = {} if "Metrics" in params else _DEFAULTS
    kept = {key: value for key, value in params.items() if key != "Tags"}
    get("_alarms")[name] = {**first, "StateUpdatedTimestamp": 0, **state, **defaults, **kept, "AlarmArn": arn}
    return name, {"Arn": arn}


def _alarm_delete(name: str, properties: Properties) -> None:
    del properties
    from ministack.services.cloudwatch import cloudformation_delete_metric_alarm

    cloudformation_delete_metric_alarm(name, refuse_dependents=True)


def _composite_put(name: str, properties: Properties) -> Made:
    params = judge("cloudwatch", "PutCompositeAlarm", {**properties, "AlarmName": name})
    plain = {key: value for key, value in params.items() if key != "Tags"}
    service("cloudwatch", "POST", "/", plain, "GraniteServiceVersion20100801.PutCompositeAlarm")
    record = get("_composite_alarms")[name]
    record.update(plain)  # the emulator keeps neither the suppressor nor its times
    return name, {"Arn": record["AlarmArn"]}


def _composite_delete(name: str, properties: Properties) -> None:
    del properties
    if name in get("_composite_alarms"):
        target = "GraniteServiceVersion20100801.DeleteAlarms"
        service("cloudwatch", "POST", "/", {"AlarmNames": [name]}, target)


def _named_put(kind: str, put: Callable[[str, Properties], Made]) -> dict[str, Any]:
    """Alarms: PutX creates and updates; a name that another stack has is refused, as CloudFormation's handler does."""

    def create(logical_id: str, properties: Properties, stack: str) -> Made:
        name = _name(kind, logical_id, properties, stack)
        if name in get("_alarms") or name in get("_composite_alarms"):
            raise RefusedError(f"{name} already exists: the alarm belongs to another stack or was made by hand")
        return put(name, properties)

    def update(name: str, old: Properties, new: Properties, stack: str) -> Made:
        del old, stack
        return put(name, new)

    return {"create": create, "update": update}


# --- Budgets ------------------------------------------------------------------------------------------------

_BUDGETS = "AWSBudgetServiceGateway."


def _budget_create(logical_id: str, properties: Properties, stack: str) -> Made:
    params = budget(properties, get("_physical_name")(stack, logical_id, max_len=100))
    checked = judge("budgets", "CreateBudget", {**params, "AccountId": view.account().id})
    service("budgets", "POST", "/", checked, f"{_BUDGETS}CreateBudget")
    return checked["Budget"]["BudgetName"], {}


def _budget_update(name: str, old: Properties, new: Properties, stack: str) -> Made:
    del old, stack
    params = budget(new, name)
    judge("budgets", "CreateBudget", {**params, "AccountId": view.account().id})
    checked = conformed("budgets", "UpdateBudget", {"AccountId": view.account().id, "NewBudget": params["Budget"]})
    service("budgets", "POST", "/", checked, f"{_BUDGETS}UpdateBudget")
    return name, {}


def _budget_delete(name: str, properties: Properties) -> None:
    del properties
    if name in get("_budgets"):
        params = {"AccountId": view.account().id, "BudgetName": name}
        service("budgets", "POST", "/", params, f"{_BUDGETS}DeleteBudget")


# --- Bedrock ------------------------------------------------------------------------------------------------


def _lowered(value: Any) -> Any:
    """Keys with a small first letter: the emulator writes both."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _lowered(child) for key, child in value.items()}
    return value


def _profile_create(logical_id: str, properties: Properties, stack: str) -> Made:
    del logical_id, stack
    params = judge("bedrock", "CreateInferenceProfile", renamed("bedrock", "CreateInferenceProfile", properties))
    arn = _lowered(service("bedrock", "POST", "/inference-profiles", params))["inferenceProfileArn"]
    identifier = arn.rpartition("/")[2]
    attributes = {"InferenceProfileArn": arn, "InferenceProfileId": identifier, "InferenceProfileIdentifier": arn}
    return arn, {**attributes, "Status": "ACTIVE", "Type": "APPLICATION"}


def _profile_update(arn: str, old: Properties, new: Properties, stack: str) -> Made:
    del old, new, stack  # tags only: everything else is a new resource
    identifier = arn.rpartition("/")[2]
    attributes = {"InferenceProfileArn": arn, "InferenceProfileId": identifier, "InferenceProfileIdentifier": arn}
    return arn, {**attributes, "Status": "ACTIVE", "Type": "APPLICATION"}


def _profile_delete(arn: str, properties: Properties) -> None:
    del properties
    service("bedrock", "DELETE", f"/inference-profiles/{arn.rpartition('/')[2]}", {})


def _guardrail_attributes(identifier: str) -> Properties:
    found = _lowered(service("bedrock", "GET", f"/guardrails/{identifier}", {}))
    arn = found.get("guardrailArn", "")
    return {"GuardrailId": identifier, "GuardrailArn": arn, "Version": "DRAFT", "Status": "READY"}


def _guardrail_create(logical_id: str, properties: Properties, stack: str) -> Made:
    del logical_id, stack
    params = judge("bedrock", "CreateGuardrail", guardrail(properties))
    made = _lowered(service("bedrock", "POST", "/guardrails", params))["guardrailId"]
    # The emulator's id, gr-..., does not match the API's pattern.
    identifier = made.replace("-", "")
    record = get("_guardrails").pop(made)
    record |= {"GuardrailId": identifier, "GuardrailArn": record["GuardrailArn"].replace(made, identifier)}
    get("_guardrails")[identifier] = record
    return record["GuardrailArn"], _guardrail_attributes(identifier)


def _guardrail_update(arn: str, old: Properties, new: Properties, stack: str) -> Made:
    del old, stack
    identifier = arn.rpartition("/")[2]
    params = {key: value for key, value in guardrail(new).items() if key != "tags"}
    checked = judge("bedrock", "UpdateGuardrail", {**params, "guardrailIdentifier": identifier})
    del checked["guardrailIdentifier"]
    service("bedrock", "PUT", f"/guardrails/{identifier}", checked)
    return arn, _guardrail_attributes(identifier)


def _guardrail_delete(arn: str, properties: Properties) -> None:
    del properties
    service("bedrock", "DELETE", f"/guardrails/{arn.rpartition('/')[2]}", {})


def _version_create(logical_id: str, properties: Properties, stack: str) -> Made:
    del logical_id, stack
    params = judge("bedrock", "CreateGuardrailVersion", renamed("bedrock", "CreateGuardrailVersion", properties))
    identifier = params["guardrailIdentifier"].rpartition("/")[2]
    body = {key: value for key, value in params.items() if key != "guardrailIdentifier"}
    version = _lowered(service("bedrock", "POST", f"/guardrails/{identifier}", body))["version"]
    attributes = {**_guardrail_attributes(identifier), "Version": version}
    return f"{identifier}|{version}", attributes


def _version_delete(reference: str, properties: Properties) -> None:
    """The emulator deletes a guardrail's versions with it, and none alone."""
    del reference, properties


def _unchanged(physical_id: str, old: Properties, new: Properties, stack: str) -> Made:
    raise RefusedError(f"{physical_id}: got an update of {sorted(set(old) | set(new))} in {stack}; all is create-only")


HANDLERS: dict[str, dict[str, Any]] = {
    "AWS::SageMaker::Model": _immutable("AWS::SageMaker::Model", "models", "Model", "ModelName", "ModelArn"),
    "AWS::SageMaker::EndpointConfig": _immutable(
        "AWS::SageMaker::EndpointConfig", "configs", "EndpointConfig", "EndpointConfigName", "EndpointConfigArn"
    ),
    "AWS::SageMaker::Endpoint": {
        "create": _endpoint_create,
        "update": _endpoint_update,
        "delete": _endpoint_delete,
    },
    "AWS::ApplicationAutoScaling::ScalableTarget": {**_put(_target_put), "delete": _target_delete},
    "AWS::ApplicationAutoScaling::ScalingPolicy": {**_put(_policy_put), "delete": _policy_delete},
    "AWS::CloudWatch::Alarm": {**_named_put("AWS::CloudWatch::Alarm", _alarm_put), "delete": _alarm_delete},
    "AWS::CloudWatch::CompositeAlarm": {
        **_named_put("AWS::CloudWatch::CompositeAlarm", _composite_put),
        "delete": _composite_delete,
    },
    "AWS::Budgets::Budget": {"create": _budget_create, "update": _budget_update, "delete": _budget_delete},
    "AWS::Bedrock::ApplicationInferenceProfile": {
        "create": _profile_create,
        "update": _profile_update,
        "delete": _profile_delete,
    },
    "AWS::Bedrock::Guardrail": {
        "create": _guardrail_create,
        "update": _guardrail_update,
        "delete": _guardrail_delete,
    },
    "AWS::Bedrock::GuardrailVersion": {"create": _version_create, "update": _unchanged, "delete": _version_delete},
}
# Types whose tags the stack's tags join.
_TAGGED = (
    *("AWS::SageMaker::Model", "AWS::SageMaker::EndpointConfig", "AWS::SageMaker::Endpoint"),
    "AWS::SageMaker::InferenceComponent",
    *("AWS::ApplicationAutoScaling::ScalableTarget", "AWS::CloudWatch::CompositeAlarm"),
    *("AWS::Bedrock::ApplicationInferenceProfile", "AWS::Bedrock::Guardrail"),
)


def register() -> None:
    """Adds the types to the emulator's tables: handlers, what replaces, custom names, tags."""
    from rehearsal.emulator import kept_handlers, more_handlers

    HANDLERS.update({**more_handlers.HANDLERS, **kept_handlers.HANDLERS})
    handlers().update(HANDLERS)
    for kind, properties in CREATE_ONLY.items():
        get("_REPLACING_PROPERTIES")[kind] = properties
        if kind in NAMES:
            get("_CUSTOM_NAME_REPLACEMENT")[kind] = {"name": NAMES[kind].property}
    for kind in _TAGGED:
        get("_STACK_TAG_PROPERTY")[kind] = ("Tags", "list")
