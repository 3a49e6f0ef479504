"""The dimension by instance type, which AWS documents for variants with instance pools."""

from __future__ import annotations

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
