"""Logs, captured requests, and what evaluates them."""

from __future__ import annotations

from typing import Any

from cdk_inference.review.formatting import value
from cdk_inference.review.protections.comparators import fewer, lowered, smaller, switched_off, taken_away
from cdk_inference.review.protections.protection import Protection, rows
from cdk_inference.review.protections.removals import Protector

_CAPTURE = "requests and answers are no longer recorded, so drift and abuse cannot be investigated later"
_ACCESS = "callers can no longer be traced"
_TRAIL = "AWS API calls are no longer recorded, or the records can be altered unnoticed"


def _fewer_modes(was: Any, becomes: Any) -> str:
    """InputAndOutput is both modes in one.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CaptureOption.html (read 2026-11-30)
    """
    return fewer("CaptureMode")(_modes(was), _modes(becomes))


def _modes(written: Any) -> Any:
    if not isinstance(written, list):
        return written
    both = {"CaptureMode": "InputAndOutput"}
    apart = ({"CaptureMode": "Input"}, {"CaptureMode": "Output"})
    return [mode for one in written for mode in (apart if one == both else (one,))]


_ASYNC = ("AsyncInferenceConfig", "OutputConfig")
_NO_DATA = "the metric receives no data, and alarms on it never fire"


def _another(was: Any, becomes: Any) -> str:
    return f"changes from {value(was)} to {value(becomes)}" if None not in (was, becomes) and was != becomes else ""


LOGGING: tuple[Protection, ...] = (
    *rows(
        "AWS::SageMaker::EndpointConfig",
        _CAPTURE,
        (("DataCaptureConfig", "EnableCapture"), switched_off(default=True)),
        (("DataCaptureConfig", "InitialSamplingPercentage"), smaller()),
        (("DataCaptureConfig", "CaptureOptions"), _fewer_modes),
        within=1,
    ),
    *rows("AWS::SageMaker::EndpointConfig", _CAPTURE, (("DataCaptureConfig",), taken_away)),
    *rows(
        "AWS::SageMaker::EndpointConfig",
        "requests that fail end unnoticed",
        ((*_ASYNC, "S3FailurePath"), taken_away),
        ((*_ASYNC, "NotificationConfig", "ErrorTopic"), taken_away),
        within=2,
    ),
    *rows(
        "AWS::SQS::Queue",
        "failed messages are eventually deleted unnoticed",
        (("RedrivePolicy",), taken_away),
    ),
    *rows(
        "AWS::Logs::MetricFilter",
        _NO_DATA,
        (("MetricTransformations",), fewer("MetricName")),
        (("MetricTransformations", "[MetricName]", "MetricNamespace"), _another),
    ),
    *rows("AWS::S3::Bucket", _ACCESS, (("LoggingConfiguration",), taken_away)),
    *rows("AWS::ElasticLoadBalancing::LoadBalancer", _ACCESS, (("AccessLoggingPolicy", "Enabled"), switched_off())),
    *rows("AWS::ApiGateway::Stage", _ACCESS, (("AccessLogSetting",), taken_away)),
    *rows("AWS::ApiGatewayV2::Stage", _ACCESS, (("AccessLogSettings",), taken_away)),
    *rows("AWS::CloudFront::Distribution", _ACCESS, (("DistributionConfig", "Logging"), taken_away)),
    *rows(
        "AWS::CloudTrail::Trail",
        _TRAIL,
        (("IsLogging",), switched_off()),
        (("EnableLogFileValidation",), switched_off()),
        (("IsMultiRegionTrail",), switched_off()),
        (("CloudWatchLogsLogGroupArn",), taken_away),
        # The default: https://docs.aws.amazon.com/sdk-for-sap-abap/v1/api/latest/trl/model/_AWS1_CL_TRLEVENTSELECTOR.html
        # (read 2026-11-30)
        (("EventSelectors", "[]", "ReadWriteType"), lowered("WriteOnly", "All", default="All")),
        (("EventSelectors", "[]", "ReadWriteType"), lowered("ReadOnly", "All", default="All")),
        (("EventSelectors", "[]", "DataResources"), fewer("Type")),
    ),
    *rows(
        "AWS::EC2::FlowLog",
        "part of the traffic is no longer recorded",
        (("TrafficType",), lowered("ACCEPT", "ALL")),
        (("TrafficType",), lowered("REJECT", "ALL")),
    ),
    *rows("AWS::RDS::DBInstance", _ACCESS, (("EnableCloudwatchLogsExports",), fewer())),
    *rows("AWS::RDS::DBCluster", _ACCESS, (("EnableCloudwatchLogsExports",), fewer())),
    *rows("AWS::EKS::Cluster", _ACCESS, (("Logging", "ClusterLogging", "EnabledTypes"), fewer("Type"))),
    *rows(
        "AWS::StepFunctions::StateMachine",
        "what it did, and why it failed, can no longer be read",
        (("LoggingConfiguration", "Level"), lowered("OFF", "FATAL", "ERROR", "ALL", default="OFF")),
    ),
)

LOGS_GONE = (
    Protector(type="AWS::EC2::FlowLog", for_=("ResourceId",), lost="traffic is no longer recorded"),
    Protector(type="AWS::CloudTrail::Trail", for_=(), lost=_TRAIL),
    Protector(
        type="AWS::WAFv2::LoggingConfiguration",
        for_=("ResourceArn",),
        lost="requests that the firewall blocks are not recorded",
    ),
    Protector(
        type="AWS::Logs::SubscriptionFilter",
        for_=("LogGroupName", "DestinationArn"),
        lost="log events no longer reach their destination",
    ),
    Protector(
        type="AWS::Logs::MetricFilter",
        for_=("LogGroupName", "FilterPattern"),
        lost=_NO_DATA,
    ),
    Protector(
        type="AWS::SageMaker::MonitoringSchedule",
        for_=("EndpointName",),
        lost="data and model drift are no longer monitored",
    ),
)
