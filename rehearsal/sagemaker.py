"""SageMaker hosting: create, describe, list, update and delete models, endpoint configs and endpoints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rehearsal import components
from rehearsal.account import Account
from rehearsal.api_model import RefusedError, conformed, model_of
from rehearsal.hosting import Hosting, Record
from rehearsal.rule import Call, refuse
from rehearsal.rules import RULES

# Seconds of the rehearsal's own clock that an endpoint stays in Creating or Updating. Chosen, not measured: an endpoint
# on AWS takes minutes, and how many depends on the model.
CHANGE_SECONDS = 180.0


def call(operation: str, params: Mapping[str, Any], account: Account, hosting: Hosting) -> Record:
    """Answers one operation of the API.

    Raises:
        RefusedError: The model, a rule or the state objects; or the rehearsal does not have the operation.
    """
    answer = OPERATIONS.get(operation)
    if answer is None:
        known = operation in model_of("sagemaker").operation_names
        raise RefusedError(
            f"sagemaker {operation}: got an operation that "
            f"{'the rehearsal does not have' if known else 'the API does not have'}; "
            f"allowed: {', '.join(sorted(OPERATIONS))}",
            code="UnknownOperationException",
        )
    checked = conformed("sagemaker", operation, dict(params))
    refuse(RULES, Call(operation=operation, params=checked, account=account, hosting=hosting))
    return answer(checked, account, hosting)


def _arn(account: Account, kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:{account.region}:{account.id}:{kind}/{name.lower()}"


def _new(store: dict[str, Record], kind: str, name: str, arn: str) -> None:
    if name in store:
        raise RefusedError(
            f'Cannot create already existing {kind} "{arn}": a name is in use until its owner is deleted'
        )


def _found(store: Mapping[str, Record], kind: str, arn: str, name: str) -> Record:
    if name not in store:
        raise RefusedError(f'Could not find {kind} "{arn}".')
    return store[name]


def _create_model(params: Record, account: Account, hosting: Hosting) -> Record:
    name = params["ModelName"]
    arn = _arn(account, "model", name)
    _new(hosting.models, "model", name, arn)
    hosting.models[name] = {**params, "ModelArn": arn, "CreationTime": hosting.now}
    return {"ModelArn": arn}


def _create_config(params: Record, account: Account, hosting: Hosting) -> Record:
    name = params["EndpointConfigName"]
    arn = _arn(account, "endpoint-config", name)
    _new(hosting.configs, "endpoint configuration", name, arn)
    for variant in params["ProductionVariants"]:
        if (model := variant.get("ModelName")) is not None:
            _found(hosting.models, "model", _arn(account, "model", model), model)
    hosting.configs[name] = {**params, "EndpointConfigArn": arn, "CreationTime": hosting.now}
    return {"EndpointConfigArn": arn}


def _variant_of(variant: Mapping[str, Any]) -> Record:
    """A variant as it runs: its share of DescribeEndpoint, and the instance type, which that leaves out."""
    count = variant.get("InitialInstanceCount", 1)
    return {
        "VariantName": variant["VariantName"],
        "CurrentWeight": variant.get("InitialVariantWeight", 1.0),
        "DesiredWeight": variant.get("InitialVariantWeight", 1.0),
        "CurrentInstanceCount": count,
        "DesiredInstanceCount": count,
        "InstanceType": variant.get("InstanceType"),
        "ModelName": variant.get("ModelName"),
    }


def _create_endpoint(params: Record, account: Account, hosting: Hosting) -> Record:
    name, config = params["EndpointName"], params["EndpointConfigName"]
    arn = _arn(account, "endpoint", name)
    _new(hosting.endpoints, "endpoint", name, arn)
    _found(hosting.configs, "endpoint configuration", _arn(account, "endpoint-config", config), config)
    hosting.endpoints[name] = {
        **params,
        "EndpointArn": arn,
        "Variants": [_variant_of(variant) for variant in hosting.variants_of(config)],
        "CreationTime": hosting.now,
        "Changing": "Creating",
        "ReadyAt": hosting.now + CHANGE_SECONDS,
        "FailureReason": _failure("CreateEndpoint", params, account, hosting),
    }
    return {"EndpointArn": arn}


def _failure(operation: str, params: Record, account: Account, hosting: Hosting) -> str:
    """Why the containers will not come up, or the empty string."""
    try:
        refuse(RULES, Call(operation=operation, params=params, account=account, hosting=hosting), "fails")
    except RefusedError as problem:
        return str(problem)
    return ""


def _update_endpoint(params: Record, account: Account, hosting: Hosting) -> Record:
    name, config = params["EndpointName"], params["EndpointConfigName"]
    arn = _arn(account, "endpoint", name)
    endpoint = _found(hosting.endpoints, "endpoint", arn, name)
    _found(hosting.configs, "endpoint configuration", _arn(account, "endpoint-config", config), config)
    if (status := status_of(endpoint, hosting.now)) not in ("InService", "Failed", "UpdateRollbackFailed"):
        raise RefusedError(
            f'Cannot update in-progress endpoint "{arn}": it is {status}; fix: wait until it is InService'
        )
    failure = _failure("UpdateEndpoint", params, account, hosting)
    endpoint["Changing"], endpoint["ReadyAt"] = "Updating", hosting.now + CHANGE_SECONDS
    endpoint["FailureReason"] = failure
    if failure:
        return {"EndpointArn": arn}  # rolled back: the endpoint keeps its config
    variants = [_variant_of(variant) for variant in hosting.variants_of(config)]
    if params.get("RetainAllVariantProperties"):
        excluded = {item["VariantPropertyType"] for item in params.get("ExcludeRetainedVariantProperties", [])}
        kept = {variant["VariantName"]: variant for variant in endpoint["Variants"]}
        for variant in variants:
            before = kept.get(variant["VariantName"])
            if before is not None and "DesiredInstanceCount" not in excluded:
                for key in ("CurrentInstanceCount", "DesiredInstanceCount"):
                    variant[key] = before[key]
            if before is not None and "DesiredWeight" not in excluded:
                for key in ("CurrentWeight", "DesiredWeight"):
                    variant[key] = before[key]
    endpoint["Variants"], endpoint["EndpointConfigName"] = variants, config
    if "DeploymentConfig" in params:
        endpoint["DeploymentConfig"] = params["DeploymentConfig"]
    return {"EndpointArn": arn}


def status_of(endpoint: Mapping[str, Any], now: float) -> str:
    """Returns EndpointStatus by the clock: a failed update is InService again, on the old config."""
    if now < endpoint["ReadyAt"]:
        return str(endpoint["Changing"])
    return "Failed" if endpoint["FailureReason"] and endpoint["Changing"] == "Creating" else "InService"


def _describe_endpoint(params: Record, account: Account, hosting: Hosting) -> Record:
    arn = _arn(account, "endpoint", params["EndpointName"])
    endpoint = _found(hosting.endpoints, "endpoint", arn, params["EndpointName"])
    hidden = ("InstanceType", "ModelName")
    answer = {
        "EndpointName": endpoint["EndpointName"],
        "EndpointArn": arn,
        "EndpointConfigName": endpoint["EndpointConfigName"],
        "EndpointStatus": status_of(endpoint, hosting.now),
        "CreationTime": endpoint["CreationTime"],
        "LastModifiedTime": endpoint["ReadyAt"],
        "ProductionVariants": [
            {key: value for key, value in one.items() if key not in hidden} for one in endpoint["Variants"]
        ],
    }
    if endpoint["FailureReason"]:
        answer["FailureReason"] = endpoint["FailureReason"]
    if "DeploymentConfig" in endpoint:
        answer["LastDeploymentConfig"] = endpoint["DeploymentConfig"]
    return answer


def _describe(kind: str, store: str, key: str) -> Callable[[Record, Account, Hosting], Record]:
    def describe(params: Record, account: Account, hosting: Hosting) -> Record:
        found = _found(getattr(hosting, store), kind, _arn(account, kind.replace(" ", "-"), params[key]), params[key])
        return {name: value for name, value in found.items() if name != "Tags"}

    return describe


def _delete(kind: str, store: str, key: str) -> Callable[[Record, Account, Hosting], Record]:
    def delete(params: Record, account: Account, hosting: Hosting) -> Record:
        _found(getattr(hosting, store), kind, _arn(account, kind.replace(" ", "-"), params[key]), params[key])
        del getattr(hosting, store)[params[key]]
        return {}

    return delete


def _delete_endpoint(params: Record, account: Account, hosting: Hosting) -> Record:
    """An autoscaled endpoint takes its scalable targets and policies along."""
    name = params["EndpointName"]
    _found(hosting.endpoints, "endpoint", _arn(account, "endpoint", name), name)
    del hosting.endpoints[name]
    for key in [key for key in hosting.targets if key[0].startswith(f"endpoint/{name}/")]:
        del hosting.targets[key]
    for policy in [key for key in hosting.policies if key[1].startswith(f"endpoint/{name}/")]:
        del hosting.policies[policy]
    return {}


def _list(store: str, answer: str, keys: tuple[str, ...]) -> Callable[[Record, Account, Hosting], Record]:
    def listed(params: Record, account: Account, hosting: Hosting) -> Record:
        del account
        unknown = sorted(set(params) - {"MaxResults", "NameContains"})
        if unknown:
            raise RefusedError(
                f"{answer}: got the parameters {unknown}; allowed in a rehearsal: MaxResults, NameContains"
            )
        found = [one for name, one in sorted(getattr(hosting, store).items()) if params.get("NameContains", "") in name]
        rows = [{key: one[key] for key in keys} for one in found]
        if store == "endpoints":
            rows = [
                {**row, "EndpointStatus": status_of(one, hosting.now), "LastModifiedTime": one["ReadyAt"]}
                for row, one in zip(rows, found, strict=True)
            ]
        return {answer: rows}

    return listed


def _list_tags(params: Record, account: Account, hosting: Hosting) -> Record:
    del account
    for store in (hosting.models, hosting.configs, hosting.endpoints, hosting.components):
        for one in store.values():
            if params["ResourceArn"] in one.values():
                return {"Tags": one.get("Tags", [])}
    raise RefusedError(f"Could not find {params['ResourceArn']}")


OPERATIONS: Mapping[str, Callable[[Record, Account, Hosting], Record]] = {
    "CreateModel": _create_model,
    "CreateEndpointConfig": _create_config,
    "CreateEndpoint": _create_endpoint,
    "UpdateEndpoint": _update_endpoint,
    "DescribeModel": _describe("model", "models", "ModelName"),
    "DescribeEndpointConfig": _describe("endpoint config", "configs", "EndpointConfigName"),
    "DescribeEndpoint": _describe_endpoint,
    "DeleteModel": _delete("model", "models", "ModelName"),
    "DeleteEndpointConfig": _delete("endpoint config", "configs", "EndpointConfigName"),
    "DeleteEndpoint": _delete_endpoint,
    "ListModels": _list("models", "Models", ("ModelName", "ModelArn", "CreationTime")),
    "ListEndpointConfigs": _list(
        "configs", "EndpointConfigs", ("EndpointConfigName", "EndpointConfigArn", "CreationTime")
    ),
    "ListEndpoints": _list("endpoints", "Endpoints", ("EndpointName", "EndpointArn", "CreationTime")),
    "ListTags": _list_tags,
    **components.OPERATIONS,
}
