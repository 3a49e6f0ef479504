"""Rules of CreateModel, and of what an endpoint needs from its models when the containers start."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from cdk_inference.facts import table
from rehearsal.rule import Call, Rule
from rehearsal.s3_place import place

_ECR = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/(?P<rest>.+)")
_PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability")
_DATA = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html"
_ROLES = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"
_CONTAINER = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html"


def containers_of(model: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Returns the containers of a model, however they are declared."""
    primary = model.get("PrimaryContainer")
    return [*([primary] if primary else []), *model.get("Containers", [])]


def _started(call: Call) -> Iterator[Mapping[str, Any]]:
    """The models that an endpoint's create or update starts, or an inference component's create."""
    if call.operation == "CreateInferenceComponent":
        endpoint = call.hosting.endpoints.get(call.params["EndpointName"], {})
        config = call.hosting.configs.get(endpoint.get("EndpointConfigName", ""), {})
        model = call.hosting.models.get(call.params.get("Specification", {}).get("ModelName", ""))
        if model is not None:
            yield {"ExecutionRoleArn": config.get("ExecutionRoleArn", ""), **model}
        return
    for variant in call.hosting.variants_of(call.params["EndpointConfigName"]):
        model = call.hosting.models.get(variant.get("ModelName", ""))
        if model is not None:
            yield model


