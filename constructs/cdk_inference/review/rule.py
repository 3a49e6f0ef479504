"""A rule of the review: a pure function over what is paired, with the words that the docs need."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cdk_inference.core.checks import matching, one_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.review.finding import LEVELS, Finding, Hit, Level, NotCompared
from cdk_inference.review.pair import DeploymentPair, StackPair

# The services that the review is about: those that serve inference, and what stands beside them. Of any other type it
# reports replacement and removal; its further rules for these are off by default.
_SERVICES = frozenset(
    {
        *("ApplicationAutoScaling", "Bedrock", "BedrockAgentCore", "SageMaker"),
        *("ApiGateway", "ApiGatewayV2", "Events", "Lambda", "SNS", "SQS", "StepFunctions"),
        *("Budgets", "CE", "CloudTrail", "CloudWatch", "Logs"),
        *("DynamoDB", "ECR", "OpenSearchServerless", "S3", "S3Express", "S3Vectors"),
        *("IAM", "KMS", "SecretsManager"),
    }
)
_VPC = re.compile(
    r"(VPC|Subnet|SecurityGroup|NetworkAcl|Route|InternetGateway|EgressOnly|NatGateway|FlowLog|PrefixList|EIP).*"
)


def in_scope(kind: str) -> bool:
    """Whether a CloudFormation type is of one of the services; "" is what is about no resource."""
    parts = kind.split("::")
    if len(parts) != 3 or parts[0] != "AWS":
        return True
    return parts[1] in _SERVICES or (parts[1] == "EC2" and bool(_VPC.fullmatch(parts[2])))


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule. Each is the `RULE` of a module in review/rules/, which is found by being there.

    id: unique, lower case with hyphens; it is what is acknowledged, and the anchor in docs/review.md.
    level: of its hits, where they have none of their own.
    title: what it finds, as a noun. why: what it is good for, and which cases it does not report.
    source: the page it rests on, with the date of reading.
    check: called with each pair of stacks. check_all: called once, with all of them. check_found: called last, with
        what the other rules found. Exactly one of the three. Each yields hits, and what it could not compare.
    any_type: whether it is about resources of every service, and not only of those that serve inference.

    Raises ConfigurationError.
    """

    id: str
    level: Level
    title: str
    why: str
    source: str
    check: Callable[[StackPair], Iterable[Hit | NotCompared]] | None = None
    check_all: Callable[[DeploymentPair], Iterable[Hit | NotCompared]] | None = None
    check_found: Callable[[DeploymentPair, Sequence[Finding]], Iterable[Hit | NotCompared]] | None = None
    any_type: bool = False

    def __post_init__(self) -> None:
        given = [one for one in (self.check, self.check_all, self.check_found) if one is not None]
        fix = "give exactly one of check, check_all and check_found"
        raise_problems(
            f"Rule {self.id}",
            matching("id", self.id, "[a-z][a-z-]*", "lower case with hyphens", "rename it"),
            one_of("level", self.level, LEVELS, "choose one of them"),
            None if len(given) == 1 else Problem("check", f"{len(given)} of them", "one function", fix),
        )

    def results(
        self, deployments: DeploymentPair, others: Sequence[Finding] = (), *, all_services: bool = False
    ) -> Iterator[Finding | NotCompared]:
        """Yields the rule's findings, and what it could not compare.

        Args:
            deployments: what is compared. others: findings of the other rules.
            all_services: whether resources of services that are not about inference count as well.
        """
        for hit in self._hits(deployments, others):
            if isinstance(hit, NotCompared):
                yield hit
                continue
            if not (all_services or self.any_type or hit.any_type or in_scope(hit.type)):
                continue
            yield Finding(
                rule=self.id,
                level=hit.level or self.level,
                stack=hit.stack,
                logical_id=hit.logical_id,
                type=hit.type,
                what=hit.what,
                means=hit.means,
                safe=hit.safe,
                file=hit.file,
                path=hit.path,
            )

    def _hits(self, deployments: DeploymentPair, others: Sequence[Finding]) -> Iterable[Hit | NotCompared]:
        if self.check_found is not None:
            return self.check_found(deployments, others)
        if self.check_all is not None:
            return self.check_all(deployments)
        assert self.check is not None
        return itertools.chain.from_iterable(map(self.check, deployments.stacks))
