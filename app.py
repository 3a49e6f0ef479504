"""The app: picks the environment, makes the stacks, has them checked.

cdk synth -c environment=prod
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks

from cdk_inference.core.errors import plain_errors
from stacks.account import account_stack
from stacks.account_costs import account_cost_stack
from stacks.bedrock import bedrock_stack
from stacks.fleet import FleetStack
from stacks.models import ModelsStack
from stacks.network import network_stack
from stacks.region import region_stack
from stacks.settings import DEFAULT_ENVIRONMENT, settings_for


def build_app(context: Mapping[str, Any] | None = None, outdir: str | None = None) -> App:
    """The app for the environment that `context` or the command line names."""
    app = App(context=context, outdir=outdir)
    settings = settings_for(app.node.try_get_context("environment") or DEFAULT_ENVIRONMENT)
    models = ModelsStack(app, f"{settings.name}-models", settings=settings)
    network = network_stack(app, settings, models)
    bedrock_stack(app, settings, network)
    account_stack(app, settings)
    account_cost_stack(app, settings)
    region_stack(app, settings, models)
    FleetStack(app, f"{settings.name}-fleet", settings=settings, models=models, network=network)
    packs = (AwsSolutionsChecks, NIST80053R5Checks, HIPAASecurityChecks, PCIDSS321Checks)
    Validations.of(app).add_plugins(*(pack(app) for pack in packs))
    return app


if __name__ == "__main__":
    with plain_errors():
        build_app().synth()
