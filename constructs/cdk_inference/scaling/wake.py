"""Scaling out from zero: target tracking has no data points, so a step policy and its alarm start the first instance.

AWS's page says of an asynchronous endpoint that target tracking leaves zero once the backlog exceeds the target;
reports from the field deny it (nothing divides by zero instances). So the step policy always comes with a minimum of
zero.
"""

from __future__ import annotations

from cdk_inference.metrics import MetricFact, published
from cdk_inference.scaling.policy_parts import AlarmOn, Stepped
from cdk_inference.scaling.target import ScalableTarget

_ONE_MORE = ((0, None, 1),)


def wake(target: ScalableTarget) -> Stepped:
    """The policy that takes `target` from zero to one. An asynchronous variant or an inference component.

    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html (read 2026-11-22)
    https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html (read 2026-11-24)
    """
    fact = published(target.rules.wakes_on or "", target.kind)
    assert isinstance(fact, MetricFact)
    if not target.rules.has_copies:
        return Stepped(
            name="wake",
            scales_from_zero=True,
            alarm=AlarmOn(
                name="wake",
                description=f"{target.endpoint_name} has requests in its queue and no instance: one is started.",
                source=target.measured(fact),
                threshold=1,
                breaching=2,
                evaluated=2,
            ),
            steps=_ONE_MORE,
        )
    return Stepped(
        name="wake",
        scales_from_zero=True,
        alarm=AlarmOn(
            name="wake",
            description=(
                f"{target.component_name} received requests while no copy of it ran: one is started. Requests fail "
                "until then."
            ),
            source=target.measured(fact),
            # AWS's guide says more than 1: then one failed request a minute would never wake it. Its notebook has
            # at least 1, as here: scale-to-zero-endpoint in
            # https://github.com/aws-samples/sagemaker-genai-hosting-examples (read 2026-11-22)
            threshold=1,
            breaching=1,
            evaluated=1,
        ),
        steps=_ONE_MORE,
        aggregation="Maximum",
        cooldown_seconds=60,
    )
