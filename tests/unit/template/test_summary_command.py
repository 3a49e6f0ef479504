"""`cdk-inference summary`: the whole output, and the exit status."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cdk_inference
from cdk_inference.cli import main
from cdk_inference.cli.summary import summary
from cdk_inference.pricing import PriceBook, estimate
from cdk_inference.template import deployment_of
from tests.each import each


def endpoint(name: str, config: str) -> dict[str, Any]:
    properties = {"EndpointName": name, "EndpointConfigName": {"Fn::GetAtt": [config, "EndpointConfigName"]}}
    return {"Type": "AWS::SageMaker::Endpoint", "Properties": properties}


def config(instance_type: str, *others: str) -> dict[str, Any]:
    variants = [
        {"VariantName": f"V{number}", "InstanceType": name, "InitialInstanceCount": 1}
        for number, name in enumerate((instance_type, *others))
    ]
    return {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": variants}}


CHAT = {"Chat": endpoint("fleet-chat", "ChatConfig"), "ChatConfig": config("ml.g6.2xlarge")}
SCALED = {
    "ChatTarget": {
        "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
        "Properties": {"ResourceId": "endpoint/fleet-chat/variant/V0", "MinCapacity": 1, "MaxCapacity": 4},
    },
    "ChatAlarm": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "MetricName": "Invocations",
            "ComparisonOperator": "LessThanThreshold",
            "Dimensions": [{"Name": "EndpointName", "Value": "fleet-chat"}],
        },
    },
}
ENCODER = {"Encoder": endpoint("fleet-encoder", "EncoderConfig"), "EncoderConfig": config("ml.inf2.xlarge")}
PATHS = {"Chat": "fleet/Chat/Endpoint", "Encoder": "fleet/Encoder/Endpoint"}


def finding(path: str, reason: str | None = None, text: str = "Something\n is wrong.", fix: str = "") -> dict[str, Any]:
    more = {} if reason is None else {"reason": reason}
    words = {"description": text, "suggestedFix": fix}
    return {"ruleName": "A", "violatingConstructs": [{"constructPath": path}], **words, **more}


def write(folder: Path, resources: dict[str, Any], report: list[dict[str, Any]] | None) -> Path:
    folder.mkdir(exist_ok=True)
    metadata = {f"/{path}": [{"type": "aws:cdk:logicalId", "data": name}] for name, path in PATHS.items()}
    stack = {
        "type": "aws:cloudformation:stack",
        "properties": {"templateFile": "fleet.json"},
        "metadata": metadata,
    }
    (folder / "manifest.json").write_text(json.dumps({"artifacts": {"fleet": stack}}))
    (folder / "fleet.json").write_text(json.dumps({"Resources": resources}))
    if report is not None:
        plugin = {
            "violations": [entry for entry in report if "reason" not in entry],
            "suppressedViolations": [entry for entry in report if "reason" in entry],
        }
        (folder / "validation-report.json").write_text(json.dumps({"pluginReports": [plugin]}))
    return folder


REPORT = [
    finding("fleet/Chat/Role", "why"),
    finding("fleet/Chat", "why"),
    finding("fleet/Chatter", "why"),  # another construct whose name begins alike
    finding("fleet/Encoder/Config", "why"),
]


@each(
    ("resources", "report", "status", "lines"),
    [
        (
            CHAT | SCALED | ENCODER,
            REPORT,
            0,
            [
                "OK: 2 endpoints, no open findings, 4 acknowledged",
                "",
                "endpoint       hardware        instances  alarms            findings",
                "fleet-chat     ml.g6.2xlarge   1 to 4     1 cost, 0 health  0 open, 2 acknowledged",
                "fleet-encoder  ml.inf2.xlarge  1          0 cost, 0 health  0 open, 1 acknowledged",
                "(no endpoint)                             0 cost, 0 health  0 open, 1 acknowledged",
                "",
                "1 alarm without a notification:",
                "  fleet/ChatAlarm (cost)",
            ],
        ),
        (
            CHAT,
            [*REPORT, finding("fleet/Chat/Policy"), finding("models/Bucket", fix="encrypt it"), finding("", text="")],
            1,
            [
                "NOT OK: 1 endpoint, 3 open findings, 4 acknowledged",
                "",
                "endpoint       hardware       instances  alarms            findings",
                "fleet-chat     ml.g6.2xlarge  1          0 cost, 0 health  1 open, 2 acknowledged",
                "(no endpoint)                            0 cost, 0 health  2 open, 2 acknowledged",
                "",
                "Open findings:",
                "  fleet/Chat/Policy A: Something is wrong.",
                "  models/Bucket A: Something is wrong. Fix: encrypt it",
                "  the app A: no description in the report",
            ],
        ),
        (
            CHAT,
            None,
            3,
            [
                "NOT CHECKED: 1 endpoint; the assembly has no validation report",
                "",
                "endpoint    hardware       instances  alarms            findings",
                "fleet-chat  ml.g6.2xlarge  1          0 cost, 0 health  not checked",
            ],
        ),
        (
            {},
            [],
            0,
            [
                "OK: 0 endpoints, no open findings, 0 acknowledged",
                "",
                "endpoint  hardware  instances  alarms  findings",
            ],
        ),
        (
            {"Own": endpoint("own", "OwnConfig"), "OwnConfig": config("ml.g5.xlarge", "ml.m5.large")},
            [],
            0,
            [
                "OK: 1 endpoint, no open findings, 0 acknowledged",
                "",
                "endpoint  hardware      instances  alarms            findings",
                "own       ml.g5.xlarge  1          0 cost, 0 health  not checked",
                "own       ml.m5.large   1          0 cost, 0 health  not checked",
            ],
        ),
        (
            {"Own": endpoint("own", "OwnConfig"), "OwnConfig": {"Properties": {"ProductionVariants": [{}]}}},
            [],
            0,
            [
                "OK: 1 endpoint, no open findings, 0 acknowledged",
                "",
                "endpoint  hardware   instances  alarms            findings",
                "own       not known  ?          0 cost, 0 health  not checked",
            ],
        ),
    ],
)
def test_the_whole_output(
    resources: dict[str, Any],
    report: list[dict[str, Any]] | None,
    status: int,
    lines: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["summary", str(write(tmp_path, resources, report))]) == status
    assert capsys.readouterr() == ("\n".join(lines) + "\n", "")


ACTIONS = [
    {"Schedule": "cron(0 20 ? * MON-FRI *)", "ScalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 1}},
    {"Schedule": "cron(0 7 ? * MON-FRI *)", "ScalableTargetAction": {"MinCapacity": 4, "MaxCapacity": 8}},
]
BY_REFERENCE = {
    "Parameters": {"Type": {"Type": "String", "Default": "ml.g5.xlarge"}},
    "Resources": {
        "Chat": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {"EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}},
        },
        "Config": {
            "Type": "AWS::SageMaker::EndpointConfig",
            "Properties": {
                "ProductionVariants": [
                    {"VariantName": "A", "InstanceType": {"Ref": "Type"}, "InitialInstanceCount": 2},
                    {
                        "VariantName": "B",
                        "InstanceType": {"Ref": "Nothing"},
                        "InitialInstanceCount": {"Ref": "Nothing"},
                    },
                    {"VariantName": "C", "ServerlessConfig": {"MemorySizeInMB": 3072, "MaxConcurrency": 10}},
                    {
                        "VariantName": "D",
                        "InitialInstanceCount": 3,
                        "InstancePools": [
                            {"InstanceType": "ml.g6.xlarge", "Priority": 2},
                            {"InstanceType": "ml.g5.xlarge", "Priority": 1},
                        ],
                    },
                ]
            },
        },
        "Target": {
            "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
            "Properties": {
                "ResourceId": {"Fn::Sub": "endpoint/${Chat.EndpointName}/variant/A"},
                "MinCapacity": 4,
                "MaxCapacity": 8,
                "ScheduledActions": ACTIONS,
            },
        },
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {"Dimensions": [{"Name": "EndpointName", "Value": {"Fn::Sub": "${Chat.EndpointName}"}}]},
        },
    },
}


BY_HAND = """\
Parameters: {OnCall: {Type: String}}
Resources:
  Chat: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointName: chat, EndpointConfigName: made-elsewhere}}
  Alarms:
    Type: AWS::SNS::Topic
    Properties: {Subscription: [{Protocol: email, Endpoint: !Ref OnCall}]}
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      MetricName: Invocation5XXErrors
      Dimensions: [{Name: EndpointName, Value: !GetAtt Chat.EndpointName}]
      ComparisonOperator: GreaterThanThreshold
      AlarmActions: [!Ref Alarms]
  Bill:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Billing
      MetricName: EstimatedCharges
      ComparisonOperator: GreaterThanThreshold
      AlarmActions: ["arn:aws:sns:eu-west-1:111122223333:finance"]
  Budget:
    Type: AWS::Budgets::Budget
    Properties:
      Budget: {BudgetType: COST, TimeUnit: MONTHLY}
      NotificationsWithSubscribers:
        - Subscribers:
            - {SubscriptionType: SNS, Address: !Ref Alarms}
            - {SubscriptionType: EMAIL, Address: finance@example.com}
        - Subscribers: [{SubscriptionType: SNS, Address: !Ref Alarms}]
