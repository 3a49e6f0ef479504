"""An endpoint and a function that calls it, in a network without a way to the internet.

Three stacks: the network is deployed first and deleted last.
"""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.network import InferenceNetwork
from cdk_inference.serving import Lmi, S3Model

HANDLER = """
import json, os, boto3

runtime = boto3.client("sagemaker-runtime")

def handler(event, context):
    name = os.environ["ENDPOINT"]
    answer = runtime.invoke_endpoint(EndpointName=name, ContentType="application/json", Body=json.dumps(event))
    return json.loads(answer["Body"].read())
"""

app = cdk.App()
region = cdk.Environment(region="us-east-1")

network_stack = cdk.Stack(app, "PrivateNetwork", env=region)
models = s3.Bucket.from_bucket_name(network_stack, "Models", "my-models")
network = InferenceNetwork(network_stack, "Network", read_from=[models], instances=4)

endpoint_stack = cdk.Stack(app, "PrivateEndpoint", env=region)
chat = RealtimeEndpoint(
    endpoint_stack,
    "Chat",
    server=Lmi(
        model=S3Model(bucket=models, prefix="llama-3.1-8b-instruct/", size_gb=16.1),
        tensor_parallel_degree=4,
        workload=Workload(
            architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=8192, batch=16
        ),
    ),
    hardware="ml.g6.12xlarge",
    vpc=network.placement,
)

caller_stack = cdk.Stack(app, "PrivateCaller", env=region)
group = ec2.SecurityGroup(caller_stack, "Group", vpc=network.vpc, allow_all_outbound=False)
group.add_egress_rule(ec2.Peer.ipv4(network.vpc.vpc_cidr_block), ec2.Port.tcp(443), "HTTPS to interface endpoints")
log_group = logs.LogGroup(caller_stack, "Logs", retention=logs.RetentionDays.ONE_MONTH)
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html (execution role permissions)
network_interfaces = iam.ManagedPolicy(
    caller_stack,
    "NetworkInterfaces",
    statements=[
        iam.PolicyStatement(
            sid="Network",
            actions=[
                "ec2:AssignPrivateIpAddresses",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSubnets",
                "ec2:UnassignPrivateIpAddresses",
            ],
            resources=["*"],
        )
    ],
)
role = iam.Role(
    caller_stack,
    "Role",
    assumed_by=iam.ServicePrincipal("lambda.amazonaws.com").grant_principal,
    managed_policies=[network_interfaces],
)
log_group.grant_write(role)
chat.grant_invoke(role)
lambda_.Function(
    caller_stack,
    "Function",
    runtime=lambda_.Runtime.PYTHON_3_13,
    handler="index.handler",
    code=lambda_.Code.from_inline(HANDLER),
    environment={"ENDPOINT": chat.endpoint_name},
    timeout=cdk.Duration.seconds(70),
    log_group=log_group,
    # Not the role itself: the CDK would add AWS's managed policies.
    role=iam.Role.from_role_arn(caller_stack, "FunctionRole", role.role_arn, mutable=False),
    vpc=network.vpc,
    vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
    security_groups=[group],
)
app.synth()
