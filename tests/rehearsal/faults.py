"""Faults that the CDK's synth, cfn-lint and cloudformation-validate let through, each beside a harmless control."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.rehearsal.base import BUCKET, IMAGE, PREFIX, Template, properties

ROLE = "arn:aws:iam::111122223333:role/chat-role"
Edit = Callable[[Template], object]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault.

    Attributes:
        rule: The rule that catches it, or what else does.
        fault: Makes the fault in the base template.
        control: A change at the same place that does no harm.
        message: What a user reads, as it begins.
        update: The base template is deployed first, and this is an update of it.
        later: AWS deploys it and it breaks later; so does the rehearsal, and reports it.
        before: Edits the template that is deployed first.
        keys: Keys in the model's bucket.
        quotas: Instance type -> quota.
        control_keys, control_quotas: The same for the control.
    """

    rule: str
    fault: Edit
    control: Edit
    message: str
    update: bool = False
    later: bool = False
    before: Edit = lambda _: None
    keys: tuple[str, ...] = (f"{PREFIX}config.json", f"{PREFIX}model.safetensors")
    quotas: Mapping[str, int] | None = None
    control_keys: tuple[str, ...] = (f"{PREFIX}config.json", f"{PREFIX}model.safetensors")
    control_quotas: Mapping[str, int] | None = None


def _nothing(template: Template) -> None:
    """The base template as it is."""
    del template


def _set(logical_id: str, path: str, value: Any) -> Edit:
    """Sets a property; a path of names and list indexes, joined by dots."""

    def edit(template: Template) -> None:
        place: Any = properties(template, logical_id)
        *outer, last = [int(one) if one.isdigit() else one for one in path.split(".")]
        for one in outer:
            place = place[one]
        place[last] = value

    return edit


def _all(*edits: Edit) -> Edit:
    def edit(template: Template) -> None:
        for one in edits:
            one(template)

    return edit


def _without(sid: str) -> Edit:
    """The role loses a statement."""

    def edit(template: Template) -> None:
        document = properties(template, "Role")["Policies"][0]["PolicyDocument"]
        document["Statement"] = [one for one in document["Statement"] if one["Sid"] != sid]

    return edit


def _condition_first(sid: str) -> Edit:
    """The statement is written as a list of one action; nothing changes."""

    def edit(template: Template) -> None:
        for one in properties(template, "Role")["Policies"][0]["PolicyDocument"]["Statement"]:
            if one["Sid"] == sid and isinstance(one["Action"], str):
                one["Action"] = [one["Action"]]

    return edit


_VARIANT = "ProductionVariants.0"
_TYPE = f"{_VARIANT}.InstanceType"
_COUNT = f"{_VARIANT}.InitialInstanceCount"
_ROUTING = "DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration"
_IMAGE = "PrimaryContainer.Image"
_NO_POLICY = "nothing allows"
_NO_TARGET: Edit = lambda template: [template["Resources"].pop(one) for one in ("Target", "Policy")]  # noqa: E731
_ENVIRONMENT = _set("Model", "PrimaryContainer.Environment.OPTION_MAX_ROLLING_BATCH_SIZE", "8")


def _statement(service: str) -> Edit:
    """The topic's policy keeps one service only."""

    def edit(template: Template) -> None:
        document = properties(template, "TopicPolicy")["PolicyDocument"]
        document["Statement"] = [one for one in document["Statement"] if one["Principal"]["Service"] == service]

    return edit


def _key(service: str) -> Edit:
    """The topic gets a key whose policy lets one service in."""

    def edit(template: Template) -> None:
        template["Resources"]["Key"] = {
            "Type": "AWS::KMS::Key",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                "EnableKeyRotation": True,
                "KeyPolicy": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}},
                            "Action": "kms:*",
                            "Resource": "*",
                        },
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": ["budgets.amazonaws.com", service]},
                            "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
                            "Resource": "*",
                        },
                    ],
                },
            },
        }
        properties(template, "Topic")["KmsMasterKeyId"] = {"Fn::GetAtt": ["Key", "Arn"]}

    return edit


def _daily(kind: str) -> Edit:
    return _all(
        _set("Budget", "Budget.TimeUnit", "DAILY"),
        _set("Budget", "NotificationsWithSubscribers.0.Notification.NotificationType", kind),
    )


def _fixed_config(template: Template) -> None:
    """The endpoint config has a name of its own, and the endpoint names it in a text."""
    properties(template, "Config")["EndpointConfigName"] = "chat-config"
    properties(template, "Endpoint")["EndpointConfigName"] = "chat-config"
    template["Resources"]["Endpoint"]["DependsOn"] = ["Config", "Errors"]


