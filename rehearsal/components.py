"""Inference components: create, describe, list, update and delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rehearsal.account import Account
from rehearsal.api_model import RefusedError
from rehearsal.hosting import Hosting, Record


def _arn(account: Account, name: str) -> str:
    return f"arn:aws:sagemaker:{account.region}:{account.id}:inference-component/{name.lower()}"


def _found(hosting: Hosting, account: Account, name: str) -> Record:
    if name not in hosting.components:
        raise RefusedError(f'Could not find inference component "{_arn(account, name)}".')
    return hosting.components[name]


def _create(params: Record, account: Account, hosting: Hosting) -> Record:
    name = params["InferenceComponentName"]
    if name in hosting.components:
        raise RefusedError(f'Cannot create already existing inference component "{_arn(account, name)}"')
    copies = params.get("RuntimeConfig", {}).get("CopyCount", 0)
    hosting.components[name] = {
        **params,
        "InferenceComponentArn": _arn(account, name),
        "CreationTime": hosting.now,
        "Copies": copies,
        "FailureReason": "",
    }
    return {"InferenceComponentArn": _arn(account, name)}


def _update(params: Record, account: Account, hosting: Hosting) -> Record:
    found = _found(hosting, account, params["InferenceComponentName"])
    if {"Specification", "Specifications"} & params.keys():
        for key in ("Specification", "Specifications"):
            found.pop(key, None)
            found |= {key: params[key]} if key in params else {}
    if "RuntimeConfig" in params:
        found["Copies"] = params["RuntimeConfig"]["CopyCount"]
    return {"InferenceComponentArn": found["InferenceComponentArn"]}


def _summary(specification: Record) -> Record:
    """A specification as DescribeInferenceComponent answers it: the image is the one that was deployed."""
    container = dict(specification.get("Container", {}))
    if not container:
        return dict(specification)
    image = container.pop("Image", "")
    return {**specification, "Container": {**container, "DeployedImage": {"SpecifiedImage": image}}}


def _describe(params: Record, account: Account, hosting: Hosting) -> Record:
    found = _found(hosting, account, params["InferenceComponentName"])
    per_type = [_summary(one) for one in found.get("Specifications", [])]
    return {
        "InferenceComponentName": found["InferenceComponentName"],
        "InferenceComponentArn": found["InferenceComponentArn"],
        "EndpointName": found["EndpointName"],
        "EndpointArn": hosting.endpoints.get(found["EndpointName"], {}).get("EndpointArn", ""),
        "VariantName": found.get("VariantName", ""),
        "InferenceComponentStatus": "InService",
        "Specification": _summary(found.get("Specification", {})),
        **({"Specifications": per_type} if per_type else {}),
        "RuntimeConfig": {"DesiredCopyCount": found["Copies"], "CurrentCopyCount": found["Copies"]},
        "CreationTime": found["CreationTime"],
        "LastModifiedTime": found["CreationTime"],
    }


def _list(params: Record, account: Account, hosting: Hosting) -> Record:
    rows = []
    for name, found in sorted(hosting.components.items()):
        if params.get("EndpointNameEquals") in (None, found["EndpointName"]):
            described = _describe({"InferenceComponentName": name}, account, hosting)
            rows.append({key: described[key] for key in described if key not in ("Specification", "RuntimeConfig")})
    return {"InferenceComponents": rows}


def _delete(params: Record, account: Account, hosting: Hosting) -> Record:
    name = params["InferenceComponentName"]
    _found(hosting, account, name)
    del hosting.components[name]
    for key in [key for key in hosting.targets if key[0] == f"inference-component/{name}"]:
        del hosting.targets[key]
    for policy in [key for key in hosting.policies if key[1] == f"inference-component/{name}"]:
        del hosting.policies[policy]
    return {}


OPERATIONS: Mapping[str, Callable[[Record, Account, Hosting], dict[str, Any]]] = {
    "CreateInferenceComponent": _create,
    "UpdateInferenceComponent": _update,
    "DescribeInferenceComponent": _describe,
    "ListInferenceComponents": _list,
    "DeleteInferenceComponent": _delete,
}
