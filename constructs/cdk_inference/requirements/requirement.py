"""One requirement of AWS's, as a row: the words, where they stand, the condition, and how a violation is reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from cdk_inference.core.checks import matching, one_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.requirements.part import Part

Level = Literal["error", "warning"]
LEVELS: tuple[Level, ...] = get_args(Level)
Check = Callable[[Part], Problem | None]

# The models in which the sentences of the rows were located.
BOTOCORE = "1.44.5"
API = {
    "sagemaker": "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_{}.html",
    "application-autoscaling": "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_{}.html",
    "cloudwatch": "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_{}.html",
    "budgets": "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_{}.html",
    "bedrock": "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_{}.html",
}


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One row.

    Args:
        id: Unique, lower case with hyphens.
        type: The CloudFormation type that it judges.
        at: Where the judged object stands in the properties, "ProductionVariants[].RoutingConfig"; several places are
            several patterns. Default: the properties themselves.
        service: Of botocore's model; with `shape` and `member`, where `sentence` stands in it. "" where the words are
            not the API's: then `page` names the page, and `sentence` restates it.
        shape: A shape, or an operation whose own description has the sentence (then `member` is "(operation)").
        member: "" where the sentence is about the shape.
        sentence: AWS's words; from the API exactly as they stand there.
        page: URL and date of reading.
        level: "error" for what AWS refuses or what cannot work, "warning" for what it accepts and then ignores.
        check: Returns what is wrong with one object, or None. It may raise `NotKnownError`.

    Raises:
        ConfigurationError: The id or the level is none, or the sentence has no source.
    """

    id: str
    type: str
    at: str | tuple[str, ...] = ""
    service: str = ""
    shape: str = ""
    member: str = ""
    sentence: str
    page: str = ""
    level: Level = "error"
    check: Check

    def __post_init__(self) -> None:
        source = "a shape of botocore's, or a page"
        raise_problems(
            f"Requirement {self.id}",
            matching("id", self.id, "[a-z][a-z0-9-]*", "lower case with hyphens", "rename it"),
            one_of("level", self.level, LEVELS, "choose one of them"),
            None if bool(self.shape) != bool(self.page) else Problem("page", self.page, source, "give one of the two"),
        )

    @property
    def places(self) -> tuple[str, ...]:
        """The patterns of `at`."""
        return (self.at,) if isinstance(self.at, str) else self.at

    @property
    def source(self) -> str:
        """Where the words stand, for people."""
        if self.page:
            return self.page
        return f"{API[self.service].format(self.shape.removesuffix('Input').removesuffix('Request'))} ({self.located})"

    @property
    def located(self) -> str:
        """The place in botocore's model; "" where the words are not the API's."""
        member = f".{self.member}" if self.member else ""
        return f"botocore {BOTOCORE}, {self.service}, {self.shape}{member}" if self.shape else ""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """A requirement that a resource does not meet.

    where: the property. problem: its `argument` is the property as well.
    construct_path: None where the template has none.
    """

    requirement: Requirement
    stack: str
    logical_id: str
    construct_path: str | None
    where: str
    problem: Problem
    file: Path | None = None

    @property
    def rule(self) -> str:
        """The requirement's id."""
        return self.requirement.id

    @property
    def place(self) -> str:
        """Construct path, or stack and logical id, and the property."""
        resource = self.construct_path or f"{self.stack}/{self.logical_id}"
        return f"{resource} {self.where}".rstrip()

    @property
    def finding(self) -> str:
        """Got and allowed, on one line."""
        got = "nothing" if self.problem.got is None else self.problem.got
        return f"got {got}; allowed: {self.problem.allowed}"

    @property
    def sentence(self) -> str:
        """Got, allowed and the fix, on one line."""
        return f"{self.finding}; fix: {self.problem.fix}"


@dataclass(frozen=True, order=True, kw_only=True)
class NotChecked:
    """A requirement that could not be judged, and why."""

    rule: str
    stack: str
    logical_id: str
    where: str
    why: str
    construct_path: str | None = None
    file: Path | None = field(default=None, compare=False)
