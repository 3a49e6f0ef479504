"""Stacks with everything resolved that can be: parameters, conditions, Mappings, outputs, exports, nested stacks."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.assembly import Finding
from cdk_inference.template.conditions import chosen
from cdk_inference.template.folders import Unread
from cdk_inference.template.functions import FUNCTIONS
from cdk_inference.template.load import TemplateError, load_object
from cdk_inference.template.resolve import DYNAMIC, NO_VALUE, grows, marked, resolve, text_of
from cdk_inference.template.values import intrinsic, reference
from cdk_inference.template.values import mapping as as_mapping

NESTED = "AWS::CloudFormation::Stack"

# What Ref gives where that is an ARN which ends in the resource's name; the name is the attribute.
_ARNS = {
    "AWS::SageMaker::Endpoint": ("endpoint", "EndpointName"),
    "AWS::SageMaker::EndpointConfig": ("endpoint-config", "EndpointConfigName"),
    "AWS::SageMaker::Model": ("model", "ModelName"),
}
# Attributes that are the property of the same name.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpc.html (read 2026-11-30)
_AS_WRITTEN = {("AWS::EC2::VPC", "CidrBlock"), ("AWS::EC2::Subnet", "CidrBlock")}
# Type -> properties that references to a resource are evaluated to.
REFERRED_TO = {kind: (name,) for kind, (_, name) in _ARNS.items()} | {kind: (name,) for kind, name in _AS_WRITTEN}
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html (read 2026-11-24)
_PARTITIONS = {"cn": "aws-cn", "us-gov": "aws-us-gov"}


@dataclass(eq=False, kw_only=True)
class Stack:
    """One stack, or one nested stack, of a `Deployment`.

    key: unique in the deployment, and the same in another deployment with the same stacks. region: None where it is
    known at deployment only. given: parameter values that the outer stack passes. exists: Unknown where that of the
    outer stack's resource is. outer: the stack that a nested one is in. paths: logical id -> construct path, where
    the CDK records it. acknowledged: (construct path, rule's id) -> reason, likewise. protected: whether it has
    termination protection; None where that is not known.
    """

    key: str
    name: str
    region: str | None
    template: Mapping[str, Any]
    deployment: Deployment
    file: Path | None = None
    exists: bool | Unknown = True
    given: Mapping[str, Any] = field(default_factory=dict)
    nested: dict[str, Stack | Unknown] = field(default_factory=dict)
    outer: Stack | None = None
    paths: Mapping[str, str] = field(default_factory=dict)
    acknowledged: Mapping[tuple[str, str], str] = field(default_factory=dict)
    protected: bool | None = None
    _conditions: dict[str, bool | Unknown] = field(default_factory=dict)
    _outputs: dict[str, Any] = field(default_factory=dict)

    @functools.cached_property
    def written(self) -> dict[str, Any]:
        """The template's resources, by logical id. Read once: every reference reads it."""
        return as_mapping(self.template.get("Resources"))

    @functools.cached_property
    def _resources(self) -> dict[str, Resource]:
        """The resources whose condition does not fail, by logical id."""
        found = {}
        conditional = bool(self.template.get("Conditions"))
        for logical_id, written in self.written.items():
            kind = written.get("Type") if isinstance(written, dict) else None
            if isinstance(kind, str) and (exists := self._exists(written)) is not False:
                known = as_mapping(chosen(written, self)) if conditional else written
                found[logical_id] = Resource(stack=self, logical_id=logical_id, type=kind, written=known, exists=exists)
        return found

    @functools.cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for resource in self._resources.values():
            found.setdefault(resource.type, []).append(resource)
        return found

    @functools.cached_property
    def _parameters(self) -> dict[str, Any]:
        return as_mapping(self.template.get("Parameters"))

    def around(self) -> Iterator[Stack]:
        """Yields the stack and those that it is nested in."""
        at: Stack | None = self
        while at is not None:
            yield at
            at = at.outer

    def resolve(self, value: Any) -> Any:
        """`value` with its functions evaluated; parts that are not known are `Unknown`."""
        found = resolve(value, self, FUNCTIONS)
        return None if found is NO_VALUE else found

    def marked(self, value: Any) -> Any:
        """`value` with its functions evaluated, and marks for what is not known: see references.py. None: not there."""
        return marked(resolve(value, self, FUNCTIONS))

    def marked_within(self, value: Any) -> Any:
        """The same, where every attribute of a resource stays a reference, and other stacks are not known."""
        return marked(resolve(value, self._within, FUNCTIONS))

    @functools.cached_property
    def has_growing_parts(self) -> bool:
        """Whether a macro or a loop may change one of its resources when it is deployed."""
        return any(isinstance(one, dict) and _grows(one) for one in self.written.values())

    @functools.cached_property
    def _within(self) -> _Within:
        return _Within(self)

    def resources(self, *types: str) -> Iterable[Resource]:
        """Resources of these types (all if none is named), without those whose condition does not hold."""
        if len(types) == 1:
            return self._by_type.get(types[0], ())
        everything = self._resources.values()
        if not types:
            return everything
        known = self._by_type.keys() & set(types)
        return [one for one in everything if one.type in known] if known else ()

    def resource(self, logical_id: str) -> Resource | None:
        """The resource of this id, if the template has it and its condition does not fail."""
        return self._resources.get(logical_id)

    def parameter(self, name: str) -> Any:
        pseudo = self._pseudo(name)
        if pseudo is not None:
            return pseudo
        declared = self._parameters.get(name)
        if declared is None:
            return None
        kind = str(as_mapping(declared).get("Type", "String"))
        if name in self.given:
            if as_mapping(declared).get("NoEcho") in (True, "true"):
                return Unknown(f"the parameter {name} is NoEcho, so its value is not read")
            value = self.given[name]
        elif "Default" in as_mapping(declared):
            value = declared["Default"]
        else:
            return Unknown(f"the parameter {name} has no default")
        if isinstance(value, Unknown):
            return value
        if kind.startswith("AWS::SSM::Parameter::Value"):
            return Unknown(f"the parameter {name} is read from SSM at deployment")
        return text_of([value]) if isinstance(value, str) and DYNAMIC in value else _typed(name, kind, value)

    def without_value(self) -> list[str]:
        """The parameters that have no default and were not given."""
        declared = self._parameters.items()
        return [name for name, one in declared if name not in self.given and "Default" not in as_mapping(one)]

    def attribute(self, logical_id: str, attribute: str | None) -> Any:
        written = self.written.get(logical_id)
        kind = written.get("Type") if isinstance(written, dict) else None
        if not isinstance(kind, str):
            return Unknown(f"the template has no {logical_id}")
        if kind == NESTED and attribute is not None and attribute.startswith("Outputs."):
            child = self.nested.get(logical_id, Unknown(f"the nested stack {logical_id} was not read"))
            return child if isinstance(child, Unknown) else child.output(attribute.removeprefix("Outputs."))
        resource_name, name_attribute = _ARNS.get(kind, ("", ""))
        if attribute is None and resource_name:
            name = self.attribute(logical_id, name_attribute)
            parts = ("arn", self._pseudo("AWS::Partition"), "sagemaker", self.region or "", "", resource_name)
            return name if isinstance(name, Unknown) else ":".join(map(str, parts)) + f"/{name}"
        if attribute is not None and attribute == name_attribute:
            own = self.resolve(as_mapping(as_mapping(written).get("Properties")).get(name_attribute))
            if isinstance(own, str):
                return own
        if (kind, attribute) in _AS_WRITTEN:
            own = self.resolve(as_mapping(as_mapping(written).get("Properties")).get(str(attribute)))
            if isinstance(own, str):
                return own
        return reference(self.key, logical_id, attribute or "Ref")

    def mapping(self, name: str) -> Any:
        return as_mapping(self.template.get("Mappings")).get(name)

    def written_condition(self, name: str) -> Any:
        return as_mapping(self.template.get("Conditions")).get(name)

    def condition(self, name: Any) -> bool | Unknown:
        if not isinstance(name, str):
            return Unknown("a condition has no name")  # as Yes without quotes, a truth value in YAML
        if name not in self._conditions:
            self._conditions[name] = Unknown(f"the condition {name} refers to itself")
            conditions = as_mapping(self.template.get("Conditions"))
            found = self.resolve(conditions[name]) if name in conditions else Unknown(f"there is no condition {name}")
            known = isinstance(found, (bool, Unknown))
            self._conditions[name] = found if known else Unknown(f"the condition {name} is not a condition")
        return self._conditions[name]

    def output(self, name: str) -> Any:
        """The value of an output."""
        if name not in self._outputs:
            self._outputs[name] = Unknown(f"the output {name} refers to itself")
            outputs = as_mapping(self.template.get("Outputs"))
            written = as_mapping(outputs.get(name))
            missing = Unknown(f"{self.name} has no output {name}")
            self._outputs[name] = self.resolve(written["Value"]) if "Value" in written else missing
        return self._outputs[name]

    def imported(self, name: str) -> Any:
        return self.deployment.export(name, self.region)

    def output_of(self, stack: str, region: Any, output: str) -> Any:
        place = self.region if region is None else region
        found = [other for other in self.deployment.stacks if other.name == stack and other.region == place]
        if len(found) > 1:
            return Unknown(f"several stacks are called {stack}")
        return found[0].output(output) if found else Unknown(f"the stack {stack} is not among what was read")

    def _exists(self, written: Mapping[str, Any]) -> bool | Unknown:
        condition = written.get("Condition")
        if condition is None:
            return self.exists
        if isinstance(condition, dict):  # of a loop, whose name is in Fn::Sub
            condition = self.resolve(condition)
        exists = self.condition(condition)
        return self.exists if exists is True else exists

    def _pseudo(self, name: str) -> Any:
        if not name.startswith("AWS::"):
            return None
        if name == "AWS::Region":
            return self.region or Unknown("the region is not known; pass --region")
        if name == "AWS::Partition":
            starts = (partition for area, partition in _PARTITIONS.items() if (self.region or "").startswith(area))
            return next(starts, "aws") if self.region else reference(self.key, "AWS", "Partition")
        if name == "AWS::StackName" and self.outer is None:
            return self.name  # that of a nested stack gets a random end
        return reference(self.key, "AWS", name.removeprefix("AWS::"))


def _grows(written: Mapping[str, Any]) -> bool:
    properties = written.get("Properties")
    return grows(written) or (isinstance(properties, dict) and grows(properties))


class _Within:
    """A stack as functions see it that are evaluated without the values of other resources and stacks."""

    def __init__(self, stack: Stack) -> None:
        self._stack, self.key = stack, stack.key
        self.parameter, self.mapping, self.condition = stack.parameter, stack.mapping, stack.condition
        self.written_condition = stack.written_condition

    def attribute(self, logical_id: str, attribute: str | None) -> Any:
        return reference(self._stack.key, logical_id, attribute or "Ref")

    def imported(self, name: str) -> Any:
        return Unknown(f"{name} is an export of another stack")

    def output_of(self, stack: str, region: Any, output: str) -> Any:
        del region
        return Unknown(f"{output} is an output of {stack}")


@dataclass(eq=False, kw_only=True)
class Resource:
    """One resource. `exists` is Unknown where its condition is.

    written: as in the template, with the branch in place of each Fn::If whose condition is known.
    """

    stack: Stack
    logical_id: str
    type: str
    written: Mapping[str, Any]
    exists: bool | Unknown
    _values: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def grows(self) -> bool:
        """Whether a macro or a loop may change it when the stack is deployed."""
        return self.stack.has_growing_parts and _grows(self.written)

    def get(self, name: str) -> Any:
        """A property, evaluated once; None if it is not there."""
        if name not in self._values:
            self._values[name] = self.evaluate(name)
        return self._values[name]

    def evaluate(self, name: str) -> Any:
        """The same, evaluated anew: an output of a nested stack is known once that is read."""
        properties = self.written.get("Properties")
        if self.grows:
            return Unknown("a macro or a loop may change it when the stack is deployed")
        if isinstance(properties, dict) and intrinsic(properties):
            found = self.stack.resolve(properties)
            return found.get(name) if isinstance(found, dict) else found if isinstance(found, Unknown) else None
        return self.stack.resolve(properties.get(name)) if isinstance(properties, dict) else None


@dataclass(eq=False)
class Deployment:
    """All stacks that were read together, nested ones after their outer ones.

    findings: those of the validation reports; None where there is no report. checks: the plugins that ran.
    unread: files that may be templates.
    parameters: values for the stacks that are nested in none. roots: folders in which a nested template has to lie.
    templates: nested templates, each read once. keys: of the stacks. checks: the plugins
    that ran.
    """

    stacks: list[Stack] = field(default_factory=list)
    findings: tuple[Finding, ...] | None = None
    checks: frozenset[str] = frozenset()
    unread: tuple[Unread, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    roots: tuple[Path, ...] = ()
    templates: dict[Path, dict[str, Any]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    nested_resources: int = field(default=0, init=False)
    _exports: dict[tuple[str, str | None], list[tuple[Stack, str]]] | None = field(default=None, init=False)
    _assets: dict[Path, dict[str, str]] = field(default_factory=dict, init=False)

    def export(self, name: str, region: str | None) -> Any:
        """The value of an export of one of the stacks in this region."""
        if self._exports is None:
            self._exports = {}  # while names are evaluated, there are none
            found: dict[tuple[str, str | None], list[tuple[Stack, str]]] = {}
            for stack in self.stacks:
                for output, written in as_mapping(stack.template.get("Outputs")).items():
                    export = stack.resolve(as_mapping(as_mapping(written).get("Export")).get("Name"))
                    if isinstance(export, str):
                        found.setdefault((export, stack.region), []).append((stack, output))
            self._exports = found
        listed = self._exports.get((name, region), [])
        if len(listed) > 1:
            return Unknown(f"several stacks export {name}")
        if listed:
            stack, output = listed[0]
            return stack.output(output)
        return Unknown(f"the export {name} is not among what was read")

    def forget_outputs(self) -> None:
        """Forgets outputs and exports that were evaluated before all stacks were there."""
        self._exports = None
        for stack in self.stacks:
            stack._outputs.clear()

    def assets(self, folder: Path) -> dict[str, str]:
        """Object key -> file, of the assets of the stacks in a cloud assembly."""
        if folder not in self._assets:
            self._assets[folder] = dict(_assets_in(folder))
        return self._assets[folder]


def _assets_in(folder: Path) -> Iterator[tuple[str, str]]:
    """https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema-readme.html (2026-11-24)"""
    for manifest in sorted(folder.glob("*.assets.json")):
        try:
            files = as_mapping(load_object(manifest, "an asset manifest").get("files"))
        except TemplateError:
            continue  # then its nested stacks are reported as not among the files
        for asset in files.values():
            path = as_mapping(as_mapping(asset).get("source")).get("path")
            for destination in as_mapping(as_mapping(asset).get("destinations")).values():
                key = as_mapping(destination).get("objectKey")
                if isinstance(key, str) and isinstance(path, str):
                    yield key.rpartition("/")[2], path


def _typed(name: str, kind: str, value: Any) -> Any:
    """A parameter's value as its type says."""
    if kind == "Number" and isinstance(value, str):
        try:
            number = float(value)
            return int(value) if number.is_integer() and "." not in value and "e" not in value.lower() else number
        except (ValueError, OverflowError):
            return Unknown(f"the parameter {name} is not a number")
    if (kind == "CommaDelimitedList" or kind.startswith("List<")) and isinstance(value, (str, int, float)):
        return [part.strip() for part in str(value).split(",")]
    return value
