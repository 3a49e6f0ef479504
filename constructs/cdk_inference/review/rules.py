"""From a value that differs to the row that is about it: a table of paths, and what the row depends on besides."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cdk_inference.review.picture import Leaf, Path, Subject

# What a side has where the other has a value.
MISSING = object()

_REGION = re.compile(r"\.dkr\.ecr\.([a-z0-9-]+)\.")
_INSTANCES = ("realtime", "async")
# What a server brings to its variant, besides the model.
_OF_THE_SERVER = (
    "InferenceAmiVersion",
    "ModelDataDownloadTimeoutInSeconds",
    "ContainerStartupHealthCheckTimeoutInSeconds",
    "VolumeSizeInGB",
)


@dataclass(frozen=True)
class Difference:
    """One value that differs between an endpoint or component and itself later."""

    old: Subject
    new: Subject
    path: Path
    was: Leaf
    becomes: Leaf

    @property
    def owners(self) -> set[str]:
        """The resources that have it."""
        return {leaf.owner for leaf in (self.was, self.becomes) if leaf.owner}

    @property
    def one_sided(self) -> bool:
        """Whether it is there on one side only."""
        return MISSING in (self.was.value, self.becomes.value)

    @property
    def variant(self) -> str:
        return self.path[1]

    def sides(self, *path: str) -> tuple[Any, Any]:
        """The values at another path, before and after."""
        nothing = Leaf(MISSING, "")
        return self.old.leaves.get(path, nothing).value, self.new.leaves.get(path, nothing).value

    def differs(self, *path: str) -> bool:
        was, becomes = self.sides(*path)
        return bool(was != becomes)

    def registered(self, variant: str) -> tuple[bool, bool]:
        """Whether the variant is registered with Application Auto Scaling, before and after."""
        return variant in self.old.registered, variant in self.new.registered


Rule = str | Callable[[Difference], str | None]


def chosen(one: Difference) -> str | None:
    """The id of the row for a difference; None where no row is about it."""
    if one.old.kind != one.new.kind:
        return _kind(one)
    if one.old.kind in ("component", "adapter"):
        if one.differs("component", "EndpointName"):
            return "component-moved"
        return _first(_COMPONENT_RULES, one)
    if one.path[0] in ("variant", "scaling"):
        event = _event(one, one.variant)
        if event:
            return event
        if _promoted(one):
            return "shadow-promoted"
    return _first(_ENDPOINT_RULES, one)


def same_but_for_the_name(old: Subject, new: Subject) -> bool:
    """Whether one is the other under another name: the same resource, or the same content."""
    if old.kind != new.kind or not old.kind:
        return False
    return old.logical_id == new.logical_id or _content(old) == _content(new)


def _content(subject: Subject) -> dict[Path, Any]:
    kept = ("variant", "specification", "type")
    return {
        path: leaf.value for path, leaf in subject.leaves.items() if path[0] in kept and path[-1] != "ExecutionRoleArn"
    }


def _first(rules: tuple[tuple[str, Rule], ...], one: Difference) -> str | None:
    for pattern, rule in rules:
        if _matches(pattern.split("/"), one.path):
            return rule if isinstance(rule, str) else rule(one)
    return None


def _matches(pattern: list[str], path: Path) -> bool:
    if pattern[-1] == "**":
        pattern, path = pattern[:-1], path[: len(pattern) - 1]
    return len(pattern) == len(path) and all(a in ("*", b) for a, b in zip(pattern, path, strict=True))


def _kind(one: Difference) -> str | None:
    kinds = (one.old.kind, one.new.kind)
    if "" in kinds:
        return None
    if one.new.kind == "serverless":
        return "to-serverless"
    return "from-serverless" if one.old.kind == "serverless" else "kind"


# Variants that come and go.


def _event(one: Difference, variant: str) -> str | None:
    """What happened to a variant that is on one side only."""
    old, new = one.old.variants, one.new.variants
    if variant in old and variant in new:
        return None
    added = variant in new
    shadow = (new if added else old)[variant]
    what = "shadow" if shadow else "variant"
    if shadow and not added and _promoted_over(one, variant):
        return "shadow-promoted"
    subject, other = (one.new, one.old) if added else (one.old, one.new)
    others = [name for name in other.variants if name not in subject.variants and other.variants[name] == shadow]
    renamed = any(_variant(other, name) == _variant(subject, variant) for name in others)
    verb = "renamed" if renamed else "added" if added else "removed"
    scaled = one.old.registered and not shadow and verb != "added"
    return f"{what}-{verb}" + ("-autoscaled" if scaled else "")


def _any_event(one: Difference, *, shadows: bool = True) -> str | None:
    old, new = one.old.variants, one.new.variants
    for variant in sorted(old.keys() ^ new.keys()):
        if shadows or not {**old, **new}[variant]:
            return _event(one, variant)
    return None


def _variant(subject: Subject, name: str) -> dict[Path, Any]:
    return {path[2:]: leaf.value for path, leaf in subject.leaves.items() if path[:2] == ("variant", name)}


def _served(subject: Subject, name: str) -> dict[Path, Any]:
    """What a variant runs: its model, and what the server brings."""
    return {
        path: value
        for path, value in _variant(subject, name).items()
        if path[0] == "model" or path[0] in _OF_THE_SERVER
    }


def _promoted_over(one: Difference, shadow: str) -> bool:
    """Whether the production variant runs afterwards what the shadow ran."""
    (main, *more) = [name for name, is_shadow in one.new.variants.items() if not is_shadow] or [""]
    served = _served(one.old, shadow)
    return not more and _served(one.new, main) == served != _served(one.old, main)


def _promoted(one: Difference) -> bool:
    gone = [name for name in one.old.variants if name not in one.new.variants and one.old.variants[name]]
    of_the_server = one.path[0] == "variant" and (one.path[2] == "model" or one.path[2] in _OF_THE_SERVER)
    return of_the_server and any(_promoted_over(one, name) for name in gone)


# Hardware.


def _hardware(one: Difference) -> str:
    if one.new.kind == "shared":
        return "shared-hardware"
    was, becomes = (_types(side, one.variant) for side in (one.old, one.new))
    scaled, _ = one.registered(one.variant)
    suffix = "-autoscaled" if scaled else ""
    if was[0] and becomes[0]:
        return f"pools-edited{suffix}"
    if was[0]:
        return f"from-pools{suffix}"
    if not becomes[0]:
        return f"instance-type{suffix}"
    return "to-other-pools-autoscaled" if scaled and was[1][:1] != becomes[1][:1] else f"to-pools{suffix}"


def _types(subject: Subject, variant: str) -> tuple[bool, list[Any]]:
    """(pools or not, types by priority)."""
    pools = subject.leaves.get(("variant", variant, "InstancePools"))
    if pools is not None:
        return True, [kind for _, kind in pools.value]
    single = subject.leaves.get(("variant", variant, "InstanceType"))
    return False, [] if single is None else [single.value]


def _pool(one: Difference) -> str | None:
    """The server of one type of the pools: like the variant's own, unless the type came or went."""
    if one.differs("variant", one.variant, "InstancePools"):
        return _hardware(one)
    own = replace(one, path=("variant", one.variant, *one.path[4:]))
    return _first(_ENDPOINT_RULES, own)


