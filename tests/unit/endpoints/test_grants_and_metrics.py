"""Who may invoke, and what can be measured."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import ImportedEndpoint, RealtimeEndpoint
from cdk_inference.endpoints.metrics import EndpointMetrics
from cdk_inference.metrics import METRICS
from cdk_inference.target import InferenceTarget
from tests.judges.lint import iam_actions
from tests.support import encoder, llm, models, new_stack, of_type, only, template_of

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
    assert {action.lower() for action in RealtimeEndpoint.invoke_actions} <= {name.lower() for name in iam_actions()}


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


@pytest.mark.parametrize("method", METHODS)
def test_metrics_take_the_tables_statistic_and_the_callers_options(method: str) -> None:
    endpoint = chat(new_stack())
    metric: cloudwatch.Metric = getattr(endpoint, method)()
    fact = next(row for row in METRICS if row.name == metric.metric_name)
    assert metric.statistic == fact.statistic
    changed = getattr(endpoint, method)(statistic="p50", period=cdk.Duration.minutes(1))
    assert (changed.statistic, changed.period.to_seconds()) == ("p50", 60)


@pytest.mark.parametrize("method", ["metric_gpu_utilization", "metric_gpu_memory_utilization"])
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
