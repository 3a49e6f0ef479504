"""What scaling decides in a rehearsal, what it leaves open, and the AWS page of both; `docs/rehearsal.md` lists it."""

from __future__ import annotations

from rehearsal.decisions import SCHEDULED
from rehearsal.step_scaling import STEP
from rehearsal.target_tracking import TRACKING

_USER_GUIDE = "https://docs.aws.amazon.com/autoscaling/application/userguide"
_API = "https://docs.aws.amazon.com/autoscaling/application/APIReference"
# (subject, what is decided, what is not, source), each page read on 2026-11-30.
STATED: tuple[tuple[str, str, str, str], ...] = (
    (
        "time of a scheduled action",
        "at() and cron() in its time zone, rate() from its start time; the start time; nothing after the end time",
        "rate() without a start time; at() with a start or end time; a local time at which clocks change; L, W and #",
        f"{_USER_GUIDE}/scheduled-scaling-using-cron-expressions.html",
    ),
    (
        "effect of a scheduled action",
        "sets minimum and maximum, moves the capacity inside",
        "two actions at one moment; a minimum above the maximum",
        SCHEDULED,
    ),
    (
        "suspended state",
        "stops scheduled actions, or the scale-out or scale-in of policies",
        "",
        f"{_API}/API_SuspendedState.html",
    ),
    (
        "step scaling",
        "a step while its alarm is in ALARM: bounds, rounding, minimum magnitude",
        "points that fall into different steps; an alarm without a point",
        STEP,
    ),
    (
        "an alarm in ALARM",
        "runs its policies once a minute (inferred: the page is about EC2 Auto Scaling)",
        "",
        "https://repost.aws/knowledge-center/autoscaling-policy-cloudwatch-alarm",
    ),
    (
        "cooldown of a step",
        "a larger step adds the difference; a scale-in waits until a scale-out ends it; scheduled actions do not wait",
        "a percentage within it; a scale-in within that of a scale-out or of another policy",
        STEP,
    ),
    ("its default", "300 s", "", f"{_API}/API_StepScalingPolicyConfiguration.html"),
    (
        "target tracking",
        "out in proportion, rounded up: never too little; nothing without points; no scale-in where it is disabled",
        "for how many minutes the metric has to be above its target; every scale-in; "
        "predefined metrics but InvocationsPerInstance",
        TRACKING,
    ),
    (
        "its default cooldown",
        "300 s for a variant",
        "for an inference component",
        f"{_API}/API_TargetTrackingScalingPolicyConfiguration.html",
    ),
    ("several policies", "the largest capacity, for scale-out and scale-in", "", TRACKING),
)