def sources_of(model: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yields (URI, bucket, key or prefix) of each container's model data."""
    for container in containers_of(model):
        source = container.get("ModelDataSource", {}).get("S3DataSource", {})
        uri = source.get("S3Uri") or container.get("ModelDataUrl")
        if uri:
            yield str(uri), *place(str(uri))


def _role_trusted(call: Call) -> Iterator[str]:
    arn = call.params.get("ExecutionRoleArn")
    if arn is None:
        return
    role = call.account.roles.get(arn)
    if role is None:
        yield f"ExecutionRoleArn: got {arn}, which does not exist; fix: create the role first"
        return
    # Which ARN SageMaker sends as aws:SourceArn is not stated: a trust that lets a model or an endpoint in passes.
    prefix = f"arn:aws:sagemaker:{call.account.region}:{call.account.id}"
    answers = [
        call.account.service_may("sagemaker.amazonaws.com", "sts:AssumeRole", role.trust, "", f"{prefix}:{kind}/any")
        for kind in ("model", "endpoint")
    ]
    answer = answers[0]
    if not any(answers):
        yield (
            f"ExecutionRoleArn: got {arn}, whose trust policy does not let sagemaker.amazonaws.com call sts:AssumeRole "
            f"({answer.why}); fix: name the service as a principal"
        )


@cache
def _registries() -> dict[str, dict[str, str]]:
    """Repository -> region -> registry account, for AWS's images."""
    names = {row["image"]: row["repository"] for row in table("images").rows()}
    found: dict[str, dict[str, str]] = {}
    for row in table("registries").rows():
        found.setdefault(names.get(row["image"], ""), {})[row["region"]] = row["account"]
    found.pop("", None)
    return found


def _image_in_region(call: Call) -> Iterator[str]:
    for container in containers_of(call.params):
        match = _ECR.fullmatch(container.get("Image", ""))
        if match is None:
            continue
        region, account = match["region"], match["account"]
        repository = re.split("[:@]", match["rest"])[0]
        if region != call.account.region:
            yield f"Image: got a repository in {region}; allowed: {call.account.region}, the region of the endpoint"
        registries = _registries().get(repository, {})
        if account in registries.values() and registries.get(region) != account:
            there = registries.get(region)
            yield (
                f"Image: got registry account {account} for {repository} in {region}; allowed there: "
                f"{there or 'none, AWS does not publish the image in this region'}"
            )
        known = call.account.repositories
        if account == call.account.id and known is not None and repository not in known:
            yield f"Image: got the repository {repository}, which this account does not have in {region}"


def _isolated(call: Call) -> Iterator[str]:
    isolated = [model for model in _started(call) if model.get("EnableNetworkIsolation")]
    for container in (one for model in isolated for one in containers_of(model)):
        variables = container.get("Environment", {})
        for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
            if variables.get(name):
                yield (
                    f"{name} with network isolation: the container has no way out to a hub; fix: put the model in S3, "
                    "or leave isolation off"
                )


def _data_readable(call: Call) -> Iterator[str]:
    for model in _started(call):
        role = model.get("ExecutionRoleArn", "")
        for uri, name, key in sources_of(model):
            bucket = call.account.buckets.get(name)
            if bucket is None:
                yield f"{uri}: the bucket does not exist in this account"
                continue
            if bucket.region != call.account.region:
                yield f"{uri}: the bucket is in {bucket.region}; allowed: {call.account.region}, the endpoint's region"
            found = [one for one in bucket.keys if one.startswith(key)]
            if not found:
                yield (
                    f"Could not find model data at {uri}: the prefix is empty; fix: upload the model before the first "
                    "deployment of the endpoint"
                )
                continue
            yield from _read_denied(call, role, name, key, found, bucket.kms_key)


def _read_denied(call: Call, role: str, bucket: str, key: str, found: list[str], kms_key: str | None) -> Iterator[str]:
    arn = f"arn:aws:s3:::{bucket}"
    for one in found[:1]:
        answer = call.account.may(role, "s3:GetObject", f"{arn}/{one}")
        if not answer:
            yield f"{role} may not s3:GetObject {arn}/{one} ({answer.why}); fix: grant the read of the model's prefix"
    if key.endswith("/") or not key:
        answer = call.account.may(role, "s3:ListBucket", arn, {"s3:prefix": key})
        if not answer:
            yield f"{role} may not s3:ListBucket {arn} with the prefix {key} ({answer.why})"
    if kms_key is not None and kms_key in call.account.keys:
        answer = call.account.may(
            role, "kms:Decrypt", kms_key, {"kms:ViaService": f"s3.{call.account.region}.amazonaws.com"}
        )
        if not answer:
            yield f"{role} may not kms:Decrypt with {kms_key}, the bucket's key ({answer.why})"


def _folders(call: Call) -> Iterator[str]:
    for model in _started(call):
        for uri, name, key in sources_of(model):
            bucket = call.account.buckets.get(name)
            empty = [one for one in (bucket.keys if bucket else ()) if one.startswith(key) and one.endswith("/")]
            if empty and key.endswith("/"):
                yield (
                    f"{uri}: got the key {empty[0]}, a folder as the console makes it; allowed: keys of files only; "
                    "fix: delete the key"
                )


def _image_pulled(call: Call) -> Iterator[str]:
    for model in _started(call):
        role = model.get("ExecutionRoleArn", "")
        for container in containers_of(model):
            match = _ECR.fullmatch(container.get("Image", ""))
            if match is None:
                continue
            repository = re.split("[:@]", match["rest"])[0]
            arn = f"arn:aws:ecr:{match['region']}:{match['account']}:repository/{repository}"
            for action in _PULL:
                if not (answer := call.account.may(role, action, arn)):
                    yield f"{role} may not {action} {arn} ({answer.why}); the image cannot be pulled"
            if not (answer := call.account.may(role, "ecr:GetAuthorizationToken", "*")):
                yield f"{role} may not ecr:GetAuthorizationToken on * ({answer.why}); the image cannot be pulled"


def _models_there(call: Call) -> Iterator[str]:
    for name in call.hosting.endpoints:
        for variant in call.hosting.endpoints[name]["Variants"]:
            model = variant.get("ModelName")
            if model is not None and model not in call.hosting.models:
                yield (
                    f"endpoint {name}, variant {variant['VariantName']}: its model {model} was deleted; the next "
                    "instance cannot start"
                )


_START = ("CreateEndpoint", "UpdateEndpoint", "CreateInferenceComponent")
RULES = (
    Rule(
        id="role-trust",
        effect="refused",
        on=("CreateModel",),
        title="The execution role exists and lets SageMaker assume it.",
        source=_ROLES,
        check=_role_trusted,
    ),
    Rule(
        id="image-region",
        effect="refused",
        on=("CreateModel",),
        title="The image's repository lies in the endpoint's region, in the registry account of that region.",
        source=_CONTAINER,
        check=_image_in_region,
    ),
    Rule(
        id="hub-under-isolation",
        effect="fails",
        on=_START,
        title="A container under network isolation cannot reach a model hub.",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html",
        check=_isolated,
    ),
    Rule(
        id="model-data",
        effect="fails",
        on=_START,
        title="The model's prefix holds objects, and the execution role may list, read and decrypt them.",
        source=_DATA,
        check=_data_readable,
    ),
    Rule(
        id="folder-keys",
        effect="fails",
        on=_START,
        title="No key under an S3Prefix ends in a slash.",
        source=_DATA,
        check=_folders,
    ),
    Rule(
        id="image-pull",
        effect="fails",
        on=_START,
        title="The execution role may pull the image, also one of AWS's own.",
        source="https://github.com/aws/deep-learning-containers/issues/759",
        confidence="issue",
        check=_image_pulled,
    ),
    Rule(
        id="model-deleted",
        effect="later",
        on=(),
        title="A model that a running endpoint uses still exists.",
        source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteModel.html",
        check=_models_there,
        confidence="inferred",
    ),
)
