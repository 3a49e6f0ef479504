"""A key prefix that a role may write under, or read under."""

from __future__ import annotations

from cdk_inference.core.checks import is_token, matching
from cdk_inference.core.errors import Problem

# Characters of an S3 URI in endpoint configs: S3OutputPath, S3FailurePath, DestinationS3Uri (botocore 1.44.5).
S3_URI_MAX = 512
PREFIX_MAX = S3_URI_MAX - len("s3://") - 63 - len("/")  # beside the longest bucket name
# Stricter than S3: in a policy * and ? would widen the permission, and ${ begin a variable.
_PREFIX = r"([A-Za-z0-9_][A-Za-z0-9_.=-]*/)+"
_FOLDERS = 'names of letters, digits, "_", "-", "." and "=", each followed by "/"'


def prefix_problem(argument: str, prefix: object, example: str) -> Problem | None:
    """Why `prefix` is none, or too long for an endpoint config."""
    wrong = matching(argument, prefix, _PREFIX, _FOLDERS, f'for example {argument}="{example}"')
    if wrong is None and not is_token(prefix) and len(str(prefix)) > PREFIX_MAX:
        return Problem(argument, prefix, f"up to {PREFIX_MAX} characters", "use a shorter prefix")
    return wrong
