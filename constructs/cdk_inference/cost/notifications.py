"""Topics of alarms and budgets, their policies, and email subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from aws_cdk import Aws, RemovalPolicy, Stack, Validations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct, IConstruct

from cdk_inference.core.checks import has_members, is_token, matching
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.kit.interfaces import Key, Topic, as_key, as_topic, service_principal
from cdk_inference.kit.region_checks import key_problem, topic_problem
from cdk_inference.kit.stack_context import path_below, stack_context


def after_policy(resource: IConstruct, topic: Any) -> None:
    """Makes `resource` after the policy of `topic`: who may not publish yet is refused, or sends into the void.

    The policy that the CDK makes with a topic; one of an imported topic is there already.
    """
    policy = topic.node.try_find_child("Policy")
    if policy is not None:
        resource.node.add_dependency(policy)


def alarm_action(topic: Topic) -> cloudwatch.IAlarmAction:
    """Returns the action that publishes to `topic`, as pyright takes it: https://github.com/aws/aws-cdk/issues/15584."""
    return cast(cloudwatch.IAlarmAction, actions.SnsAction(as_topic(topic)))


def connect(alarm: cloudwatch.AlarmBase, topic: Topic) -> None:
    """Makes `topic` receive `alarm` when it fires and when it returns to OK."""
    alarm.add_alarm_action(alarm_action(topic))
    alarm.add_ok_action(alarm_action(topic))


def send_alarm(alarm: cloudwatch.AlarmBase, topic: Topic) -> None:
    """Makes `topic` receive `alarm` when it fires and when it returns to OK.

    alarm: any alarm of the app, `cloudwatch.PromQLAlarm` and composites included.
    topic: one in the alarm's region that CloudWatch may publish to, for example an `AlarmTopic`.

    Raises ConfigurationError.
    """
    wrong = None
    if not has_members(alarm, "add_alarm_action", "add_ok_action", "node"):
        fix = "pass cloudwatch.Alarm(...), or what metric.create_alarm(...) returns"
        wrong = Problem("alarm", alarm, "an alarm (aws_cloudwatch.Alarm)", fix)
    region = Aws.REGION if wrong is not None else stack_context(alarm).region
    raise_problems("send_alarm()", wrong, topic_problem("topic", topic, region))
    connect(alarm, topic)


def account_topic_problem(topic: Any, account: str, region: str | None = None) -> Problem | None:
    """Why `topic` is none, or in another account, or, where that matters, in another region."""
    if region is not None or not has_members(topic, "topic_arn"):
        problem = topic_problem("alarm_topic", topic, region or "")
        if problem is not None:
            return problem
    other = topic.env.account if has_members(topic, "env") else account
    if is_token(account) or is_token(other) or account == other:
        return None
    return Problem(
        "alarm_topic", f"a topic in {other}", f"a topic in {account}, the account that pays", "make one there"
    )


# One @, no spaces, a domain with a dot: as AWS::CE::AnomalySubscription has it, cfn-lint 1.58.0 (read 2026-11-24)
_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+"


def email_problems(argument: str, emails: object, most: int | None = None) -> list[Problem | None]:
    """Why `emails` are no addresses, each once."""
    fix = f'for example {argument}=["oncall@example.com"]'
    if isinstance(emails, str) or not isinstance(emails, Sequence):
        return [Problem(argument, emails, "a list of e-mail addresses", fix)]
    if most is not None and len(emails) > most:
        return [
            Problem(argument, f"{len(emails)} addresses", f"up to {most}", "use a topic, or a list of your own mail")
        ]
    found = [
        matching(f"{argument}[{number}]", one, _ADDRESS, "an e-mail address, as oncall@example.com", _address_fix(one))
        for number, one in enumerate(emails)
    ]
    known = [one for one in emails if not is_token(one)]
    if not any(found) and len(set(known)) < len(known):
        found.append(Problem(argument, list(known), "each address once", "leave out the second"))
    return found


def _address_fix(written: object) -> str:
    if isinstance(written, str) and "://" in written:
        return (
            "subscribe the address to a topic: AlarmTopic(...) and, for a chat, "
            "aws_chatbot.SlackChannelConfiguration(notification_topics=[topic], ...)"
        )
    return "write one address, without a name and without spaces"


