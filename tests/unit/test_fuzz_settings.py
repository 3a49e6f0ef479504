"""Generated settings: what is accepted passes AWS's engine, API models and requirements; a refusal names the argument.

80 in a test run, 10 000 in `make fuzz`.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import random
from pathlib import Path

import aws_cdk as cdk
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_inference import scaling, serving
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import Observability, RealtimeEndpoint
from cdk_inference.hardware import regions
from tests.each import each
from tests.judges import lint, policy_size, service_model
from tests.support import CONTEXT, required_in_words
from tests.unit.generated_settings import make, plan

# The Price List has hosting prices here, but CloudFormation has no AWS::SageMaker::Endpoint (schemas of 2026-10-20 in
# cfn-lint 1.58.0 and in aws-cdk-lib 2.275.0, whose validation says so at synth time).
WITHOUT_CLOUDFORMATION = ("me-central-1", "us-gov-east-1")
REGIONS = [region for region in regions() if region not in WITHOUT_CLOUDFORMATION]

IN_ONE_STACK = 40
STACKS = 250 if settings.get_current_profile_name() == "fuzz" else 2

VALUES = (
    *(serving.S3Model, serving.S3Archive, serving.Lmi, serving.HuggingFaceNeuron, serving.VllmNeuron),
    *(serving.Compiled, serving.Container, serving.EcrImage, serving.StartupTimeouts, Observability),
    *(scaling.FixedCount, scaling.TargetInvocations, scaling.TargetConcurrency, scaling.TargetBacklog),
)
ARGUMENTS = {field.name for value in VALUES for field in dataclasses.fields(value)} | set(
    inspect.signature(RealtimeEndpoint.__init__).parameters
)


@settings(max_examples=STACKS, derandomize=STACKS == 2, database=None)
@given(region=st.sampled_from(REGIONS), seed=st.integers(0, 2**32))
def test_generated_settings(region: str, seed: int) -> None:
    chance = random.Random(seed)
    app = cdk.App(context=CONTEXT)
    stack = cdk.Stack(app, "fuzz", env=cdk.Environment(region=region))
    # Warnings, which a strict synth refuses: sound settings that start slowly, leave devices idle or state no length.
    for rule in ("startup-limit", "idle-accelerators", "length-unknown"):
        accepted = cdk.Acknowledgment(id=f"Annotation::cdk-inference:{rule}", reason="tests")
        cdk.Validations.of(stack).acknowledge(accepted)
    refused: list[tuple[list[str], ConfigurationError]] = []
    for number in range(IN_ONE_STACK):
        made = plan(chance, region)
        try:
            make(stack, number, made, chance)
        except ConfigurationError as error:
            refused.append((made.spoiled, error))
    for spoiled, error in refused:
        assert spoiled, f"a sound plan was refused: {error}"
        for problem in error.problems:
            assert problem.argument.partition("[")[0].split(".")[-1] in ARGUMENTS, problem
    assert len(refused) < IN_ONE_STACK * 3 / 4
    template = json.loads((Path(app.synth().directory) / "fuzz.template.json").read_text())
    assert service_model.findings(template) == []
    assert lint.findings(template, region) == []
    assert required_in_words(template, region) == []
    assert policy_size.findings(template) == []


@each("seed", range(3))
def test_most_plans_are_sound_and_some_are_not(seed: int) -> None:
    chance = random.Random(seed)
    spoiled = sum(bool(plan(chance, "us-east-1").spoiled) for _ in range(300))
    assert 50 < spoiled < 150
