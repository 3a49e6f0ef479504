"""Under which conditions access is given: a guardrail, VPC endpoints, an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from cdk_inference.core.checks import as_tuple, instance_of, is_token, matching
from cdk_inference.core.errors import Problem, raise_problems

Condition = dict[str, dict[str, Any]]

DRAFT = "DRAFT"
_APPLIED = "bedrock:GuardrailIdentifier"
_KEY_ARN = r"arn:aws(-[a-z]+)*:kms:[a-z0-9-]{1,20}:[0-9]{12}:key/[a-zA-Z0-9-]+"
_A_KEY = "an ARN as arn:aws:kms:us-east-1:111122223333:key/..."
_ARN = r"arn:aws(-[a-z]+)*:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+"


@runtime_checkable
class GuardrailLike(Protocol):
    """A guardrail with one version. The ARN has no version; the version is a number as text, or "DRAFT".

    One that is applied across regions has `guardrail_profile_arns` besides, the guardrail profile's ARN in each of its
    regions, and one with a key of the account's `guardrail_key_arn`: who applies it needs these too
    (https://docs.aws.amazon.com/bedrock/latest/userguide/guardrail-profiles-permissions.html, read 2026-11-22;
    guardrails-permissions-kms.html, same guide, read 2026-11-24).
    """

    @property
    def guardrail_id(self) -> str: ...

    @property
    def guardrail_arn(self) -> str: ...

    @property
    def guardrail_version(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class ExistingGuardrail:
    """A guardrail that exists already, by ARN and version.

    guardrail_arn: without a version, as `aws bedrock list-guardrails` gives it.
    guardrail_version: a number, as "3"; "DRAFT" for the working draft, which changes under those who call.
    guardrail_profile_arns: for one that is applied across regions, see `GuardrailLike`. Default: none.
    guardrail_key_arn: for one that a key of the account's encrypts. Default: none.

    Raises ConfigurationError.
    """

    guardrail_arn: str
    guardrail_version: str
    guardrail_profile_arns: tuple[str, ...] = ()
    guardrail_key_arn: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "guardrail_profile_arns", as_tuple(self.guardrail_profile_arns))
        raise_problems(
            "ExistingGuardrail",
            arn_problem(self.guardrail_arn),
            version_problem("guardrail_version", self.guardrail_version),
            *self._profile_problems(),
            None
            if self.guardrail_key_arn is None
            else matching("guardrail_key_arn", self.guardrail_key_arn, _KEY_ARN, _A_KEY, "the key's ARN, not an alias"),
        )

    def _profile_problems(self) -> list[Problem | None]:
        allowed = "the ARN of a guardrail profile, arn:...:guardrail-profile/us.guardrail.v1:0"
        fix = "one for each region that evaluates it"
        given = self.guardrail_profile_arns
        if not isinstance(given, tuple):
            return [Problem("guardrail_profile_arns", given, f"a list, each {allowed}", fix)]
        pattern = r"arn:aws(-[a-z]+)*:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail-profile/[a-z0-9.:-]+"
        return [
            matching(f"guardrail_profile_arns[{number}]", arn, pattern, allowed, fix)
            for number, arn in enumerate(given)
        ]

    @property
    def guardrail_id(self) -> str:
        """The end of the ARN."""
        return self.guardrail_arn.rpartition("/")[2]


def arn_problem(arn: object) -> Problem | None:
    """The ARN of a guardrail has no version."""
    allowed = "an ARN as arn:aws:bedrock:us-east-1:111122223333:guardrail/abcdef123456"
    return matching("guardrail_arn", arn, _ARN, allowed, "copy it from `aws bedrock list-guardrails`")


def version_problem(argument: str, version: object) -> Problem | None:
    """A guardrail that is required has a version: without one the condition would match the draft only."""
    fix = 'publish a version and name it, as "1"'
    return matching(argument, version, r"[1-9][0-9]{0,7}|DRAFT", 'a version\'s number as text, or "DRAFT"', fix)


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What a call must come with.

    guardrail: this guardrail in this version, applied to the call. Default: none is required.
    any_version: whether every version that has a number will do; the draft does not. Default False.
    vpc_endpoint_ids: the call comes through one of these VPC endpoints, "vpce-...". Default: from anywhere.
    organization_id: the caller's account belongs to it, "o-...". Default: any.

    Raises ConfigurationError.
    """

    guardrail: GuardrailLike | None = None
    any_version: bool = False
    vpc_endpoint_ids: tuple[str, ...] = ()
    organization_id: str | None = None

    def __post_init__(self) -> None:
        raise_problems(
            "Conditions",
            self._guardrail_problem(),
            # Else a text, as from the context, would be true.
            instance_of("any_version", self.any_version, bool, "True or False", "write True or False"),
            *self._endpoint_problems(),
            self._organization_problem(),
        )

    def _guardrail_problem(self) -> Problem | None:
        if self.guardrail is None:
            return None
        if not isinstance(self.guardrail, GuardrailLike):
            fix = "guardrail=ExistingGuardrail(guardrail_arn=..., guardrail_version=...)"
            return Problem("guardrail", self.guardrail, "something with guardrail_arn and guardrail_version", fix)
        version = self.guardrail.guardrail_version
        if self.any_version and version == DRAFT and not is_token(version):
            allowed = "a numbered version where every version will do: the draft has no number"
            return Problem("guardrail.guardrail_version", version, allowed, 'publish a version and name it, as "1"')
        return version_problem("guardrail.guardrail_version", version)

    def _endpoint_problems(self) -> list[Problem | None]:
        allowed = "the id of a VPC endpoint, as vpce-0123456789abcdef0"
        fix = "copy it from `aws ec2 describe-vpc-endpoints`, or pass endpoint.vpc_endpoint_id"
        if not isinstance(self.vpc_endpoint_ids, tuple):
            return [Problem("vpc_endpoints", self.vpc_endpoint_ids, "a tuple of ids", fix)]
        return [
            matching("vpc_endpoints", one, r"vpce-([0-9a-f]{8}|[0-9a-f]{17})", allowed, fix)
            for one in self.vpc_endpoint_ids
        ]

    def _organization_problem(self) -> Problem | None:
        if self.organization_id is None:
            return None
        fix = "copy it from `aws organizations describe-organization`"
        # https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html (read 2026-11-24)
        return matching("organization_id", self.organization_id, r"o-[a-z0-9]{10,32}", "an id as o-a1b2c3d4e5", fix)

    def with_guardrail(self, *, negated: bool = False) -> Condition:
        """That a call applies the guardrail; negated, that it does not.

        The key holds ARN:number for a version and the ARN alone for the draft:
        https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html (read 2026-11-22)
        """
        if self.guardrail is None:
            return {}
        arn, version = self.guardrail.guardrail_arn, self.guardrail.guardrail_version
        if self.any_version:
            return {"ArnNotLike" if negated else "ArnLike": {_APPLIED: f"{arn}:*"}}
        identifier = arn if version == DRAFT and not is_token(version) else f"{arn}:{version}"
        return {"StringNotEquals" if negated else "StringEquals": {_APPLIED: identifier}}

    @property
    def applied_arns(self) -> list[str]:
        """What the caller needs bedrock:ApplyGuardrail on: the guardrail without version, and its profiles."""
        if self.guardrail is None:
            return []
        return [self.guardrail.guardrail_arn, *getattr(self.guardrail, "guardrail_profile_arns", ())]

    @property
    def key_arn(self) -> str | None:
        """What the caller needs kms:Decrypt on."""
        return getattr(self.guardrail, "guardrail_key_arn", None)

    def of_call(self) -> Condition:
        """For what the caller names in the call: where it comes from."""
        required: dict[str, Any] = {}
        if self.vpc_endpoint_ids:
            required["aws:SourceVpce"] = list(self.vpc_endpoint_ids)
        if self.organization_id is not None:
            required["aws:PrincipalOrgID"] = self.organization_id
        return {"StringEquals": required} if required else {}

    def outside_endpoints(self) -> Condition:
        """That a call comes through none of the VPC endpoints."""
        return {"StringNotEquals": {"aws:SourceVpce": list(self.vpc_endpoint_ids)}} if self.vpc_endpoint_ids else {}

    def outside_organization(self) -> Condition:
        """That a call comes from another organization, or from none."""
        if self.organization_id is None:
            return {}
        return {"StringNotEquals": {"aws:PrincipalOrgID": self.organization_id}}


def together(*conditions: Mapping[str, Mapping[str, Any]]) -> Condition:
    """All of them at once; keys are distinct."""
    found: Condition = {}
    for condition in conditions:
        for operator, keys in condition.items():
            found.setdefault(operator, {}).update(keys)
    return found
