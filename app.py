"""The app: picks the environment, makes the stacks, has them checked.

cdk synth -c environment=prod
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks

from cdk_inference.core.errors import plain_errors
from cdk_inference.validation import InferenceRules
from stacks.account import AccountStack
from stacks.account_costs import AccountCostStack
from stacks.bedrock import BedrockStack
from stacks.fleet import FleetStack
from stacks.models import ModelsStack
from stacks.network import NetworkStack
from stacks.region import RegionStack
from stacks.settings import DEFAULT_ENVIRONMENT, Settings, settings_for

OUTPUT = Path(__file__).resolve().parent / "cdk.out"


def clear_output(outdir: str | None) -> None:
    """Empties `cdk.out` of an earlier synthesis, which may be of another environment.

    The CDK CLI holds its lock, a file in there, while the app runs, so no other synthesis is disturbed. Any other
    folder, and the target of a link, stays as it is.
    """
    if outdir is None or Path(outdir).resolve() != OUTPUT or not OUTPUT.is_dir():
        return
    for entry in OUTPUT.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.suffix != ".lock":
            entry.unlink()


def add_stacks(app: App, settings: Settings) -> None:
    """Adds the stacks of one environment: models and fleet always, every other one if the settings have it."""
    models = ModelsStack(app, settings=settings)
    network = None
    if settings.network is not None:
        network = NetworkStack(app, settings=settings, network=settings.network, models=models)
    if settings.teams:
        BedrockStack(app, settings=settings, network=network)
    if settings.account_guardrail is not None:
        AccountStack(app, settings=settings, account=settings.account_guardrail)
    if settings.account_costs is not None:
        AccountCostStack(app, settings=settings, costs=settings.account_costs)
    if settings.metering:
        RegionStack(app, settings=settings, models=models)
    FleetStack(app, settings=settings, models=models, network=network)


def build_app(context: Mapping[str, Any] | None = None, outdir: str | None = None) -> App:
    """The app for the environment that `context` or the command line names."""
    app = App(context=context, outdir=outdir)
    environment = app.node.try_get_context("environment")
    settings = settings_for(DEFAULT_ENVIRONMENT if environment is None else environment)
    add_stacks(app, settings)
    packs = (AwsSolutionsChecks, NIST80053R5Checks, HIPAASecurityChecks, PCIDSS321Checks)
    Validations.of(app).add_plugins(InferenceRules(), *(pack(app) for pack in packs))
    return app


if __name__ == "__main__":
    with plain_errors():
        clear_output(os.environ.get("CDK_OUTDIR"))
        build_app().synth()
