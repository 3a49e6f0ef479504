"""What a deployment hosts: endpoint -> config -> variants -> instance types and how many of them; and components."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.hosting import (
    KINDS,
    CountRange,
    EndpointKind,
    HostedComponent,
    HostedEndpoint,
    HostedVariant,
    Serverless,
)
from cdk_inference.hosting.endpoint_kind import COPIES, INSTANCES, PROVISIONED
from cdk_inference.template.partial_text import text_in
from cdk_inference.template.scalable_targets import TARGET, Scaled, scaled_by, target_counts, whole
from cdk_inference.template.stacks import Deployment, Resource
from cdk_inference.template.values import items, last_part, mapping, readable, references_in, shown

ENDPOINT = "AWS::SageMaker::Endpoint"
CONFIG = "AWS::SageMaker::EndpointConfig"
COMPONENT = "AWS::SageMaker::InferenceComponent"
_PRIORITY_LAST = 1_000_000
# What an endpoint is called: the mark of its resource where only the deployment names it, and as it is written.
Names = tuple[str, ...]
_DIMENSIONS = {"endpoint": INSTANCES, "inference-component": COPIES}


@dataclass(frozen=True, kw_only=True)
class EndpointInTemplate:
    """An endpoint and the resource that makes it.

    name: as Ref and Fn::GetAtt give it inside the deployment, with a mark where only the deployment knows it.
    names: `name`, and the text in the template where that is another.
    """

    resource: Resource
    name: str
    hosted: HostedEndpoint
    names: Names

    @property
    def place(self) -> tuple[str, str]:
        """The key of its stack, and its logical id."""
        return _place(self.resource)


@dataclass
class Hosting:
    """Every endpoint, and the scalable targets that no variant was found for, with the reason."""

    endpoints: list[EndpointInTemplate] = field(default_factory=list)
    stray_targets: list[tuple[Resource, str]] = field(default_factory=list)


def read_hosting(deployment: Deployment) -> Hosting:
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
        self.targets: dict[tuple[Scaled, str], list[Resource]] = {}  # (what is scaled, dimension)
        self.components: dict[str, list[Resource]] = {}  # endpoint's name
        self.used: set[tuple[str, str]] = set()

    def read(self) -> Hosting:
        for stack in self.deployment.stacks:
            for resource in stack.resources(CONFIG):
                self.configs[_place(resource)] = resource
                name = text_in(resource.get("EndpointConfigName"))
                if name is not None:
                    self.named.setdefault(name, []).append(resource)
            for resource in stack.resources(TARGET):
                self._sort_target(resource)
            for resource in stack.resources(COMPONENT):
                name = text_in(resource.get("EndpointName"))
                if name is not None:
                    self.components.setdefault(last_part(name), []).append(resource)
        for stack in self.deployment.stacks:
            for resource in stack.resources(ENDPOINT):
                self.found.endpoints.append(self._endpoint(resource))
        for (scaled, _), resources in self.targets.items():
            for resource in resources if scaled.variant else ():  # copies of a component cost nothing themselves
                if _place(resource) not in self.used:
                    what = readable(f"variant {scaled.variant} of endpoint {scaled.name}")[:160]
                    self.found.stray_targets.append((resource, f"{what} is not among what was read"))
        return self.found

    def _sort_target(self, resource: Resource) -> None:
        service, dimension = resource.get("ServiceNamespace"), resource.get("ScalableDimension")
        if (isinstance(dimension, str) and service is None) or isinstance(service, Unknown):
            service = str(dimension).partition(":")[0] if isinstance(dimension, str) else None
        if service not in (None, "sagemaker"):
            return
        written = resource.get("ResourceId")
        text = text_in(written)
        if text is not None and (scaled := scaled_by(text)) is not None:
            dimension = dimension if isinstance(dimension, str) else _DIMENSIONS[scaled.kind]
            self.targets.setdefault((scaled, dimension), []).append(resource)
        elif isinstance(written, Unknown):
            self.found.stray_targets.append((resource, written.reason))
        elif service is not None or not isinstance(written, str):
            self.found.stray_targets.append((resource, "its ResourceId names no variant and no inference component"))

    def _endpoint(self, resource: Resource) -> EndpointInTemplate:
        name = resource.stack.attribute(resource.logical_id, "EndpointName")
        name = name if isinstance(name, str) else resource.logical_id
        written = text_in(resource.get("EndpointName"))
        names = tuple(dict.fromkeys([name] if written is None else [name, written]))
        config = self._config(resource)
        variants = config if isinstance(config, Unknown) else self._variants(config, names, resource)
        hosted = HostedEndpoint(
            name=resource.logical_id if references_in(name) else name,
            kind=config if isinstance(config, Unknown) else _kind(config),
            variants=variants,
            components=tuple(sorted(self._components(names, resource), key=lambda one: one.name)),
            capture_percent=None if isinstance(variants, Unknown) else _capture(config),
        )
        return EndpointInTemplate(resource=resource, name=name, hosted=hosted, names=names)

    def _config(self, endpoint: Resource) -> Resource | Unknown:
        written = endpoint.get("EndpointConfigName")
        reference = text_in(written)
        if reference is None:
            return written if isinstance(written, Unknown) else Unknown("it names no endpoint config")
        found: Resource | Unknown | None = None
        for stack, logical_id, _ in references_in(reference):
            found = found or self.configs.get((stack, logical_id))
        name = last_part(reference)
        found = found or _nearest(self.named.get(name, []), endpoint)
        if found is None and isinstance(written, Unknown):
            return written
        if found is None:
            return Unknown(f"its endpoint config {shown(name)[:80]} is not among what was read")
        return found.exists if isinstance(found, Resource) and isinstance(found.exists, Unknown) else found

    def _variants(self, config: Resource, names: Names, endpoint: Resource) -> tuple[HostedVariant, ...] | Unknown:
        variants: list[HostedVariant] = []
        for key, shadow in (("ProductionVariants", False), ("ShadowProductionVariants", True)):
            written = config.get(key)
            if isinstance(written, Unknown) and not shadow:
                return written
            if isinstance(written, Unknown):
                variants.append(_not_known("?", shadow, written))
            variants += [self._variant(one, shadow, names, endpoint) for one in items(written)]
        return tuple(variants) or Unknown("its config has no variants")

    def _variant(self, written: Any, shadow: bool, endpoint: Names, resource: Resource) -> HostedVariant:
        if isinstance(written, Unknown) or not isinstance(written, dict):
            why = written if isinstance(written, Unknown) else Unknown("a variant is not an object")
            return _not_known("?", shadow, why)
        name = text_in(written.get("VariantName")) or "?"
        scaled = [Scaled(kind="endpoint", name=one, variant=name) for one in endpoint]
        target = self._target(resource, scaled, INSTANCES)
        volume, serverless = written.get("VolumeSizeInGB"), written.get("ServerlessConfig")
        provisioned = None if serverless is None else self._target(resource, scaled, PROVISIONED)
        if isinstance(serverless, Unknown) and ("InstanceType" in written or "InstancePools" in written):
            return _not_known(readable(name), shadow, serverless)
        if serverless is not None:
            kept = _serverless(serverless, provisioned)
            return HostedVariant(name=readable(name), shadow=shadow, instances=CountRange.fixed(0), serverless=kept)
        return HostedVariant(
            name=readable(name),
            shadow=shadow,
            types=tuple(_types(written)),
            instances=_instances(written, target),
            volume_gb=None if volume is None else whole("VolumeSizeInGB", volume),
        )

    def _components(self, endpoint: Names, resource: Resource) -> Iterator[HostedComponent]:
        """Components with copies of their own, which adapters have not."""
        for component in [one for name in endpoint for one in self.components.get(name, [])]:
            base = mapping(component.get("Specification")).get("BaseInferenceComponentName")
            if base is not None or component.stack.region != resource.stack.region:
                continue
            name = text_in(component.get("InferenceComponentName")) or component.logical_id
            names = (name, component.stack.attribute(component.logical_id, "InferenceComponentName"))
            scaled = [Scaled(kind="inference-component", name=one) for one in names if isinstance(one, str)]
            target = self._target(component, scaled, COPIES)
            count = mapping(component.get("RuntimeConfig")).get("CopyCount")
            copies = CountRange.fixed(whole("CopyCount", count)) if target is None else target_counts(target)
            yield HostedComponent(name=readable(name), copies=copies)

    def _target(self, scaled_resource: Resource, scaled: list[Scaled], dimension: str) -> Resource | Unknown | None:
        listed = [target for one in dict.fromkeys(scaled) for target in self.targets.get((one, dimension), [])]
        found = _nearest(listed, scaled_resource)
        chosen = [found] if isinstance(found, Resource) else listed if isinstance(found, Unknown) else []
        self.used.update(_place(one) for one in chosen)
        return found


def _place(resource: Resource) -> tuple[str, str]:
    return resource.stack.key, resource.logical_id


def _nearest(listed: list[Resource], endpoint: Resource) -> Resource | Unknown | None:
    """The one of the endpoint's own stack, or the only one of its region; Unknown if there are several."""
    own = [one for one in listed if one.stack is endpoint.stack]
    found = own or [one for one in listed if one.stack.region == endpoint.stack.region]
    if len(found) > 1:
        return Unknown(f"{found[0].logical_id} and {found[1].logical_id} are the same name")
    return found[0] if found else None


