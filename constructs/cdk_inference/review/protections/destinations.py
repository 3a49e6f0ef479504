"""Where data goes that leaves a resource, and where code and models come from: other accounts.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html (read 2026-11-29)
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from cdk_inference.facts import table
from cdk_inference.review.pair import ACCOUNT, DeploymentPair, ResourcePair
from cdk_inference.review.resource_names import ResourceNames, resource_names
from cdk_inference.review.resource_versions import as_text
from cdk_inference.template.values import readable

Steps = tuple[str, ...]
_OUT = "data is copied to an account that no template had before"
_IN = "code or a model of an account that no template had before runs with the permissions of this one"


@dataclass(frozen=True, kw_only=True)
class Destination:
    """One row: a property that names where something goes, or comes from. "[]" is any item of a list.

    arns: whether other texts, such as phone numbers and addresses of web sites, name no account.
    """

    type: str
    path: Steps
    means: str
    arns: bool = False


_S3_EVENTS = (("QueueConfigurations", "Queue"), ("TopicConfigurations", "Topic"), ("LambdaConfigurations", "Function"))

DESTINATIONS = (
    *(
        Destination(
            type="AWS::S3::Bucket", path=("ReplicationConfiguration", "Rules", "[]", "Destination", name), means=_OUT
        )
        for name in ("Bucket", "Account")
    ),
    Destination(
        type="AWS::S3::Bucket", path=("InventoryConfigurations", "[]", "Destination", "BucketAccountId"), means=_OUT
    ),
    *(
        Destination(type="AWS::S3::Bucket", path=("NotificationConfiguration", name, "[]", inner), means=_OUT)
        for name, inner in _S3_EVENTS
    ),
    Destination(type="AWS::Logs::SubscriptionFilter", path=("DestinationArn",), means=_OUT),
    Destination(type="AWS::Logs::AccountPolicy", path=("PolicyDocument",), means=_OUT),
    Destination(type="AWS::SNS::Subscription", path=("Endpoint",), means=_OUT, arns=True),
    Destination(type="AWS::SNS::Topic", path=("Subscription", "[]", "Endpoint"), means=_OUT, arns=True),
    Destination(
        type="AWS::ECR::ReplicationConfiguration",
        path=("ReplicationConfiguration", "Rules", "[]", "Destinations", "[]", "RegistryId"),
        means=_OUT,
    ),
    *(
        Destination(
            type="AWS::Lambda::EventInvokeConfig",
            path=("DestinationConfig", name, "Destination"),
            means=_OUT,
            arns=True,
        )
        for name in ("OnSuccess", "OnFailure")
    ),
    *(
        Destination(
            type="AWS::SageMaker::EndpointConfig",
            path=("AsyncInferenceConfig", "OutputConfig", "NotificationConfig", name),
            means="request metadata and output locations are sent to an account that no template had before",
        )
        for name in ("SuccessTopic", "ErrorTopic")
    ),
    Destination(
        type="AWS::Bedrock::Agent",
        path=("ActionGroups", "[]", "ActionGroupExecutor", "Lambda"),
        means="what users write reaches a function of an account that no template had before",
    ),
    Destination(type="AWS::Lambda::EventSourceMapping", path=("FunctionName",), means=_OUT),
    Destination(type="AWS::Events::Rule", path=("Targets", "[]", "Arn"), means=_OUT),
    Destination(type="AWS::EC2::VPCPeeringConnection", path=("PeerOwnerId",), means="its network reaches this one"),
    Destination(type="AWS::Lambda::Function", path=("Layers", "[]"), means=_IN),
    Destination(type="AWS::Lambda::Function", path=("Code", "ImageUri"), means=_IN),
    Destination(type="AWS::SageMaker::Model", path=("PrimaryContainer", "Image"), means=_IN),
    Destination(type="AWS::SageMaker::Model", path=("PrimaryContainer", "ModelPackageName"), means=_IN),
    Destination(type="AWS::SageMaker::Model", path=("Containers", "[]", "Image"), means=_IN),
    Destination(type="AWS::SageMaker::Model", path=("Containers", "[]", "ModelPackageName"), means=_IN),
    Destination(type="AWS::SageMaker::InferenceComponent", path=("Specification", "Container", "Image"), means=_IN),
    Destination(
        type="AWS::SageMaker::InferenceComponent", path=("Specifications", "[]", "Container", "Image"), means=_IN
    ),
    Destination(
        type="AWS::SageMaker::ModelPackage", path=("InferenceSpecification", "Containers", "[]", "Image"), means=_IN
    ),
    Destination(type="AWS::CloudFormation::CustomResource", path=("ServiceToken",), means=_IN),
)


class Leaving(NamedTuple):
    """A value that names another account."""

    pair: ResourcePair
    row: Destination
    value: str
    account: str


def foreign_destinations(deployments: DeploymentPair) -> Iterator[Leaving]:
    """Yields those of resources that are new or differ, whose account stands nowhere in what is deployed."""
    known = resource_names(deployments, "after")
    by_type: dict[str, list[Destination]] = {}
    for row in DESTINATIONS:
        by_type.setdefault(row.type, []).append(row)
    for stack in deployments.stacks:
        for pair in stack.resources.values():
            kind = "AWS::CloudFormation::CustomResource" if pair.type.startswith("Custom::") else pair.type
            if kind in by_type and pair.after is not None and pair.changed_at_all:
                for row in by_type[kind]:
                    yield from _foreign(deployments, known, pair, row)


def _foreign(
    deployments: DeploymentPair, known: ResourceNames, pair: ResourcePair, row: Destination
) -> Iterator[Leaving]:
    assert pair.after is not None
    for text in _texts(known.value(pair.after, row.path[0]), row.path[1:]):
        if row.arns and not text.startswith("arn:"):
            continue
        for account in ACCOUNT.findall(text):
            if account not in deployments.computed(_accounts) and account not in _accounts_of_aws():
                yield Leaving(pair, row, readable(text), account)
                break


def _accounts(deployments: DeploymentPair) -> frozenset[str]:
    """The accounts that the deployed templates and their parameters name."""
    found: set[str] = set()
    for stack in deployments.stacks:
        if stack.before is not None:
            given = [str(one) for one in stack.before.given.values()]
            found.update(ACCOUNT.findall(" ".join([as_text(stack.before.template), *given])))
    return frozenset(found)


@functools.cache
def _accounts_of_aws() -> frozenset[str]:
    """The accounts of AWS's own registries of images."""
    registries = table("registries")
    return frozenset(one for fields in registries.values for one in fields if ACCOUNT.fullmatch(one))


def _texts(value: Any, path: Steps) -> Iterator[str]:
    if not path:
        if isinstance(value, (str, int)):
            yield str(value)
    elif path[0] == "[]":
        for one in value if isinstance(value, list) else []:
            yield from _texts(one, path[1:])
    elif isinstance(value, dict):
        yield from _texts(value.get(path[0]), path[1:])