def _config_removed(template: Template) -> None:
    properties(template, "Endpoint")["EndpointConfigName"] = "chat-config"
    del template["Resources"]["Config"]


def _serverless(template: Template) -> None:
    properties(template, "Model")["PrimaryContainer"].pop("ModelDataSource")  # serverless takes an archive
    variant = {"ServerlessConfig": {"MemorySizeInMB": 4096, "MaxConcurrency": 5}}
    old = properties(template, "Config")["ProductionVariants"][0]
    kept = {key: old[key] for key in ("VariantName", "ModelName", "InitialVariantWeight")}
    properties(template, "Config")["ProductionVariants"] = [{**kept, **variant}]


FAULTS: Mapping[str, Fault] = {
    "model prefix empty": Fault(
        rule="model-data",
        fault=_nothing,
        keys=("other/config.json",),
        control=_nothing,
        message=f"endpoint chat did not stabilize, it ended as Failed: Could not find model data at s3://{BUCKET}/{PREFIX}: "
        "the prefix is empty; fix: upload the model before the first deployment of the endpoint",
    ),
    "model prefix with a typing error": Fault(
        rule="model-data",
        fault=_set("Model", "PrimaryContainer.ModelDataSource.S3DataSource.S3Uri", f"s3://{BUCKET}/lama/"),
        control=_set("Model", "PrimaryContainer.ModelDataSource.S3DataSource.S3Uri", f"s3://{BUCKET}/llama/"),
        message=f"endpoint chat did not stabilize, it ended as Failed: Could not find model data at s3://{BUCKET}/lama/: the",
    ),
    "model not readable": Fault(
        rule="model-data",
        fault=_without("Model"),
        control=_condition_first("Model"),
        message=f"endpoint chat did not stabilize, it ended as Failed: {ROLE} may not s3:GetObject arn:aws:s3:::{BUCKET}/"
        f"{PREFIX}config.json ({_NO_POLICY}); fix: grant the read of the model's prefix",
    ),
    "model prefix not listable": Fault(
        rule="model-data",
        fault=_without("List"),
        control=_condition_first("List"),
        message=f"endpoint chat did not stabilize, it ended as Failed: {ROLE} may not s3:ListBucket arn:aws:s3:::{BUCKET} "
        f"with the prefix {PREFIX} ({_NO_POLICY})",
    ),
    "folder made by the console": Fault(
        rule="folder-keys",
        fault=_nothing,
        keys=(f"{PREFIX}config.json", f"{PREFIX}weights/"),
        control=_nothing,
        control_keys=(f"{PREFIX}config.json", f"{PREFIX}weights/model.safetensors"),
        message=f"endpoint chat did not stabilize, it ended as Failed: s3://{BUCKET}/{PREFIX}: got the key {PREFIX}weights/, a "
        "folder as the console makes it; allowed: keys of files only; fix: delete the key",
    ),
    "image not to be pulled": Fault(
        rule="image-pull",
        fault=_without("Image"),
        control=_condition_first("Token"),
        message=f"endpoint chat did not stabilize, it ended as Failed: {ROLE} may not ecr:BatchGetImage "
        f"arn:aws:ecr:us-east-1:763104351884:repository/djl-inference ({_NO_POLICY}); the image cannot be pulled",
    ),
    "image of another region": Fault(
        rule="image-region",
        fault=_set("Model", _IMAGE, IMAGE.replace("us-east-1", "us-west-2")),
        control=_set("Model", _IMAGE, IMAGE.replace("0.38.0-lmi29.0.0-cu130", "0.36.0-lmi18.0.0-cu128")),
        message="Image: got a repository in us-west-2; allowed: us-east-1, the region of the endpoint",
    ),
    "registry account of another region": Fault(
        rule="image-region",
        fault=_set("Model", _IMAGE, IMAGE.replace("763104351884", "871362719292")),
        control=_nothing,
        message="Image: got registry account 871362719292 for djl-inference in us-east-1; allowed there: 763104351884",
    ),
    "role that SageMaker may not assume": Fault(
        rule="role-trust",
        fault=_set("Role", "AssumeRolePolicyDocument.Statement.0.Principal.Service", "ec2.amazonaws.com"),
        control=_set(
            "Role",
            "AssumeRolePolicyDocument.Statement.0.Condition",
            {"ArnLike": {"aws:SourceArn": {"Fn::Sub": "arn:aws:sagemaker:us-east-1:${AWS::AccountId}:*"}}},
        ),
        message=f"ExecutionRoleArn: got {ROLE}, whose trust policy does not let sagemaker.amazonaws.com call sts:AssumeRole "
        f"({_NO_POLICY}); fix: name the service as a principal",
    ),
    "hub token under isolation": Fault(
        rule="hub-under-isolation",
        fault=_set("Model", "PrimaryContainer.Environment.HF_TOKEN", "{{resolve:ssm:/hub-token}}"),
        control=_all(
            _set("Model", "PrimaryContainer.Environment.HF_TOKEN", "{{resolve:ssm:/hub-token}}"),
            _set("Model", "EnableNetworkIsolation", False),
        ),
        message="endpoint chat did not stabilize, it ended as Failed: HF_TOKEN with network isolation: the container has no "
        "way out to a hub; fix: put the model in S3, or leave isolation off",
    ),
    "volume on NVMe": Fault(
        rule="volume-on-nvme",
        fault=_set("Config", f"{_VARIANT}.VolumeSizeInGB", 100),
        control=_all(_set("Config", f"{_VARIANT}.VolumeSizeInGB", 100), _set("Config", _TYPE, "ml.m5.xlarge")),
        message="AllTraffic.VolumeSizeInGB: got 100 for ml.g6.2xlarge, which has local NVMe storage; allowed: none; fix: "
        "remove the property",
    ),
    "two variants of one name": Fault(
        rule="variant-names",
        fault=lambda t: properties(t, "Config")["ProductionVariants"].append(
            {**properties(t, "Config")["ProductionVariants"][0], "InitialInstanceCount": 1}
        ),
        control=lambda t: properties(t, "Config")["ProductionVariants"].append(
            {**properties(t, "Config")["ProductionVariants"][0], "VariantName": "Second"}
        ),
        message="VariantName: got AllTraffic twice; allowed: one variant of a name",
    ),
    "no quota": Fault(
        rule="quota",
        fault=_nothing,
        quotas={"ml.g6.2xlarge": 0},
        control=_nothing,
        control_quotas={"ml.g6.2xlarge": 2},
        message="ResourceLimitExceeded: ml.g6.2xlarge for endpoint usage: quota 0; running 0, chat requests 2 more; fix: "
        "request an increase (Service Quotas), or list the quota of your account for the rehearsal",
    ),
    "quota of a new account": Fault(
        rule="quota",
        fault=_set("Config", _TYPE, "ml.inf2.8xlarge"),
        control=_set("Config", _TYPE, "ml.m5.2xlarge"),
        message="ResourceLimitExceeded: ml.inf2.8xlarge for endpoint usage: quota 0, what a new account has for accelerated "
        "types; running 0, chat requests 2 more",
    ),
    "quota too small for blue/green": Fault(
        rule="quota",
        fault=_ENVIRONMENT,
        update=True,
        quotas={"ml.g6.2xlarge": 3},
        control=_ENVIRONMENT,
        control_quotas={"ml.g6.2xlarge": 4},
        message="ResourceLimitExceeded: ml.g6.2xlarge for endpoint usage: quota 3; running 2, chat requests 2 more",
    ),
    "instance type of an autoscaled variant": Fault(
        rule="autoscaled-variant",
        fault=_set("Config", _TYPE, "ml.g6.xlarge"),
        update=True,
        control=_all(_ENVIRONMENT, _set("Target", "MaxCapacity", 6)),
        message="endpoint chat: variant AllTraffic is registered as a scalable target and its instance type changes from "
        "ml.g6.2xlarge to ml.g6.xlarge; fix: deregister the scalable target in a deployment of its own",
    ),
    "name of an autoscaled variant": Fault(
        rule="autoscaled-variant",
        fault=_set("Config", f"{_VARIANT}.VariantName", "Main"),
        update=True,
        control=_set("Config", f"{_VARIANT}.InitialVariantWeight", 2),
        message="endpoint chat: variant AllTraffic is registered as a scalable target and the new endpoint config leaves it "
        "out; fix: deregister the scalable target",
    ),
    "instances to serverless": Fault(
        rule="to-serverless",
        fault=_all(_NO_TARGET, _serverless),
        before=_NO_TARGET,
        update=True,
        control=_all(_NO_TARGET, _ENVIRONMENT),
        message="endpoint chat: variant AllTraffic becomes serverless; fix: make another endpoint beside this one",
    ),
    "canary of one instance": Fault(
        rule="traffic-steps",
        fault=_all(_NO_TARGET, _ENVIRONMENT, _set("Config", _COUNT, 1)),
        update=True,
        control=_all(_NO_TARGET, _ENVIRONMENT, _set("Config", _COUNT, 3)),
        message="CanarySize: got 1 INSTANCE_COUNT of 1 instance; allowed: 1 to 50 percent; fix: two instances or more",
    ),
    "canary that the next update refuses": Fault(
        rule="next-rollout",
        fault=_all(_set("Config", _COUNT, 1), _set("Target", "MinCapacity", 1)),
        later=True,
        control=_set("Config", _COUNT, 4),
        message="endpoint chat, its next update: CanarySize: got 1 INSTANCE_COUNT of 1 instance; allowed: 1 to 50 percent",
    ),
    "rollout shorter than its waiting": Fault(
        rule="rollout-times",
        fault=_set("Endpoint", f"{_ROUTING}.WaitIntervalInSeconds", 3600),
        control=_set("Endpoint", f"{_ROUTING}.WaitIntervalInSeconds", 3000),
        message="MaximumExecutionTimeoutInSeconds: got 3600 s; allowed: above 3660 s, the waiting alone",
    ),
    "rollback alarm made too late": Fault(
        rule="rollback-alarm",
        fault=lambda t: [
            t["Resources"]["Endpoint"].pop("DependsOn"),
            t["Resources"]["Errors"].update(DependsOn="Endpoint"),
        ],
        control=lambda t: t["Resources"]["Endpoint"].update(DependsOn="Errors"),
        message="AutoRollbackConfiguration: got the alarm chat-errors, which does not exist in us-east-1; fix: create it "
        "first (DependsOn: a name in a text is no dependency)",
    ),
    "role that may not see the rollback alarm": Fault(
        rule="rollback-role",
        fault=_without("Alarms"),
        control=_condition_first("Alarms"),
        message=f"{ROLE} may not cloudwatch:DescribeAlarms arn:aws:cloudwatch:us-east-1:111122223333:alarm:chat-errors "
        f"({_NO_POLICY}); the rollback cannot watch it",
    ),
    "scalable target of a variant that is not there": Fault(
        rule="target-exists",
        fault=_set("Target", "ResourceId", "endpoint/chat/variant/Main"),
        control=_set("Target", "ResourceId", {"Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/AllTraffic"}),
        message="ResourceId: got the variant Main of chat; allowed: AllTraffic",
    ),
    "scalable target before its endpoint": Fault(
        rule="target-exists",
        fault=lambda t: [
            t["Resources"]["Target"].pop("DependsOn"),
            t["Resources"]["Endpoint"].update(DependsOn="Target"),
        ],
        control=lambda t: t["Resources"]["Target"].update(DependsOn="Endpoint"),
        message="ResourceId: got the endpoint chat, which does not exist; fix: create it first (DependsOn)",
    ),
    "minimum 0 of a real-time variant": Fault(
        rule="minimum-of-variant",
        fault=_set("Target", "MinCapacity", 0),
        control=_set("Target", "MinCapacity", 1),
        message="MinCapacity: got 0 for a variant of a real-time endpoint; allowed: 1 and more",
    ),
    "minimum above the maximum": Fault(
        rule="capacity-order",
        fault=_set("Target", "MinCapacity", 5),
        control=_set("Target", "MinCapacity", 4),
        message="MinCapacity: got 5, above MaxCapacity 4",
    ),
    "metric of inference components": Fault(
        rule="policy-metric",
        fault=_set(
            "Policy",
            "TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType",
            "SageMakerInferenceComponentInvocationsPerCopy",
        ),
        control=_set(
            "Policy",
            "TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType",
            "SageMakerVariantInvocationsPerInstance",
        ),
        message="PredefinedMetricType: got SageMakerInferenceComponentInvocationsPerCopy for "
        "sagemaker:variant:DesiredInstanceCount; allowed: SageMakerVariantInvocationsPerInstance, ",
    ),
    "metric maths with two periods": Fault(
        rule="alarm-maths",
        fault=_set("ErrorRate", "Metrics.2.MetricStat.Period", 300),
        control=_all(
            _set("ErrorRate", "Metrics.1.MetricStat.Period", 300), _set("ErrorRate", "Metrics.2.MetricStat.Period", 300)
        ),
        message="Metrics: got the periods [60, 300] s; allowed: the same for all",
    ),
    "alarm over more than a day": Fault(
        rule="alarm-window",
        fault=_all(_set("Errors", "Period", 1800), _set("Errors", "EvaluationPeriods", 49)),
        control=_all(_set("Errors", "Period", 1800), _set("Errors", "EvaluationPeriods", 48)),
        message="alarm: got 1800 s x 49 periods = 88200 s; allowed: 86400 s with a period of 1800 s",
    ),
    "composite alarm before its children": Fault(
        rule="composite-children",
        fault=lambda t: [t["Resources"]["Both"].pop("DependsOn"), t["Resources"]["Errors"].update(DependsOn="Both")],
        control=lambda t: t["Resources"]["Both"].update(DependsOn=["ErrorRate", "Errors"]),
        message="AlarmRule: got chat-errors",
    ),
    "topic policy that keeps CloudWatch out": Fault(
        rule="topic-policy",
        fault=_statement("budgets.amazonaws.com"),
        later=True,
        control=lambda t: properties(t, "TopicPolicy")["PolicyDocument"]["Statement"].reverse(),
        message="alarm chat-errors: the policy of arn:aws:sns:us-east-1:111122223333:",
    ),
    "topic policy that keeps Budgets out": Fault(
        rule="budget-topic",
        fault=_statement("cloudwatch.amazonaws.com"),
        later=True,
        control=lambda t: properties(t, "TopicPolicy")["PolicyDocument"]["Statement"].reverse(),
        message="budget ",
    ),
    "topic key that keeps CloudWatch out": Fault(
        rule="topic-key",
        fault=_key("events.amazonaws.com"),
        later=True,
        control=_key("cloudwatch.amazonaws.com"),
        message="alarm chat-errors: arn:aws:sns:us-east-1:111122223333:",
    ),
    "topic key of AWS": Fault(
        rule="topic-key",
        fault=_set("Topic", "KmsMasterKeyId", "alias/aws/sns"),
        later=True,
        control=_key("cloudwatch.amazonaws.com"),
        message="alarm chat-errors: arn:aws:sns:us-east-1:111122223333:",
    ),
    "alarm on a variant that is not there": Fault(
        rule="metric-never-comes",
        fault=_set("Errors", "Dimensions.1.Value", "Main"),
        later=True,
        control=_set("Errors", "Dimensions", [{"Name": "EndpointName", "Value": "chat"}]),
        message="alarm chat-errors: Invocation5XXErrors of the variant Main; chat has AllTraffic: the metric never comes",
    ),
    "config deleted while in use": Fault(
        rule="config-deleted",
        fault=_config_removed,
        update=True,
        later=True,
        before=_fixed_config,
        control=_all(_fixed_config, _set("Target", "MaxCapacity", 6)),
        message="endpoint chat: its endpoint config chat-config was deleted while the endpoint uses it; the next update or "
        "scale-out may fail",
    ),
    "forecast of a daily budget": Fault(
        rule="daily-forecast",
        fault=_daily("FORECASTED"),
        control=_daily("ACTUAL"),
        message="NotificationType: got FORECASTED for a DAILY budget; allowed: ACTUAL",
    ),
    "budget with two filter languages": Fault(
        rule="budget-languages",
        fault=_all(
            _set("Budget", "Budget.Metrics", ["UnblendedCost"]),
            _set("Budget", "Budget.CostTypes", {"IncludeTax": True}),
        ),
        control=_set("Budget", "Budget.CostTypes", {"IncludeTax": True}),
        message="Budget: got ['CostTypes'] beside ['Metrics']; allowed: one of the two filter languages",
    ),
    "profile of another geography": Fault(
        rule="profile-source",
        fault=_set(
            "Profile",
            "ModelSource.CopyFrom",
            {"Fn::Sub": "arn:aws:bedrock:us-east-1:${AWS::AccountId}:inference-profile/eu.amazon.nova-pro-v1:0"},
        ),
        control=_set(
            "Profile",
            "ModelSource.CopyFrom",
            {"Fn::Sub": "arn:aws:bedrock:us-east-1:${AWS::AccountId}:inference-profile/us.amazon.nova-lite-v1:0"},
        ),
        message="copyFrom: got the profile eu.amazon.nova-pro-v1:0 in us-east-1; allowed source regions: eu-",
    ),
    "guardrail without a policy": Fault(
        rule="guardrail-policy",
        fault=lambda t: properties(t, "Guardrail").pop("ContentPolicyConfig"),
        control=_set("Guardrail", "WordPolicyConfig", {"ManagedWordListsConfig": [{"Type": "PROFANITY"}]}),
        message="guardrail: got no policy; allowed: one of content, topics, words, sensitive information, grounding",
    ),
    "standard tier without a profile": Fault(
        rule="guardrail-tier",
        fault=_set("Guardrail", "ContentPolicyConfig.ContentFiltersTierConfig", {"TierName": "STANDARD"}),
        control=_set("Guardrail", "ContentPolicyConfig.ContentFiltersTierConfig", {"TierName": "CLASSIC"}),
        message="contentPolicyConfig.tierConfig: got STANDARD without crossRegionConfig; allowed: CLASSIC, or a guardrail",
    ),
}
