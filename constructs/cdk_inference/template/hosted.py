"""What a deployment hosts: endpoint -> config -> variants -> instance types and how many of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.references import references_in, shown
from cdk_inference.template.schedule import ScheduledAction, time_weighted_minimum
from cdk_inference.template.stacks import Deployment, Resource

ENDPOINT = "AWS::SageMaker::Endpoint"
CONFIG = "AWS::SageMaker::EndpointConfig"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
_INSTANCES = "sagemaker:variant:DesiredInstanceCount"
_CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
_COUNT_MAX = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How many: at least, at most, and on average where the template tells it (None: it does not)."""

    low: int | Unknown
    high: int | Unknown
    average: float | Unknown | None


@dataclass(frozen=True, kw_only=True)
class Serverless:
    """Memory in MB, the most requests at once, and how many environments are kept warm (None: none)."""

    memory_mb: int | Unknown
    max_concurrency: int | Unknown
    provisioned: Bounds | None


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One production or shadow variant.

    types: its instance type, or those of its pools by priority. volume_gb: None if the template does not set it.
    """

    name: str
    shadow: bool
    types: tuple[str | Unknown, ...]
    instances: Bounds
    volume_gb: int | Unknown | None
    serverless: Serverless | None


@dataclass(frozen=True, kw_only=True)
class HostedEndpoint:
    """One endpoint. `variants` is Unknown where its config is not among what was read.

    capture_percent: share of requests that is captured; None without data capture.
    """

    resource: Resource
    name: str
    variants: tuple[Variant, ...] | Unknown
    asynchronous: bool = False
    capture_percent: int | Unknown | None = None


@dataclass
class Hosting:
    """Every endpoint, and the scalable targets that no endpoint was found for."""

    endpoints: list[HostedEndpoint] = field(default_factory=list)
    stray_targets: list[tuple[Resource, str]] = field(default_factory=list)


def hosting(deployment: Deployment) -> Hosting:
    """Reads all endpoints of all stacks."""
    return _Reader(deployment).read()


class _Reader:
    """Endpoints and what belongs to them.

    A name is unique in one account and region only, and one read may hold several: what is named by text is looked for
    in the endpoint's own stack first, then in its region, where it counts only if it is the only one.
    """

    def __init__(self, deployment: Deployment) -> None:
        self.found = Hosting()
        self.deployment = deployment
        self.configs: dict[tuple[str, str], Resource] = {}  # (stack's key, logical id)
        self.named: dict[str, list[Resource]] = {}
        self.targets: dict[tuple[str, str, str], list[Resource]] = {}  # (endpoint, variant, dimension)
        self.used: set[tuple[str, str]] = set()

    def read(self) -> Hosting:
        for stack in self.deployment.stacks:
            for resource in stack.resources(CONFIG):
                self.configs[stack.key, resource.logical_id] = resource
                name = resource.get("EndpointConfigName")
                if isinstance(name, str):
                    self.named.setdefault(name, []).append(resource)
            for resource in stack.resources(TARGET):
                self._sort_target(resource)
        for stack in self.deployment.stacks:
            for resource in stack.resources(ENDPOINT):
                self.found.endpoints.append(self._endpoint(resource))
        for resources in self.targets.values():
            for resource in resources:
                if _place(resource) not in self.used:
                    self.found.stray_targets.append((resource, "its endpoint is not among what was read"))
        return self.found

    def _sort_target(self, resource: Resource) -> None:
        if resource.get("ServiceNamespace") not in (None, "sagemaker"):
            return
        place = resource.get("ResourceId")
        if not isinstance(place, str):
            reason = place.reason if isinstance(place, Unknown) else "its ResourceId is no text"
            self.found.stray_targets.append((resource, reason))
        elif match := re.fullmatch(r".*?endpoint/([^/]+)/variant/([^/]+)", place, re.DOTALL):
            dimension = resource.get("ScalableDimension")
            dimension = dimension if isinstance(dimension, str) else _INSTANCES
            self.targets.setdefault((match[1], match[2], dimension), []).append(resource)

    def _endpoint(self, resource: Resource) -> HostedEndpoint:
        name = resource.stack.attribute(resource.logical_id, "EndpointName")
        name = name if isinstance(name, str) else resource.logical_id
        label = resource.logical_id if references_in(name) else name
        config = self._config(resource)
        if isinstance(config, Unknown):
            return HostedEndpoint(resource=resource, name=label, variants=config)
        variants: list[Variant] = []
        for key, shadow in (("ProductionVariants", False), ("ShadowProductionVariants", True)):
            written = config.get(key)
            if isinstance(written, Unknown):
                return HostedEndpoint(resource=resource, name=label, variants=written)
            for one in written if isinstance(written, list) else []:
                variants.append(self._variant(one, shadow, name, resource))
        if not variants:
            return HostedEndpoint(resource=resource, name=label, variants=Unknown("its config has no variants"))
        return HostedEndpoint(
            resource=resource,
            name=label,
            variants=tuple(variants),
            asynchronous=config.get("AsyncInferenceConfig") is not None,
            capture_percent=_capture(config.get("DataCaptureConfig")),
        )

    def _config(self, endpoint: Resource) -> Resource | Unknown:
        reference = endpoint.get("EndpointConfigName")
        if isinstance(reference, Unknown):
            return reference
        if not isinstance(reference, str):
            return Unknown("it names no endpoint config")
        found: Resource | Unknown | None = None
        for stack, logical_id, _ in references_in(reference):
            found = found or self.configs.get((stack, logical_id))
        name = reference.rpartition("/")[2]
        found = found or _nearest(self.named.get(name, []), endpoint)
        if found is None:
            return Unknown(f"its endpoint config {shown(name)[:80]} is not among what was read")
        return found.exists if isinstance(found, Resource) and isinstance(found.exists, Unknown) else found

    def _target(self, endpoint: Resource, name: str, variant: str, dimension: str) -> Resource | Unknown | None:
        listed = self.targets.get((name, variant, dimension), [])
        found = _nearest(listed, endpoint)
        chosen = [found] if isinstance(found, Resource) else listed if isinstance(found, Unknown) else []
        self.used.update(_place(one) for one in chosen)
        return found

    def _variant(self, written: Any, shadow: bool, endpoint: str, resource: Resource) -> Variant:
        if isinstance(written, Unknown) or not isinstance(written, dict):
            why = written if isinstance(written, Unknown) else Unknown("a variant is no object")
            bounds = Bounds(low=why, high=why, average=None)
            return Variant(name="?", shadow=shadow, types=(why,), instances=bounds, volume_gb=why, serverless=None)
        given = written.get("VariantName")
        name = given if isinstance(given, str) else "?"
        target = self._target(resource, endpoint, name, _INSTANCES)
        volume, serverless = written.get("VolumeSizeInGB"), written.get("ServerlessConfig")
        kept = None
        if serverless is not None:
            kept = _serverless(serverless, self._target(resource, endpoint, name, _CONCURRENCY))
        return Variant(
            name=shown(name),
            shadow=shadow,
            types=tuple(_types(written)),
            instances=_instances(written, target),
            volume_gb=None if volume is None else whole("VolumeSizeInGB", volume),
            serverless=kept,
        )


def _place(resource: Resource) -> tuple[str, str]:
    return resource.stack.key, resource.logical_id


def _nearest(listed: list[Resource], endpoint: Resource) -> Resource | Unknown | None:
    """The one of the endpoint's own stack, or the only one of its region; Unknown if there are several."""
    own = [one for one in listed if one.stack is endpoint.stack]
    found = own or [one for one in listed if one.stack.region == endpoint.stack.region]
    if len(found) > 1:
        return Unknown(f"{found[0].logical_id} and {found[1].logical_id} stand for the same name")
    return found[0] if found else None


