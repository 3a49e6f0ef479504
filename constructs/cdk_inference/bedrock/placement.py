"""Whether a model can be called, or a guardrail applied, from here: problems with their fix, and warnings."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from constructs import Construct

from cdk_inference.bedrock import table
from cdk_inference.bedrock.conditions import GuardrailLike
from cdk_inference.bedrock.models import (
    ExistingProfile,
    ExistingRouter,
    FoundationModel,
    InferenceProfile,
    Model,
    OwnModel,
)
from cdk_inference.bedrock.partitions import partition_problem
from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.core.location import Location

GUARDRAIL_PLACE = "a guardrail is applied in its own region"
_BY_HAND = "destinations=(...) with the regions that `aws bedrock get-inference-profile` lists"


def problems_at(argument: str, model: Model, location: Location) -> list[Problem]:
    """What is wrong with calling `model` from `location`."""
    elsewhere = partition_problem(location)
    if elsewhere is not None:
        return [elsewhere]
    found: Problem | None
    if isinstance(model, FoundationModel):
        found = _model_problem(argument, model, location)
    elif isinstance(model, InferenceProfile):
        found = _profile_problem(argument, model, location)
    else:
        found = _arn_problem(argument, model, location)
    return [] if found is None else [found]


def warnings_at(model: Model, location: Location, *, openai: bool = False) -> list[str]:
    """What the table does not know about calling `model` from `location`, or with `openai` through bedrock-mantle."""
    if isinstance(model, InferenceProfile):
        return [*_unknown_place(model, location), *_unknown(model.model)]
    if isinstance(model, ExistingProfile):
        return warnings_at(model.of, location)
    if isinstance(model, ExistingRouter):
        return [warning for one in model.models for warning in warnings_at(one, location)]
    if not isinstance(model, FoundationModel) or is_token(model.id):
        return []
    fact, region = model.fact, location.known_region
    if fact is None:
        return _unknown(model)
    if model.on_demand and region is not None and region not in fact.on_demand and table.profiles_of(model.id, region):
        return [f"{model.id}: as of {table.day()} {region} has it through a profile only; granted for on_demand=True"]
    if region is None or region in (fact.on_demand | fact.mantle if openai else fact.on_demand):
        return []
    if region in fact.mantle:
        return [f"{model.id}: as of {table.day()} {region} has it on the OpenAI-compatible endpoint only"]
    return [f"{model.id}: not listed in {region} as of {table.day()}; calls may fail"]


def _unknown(model: FoundationModel) -> list[str]:
    if model.fact is not None:
        return []
    note = f"{model.id}: not in the table of {table.day()}, so nothing about it is checked; granted as it is written"
    first, _, rest = model.id.partition(".")
    if "." in rest and first not in table.id_providers():
        note += f'; if {first} is a geography, write InferenceProfile("{model.id}", destinations=(...))'
    return [note]


def _unknown_place(model: InferenceProfile, location: Location) -> list[str]:
    """A geography that the table lacks, or one that it does not have from this region."""
    known, region = table.geographies().get(model.geography), location.known_region
    if known is None:
        return [f"{model.id}: no geography {model.geography} in the table of {table.day()}; granted as it is written"]
    if region is None or region in known:
        return []
    return [f"{model.id}: not called from {region} as of {table.day()}; granted as it is written"]


def _model_problem(argument: str, model: FoundationModel, location: Location) -> Problem | None:
    fact, region = model.fact, location.known_region
    if model.on_demand or fact is None or region is None or region in fact.on_demand | fact.mantle:
        return None
    profiles = table.profiles_of(model.id, region)
    if not profiles:
        return None
    allowed = f"{' or '.join(profiles)}: as of {table.day()} {region} offers this model through a profile only"
    fix = f'InferenceProfile("{profiles[0]}"); or, if that has changed, FoundationModel("{model.id}", on_demand=True)'
    return Problem(argument, model.id, allowed, fix)


def _profile_problem(argument: str, model: InferenceProfile, location: Location) -> Problem | None:
    region = location.known_region
    if region is None:
        if model.is_global or model.destinations is not None:
            return None
        fix = f"name the stack's region (env=...), or {_BY_HAND}"
        return Problem(argument, model.id, "a stack whose region is known: what is granted depends on it", fix)
    geography = table.geographies().get(model.geography)
    govcloud = location.known_partition == "aws-us-gov"
    if geography is None:
        if model.destinations is not None:
            return None
        return Problem(argument, model.id, f"a profile of a geography of the table of {table.day()}", _BY_HAND)
    # Global routing needs no destinations, so a region that is younger than the table is only reported.
    if region not in geography and (govcloud or (model.destinations is None and not model.is_global)):
        profiles = table.profiles_of(model.model.id, region)
        instead = f"{' or '.join(profiles)}" if profiles else "a profile of that region's geography"
        fix = f'InferenceProfile("{profiles[0]}")' if profiles else "choose another model, or another region"
        return Problem(argument, model.id, f"in {region}, {instead}: it calls from {_spoken(geography)}", fix)
    if model.destinations_from(region) is None and not model.is_global:
        allowed = f"a profile whose destinations from {region} are known; as of {table.day()} they are not in the table"
        return Problem(argument, model.id, allowed, _BY_HAND)
    return None


def _spoken(regions: frozenset[str]) -> str:
    return ", ".join(sorted(regions)) if len(regions) < 13 else f"{len(regions)} commercial regions"


def _arn_problem(
    argument: str, model: OwnModel | ExistingProfile | ExistingRouter, location: Location
) -> Problem | None:
    elsewhere = elsewhere_problem(
        argument, model.arn, location, "grant it", "permissions and metrics are that region's"
    )
    if elsewhere is not None:
        return elsewhere
    inner: tuple[Model, ...] = ()
    if isinstance(model, ExistingProfile):
        inner = (model.of,)
    elif isinstance(model, ExistingRouter):
        inner = model.models
    return next((problem for one in inner for problem in problems_at(argument, one, location)), None)


def elsewhere_problem(argument: str, arn: str, location: Location, do: str, why: str) -> Problem | None:
    """An ARN of another partition, region or account, as far as both are known."""
    if is_token(arn):
        return None
    _, partition, _, region, account, *_ = arn.split(":")
    if location.known_partition not in (None, partition):
        return Problem(argument, arn, f"an ARN of the partition {location.known_partition}", f"{do} there")
    if location.known_region not in (None, region):
        return Problem(argument, arn, f"an ARN of {location.region}", f"{do} in a stack of {region}: {why}")
    if location.known_account not in (None, account):
        return Problem(argument, arn, f"an ARN of the account {location.account}", f"{do} in a stack of {account}")
    return None


def guardrail_problems(argument: str, guardrail: Any, location: Location) -> list[Problem]:
    """Why calls with `guardrail` would be denied or fail: its kind, partition, region or account.

    The guardrail is one of the region in which the model is called:
    https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html (read 2026-11-29)
    """
    if guardrail is None:
        return []
    if not isinstance(guardrail, GuardrailLike):
        fix = "guardrail=ExistingGuardrail(guardrail_arn=..., guardrail_version=...)"
        return [Problem(argument, guardrail, "something with guardrail_arn and guardrail_version", fix)]
    if is_token(guardrail.guardrail_arn) and isinstance(guardrail, Construct):
        stack = Stack.of(guardrail)
        places = (
            ("region", location.known_region, stack.region),
            ("account", location.known_account, stack.account),
        )
        return [
            Problem(
                argument,
                f"a guardrail of {theirs}",
                f"a guardrail of the {kind} {ours}: {GUARDRAIL_PLACE}",
                "make one there",
            )
            for kind, ours, theirs in places
            if ours is not None and not is_token(theirs) and theirs != ours
        ]
    found = elsewhere_problem(
        f"{argument}.guardrail_arn", guardrail.guardrail_arn, location, "name it", GUARDRAIL_PLACE
    )
    key = getattr(guardrail, "guardrail_key_arn", None)
    wrong_key = None
    if isinstance(key, str):
        wrong_key = elsewhere_problem(
            f"{argument}.guardrail_key_arn", key, location, "name it", "a key is its region's"
        )
    return [one for one in (found, wrong_key) if one is not None]
