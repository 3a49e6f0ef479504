"""Which account's registry has an AWS image in a region."""

from __future__ import annotations

from scripts.refresh._fresh import Fresh
from scripts.refresh._packages import versions
from scripts.refresh.images import IMAGES, PACKAGE, newest, wheel_date


def fresh() -> Fresh:
    """One row per image and region."""
    return Fresh(
        about="registry accounts of AWS's images by region",
        source="sagemaker-core, one table per image in sagemaker/core/image_uri_config",
        version=versions(PACKAGE),
        date=wheel_date(),
        licence="sagemaker-core Apache-2.0; facts restated",
        columns=("image", "region", "account"),
        key=("image", "region"),
        rows=[
            (image, region, account)
            for image in IMAGES
            for region, account in sorted(newest(image)[2]["registries"].items())
        ],
    )
