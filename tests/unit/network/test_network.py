"""What a network is made of, and what it lets through."""

from __future__ import annotations

import functools
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import DataCapture, Observability, PayloadBucket, RealtimeEndpoint
from cdk_inference.network import SERVICES, InferenceNetwork
from cdk_inference.network.service_access import BY_NAME, INTERFACE_SERVICES
from tests.each import each
from tests.judges.lint import iam_actions
from tests.support import Template, llm, models, new_stack, of_type, only, resource, template_of

ACCOUNT = {"Ref": "AWS::AccountId"}


def network(stack: cdk.Stack, **arguments: Any) -> InferenceNetwork:
    if "read_from" not in arguments:
        arguments["read_from"] = [models(stack)]
    return InferenceNetwork(stack, "Network", **arguments)


@functools.cache
def plain() -> Template:
    stack = new_stack()
    network(stack)
    return template_of(stack)


@functools.cache
def full() -> Template:
    stack = new_stack()
    network(
        stack,
        write_to=[s3.Bucket.from_bucket_name(stack, "Captured", "captured")],
        services=INTERFACE_SERVICES,
        zones=("us-east-1a", "us-east-1b", "us-east-1d"),
        cidr="10.1.0.0/20",
        encryption_key=kms.Key(stack, "Key"),
        retention_days=7,
        keep_logs=False,
    )
    return template_of(stack)


def policies(template: Template) -> dict[str, dict[str, Any]]:
    """End of the service's name -> statement id -> statement."""
    found = {}
    for endpoint in of_type(template, "AWS::EC2::VPCEndpoint"):
        name = endpoint["ServiceName"]
        ending = name["Fn::Join"][1][-1] if isinstance(name, dict) else name.removeprefix("com.amazonaws.us-east-1")
        statements = endpoint["PolicyDocument"]["Statement"]
        found[ending.removeprefix(".")] = {one.pop("Sid"): one for one in map(dict, statements)}
    return found


