"""An image in an ECR repository of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cdk_inference.core.checks import has_members, matching
from cdk_inference.core.errors import Problem, raise_problems


class Repository(Protocol):
    """The members that a repository needs; any `aws_ecr.IRepository` fits."""

    @property
    def repository_arn(self) -> str: ...

    def repository_uri_for_tag_or_digest(self, tag_or_digest: str | None = None) -> str: ...


@dataclass(frozen=True, kw_only=True)
class EcrImage:
    """An image in an ECR repository of the endpoint's region.

    repository: the repository (`aws_ecr.IRepository`).
    tag: a tag ("1.4.2") or a digest ("sha256:...").

    Raises ConfigurationError.
    """

    repository: Repository
    tag: str

    def __post_init__(self) -> None:
        fits = has_members(self.repository, "repository_arn", "repository_uri_for_tag_or_digest")
        fix = 'for example ecr.Repository.from_repository_name(self, "Images", "my-images")'
        raise_problems(
            "EcrImage",
            None if fits else Problem("repository", self.repository, "a repository (aws_ecr.IRepository)", fix),
            matching(
                "tag",
                self.tag,
                r"sha256:[0-9a-f]{64}|[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}",
                'a tag ("1.4.2") or a digest ("sha256:" and 64 hexadecimal digits)',
                "take it from `aws ecr describe-images`",
            ),
        )
