"""One row of the tables: a metric that an endpoint kind publishes or does not publish, with its page.

Every row has been read in AWS's documentation, not seen in an account.
"""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.hosting import KINDS as HOSTED

INVOCATION_NAMESPACE = "AWS/SageMaker"
INSTANCE_NAMESPACE = "/aws/sagemaker/Endpoints"
COMPONENT_NAMESPACE = "/aws/sagemaker/InferenceComponents"

ENDPOINT = ("EndpointName",)
VARIANT = ("EndpointName", "VariantName")
COMPONENT = ("InferenceComponentName",)

ANY_HARDWARE = frozenset({"gpu", "neuron", "gaudi", "cpu"})
GPU = frozenset({"gpu"})

# Kind -> what it is called in a sentence.
KINDS: dict[str, str] = {
    **{kind.name: kind.title for kind in HOSTED.values()},
    "bedrock": "a model on Amazon Bedrock",
    "guardrail": "a guardrail of Amazon Bedrock",
    "mantle": "a model on Amazon Bedrock's OpenAI-compatible endpoint",
}

GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg"
MONITORING = f"{GUIDE}/monitoring-cloudwatch.html (read 2026-11-22)"
# The same metrics again, with every set of dimensions, and the streaming metrics besides.
MAPPING = f"{GUIDE}/monitoring-detailed-observability-metric-mapping.html (read 2026-11-23)"
ASYNC_MONITORING = f"{GUIDE}/async-inference-monitor.html (read 2026-11-24)"
SERVERLESS_MONITORING = f"{GUIDE}/serverless-endpoints-monitoring.html (read 2026-11-24)"

UNIT_UNKNOWN = "unknown: the page gives none"


@dataclass(frozen=True, kw_only=True)
class MetricFact:
    """A metric that endpoints of `kind` publish.

    `unit` is CloudWatch's word, or what the number means where AWS gives none. `statistic` is the one that makes sense
    first; others can be given. `hardware` are the kinds of hardware that have it. `period_seconds` is how often it
    is published, unless the endpoint says otherwise. `note` is what AWS's pages contradict each other about.
    """

    name: str
    namespace: str
    dimensions: tuple[str, ...]
    unit: str
    statistic: str
    meaning: str
    kind: str = "realtime"
    hardware: frozenset[str] = ANY_HARDWARE
    period_seconds: int = 60
    note: str = ""
    source: str = MONITORING


@dataclass(frozen=True, kw_only=True)
class NotPublished:
    """A metric that one might expect of endpoints of `kind` and that they do not publish.

    `instead` is the metric to look at; empty where there is none.
    """

    name: str
    kind: str
    why: str
    instead: str = ""
    source: str

    def __str__(self) -> str:
        use = f"; use {self.instead}" if self.instead else ""
        return f"{KINDS[self.kind]} does not publish {self.name}: {self.why}{use}; {self.source}"


# With instance pools every metric of a variant is published per instance type too, with one dimension more.
POOL_DIMENSION = "InstanceType"
POOL_DIMENSION_SOURCE = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html (read 2026-11-24)"
)
# What speaks against it: a page of AWS, and endpoints of one type each, so not a proof.
POOL_DIMENSION_DOUBT = (
    "AWS's table of metric names has InstanceType only together with AvailabilityZone and Region "
    "(https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-detailed-observability-metric-mapping.html, read "
    "2026-11-24). On endpoints without pools, Cloud Custodian found it published so: the three dimensions by "
    "themselves had no data (https://github.com/cloud-custodian/cloud-custodian/blob/main/"
    "tests/terraform/sagemaker_endpoint_metrics/probe_metrics.py, read 2026-11-24)"
)
