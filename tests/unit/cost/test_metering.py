"""The construct: what is refused, what its role may do, when its alarms fire, what its words name."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.cost import Metering
from cdk_inference.cost.metering.function import NAMESPACE, prices_text
from cdk_inference.cost.metering.meter import index
from cdk_inference.endpoints import RealtimeEndpoint, ServerlessEndpoint
from cdk_inference.endpoints.component import InferenceComponent
from cdk_inference.pricing import Price, PriceBook, price_book
from cdk_inference.serving import S3Archive, TeiCpu
from rehearsal.iam import Request, decide
from tests.each import each
from tests.judges.alarm_clock import fires
from tests.judges.deployed import Deployment
from tests.refusals import refusal_of
from tests.support import CONTEXT, Template, models, new_stack, of_type, only, template_of

TODAY = datetime.date(2026, 11, 24)
FUNCTION = "AWS::Lambda::Function"


def topic_of(stack: cdk.Stack) -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Topic", f"arn:aws:sns:{stack.region}:111122223333:alarms")


def metering(stack: cdk.Stack, **arguments: Any) -> Metering:
    return Metering(stack, "Metering", **({"alarm_topic": topic_of(stack)} | arguments))


def template(**arguments: Any) -> Template:
    stack = new_stack("region")
    metering(stack, **arguments)
    return template_of(stack)


@pytest.fixture(scope="module")
def made() -> Template:
    return template()


def refused(stack: cdk.Stack, **arguments: Any) -> str:
    return refusal_of(metering, stack, **arguments)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    stack = new_stack("region")
    alias = kms.Alias.from_alias_name(stack, "Alias", "alias/logs")
    found = refused(stack, alarm_topic="alarms", every_minutes=0, encryption_key=alias, retention_days=31)
    assert found == (
        "Metering region/Metering has 4 problems:\n"
        "  1. alarm_topic: got 'alarms'; allowed: a topic (aws_sns.ITopic); fix: for example AlarmTopic(...)\n"
        "  2. every_minutes: got 0; allowed: a whole number from 1 to 60; fix: choose a time within the limits\n"
        "  3. encryption_key: got 'an alias'; allowed: the key itself: an IAM policy that names an alias matches nothing; "
        "fix: pass the key behind it, for example alias.alias_target_key or kms.Key.from_key_arn(...)\n"
        "  4. retention_days: got 31; allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, "
        "1827, 2192, 2557, 2922, 3288, 3653; fix: choose the next longer period"
    )


def test_without_a_region_there_are_no_prices() -> None:
    stack = new_stack("region", region=None)
    topic = sns.Topic.from_topic_arn(stack, "Other", "arn:aws:sns:us-east-1:111122223333:alarms")
    assert refused(stack, alarm_topic=topic) == (
        "Metering region/Metering: region: got 'a value known at deployment only'; allowed: a region, since prices "
        'differ; fix: give the stack a region: env=cdk.Environment(region="us-east-1")'
    )


def test_a_region_of_which_the_book_knows_nothing() -> None:
    book = PriceBook(today=datetime.date(2030, 1, 1))
    assert refused(new_stack("region"), prices=book) == (
        "Metering region/Metering: prices: got 'none in us-east-1'; allowed: a book with prices of instance types there; "
        "fix: pass a table: prices=price_book(...); `cdk-inference prices refresh --region us-east-1` writes one from AWS"
    )


def test_a_token_decides_about_no_schedule() -> None:
    assert refused(new_stack("region"), every_minutes=cdk.Token.as_number({"Ref": "Minutes"})) == (
        "Metering region/Metering: every_minutes: got 'a value known at deployment only'; allowed: a plain number; fix: "
        "write it as in 5"
    )


def test_a_topic_of_another_region() -> None:
    stack = new_stack("region")
    topic = sns.Topic.from_topic_arn(stack, "Other", "arn:aws:sns:eu-west-1:111122223333:alarms")
    assert refused(stack, alarm_topic=topic) == (
        "Metering region/Metering: alarm_topic: got 'a topic in eu-west-1'; allowed: a topic in us-east-1, the alarm's region; "
        "fix: copy it to us-east-1, or move the alarm to eu-west-1"
    )


def two(first: cdk.Environment, second: cdk.Environment) -> int:
    """How many are made."""
    app = cdk.App()
    for name, env in (("one", first), ("other", second)):
        metering(cdk.Stack(app, name, env=env))
    return sum(isinstance(one, Metering) for one in app.node.find_all())


@each("account", [None, "111122223333"])
def test_a_second_one_in_an_account_and_region_is_refused(account: str | None) -> None:
    with pytest.raises(ConfigurationError) as caught:
        two(cdk.Environment(region="us-east-1"), cdk.Environment(region="us-east-1", account=account))
    assert str(caught.value) == (
        "Metering other/Metering: scope: got 'one/Metering'; allowed: one for an account and region, and there it is "
        "already; fix: use that one: it meters every endpoint of the region"
    )


def test_one_in_each_region_and_account() -> None:
    assert two(cdk.Environment(region="us-east-1"), cdk.Environment(region="eu-west-1")) == 2
    here, there = "111122223333", "444455556666"
    apart = [cdk.Environment(region="us-east-1", account=one) for one in (here, there)]
    assert two(*apart) == 2


def test_two_apps_of_one_account_collide_when_they_are_deployed(made: Template) -> None:
    """A fixed name of a function and a log group, which CloudFormation does not make twice."""
    assert only(made, FUNCTION)["FunctionName"] == "cdk-inference-metering"
    assert only(made, "AWS::Logs::LogGroup")["LogGroupName"] == "/aws/lambda/cdk-inference-metering"


def answers(found: Template, action: str, resource: str, **context: str) -> bool:
    (role,) = (name for name, one in found["Resources"].items() if one["Type"] == "AWS::IAM::Role")
    named = {key.replace("_", ":"): value for key, value in context.items()}
    return bool(decide(Request(action, resource, named), Deployment().identity_of(found, role)))


SAGEMAKER = "arn:aws:sagemaker:us-east-1:111122223333"
GROUP = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/cdk-inference-metering"


def test_the_role_may_read_endpoints_of_its_account_and_region_and_nothing_else(made: Template) -> None:
    assert answers(made, "sagemaker:ListEndpoints", "*")
    for kind, action in (("endpoint", "DescribeEndpoint"), ("endpoint-config", "DescribeEndpointConfig")):
        assert answers(made, f"sagemaker:{action}", f"{SAGEMAKER}:{kind}/chat")
        assert not answers(made, f"sagemaker:{action}", f"{SAGEMAKER}:{kind}/chat".replace("us-east-1", "eu-west-1"))
        assert not answers(made, f"sagemaker:{action}", f"{SAGEMAKER}:{kind}/chat".replace("1111", "9999"))
        assert not answers(made, f"sagemaker:Delete{action.removeprefix('Describe')}", f"{SAGEMAKER}:{kind}/chat")
    assert not answers(made, "sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/chat")


def test_the_role_publishes_in_one_namespace_and_writes_one_log_group(made: Template) -> None:
    assert answers(made, "cloudwatch:PutMetricData", "*", cloudwatch_namespace="CdkInference/Cost")
    assert not answers(made, "cloudwatch:PutMetricData", "*", cloudwatch_namespace="CdkInference")
    assert not answers(made, "cloudwatch:PutMetricData", "*")
    assert answers(made, "logs:PutLogEvents", f"{GROUP}:log-stream:2026/11/24/1")
    assert not answers(made, "logs:PutLogEvents", f"{GROUP}-other:log-stream:1")
    assert not answers(made, "logs:CreateLogGroup", GROUP)


def test_only_the_schedule_may_call_the_function(made: Template) -> None:
    (permission,) = of_type(made, "AWS::Lambda::Permission")
    (rule,) = (name for name, one in made["Resources"].items() if one["Type"] == "AWS::Events::Rule")
    assert permission["Principal"] == "events.amazonaws.com"
    assert permission["SourceArn"] == {"Fn::GetAtt": [rule, "Arn"]}


@each(
    ("minutes", "rate", "seconds"),
    [(1, "rate(1 minute)", 60), (5, "rate(5 minutes)", 300), (60, "rate(60 minutes)", 900)],
)
def test_how_often(minutes: int, rate: str, seconds: int) -> None:
    found = template(every_minutes=minutes)
    assert only(found, "AWS::Events::Rule")["ScheduleExpression"] == rate
    assert only(found, FUNCTION)["Timeout"] == seconds
    assert {alarm["Period"] for alarm in of_type(found, "AWS::CloudWatch::Alarm")} == {60 * minutes}


def alarm(found: Template, end: str) -> dict[str, Any]:
    (one,) = (one for one in of_type(found, "AWS::CloudWatch::Alarm") if one["AlarmName"] == f"region-Metering-{end}")
    return one


def test_the_alarms_say_what_they_mean_and_what_to_do(made: Template) -> None:
    assert alarm(made, "errors")["AlarmDescription"] == (
        "cdk-inference-metering has failed in two of its last 3 runs, so the dollars of this region are missing or old. "
        "See the newest lines of the log group /aws/lambda/cdk-inference-metering, under failed: a run that is "
        "throttled or timed out needs a longer every_minutes, a denied call a change of whatever denies it."
    )
    assert alarm(made, "silent")["AlarmDescription"] == (
        "Metering is dead: cdk-inference-metering has published no sum for this region for 15 minutes, so no alarm on "
        "its dollars can fire. See whether its schedule is enabled and its concurrency above 0. See the newest lines of "
        "the log group /aws/lambda/cdk-inference-metering; without any, the function is not invoked."
    )
    assert alarm(made, "unpriced")["AlarmDescription"] == (
        "Instances run for which cdk-inference-metering has no price, for 15 minutes now: the region's dollars are too "
        "low, and their endpoints have none. See the newest lines of the log group /aws/lambda/cdk-inference-metering, "
        "under unpriced, for endpoints and types. Give the price to Metering with prices=price_book(...), or upgrade "
        "cdk-inference for newer tables, and deploy."
    )
    for one in of_type(made, "AWS::CloudWatch::Alarm"):
        assert one["AlarmActions"] == one["OKActions"] == ["arn:aws:sns:us-east-1:111122223333:alarms"]
        assert len(one["AlarmDescription"]) <= 1024


def test_two_failures_of_three_runs(made: Template) -> None:
    errors = alarm(made, "errors")
    assert errors["Dimensions"] == [{"Name": "FunctionName", "Value": "cdk-inference-metering"}]
    assert fires(errors, [1, 0, 1])
    assert not fires(errors, [1, 0, 0])
    assert not fires(errors, [1, None, None])
    assert not fires(errors, [None, None, None])


def test_three_readings_that_did_not_come(made: Template) -> None:
    silent = alarm(made, "silent")
    assert (silent["Statistic"], silent["MetricName"]) == ("SampleCount", "UsdPerHour")
    assert "Dimensions" not in silent
    assert fires(silent, [None, None, None])
    assert not fires(silent, [None, None, 1])
    assert not fires(silent, [1, 1, 1])
    # Right after it is made, nothing can have been published.
    assert silent["WarmUpConfiguration"] == {"WarmUpPeriodDurationInMinutes": 15}


def test_instances_without_a_price(made: Template) -> None:
    unpriced = alarm(made, "unpriced")
    assert (unpriced["Statistic"], unpriced["TreatMissingData"]) == ("Maximum", "ignore")
    # The clock has no memory; with every point there, it needs none.
    at_once = {**unpriced, "TreatMissingData": "notBreaching"}
    assert fires(at_once, [1, 1, 2])
    assert not fires(at_once, [0, 1, 1])


def test_an_encrypted_log_group() -> None:
    stack = new_stack("region")
    metering(stack, encryption_key=kms.Key(stack, "Key"), retention_days=90)
    found = template_of(stack)
    group = only(found, "AWS::Logs::LogGroup")
    assert (list(group["KmsKeyId"]), group["RetentionInDays"]) == (["Fn::GetAtt"], 90)
    (statement,) = (one for one in only(found, "AWS::KMS::Key")["KeyPolicy"]["Statement"] if "Condition" in one)
    encrypts = Deployment().resolve(statement)["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    assert encrypts == f"{GROUP}*"


def test_the_same_code_is_the_same_template(made: Template) -> None:
    assert template() == made


def test_another_price_is_another_asset(made: Template, tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(
        '[[price]]\nitem = "ml.g5.xlarge"\nregion = "us-east-1"\nusd = 1.2\ndate = "2026-11-01"\nsource = "contract"\n'
    )
    other = template(prices=price_book([file], TODAY))
    assert only(other, FUNCTION)["Code"]["S3Key"] != only(made, FUNCTION)["Code"]["S3Key"]
    del only(other, FUNCTION)["Code"]["S3Key"]
    assert only(other, FUNCTION) == {
        key: ({"S3Bucket": value["S3Bucket"]} if key == "Code" else value)
        for key, value in only(made, FUNCTION).items()
    }


def test_the_asset_has_the_code_the_regions_prices_and_nothing_else(tmp_path: Path) -> None:
    app = cdk.App(context=CONTEXT, outdir=str(tmp_path))
    metering(new_stack("region", "eu-central-1", app))
    app.synth()
    (folder,) = tmp_path.glob("asset.*")
    files = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert files == {f"meter/{name}" for name in ("__init__.py", "counting.py", "index.py", "prices.json")}
    found = json.loads((folder / "meter/prices.json").read_text())
    assert found["region"] == "eu-central-1"
    assert found["usd_per_hour"]["ml.g5.xlarge"] == {"usd": 1.7632, "kind": "derived", "date": "2026-01-21"}
    assert "endpoint-storage" not in found["usd_per_hour"]
    assert index.prices(folder / "meter/prices.json")["ml.g5.xlarge"] == 1.7632


def test_prices_with_a_discount_say_so() -> None:
    whole = Price(
        item="ml.g5.xlarge", region="us-east-1", unit="hour", usd=1.0, kind="listed", date="2026-11-01", source="list"
    )
    less = Price(**{**vars(whole), "item": "ml.g4dn.xlarge", "discount": "20 % off"})
    assert json.loads(prices_text("us-east-1", [whole, less])) == {
        "region": "us-east-1",
        "usd_per_hour": {
            "ml.g4dn.xlarge": {"usd": 1.0, "kind": "listed", "date": "2026-11-01", "discount": "20 % off"},
            "ml.g5.xlarge": {"usd": 1.0, "kind": "listed", "date": "2026-11-01"},
        },
    }


def test_the_function_and_the_alarms_speak_of_one_namespace() -> None:
    assert index.NAMESPACE == NAMESPACE


def test_words_for_graphs_and_alarms() -> None:
    stack = new_stack("region")
    found = metering(stack, every_minutes=10)
    search = RealtimeEndpoint.from_endpoint_name(stack, "Search", "search")
    words = [
        found.metric_usd_per_hour(),
        found.metric_usd_per_hour(search, statistic="Maximum"),
        found.metric_instances(search, "AllTraffic", period=cdk.Duration.hours(1), label="hosts"),
        found.metric_instances(search, "AllTraffic", instance_type="ml.g5.xlarge"),
        found.metric_unpriced_instances(),
    ]
    whose = {"EndpointName": "search", "VariantName": "AllTraffic"}
    assert {one.namespace for one in words} == {"CdkInference/Cost"}
    assert [(one.metric_name, one.dimensions or {}, one.statistic, one.period.to_minutes()) for one in words] == [
        ("UsdPerHour", {}, "Average", 10),
        ("UsdPerHour", {"EndpointName": "search"}, "Maximum", 10),
        ("Instances", whose, "Average", 60),
        ("Instances", {**whose, "InstanceType": "ml.g5.xlarge"}, "Average", 10),
        ("UnpricedInstances", {}, "Maximum", 10),
    ]
    assert words[2].label == "hosts"


def test_a_graph_elsewhere_names_the_region() -> None:
    app = cdk.App()
    stack, other = new_stack("region", app=app), new_stack("other", "eu-west-1", app)
    found = metering(stack).metric_usd_per_hour()
    cdk.aws_cloudwatch.Dashboard(other, "Board", widgets=[[cdk.aws_cloudwatch.GraphWidget(left=[found])]])
    assert '"region\\":\\"us-east-1' in json.dumps(template_of(other))


def test_words_about_what_has_no_instances_or_is_elsewhere() -> None:
    app = cdk.App()
    stack, other = new_stack("region", app=app, account="1" * 12), new_stack("other", "eu-west-1", app)
    foreign = new_stack("foreign", app=app, account="2" * 12)
    found = metering(stack)
    archive = S3Archive(bucket=models(stack), key="bge.tar.gz", size_gb=0.2, unpacked_gb=0.3)
    component = InferenceComponent.from_component_name(stack, "Part", "part", endpoint_name="hosts")
    cases: list[tuple[Any, str]] = [
        (
            "search",
            "target: got 'search'; allowed: an endpoint, or None for the whole region; fix: for example "
            "RealtimeEndpoint.from_endpoint_name(...)",
        ),
        (
            component,
            "target: got 'ImportedComponent'; allowed: an endpoint with instances of its own; fix: pass its endpoint: "
            "instances belong to that, and its components share them",
        ),
        (
            ServerlessEndpoint(stack, "Embed", server=TeiCpu(model=archive)),
            "target: got 'ServerlessEndpoint'; allowed: an endpoint with instances of its own; fix: leave it out: a "
            "serverless endpoint has no instances and is billed by use",
        ),
        (
            RealtimeEndpoint.from_endpoint_name(other, "Far", "far"),
            "target: got 'an endpoint in eu-west-1'; allowed: an endpoint in us-east-1, the metering's region; fix: copy "
            "it to us-east-1, or move the metering to eu-west-1",
        ),
        (
            RealtimeEndpoint.from_endpoint_name(foreign, "Theirs", "theirs"),
            "target: got 'an endpoint in 222222222222'; allowed: an endpoint in 111111111111, the metering's account: it "
            "counts no others; fix: make a Metering in 222222222222 too",
        ),
    ]
    for target, message in cases:
        for word in (found.metric_usd_per_hour, lambda target: found.metric_instances(target, "AllTraffic")):
            with pytest.raises(ConfigurationError) as caught:
                word(target)
            assert str(caught.value) == f"metric of Metering region/Metering: {message}"


@each(("given", "reserved"), [({}, 1), ({"reserve_concurrency": False}, None)])
def test_the_reserved_concurrency_can_be_left_out(given: dict[str, Any], reserved: int | None) -> None:
    stack = new_stack()
    metering(stack, **given)
    assert only(template_of(stack), FUNCTION).get("ReservedConcurrentExecutions") == reserved
