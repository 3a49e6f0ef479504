"""A change that is meant: what `cdk-inference review` would find is acknowledged, with a reason and a last day."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from cdk_inference.acknowledge import acknowledge

app = cdk.App()
stack = cdk.Stack(app, "Uploads", env=cdk.Environment(region="us-east-1"))

# Its name was another one before, and a bucket with another name is another bucket.
uploads = s3.Bucket(stack, "Files", bucket_name="example-uploads-2027")
acknowledge(uploads, rule="data-replaced", reason="Nobody has uploaded anything yet.", expires="2026-12-31")

# The second bucket is no longer in this app, so its logical id is written.
acknowledge(stack, rule="data-removed", logical_id="Thumbnails5B6E4C5D", reason="Made again from the files when asked.")

app.synth()
