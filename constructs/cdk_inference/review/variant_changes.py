"""Variants and shadows that come, go, are renamed or promoted."""

from __future__ import annotations

from typing import Any

from cdk_inference.review.difference import Difference
from cdk_inference.review.endpoint_properties import Owner, Path

# What a server brings to its variant, besides the model.
_OF_THE_SERVER = (
    "InferenceAmiVersion",
    "ModelDataDownloadTimeoutInSeconds",
    "ContainerStartupHealthCheckTimeoutInSeconds",
    "VolumeSizeInGB",
)


def event(difference: Difference, variant: str) -> str | None:
    """What happened to a variant that is on one side only; neither has it where the config could not be read."""
    old, new = difference.old.variants, difference.new.variants
    if (variant in old) == (variant in new):
        return None
    added = variant in new
    shadow = (new if added else old)[variant]
    what = "shadow" if shadow else "variant"
    if shadow and not added and _promoted_over(difference, variant):
        return "shadow-promoted"
    subject, other = (difference.new, difference.old) if added else (difference.old, difference.new)
    others = [name for name in other.variants if name not in subject.variants and other.variants[name] == shadow]
    same = [name for name in others if _variant(other, name) == _variant(subject, variant)]
    verb = "renamed" if same else "added" if added else "removed"
    former = {*same} if added else {variant}
    scaled = (former & difference.old.registered or difference.old.unsure) and not shadow and verb != "added"
    return f"{what}-{verb}" + ("-autoscaled" if scaled else "")


def any_event(difference: Difference, *, shadows: bool = True) -> str | None:
    """What happened to the first variant that is on one side only."""
    old, new = difference.old.variants, difference.new.variants
    for variant in sorted(old.keys() ^ new.keys()):
        if shadows or not {**old, **new}[variant]:
            return event(difference, variant)
    return None


def _variant(subject: Owner, name: str) -> dict[Path, Any]:
    return {path[2:]: leaf.value for path, leaf in subject.properties.items() if path[:2] == ("variant", name)}


def _served(subject: Owner, name: str) -> dict[Path, Any]:
    """What a variant runs: its model, and what the server brings."""
    return {
        path: value
        for path, value in _variant(subject, name).items()
        if path[0] == "model" or path[0] in _OF_THE_SERVER
    }


def _promoted_over(difference: Difference, shadow: str) -> bool:
    """Whether the production variant runs afterwards what the shadow ran."""
    (main, *more) = [name for name, is_shadow in difference.new.variants.items() if not is_shadow] or [""]
    served = _served(difference.old, shadow)
    return not more and _served(difference.new, main) == served != _served(difference.old, main)


def promoted(difference: Difference) -> bool:
    """Whether it differs because the variant runs now what a shadow ran."""
    gone = [
        name
        for name in difference.old.variants
        if name not in difference.new.variants and difference.old.variants[name]
    ]
    of_the_server = difference.path[0] == "variant" and (
        difference.path[2] == "model" or difference.path[2] in _OF_THE_SERVER
    )
    return of_the_server and any(_promoted_over(difference, name) for name in gone)
