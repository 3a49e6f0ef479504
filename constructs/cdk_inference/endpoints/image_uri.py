"""An image's URI and its repository's ARN, in the region of a stack."""

from __future__ import annotations

from aws_cdk import CfnMapping, Fn, Stack

from cdk_inference.endpoints.place import Place
from cdk_inference.serving import AwsImage, EcrImage

_MAPPING_ID = "CdkInferenceRegistry{name}"


def image_uri(stack: Stack, place: Place, image: AwsImage | EcrImage) -> tuple[str, str]:
    """(image URI, repository ARN)."""
    if isinstance(image, EcrImage):
        uri = image.repository.repository_uri_for_tag_or_digest(image.tag)
        return uri, image.repository.repository_arn
    account = _account(stack, place, image)
    uri = f"{account}.dkr.ecr.{place.region}.{place.url_suffix}/{image.repository}:{image.tag}"
    return uri, place.arn("ecr", f"repository/{image.repository}", account=account)


def _account(stack: Stack, place: Place, image: AwsImage) -> str:
    """The registry account: known now where the stack's region is, else looked up by CloudFormation."""
    if place.known_region is not None:
        return image.accounts[place.known_region]
    name = _MAPPING_ID.format(name="".join(part.capitalize() for part in image.name.split("-")))
    if stack.node.try_find_child(name) is None:
        rows = {region: {"account": account} for region, account in image.accounts.items()}
        CfnMapping(stack, name, mapping=rows)
    return Fn.find_in_map(name, place.region, "account")
