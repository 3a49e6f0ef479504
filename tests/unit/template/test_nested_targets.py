"""A scalable target counts wherever it stands: beside its endpoint, in the outer stack, in another nested stack."""

from __future__ import annotations

from pathlib import Path

from cdk_inference.hosting import CountRange
from cdk_inference.template import Hosting, Unknown, load_deployment, read_hosting
from tests.each import each

NESTED = "{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./%s.yaml%s}}"
VARIANTS = "[{VariantName: a, ModelName: m, InstanceType: ml.g5.xlarge, InitialInstanceCount: 1}]"
CONFIG = f"Settings: {{Type: AWS::SageMaker::EndpointConfig, Properties: {{ProductionVariants: {VARIANTS}}}}}"
ENDPOINT = (
    "Chat: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: !GetAtt Settings.EndpointConfigName%s}}"
)
BOUNDS = (
    "Bounds: {Type: AWS::ApplicationAutoScaling::ScalableTarget, Properties: {MinCapacity: 2, MaxCapacity: 8, "
    'ScalableDimension: "sagemaker:variant:DesiredInstanceCount", ServiceNamespace: sagemaker, ResourceId: %s}}'
)
OUTPUT = "Outputs: {Name: {Value: !GetAtt Chat.EndpointName}}"
NAMED = ', EndpointName: !Sub "${AWS::StackName}-chat"'


def stack(*resources: str, others: str = "") -> str:
    return "\n".join(["Resources:", *(f"  {one}" for one in resources), others])


def endpoint(name: str = "") -> tuple[str, str]:
    return CONFIG, ENDPOINT % name


def of(text: str) -> str:
    return BOUNDS % f'!Sub "endpoint/{text}/variant/a"'


def parameter(name: str) -> str:
    return f"Parameters: {{{name}: {{Type: String}}}}"


def given(name: str, value: str) -> str:
    return f", Parameters: {{{name}: {value}}}"


SERVING = stack(*endpoint(), others=OUTPUT)
CASES = {
    "beside its endpoint": {
        "outer": stack(f"Serving: {NESTED % ('serving', '')}"),
        "serving": stack(*endpoint(), of("${Chat.EndpointName}")),
    },
    "in the outer stack": {
        "outer": stack(f"Serving: {NESTED % ('serving', '')}", of("${Serving.Outputs.Name}")),
        "serving": SERVING,
    },
    "in a second nested stack": {
        "outer": stack(
            f"Serving: {NESTED % ('serving', '')}",
            f"Scaling: {NESTED % ('scaling', given('Name', '!GetAtt Serving.Outputs.Name'))}",
        ),
        "serving": SERVING,
        "scaling": stack(of("${Name}"), others=parameter("Name")),
    },
    "in a nested stack, of an endpoint in the outer one": {
        "outer": stack(*endpoint(), f"Scaling: {NESTED % ('scaling', given('Name', '!GetAtt Chat.EndpointName'))}"),
        "scaling": stack(of("${Name}"), others=parameter("Name")),
    },
    "a name made of the nested stack's": {
        "outer": stack(f"Serving: {NESTED % ('serving', '')}"),
        "serving": stack(*endpoint(NAMED), of("${AWS::StackName}-chat")),
    },
    "a name made of the outer stack's": {
        "outer": stack(
            f"Serving: {NESTED % ('serving', given('Prefix', '!Ref AWS::StackName'))}", of("${AWS::StackName}-chat")
        ),
        "serving": stack(*endpoint(', EndpointName: !Sub "${Prefix}-chat"'), others=parameter("Prefix")),
    },
    "nested twice": {
        "outer": stack(f"Middle: {NESTED % ('middle', '')}"),
        "middle": stack(f"Serving: {NESTED % ('serving', '')}"),
        "serving": stack(*endpoint(NAMED), of("${AWS::StackName}-chat")),
    },
    "nested twice, scaled from the outermost": {
        "outer": stack(f"Middle: {NESTED % ('middle', '')}", of("${Middle.Outputs.Name}")),
        "middle": stack(
            f"Serving: {NESTED % ('serving', '')}", others="Outputs: {Name: {Value: !GetAtt Serving.Outputs.Name}}"
        ),
        "serving": SERVING,
    },
    "the name taken from an ARN": {
        "outer": stack(f"Serving: {NESTED % ('serving', '')}"),
        "serving": stack(
            *endpoint(),
            BOUNDS % '!Join ["/", [endpoint, !Select [1, !Split ["/", !Ref Chat]], variant, a]]',
        ),
    },
    "a name with a parameter that nothing sets": {
        "outer": stack(
            f"Serving: {NESTED % ('serving', given('Team', '!Ref Team'))}",
            of("${Team}-live"),
            others=parameter("Team"),
        ),
        "serving": stack(*endpoint(', EndpointName: !Sub "${Team}-live"'), others=parameter("Team")),
    },
}


def read(folder: Path, files: dict[str, str]) -> Hosting:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return read_hosting(load_deployment([folder / "outer.yaml"], "us-east-1"))


@each("files", CASES.values())
def test_its_bounds_are_those_of_the_variant(files: dict[str, str], tmp_path: Path) -> None:
    found = read(tmp_path, files)
    (chat,) = found.endpoints
    assert not isinstance(chat.hosted.variants, Unknown)
    (variant,) = chat.hosted.variants
    assert (variant.instances, found.stray_targets) == (CountRange.scheduled(2, 8), [])


@each(
    ("target", "reason"),
    [
        (
            "endpoint/${Chat.EndpointName}/variant/b",
            "variant b of endpoint ${Chat.EndpointName} is not among what was read",
        ),
        ("endpoint/chat/variant/a", "variant a of endpoint chat is not among what was read"),
        ("${Chat.EndpointName}", "its ResourceId names no variant and no inference component"),
        ("endpoint/${Team}/variant/a", "variant a of endpoint ${Team} is not among what was read"),
        (
            "endpoint/${Chat.EndpointName}/variant/${Team}",
            "variant ${Team} of endpoint ${Chat.EndpointName} is not among",
        ),
    ],
)
def test_a_target_that_matches_nothing_is_listed(target: str, reason: str, tmp_path: Path) -> None:
    others = parameter("Team")
    found = read(tmp_path, {"outer": stack(*endpoint(), BOUNDS % f'!Sub "{target}"', others=others)})
    ((resource, why),) = found.stray_targets
    assert (resource.logical_id, why[: len(reason)]) == ("Bounds", reason)


def test_a_target_of_something_else_is_none_of_an_endpoint(tmp_path: Path) -> None:
    table = "Bounds: {Type: AWS::ApplicationAutoScaling::ScalableTarget, Properties: {ServiceNamespace: dynamodb, %s}}"
    assert read(tmp_path, {"outer": stack(table % "ResourceId: !Ref Table")}).stray_targets == []
    unnamed = table.replace("ServiceNamespace: dynamodb", 'ScalableDimension: "dynamodb:table:ReadCapacityUnits"')
    assert read(tmp_path, {"outer": stack(unnamed % "ResourceId: !Ref Table")}).stray_targets == []
