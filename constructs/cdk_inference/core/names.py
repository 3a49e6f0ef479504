"""Deterministic physical names: `<stack>-<id>`, lower case, at most 63 characters, cut with a hash.

Lower case, because SageMaker writes endpoint names in lower case into ARNs while IAM compares ARNs with case:
a grant on `endpoint/Chat` is denied (seen in https://github.com/philschmid/cdk-samples/issues/2, 2022-01-17).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html (botocore 1.44.5, read 2026-11-23)
ENDPOINT_NAME_MAX = 63
ENDPOINT_NAME_PATTERN = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"

_HASH_CHARACTERS = 8


def physical_name(stack_name: str, path: Sequence[str], *, limit: int = ENDPOINT_NAME_MAX) -> str:
    """The name of a construct at `path` (its ids below the stack) in the stack `stack_name`.

    Letters are lowered, every other run of characters becomes one hyphen. A name that is longer than `limit`
    characters keeps its beginning and ends in a hash of the whole, so two long names stay two names.
    """
    written = "-".join([stack_name, *path])
    name = re.sub(r"[^a-z0-9]+", "-", written.lower()).strip("-")
    if name and len(name) <= limit:
        return name
    digest = hashlib.sha256("/".join([stack_name, *path]).encode()).hexdigest()[:_HASH_CHARACTERS]
    kept = name[: limit - _HASH_CHARACTERS - 1].strip("-")
    return f"{kept}-{digest}" if kept else digest
