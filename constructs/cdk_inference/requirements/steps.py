"""What Application Auto Scaling requires of the steps of a step scaling policy."""

from __future__ import annotations

import itertools

from cdk_inference.core.errors import Problem
from cdk_inference.requirements.conditions import always, required
from cdk_inference.requirements.part import Part
from cdk_inference.requirements.requirement import Check, Requirement
from cdk_inference.requirements.scaling import POLICY

_STEPS = "StepScalingPolicyConfiguration"
_LOWER, _UPPER = "MetricIntervalLowerBound", "MetricIntervalUpperBound"
_OPEN = {_LOWER: "lower", _UPPER: "upper"}
Step = tuple[float | None, float | None]


def _bounds(part: Part) -> list[Step]:
    return [(step.number(_LOWER), step.number(_UPPER)) for step in part.parts("StepAdjustments")]


def _one_open(member: str) -> Check:
    """At most one step has no bound on this side."""

    def check(part: Part) -> Problem | None:
        side = list(_OPEN).index(member)
        bounds = _bounds(part)
        count = sum(one[side] is None for one in bounds)
        # Steps without any bound are of another row.
        if count < 2 or (None, None) in bounds:
            return None
        allowed = f"at most one step without {member}"
        return Problem("StepAdjustments", f"{count} without {member}", allowed, f"give the others a {member}")

    return check


def _open_needed(member: str, sign: int, words: str) -> Check:
    """Where a bound lies on the far side of the threshold, a step without that bound covers the rest."""

    def check(part: Part) -> Problem | None:
        side = list(_OPEN).index(member)
        found = [one[side] for one in _bounds(part)]
        beyond = [bound for bound in found if bound is not None and bound * sign > 0]
        if not beyond or None in found:
            return None
        got = f"{member} {min(beyond) if sign < 0 else max(beyond):g}, and no step without one"
        fix = f"remove {member} from the outermost step"
        return Problem("StepAdjustments", got, f"a step without {member} together with a {words} one", fix)

    return check


def _both_open(part: Part) -> Problem | None:
    if part.number(_LOWER) is not None or part.number(_UPPER) is not None:
        return None
    return Problem(
        "", "neither bound", f"{_LOWER}, {_UPPER} or both", f"add {_LOWER}: 0 for a step above the threshold"
    )


def _order(part: Part) -> Problem | None:
    lower, upper = part.number(_LOWER), part.number(_UPPER)
    if lower is None or upper is None or upper > lower:
        return None
    return Problem(_UPPER, f"{upper:g}", f"more than {_LOWER}, {lower:g}", "exchange the two, or widen the step")


def _contiguous(part: Part) -> Problem | None:
    bounds = _bounds(part)
    opened = [sum(one[side] is None for one in bounds) for side in (0, 1)]
    wrong = any(lower is not None and upper is not None and upper <= lower for lower, upper in bounds)
    if max(opened, default=0) > 1 or (None, None) in bounds or wrong:
        return None  # rows of their own
    ordered = sorted(bounds, key=lambda one: float("-inf") if one[0] is None else one[0])
    for (_, upper), (lower, _) in itertools.pairwise(ordered):
        if upper != lower:
            ends = "no end" if upper is None else f"{upper:g}"
            got = f"a step up to {ends}, and the next from {0 if lower is None else lower:g}"
            return Problem("StepAdjustments", got, "steps without gap or overlap", "begin each where the other ends")
    return None


def _exact(part: Part) -> Problem | None:
    if part.text("AdjustmentType") != "ExactCapacity":
        return None
    for number, step in enumerate(part.parts("StepAdjustments")):
        value = step.number("ScalingAdjustment")
        if value is not None and value < 0:
            where = f"StepAdjustments[{number}].ScalingAdjustment"
            return Problem(where, f"{value:g}", "0 or more with ExactCapacity", "write the capacity to reach")
    return None


def _given(part: Part) -> Problem | None:
    if part.items("StepAdjustments"):
        return None
    return Problem("StepAdjustments", None, "at least one step", "add a step")


REQUIREMENTS = (
    Requirement(
        id="step-adjustment-type",
        type=POLICY,
        at=_STEPS,
        service="application-autoscaling",
        shape="StepScalingPolicyConfiguration",
        member="AdjustmentType",
        sentence="AdjustmentType is required if you are adding a new step scaling policy configuration.",
        check=required("AdjustmentType", always, "capacity is scaled in steps"),
    ),
    Requirement(
        id="step-given",
        type=POLICY,
        at=_STEPS,
        service="application-autoscaling",
        shape="StepScalingPolicyConfiguration",
        member="StepAdjustments",
        sentence="At least one step adjustment is required if you are adding a new step scaling policy configuration.",
        check=_given,
    ),
    Requirement(
        id="step-ranges",
        type=POLICY,
        at=_STEPS,
        service="application-autoscaling",
        shape="StepAdjustment",
        sentence="The ranges of your step adjustments can't overlap or have a gap.",
        check=_contiguous,
    ),
    Requirement(
        id="step-open-lower",
        type=POLICY,
        at=_STEPS,
        service="application-autoscaling",
        shape="StepAdjustment",
        sentence="At most one step adjustment can have a null lower bound.",
        check=_one_open(_LOWER),
    ),
    Requirement(
        id="step-open-upper",
        type=POLICY,
        at=_STEPS,
        service="application-autoscaling",
        shape="StepAdjustment",
        sentence="At most one step adjustment can have a null upper bound.",
        check=_one_open(_UPPER),
    ),
    Requirement(
        id="step-below",
        type=POLICY,
        at=_STEPS,
        service="application-autoscaling",
        shape="StepAdjustment",
        sentence="If one step adjustment has a negative lower bound, then there must be a step adjustment with a null "
        "lower bound.",
        check=_open_needed(_LOWER, -1, "negative"),
    ),
    Requirement(
        id="step-above",
        type=POLICY,
        at=_STEPS,
        service="application-autoscaling",
        shape="StepAdjustment",
        sentence="If one step adjustment has a positive upper bound, then there must be a step adjustment with a null "
        "upper bound.",
        check=_open_needed(_UPPER, 1, "positive"),
    ),
    Requirement(
        id="step-without-bounds",
        type=POLICY,
        at=f"{_STEPS}.StepAdjustments[]",
        service="application-autoscaling",
        shape="StepAdjustment",
        sentence="The upper and lower bound can't be null in the same step adjustment.",
        check=_both_open,
    ),
    Requirement(
        id="step-order",
        type=POLICY,
        at=f"{_STEPS}.StepAdjustments[]",
        service="application-autoscaling",
        shape="StepAdjustment",
        member="MetricIntervalUpperBound",
        sentence="The upper bound must be greater than the lower bound.",
        check=_order,
    ),
    Requirement(
        id="step-exact-capacity",
        type=POLICY,
        at=_STEPS,
        service="application-autoscaling",
        shape="StepAdjustment",
        member="ScalingAdjustment",
        sentence="For exact capacity, you must specify a non-negative value.",
        check=_exact,
    ),
)