"""


def test_references_are_followed_and_schedules_counted() -> None:
    found = summary(deployment_of({"fleet": BY_REFERENCE}, "us-east-1"))
    assert found.status == 3
    assert found.rows == (
        ("Chat", "ml.g5.xlarge", "1 to 8", "0 cost, 0 health, 1 other", "not checked"),
        ("Chat", "not known", "?", "0 cost, 0 health, 1 other", "not checked"),
        ("Chat", "serverless, 3072 MB", "0 to 10", "0 cost, 0 health, 1 other", "not checked"),
        ("Chat", "ml.g5.xlarge, ml.g6.xlarge", "3", "0 cost, 0 health, 1 other", "not checked"),
    )


def test_a_template_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a validation report no check has run: status 2; alarms and notifications are read all the same."""
    (tmp_path / "chat.yaml").write_text(BY_HAND)
    for path in (tmp_path, tmp_path / "chat.yaml"):
        assert main(["summary", str(path), "--region", "eu-west-1", "--parameters", "OnCall=a@example.com"]) == 3
        assert capsys.readouterr().out.splitlines() == [
            "NOT CHECKED: 1 endpoint; the assembly has no validation report",
            "",
            "endpoint       hardware   instances  alarms            findings",
            "chat           not known  ?          0 cost, 1 health  not checked",
            "(no endpoint)                        1 cost, 0 health  not checked",
            "",
            "Notifications:",
            "  chat/Alarms: email a@example.com (1 health alarm, 1 budget)",
            "  arn:aws:sns:eu-west-1:111122223333:finance: no subscription in these templates (1 cost alarm)",
            "  e-mail of a budget: finance@example.com (1 budget)",
        ]