def _kind(config: Resource) -> EndpointKind:
    """A config that names an execution role and no model is that of a host of components.

    https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html (read 2026-11-22)
    """
    if config.get("AsyncInferenceConfig") is not None:
        return KINDS["async"]
    variants = [mapping(one) for one in items(config.get("ProductionVariants"))]
    if any("ServerlessConfig" in one for one in variants):
        return KINDS["serverless"]
    without = not any("ModelName" in one for one in variants) and config.get("ExecutionRoleArn") is not None
    return KINDS["shared" if without else "realtime"]


def _not_known(name: str, shadow: bool, why: Unknown) -> HostedVariant:
    """A variant of which not even the kind is known."""
    return HostedVariant(name=name, shadow=shadow, types=(why,), instances=CountRange.fixed(why), volume_gb=why)


def _types(written: dict[str, Any]) -> Iterator[str | Unknown]:
    pools = written.get("InstancePools")
    if "InstanceType" not in written and isinstance(pools, list) and pools:
        for pool in sorted(pools, key=_priority):
            yield pool if isinstance(pool, Unknown) else _type(mapping(pool).get("InstanceType"))
    elif "InstanceType" not in written and isinstance(pools, Unknown):
        yield pools
    else:
        yield _type(written.get("InstanceType"))


def _priority(pool: Any) -> int:
    found = whole("Priority", mapping(pool).get("Priority"))
    return found if isinstance(found, int) else _PRIORITY_LAST


