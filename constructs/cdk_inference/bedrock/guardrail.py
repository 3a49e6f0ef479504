"""A guardrail, and a version of it for every change of its policies."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import CrossStackReferences, ReferenceStrength, RemovalPolicy, Token
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.bedrock.conditions import Conditions, arn_problem
from cdk_inference.bedrock.granting import grant
from cdk_inference.bedrock.guardrail_metrics import GuardrailMetrics
from cdk_inference.bedrock.guardrail_policy import CLASSIC, STANDARD, GuardrailPolicy, Policies, Tier, policy_problems
from cdk_inference.bedrock.guardrail_profiles import PROFILES, CrossRegion, profile_problem
from cdk_inference.bedrock.partitions import partition_problem
from cdk_inference.bedrock.placement import GUARDRAIL_PLACE, elsewhere_problem
from cdk_inference.bedrock.statements import apply_statements
from cdk_inference.core.checks import instance_of, matching
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.core.location import Location
from cdk_inference.kit.interfaces import Key
from cdk_inference.kit.physical_names import physical_name_at
from cdk_inference.kit.region_checks import key_problem
from cdk_inference.kit.stack_context import path_below, stack_context


class VersionedGuardrail(Construct, GuardrailMetrics):
    """A guardrail in one version, made here or elsewhere: a `GuardrailLike`.

    Attributes: `guardrail_arn`, without a version; `guardrail_id`; `guardrail_version`, a number as text;
    `guardrail_profile_arns`, the profile in each region that evaluates it, none in the tier Classic;
    `guardrail_key_arn`, None with a key of AWS's.
    """

    guardrail_arn: str
    guardrail_id: str
    guardrail_version: str
    guardrail_profile_arns: tuple[str, ...]
    guardrail_key_arn: str | None

    def grant_apply(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allows `grantee` to apply this guardrail, in any version, wherever it is evaluated, and to read its key.

        What Bedrock authorizes has no version: https://docs.aws.amazon.com/bedrock/latest/userguide/
        guardrails-permissions-id.html. The key: guardrails-permissions-kms.html, same guide (read 2026-11-24).
        """
        return grant(self, grantee, apply_statements(Conditions(guardrail=self)))


