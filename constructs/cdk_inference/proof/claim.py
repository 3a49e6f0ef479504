"""A claim as data: how much lower or higher, of which quantity, than which candidate, under which condition."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import matching, number_above
from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.proof.condition import Condition, parse_condition, parse_quantile

COST_PER_REQUESTS = "cost per 1000 requests"
COST_PER_TOKENS = "cost per million tokens"
THROUGHPUT = "throughput"
TOKEN_THROUGHPUT = "token throughput"
METRICS = (COST_PER_REQUESTS, COST_PER_TOKENS, THROUGHPUT, TOKEN_THROUGHPUT)
COSTS = (COST_PER_REQUESTS, COST_PER_TOKENS)
AGREEMENTS = ("exact", "cosine", "scorer")


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How much the answers of two candidates have to agree.

    Args:
        by: "exact" (share of equal answers to equal prompts, 0 to 1), "cosine" (mean cosine similarity of the
            embeddings that are the answers, -1 to 1) or "scorer" (mean of what your own command prints).
        at_least: The limit, in the unit of `by`.
    """

    by: str
    at_least: float

    def __post_init__(self) -> None:
        by = None
        if self.by not in AGREEMENTS:
            by = Problem("by", self.by, ", ".join(AGREEMENTS), "choose one of them")
        number = number_above("at_least", self.at_least, -1e9, "write a number", high=1e9)
        raise_problems("agreement", by, number)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim about one candidate compared with another.

    Args:
        metric: One of `METRICS`, or a percentile such as "ttft p95" or "latency p50". Tokens are those of answers.
        than: The candidate that is compared with (the baseline).
        at: The condition; see `parse_condition`. A percentile needs a rate or a number of requests at once.
        source: Who claims it, with a URL where there is one.
        candidate: The candidate that the claim is about; "" is the only other one.
        at_least_percent_lower: Above 0, below 100. Exactly one of this and the next.
        at_least_percent_higher: Above 0.
        answers: The limit on the agreement of answers; None: the claim says nothing about answers.

    Raises:
        ConfigurationError: With every problem.
    """

    metric: str
    than: str
    at: str
    source: str
    candidate: str = ""
    at_least_percent_lower: float | None = None
    at_least_percent_higher: float | None = None
    answers: Agreement | None = None

    def __post_init__(self) -> None:
        lower, higher = self.at_least_percent_lower, self.at_least_percent_higher
        problems: list[Problem | None] = []
        quantile = parse_quantile(self.metric) if isinstance(self.metric, str) else None
        if self.metric not in METRICS and quantile is None:
            allowed = f"{', '.join(METRICS)}, or a percentile such as 'ttft p95'"
            problems.append(Problem("metric", self.metric, allowed, "choose one of them"))
        for argument, value in (("than", self.than), ("source", self.source)):
            problems.append(matching(argument, value, r"(?s).*\S.*", "text", "write one"))
        if (lower is None) == (higher is None):
            got = f"at_least_percent_lower={lower}, at_least_percent_higher={higher}"
            problems.append(Problem("at_least_percent_lower", got, "exactly one of the two", "remove or add one"))
        if lower is not None:
            fix = "half the cost is 50 percent lower"
            problems.append(number_above("at_least_percent_lower", lower, 0, fix, high=99.9))
        if higher is not None:
            problems.append(number_above("at_least_percent_higher", higher, 0, "twice is 100 percent higher", high=1e6))
        try:
            condition = parse_condition(self.at) if isinstance(self.at, str) else None
        except ConfigurationError as error:
            problems += error.problems
        else:
            if condition is None or (quantile is not None and "<=" in self.at):
                allowed = "'20 requests/s' or '8 at once' for a percentile"
                problems.append(Problem("at", self.at, allowed, "a latency target fixes the latency itself"))
        raise_problems("claim", *problems)

    @property
    def condition(self) -> Condition:
        """The parsed `at`."""
        return parse_condition(self.at)

    @property
    def limit(self) -> float:
        """The ratio, candidate over baseline, at the claim's edge."""
        if self.at_least_percent_lower is not None:
            return 1 - self.at_least_percent_lower / 100
        return 1 + (self.at_least_percent_higher or 0) / 100

    def __str__(self) -> str:
        lower = self.at_least_percent_lower
        percent = f"{lower:g} % lower" if lower is not None else f"{self.at_least_percent_higher:g} % higher"
        about = f"{self.candidate}: " if self.candidate else ""
        return f"{about}{self.metric} at least {percent} than {self.than} at {self.at}"
