"""Sentences of the API's documentation that require something: each is judged by a row of requirements/, or dismissed.

The words come from botocore's models; what is decided about each sentence, its rule or the reason for dismissing it, is
kept by hand in the table. A sentence that is new or has changed in a newer botocore has neither, and fails the check.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from botocore.loaders import Loader

from cdk_inference.facts import table
from cdk_inference.requirements import requirements
from scripts.refresh._fresh import Fresh

# Service -> the operations behind the CloudFormation types that are judged.
OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "sagemaker": (
        *("CreateModel", "CreateEndpointConfig", "CreateEndpoint", "UpdateEndpoint"),
        *("CreateInferenceComponent", "UpdateInferenceComponent"),
    ),
    "application-autoscaling": ("RegisterScalableTarget", "PutScheduledAction", "PutScalingPolicy"),
    "cloudwatch": ("PutMetricAlarm", "PutCompositeAlarm"),
    "budgets": ("CreateBudget", "CreateBudgetAction"),
    "bedrock": ("CreateGuardrail",),
}
WORDS = re.compile(
    r"\b(required|requires?|must|only|cannot|can't|can not|mutually|either|unless|up to|omit this|at (least|most)|"
    r"(not|n't) (be )?(supported|allowed|valid)|(isn't|aren't|no longer) (supported|allowed|valid)|"
    r"valid values (are|:)|valid values: \d)",
    re.IGNORECASE,
)
REASONS = {
    "schema": "CloudFormation's or the API's schema has the same (required, enum, pattern, bounds), and is judged",
    "behaviour": "it describes how the service behaves, and demands nothing of a template",
    "advice": "it recommends, and what it advises against works",
    "permission": "it is about the permissions of a caller, a role or a key",
    "data": "it is about files, answers or metric data, which a template does not hold",
    "content": "it is about the spelling of a text: characters, formats, expressions",
    "elsewhere": "what it is about exists outside of templates, or is made before them",
    "other-service": "it is about another service than SageMaker and Amazon Bedrock, or about another operation",
    "not-in-cloudformation": "CloudFormation has no such property",
    "unjudged": "a template could show it; no constructs of this package make it, and no report of it was found",
}
_BLOCKS = re.compile(r"</?(?:p|li|ul|ol|note|important|dl|dt|dd|br|h\d)\b[^>]*>")
_TAGS = re.compile(r"<[^>]+>")
_SENTENCE_END = re.compile(r"(?<=[.:!?])\s+(?=[A-Z\"`<])")
_BEGINNING = 8  # words of a sentence that the table shows
Key = tuple[str, str, str, str]


@dataclass(frozen=True, kw_only=True)
class Sentences(Fresh):
    """The table, and the whole sentence of each row, which the difference prints.

    Args:
        texts: Key -> sentence.
        lost: Requirements whose sentence is not where they locate it.
    """

    texts: Mapping[Key, str]
    lost: tuple[str, ...]

    def difference(self, name: str, committed: str) -> list[str]:
        """Adds to the difference each sentence about which nothing is decided, and each row that lost its own."""
        found = super().difference(name, committed)
        for service, shape, member, _, digest, rule, reason in self.rows:
            if not rule and not reason:
                place = ".".join(filter(None, (str(shape), str(member))))
                text = self.texts[str(service), str(shape), str(member), str(digest)]
                found.append(f'  not decided: {service} {place}: "{text}"')
        return found + [f"  {id} has no sentence: its words are not where the row locates them" for id in self.lost]


def models() -> dict[str, Any]:
    """Returns service -> botocore's model."""
    loader = Loader()
    return {service: loader.load_service_model(service, "service-2") for service in OPERATIONS}


def sentences(documentation: str) -> Iterator[str]:
    """Yields the sentences of a documentation string, without its tags."""
    plain = html.unescape(_TAGS.sub("", _BLOCKS.sub("\n", documentation)))
    for block in plain.split("\n"):
        yield from (one for one in _SENTENCE_END.split(" ".join(block.split())) if one)


def documented(model: Mapping[str, Any], operations: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Yields (shape, member, documentation) of operations and of every shape below their inputs."""
    shapes, seen = model["shapes"], set()

    def below(name: str) -> Iterator[tuple[str, str, str]]:
        if name in seen:
            return
        seen.add(name)
        shape = shapes[name]
        yield name, "", shape.get("documentation", "")
        for member, inner in shape.get("members", {}).items():
            yield name, member, inner.get("documentation", "")
            yield from below(inner["shape"])
        for part in ("member", "key", "value"):
            if part in shape:
                yield from below(shape[part]["shape"])

    for operation in operations:
        described = model["operations"][operation]
        yield operation, "(operation)", described.get("documentation", "")
        yield from below(described["input"]["shape"])


def digest(sentence: str) -> str:
    """Returns the beginning of the sentence's SHA-256."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:12]


def fresh() -> Sentences:
    """One row per sentence with one of the words, or with a row of requirements/."""
    located: dict[Key, list[str]] = {}
    for one in requirements():
        if one.shape:
            located.setdefault((one.service, one.shape, one.member, digest(one.sentence)), []).append(one.id)
    decided = {
        (row["service"], row["shape"], row["member"], row["sha256"]): (row["rule"], row["reason"])
        for row in table("requirements").rows()
    }
    texts: dict[Key, str] = {}
    for service, model in models().items():
        for shape, member, documentation in documented(model, OPERATIONS[service]):
            for sentence in sentences(documentation):
                key = service, shape, member, digest(sentence)
                if key in located or WORDS.search(sentence):
                    texts[key] = sentence
    rows = []
    for key, sentence in texts.items():
        rule, reason = decided.get(key, ("", ""))
        rule = " ".join(located[key]) if key in located else rule
        begins = " ".join(sentence.split()[:_BEGINNING])
        rows.append((*key[:3], begins, key[3], rule, "" if rule else reason))
    lost = tuple(id for key, ids in located.items() if key not in texts for id in ids)
    reasons = "; ".join(f"{name} = {words}" for name, words in REASONS.items())
    return Sentences(
        about="sentences of the API's documentation that require something, each by its first words and its SHA-256; "
        "rule: the requirement that judges it; reason: why none does",
        source="documentation of the operations' shapes in botocore",
        version=f"botocore {version('botocore')}",
        date=DATE,
        licence="botocore Apache-2.0; sentences are named by their first words",
        columns=("service", "shape", "member", "begins", "sha256", "rule", "reason"),
        key=("service", "shape", "member", "sha256"),
        rows=rows,
        more={"reasons": reasons},
        by_hand=True,
        texts=texts,
        lost=lost,
    )


# The day on which the sentences were decided.
DATE = "2026-11-29"
