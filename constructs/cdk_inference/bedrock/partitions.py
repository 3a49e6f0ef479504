"""In which partitions Amazon Bedrock is, as far as it is known well enough to grant exactly."""

from __future__ import annotations

from cdk_inference.core.errors import Problem
from cdk_inference.core.location import Location

# Regions of the service "bedrock" per partition: botocore 1.44.5's endpoint data (read 2026-11-24). No page that we
# could read says which models, profiles or condition keys the isolated and the European sovereign partitions have.
SUPPORTED = ("aws", "aws-us-gov")
_REFUSED = {"aws-cn": "Amazon Bedrock has no region in the partition aws-cn"}


def partition_problem(location: Location) -> Problem | None:
    """Why nothing of Bedrock can be granted in the partition of `location`."""
    partition = location.known_partition
    if partition is None or partition in SUPPORTED:
        return None
    why = _REFUSED.get(partition, f"what Amazon Bedrock has in the partition {partition} is not in our tables")
    allowed = f"partitions {' and '.join(SUPPORTED)}: {why}"
    return Problem("region", location.region, allowed, "deploy this stack to a region of one of these")
