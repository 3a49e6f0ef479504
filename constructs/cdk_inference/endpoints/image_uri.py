"""An image's URI and its repository's ARN, in the region of a stack."""

from __future__ import annotations

from aws_cdk import ArnFormat, CfnMapping, Fn, Stack, Token

from cdk_inference.serving import AwsImage, EcrImage

_MAPPING_ID = "CdkInferenceRegistry{name}"


def image_uri(stack: Stack, image: AwsImage | EcrImage) -> tuple[str, str]:
    """(image URI, repository ARN)."""
    if isinstance(image, EcrImage):
        uri = image.repository.repository_uri_for_tag_or_digest(image.tag)
        return uri, image.repository.repository_arn
    account = _account(stack, image)
    uri = f"{account}.dkr.ecr.{stack.region}.{stack.url_suffix}/{image.repository}:{image.tag}"
    arn = stack.format_arn(
        service="ecr",
        resource="repository",
        resource_name=image.repository,
        account=account,
        arn_format=ArnFormat.SLASH_RESOURCE_NAME,
    )
    return uri, arn


def _account(stack: Stack, image: AwsImage) -> str:
    """The registry account: known now where the stack's region is, else looked up by CloudFormation."""
    if not Token.is_unresolved(stack.region):
        return image.accounts[stack.region]
    name = _MAPPING_ID.format(name="".join(part.capitalize() for part in image.name.split("-")))
    mapping = stack.node.try_find_child(name)
    if mapping is None:
        rows = {region: {"account": account} for region, account in image.accounts.items()}
        mapping = CfnMapping(stack, name, mapping=rows)
    return Fn.find_in_map(name, stack.region, "account")