def _type(value: Any) -> str | Unknown:
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, str) or not value:
        return Unknown("the template names no instance type")
    return Unknown(f"the instance type {shown(value)} is known at deployment only") if references_in(value) else value


def _instances(written: dict[str, Any], target: Resource | Unknown | None) -> CountRange:
    """Of the scalable target if there is one, else of managed scaling, else the initial count."""
    if target is not None:
        return target_counts(target)
    managed = written.get("ManagedInstanceScaling")
    if isinstance(managed, Unknown):
        return CountRange.fixed(managed)
    if isinstance(managed, dict) and managed.get("Status") == "ENABLED":
        low = whole("MinInstanceCount", managed.get("MinInstanceCount"))
        high = whole("MaxInstanceCount", managed.get("MaxInstanceCount"))
        return CountRange.scheduled(low, high)
    if isinstance(managed, dict) and managed.get("Status") not in (None, "DISABLED"):
        return CountRange.fixed(Unknown("whether managed instance scaling is enabled is not known"))
    return CountRange.fixed(whole("InitialInstanceCount", written.get("InitialInstanceCount")))


def _serverless(written: Any, target: Resource | Unknown | None) -> Serverless:
    if not isinstance(written, dict):
        why = written if isinstance(written, Unknown) else Unknown("ServerlessConfig is not an object")
        return Serverless(memory_mb=why, max_concurrency=why)
    provisioned = written.get("ProvisionedConcurrency")
    kept = None
    if target is not None:
        kept = target_counts(target)
    elif provisioned is not None:
        kept = CountRange.fixed(whole("ProvisionedConcurrency", provisioned))
    return Serverless(
        memory_mb=whole("MemorySizeInMB", written.get("MemorySizeInMB")),
        max_concurrency=whole("MaxConcurrency", written.get("MaxConcurrency")),
        provisioned=kept,
    )


def _capture(config: Resource | Unknown) -> int | Unknown | None:
    written = config if isinstance(config, Unknown) else config.get("DataCaptureConfig")
    if written is None or isinstance(written, Unknown):
        return written
    if not isinstance(written, dict):
        return Unknown("DataCaptureConfig is not an object")
    enabled = written.get("EnableCapture", True)
    if enabled in (False, "false"):
        return None
    return whole("InitialSamplingPercentage", written.get("InitialSamplingPercentage"))
