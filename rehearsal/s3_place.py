"""Where an S3 URI points: s3://bucket/key, or one of the two https forms."""

from __future__ import annotations

import re

_HTTPS = re.compile(r"https://(?:(?P<host>[a-z0-9.-]+)\.)?s3[.-][a-z0-9.-]*amazonaws\.com(?:\.cn)?/(?P<path>.*)")


def place(uri: str) -> tuple[str, str]:
    """Returns (bucket, key or prefix)."""
    found = _HTTPS.fullmatch(uri)
    if found is not None and found["host"]:
        return found["host"], found["path"]
    bucket, _, key = (found["path"] if found is not None else uri.removeprefix("s3://")).partition("/")
    return bucket, key