class Guardrail(VersionedGuardrail):
    """A guardrail and its newest version. Callers name both; they change version when their stack is deployed.

    policies: what is looked for, at least one, in any order: `ContentFilter`, `DeniedTopic`, `BlockedWords`,
        `PiiFilter`, `Grounding`.
    tier: "CLASSIC" (default) or "STANDARD", which knows more languages and is evaluated in several regions.
    cross_region: for the tier STANDARD in a region that our table does not have, or to choose another profile.
        Default: the region's own profile.
    blocked_input, blocked_output: what callers get instead of the answer, 1 to 500 characters. Default: that the
        request, or the answer, was blocked by a guardrail.
    encryption_key: encrypts the guardrail. Default: a key of AWS's. Who deploys needs kms:CreateGrant, Decrypt,
        DescribeKey and GenerateDataKey on it, and every caller kms:Decrypt, which `grant_apply` and `BedrockAccess`
        give.
    keep: whether the guardrail outlives the stack, and callers elsewhere with it. Default True.

    A change of a policy, a message or the tier changes the guardrail's draft and makes a new version after it. Older
    versions stay when they leave the template, for callers that still name them, until somebody deletes them. A
    guardrail has 20 versions at most, a quota that cannot be raised (L-D471AEAB,
    https://docs.aws.amazon.com/general/latest/gr/bedrock.html, read 2026-11-24): see docs/guardrails.md on cleaning up.

    Attributes: those of `VersionedGuardrail`, and `policy_digest`, which the version's description ends with.

    Raises ConfigurationError.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        policies: Sequence[GuardrailPolicy],
        tier: Tier = CLASSIC,
        cross_region: CrossRegion | None = None,
        blocked_input: str = "This request was blocked by a guardrail.",
        blocked_output: str = "The answer was blocked by a guardrail.",
        encryption_key: Key | None = None,
        keep: bool = True,
    ) -> None:
        location = stack_context(scope)
        given = policy_problems(policies, tier, cross_region, blocked_input, blocked_output)
        standard = tier == STANDARD and not any(given)
        raise_problems(
            f"Guardrail {path_below(scope, id)}",
            partition_problem(location),
            *given,
            profile_problem(cross_region, location) if standard else None,
            None if encryption_key is None else key_problem(encryption_key, location.region, "guardrail"),
            instance_of("keep", keep, bool, "True or False", "write True or False"),
        )
        super().__init__(scope, id)
        routed = (cross_region or PROFILES[location.region]) if standard else None
        snapshot = Policies(
            policies=policies,
            tier=tier,
            cross_region=routed,
            blocked_input=blocked_input,
            blocked_output=blocked_output,
        )
        self.guardrail_key_arn = None if encryption_key is None else encryption_key.key_arn
        self.guardrail_profile_arns = () if routed is None else routed.arns(location)
        self.policy_digest = snapshot.digest()
        resource = self._make(snapshot, location, routed)
        resource.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if keep else RemovalPolicy.DESTROY)
        version = bedrock.CfnGuardrailVersion(
            self,
            # Another id is another resource: nothing else makes CloudFormation take a new snapshot.
            f"Version{self.policy_digest}",
            # The reference lets CloudFormation change the guardrail before it takes the snapshot.
            guardrail_identifier=resource.attr_guardrail_id,
            description=f"Policies {self.policy_digest}",
        )
        # An older version leaves the template and must stay; one of a deployment that failed is nobody's.
        version.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        # An export of the older version could not go while another stack imports it, and the deployment would fail.
        CrossStackReferences.of(version).produce(ReferenceStrength.WEAK)
        self.guardrail_arn = resource.attr_guardrail_arn
        self.guardrail_id = resource.attr_guardrail_id
        self.guardrail_version = version.attr_version

    def _make(self, snapshot: Policies, location: Location, routed: CrossRegion | None) -> bedrock.CfnGuardrail:
        properties = snapshot.rendered()
        sections = {name: Token.as_any(value) for name, value in properties.items() if isinstance(value, dict)}
        return bedrock.CfnGuardrail(
            self,
            "Resource",
            name=physical_name_at(self.node.path, stack_context(self), "guardrail"),
            blocked_input_messaging=properties["blockedInputMessaging"],
            blocked_outputs_messaging=properties["blockedOutputsMessaging"],
            content_policy_config=sections.get("contentPolicyConfig"),
            topic_policy_config=sections.get("topicPolicyConfig"),
            word_policy_config=sections.get("wordPolicyConfig"),
            sensitive_information_policy_config=sections.get("sensitiveInformationPolicyConfig"),
            contextual_grounding_policy_config=sections.get("contextualGroundingPolicyConfig"),
            cross_region_config=None
            if routed is None
            else bedrock.CfnGuardrail.GuardrailCrossRegionConfigProperty(guardrail_profile_arn=routed.arn(location)),
            kms_key_arn=self.guardrail_key_arn,
        )

    @staticmethod
    def from_guardrail(
        scope: Construct,
        id: str,
        *,
        guardrail_arn: str,
        guardrail_version: str,
        cross_region: CrossRegion | None = None,
        encryption_key: Key | None = None,
    ) -> VersionedGuardrail:
        """A guardrail that another stack or tool has made, or an older version of one made here.

        guardrail_arn: without a version.
        guardrail_version: a number as text; the draft is refused, since it changes under those who call.
        cross_region: where it is evaluated, if it is of the tier STANDARD.
        encryption_key: what it is encrypted with, if not a key of AWS's.

        Raises ConfigurationError.
        """
        return _ImportedGuardrail(scope, id, guardrail_arn, guardrail_version, cross_region, encryption_key)


class _ImportedGuardrail(VersionedGuardrail):
    def __init__(
        self,
        scope: Construct,
        id: str,
        guardrail_arn: str,
        guardrail_version: str,
        cross_region: CrossRegion | None,
        encryption_key: Key | None,
    ) -> None:
        location = stack_context(scope)
        arn = arn_problem(guardrail_arn)
        raise_problems(
            f"Guardrail {path_below(scope, id)}",
            arn or elsewhere_problem("guardrail_arn", guardrail_arn, location, "name it", GUARDRAIL_PLACE),
            numbered_problem("guardrail_version", guardrail_version),
            instance_of(
                "cross_region", cross_region, (CrossRegion, type(None)), "CrossRegion or None", "CrossRegion(...)"
            ),
            None if encryption_key is None else key_problem(encryption_key, location.region, "guardrail"),
        )
        super().__init__(scope, id)
        self.guardrail_key_arn = None if encryption_key is None else encryption_key.key_arn
        self.guardrail_arn = guardrail_arn
        self.guardrail_id = guardrail_arn.rpartition("/")[2]
        self.guardrail_version = guardrail_version
        self.guardrail_profile_arns = () if cross_region is None else cross_region.arns(location)


def numbered_problem(argument: str, version: object) -> Problem | None:
    """A version is a number: the draft is no version."""
    allowed = 'a version\'s number as text, as "1"; not DRAFT, which changes under its callers'
    fix = "publish one with `aws bedrock create-guardrail-version`, and write the number that it prints"
    return matching(argument, version, r"[1-9][0-9]{0,7}", allowed, fix)
