"""A change that a rehearsal applies, and one that AWS refuses, both derived from the first templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_inference.hardware import instance_types
from rehearsal.assembly import Template, resources_of

Change = Callable[[Template], bool]


def _endpoint_of(target: dict[str, Any]) -> str:
    """The name of a target's endpoint, or its logical id, where the target refers to it; else the empty string."""
    resource = target["Properties"]["ResourceId"]
    parts = resource.get("Fn::Join", ["", []])[1] if isinstance(resource, dict) else [resource]
    if len(parts) > 1 and parts[0] == "endpoint/" and isinstance(parts[1], dict):
        return str((parts[1].get("Fn::GetAtt") or [""])[0])
    return parts[0].split("/")[1] if parts and isinstance(parts[0], str) and "/" in parts[0] else ""


def _config_of(template: Template, endpoint: str) -> dict[str, Any] | None:
    """The endpoint config that an endpoint of this name or logical id refers to."""
    for key, one in resources_of(template, "AWS::SageMaker::Endpoint").items():
        if endpoint and endpoint in (one["Properties"].get("EndpointName"), key):
            reference = one["Properties"]["EndpointConfigName"]
            logical_id = reference.get("Ref") or (reference.get("Fn::GetAtt") or [""])[0]
            found: dict[str, Any] | None = template["Resources"].get(logical_id)
            return found
    return None


def harmless(said: list[str]) -> Change:
    """Returns a change that AWS makes without a fault: a model's variable, a maximum and a budget's limit."""

    def change(template: Template) -> bool:
        if said or not (models := resources_of(template, "AWS::SageMaker::Model")):
            return False
        for key, model in list(models.items())[:1]:
            container = model["Properties"].get("PrimaryContainer")
            if container is not None:
                container.setdefault("Environment", {})["REHEARSED_CHANGE"] = "1"
                said.append(f"{key}: one more variable; a model is immutable, so it and its config are made anew")
        _raise_numbers(template, said)
        return bool(said)

    return change


def other(said: list[str]) -> Change:
    """Returns a change of a number or a text, for templates without models."""

    def change(template: Template) -> bool:
        if said:
            return False
        _raise_numbers(template, said)
        for kind, name, value in _OTHERS if not said else ():
            for key, one in list(resources_of(template, kind).items())[:1]:
                one.setdefault("Properties", {})[name] = value
                said.append(f"{key}: another {name}")
                return True
        return bool(said)

    return change


def _raise_numbers(template: Template, said: list[str]) -> None:
    for key, target in list(resources_of(template, "AWS::ApplicationAutoScaling::ScalableTarget").items())[:1]:
        if _raised(target["Properties"], "MaxCapacity", 1):
            said.append(f"{key}: MaxCapacity + 1")
    for key, one in list(resources_of(template, "AWS::Budgets::Budget").items())[:1]:
        if _raised(one["Properties"]["Budget"].get("BudgetLimit"), "Amount", 100):
            said.append(f"{key}: the limit + 100 USD")


# A type, a property and another value.
_OTHERS: tuple[tuple[str, str, Any], ...] = (
    ("AWS::Bedrock::Guardrail", "BlockedInputMessaging", "Changed by the rehearsal."),
    ("AWS::CloudWatch::Alarm", "AlarmDescription", "Changed by the rehearsal."),
    ("AWS::SNS::Topic", "DisplayName", "Changed by the rehearsal."),
    ("AWS::Logs::LogGroup", "RetentionInDays", 1),
    ("AWS::IAM::Role", "MaxSessionDuration", 7200),
    ("AWS::S3::Bucket", "VersioningConfiguration", {"Status": "Enabled"}),
)


def _raised(properties: Any, name: str, by: int) -> bool:
    """Whether the number `name` could be raised; that of a parameter, or a text, stays as it is."""
    number = properties.get(name) if isinstance(properties, dict) else None
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return False
    properties[name] = number + by
    return True


def refused(said: list[str]) -> Change:
    """Returns a change that passes synth and that AWS refuses: the instance type of an autoscaled variant."""

    def change(template: Template) -> bool:
        if said:
            return False
        for target in resources_of(template, "AWS::ApplicationAutoScaling::ScalableTarget").values():
            config = _config_of(template, _endpoint_of(target))
            if config is None:
                continue
            variant = config["Properties"]["ProductionVariants"][0]
            before = variant.get("InstanceType")
            after = _sibling(before) if isinstance(before, str) else None
            if after is not None:
                variant["InstanceType"] = after
                said.append(f"the autoscaled endpoint {_endpoint_of(target)} moves from {before} to {after}")
                return True
        return False

    return change


TAKEN = "/rehearsal/taken"


def name_in_use(said: list[str]) -> Change:
    """Returns a change that fails at its end: after all else a log group whose name another one has."""

    def change(template: Template) -> bool:
        if said:
            return False
        harmless([])(template)
        plain = [key for key, one in template["Resources"].items() if "Condition" not in one]
        properties = {"LogGroupName": TAKEN, "RetentionInDays": 1}
        template["Resources"]["RehearsedFault"] = {
            "Type": "AWS::Logs::LogGroup",
            "DependsOn": plain,
            "Properties": properties,
        }
        said.append(f"one more log group, {TAKEN}; another has this name")
        return True

    return change


def _sibling(name: str) -> str | None:
    """Another size of the same family."""
    family = name.split(".")[1]
    return next((one.name for one in instance_types() if one.name != name and one.name.split(".")[1] == family), None)
