"""A dashboard's name. Dashboards belong to an account, not to a region, and a second one of a name replaces the first.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html (read 2026-11-22)
"""

from __future__ import annotations

from cdk_inference.core.checks import is_token
from cdk_inference.core.names import physical_name
from cdk_inference.endpoints.place import Place

NAME_MAX = 255
# Longer than any region's name, for where only CloudFormation knows it.
_REGION_MAX = 32


def dashboard_name(path: str, place: Place) -> str:
    """`<stack>-<id>-<region>` for the construct at `path`, in lower case.

    In a nested stack, whose own name is unknown before deployment, the outermost stack's name begins it.
    """
    ids = path[len(place.outer_path) :].strip("/").split("/")
    room = _REGION_MAX if is_token(place.region) else len(place.region)
    return f"{physical_name(place.outer_name, ids, limit=NAME_MAX - room - 1)}-{place.region}"