KEY_ELSEWHERE = "cdk-inference:alarm-topic-key"


class Publisher(NamedTuple):
    """A service that publishes. `key_by_account`: whether its page has aws:SourceAccount in the key's policy."""

    sid: str
    service: str
    key_by_account: bool


# Each page's statements of the topic's policy and of the key's, read 2026-11-22 to 2026-11-24:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
# https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html: whether Budgets says on whose
#   behalf it requests the key is not established, and a wrong condition loses messages without a word.
# https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html
# Pages add aws:SourceArn to the topic's policy; the account alone keeps others out, and alarms whose name is not ASCII
# are not matched by an ARN.
PUBLISHERS = (
    Publisher("CloudWatchAlarms", "cloudwatch.amazonaws.com", True),
    Publisher("Budgets", "budgets.amazonaws.com", False),
    Publisher("CostAnomalies", "costalerts.amazonaws.com", True),
)


class AlarmTopic(sns.Topic):
    """An encrypted topic for CloudWatch alarms, AWS Budgets and Cost Anomaly Detection of this account.

    notify: e-mail addresses. Each gets a mail from AWS, **and gets nothing until it has confirmed it**. Default: none;
        subscribe what you like, such as a chat or a pager.
    encryption_key: a key in the stack's region, also another stack's. Its policy is extended; that of a key made
        elsewhere cannot be, and a warning says what it must allow. Default: a key of its own, since the key that AWS
        manages (alias/aws/sns) lets no service publish, and messages are lost without an error.

    Other accounts and services cannot publish, nor can anybody without TLS. The policy names no role: one of this
    account publishes only if its own policy, and the key's, allow it.
    Raises ConfigurationError.
    """

    LETS_AWS_PUBLISH = True

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        notify: Sequence[str] = (),
        encryption_key: Key | None = None,
    ) -> None:
        subject = f"AlarmTopic {path_below(scope, id)}"
        region = stack_context(scope).region
        raise_problems(
            subject,
            *email_problems("notify", notify),
            None if encryption_key is None else key_problem(encryption_key, region, "topic"),
        )
        stack = Stack.of(scope)
        key: Key = encryption_key or kms.Key(
            scope,
            f"{id}Key",
            description=f"Messages of alarms to the topic {id} of {stack.stack_name}",
            enable_key_rotation=True,
            # Nothing that is kept is encrypted with it.
            removal_policy=RemovalPolicy.DESTROY,
        )
        super().__init__(scope, id, master_key=as_key(key), enforce_ssl=True)
        here = {"StringEquals": {"aws:SourceAccount": stack.account}}
        for one in PUBLISHERS:
            self.add_to_resource_policy(
                iam.PolicyStatement(
                    sid=one.sid,
                    principals=[service_principal(one.service)],
                    actions=["sns:Publish"],
                    resources=[self.topic_arn],
                    conditions=here,
                )
            )
        allowed = [_allow(key, one, here if one.key_by_account else {}) for one in PUBLISHERS]
        if not all(allowed):
            services = ", ".join(one.service for one in PUBLISHERS)
            Validations.of(self).add_warning(
                KEY_ELSEWHERE,
                "The topic's key is imported. Its policy must allow kms:Decrypt and kms:GenerateDataKey* to "
                f"{services}; where it does not, alarms are lost without an error.",
            )
        for number, address in enumerate(notify):
            self._subscribe(f"Address{number}" if is_token(address) else address, address)

    def _subscribe(self, id: str, address: str) -> None:
        # By its address, if that is known: another order of addresses is no change.
        sns.Subscription(self, id, topic=as_topic(self), protocol=sns.SubscriptionProtocol.EMAIL, endpoint=address)


def _allow(key: Key, publisher: Publisher, conditions: dict[str, dict[str, str]]) -> bool:
    """Whether the statement could be added.

    It names no topic, which may be in a stack that needs the key's; and has no id, since topics may share a key.
    """
    return key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[service_principal(publisher.service)],
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            resources=["*"],
            conditions=conditions,
        )
    ).statement_added
