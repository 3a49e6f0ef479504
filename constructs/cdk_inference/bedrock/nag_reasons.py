"""Findings about access to Bedrock that are accepted, and why: one table, read by people who audit it."""

from __future__ import annotations

from cdk_inference.kit.nag import Reason

MARKETPLACE = [
    Reason(
        "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
        "Resource: the actions of AWS Marketplace and those on a model's agreement know no resource; Subscribe is "
        "limited to named products by its condition. https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html",
    )
]
