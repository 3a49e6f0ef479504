"""Where a call is made from, and whether Bedrock is there."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem

# Regions of the service "bedrock" per partition: botocore 1.44.5's endpoint data (read 2026-11-24). No page that we
# could read says which models, profiles or condition keys the isolated and the European sovereign partitions have.
SUPPORTED = ("aws", "aws-us-gov")
_REFUSED = {"aws-cn": "Amazon Bedrock has no region in the partition aws-cn"}
_PARTITIONS = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
    ("eusc-", "aws-eusc"),
)


@dataclass(frozen=True, kw_only=True)
class Location:
    """Partition, region and account that a call is made from. Each may be a CDK token."""

    partition: str
    region: str
    account: str

    @property
    def known_region(self) -> str | None:
        """The region, or None where only CloudFormation will know it."""
        return None if is_token(self.region) else self.region

    @property
    def known_partition(self) -> str | None:
        """The partition, told by the region where it is not known itself."""
        if not is_token(self.partition):
            return self.partition
        region = self.known_region
        if region is None:
            return None
        return next((name for prefix, name in _PARTITIONS if region.startswith(prefix)), "aws")

    def arn(self, resource: str, *, service: str = "bedrock") -> str:
        """The ARN of a resource of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def model_arn(self, model_id: str, region: str | None = None) -> str:
        """The ARN of a foundation model: it has no account. `region` "" is the one of global routing."""
        where = self.region if region is None else region
        return f"arn:{self.partition}:bedrock:{where}::foundation-model/{model_id}"


def partition_problem(location: Location) -> Problem | None:
    """What to tell where Bedrock is not, or is not known well enough to grant exactly."""
    partition = location.known_partition
    if partition is None or partition in SUPPORTED:
        return None
    why = _REFUSED.get(partition, f"what Amazon Bedrock has in the partition {partition} is not in our tables")
    allowed = f"partitions {' and '.join(SUPPORTED)}: {why}"
    return Problem("region", location.region, allowed, "deploy this stack to a region of one of these")
