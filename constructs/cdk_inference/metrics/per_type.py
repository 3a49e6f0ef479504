"""The dimensions by instance type, which AWS documents for variants with instance pools."""

from __future__ import annotations

# https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html (read 2026-11-24)
POOL_DIMENSION = "InstanceType"
PER_TYPE = {
    "realtime": ("EndpointName", "VariantName", POOL_DIMENSION),
    "component": ("InferenceComponentName", POOL_DIMENSION),
}

PER_TYPE_NOTE = (
    "AWS's guide to instance pools documents these dimensions for standard and enhanced metrics "
    "(https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html, read 2026-11-24). Its "
    "table of metric names has InstanceType only together with Region and AvailabilityZone "
    "(https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-detailed-observability-metric-mapping.html, read "
    "2026-11-24), and so was it seen on live endpoints, perhaps without pools "
    "(https://github.com/cloud-custodian/cloud-custodian, read 2026-11-22). Look at `aws cloudwatch list-metrics` of "
    "the running endpoint before anything depends on them."
)
