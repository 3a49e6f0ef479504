"""Deterministic physical names: one rule, cut with a hash, with a limit for each kind of name.

Names of endpoints are in lower case, because SageMaker writes them so into ARNs while IAM compares ARNs with case: a
grant on `endpoint/Chat` is denied (seen in https://github.com/philschmid/cdk-samples/issues/2, 2022-01-17).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Literal

NameKind = Literal[
    "endpoint",
    "inference component",
    "alarm",
    "dashboard",
    "scaling policy",
    "guardrail",
    "application inference profile",
    "prompt router",
    "flow log group",
    "tag value",
]

# Characters at most, of the API's own operation (botocore 1.44.5, read 2026-11-29); that of a dashboard stands in its
# text, that of a tag on https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html (read 2026-11-24).
LIMITS: Mapping[NameKind, int] = {
    "endpoint": 63,  # sagemaker CreateEndpoint; log groups and variants' targets are named after it
    "inference component": 63,  # sagemaker CreateInferenceComponent
    "alarm": 255,  # cloudwatch PutMetricAlarm, PutCompositeAlarm
    "dashboard": 255,  # cloudwatch PutDashboard
    "scaling policy": 256,  # application-autoscaling PutScalingPolicy
    "guardrail": 50,  # bedrock CreateGuardrail
    "application inference profile": 64,  # bedrock CreateInferenceProfile
    "prompt router": 64,  # bedrock CreatePromptRouter
    "flow log group": 63,  # this package's own; with its prefix far below the 512 of logs CreateLogGroup
    "tag value": 256,
}
# botocore 1.44.5, CreateEndpoint (read 2026-11-23)
ENDPOINT_NAME_PATTERN = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"

HASH_CHARACTERS = 8

# What CloudFormation fills in, at most: the name of a stack, which begins a name, and that of an endpoint or a model.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack-parameters.html
_TOKEN = re.compile(r"\$\{Token\[[^\]]*\]\}")
_STACK_NAME_MAX, _OTHER_NAME_MAX = 128, 64


def physical_name(stack_name: str, path: Sequence[str], *, limit: int = LIMITS["endpoint"]) -> str:
    """Returns the name of the construct at `path` (its ids below the stack) in the stack `stack_name`.

    Letters are lowered, every other run of characters becomes one hyphen. A name that is longer than `limit`
    characters keeps its beginning and ends in a hash of the whole, so two long names stay two names.
    """
    written = "-".join([stack_name, *path])
    name = re.sub(r"[^a-z0-9]+", "-", written.lower()).strip("-")
    return name if name and len(name) <= limit else _cut(name, limit, "/".join([stack_name, *path]))


def fitted_name(kind: NameKind, begin: str, *end: str) -> str:
    """Returns `<begin>-<end>`; where that is longer than the kind's limit, `begin` is cut with a hash.

    Tokens stay whole, and are taken for as long as what they stand for can be.
    """
    limit = LIMITS[kind] - sum(len(part) + 1 for part in end)
    tokens = _TOKEN.findall(begin)
    texts = _TOKEN.sub("", begin)
    room = limit - (_STACK_NAME_MAX + _OTHER_NAME_MAX * (len(tokens) - 1) if tokens else 0)
    if len(texts) > room:
        begin = "-".join([*tokens, _cut(texts.strip("-"), room - len(tokens), texts)])
    return "-".join([begin, *end])


def _cut(name: str, limit: int, whole: str) -> str:
    """Returns the beginning of `name` and a hash of `whole`; of both the hash alone, where the limit is that low."""
    digest = hashlib.sha256(whole.encode()).hexdigest()[:HASH_CHARACTERS]
    kept = name[: max(0, limit - HASH_CHARACTERS - 1)].strip("-")
    return f"{kept}-{digest}" if kept else digest
