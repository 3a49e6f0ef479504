"""One name for a resource, however a template refers to it: by Ref, an attribute, or the name that it was given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.resource_versions import ResourceVersion
from cdk_inference.template.values import readable, reference, references_in

When = Literal["before", "after"]

# Where a type has its name. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ (read 2026-11-24)
_NAMES = {
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::DynamoDB::Table": "TableName",
}
NAMED_TYPES = frozenset(_NAMES)
# Service -> (type, what stands before the name in its ARN, the attribute that is the ARN). Not of IAM: a role of
# another account may have the same name.
_BY_ARN = {
    "sns": ("AWS::SNS::Topic", "", "Ref"),
    "sqs": ("AWS::SQS::Queue", "", "Arn"),
    "lambda": ("AWS::Lambda::Function", "function:", "Arn"),
    "dynamodb": ("AWS::DynamoDB::Table", "table/", "Arn"),
}
_ARN = re.compile("arn:[^:]+:(sns|sqs|lambda|dynamodb):[^:]*:(?:\\d{12}|\ue000[^\ue001]*\ue001):(.+)")
_ARNS = {"AWS::S3::Bucket": "arn:aws:s3:::{}"}


@dataclass
class ResourceNames:
    """Of one side: the name -> key of the resources that have a fixed one."""

    when: When
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    pairs: dict[str, ResourcePair] = field(default_factory=dict)
    other_stacks: dict[str, str] = field(default_factory=dict)

    def key(self, value: Any, kind: str) -> str:
        """The key of what `value` names, of a type: "stack/logical id" of a resource, otherwise the text itself."""
        text = str(value)
        found = references_in(text)
        if len(found) == 1 and text == reference(*found[0]):
            return f"{found[0][0]}/{found[0][1]}"
        return self.keys.get((kind, text), text)

    def within(self, text: str) -> str:
        """The key of the resource that a text refers to in part, as in an ARN; otherwise the text itself."""
        found = [one for one in references_in(text) if one[1] != "AWS"]
        return f"{found[0][0]}/{found[0][1]}" if len(found) == 1 else text

    def value(self, side: ResourceVersion, *path: str) -> Any:
        """A property with marks for what is not known; None where it is not there."""
        value = side.marked(path[0])
        for step in path[1:]:
            value = value.get(step) if isinstance(value, dict) else None
        return self.plain(value)

    def plain(self, value: Any) -> Any:
        """With the stack of the later side in references, and names in place of references to what has a fixed one."""
        if isinstance(value, list):
            return [self.plain(one) for one in value]
        if isinstance(value, dict):
            return {key: self.plain(one) for key, one in value.items()}
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        arn = _ARN.fullmatch(text) if text.startswith("arn:") else None
        if arn is not None:
            kind, prefix, attribute = _BY_ARN[arn[1]]
            key = self.keys.get((kind, arn[2].removeprefix(prefix))) if arn[2].startswith(prefix) else None
            if key is not None and not self.pairs[key].stack.foreign(text):
                stack, _, logical_id = key.rpartition("/")
                return reference(stack, logical_id, attribute)
        for stack, logical_id, attribute in references_in(text):
            mark = reference(stack, logical_id, attribute)
            here = self.other_stacks.get(stack, stack)
            fixed = self._fixed(f"{here}/{logical_id}", attribute)
            if fixed or here != stack:
                text = text.replace(mark, fixed or reference(here, logical_id, attribute))
        return text

    def _fixed(self, key: str, attribute: str) -> str:
        pair = self.pairs.get(key)
        side = None if pair is None else getattr(pair, self.when)
        if side is None or side.resource.type not in _ARNS:
            return ""
        name = side.get(_NAMES[side.resource.type])
        if not isinstance(name, str) or references_in(name) or attribute not in ("Ref", "Arn"):
            return ""
        return name if attribute == "Ref" else _ARNS[side.resource.type].format(name)


def resource_names(deployments: DeploymentPair, when: When) -> ResourceNames:
    """Returns the names of one side."""
    return deployments.computed(_resource_names, when)


def _resource_names(deployments: DeploymentPair, when: When) -> ResourceNames:
    made = ResourceNames(when)
    for pair, side in versions(deployments, when):
        key = key_of(pair)
        made.pairs[key] = pair
        name = side.get(_NAMES[side.resource.type]) if side.resource.type in _NAMES else None
        if isinstance(name, str):
            made.keys[side.resource.type, name] = key
    if when == "before":
        for stack in deployments.stacks:
            if stack.before is not None and stack.after is not None and stack.before.key != stack.after.key:
                made.other_stacks[stack.before.key] = stack.after.key
    return made


def key_of(pair: ResourcePair) -> str:
    """The same on both sides."""
    stack = pair.stack.after or pair.stack.before
    assert stack is not None
    return f"{stack.key}/{pair.logical_id}"


def versions(deployments: DeploymentPair, when: When, *types: str) -> Iterator[tuple[ResourcePair, ResourceVersion]]:
    """Yields the resources of one side, of some types or all, in the order of the stacks."""
    by_type = deployments.computed(_by_type, when)
    listed = [entry for kind in types or by_type for entry in by_type.get(kind, ())]
    yield from ((pair, side) for _, pair, side in sorted(listed, key=lambda entry: entry[0]))


def _by_type(deployments: DeploymentPair, when: When) -> dict[str, list[tuple[int, ResourcePair, ResourceVersion]]]:
    """Type -> (number, pair, version) of its resources."""
    by_type: dict[str, list[tuple[int, ResourcePair, ResourceVersion]]] = {}
    pairs = (pair for stack in deployments.stacks for pair in stack.resources.values())
    for number, pair in enumerate(pairs):
        side: ResourceVersion | None = getattr(pair, when)
        if side is not None:
            by_type.setdefault(side.resource.type, []).append((number, pair, side))
    return by_type


def label(key: str) -> str:
    """A key for people."""
    return readable(key).rpartition("/")[2] if not key.startswith("arn:") else readable(key)
