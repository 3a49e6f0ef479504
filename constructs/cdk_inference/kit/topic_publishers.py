"""Whether AWS can publish to a topic of the app: read at synth time, when policies of topics and keys are complete.

Conditions of statements are not judged, and nothing is known of imported topics and keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import jsii
from aws_cdk import Stack, Validations
from constructs import Construct, IValidation

CANNOT_PUBLISH = "cdk-inference:topic-publisher"
CLOUDWATCH, BUDGETS, ANOMALIES = "cloudwatch.amazonaws.com", "budgets.amazonaws.com", "costalerts.amazonaws.com"
# "The AWS managed key lets no service publish": https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
_MANAGED = "alias/aws/sns"


def report_publisher(owner: Construct, topic: Any, service: str) -> None:
    """Adds a warning to `owner` at synth time if `topic`, or its key, does not let `service` publish.

    A class of topics with LETS_AWS_PUBLISH, as `AlarmTopic`, writes the policies itself.
    """
    if not getattr(type(topic), "LETS_AWS_PUBLISH", False):
        owner.node.add_validation(_Check(owner, topic, service))


@jsii.implements(IValidation)
class _Check:
    def __init__(self, owner: Construct, topic: Any, service: str) -> None:
        self._owner, self._topic, self._service = owner, topic, service
        self._done = False

    def validate(self) -> list[str]:
        if not self._done:
            self._done = True
            why = _fault(self._topic, self._service)
            if why is not None:
                text = (
                    f"{why}, so messages are refused or lost. Pass an AlarmTopic, or add the statement to that policy."
                )
                Validations.of(self._owner).add_warning(CANNOT_PUBLISH, text)
        return []


def _fault(topic: Any, service: str) -> str | None:
    from aws_cdk import aws_kms as kms  # not at the top: every endpoint loads this module, and few have a topic
    from aws_cdk import aws_sns as sns

    if not isinstance(topic.node.default_child, sns.CfnTopic):
        return None
    path, statements = topic.node.path, _topic_statements(topic)
    # Without a policy SNS lets the account's own alarms publish, and no other service:
    # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html (read 2026-11-29)
    if (statements or service != CLOUDWATCH) and not _allowed(statements, service, "sns:Publish"):
        return f"No policy of the topic {path} lets {service} publish (sns:Publish)"
    key = topic.master_key
    if isinstance(key, kms.Alias):
        key = key.alias_target_key
    if key is None:
        return None
    if key.key_arn.endswith(_MANAGED):
        return f"The topic {path} is encrypted with the key that AWS manages, which lets no service publish"
    resource = key.node.default_child
    if not isinstance(resource, kms.CfnKey):
        return None
    policy = Stack.of(key).resolve(resource.key_policy)
    if all(_allowed(policy["Statement"], service, action) for action in ("kms:Decrypt", "kms:GenerateDataKey")):
        return None
    return f"The policy of the key {key.node.path} does not let {service} use it (kms:Decrypt, kms:GenerateDataKey*)"


def _topic_statements(topic: Any) -> list[Mapping[str, Any]]:
    """Of every policy of the app that names the topic; the one that the CDK makes with it first."""
    from aws_cdk import aws_sns as sns

    own = topic.node.try_find_child("Policy")
    if own is not None:
        return list(Stack.of(topic).resolve(own.document)["Statement"])
    arn = Stack.of(topic).resolve(topic.topic_arn)
    return [
        statement
        for one in topic.node.root.node.find_all()
        if isinstance(one, sns.CfnTopicPolicy) and arn in Stack.of(one).resolve(one.topics)
        for statement in Stack.of(one).resolve(one.policy_document)["Statement"]
    ]


def _allowed(statements: Iterable[Mapping[str, Any]], service: str, action: str) -> bool:
    return any(
        one["Effect"] == "Allow"
        and service in _services(one.get("Principal"), service)
        and any(_matches(pattern, action) for pattern in _list(one.get("Action")))
        for one in statements
    )


def _services(principal: Any, service: str) -> list[str]:
    """The services among the principals; everybody is `service` too."""
    if principal == "*" or (isinstance(principal, dict) and "*" in _list(principal.get("AWS"))):
        return [service]
    return _list(principal.get("Service")) if isinstance(principal, dict) else []


def _matches(pattern: Any, action: str) -> bool:
    text = str(pattern).lower()
    return action.lower().startswith(text.removesuffix("*")) if text.endswith("*") else text == action.lower()


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
