"""A placement that knows which buckets its network lets through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.endpoints import VpcPlacement
from cdk_inference.serving import Bucket


@dataclass(frozen=True, kw_only=True)
class NetworkPlacement(VpcPlacement):
    """Made by `InferenceNetwork`; read_from and write_to are the names of its buckets."""

    read_from: tuple[str, ...]
    write_to: tuple[str, ...]

    def bucket_problems(self, *, read: Iterable[Bucket], written: Iterable[Bucket]) -> list[Problem]:
        return [
            *_missing("read_from", self.read_from, read, "models are fetched through the network's S3 endpoint"),
            *_missing("write_to", self.write_to, written, "without it captured data is lost, and nothing says so"),
        ]


def _missing(argument: str, let_through: tuple[str, ...], wanted: Iterable[Bucket], why: str) -> Iterable[Problem]:
    """A bucket's name can be text here and a token there: only where all is text, or nothing is let through."""
    for name in dict.fromkeys(bucket.bucket_name for bucket in wanted):
        certain = not let_through or not any(is_token(one) for one in (name, *let_through))
        if certain and name not in let_through:
            bucket = "this bucket" if is_token(name) else f"the bucket {name}"
            fix = f"write InferenceNetwork({argument}=[..., bucket])"
            yield Problem(f"vpc.{argument}", let_through, f"{bucket} too: {why}", fix)
