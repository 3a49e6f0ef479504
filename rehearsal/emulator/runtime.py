"""sagemaker-runtime: an answer from the endpoint that a deployment left, once its model data can be read.

At once, as a stream, through S3, or by the path of OpenAI's clients.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import unquote

from rehearsal import sagemaker
from rehearsal.api_model import RefusedError
from rehearsal.emulator import view
from rehearsal.emulator.exchange import notify, read, write
from rehearsal.emulator.private_names import get
from rehearsal.events import event
from rehearsal.hosting import Hosting, Record
from rehearsal.rules.configs import types_of
from rehearsal.rules.models import containers_of, sources_of
from rehearsal.stand_in import FILES, NAME, StandIn

Answer = tuple[int, dict[str, str], bytes]
ECHO = "an echo, not a model"
_PART_BYTES = 64  # of a streamed answer; small, so that there are several


def _error(code: str, message: str) -> Answer:
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": code}
    return 400, headers, json.dumps({"Message": message}).encode()


# Bucket and prefix -> the model that was loaded from there.
_loaded: dict[tuple[str, str], StandIn] = {}


def _similarities(model: Record, body: bytes) -> list[float] | None:
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


def _serving(hosting: Hosting, name: str) -> tuple[Record, Record]:
    """The endpoint and its config.

    Raises:
        RefusedError: It does not exist, or does not serve.
    """
    endpoint = hosting.endpoints.get(name)
    if endpoint is None:
        raise RefusedError(f"Endpoint {name} of account {view.account().id} not found.")
    status = sagemaker.status_of(endpoint, hosting.now)
    if status not in ("InService", "Updating"):
        raise RefusedError(f"Endpoint {name} is {status}; allowed: InService")
    return endpoint, hosting.configs.get(endpoint["EndpointConfigName"], {})


def _chosen(hosting: Hosting, endpoint: Record, headers: Mapping[str, str]) -> tuple[Record, Record]:
    """The variant that a request goes to, and the model behind it: that of a component where there are components.

    Raises:
        RefusedError: The request names none of them.
    """
    name, variant = endpoint["EndpointName"], endpoint["Variants"][0]
    wanted = headers.get("x-amzn-sagemaker-target-variant")
    if wanted is not None:
        found = [one for one in endpoint["Variants"] if one["VariantName"] == wanted]
        if not found:
            raise RefusedError(f"Variant {wanted} not found for endpoint {name}")
        variant = found[0]
    component = headers.get("x-amzn-sagemaker-inference-component")
    mine = [key for key, one in hosting.components.items() if one["EndpointName"] == name]
    if not mine and component is None:
        return variant, hosting.models.get(variant["ModelName"] or "", {})
    if component is None or component not in mine:
        allowed = ", ".join(sorted(mine)) or "none"
        raise RefusedError(f"InferenceComponentName: got {component}; allowed: {allowed}")
    specification = hosting.components[component].get("Specification", {})
    return variant, hosting.models.get(specification.get("ModelName", ""), {})


def _answer(hosting: Hosting, endpoint: Record, headers: Mapping[str, str], body: bytes) -> Record:
    """The stand-in's answer where it lies below the model's prefix, else an echo that says so."""
    variant, model = _chosen(hosting, endpoint, headers)
    variants = hosting.variants_of(endpoint["EndpointConfigName"])
    declared = next((one for one in variants if one["VariantName"] == variant["VariantName"]), {})
    buckets = view.account().buckets
    objects = {
        uri: sum(key.startswith(prefix) for key in buckets[bucket].keys) if bucket in buckets else 0
        for uri, bucket, prefix in sources_of(model)
    }
    answer = {
        "rehearsal": ECHO,
        "request": body.decode("utf-8", "replace")[:2000],
        "variant": variant["VariantName"],
        "instance_types": types_of(declared),
        "images": [container.get("Image", "").rpartition("/")[2] for container in containers_of(model)],
        "model_objects": objects,
    }
    if (similarities := _similarities(model, body)) is not None:
        answer |= {"rehearsal": NAME, "similarities": similarities}
    return answer


def _at_once(name: str, headers: Mapping[str, str], body: bytes) -> Record:
    hosting = view.hosting()
    endpoint, config = _serving(hosting, name)
    if "AsyncInferenceConfig" in config:
        raise RefusedError(f"Endpoint {name} is asynchronous; allowed: InvokeEndpointAsync")
    return _answer(hosting, endpoint, headers, body)


async def _invoke(name: str, headers: Mapping[str, str], body: bytes) -> Answer:
    answer = _at_once(name, headers, body)
    returned = {"Content-Type": "application/json", "x-Amzn-Invoked-Production-Variant": answer["variant"]}
    return 200, returned, json.dumps(answer).encode()


async def _stream(name: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Framed in parts, and sent as one: the emulator's answers are one body."""
    answer = _at_once(name, headers, body)
    text = json.dumps(answer).encode()
    parts = [text[place : place + _PART_BYTES] for place in range(0, len(text), _PART_BYTES)]
    framed = b"".join(event("PayloadPart", part, "application/octet-stream") for part in parts)
    returned = {
        "Content-Type": "application/vnd.amazon.eventstream",
        "X-Amzn-SageMaker-Content-Type": "application/json",
        "x-Amzn-Invoked-Production-Variant": answer["variant"],
    }
    return 200, returned, framed


