"""Who may subscribe to models that are sold through AWS Marketplace: a role of its own, not those who call them."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.bedrock.additional_access import marketplace_statements
from cdk_inference.bedrock.documents import document
from cdk_inference.bedrock.nag_reasons import MARKETPLACE
from cdk_inference.core.checks import has_members, matching
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.kit.iam import POLICY_CHARACTERS_MAX, document_characters
from cdk_inference.kit.interfaces import Principal, as_principal
from cdk_inference.kit.nag import acknowledge
from cdk_inference.kit.stack_context import path_below

_AN_ID = "an id as prod-xdkflymybwmvi"


class MarketplaceSubscriber(Construct):
    """A role that subscribes the account to models, once, by accepting their agreements; it may call none.

    With the role, for each model: `aws bedrock list-foundation-model-agreement-offers`, then
    `create-foundation-model-agreement` with the offer's token, and for a provider that wants it (Anthropic) the form of
    the first use, `put-use-case-for-model-access`, before. Callers need no such right afterwards.

    Bedrock also subscribes in the background when a model is first invoked, with the caller's rights
    (https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html, read 2026-11-29). For that way, allow the
    role to invoke the models as well: `access.grant_invoke(subscriber.role)`.

    assumed_by: who may take the role.
    product_ids: the products, "prod-...", as each model's card in the Bedrock user guide gives it. Models of Amazon,
        DeepSeek, Mistral AI, Meta, OpenAI and Qwen have none.

    Attribute: `role`. Raises ConfigurationError.
    """

    def __init__(self, scope: Construct, id: str, *, assumed_by: Principal, product_ids: Sequence[str]) -> None:
        raise_problems(f"MarketplaceSubscriber {path_below(scope, id)}", *_problems(assumed_by, product_ids))
        super().__init__(scope, id)
        policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="Subscribing to models sold through AWS Marketplace",
            document=iam.PolicyDocument.from_json(document(marketplace_statements(product_ids))),
        )
        acknowledge(policy, MARKETPLACE)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=as_principal(assumed_by),
            description="Subscribes to models sold through AWS Marketplace; calls none",
            managed_policies=[policy],
        )


def _problems(assumed_by: object, product_ids: object) -> list[Problem | None]:
    fix = "copy it from the model's card: Marketplace product ID"
    principal = None
    if not has_members(assumed_by, "grant_principal", "assume_role_action"):
        example = "for example iam.AccountRootPrincipal()"
        principal = Problem("assumed_by", assumed_by, "a principal (aws_iam.IPrincipal)", example)
    if not isinstance(product_ids, (list, tuple)) or not product_ids:
        return [principal, Problem("product_ids", product_ids, "at least one product", fix)]
    found = [matching("product_ids", one, r"prod-[a-z0-9]{8,32}", _AN_ID, fix) for one in product_ids]
    size = 0 if any(found) else document_characters(marketplace_statements(product_ids))
    if size > POLICY_CHARACTERS_MAX:
        allowed = f"products that fit into one policy of {POLICY_CHARACTERS_MAX} characters"
        found.append(Problem("product_ids", f"{len(product_ids)} products", allowed, "make a second subscriber"))
    return [principal, *found]
