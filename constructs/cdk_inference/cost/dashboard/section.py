"""One thing that the dashboard has a section for: a target, or a further variant of an endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import Stack
from constructs import Construct

from cdk_inference.core.checks import has_members, is_token
from cdk_inference.endpoints import BilledVariant
from cdk_inference.endpoints.pool_metrics import PoolMetrics, VariantMetrics
from cdk_inference.hardware import InstanceType
from cdk_inference.hosting import KINDS as HOSTED
from cdk_inference.hosting import SERVERLESS, CountRange
from cdk_inference.metrics import KINDS, MetricFact, published
from cdk_inference.metrics.fact import ANY_HARDWARE
from cdk_inference.scaling import Policy


@dataclass(frozen=True, kw_only=True)
class Part:
    """What is known of it.

    name: what people call it. region: the dashboard's. words: its kind and hardware, for the heading.
    metrics: has the words of an `InferenceTarget`, and `metric(name)` where `kind` is known.
    kind: one of `cdk_inference.metrics.KINDS`; None for a target that is not of this package.
    types: its instance types; None where there are none, or none are known.
    policy: what scales it; None where that is not known.
    counts: how many instances or copies of it run; None where that is not known.
    variant: how its instances are counted, if they are.
    has_requests: whether it publishes requests of its own.
    """

    name: str
    region: str
    metrics: Any
    kind: str | None = None
    types: tuple[InstanceType, ...] | None = None
    policy: Policy | None = None
    counts: CountRange | None = None
    variant: BilledVariant | None = None
    has_requests: bool = True

    def publishes(self, metric_name: str) -> bool:
        """Whether the tables have this metric for the kind and the hardware; what is not known counts as no."""
        fact = None if self.kind is None else published(metric_name, self.kind)
        if not isinstance(fact, MetricFact):
            return False
        if self.types is None:
            return fact.hardware == ANY_HARDWARE
        return any(one.kind in fact.hardware for one in self.types)

    @property
    def counts_copies(self) -> bool:
        """Whether it is an inference component, of which copies run."""
        hosted = HOSTED.get(str(self.kind))
        return hosted is not None and hosted.of_component

    @property
    def serverless(self) -> bool:
        """Whether AWS chooses what it runs on."""
        return HOSTED.get(str(self.kind)) is SERVERLESS

    @property
    def words(self) -> str:
        """Kind and hardware."""
        kind = "" if self.kind is None else KINDS[self.kind].partition(" ")[2]
        names = ", ".join(one.name for one in self.types or ())
        return " · ".join(word for word in (kind, names) if word)


def parts_of(target: Any, region: str) -> Iterator[Part]:
    """The target itself, then the further variants of an endpoint that has some."""
    kind = getattr(target, "kind", None)
    kind = kind if kind in KINDS else None
    variants = target.billed_variants if has_members(target, "billed_variants") else ()
    hosted = HOSTED.get(str(kind))
    scaling = getattr(target, "scaling", None)
    policy = scaling if isinstance(scaling, Policy) else None
    own = next((one for one in variants if one.metrics is target), None)
    place = _elsewhere(target, region)
    yield Part(
        name=f"{target.target_name}{place}",
        region=region,
        metrics=target,
        kind=kind,
        types=getattr(target, "instance_types", None),
        policy=policy,
        counts=policy.counts if policy is not None else own.hosted.instances if own is not None else None,
        variant=own,
        has_requests=hosted is None or hosted.has_requests,
    )
    for one in variants:
        if one.metrics is not target:
            yield Part(
                name=f"{target.target_name}{place}, variant {one.metrics.variant_name}",
                region=region,
                metrics=_OfEndpoint(one.metrics, target),
                kind=kind,
                types=one.metrics.instance_types,
                counts=one.hosted.instances,
                variant=one,
                has_requests=one.counts_requests,
            )


class _OfEndpoint(VariantMetrics):
    """The metrics of a variant, at the place of its endpoint."""

    def __init__(self, variant: PoolMetrics, endpoint: Construct) -> None:
        super().__init__(variant.endpoint_name, variant.variant_name, variant.instance_types or ())
        self._endpoint = endpoint

    def _published(self, fact: MetricFact, further: Mapping[str, str], options: Mapping[str, Any]) -> Any:
        return super()._published(fact, further, options).attach_to(self._endpoint)


def _elsewhere(target: Any, region: str) -> str:
    """What is said of the region of a target that is not in the dashboard's."""
    if not isinstance(target, Construct):
        return ""
    other = Stack.of(target).region
    return "" if other == region or is_token(other) else f", {other}"
