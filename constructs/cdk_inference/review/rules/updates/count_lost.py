"""An update that puts a scaled-out endpoint back to its initial count."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.changes import same
from cdk_inference.review.endpoint_properties import Owner
from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import StackPair
from cdk_inference.review.rule import Rule
from cdk_inference.review.transitions.sources import UPDATE
from cdk_inference.review.transitions.transition import Outcome
from cdk_inference.template.values import items, mapping, readable

_PROPERTY = ("endpoint", "RetainAllVariantProperties")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-sagemaker-endpoint-variantproperty.html
# (read 2026-11-30)
_EXCLUDED, _COUNT = ("endpoint", "ExcludeRetainedVariantProperties"), "DesiredInstanceCount"


def check(pair: StackPair) -> Iterator[Hit]:
    """Of endpoints that are autoscaled before and after, and whose config changes."""
    new_fleets = {change.subject for change in pair.updates.changes if change.transition.outcome is Outcome.BLUE_GREEN}
    for name in sorted(new_fleets):
        old, new = (side.endpoints.get(name) for side in pair.endpoint_properties)
        if old is None or new is None or not (_counted(old) & _counted(new)) or _retains(new):
            continue
        given_up = _retains(old)
        why, safe = (
            (f"{_EXCLUDED[-1]} has {_COUNT}", f"remove {_COUNT} from {_EXCLUDED[-1]}")
            if _set(new)
            else (
                f"{_PROPERTY[-1]} is {'no longer true' if given_up else 'not set'}",
                "set RetainAllVariantProperties: true on the AWS::SageMaker::Endpoint",
            )
        )
        yield pair.owner_hit(
            name,
            f"its config changes, and {why} although it is autoscaled",
            f"the update resets it to its initial count ({_first_counts(new)} instances), regardless of the current "
            "count",
            safe,
            "error" if given_up else None,
        )


def _counted(subject: Owner) -> set[str]:
    """The variants that are scaled and have instances; a serverless one has no count."""
    return {
        one
        for one in subject.registered
        if ("variant", one, "ServerlessConfig", "MaxConcurrency") not in subject.properties
    }


def _retains(subject: Owner) -> bool:
    """Whether an update keeps the counts: all is retained, and the count is not excluded."""
    leaf = subject.properties.get(_EXCLUDED)
    excluded = [mapping(one).get("VariantPropertyType") for one in items(leaf.value)] if leaf is not None else []
    return _set(subject) and _COUNT not in excluded


def _set(subject: Owner) -> bool:
    leaf = subject.properties.get(_PROPERTY)
    return leaf is not None and same(leaf.value, True)


def _first_counts(subject: Owner) -> str:
    counts = [
        readable(str(leaf.value))
        for path, leaf in sorted(subject.properties.items())
        if path[0] == "variant" and path[2:] == ("InitialInstanceCount",) and path[1] in subject.registered
    ]
    return ", ".join(counts) or "not said"


RULE = Rule(
    id="count-lost",
    level="warning",
    title="An update that resets the count of a scaled-out endpoint",
    why=(
        "UpdateEndpoint sets each variant to the InitialInstanceCount of the new config unless "
        "RetainAllVariantProperties is set, without DesiredInstanceCount in ExcludeRetainedVariantProperties. It is an "
        "error where the change itself gives that up. Endpoints that are not autoscaled, and changes that leave the "
        "config alone, are not findings."
    ),
    source=UPDATE,
    check=check,
)
