"""Something that everybody may use."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.iam.broader import broader
from cdk_inference.review.iam.compare import Box
from cdk_inference.review.iam.describe import by_owner, requests
from cdk_inference.review.iam.public import public
from cdk_inference.review.iam.statement import ANYONE
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.rule import Rule

_SAFE = "name the principals, or add a condition such as aws:PrincipalOrgID or aws:SourceVpce"


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Of what is new, too."""
    for broadening in broader(deployments):
        if broadening.sort == "identity" or not broadening.public:
            continue
        for pair, _, own in by_owner(
            broadening, [box for box in broadening.comparison.allowed if box.sure and public(box)]
        ):
            requested = requests(own, principals=False)
            if broadening.sort == "trust":
                what = f"{_who(own)} may assume the role {broadening.subject}"
                means = "everybody gets all permissions of the role"
            else:
                what = f"{broadening.subject} is open to everybody: {requested}"
                means = "anyone who knows its name can do that, whatever account they are in"
            yield pair.hit(what, means, _SAFE)


def _who(boxes: tuple[Box, ...]) -> str:
    providers = [text.rpartition("/")[2] for box in boxes for text in box.principal.patterns]
    if any(box.principal.negated or ANYONE in box.principal.patterns for box in boxes):
        return "anyone in any AWS account"
    return f"anyone with an identity of {', '.join(dict.fromkeys(providers))}"


RULE = Rule(
    id="permission-public",
    level="error",
    title="A resource or role that is open to everybody",
    why=(
        'A principal "*", or one that is only excluded, without a condition on a value that has an owner (an account, '
        "an organization, a VPC, an address range, an ARN). Policies of VPC endpoints, file systems and REST APIs are "
        "left to permission-broader, since that is their usual form. A resource that was public before is not a "
        "finding."
    ),
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html "
    "(read 2026-11-24)",
    check_all=check,
)
