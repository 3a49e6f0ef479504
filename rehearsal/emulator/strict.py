"""The emulator's engine made strict: unread properties, schemas, names in use, exports in use, buckets with objects."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rehearsal.api_model import RefusedError
from rehearsal.emulator import unread, view
from rehearsal.emulator.handlers import HANDLERS
from rehearsal.emulator.private_names import get, handlers, replace

Properties = dict[str, Any]


def register() -> None:
    """Wraps the handlers of the emulator's own types and the engine's own steps."""
    for kind, handler in handlers().items():
        if kind not in HANDLERS:
            handlers()[kind] = _wrapped(kind, handler)
    replace("_validation_errors", _with_schemas)
    replace("_resolve_stack_outputs", _with_exports)


def _wrapped(kind: str, handler: dict[str, Any]) -> dict[str, Any]:
    found = dict(handler)
    if "create" in handler:
        found["create"] = _recorded_create(kind, handler["create"])
    if "update" in handler:
        found["update"] = _recorded_update(kind, handler["update"])
    if kind == "AWS::S3::Bucket":
        found["delete"] = _empty_only(handler["delete"])
    return found


def _recorded_create(kind: str, create: Callable[..., Any]) -> Callable[..., Any]:
    def recorded(logical_id: str, properties: Properties, stack: str) -> Any:
        _name_free(kind, properties)
        noted = unread.Recorded(properties)
        made = create(logical_id, noted, stack)
        _keep(kind, made[0], noted)
        unread.note(kind, noted)
        if kind == "AWS::EC2::VPC":  # AWS answers it too
            made[1].setdefault("CidrBlock", properties.get("CidrBlock", ""))
        return made

    return recorded


def _recorded_update(kind: str, update: Callable[..., Any]) -> Callable[..., Any]:
    def recorded(physical_id: str, old: Properties, new: Properties, *rest: Any) -> Any:
        noted = unread.Recorded(new)
        made = update(physical_id, old, noted, *rest)
        _keep(kind, made[0], noted)
        return made

    return recorded


def _keep(kind: str, physical_id: str, properties: Properties) -> None:
    """Keeps what the emulator drops and the rules read: keys of buckets and of topics."""
    if kind == "AWS::SNS::Topic":
        key = properties.get("KmsMasterKeyId")
        view.topic_keys.pop(physical_id, None)
        if key:
            view.topic_keys[physical_id] = str(key)
            get("_topics")[physical_id]["attributes"]["KmsMasterKeyId"] = str(key)
    if kind == "AWS::S3::Bucket":
        rules = (properties.get("BucketEncryption") or {}).get("ServerSideEncryptionConfiguration", [])
        keys = [(rule.get("ServerSideEncryptionByDefault") or {}).get("KMSMasterKeyID") for rule in rules]
        view.bucket_keys.pop(physical_id, None)
        if any(keys):
            view.bucket_keys[physical_id] = str(keys[0])


# Type -> the property with its name, and whether the name is taken.
_TAKEN: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "AWS::Logs::LogGroup": ("LogGroupName", lambda name: name in get("_log_groups")),
    "AWS::IAM::Role": ("RoleName", lambda name: name in get("_roles")),
    "AWS::IAM::ManagedPolicy": (
        "ManagedPolicyName",
        lambda name: any(one["PolicyName"] == name for one in get("_policies").values()),
    ),
    "AWS::SNS::Topic": (
        "TopicName",
        lambda name: any(arn.rpartition(":")[2] == name for arn in get("_topics").keys()),  # noqa: SIM118
    ),
}


def _name_free(kind: str, properties: Properties) -> None:
    if kind in _TAKEN:
        member, taken = _TAKEN[kind]
        name = dict.get(properties, member)
        if isinstance(name, str) and taken(name):
            raise RefusedError(
                f"{name} already exists ({kind}): another stack has it, or an earlier one retained it; fix: delete or "
                "import it, or choose another name"
            )


def _empty_only(delete: Callable[..., Any]) -> Callable[..., Any]:
    def checked(physical_id: str, properties: Properties) -> Any:
        bucket = get("_buckets").get(physical_id)
        if bucket is not None and bucket["objects"]:
            raise RefusedError(
                f"The bucket {physical_id} is not empty: it holds {len(bucket['objects'])} objects; fix: empty it first"
            )
        return delete(physical_id, properties)

    return checked


def _with_schemas(before: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the findings of AWS's cloudformation-validate, errors only, to the checks before anything is made."""

    def checked(
        resources: Properties,
        ordered: list[str],
        parameters: Properties,
        conditions: Properties,
        mappings: Properties,
        stack_name: str,
        stack_id: str,
        *rest: Any,
    ) -> list[Any]:
        stack = get("_stacks").get(stack_name) or {}
        try:
            errors = list(before(resources, ordered, parameters, conditions, mappings, stack_name, stack_id, *rest))
            if stack_name != "CDKToolkit":  # the CDK's own
                errors += _schema_errors(stack.get("_template_body", ""), resources)
        except Exception as error:  # a background task of the emulator: without this the stack would never end
            message = f"the template cannot be checked: {type(error).__name__}: {error}"
            return [(stack_name, "AWS::CloudFormation::Stack", "PROPERTY_VALIDATION", "/Resources", message)]
        return errors

    return checked