def allow(actions: Any, on: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": "*", "Action": actions, "Resource": on}


def test_private_subnets_in_two_zones_and_no_way_out() -> None:
    subnets = of_type(plain(), "AWS::EC2::Subnet")
    assert [one["CidrBlock"] for one in subnets] == ["10.0.0.0/17", "10.0.128.0/17"]
    assert [one["MapPublicIpOnLaunch"] for one in subnets] == [False, False]
    assert subnets[0]["AvailabilityZone"] != subnets[1]["AvailabilityZone"]
    kinds = {one["Type"] for one in plain()["Resources"].values()}
    ways_out = ("InternetGateway", "NatGateway", "EgressOnlyInternetGateway", "VPCGatewayAttachment", "Route", "EIP")
    assert kinds.isdisjoint(f"AWS::EC2::{way}" for way in ways_out)
    assert {kind for kind in kinds if "Lambda" in kind or "Custom" in kind} == set()


def test_only_the_models_bucket_and_only_endpoints_of_this_account() -> None:
    arn = {"Fn::Join": ["", ["arn:aws:sagemaker:us-east-1:", ACCOUNT, ":endpoint/*"]]}
    assert policies(plain()) == {
        "s3": {"Models": allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::models", "arn:aws:s3:::models/*"])},
        "sagemaker.runtime": {"Scoped": allow(list(BY_NAME["sagemaker.runtime"].actions), arn)},
    }


def test_the_runtime_answers_under_its_usual_name() -> None:
    (runtime,) = (one for one in of_type(plain(), "AWS::EC2::VPCEndpoint") if one["VpcEndpointType"] == "Interface")
    vpc = only(plain(), "AWS::EC2::VPC")
    assert (runtime["PrivateDnsEnabled"], vpc["EnableDnsSupport"], vpc["EnableDnsHostnames"]) == (True, True, True)
    assert len(runtime["SubnetIds"]) == 2


def test_captured_data_is_only_written_and_all_services_can_be_had() -> None:
    found = policies(full())
    assert set(found) == {service.name for service in SERVICES}
    assert found["s3"]["CapturedData"] == allow("s3:PutObject", "arn:aws:s3:::captured/*")
    assert found["s3"]["ImageLayers"] == allow("s3:GetObject", "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*")
    assert found["ecr.api"]["Unscoped"] == allow("ecr:GetAuthorizationToken", "*")
    assert found["logs"]["Scoped"]["Resource"]["Fn::Join"][1][1] == ACCOUNT
    for name in ("ecr.api", "ecr.dkr"):  # AWS's images are in accounts of AWS
        assert found[name]["Scoped"]["Resource"] == "arn:aws:ecr:us-east-1:*:repository/*"


def test_zones_by_name() -> None:
    subnets = of_type(full(), "AWS::EC2::Subnet")
    assert [one["AvailabilityZone"] for one in subnets] == ["us-east-1a", "us-east-1b", "us-east-1d"]
    assert [one["CidrBlock"] for one in subnets] == ["10.1.0.0/22", "10.1.4.0/22", "10.1.8.0/22"]


def test_security_groups() -> None:
    groups = {one["GroupDescription"]: one for one in of_type(plain(), "AWS::EC2::SecurityGroup")}
    models_group = groups["Containers of SageMaker endpoints: HTTPS out, nothing in"]
    services = groups["Interface endpoints: HTTPS in from the VPC, nothing out"]
    assert "SecurityGroupIngress" not in models_group
    assert [(rule["CidrIp"], rule["FromPort"]) for rule in models_group["SecurityGroupEgress"]] == [("0.0.0.0/0", 443)]
    assert [(rule["CidrIp"], rule["FromPort"], rule["ToPort"]) for rule in services["SecurityGroupIngress"]] == [
        ("10.0.0.0/16", 443, 443)
    ]
    assert [rule["Description"] for rule in services["SecurityGroupEgress"]] == ["Disallow all traffic"]


def test_flow_logs_of_everything_kept_for_90_days() -> None:
    flow = only(plain(), "AWS::EC2::FlowLog")
    assert (flow["TrafficType"], flow["ResourceType"]) == ("ALL", "VPC")
    group = resource(plain(), "AWS::Logs::LogGroup")
    assert group["Properties"] == {"LogGroupName": "/cdk-inference/flow-logs/fleet-network", "RetentionInDays": 90}
    assert flow["LogGroupName"] == group["Properties"]["LogGroupName"]
    assert group["DeletionPolicy"] == "RetainExceptOnCreate"
    flow_log = resource(plain(), "AWS::EC2::FlowLog")
    assert len(flow_log["DependsOn"]) == 2


def test_flow_logs_with_a_key() -> None:
    group = resource(full(), "AWS::Logs::LogGroup")
    assert group["Properties"]["RetentionInDays"] == 7
    assert group["DeletionPolicy"] == "Delete"
    assert "Key" in str(group["Properties"]["KmsKeyId"])
    key = str(only(full(), "AWS::KMS::Key")["KeyPolicy"])
    assert ":log-group:/cdk-inference/flow-logs/*" in key


def test_the_role_of_the_flow_logs_writes_one_group() -> None:
    (statement,) = only(plain(), "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    name = "log-group:/cdk-inference/flow-logs/fleet-network"
    assert [part["Fn::Join"][1][2] for part in statement["Resource"]] == [f":{name}", f":{name}:*"]
    (trust,) = only(plain(), "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_an_endpoint_takes_the_placement_and_makes_no_group_of_its_own() -> None:
    app = cdk.App()
    outer = new_stack("network", app=app)
    made = network(outer)
    stack = new_stack(app=app)
    RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge", vpc=made.placement)
    template = template_of(stack)
    assert of_type(template, "AWS::EC2::SecurityGroup") == []
    config = only(template, "AWS::SageMaker::Model")["VpcConfig"]
    assert len(config["Subnets"]) == 2
    assert len(config["SecurityGroupIds"]) == 1


def placed(
    made: InferenceNetwork, stack: cdk.Stack, bucket: s3.IBucket, capture: DataCapture | None = None
) -> RealtimeEndpoint:
    return RealtimeEndpoint(
        stack,
        "Chat",
        server=llm(bucket),
        hardware="ml.g6.2xlarge",
        vpc=made.placement,
        observability=Observability(capture=capture),
    )


def test_buckets_that_the_network_does_not_let_through() -> None:
    """Capture would be silently absent, and the model's download would fail."""
    stack = new_stack()
    made = network(stack, read_from=[s3.Bucket.from_bucket_name(stack, "Other", "other")])
    captured = PayloadBucket(stack, "Captured", key=kms.Key(stack, "Key"), retention_days=1).bucket
    with pytest.raises(ConfigurationError) as caught:
        placed(made, stack, models(stack), DataCapture(bucket=captured, percent=5))
    assert str(caught.value) == (
        "RealtimeEndpoint fleet/Chat has 2 problems:\n"
        "  1. vpc.read_from: got ('other',); allowed: the bucket models too: models are fetched through the network's S3 "
        "endpoint; fix: write InferenceNetwork(read_from=[..., bucket])\n"
        "  2. vpc.write_to: got (); allowed: this bucket too: without it captured data is lost without an error; fix: "
        "write InferenceNetwork(write_to=[..., bucket])"
    )


def test_buckets_that_it_lets_through_and_names_known_at_deployment_only() -> None:
    app = cdk.App()
    outer = new_stack("network", app=app)
    captured = PayloadBucket(outer, "Captured", key=kms.Key(outer, "Key"), retention_days=1).bucket
    bucket = models(outer)
    made = network(outer, read_from=[bucket], write_to=[captured])
    placed(made, new_stack("exact", app=app), bucket, DataCapture(bucket=captured, percent=5))
    other = new_stack("other", app=app)
    unknown = s3.Bucket.from_bucket_name(other, "Unknown", cdk.Fn.import_value("name"))
    placed(network(other, read_from=[unknown]), other, models(other))


def test_no_services_no_group() -> None:
    stack = new_stack()
    network(stack, services=())
    template = template_of(stack)
    assert len(of_type(template, "AWS::EC2::SecurityGroup")) == 1
    assert [one["VpcEndpointType"] for one in of_type(template, "AWS::EC2::VPCEndpoint")] == ["Gateway"]


@each("service", SERVICES, ids=lambda service: service.name)
def test_every_action_in_the_table_exists(service: Any) -> None:
    assert [action for action in service.actions if action.lower() not in iam_actions()] == []
