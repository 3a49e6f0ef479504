"""What AWS requires in words and in no schema, as rows; each judges the resources of any template.

"Required" is the API's own word ("Required when RoutingStrategy is PREFIX_AWARE"), so a row is a requirement.
`judge(deployment)` gives the violations, and what could not be judged. docs/rules.md lists the rows.
"""

from cdk_inference.requirements.judge import Judgement, judge
from cdk_inference.requirements.requirement import NotChecked, Requirement, Violation
from cdk_inference.requirements.table import TOPICS, by_topic, chosen_requirements, requirements

__all__ = [
    "TOPICS",
    "Judgement",
    "NotChecked",
    "Requirement",
    "Violation",
    "by_topic",
    "chosen_requirements",
    "judge",
    "requirements",
]