# Counts.


def _registration(one: Difference, variant: str) -> str | None:
    was, becomes = one.registered(variant)
    if was == becomes:
        return None
    if one.new.kind == "serverless":
        return "provisioned-concurrency"
    if one.new.kind == "component":
        return "copies-scaled"
    return "scaled" if becomes else "unscaled"


def _scaling(one: Difference) -> str | None:
    """A target that comes or goes. One without policies comes because a variant beside it scales."""
    found = _registration(one, one.variant)
    side = one.new if one.variant in one.new.registered else one.old
    path = ("scaling", one.variant)
    acts = any(other[:2] == path and other[2] in ("policy", "ScheduledActions") for other in side.leaves)
    if found and not acts:
        return _any_event(one) or _anywhere(one) or found
    return found or _first(_SCALING_RULES, one)


def _anywhere(one: Difference) -> str | None:
    """The scaling that came or went with some variant."""
    changed = (_registration(one, name) for name in one.old.variants if name in one.new.variants)
    return next(filter(None, changed), None)


def _first_count(one: Difference) -> str:
    registration = _registration(one, one.variant)
    if registration:
        return registration
    if one.new.kind == "shared" and any(path[2:3] == ("ManagedInstanceScaling",) for path in one.new.leaves):
        return "managed-instances"
    if one.variant in one.new.registered:
        return "lower-bound"
    kept = one.sides("endpoint", "RetainAllVariantProperties") == (True, True)
    return "count-kept" if kept and one.new.variants[one.variant] else "count"


def _minimum(one: Difference) -> str:
    if one.new.kind == "serverless":
        return "provisioned-concurrency"
    if one.new.kind == "component":
        return "copies-lower-bound"
    return "lower-bound" if one.differs("variant", one.variant, "InitialInstanceCount") else "lower-bound-in-place"


