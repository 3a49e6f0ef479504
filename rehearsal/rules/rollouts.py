"""Rules of an endpoint's deployment config: steps, batches, times, rollback alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rehearsal.rule import Call, Check, Rule

_GUARDS = "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html"
_TRAFFIC = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html"
_ROLLING = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RollingUpdatePolicy.html"
_EXCLUDED = "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html"


Variants = Sequence[Mapping[str, Any]]


def _config(call: Call) -> Mapping[str, Any]:
    found = call.params.get("DeploymentConfig", {})
    assert isinstance(found, Mapping)
    return found


def _count(variants: Variants) -> int:
    """Instances of the largest variant."""
    return max((variant.get("InitialInstanceCount", 1) for variant in variants), default=1)


def _one_policy(call: Call) -> Iterator[str]:
    if {"BlueGreenUpdatePolicy", "RollingUpdatePolicy"} <= set(_config(call)):
        yield "DeploymentConfig: got BlueGreenUpdatePolicy and RollingUpdatePolicy; allowed: one of them"


def _too_large(size: Mapping[str, Any], count: int, highest: int, lowest: int) -> str | None:
    """The share that a step is, if it is outside of percent bounds."""
    percent = size["Value"] if size["Type"] == "CAPACITY_PERCENT" else 100 * size["Value"] / count
    one = 100 / count
    if percent > highest or (size["Type"] == "CAPACITY_PERCENT" and one > highest):
        share = f"{size['Value']} {size['Type']}"
        return f"got {share} of {count} instance{'s' * (count > 1)}; allowed: {lowest} to {highest} percent"
    return None


def _steps(config: Mapping[str, Any], variants: Variants) -> Iterator[str]:
    routing = config.get("BlueGreenUpdatePolicy", {}).get("TrafficRoutingConfiguration", {})
    count = _count(variants)
    for key, kind, low in (("CanarySize", "CANARY", 1), ("LinearStepSize", "LINEAR", 10)):
        if routing.get("Type") == kind:
            if key not in routing:
                yield f"TrafficRoutingConfiguration: got Type {kind} without {key}; fix: set it"
            elif message := _too_large(routing[key], count, 50, low):
                yield f"{key}: {message}; fix: two instances or more, or ALL_AT_ONCE"


def _batches(config: Mapping[str, Any], variants: Variants) -> Iterator[str]:
    policy = config.get("RollingUpdatePolicy", {})
    if not policy:
        return
    if message := _too_large(policy["MaximumBatchSize"], _count(variants), 50, 5):
        yield f"MaximumBatchSize: {message}; fix: two instances or more, or a blue/green policy"
    if len(variants) > 1:
        yield f"RollingUpdatePolicy: got {len(variants)} variants; allowed: one"


def _now(check: Callable[[Mapping[str, Any], Variants], Iterator[str]]) -> Check:
    """The check of the update that is called."""
    return lambda call: check(_config(call), call.hosting.variants_of(call.params["EndpointConfigName"]))


def _next_update(call: Call) -> Iterator[str]:
    """A deployment config given at creation is stored, and used by the next update."""
    for name, endpoint in call.hosting.endpoints.items():
        variants = call.hosting.variants_of(endpoint["EndpointConfigName"])
        for check in (_steps, _batches):
            for message in check(endpoint.get("DeploymentConfig", {}), variants):
                yield f"endpoint {name}, its next update: {message}"


def _serverless(call: Call) -> Iterator[str]:
    variants = call.hosting.variants_of(call.params["EndpointConfigName"])
    if _config(call) and any("ServerlessConfig" in variant for variant in variants):
        yield "DeploymentConfig: got a serverless variant; allowed: real-time and asynchronous endpoints"


def _times(call: Call) -> Iterator[str]:
    policy = _config(call).get("BlueGreenUpdatePolicy", {})
    routing = policy.get("TrafficRoutingConfiguration", {})
    limit = policy.get("MaximumExecutionTimeoutInSeconds")
    if limit is None:
        return
    waits = routing.get("WaitIntervalInSeconds", 0) + policy.get("TerminationWaitInSeconds", 0)
    if limit <= waits:
        yield (
            f"MaximumExecutionTimeoutInSeconds: got {limit} s; allowed: above {waits} s, the waiting alone "
            "(WaitIntervalInSeconds + TerminationWaitInSeconds)"
        )


def _alarms_there(call: Call) -> Iterator[str]:
    for alarm in _config(call).get("AutoRollbackConfiguration", {}).get("Alarms", []):
        if alarm["AlarmName"] not in call.account.alarms:
            yield (
                f"AutoRollbackConfiguration: got the alarm {alarm['AlarmName']}, which does not exist in "
                f"{call.account.region}; fix: create it first (DependsOn: a name in a text is no dependency)"
            )


def _alarms_readable(call: Call) -> Iterator[str]:
    names = [one["AlarmName"] for one in _config(call).get("AutoRollbackConfiguration", {}).get("Alarms", [])]
    for variant in call.hosting.variants_of(call.params["EndpointConfigName"]):
        role = call.hosting.models.get(variant.get("ModelName", ""), {}).get("ExecutionRoleArn", "")
        for name in names:
            arn = f"arn:aws:cloudwatch:{call.account.region}:{call.account.id}:alarm:{name}"
            if role and not (answer := call.account.may(role, "cloudwatch:DescribeAlarms", arn)):
                yield f"{role} may not cloudwatch:DescribeAlarms {arn} ({answer.why}); the rollback cannot watch it"


_BOTH = ("CreateEndpoint", "UpdateEndpoint")
RULES = (
    Rule(
        id="one-rollout-policy",
        effect="refused",
        on=_BOTH,
        title="A deployment config has a blue/green or a rolling policy, not both.",
        source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html",
        check=_one_policy,
    ),
    Rule(
        id="traffic-steps",
        effect="refused",
        on=("UpdateEndpoint",),
        title="A canary takes at most 50 % of the instances, a linear step 10 to 50 %: one instance meets neither.",
        source=_TRAFFIC,
        confidence="inferred",
        check=_now(_steps),
    ),
    Rule(
        id="rolling-batch",
        effect="refused",
        on=("UpdateEndpoint",),
        title="A rolling batch takes 5 to 50 % of the instances of a single variant.",
        source=_ROLLING,
        confidence="inferred",
        check=_now(_batches),
    ),
    Rule(
        id="next-rollout",
        effect="later",
        on=(),
        title="The same of a deployment config that an endpoint was created with: the next update uses it.",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-canary.html",
        confidence="inferred",
        check=_next_update,
    ),
    Rule(
        id="rollout-serverless",
        effect="refused",
        on=_BOTH,
        title="Serverless endpoints have no deployment config.",
        source=_EXCLUDED,
        check=_serverless,
    ),
    Rule(
        id="rollout-times",
        effect="refused",
        on=_BOTH,
        title="The time limit of a rollout is longer than its waiting.",
        source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html",
        check=_times,
    ),
    Rule(
        id="rollback-alarm",
        effect="refused",
        on=_BOTH,
        title="Rollback alarms exist in the endpoint's region.",
        source=_GUARDS,
        confidence="inferred",
        check=_alarms_there,
    ),
    Rule(
        id="rollback-role",
        effect="refused",
        on=_BOTH,
        title="The execution role may describe the rollback alarms.",
        source=_GUARDS,
        check=_alarms_readable,
    ),
)
