"""Encodes AWS's event stream, which InvokeEndpointWithResponseStream and Bedrock's streams answer with.

Layout: https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html (read 2026-11-29): length, length of the
headers, CRC of both; headers; payload; CRC of all. botocore's parser reads it back in tests/unit/proof.
"""

from __future__ import annotations

import binascii
import json
import struct
from typing import Any

_STRING = 7


def event(kind: str, payload: bytes, content_type: str = "application/json") -> bytes:
    """Returns one message of the event type `kind`."""
    headers = b"".join(
        _header(name, value)
        for name, value in ((":event-type", kind), (":content-type", content_type), (":message-type", "event"))
    )
    length = 12 + len(headers) + len(payload) + 4
    prelude = struct.pack(">II", length, len(headers))
    message = prelude + struct.pack(">I", binascii.crc32(prelude)) + headers + payload
    return message + struct.pack(">I", binascii.crc32(message))


def json_event(kind: str, payload: dict[str, Any]) -> bytes:
    """Returns one message with a JSON payload."""
    return event(kind, json.dumps(payload).encode())


def _header(name: str, value: str) -> bytes:
    return bytes([len(name)]) + name.encode() + bytes([_STRING]) + struct.pack(">H", len(value)) + value.encode()
