"""The emulator's S3 and SNS, as an asynchronous endpoint uses them: by its execution role."""

from __future__ import annotations

import importlib
import json
from typing import Any
from urllib.parse import quote, urlencode

from rehearsal.api_model import RefusedError
from rehearsal.emulator import view
from rehearsal.emulator.private_names import get
from rehearsal.s3_place import place


def _allowed(role: str, action: str, uri: str) -> tuple[str, str]:
    """The bucket and the key.

    Raises:
        RefusedError: The role may not do it there.
    """
    bucket, key = place(uri)
    if not (answer := view.account().may(role, action, f"arn:aws:s3:::{bucket}/{key}")):
        raise RefusedError(f"{uri}: {role} may not {action} ({answer.why})")
    return bucket, key


async def read(uri: str, role: str) -> bytes:
    """Returns an object.

    Raises:
        RefusedError: It does not exist, or the role may not read it.
    """
    bucket, key = _allowed(role, "s3:GetObject", uri)
    found = get("_buckets").get(bucket, {}).get("objects", {}).get(key)
    if found is None:
        raise RefusedError(f"InputLocation: got {uri}, which does not exist")
    return bytes(found["body"])


async def write(uri: str, body: bytes, role: str) -> None:
    """Writes an object.

    Raises:
        RefusedError: The role may not, or the bucket does not exist.
    """
    bucket, key = _allowed(role, "s3:PutObject", uri)
    await _request("s3", "PUT", f"/{bucket}/{quote(key)}", {}, body)


async def notify(topic: str | None, message: dict[str, Any]) -> None:
    """Publishes to a topic, if there is one."""
    if topic is not None:
        form = urlencode({"Action": "Publish", "TopicArn": topic, "Message": json.dumps(message)})
        await _request("sns", "POST", "/", {"content-type": "application/x-www-form-urlencoded"}, form.encode())


async def _request(module: str, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
    handle = importlib.import_module(f"ministack.services.{module}").handle_request
    status, _, answer = await handle(method, path, headers, body, {})
    if status >= 300:
        raise RefusedError(f"{module} {path}: {answer!r}")
