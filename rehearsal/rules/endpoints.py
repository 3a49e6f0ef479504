"""Rules of CreateEndpoint and UpdateEndpoint that concern autoscaling, quotas and what the endpoint still needs."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.hardware import lookup
from rehearsal.rule import Call, Rule
from rehearsal.rules.configs import types_of

_UPDATE = "https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html"


def _autoscaled_variant(call: Call) -> Iterator[str]:
    name = call.params["EndpointName"]
    new = {v["VariantName"]: types_of(v) for v in call.hosting.variants_of(call.params["EndpointConfigName"])}
    endpoint = call.hosting.endpoints.get(name)
    if endpoint is None or call.params["EndpointConfigName"] not in call.hosting.configs:
        return
    old = {v["VariantName"]: v for v in endpoint["Variants"]}
    fix = "fix: deregister the scalable target in a deployment of its own, and register it again afterwards"
    for variant, _ in call.hosting.targets_of(name):
        if variant not in old:
            continue
        before = old[variant]["InstanceType"]
        if variant not in new:
            yield (
                f"endpoint {name}: variant {variant} is registered as a scalable target and the new endpoint config "
                f"leaves it out; {fix}"
            )
        elif before is not None and before not in new[variant]:
            yield (
                f"endpoint {name}: variant {variant} is registered as a scalable target and its instance type changes "
                f"from {before} to {', '.join(new[variant]) or 'none'}; {fix}"
            )


def _to_serverless(call: Call) -> Iterator[str]:
    endpoint = call.hosting.endpoints.get(call.params["EndpointName"])
    before = [one for one in endpoint["Variants"] if one["InstanceType"] is not None] if endpoint is not None else []
    for variant in call.hosting.variants_of(call.params["EndpointConfigName"]):
        if before and "ServerlessConfig" in variant:
            yield (
                f"endpoint {call.params['EndpointName']}: variant {variant['VariantName']} becomes serverless; "
                "fix: make another endpoint beside this one, move the callers, and take this one out"
            )


def _quota(call: Call) -> Iterator[str]:
    name = call.params["EndpointName"]
    wanted: dict[str, int] = {}
    for variant in call.hosting.variants_of(call.params["EndpointConfigName"]):
        count = variant.get("InitialInstanceCount", 1)
        if "InstanceType" in variant:
            wanted[variant["InstanceType"]] = wanted.get(variant["InstanceType"], 0) + count
    for kind, count in sorted(wanted.items()):
        known = lookup(kind)
        accelerated = known is not None and known.kind != "cpu"
        quota = call.account.quotas.get(kind, 0 if accelerated else None)
        running = call.hosting.running(kind)
        if quota is not None and running + count > quota:
            assumed = "" if kind in call.account.quotas else ", what a new account has for accelerated types"
            yield (
                f"ResourceLimitExceeded: {kind} for endpoint usage: quota {quota}{assumed}; running {running}, "
                f"{name} requests {count} more; fix: request an increase (Service Quotas), or list the quota of your "
                "account for the rehearsal"
            )


def _config_there(call: Call) -> Iterator[str]:
    for name, endpoint in call.hosting.endpoints.items():
        config = endpoint["EndpointConfigName"]
        if config not in call.hosting.configs:
            yield (
                f"endpoint {name}: its endpoint config {config} was deleted while the endpoint uses it; the next "
                "update or scale-out may fail"
            )


def _capture(call: Call) -> Iterator[str]:
    for name, endpoint in call.hosting.endpoints.items():
        config = call.hosting.configs.get(endpoint["EndpointConfigName"], {})
        capture = config.get("DataCaptureConfig", {})
        if not capture.get("EnableCapture"):
            continue
        bucket, _, prefix = capture["DestinationS3Uri"].removeprefix("s3://").partition("/")
        for variant in endpoint["Variants"]:
            role = call.hosting.models.get(variant.get("ModelName") or "", {}).get("ExecutionRoleArn", "")
            place = f"arn:aws:s3:::{bucket}/{prefix.rstrip('/')}/{name}/{variant['VariantName']}/x.jsonl"
            if role and not (answer := call.account.may(role, "s3:PutObject", place)):
                yield (
                    f"endpoint {name}: {role} may not s3:PutObject below {capture['DestinationS3Uri']} "
                    f"({answer.why}); nothing is captured, and no error says so"
                )


def _async(call: Call) -> Iterator[str]:
    config = call.hosting.configs.get(call.params["EndpointConfigName"], {})
    if "AsyncInferenceConfig" not in config:
        return
    output = config["AsyncInferenceConfig"]["OutputConfig"]
    for variant in config["ProductionVariants"]:
        role = call.hosting.models.get(variant.get("ModelName", ""), {}).get("ExecutionRoleArn", "")
        for key in ("S3OutputPath", "S3FailurePath"):
            if key not in output:
                continue
            bucket, _, prefix = output[key].removeprefix("s3://").partition("/")
            place = f"arn:aws:s3:::{bucket}/{prefix.strip('/') + '/' if prefix.strip('/') else ''}x.out"
            if not (answer := call.account.may(role, "s3:PutObject", place)):
                yield f"{key}: {role} may not s3:PutObject below {output[key]} ({answer.why})"
        for kind, topic in output.get("NotificationConfig", {}).items():
            if isinstance(topic, str) and topic.startswith("arn:"):
                if topic not in call.account.topics:
                    yield f"NotificationConfig.{kind}: got {topic}, which does not exist"
                elif not (answer := call.account.may(role, "sns:Publish", topic)):
                    yield f"NotificationConfig.{kind}: {role} may not sns:Publish to {topic} ({answer.why})"


_START = ("CreateEndpoint", "UpdateEndpoint")
RULES = (
    Rule(
        id="autoscaled-variant",
        effect="refused",
        on=("UpdateEndpoint",),
        title="An update neither changes the instance type of an autoscaled variant nor removes the variant.",
        source=_UPDATE,
        check=_autoscaled_variant,
    ),
    Rule(
        id="to-serverless",
        effect="refused",
        on=("UpdateEndpoint",),
        title="An endpoint on instances does not become serverless.",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-update.html",
        check=_to_serverless,
    ),
    Rule(
        id="quota",
        effect="refused",
        on=_START,
        title="The quota of the instance type allows the instances, in an update beside those that run: blue/green "
        "needs both fleets. Not listed: 0 for an accelerated type, any number for a CPU type.",
        source="https://docs.aws.amazon.com/general/latest/gr/sagemaker.html",
        confidence="inferred",
        check=_quota,
    ),
    Rule(
        id="async-output",
        effect="fails",
        on=_START,
        title="The execution role may write an asynchronous endpoint's output and publish to its topics.",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html",
        check=_async,
    ),
    Rule(
        id="config-deleted",
        effect="later",
        on=(),
        title="The endpoint config of a live endpoint still exists.",
        source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html",
        check=_config_there,
    ),
    Rule(
        id="capture-denied",
        effect="later",
        on=(),
        title="The execution role may write where data capture goes.",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html",
        confidence="issue",
        check=_capture,
    ),
)
