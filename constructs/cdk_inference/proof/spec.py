"""The specification of a comparison, from a TOML file: candidates, load, claims, budget. docs/proof.md shows one."""

from __future__ import annotations

import hashlib
import json
import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdk_inference.core.checks import instance_of, matching, number_above, one_of, whole_number
from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.core.pages import page
from cdk_inference.pricing.book import PriceBook
from cdk_inference.proof.candidate_spec import (
    CandidateSpec,
    candidate_of,
    candidate_problems,
    numbers_problem,
    unknown_keys,
)
from cdk_inference.proof.claim import Agreement, Claim
from cdk_inference.proof.condition import LatencyTarget
from cdk_inference.proof.looks import Looks
from cdk_inference.proof.recording import StepPlan

ORDERS = ("ABBA", "random")
ANSWERS = ("text", "hash", "none")
REQUESTS_PER_STEP = 1000
WARM_UP_REQUESTS = 20
# Where the target still holds at the highest rate of the ladder, so many more rates follow, each so much higher.
EXTENSION, EXTENSION_STEPS = 1.3, 6
_KEYS = frozenset(
    {
        "name",
        "prompts",
        "max_tokens",
        "requests_per_step",
        "warm_up_requests",
        "looks",
        "order",
        "answers",
        "scorer",
        "timeout_seconds",
        "max_usd",
        "seed",
        "candidate",
        "claim",
        "at_once",
        "traffic_per_hour",
        "pause_seconds",
        "number_prompts",
    }
)


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A comparison.

    Args:
        run: Id: a hash of everything that was specified, prompts included.
        prompts: Sent in this order, again from the first when there are too few.
        number_prompts: Puts a number before each prompt, so that none is sent twice and no prefix cache helps.
        at_once: Closed-loop steps, sent after the ladder.
        max_usd: The comparison ends before it costs more; None: no limit.
        traffic_per_hour: 24 or 168 numbers of requests, for the cost at the user's own traffic; () is not given.
    """

    name: str
    run: str
    candidates: tuple[CandidateSpec, ...]
    claims: tuple[Claim, ...]
    prompts: tuple[str, ...]
    max_tokens: int
    looks: Looks
    order: str
    answers: str
    scorer: str
    requests_per_step: int
    warm_up_requests: int
    timeout_seconds: float
    pause_seconds: float
    at_once: tuple[int, ...]
    max_usd: float | None
    seed: int
    traffic_per_hour: tuple[float, ...]
    number_prompts: bool

    def prompt(self, pair: int, step: int, number: int) -> str:
        """Returns the prompt of a request: the same for both candidates, another one in each step and pair."""
        steps = max(len(self.steps(one)) for one in self.candidates)
        place = (pair * steps + step) * self.requests_per_step + number
        prompt = self.prompts[place % len(self.prompts)]
        return f"{place}. {prompt}" if self.number_prompts else prompt

    def steps(self, candidate: CandidateSpec) -> tuple[StepPlan, ...]:
        """Returns the steps of a block: the rates, higher ones for a target that still holds, then closed loops."""
        rates = list(candidate.rates)
        if rates and any(isinstance(claim.condition, LatencyTarget) for claim in self.claims):
            rates += [rates[-1] * EXTENSION**number for number in range(1, EXTENSION_STEPS + 1)]
        return (*(StepPlan(rate=rate) for rate in rates), *(StepPlan(at_once=one) for one in self.at_once))

    def blocks(self) -> list[tuple[int, CandidateSpec]]:
        """Returns (pair, candidate) of every block up to the last look, in the order of time.

        ABBA turns each second pair round; random shuffles each pair with the seed.
        """
        shuffle = random.Random(self.seed)
        found = []
        for pair in range(self.looks.pairs[-1]):
            order = list(self.candidates)
            if self.order == "random":
                shuffle.shuffle(order)
            elif pair % 2:
                order.reverse()
            found += [(pair, one) for one in order]
        return found


def read_spec(path: Path, book: PriceBook) -> Spec:
    """Returns the specification in the file at `path`, with prices from `book`. Raises ConfigurationError."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(str(path), [Problem("file", why, "TOML", f"{page('proof')} shows one")]) from None
    listed = content.get("candidate")
    tables = listed if isinstance(listed, list) and all(isinstance(one, dict) for one in listed) else []
    problems: list[Problem | None] = [
        *unknown_keys("", content, _KEYS),
        None if len(tables) >= 2 else Problem("candidate", len(tables), "two or more [[candidate]] tables", "add them"),
        matching("name", content.get("name"), r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", "letters, digits, . _ -", "name it"),
        instance_of("prompts", content.get("prompts"), str, "the path of a file, relative to this one", "write one"),
        whole_number("max_tokens", content.get("max_tokens"), 1, 100_000, "write how long answers are"),
        one_of("order", content.get("order", "ABBA"), ORDERS, "choose one of them"),
        one_of("answers", content.get("answers", "hash"), ANSWERS, "choose one of them"),
        instance_of("number_prompts", content.get("number_prompts", False), bool, "true or false", "write one"),
        instance_of("scorer", content.get("scorer", ""), str, "a command", "write the command line"),
        _whole(content, "requests_per_step", REQUESTS_PER_STEP, 75, 1_000_000),
        _whole(content, "warm_up_requests", WARM_UP_REQUESTS, 0, 100_000),
        _whole(content, "seed", 1, 0, 2**31),
        _above(content, "timeout_seconds", 60, 3600),
        _above(content, "max_usd", None, 1e7),
        numbers_problem("looks", content.get("looks", [10])),
        numbers_problem("at_once", content.get("at_once", [])),
        numbers_problem("traffic_per_hour", content.get("traffic_per_hour", [])),
        number_above("pause_seconds", content.get("pause_seconds", 0), -1e-9, "write seconds", high=86_400),
    ]
    names = [one.get("name") for one in tables]
    if len(set(map(str, names))) < len(names):
        problems.append(Problem("candidate", names, "different names", "rename one"))
    for number, one in enumerate(tables):
        problems += candidate_problems(f"candidate {one.get('name', number + 1)!r}: ", one)
    looks = Looks()
    claims: tuple[Claim, ...] = ()
    try:
        looks = Looks(pairs=tuple(content.get("looks", [10])))
    except (ConfigurationError, TypeError) as error:
        problems += error.problems if isinstance(error, ConfigurationError) else []
    try:
        claims = tuple(read_claim(one, f"claim {number}: ") for number, one in enumerate(content.get("claim", []), 1))
    except ConfigurationError as error:
        problems += error.problems
    raise_problems(str(path), *problems)
    prompts = _prompts(path.parent / content["prompts"])
    candidates = tuple(candidate_of(one, book) for one in tables)
    return Spec(
        name=content["name"],
        run=_digest(content, prompts),
        candidates=candidates,
        claims=claims,
        prompts=prompts,
        max_tokens=content["max_tokens"],
        looks=looks,
        order=content.get("order", "ABBA"),
        answers=content.get("answers", "hash"),
        scorer=content.get("scorer", ""),
        requests_per_step=content.get("requests_per_step", REQUESTS_PER_STEP),
        warm_up_requests=content.get("warm_up_requests", WARM_UP_REQUESTS),
        timeout_seconds=float(content.get("timeout_seconds", 60)),
        pause_seconds=float(content.get("pause_seconds", 0)),
        at_once=tuple(content.get("at_once", [])),
        max_usd=content.get("max_usd"),
        seed=content.get("seed", 1),
        traffic_per_hour=tuple(content.get("traffic_per_hour", [])),
        number_prompts=content.get("number_prompts", False),
    )


def read_claim(content: Any, prefix: str = "") -> Claim:
    """Returns the claim in a table of a TOML file. Raises ConfigurationError."""
    allowed = (
        "metric",
        "than",
        "at",
        "source",
        "candidate",
        "at_least_percent_lower",
        "at_least_percent_higher",
        "answers",
    )
    if not isinstance(content, dict):
        raise_problems("claim", Problem(f"{prefix}claim", content, "a table", "write [[claim]]"))
    found = list(unknown_keys(prefix, content, frozenset(allowed)))
    found += [Problem(f"{prefix}{key}", None, "text", "add it") for key in allowed[:4] if key not in content]
    raise_problems("claim", *found)
    answers = content.get("answers")
    values = {key: value for key, value in content.items() if key != "answers"}
    if answers is not None:
        if not isinstance(answers, dict) or set(answers) != {"by", "at_least"}:
            fix = 'write answers = {by = "exact", at_least = 0.99}'
            raise_problems("claim", Problem(f"{prefix}answers", answers, "a table with by and at_least", fix))
        values["answers"] = Agreement(**answers)
    return Claim(**values)


def _prompts(path: Path) -> tuple[str, ...]:
    """One prompt a line: text, or a JSON string or object with "prompt"."""
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(
            str(path), [Problem("prompts", why, "a file that can be read", "correct it")]
        ) from None
    prompts = []
    for line in lines:
        content: Any = line
        if line.lstrip().startswith(("{", '"')):
            try:
                content = json.loads(line)
            except ValueError:
                content = line
        prompts.append(str(content.get("prompt", "")) if isinstance(content, dict) else str(content))
    if not prompts or not all(prompts):
        fix = 'write one prompt a line, as text or as {"prompt": "..."}'
        raise ConfigurationError(str(path), [Problem("prompts", f"{len(prompts)} prompts", "prompts with text", fix)])
    return tuple(prompts)


def _digest(content: Mapping[str, Any], prompts: Sequence[str]) -> str:
    # The budget may change while a comparison runs; what is sent, and what is claimed of it, may not.
    free = ("max_usd", "traffic_per_hour", "scorer")
    fixed = {key: value for key, value in content.items() if key not in free}
    text = json.dumps([fixed, list(prompts)], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _whole(content: Mapping[str, Any], key: str, default: int, low: int, high: int) -> Problem | None:
    return whole_number(key, content.get(key, default), low, high, f"leave it out for {default}")


def _above(content: Mapping[str, Any], key: str, default: float | None, high: float) -> Problem | None:
    value = content.get(key, default)
    return None if value is None else number_above(key, value, 0, "write a number", high=high)
