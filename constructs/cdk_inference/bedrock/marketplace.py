"""Who may subscribe to models that are sold through AWS Marketplace: a role of its own, not those who call them."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.bedrock.additional_access import marketplace_statements
from cdk_inference.bedrock.documents import document
from cdk_inference.bedrock.nag_reasons import MARKETPLACE
from cdk_inference.core.checks import matching
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.kit.nag import acknowledge
from cdk_inference.kit.stack_context import path_below


class MarketplaceSubscriber(Construct):
    """A role that may subscribe the account to models, once; it may call none.

    Bedrock subscribes in the background when a model of a third party is called first, with the caller's rights. So
    somebody with this role calls each model once, or accepts its agreement; callers need no such right afterwards:
    https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html (read 2026-11-22)

    assumed_by: who may take the role.
    product_ids: the products, "prod-...", as each model's card in the Bedrock user guide gives it. Models of Amazon,
        DeepSeek, Mistral AI, Meta and Qwen have none.

    Attribute: `role`. Raises ConfigurationError.
    """

    def __init__(self, scope: Construct, id: str, *, assumed_by: iam.IPrincipal, product_ids: Sequence[str]) -> None:
        fix = "copy it from the model's card: Marketplace product ID"
        raise_problems(
            f"MarketplaceSubscriber {path_below(scope, id)}",
            *(
                matching("product_ids", one, r"prod-[a-z0-9]{8,32}", "an id as prod-xdkflymybwmvi", fix)
                for one in product_ids
            ),
            None if product_ids else Problem("product_ids", product_ids, "at least one product", fix),
        )
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
            assumed_by=assumed_by,
            description="Subscribes to models sold through AWS Marketplace; calls none",
            managed_policies=[policy],
        )