def _schema_errors(body: str, resources: Properties) -> Iterator[Any]:
    template = json.loads(body) if body.lstrip().startswith("{") else {"Resources": resources}
    for logical_id, path, message in _diagnosed(json.dumps(template), view.account().region):
        kind = resources.get(logical_id, {}).get("Type", "AWS::CloudFormation::Stack")
        name, place = logical_id or "Template", f"/Resources/{logical_id}/{path}"
        yield name, kind, "PROPERTY_VALIDATION", place, message


@functools.lru_cache(maxsize=64)
def _diagnosed(template: str, region: str) -> list[tuple[str, str, str]]:
    """Returns (logical id, path, message); the same template comes again, unchanged or rolled back."""
    from cloudformation_validate import CelEngine, PseudoParameterOverrides, RuleFilterConfig, Severity, ValidateConfig

    config = ValidateConfig(
        # What the CDK leaves out as well: aws-cdk-lib 2.275.0, core/lib/validation/cloudformation-validate-plugin.
        exclude=RuleFilterConfig(ids=["W3005", "W1020", "E1018", "W9002", "W9013", "W1103"], services=[]),
        severity_level=Severity.ERROR,
        pseudo_parameter_overrides=PseudoParameterOverrides(region=region),
    )
    global _engine
    _engine = _engine or CelEngine()
    found = []
    for one in _engine.validate_template(template.encode(), config).diagnostics:
        path = (one.property_path or "").replace(".", "/")
        logical_id = one.entity.logical_id if one.entity is not None else ""
        found.append((logical_id, path, f"{one.rule_id} {path}: {one.message}"))
    return found


_engine: Any = None


def _with_exports(before: Callable[..., Any]) -> Callable[..., Any]:
    """Refuses an export whose name another stack has, and the change or removal of one that is imported."""

    def checked(outputs: Properties, *rest: Any) -> Any:
        resolved, exports = before(outputs, *rest)
        stack_name, stack_id = rest[-2], rest[-1]
        known = get("_exports")
        for name in exports:
            owner = known.get(name)
            if owner is not None and owner["StackId"] != stack_id:
                raise ValueError(
                    f"Export with name {name} is already exported by stack {owner['StackId'].split('/')[1]}"
                )
        old = {one["Name"]: one["Value"] for one in known.values() if one["StackId"] == stack_id}
        for name, value in old.items():
            if name not in exports or exports[name]["Value"] != value:
                users = [stack for stack, one in get("_stacks").items() if stack != stack_name and _imports(one, name)]
                if users:
                    verb = "delete" if name not in exports else "update"
                    raise ValueError(f"Cannot {verb} export {name} as it is in use by {', '.join(sorted(users))}")
                if name not in exports:
                    known.pop(name, None)
        return resolved, exports

    return checked


def _imports(stack: Properties, name: str) -> bool:
    if stack.get("StackStatus") == "DELETE_COMPLETE":
        return False

    def walk(node: Any) -> bool:
        if isinstance(node, dict):
            return node.get("Fn::ImportValue") == name or any(walk(child) for child in node.values())
        return isinstance(node, list) and any(walk(child) for child in node)

    return walk(stack.get("_template") or {})
