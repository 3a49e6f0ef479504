"""Who may invoke, and what can be measured."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import (
    AsyncEndpoint,
    ComponentEndpoint,
    ImportedEndpoint,
    InferenceComponent,
    RealtimeEndpoint,
    ServerlessEndpoint,
)
from cdk_inference.endpoints.imported import TOKEN_ACTIONS
from cdk_inference.endpoints.metrics import EndpointMetrics
from cdk_inference.metrics import METRICS
from cdk_inference.target import InferenceTarget
from tests.each import each
from tests.judges.lint import iam_actions
from tests.refusals import refusal_of
from tests.support import CONTEXT, encoder, llm, models, new_stack, of_type, only, template_of

# The words that all targets share have tests of their own.
SHARED = {name for name in dir(InferenceTarget) if name.startswith("metric_")}
METHODS = sorted(name for name in set(vars(EndpointMetrics)) - SHARED if name.startswith("metric_"))


def chat(stack: cdk.Stack, hardware: str = "ml.g6.2xlarge") -> RealtimeEndpoint:
    server = llm(models(stack)) if ".g" in hardware else encoder(models(stack))
    return RealtimeEndpoint(stack, "Chat", server=server, hardware=hardware)


def caller(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def test_a_grant_allows_this_endpoint_streaming_included_and_nothing_else() -> None:
    stack = new_stack()
    chat(stack).grant_invoke(caller(stack))
    (statement,) = only(template_of(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    arn = ["arn:aws:sagemaker:us-east-1:", {"Ref": "AWS::AccountId"}, ":endpoint/fleet-chat"]
    assert statement == {
        "Action": ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"],
        "Effect": "Allow",
        "Resource": {"Fn::Join": ["", arn]},
    }


def test_granted_actions_exist() -> None:
    granted = {*RealtimeEndpoint.invoke_actions, *AsyncEndpoint.invoke_actions, *TOKEN_ACTIONS}
    assert {action.lower() for action in granted} <= {name.lower() for name in iam_actions()}


KNOWN = cdk.Environment(account="111122223333", region="us-east-1")


def known_stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(context=CONTEXT), "fleet", env=KNOWN)


def test_a_grant_to_another_account_is_refused() -> None:
    """And given where the accounts are not known, or the same."""
    stack = known_stack()
    endpoint = chat(stack)
    foreign = iam.Role.from_role_arn(stack, "Foreign", "arn:aws:iam::444455556666:role/caller")
    assert refusal_of(endpoint.grant_invoke, foreign) == (
        "grant of fleet/Chat: grantee: got 'a principal of 444455556666'; allowed: a principal of 111122223333: a policy "
        "here allows nothing to another account; fix: grant it to a role of 111122223333 that the caller may assume"
    )
    assert "got 'a principal of 444455556666'" in refusal_of(
        endpoint.grant_invoke, iam.AccountPrincipal("444455556666")
    )
    endpoint.grant_invoke(iam.Role.from_role_arn(stack, "Own", "arn:aws:iam::111122223333:role/caller"))
    endpoint.grant_invoke(iam.Role.from_role_arn(stack, "Later", cdk.Fn.import_value("CallerArn")))
    (policy, *_) = of_type(template_of(stack), "AWS::IAM::Policy")
    assert policy["Roles"] == ["caller"]


@each(
    "grantee",
    [
        iam.ServicePrincipal("apigateway.amazonaws.com"),
        iam.AccountPrincipal("111122223333"),
        iam.AnyPrincipal(),
        iam.OrganizationPrincipal("o-1234567890"),
    ],
)
def test_a_grant_to_who_has_no_policy_is_refused(grantee: iam.IGrantable) -> None:
    endpoint = RealtimeEndpoint.from_endpoint_name(known_stack(), "Old", "old")
    assert "allowed: a role, a user or a group" in refusal_of(endpoint.grant_invoke, grantee)


@each("grantee", ["arn:aws:iam::111122223333:role/caller", None, object()])
def test_what_is_no_grantee_is_refused(grantee: Any) -> None:
    component = InferenceComponent.from_component_name(known_stack(), "Old", "old", endpoint_name="host")
    assert "allowed: a grantee (aws_iam.IGrantable)" in refusal_of(component.grant_invoke, grantee)


def test_the_openai_compatible_path_takes_another_right() -> None:
    stack = known_stack()
    RealtimeEndpoint.from_endpoint_name(stack, "Old", "old").grant_invoke_openai(caller(stack))
    found = only(template_of(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert [(one["Action"], one["Resource"]) for one in found] == [
        (list(RealtimeEndpoint.invoke_actions), "arn:aws:sagemaker:us-east-1:111122223333:endpoint/old"),
        ("sagemaker:CallWithBearerToken", "*"),
    ]


def test_a_component_has_the_openai_compatible_path_and_other_kinds_have_not() -> None:
    stack = known_stack()
    who = caller(stack)
    InferenceComponent.from_component_name(stack, "C", "chat", endpoint_name="host").grant_invoke_openai(who)
    found = only(template_of(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert found[0]["Resource"][1].endswith(":inference-component/chat")
    assert found[1]["Action"] == "sagemaker:CallWithBearerToken"
    for kind in (AsyncEndpoint, ServerlessEndpoint, ComponentEndpoint):
        old = kind.from_endpoint_name(stack, kind.__name__, "old")
        assert "these have the OpenAI-compatible path" in refusal_of(old.grant_invoke_openai, who)


def test_an_imported_endpoint_is_granted_and_measured_by_its_kind() -> None:
    stack = known_stack()
    queued = AsyncEndpoint.from_endpoint_name(stack, "Queued", "queued", hardware="ml.g6.2xlarge")
    queued.grant_invoke(caller(stack))
    (statement,) = only(template_of(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert statement["Action"] == "sagemaker:InvokeEndpointAsync"
    assert stack.resolve(queued.metric_approximate_backlog_size().dimensions) == {"EndpointName": "queued"}
    assert "ConcurrentRequestsPerModel" in refusal_of(queued.metric, "ConcurrentRequestsPerModel")
    rare = ServerlessEndpoint.from_endpoint_name(stack, "Rare", "rare")
    assert rare.metric_model_setup_time().metric_name == "ModelSetupTime"
    host = ComponentEndpoint.from_endpoint_name(stack, "Host", "host")
    assert "component.grant_invoke(grantee)" in refusal_of(host.grant_invoke, caller(cdk.Stack(cdk.App(), "other")))
    with pytest.raises(ConfigurationError, match="endpoint_name"):
        AsyncEndpoint.from_endpoint_name(stack, "Wrong", "a_b")


def test_a_caller_in_another_stack_waits_for_nothing() -> None:
    app = cdk.App()
    stack, other = new_stack(app=app), new_stack("callers", app=app)
    chat(stack).grant_invoke(caller(other))
    assert "GetStackOutput" not in str(template_of(other))
    assert "ImportValue" not in str(template_of(other))


def test_an_imported_endpoint_is_granted_in_lower_case() -> None:
    stack = new_stack()
    imported = RealtimeEndpoint.from_endpoint_name(stack, "Old", "My-Endpoint")
    imported.grant_invoke(caller(stack))
    (statement,) = only(template_of(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert statement["Resource"]["Fn::Join"][1][-1] == ":endpoint/my-endpoint"
    assert stack.resolve(imported.metric_invocations().dimensions) == {
        "EndpointName": "My-Endpoint",
        "VariantName": "AllTraffic",
    }


def test_an_imported_endpoint_with_a_wrong_name() -> None:
    with pytest.raises(ConfigurationError) as caught:
        RealtimeEndpoint.from_endpoint_name(new_stack(), "Old", "my_endpoint", hardware="ml.g6.3xlarge")
    assert str(caught.value) == (
        "endpoint fleet/Old has 2 problems:\n"
        "  1. endpoint_name: got 'my_endpoint'; allowed: letters, digits and single hyphens between them, up to 63 "
        "characters; fix: copy it from `aws sagemaker list-endpoints`\n"
        "  2. hardware: got 'ml.g6.3xlarge'; allowed: an instance type of SageMaker hosting; as of 2026-10-20 there is "
        "no such type; fix: use 'ml.g6.xlarge', 'ml.g6.2xlarge' or 'ml.g6.4xlarge'; if AWS has released it since, "
        "register() it first"
    )


def test_a_method_per_metric_and_a_metric_per_method() -> None:
    endpoint = chat(new_stack())
    found = [getattr(endpoint, name)() for name in METHODS]
    assert {(metric.namespace, metric.metric_name) for metric in found} == {(m.namespace, m.name) for m in METRICS}
    assert len(found) == len(METRICS)


def test_metrics_take_the_tables_statistic_and_the_callers_options() -> None:
    endpoint, minute = chat(new_stack()), cdk.Duration.minutes(1)
    metrics: dict[str, cloudwatch.Metric] = {name: getattr(endpoint, name)() for name in METHODS}
    statistics = {fact.name: fact.statistic for fact in METRICS}
    assert {name: one.statistic for name, one in metrics.items()} == {
        name: statistics[one.metric_name] for name, one in metrics.items()
    }
    changed = {name: getattr(endpoint, name)(statistic="p50", period=minute) for name in METHODS}
    assert {name: (one.statistic, one.period.to_seconds()) for name, one in changed.items()} == dict.fromkeys(
        METHODS, ("p50", 60)
    )


@each("method", ["metric_gpu_utilization", "metric_gpu_memory_utilization"])
def test_neuron_hardware_has_no_gpu_metrics(method: str) -> None:
    endpoint = chat(new_stack(), "ml.inf2.xlarge")
    name = {"metric_gpu_utilization": "GPUUtilization"}.get(method, "GPUMemoryUtilization")
    with pytest.raises(ConfigurationError) as caught:
        getattr(endpoint, method)()
    assert str(caught.value) == (
        f"metric of endpoint fleet-chat: metric_name: got '{name}'; allowed: hardware of kind gpu, not "
        "ml.inf2.xlarge; fix: SageMaker publishes no metric of NeuronCore use (https://docs.aws.amazon.com/sagemaker/"
        "latest/dg/monitoring-cloudwatch.html, read 2026-11-22); use CPUUtilization, or how many requests are in flight"
    )


def test_an_unknown_metric() -> None:
    with pytest.raises(ConfigurationError) as caught:
        chat(new_stack()).metric("NeuronCoreUtilization")
    assert str(caught.value) == (
        "metric of endpoint fleet-chat: metric_name: got 'NeuronCoreUtilization'; allowed: of a real-time endpoint: "
        "Invocations, InvocationsPerInstance, Invocation4XXErrors, Invocation5XXErrors, InvocationModelErrors, "
        "ModelLatency, OverheadLatency, ConcurrentRequestsPerModel, MidStreamErrors, FirstChunkLatency, "
        "FirstChunkModelLatency, FirstChunkOverheadLatency, CPUUtilization, MemoryUtilization, DiskUtilization, "
        "GPUUtilization, GPUMemoryUtilization; fix: use CPUUtilization: the page lists processor, memory, disk and GPU "
        "use only, https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (read 2026-11-22)"
    )


def test_imported_endpoints_make_nothing() -> None:
    stack = new_stack()
    caller(stack)
    assert isinstance(RealtimeEndpoint.from_endpoint_name(stack, "Old", "old"), ImportedEndpoint)
    assert of_type(template_of(stack), "AWS::SageMaker::Endpoint") == []
