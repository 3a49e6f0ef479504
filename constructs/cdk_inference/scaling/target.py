"""The scalable target: a variant or an inference component, as Application Auto Scaling names it, and its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.hardware import InstanceType
from cdk_inference.hosting import KINDS, ScalingRules
from cdk_inference.metrics import MetricFact
from cdk_inference.scaling.policy_parts import Measured

# The service's own alarms begin so, and its role may write no others: ours must not look like them.
# https://docs.aws.amazon.com/autoscaling/application/userguide/security-iam-awsmanpol.html (read 2026-11-22)
SERVICE_ALARM_PREFIX = "TargetTracking"


# Kind -> the rules of its scaling, where Application Auto Scaling scales it.
SCALABLE: Mapping[str, ScalingRules] = {name: kind.scaling for name, kind in KINDS.items() if kind.scaling is not None}


@dataclass(frozen=True, kw_only=True)
class ScalableTarget:
    """One thing that is scaled. Made by `ScalableTarget.variant(...)` or `ScalableTarget.component(...)`.

    kind: "realtime", "async", "serverless" or "component".
    endpoint_name, variant_name: of a variant. Default "".
    component_name: of an inference component. Default "".
    hardware: the instance types that it runs on, one or a pool each. Default: not known.
    max_concurrency: of a serverless variant. Default: not known.
    account, region: where it is, or a token. Default "": not known. Metrics of others are refused.
    """

    kind: str
    endpoint_name: str = ""
    variant_name: str = ""
    component_name: str = ""
    hardware: tuple[InstanceType, ...] = ()
    max_concurrency: int | None = None
    account: str = ""
    region: str = ""

    def __post_init__(self) -> None:
        fix = "choose one of these"
        kind = None if self.kind in SCALABLE else Problem("kind", self.kind, ", ".join(SCALABLE), fix)
        prefixed = None
        if not is_token(self.name) and self.name.startswith(SERVICE_ALARM_PREFIX):
            allowed = (
                f"a name that does not begin with {SERVICE_ALARM_PREFIX}, as Application Auto Scaling's own alarms do"
            )
            prefixed = Problem("name", self.name, allowed, "rename it")
        raise_problems("ScalableTarget", kind, prefixed)

    @classmethod
    def variant(
        cls,
        kind: str,
        endpoint_name: str,
        variant_name: str,
        *,
        hardware: tuple[InstanceType, ...] = (),
        max_concurrency: int | None = None,
        account: str = "",
        region: str = "",
    ) -> ScalableTarget:
        """A variant of a real-time, asynchronous or serverless endpoint."""
        return cls(
            kind=kind,
            endpoint_name=endpoint_name,
            variant_name=variant_name,
            hardware=hardware,
            max_concurrency=max_concurrency,
            account=account,
            region=region,
        )

    @classmethod
    def component(
        cls, component_name: str, *, hardware: tuple[InstanceType, ...] = (), account: str = "", region: str = ""
    ) -> ScalableTarget:
        """An inference component; `hardware` is that of the endpoint that hosts it."""
        return cls(kind="component", component_name=component_name, hardware=hardware, account=account, region=region)

    @property
    def rules(self) -> ScalingRules:
        """What its kind allows."""
        return SCALABLE[self.kind]

    @property
    def resource_id(self) -> str:
        """As Application Auto Scaling writes it."""
        if self.rules.has_copies:
            return f"inference-component/{self.component_name}"
        return f"endpoint/{self.endpoint_name}/variant/{self.variant_name}"

    @property
    def name(self) -> str:
        """Begins the names of its alarms, which are unique in a region."""
        return self.component_name or f"{self.endpoint_name}-{self.variant_name}"

    @property
    def policy_prefix(self) -> str:
        """Begins the names of its policies, which are unique for one target."""
        return self.component_name or self.endpoint_name

    def measured(self, fact: MetricFact, statistic: str | None = None, **more: str) -> Measured:
        """The metric of this target; `more` are further dimensions."""
        values = {
            "EndpointName": self.endpoint_name,
            "VariantName": self.variant_name,
            "InferenceComponentName": self.component_name,
        }
        return Measured(
            namespace=fact.namespace,
            metric_name=fact.name,
            dimensions=(*((name, values[name]) for name in fact.dimensions), *more.items()),
            statistic=statistic or fact.statistic,
        )
