"""What a topic must be to be told of costs."""

from __future__ import annotations

from typing import Any

from constructs import IConstruct

from cdk_inference.core.checks import has_members, is_token
from cdk_inference.core.errors import Problem
from cdk_inference.endpoints.elsewhere import region_problem


def after_policy(resource: IConstruct, topic: Any) -> None:
    """Makes `resource` after the policy of `topic`: who may not publish yet is refused, or sends into the void.

    The policy that the CDK makes with a topic; one of an imported topic is there already.
    """
    policy = topic.node.try_find_child("Policy")
    if policy is not None:
        resource.node.add_dependency(policy)


def topic_problem(argument: str, topic: Any, region: str) -> Problem | None:
    """What is no topic, or one of another region than its alarm."""
    if not has_members(topic, "topic_arn"):
        return Problem(argument, topic, "a topic (aws_sns.ITopic)", "for example AlarmTopic(...)")
    return region_problem(argument, topic, region, "a topic", "alarm")


def account_topic_problem(topic: Any, account: str, region: str | None = None) -> Problem | None:
    """Why `topic` is none, or in another account, or, where that matters, in another region."""
    if region is not None or not has_members(topic, "topic_arn"):
        problem = topic_problem("topic", topic, region or "")
        if problem is not None:
            return problem
    other = topic.env.account if has_members(topic, "env") else account
    if is_token(account) or is_token(other) or account == other:
        return None
    return Problem("topic", f"a topic in {other}", f"a topic in {account}, the account that pays", "make one there")
