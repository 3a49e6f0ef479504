"""An update that SageMaker refuses, after minutes, or that no page says it accepts."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.endpoint_words import change_words, steps_words
from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import StackPair
from cdk_inference.review.rule import Rule
from cdk_inference.review.transitions.sources import SCALED_UPDATE
from cdk_inference.review.transitions.transition import Outcome, Sure
from cdk_inference.template.values import readable


def check(pair: StackPair) -> Iterator[Hit]:
    """By the table of updates, and scalable targets of what their endpoint does not have."""
    before = {place for _, place in pair.endpoint_properties[0].astray}
    for logical_id, place in pair.endpoint_properties[1].astray:
        resource = pair.resources.get(logical_id)
        if place not in before and resource is not None:
            yield resource.hit(
                f"its ResourceId is {readable(place)}, and the endpoint has no such variant",
                "the deployment fails: only a variant that the endpoint has can be registered for scaling",
                "write the VariantName of the endpoint config into the ResourceId",
            )
    for change in pair.updates.changes:
        row = change.transition
        if row.outcome not in (Outcome.TWO_DEPLOYMENTS, Outcome.REFUSED):
            continue
        depends = bool(change.differences) and all(one.depends for one in change.differences)
        doubtful = row.sure is Sure.UNKNOWN or depends
        fails = "the update fails and is rolled back"
        means = f"if the value is another one, {fails}. {row.to_know}" if depends else f"{fails}. {row.to_know}"
        yield pair.owner_hit(
            change.subject,
            change_words(change),
            row.to_know if row.sure is Sure.UNKNOWN else means,
            steps_words(row),
            "warning" if doubtful else None,
        )


RULE = Rule(
    id="endpoint-update-fails",
    level="error",
    title="An endpoint update that fails in one deployment",
    why=(
        "SageMaker refuses to change the instance type of a variant that is registered for autoscaling, or to remove "
        "one, and CloudFormation cannot deregister, update and register in one update. Where AWS documents neither "
        "success nor failure, or a value is known at deployment only, it is a warning. The rows are those of the "
        "table of updates. A minimum of 0 for a variant of a real-time endpoint, and a scalable target of a variant "
        "that its endpoint does not have, fail too."
    ),
    source=SCALED_UPDATE,
    check=check,
)
