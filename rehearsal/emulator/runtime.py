"""InvokeEndpoint: an answer from the endpoint that a deployment left, once its model data can be read."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from rehearsal import sagemaker
from rehearsal.emulator import view
from rehearsal.emulator.private_names import get
from rehearsal.rules.configs import types_of
from rehearsal.rules.models import containers_of, sources_of
from rehearsal.stand_in import FILES, NAME, StandIn

Answer = tuple[int, dict[str, str], bytes]


def _error(code: str, message: str) -> Answer:
    return (
        400,
        {"Content-Type": "application/json", "x-amzn-ErrorType": code},
        json.dumps({"Message": message}).encode(),
    )


# Bucket and prefix -> the model that was loaded from there.
_loaded: dict[tuple[str, str], StandIn] = {}


def _similarities(model: dict[str, Any], body: bytes) -> list[float] | None:
    """The answer of the stand-in, if its files lie below the model's prefix and the request is a list of texts."""
    try:
        texts = json.loads(body).get("inputs")
    except (ValueError, AttributeError):
        return None
    if not isinstance(texts, list) or len(texts) < 2 or not all(isinstance(text, str) for text in texts):
        return None
    for _, bucket, prefix in sources_of(model):
        objects = get("_buckets").get(bucket, {}).get("objects", {})
        contents = {name: objects[prefix + name]["body"] for name in FILES if prefix + name in objects}
        if len(contents) == len(FILES):
            if (bucket, prefix) not in _loaded:
                _loaded[bucket, prefix] = StandIn(contents)
            return _loaded[bucket, prefix].similarities(texts)
    return None


def invoke(path: str, headers: dict[str, str], body: bytes) -> Answer:
    """Answers one call: by the stand-in that lies below the model's prefix, else an echo that says so."""
    parts = [unquote(part) for part in path.strip("/").split("/")]
    if len(parts) != 3 or parts[2] != "invocations":
        return _error("ValidationError", f"{path}: the rehearsal does not have this call; allowed: InvokeEndpoint")
    hosting, name = view.hosting(), parts[1]
    endpoint = hosting.endpoints.get(name)
    if endpoint is None:
        return _error("ValidationError", f"Endpoint {name} of account {view.account().id} not found.")
    status = sagemaker.status_of(endpoint, hosting.now)
    if status not in ("InService", "Updating"):
        return _error("ValidationError", f"Endpoint {name} is {status}; allowed: InService")
    config = hosting.configs.get(endpoint["EndpointConfigName"], {})
    if "AsyncInferenceConfig" in config:
        return _error("ValidationError", f"Endpoint {name} is asynchronous; allowed: InvokeEndpointAsync")
    variant = endpoint["Variants"][0]
    wanted = headers.get("x-amzn-sagemaker-target-variant")
    if wanted is not None:
        found = [one for one in endpoint["Variants"] if one["VariantName"] == wanted]
        if not found:
            return _error("ValidationError", f"Variant {wanted} not found for endpoint {name}")
        variant = found[0]
    model = hosting.models.get(variant["ModelName"] or "", {})
    component = headers.get("x-amzn-sagemaker-inference-component")
    mine = [key for key, one in hosting.components.items() if one["EndpointName"] == name]
    if mine or component is not None:
        if component not in mine:
            allowed = ", ".join(sorted(mine)) or "none"
            return _error("ValidationError", f"InferenceComponentName: got {component}; allowed: {allowed}")
        specification = hosting.components[component].get("Specification", {})
        model = hosting.models.get(specification.get("ModelName", ""), {})
    variants = hosting.variants_of(endpoint["EndpointConfigName"])
    declared = next((one for one in variants if one["VariantName"] == variant["VariantName"]), {})
    buckets = view.account().buckets
    read = {
        uri: sum(key.startswith(prefix) for key in buckets[bucket].keys) if bucket in buckets else 0
        for uri, bucket, prefix in sources_of(model)
    }
    answer = {
        "rehearsal": "an echo, not a model",
        "request": body.decode("utf-8", "replace")[:2000],
        "variant": variant["VariantName"],
        "instance_types": types_of(declared),
        "images": [container.get("Image", "").rpartition("/")[2] for container in containers_of(model)],
        "model_objects": read,
    }
    if (similarities := _similarities(model, body)) is not None:
        answer |= {"rehearsal": NAME, "similarities": similarities}
    returned = {"Content-Type": "application/json", "x-Amzn-Invoked-Production-Variant": variant["VariantName"]}
    return 200, returned, json.dumps(answer).encode()
