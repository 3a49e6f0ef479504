"""From a value that differs to the row that is about it: a table of paths, and what the row depends on besides."""

from __future__ import annotations

import re
from typing import Any

from cdk_inference.hosting import SERVERLESS, SHARED
from cdk_inference.review.difference import Choices, Difference, first
from cdk_inference.review.endpoint_properties import Owner, Path
from cdk_inference.review.occurrences import anywhere, copy_count, first_count, scaling
from cdk_inference.review.variant_changes import any_event, event, promoted

_REGION = re.compile(r"\.dkr\.ecr\.([a-z0-9-]+)\.")


def match_transition(difference: Difference) -> str | None:
    """The id of the row for a difference; None where no row is about it."""
    if difference.old.kind != difference.new.kind:
        return _kind(difference)
    return _of_one_kind(difference)


def _of_one_kind(difference: Difference) -> str | None:
    if difference.old.kind is not None and difference.old.kind.of_component:
        if difference.differs("component", "EndpointName"):
            return "component-moved"
        return first(_COMPONENT_RULES, difference) or "component-other"
    if difference.path[0] in ("variant", "scaling"):
        happened = event(difference, difference.variant)
        if happened:
            return happened
        if promoted(difference):
            return "shadow-promoted"
    return first(_ENDPOINT_RULES, difference) or _last(difference)


def _last(difference: Difference) -> str | None:
    """The row of what no other row is about: a config or model that is replaced updates the endpoint."""
    top = difference.path[0]
    return {"variant": "config-other", "config": "config-other", "scaling": "scaling-other"}.get(top)


def content(subject: Owner) -> dict[Path, Any]:
    """What an endpoint or component runs, whatever its name: two of one kind with the same content are renamed."""
    kept = ("variant", "specification", "type")
    return {
        path: leaf.value
        for path, leaf in subject.properties.items()
        if path[0] in kept and path[-1] != "ExecutionRoleArn"
    }


def _kind(difference: Difference) -> str | None:
    if difference.old.kind is None or difference.new.kind is None:
        # The endpoint config is in one of the templates only.
        rolled = difference.path[:2] == ("endpoint", "DeploymentConfig")
        if rolled or difference.path[0] not in ("endpoint", "config", "variant"):
            return first(_ENDPOINT_RULES, difference)
        return "config-named"
    if difference.new.kind is SERVERLESS:
        return "to-serverless"
    return "from-serverless" if difference.old.kind is SERVERLESS else "kind"


def _hardware(difference: Difference) -> str:
    if difference.new.kind is SHARED:
        return "shared-hardware"
    was, becomes = (_types(side, difference.variant) for side in (difference.old, difference.new))
    # Where a target could not be read the careful row is named.
    scaled = difference.registered(difference.variant)[0] or difference.old.unsure
    suffix = "-autoscaled" if scaled else ""
    if was[0] and becomes[0]:
        return f"pools-edited{suffix}"
    if was[0]:
        return f"from-pools{suffix}"
    if not becomes[0]:
        return f"instance-type{suffix}"
    return "to-other-pools-autoscaled" if scaled and was[1][:1] != becomes[1][:1] else f"to-pools{suffix}"


def _types(subject: Owner, variant: str) -> tuple[bool, list[Any]]:
    """(pools or not, types by priority)."""
    pools = subject.properties.get(("variant", variant, "InstancePools"))
    if pools is not None:
        return True, [kind for _, kind in pools.value]
    single = subject.properties.get(("variant", variant, "InstanceType"))
    return False, [] if single is None else [single.value]


def _pool(difference: Difference) -> str | None:
    """The server of one type of the pools: like the variant's own, unless the type came or went."""
    if difference.differs("variant", difference.variant, "InstancePools"):
        return _hardware(difference)
    own = difference._replace(path=("variant", difference.variant, *difference.path[4:]))
    return first(_ENDPOINT_RULES, own)


def _retention(difference: Difference) -> str:
    return anywhere(difference) or any_event(difference) or "retained-counts"


def _weight(difference: Difference) -> str:
    if difference.new.variants[difference.variant]:
        return "shadow-sampling"
    return any_event(difference, shadows=False) or "traffic-share"


def _image(difference: Difference) -> str:
    regions = [_REGION.search(str(leaf.value)) for leaf in (difference.was, difference.becomes)]
    known = [match.group(1) for match in regions if match]
    return "region" if len(set(known)) == 2 else "image"


def _rolls(subject: Owner) -> bool:
    top = ("endpoint", "component")
    return any(path[0] in top and path[1] == "DeploymentConfig" for path in subject.properties)


