"""Where resources are: partition, region and account, each of which may be known at deployment only."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import is_token

# How the regions of a partition begin: botocore 1.44.5's endpoint data (read 2026-11-24)
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
    """A partition, a region and an account; CDK tokens where only CloudFormation will know them."""

    partition: str
    region: str
    account: str

    @property
    def known_region(self) -> str | None:
        """The region, or None where only CloudFormation will know it."""
        return None if is_token(self.region) else self.region

    @property
    def known_account(self) -> str | None:
        """The account, or None where only CloudFormation will know it."""
        return None if is_token(self.account) else self.account

    @property
    def known_partition(self) -> str | None:
        """The partition, which follows from the region where it is not known itself."""
        if not is_token(self.partition):
            return self.partition
        region = self.known_region
        if region is None:
            return None
        return next((name for prefix, name in _PARTITIONS if region.startswith(prefix)), "aws")

    def arn(self, service: str, resource: str, *, account: str | None = None, region: str | None = None) -> str:
        """The ARN of a resource here; `account` and `region` replace the location's own, "" leaves them out."""
        where = self.region if region is None else region
        whose = self.account if account is None else account
        return f"arn:{self.partition}:{service}:{where}:{whose}:{resource}"