def test_summary_and_estimate_count_alike() -> None:
    deployment = deployment_of({"fleet": BY_REFERENCE}, "us-east-1")
    found = estimate(deployment, PriceBook(today=datetime.date(2026, 11, 29)))
    (line,) = [one for one in found.lines if one.what.startswith("A: ") and one.kind == "instances"]
    assert line.what == "A: 1 to 8 x ml.g5.xlarge"
    # $1.41 an hour in us-east-1 (the shipped table, 2026-09-27). By schedule, over a week: 363 / 168 instances.
    assert line.monthly.minimum == pytest.approx(1.41 * 730)
    assert line.monthly.expected == pytest.approx(1.41 * 730 * 363 / 168)
    assert line.monthly.maximum == pytest.approx(8 * 1.41 * 730)


def test_a_missing_folder_is_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "nothing"
    assert main(["summary", str(folder)]) == 2
    told = f"{folder}/manifest.json is missing; run `cdk synth` first, or name the folder it wrote"
    assert capsys.readouterr() == ("", f"cdk-inference: {told}\n")


def test_cdk_out_is_the_default(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "cdk.out", {}, [])
    assert main(["summary"]) == 0
    assert capsys.readouterr().out.startswith("OK: 0 endpoints, ")


@each("arguments", [[], ["nothing"], ["summary", "a", "b"]])
def test_wrong_arguments_are_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().out == ""


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr() == (f"cdk-inference {cdk_inference.__version__}\n", "")


def test_the_module_runs_as_a_command(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "cdk_inference.cli",
        "summary",
        str(write(tmp_path, CHAT, [finding("fleet/Chat")])),
    ]
    source_root = Path(cdk_inference.__file__).parents[1]
    done = subprocess.run(command, cwd=source_root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("NOT OK: 1 endpoint, 1 open finding, 0 acknowledged\n")