def _policy(one: Difference) -> str:
    """A policy under another name is another policy; one beside others that goes with zero is the one that wakes."""
    prefix = one.path[:4]
    sides = [any(path[:4] == prefix for path in side.leaves) for side in (one.old, one.new)]
    if all(sides):
        return "target-value"
    minimum = one.sides("scaling", one.variant, "MinCapacity")
    wakes = one.differs("scaling", one.variant, "MinCapacity") and 0 in minimum
    others = [_policies(side, one.variant) - {one.path[3]} for side in (one.old, one.new)]
    return _minimum(one) if wakes and others[0] == others[1] else "policy-kind"


def _policies(subject: Subject, variant: str) -> set[str]:
    return {path[3] for path in subject.leaves if path[:3] == ("scaling", variant, "policy")}


def _copy_count(one: Difference) -> str:
    registration = _registration(one, "")
    if registration:
        return registration
    return "copies-lower-bound" if "" in one.new.registered else "copies"


# The rest.


def _retention(one: Difference) -> str:
    return _anywhere(one) or _any_event(one) or "retained-counts"


def _weight(one: Difference) -> str:
    if one.new.variants[one.variant]:
        return "shadow-sampling"
    return _any_event(one, shadows=False) or "traffic-share"


def _image(one: Difference) -> str:
    regions = [_REGION.search(str(leaf.value)) for leaf in (one.was, one.becomes)]
    known = [match.group(1) for match in regions if match]
    return "region" if len(set(known)) == 2 else "image"


def _rolls(subject: Subject) -> bool:
    top = ("endpoint", "component")
    return any(path[0] in top and path[1] == "DeploymentConfig" for path in subject.leaves)


def _alarm(one: Difference) -> str:
    rollout = "rollout" if one.new.kind in _INSTANCES else "component-rollout"
    if _rolls(one.old) != _rolls(one.new):
        return rollout
    return _any_event(one, shadows=False) or "alarms"


def _per_type(one: Difference) -> str | None:
    sides = [any(path[0] == "type" for path in side.leaves) for side in (one.old, one.new)]
    return "component-per-type" if sides[0] != sides[1] else _first(_SPECIFICATION_RULES, one)


_SCALING_RULES: tuple[tuple[str, Rule], ...] = (
    ("scaling/*/MinCapacity", _minimum),
    ("scaling/*/MaxCapacity", "upper-bound"),
    ("scaling/*/ScheduledActions", "schedule"),
    ("scaling/*/policy/*/**", _policy),
)

_BESIDE_RULES: tuple[tuple[str, Rule], ...] = (
    ("alarm/**", _alarm),
    ("log/KmsKeyId", "encryption-key"),
    ("log/**", "logs"),
)

_ENDPOINT_RULES: tuple[tuple[str, Rule], ...] = (
    ("variant/*/InstanceType", _hardware),
    ("variant/*/InstancePools", _hardware),
    ("variant/*/pool/**", _pool),
    ("variant/*/CapacityReservationConfig/**", "reservation"),
    ("variant/*/InitialInstanceCount", _first_count),
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
    ("variant/*/model/PrimaryContainer/Image", _image),
    ("variant/*/model/PrimaryContainer/Environment/**", "environment"),
    ("variant/*/model/PrimaryContainer/ModelDataUrl", "model"),
    ("variant/*/model/PrimaryContainer/ModelDataSource/**", "model"),
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
    ("endpoint/RetainAllVariantProperties", _retention),
    ("endpoint/ExcludeRetainedVariantProperties", _retention),
    ("scaling/**", _scaling),
    *_BESIDE_RULES,
)

_SPECIFICATION_RULES: tuple[tuple[str, Rule], ...] = (
    ("specification/Container/ArtifactUrl", "adapter"),
    ("specification/BaseInferenceComponentName", "adapter"),
    ("type/**", "component-per-type"),
    ("specification/model/EnableNetworkIsolation", "network-isolation"),
    ("specification/model/VpcConfig/**", "vpc"),
    ("specification/model/PrimaryContainer/**", "component-server"),
    ("specification/StartupParameters/**", "component-server"),
    ("specification/ComputeResourceRequirements/**", "component-resources"),
    ("specification/SchedulingConfig/**", "component-placement"),
)

_COMPONENT_RULES: tuple[tuple[str, Rule], ...] = (
    ("component/RuntimeConfig/CopyCount", _copy_count),
    ("component/DeploymentConfig/AutoRollbackConfiguration/**", _alarm),
    ("component/DeploymentConfig/**", "component-rollout"),
    ("specification/**", _per_type),
    ("type/**", _per_type),
    ("scaling/**", _scaling),
    *_BESIDE_RULES,
)
