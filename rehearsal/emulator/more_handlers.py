"""Handlers of inference components, budget actions, cost anomaly detection and flow logs."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

from rehearsal.api_model import RefusedError, conformed
from rehearsal.emulator import view
from rehearsal.emulator.calls import Properties, judge, sagemaker_call
from rehearsal.rule import Call, refuse
from rehearsal.rules import RULES

Made = tuple[str, Properties]
_NAME = "InferenceComponentName"


def _component_create(logical_id: str, properties: Properties, stack: str) -> Made:
    from rehearsal.emulator.private_names import get

    name = properties.get(_NAME) or get("_physical_name")(stack, logical_id, max_len=63)
    params = {key: value for key, value in properties.items() if key not in ("DeploymentConfig", "EndpointArn")}
    arn = sagemaker_call("CreateInferenceComponent", {**params, _NAME: name})["InferenceComponentArn"]
    checked = {**params, _NAME: name}
    call = Call(operation="CreateInferenceComponent", params=checked, account=view.account(), hosting=view.hosting())
    try:
        refuse(RULES, call, "fails")
    except RefusedError:
        sagemaker_call("DeleteInferenceComponent", {_NAME: name})  # as CloudFormation's rollback does
        raise
    return arn, {_NAME: name, "InferenceComponentArn": arn, "InferenceComponentStatus": "InService"}


def _component_name(arn: str) -> str:
    components = view.hosting().components
    return next((name for name, one in components.items() if one["InferenceComponentArn"] == arn), "")


def _component_update(arn: str, old: Properties, new: Properties, stack: str) -> Made:
    del stack
    name = _component_name(arn)
    changed: Properties = {
        key: new[key]
        for key in ("Specification", "Specifications", "RuntimeConfig")
        if key in new and new.get(key) != old.get(key)
    }
    for key in ("EndpointName", "VariantName"):
        if old.get(key) != new.get(key):
            raise RefusedError(
                f"{key}: got {new.get(key)} in the place of {old.get(key)}; UpdateInferenceComponent takes none; "
                "fix: make another component beside this one, move the callers, and take this one out"
            )
    if changed:
        more = {"DeploymentConfig": new["DeploymentConfig"]} if "DeploymentConfig" in new else {}
        sagemaker_call("UpdateInferenceComponent", {_NAME: name, **changed, **more})
    return arn, {_NAME: name, "InferenceComponentArn": arn, "InferenceComponentStatus": "InService"}


def _component_delete(arn: str, properties: Properties) -> None:
    del properties
    name = _component_name(arn)
    if name:
        sagemaker_call("DeleteInferenceComponent", {_NAME: name})


def _keep(kind: str, identifier: str, params: Properties) -> None:
    view.kept().setdefault(kind, {})[identifier] = params


def _forget(kind: str) -> Any:
    def delete(identifier: str, properties: Properties) -> None:
        del properties
        view.kept().get(kind, {}).pop(identifier, None)

    return delete


def _action_params(properties: Properties) -> Properties:
    params = {**properties, "AccountId": view.account().id}
    threshold = params.pop("ActionThreshold", {})
    params["ActionThreshold"] = {
        "ActionThresholdValue": threshold.get("Value"),
        "ActionThresholdType": threshold.get("Type"),
    }
    params["Subscribers"] = [
        {"SubscriptionType": one.get("Type"), "Address": one.get("Address")} for one in params.get("Subscribers", [])
    ]
    return params


def _action_create(logical_id: str, properties: Properties, stack: str) -> Made:
    checked = judge("budgets", "CreateBudgetAction", _action_params(properties))
    identifier = f"{len(view.kept().get('budget action', {})) + 1:08d}-{stack[:10]}-{logical_id[:10]}"
    _keep("budget action", f"{identifier}|{checked['BudgetName']}", checked)
    return f"{identifier}|{checked['BudgetName']}", {"ActionId": identifier}


def _action_update(reference: str, old: Properties, new: Properties, stack: str) -> Made:
    del old, stack
    _keep("budget action", reference, judge("budgets", "CreateBudgetAction", _action_params(new)))
    return reference, {"ActionId": reference.partition("|")[0]}


def _monitor_create(logical_id: str, properties: Properties, stack: str) -> Made:
    del logical_id, stack
    monitor = {key: value for key, value in properties.items() if key != "ResourceTags"}
    if "MonitorSpecification" in monitor:
        monitor["MonitorSpecification"] = json.loads(monitor["MonitorSpecification"])
    tags = {"ResourceTags": properties["ResourceTags"]} if "ResourceTags" in properties else {}
    checked = judge("ce", "CreateAnomalyMonitor", {"AnomalyMonitor": monitor, **tags})
    others = view.kept().get("anomaly monitor", {}).values()
    if any(one.get("MonitorDimension") == monitor.get("MonitorDimension") == "SERVICE" for one in others):
        raise RefusedError("Limit exceeded on dimensional spend monitor creation: an account has one of SERVICE")
    arn = f"arn:aws:ce::{view.account().id}:anomalymonitor/{len(others) + 1:036d}"
    _keep("anomaly monitor", arn, checked["AnomalyMonitor"])
    return arn, {"MonitorArn": arn}


def _monitor_update(arn: str, old: Properties, new: Properties, stack: str) -> Made:
    """Its name only: everything else is a new resource."""
    del old, stack
    view.kept()["anomaly monitor"][arn]["MonitorName"] = new["MonitorName"]
    return arn, {"MonitorArn": arn}


def _subscription(properties: Properties) -> Properties:
    found = {key: value for key, value in properties.items() if key != "ResourceTags"}
    if "ThresholdExpression" in found:
        found["ThresholdExpression"] = json.loads(found["ThresholdExpression"])
    checked: Properties = judge("ce", "CreateAnomalySubscription", {"AnomalySubscription": found})[
        "AnomalySubscription"
    ]
    for arn in checked["MonitorArnList"]:
        if arn not in view.kept().get("anomaly monitor", {}):
            raise RefusedError(f"MonitorArnList: got {arn}, which does not exist")
    return checked


def _subscription_create(logical_id: str, properties: Properties, stack: str) -> Made:
    del logical_id, stack
    number = len(view.kept().get("anomaly subscription", {})) + 1
    arn = f"arn:aws:ce::{view.account().id}:anomalysubscription/{number:036d}"
    _keep("anomaly subscription", arn, _subscription(properties))
    return arn, {"SubscriptionArn": arn}


def _subscription_update(arn: str, old: Properties, new: Properties, stack: str) -> Made:
    del old, stack
    _keep("anomaly subscription", arn, _subscription(new))
    return arn, {"SubscriptionArn": arn}


def _flow_log_create(logical_id: str, properties: Properties, stack: str) -> Made:
    del logical_id, stack
    params = {key: value for key, value in properties.items() if key not in ("ResourceId", "Tags")}
    params["ResourceIds"] = [properties["ResourceId"]]
    if "Tags" in properties:
        params["TagSpecifications"] = [{"ResourceType": "vpc-flow-log", "Tags": properties["Tags"]}]
    checked = conformed("ec2", "CreateFlowLogs", params)
    refuse(RULES, Call(operation="CreateFlowLogs", params=checked, account=view.account(), hosting=view.hosting()))
    form = {key: value for key, value in checked.items() if isinstance(value, str)}
    form |= {"Action": "CreateFlowLogs", "ResourceId.1": properties["ResourceId"]}
    identifier = re.search(r"fl-[0-9a-f]+", _ec2(form))
    if identifier is None:
        raise RefusedError("CreateFlowLogs: the emulator made none")
    return identifier[0], {"Id": identifier[0]}


def _flow_log_delete(identifier: str, properties: Properties) -> None:
    del properties
    _ec2({"Action": "DeleteFlowLogs", "FlowLogId.1": identifier})


def _ec2(form: dict[str, str]) -> str:
    from ministack.services.ec2 import handle_request

    headers = {"content-type": "application/x-www-form-urlencoded"}
    running = handle_request("POST", "/", headers, urlencode(form).encode(), {})
    try:
        running.send(None)
    except StopIteration as stopped:
        status, _, body = stopped.value
    else:
        raise RefusedError("ec2: the emulator waits, which a handler cannot")
    text = body.decode() if isinstance(body, bytes) else str(body)
    if status >= 300:
        raise RefusedError(text)
    return text


HANDLERS: dict[str, dict[str, Any]] = {
    "AWS::SageMaker::InferenceComponent": {
        "create": _component_create,
        "update": _component_update,
        "delete": _component_delete,
    },
    "AWS::Budgets::BudgetsAction": {
        "create": _action_create,
        "update": _action_update,
        "delete": _forget("budget action"),
    },
    "AWS::CE::AnomalyMonitor": {
        "create": _monitor_create,
        "update": _monitor_update,
        "delete": _forget("anomaly monitor"),
    },
    "AWS::CE::AnomalySubscription": {
        "create": _subscription_create,
        "update": _subscription_update,
        "delete": _forget("anomaly subscription"),
    },
    "AWS::EC2::FlowLog": {"create": _flow_log_create, "delete": _flow_log_delete},
}
