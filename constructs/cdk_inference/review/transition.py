"""One change of a running endpoint, and what it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# What becomes of the endpoint, from harmless to final.
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "in place": "CloudFormation changes settings beside the endpoint; what serves goes on serving",
        "new config": "a new endpoint config; the endpoint moves to it as its rollout says, and back if alarms fire",
        "two deployments": "one deployment cannot do it: the first makes the second possible",
        "new endpoint": "another endpoint beside the old one or in its place; callers move, or wait",
        "refused": "refused at synth time, with what to do",
    }
)

# How sure it is. documented: AWS's page, API model or CloudFormation schema says so; inferred: it follows from these;
# reported: seen by users, in a thread that is named.
CONFIDENCES = ("documented", "inferred", "reported")


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A row of the table.

    id: a short name. change: what the user changes, in words. where: on which endpoints.
    outcome: one of `OUTCOMES`. deployments: how many it takes. lines: how many lines of settings change; 0 where that
    depends on you.
    how: what to do, or what happens. otherwise: what goes wrong if it is done in another way.
    source: AWS's page or the thread, with the day it was read. confidence: one of `CONFIDENCES`.
    """

    id: str
    change: str
    where: str
    outcome: str
    deployments: int
    lines: int
    how: str
    otherwise: str = ""
    source: str
    confidence: str = "documented"