def _types(written: dict[str, Any]) -> Iterator[str | Unknown]:
    pools = written.get("InstancePools")
    if "InstanceType" not in written and isinstance(pools, list) and pools:
        objects = [pool if isinstance(pool, dict) else {} for pool in pools]
        for pool in sorted(objects, key=_priority):
            yield _type(pool.get("InstanceType"))
    elif "InstanceType" not in written and isinstance(pools, Unknown):
        yield pools
    else:
        yield _type(written.get("InstanceType"))


def _priority(pool: dict[str, Any]) -> int:
    found = whole("Priority", pool.get("Priority"))
    return found if isinstance(found, int) else _COUNT_MAX


def _type(value: Any) -> str | Unknown:
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, str) or not value:
        return Unknown("the template names no instance type")
    return Unknown(f"the instance type {shown(value)} is known at deployment only") if references_in(value) else value


def _instances(written: dict[str, Any], target: Resource | Unknown | None) -> Bounds:
    """Of the scalable target if there is one, else of managed scaling, else the initial count."""
    if target is not None:
        return _target_bounds(target)
    managed = written.get("ManagedInstanceScaling")
    if isinstance(managed, Unknown):
        return Bounds(low=managed, high=managed, average=None)
    if isinstance(managed, dict) and managed.get("Status") == "ENABLED":
        low = whole("MinInstanceCount", managed.get("MinInstanceCount"))
        high = whole("MaxInstanceCount", managed.get("MaxInstanceCount"))
        return Bounds(low=low, high=high, average=low if low == high else None)
    if isinstance(managed, dict) and managed.get("Status") not in (None, "DISABLED"):
        why = Unknown("whether managed instance scaling is enabled is not known")
        return Bounds(low=why, high=why, average=None)
    count = whole("InitialInstanceCount", written.get("InitialInstanceCount"))
    return Bounds(low=count, high=count, average=count)