def _alarm(difference: Difference) -> str:
    guarded = difference.new.kind is not None and difference.new.kind.has_guardrails
    rollout = "rollout" if guarded else "component-rollout"
    if _rolls(difference.old) != _rolls(difference.new):
        return rollout
    return any_event(difference, shadows=False) or "alarms"


def _per_type(difference: Difference) -> str | None:
    sides = [any(path[0] == "type" for path in side.properties) for side in (difference.old, difference.new)]
    return "component-per-type" if sides[0] != sides[1] else first(_SPECIFICATION_RULES, difference)


def _log_key(difference: Difference) -> str:
    """The key of the log group alone changes in place; with that of the config it is one change."""
    return "encryption-key" if difference.differs("config", "KmsKeyId") else "logs"


_BESIDE_RULES: Choices = (
    ("alarm/**", _alarm),
    ("log/KmsKeyId", _log_key),
    ("log/**", "logs"),
)

_CONTAINER_RULES: Choices = (
    ("Image", _image),
    ("Environment/**", "environment"),
    ("ModelDataUrl", "model"),
    ("ModelDataSource/**", "model"),
    ("ModelPackageName", "model-named"),
)

_ENDPOINT_RULES: Choices = (
    ("variant/*/InstanceType", _hardware),
    ("variant/*/InstancePools", _hardware),
    ("variant/*/pool/**", _pool),
    ("variant/*/CapacityReservationConfig/**", "reservation"),
    ("variant/*/InitialInstanceCount", first_count),
    ("variant/*/InitialVariantWeight", _weight),
    ("variant/*/ManagedInstanceScaling/**", "managed-instances"),
    ("variant/*/InferenceAmiVersion", "host-image"),
    ("variant/*/RoutingConfig/**", "routing"),
    ("variant/*/ModelDataDownloadTimeoutInSeconds", "startup"),
    ("variant/*/ContainerStartupHealthCheckTimeoutInSeconds", "startup"),
    ("variant/*/VariantInstanceProvisionTimeoutInSeconds", "startup"),
    ("variant/*/VolumeSizeInGB", "startup"),
    ("variant/*/ServerlessConfig/ProvisionedConcurrency", "provisioned-concurrency"),
    ("variant/*/ServerlessConfig/**", "serverless-size"),
    *(
        (f"variant/*/model/{container}/{name}", choice)
        for container in ("PrimaryContainer", "Containers/*")
        for name, choice in _CONTAINER_RULES
    ),
    ("variant/*/model/ModelName", "model-named"),
    ("variant/*/model/ExecutionRoleArn", "execution-role"),
    ("config/ExecutionRoleArn", "execution-role"),
    ("endpoint/EndpointConfigName", "config-named"),
    ("variant/*/model/EnableNetworkIsolation", "network-isolation"),
    ("variant/*/model/VpcConfig/**", "vpc"),
    ("config/EnableNetworkIsolation", "network-isolation"),
    ("config/VpcConfig/**", "vpc"),
    ("config/KmsKeyId", "encryption-key"),
    ("config/DataCaptureConfig/**", "data-capture"),
    ("config/MetricsConfig/**", "metric-period"),
    ("config/AsyncInferenceConfig/**", "async-settings"),
    ("endpoint/DeploymentConfig/AutoRollbackConfiguration/**", _alarm),
    ("endpoint/DeploymentConfig/**", "rollout"),
    ("endpoint/RetainDeploymentConfig", "rollout"),
    ("endpoint/RetainAllVariantProperties", _retention),
    ("endpoint/ExcludeRetainedVariantProperties", _retention),
    ("scaling/**", scaling),
    *_BESIDE_RULES,
)

_SPECIFICATION_RULES: Choices = (
    ("specification/Container/ArtifactUrl", "adapter"),
    ("specification/BaseInferenceComponentName", "adapter"),
    ("type/**", "component-per-type"),
    ("specification/model/PrimaryContainer/**", "component-server"),
    ("specification/StartupParameters/**", "component-server"),
    ("specification/ComputeResourceRequirements/**", "component-resources"),
    ("specification/SchedulingConfig/**", "component-placement"),
)

_COMPONENT_RULES: Choices = (
    ("component/RuntimeConfig/CopyCount", copy_count),
    ("component/DeploymentConfig/AutoRollbackConfiguration/**", _alarm),
    ("component/DeploymentConfig/**", "component-rollout"),
    ("specification/**", _per_type),
    ("type/**", _per_type),
    ("scaling/**", scaling),
    *_BESIDE_RULES,
)
