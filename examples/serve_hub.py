"""A gated model from the Hugging Face hub, in a VPC with a way out; and the same model from S3, with adapters."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_inference.endpoints import RealtimeEndpoint, VpcPlacement
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.serving import Adapters, HuggingFaceModel, S3Model, TokenInEnvironment, Vllm

app = cdk.App()
stack = cdk.Stack(app, "Hub", env=cdk.Environment(region="us-east-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)
workload = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=2048, batch=4)

# Not isolated: whoever may call sagemaker:DescribeModel reads the token. docs/models.md says what that means.
vpc = ec2.Vpc.from_vpc_attributes(
    stack,
    "Vpc",
    vpc_id="vpc-0123456789abcdef0",
    availability_zones=["us-east-1a", "us-east-1b"],
    private_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    private_subnet_route_table_ids=["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
)
secret = secretsmanager.Secret.from_secret_name_v2(stack, "HubToken", "hub-token")
RealtimeEndpoint(
    stack,
    "FromHub",
    server=Vllm(
        model=HuggingFaceModel(
            model_id="meta-llama/Llama-3.1-8B-Instruct",
            revision="0e9e39f249a16976918f6564b8830bc894c89659",
            size_gb=16.1,
            token=TokenInEnvironment(secret=secret, json_field="token"),
        ),
        tensor_parallel_degree=1,
        max_model_len=8192,
        workload=workload,
    ),
    hardware="ml.g6.2xlarge",
    encryption_key=key,
    network_isolation=False,
    vpc=VpcPlacement(vpc=vpc, internet=True),
)

# The same model copied into S3: isolated, no token, and two adapters beside it.
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
RealtimeEndpoint(
    stack,
    "FromS3",
    server=Vllm(
        model=S3Model(bucket=bucket, prefix="llama-3.1-8b-instruct/", size_gb=16.5),
        tensor_parallel_degree=1,
        max_model_len=8192,
        workload=workload,
        adapters=Adapters(folders={"billing": "adapters/billing", "legal": "adapters/legal"}, max_rank=64, at_once=2),
    ),
    hardware="ml.g6.2xlarge",
    encryption_key=key,
)
app.synth()