async def _later(name: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Reads the request from S3 and writes the answer there at once; a failure goes where failures go."""
    del body
    hosting = view.hosting()
    endpoint, config = _serving(hosting, name)
    if "AsyncInferenceConfig" not in config:
        raise RefusedError(f"Endpoint {name} is not asynchronous; allowed: InvokeEndpoint")
    output = config["AsyncInferenceConfig"]["OutputConfig"]
    identity = headers.get("x-amzn-sagemaker-inference-id") or str(uuid.uuid4())
    place = f"{output['S3OutputPath'].rstrip('/')}/{uuid.uuid4()}.out"
    failed = f"{output.get('S3FailurePath', output['S3OutputPath']).rstrip('/')}/{uuid.uuid4()}-error.out"
    _, model = _chosen(hosting, endpoint, headers)
    role = model.get("ExecutionRoleArn", "")
    topics = output.get("NotificationConfig", {})
    try:
        request = await read(headers.get("x-amzn-sagemaker-inputlocation", ""), role)
        await write(place, json.dumps(_answer(hosting, endpoint, headers, request)).encode(), role)
        await notify(topics.get("SuccessTopic"), {"inferenceId": identity, "invocationStatus": "Completed"})
    except RefusedError as problem:
        await write(failed, str(problem).encode(), role)
        await notify(topics.get("ErrorTopic"), {"inferenceId": identity, "invocationStatus": "Failed"})
    returned = {"Content-Type": "application/json", "X-Amzn-SageMaker-OutputLocation": place}
    if "S3FailurePath" in output:
        returned["X-Amzn-SageMaker-FailureLocation"] = failed
    return 202, returned, json.dumps({"InferenceId": identity}).encode()


async def _chat(name: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """OpenAI's chat completions: an echo of the last message; the bearer token is not checked."""
    del headers
    _serving(view.hosting_of(name), name)  # a bearer token names neither account nor region
    try:
        request = json.loads(body)
        last = request["messages"][-1]["content"]
    except (ValueError, KeyError, IndexError, TypeError):
        raise RefusedError("messages: got none; allowed: a list of role and content") from None
    text = f"{ECHO}: {last}"
    same = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": 0, "model": request.get("model", name)}
    usage = {"prompt_tokens": len(str(last).split()), "completion_tokens": len(text.split())}
    if not request.get("stream"):
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        whole = {**same, "object": "chat.completion", "choices": [choice], "usage": usage}
        return 200, {"Content-Type": "application/json"}, json.dumps(whole).encode()
    deltas: list[Record] = [{"role": "assistant"}, *({"content": f"{word} "} for word in text.split()), {}]
    lines = []
    for delta in deltas:
        choice = {"index": 0, "delta": delta, "finish_reason": None if delta else "stop"}
        lines.append("data: " + json.dumps({**same, "object": "chat.completion.chunk", "choices": [choice]}))
    return 200, {"Content-Type": "text/event-stream"}, "\n\n".join([*lines, "data: [DONE]", ""]).encode()


CALLS: Mapping[str, Callable[[str, Mapping[str, str], bytes], Awaitable[Answer]]] = {
    "invocations": _invoke,
    "invocations-response-stream": _stream,
    "async-invocations": _later,
    "openai/v1/chat/completions": _chat,
}


async def invoke(path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Answers one call."""
    _, name, call = [unquote(part) for part in path.strip("/").split("/", 2)]
    if call not in CALLS:
        allowed = ", ".join(CALLS)
        return _error("ValidationError", f"{path}: the rehearsal does not have this call; allowed: {allowed}")
    try:
        return await CALLS[call](name, headers, body)
    except RefusedError as problem:
        return _error("ValidationError", str(problem))
