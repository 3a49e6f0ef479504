"""The description of an endpoint: its variants and inference components, what they run on, and how many run."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.unknown import Unknown
from cdk_inference.hosting.count_range import CountRange
from cdk_inference.hosting.endpoint_kind import EndpointKind


@dataclass(frozen=True, kw_only=True)
class Serverless:
    """Memory in MB, the most requests at once, and how many executions are kept warm (None: none)."""

    memory_mb: int | Unknown
    max_concurrency: int | Unknown
    provisioned: CountRange | None = None


@dataclass(frozen=True, kw_only=True)
class HostedVariant:
    """One production or shadow variant.

    types: its instance type, or those of its pools by priority; none for a serverless variant.
    instances: how many run, of whatever type; 0 for a serverless variant.
    volume_gb: of each instance's storage volume; None where nothing sets it.
    """

    name: str
    shadow: bool = False
    types: tuple[str | Unknown, ...] = ()
    instances: CountRange
    volume_gb: int | Unknown | None = None
    serverless: Serverless | None = None


@dataclass(frozen=True, kw_only=True)
class HostedComponent:
    """One inference component, which runs on the instances of its endpoint. An adapter has no copies of its own."""

    name: str
    copies: CountRange


@dataclass(frozen=True, kw_only=True)
class HostedEndpoint:
    """One endpoint. kind, variants: Unknown where its config is not known.

    capture_percent: how many of a hundred requests are captured; None without data capture.
    """

    name: str
    kind: EndpointKind | Unknown
    variants: tuple[HostedVariant, ...] | Unknown
    components: tuple[HostedComponent, ...] = ()
    capture_percent: int | Unknown | None = None
