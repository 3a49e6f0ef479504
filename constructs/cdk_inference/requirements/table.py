"""Every requirement, by topic."""

from __future__ import annotations

import functools
import importlib

from cdk_inference.core.alike import nearest
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.core.pages import page
from cdk_inference.requirements.requirement import Requirement

# A module each, with its `REQUIREMENTS`.
TOPICS = {
    "endpoint_configs": "Endpoint configs",
    "hardware": "Instance types and host images",
    "models": "Models",
    "endpoints": "Endpoints and their deployment guardrails",
    "inference_components": "Inference components",
    "scaling": "Scalable targets and scaling policies",
    "steps": "Step adjustments",
    "alarms": "Alarms",
    "alarm_queries": "Metrics, expressions and dimensions of alarms",
    "published_metrics": "Metrics that are published",
    "budgets": "Budgets",
    "guardrails": "Guardrails of Amazon Bedrock",
    "names": "Names in use",
}


@functools.cache
def by_topic() -> dict[str, tuple[Requirement, ...]]:
    """Returns topic -> its requirements."""
    return {topic: importlib.import_module(f"{__package__}.{topic}").REQUIREMENTS for topic in TOPICS}


def requirements() -> tuple[Requirement, ...]:
    """Returns every requirement, in the order of the topics."""
    return tuple(one for rows in by_topic().values() for one in rows)


def chosen_requirements(ids: tuple[str, ...], subject: str, argument: str) -> tuple[Requirement, ...]:
    """Returns the requirements of these ids. subject, argument: begin the message.

    Raises:
        ConfigurationError: There is no requirement of an id.
    """
    known = {one.id: one for one in requirements()}
    raise_problems(subject, *(_unknown(argument, id, tuple(known)) for id in ids if id not in known))
    return tuple(known[id] for id in dict.fromkeys(ids))


def _unknown(argument: str, id: str, known: tuple[str, ...]) -> Problem:
    alike = nearest(str(id), known)
    return Problem(
        argument, id, f"a rule of {page('rules')}", f"write {alike}" if alike else "copy the id from that page"
    )