def _target_bounds(target: Resource | Unknown) -> Bounds:
    exists = target if isinstance(target, Unknown) else target.exists
    if isinstance(target, Unknown) or isinstance(exists, Unknown):
        why = exists if isinstance(exists, Unknown) else Unknown("the scalable target is not known")
        return Bounds(low=why, high=why, average=why)
    low, high = whole("MinCapacity", target.get("MinCapacity")), whole("MaxCapacity", target.get("MaxCapacity"))
    actions = _actions(target.get("ScheduledActions"))
    if isinstance(actions, Unknown):
        return Bounds(low=actions, high=actions, average=actions)
    lows: list[int | Unknown] = [low, *(action.minimum for action in actions if action.minimum is not None)]
    highs: list[int | Unknown] = [high, *(action.maximum for action in actions if action.maximum is not None)]
    average = time_weighted_minimum(actions)
    suspended = target.get("SuspendedState")
    state = suspended.get("ScheduledScalingSuspended") if isinstance(suspended, dict) else suspended
    if average is not None and state not in (None, False, "false"):
        average = Unknown("scheduled scaling is suspended, or may be")
    lowest, highest = _extreme(lows, min), _extreme([*highs, *lows], max)
    return Bounds(low=lowest, high=highest, average=lowest if average is None and lowest == highest else average)


def _extreme(values: list[int | Unknown], choose: Any) -> int | Unknown:
    unknown = next((value for value in values if isinstance(value, Unknown)), None)
    return unknown or int(choose(values))


def _actions(written: Any) -> list[ScheduledAction] | Unknown:
    if written is None:
        return []
    if isinstance(written, Unknown):
        return written
    if not isinstance(written, list):
        return Unknown("ScheduledActions is no list")
    found = []
    for one in written:
        change = one.get("ScalableTargetAction") if isinstance(one, dict) else None
        schedule = one.get("Schedule") if isinstance(one, dict) else None
        if not isinstance(change, dict) or not isinstance(schedule, str):
            return Unknown("a scheduled action has another form, or is known at deployment only")
        bounds = {}
        for key in ("MinCapacity", "MaxCapacity"):
            value = whole(key, change[key]) if change.get(key) is not None else None
            if isinstance(value, Unknown):
                return value
            bounds[key] = value
        found.append(
            ScheduledAction(
                schedule=schedule,
                minimum=bounds["MinCapacity"],
                maximum=bounds["MaxCapacity"],
                zone=str(one.get("Timezone") or "UTC"),
                has_term="StartTime" in one or "EndTime" in one,
            )
        )
    return found


def _serverless(written: Any, target: Resource | Unknown | None) -> Serverless:
    if not isinstance(written, dict):
        why = written if isinstance(written, Unknown) else Unknown("ServerlessConfig is no object")
        return Serverless(memory_mb=why, max_concurrency=why, provisioned=None)
    provisioned = written.get("ProvisionedConcurrency")
    bounds = None
    if target is not None:
        bounds = _target_bounds(target)
    elif provisioned is not None:
        count = whole("ProvisionedConcurrency", provisioned)
        bounds = Bounds(low=count, high=count, average=count)
    return Serverless(
        memory_mb=whole("MemorySizeInMB", written.get("MemorySizeInMB")),
        max_concurrency=whole("MaxConcurrency", written.get("MaxConcurrency")),
        provisioned=bounds,
    )


def _capture(written: Any) -> int | Unknown | None:
    if written is None or isinstance(written, Unknown):
        return written
    if not isinstance(written, dict):
        return Unknown("DataCaptureConfig is no object")
    enabled = written.get("EnableCapture", True)
    if enabled in (False, "false"):
        return None
    return whole("InitialSamplingPercentage", written.get("InitialSamplingPercentage"))


def whole(name: str, value: Any) -> int | Unknown:
    """A count of 0 or more, also as text, which CloudFormation takes too."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _COUNT_MAX:
        told = "is not set" if value is None else f"is {shown(str(value))[:40]!r}, no count"
        return Unknown(f"{name} {told}")
    return value
