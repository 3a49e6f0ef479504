"""Which regions evaluate a guardrail of the tier Standard: it is routed, as AWS's system-defined profiles say.

https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-cross-region-support.html (read 2026-11-24). The row of
apac is from public code that had read that page on 2026-09-14; we saw its beginning only.
"""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import as_tuple, is_token, matching
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.core.location import Location

_US = ("us-east-1", "us-east-2", "us-west-2")
_EU = ("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3")
_APAC = ("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2")
_GOV = ("us-gov-east-1", "us-gov-west-1")


@dataclass(frozen=True, kw_only=True)
class CrossRegion:
    """A guardrail profile and the regions that it routes to from the guardrail's own, which is one of them.

    profile: the beginning of its id, as "us" of us.guardrail.v1:0.
    regions: every region that the page lists beside the guardrail's.

    Raises ConfigurationError.
    """

    profile: str
    regions: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "regions", as_tuple(self.regions))
        fix = 'for example CrossRegion(profile="apac", regions=("ap-southeast-1", ...))'
        regions = self.regions
        fits = isinstance(regions, tuple) and regions and all(isinstance(one, str) and one for one in regions)
        raise_problems(
            "CrossRegion",
            matching("profile", self.profile, r"[a-z0-9-]+", "the beginning of a profile's id, as us or eu", fix),
            None if fits else Problem("regions", regions, "a list of regions", fix),
        )

    @property
    def id(self) -> str:
        """The id of the profile."""
        return f"{self.profile}.guardrail.v1:0"

    def arn(self, location: Location, region: str | None = None) -> str:
        """The ARN of the profile, in the account of `location`."""
        return location.arn("bedrock", f"guardrail-profile/{self.id}", region=region)

    def arns(self, location: Location) -> tuple[str, ...]:
        """The profile in every region, for bedrock:ApplyGuardrail.

        https://docs.aws.amazon.com/bedrock/latest/userguide/guardrail-profiles-permissions.html (read 2026-11-22)
        """
        return tuple(self.arn(location, region) for region in self.regions)


def _from(profile: str, sources: tuple[str, ...], regions: tuple[str, ...]) -> dict[str, CrossRegion]:
    return dict.fromkeys(sources, CrossRegion(profile=profile, regions=regions))


# Where a region has two profiles, the one that stays in the country: ap-southeast-2 is in apac too.
PROFILES: dict[str, CrossRegion] = {
    **_from("us", _US, _US),
    **_from("us", ("us-west-1",), ("us-east-1", "us-east-2", "us-west-1", "us-west-2")),
    **_from("us-gov", _GOV, _GOV),
    **_from("eu", _EU, _EU),
    **_from("apac", _APAC, _APAC),
    **_from("uk", ("eu-west-2",), ("eu-west-2",)),
    **_from("au", ("ap-southeast-2",), ("ap-southeast-2",)),
    **_from("ca", ("ca-central-1",), ("ca-central-1", "ca-west-1")),
}


def profile_problem(cross_region: CrossRegion | None, location: Location) -> Problem | None:
    """Why a guardrail of the tier Standard cannot be here, or what has to be said."""
    region = location.known_region
    fix = "name the profile and its regions: cross_region=CrossRegion(profile=..., regions=(...))"
    if cross_region is not None:
        if region is None or region in cross_region.regions or any(is_token(one) for one in cross_region.regions):
            return None
        allowed = f"regions with {region} among them, the guardrail's own"
        return Problem("cross_region.regions", cross_region.regions, allowed, "copy the row of that region")
    if region is None:
        allowed = "CLASSIC where the stack's region is not known: STANDARD routes by region"
        return Problem("tier", "STANDARD", allowed, f"give the stack a region (env=...), or {fix}")
    if region not in PROFILES:
        return Problem("tier", "STANDARD", f"CLASSIC in {region}: no guardrail profile of it is in our table", fix)
    return None
