"""Each command of a page runs on inputs of the names that the page uses; what sends requests has tests of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cdk_inference.cli import main
from cdk_inference.core.errors import ExitStatus
from tests.each import each
from tests.synthesized import example
from tests.unit.test_docs import PAGES, TEXTS, commands

pytestmark = pytest.mark.xdist_group("synthesized")

ROOT = Path(__file__).parents[2]
RUN = ("check", "choose", "completion", "estimate", "review", "summary")
COMMANDS = [
    (page.stem, arguments)
    for page in PAGES
    for program, *arguments in commands(TEXTS[page])
    if program == "cdk-inference" and arguments[0] in RUN
]
CONFIG = {
    "model_type": "llama",
    "torch_dtype": "bfloat16",
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_attention_heads": 32,
    "num_hidden_layers": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
}
STACK: dict[str, Any] = {
    "Parameters": {"Count": {"Type": "Number"}},
    "Resources": {
        "Config": {
            "Type": "AWS::SageMaker::EndpointConfig",
            "Properties": {
                "ProductionVariants": [
                    {
                        "VariantName": "main",
                        "ModelName": "chat",
                        "InstanceType": "ml.g6.xlarge",
                        "InitialInstanceCount": {"Ref": "Count"},
                    }
                ]
            },
        },
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {"EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}},
        },
    },
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory with everything that pages name, and the earlier version of the app beside it."""
    app, base = tmp_path / "app", tmp_path / "base"
    for path in (app / "stacks", app / "templates", base):
        path.mkdir(parents=True)
    for link in (app / "cdk.out", app / "deployed", base / "cdk.out"):
        link.symlink_to(example("first_endpoint").folder)
    (app / "examples").symlink_to(ROOT / "examples")
    (app / "config.json").write_text(json.dumps(CONFIG))
    (app / "usage.toml").write_text("[endpoints.demo-chat]\naverage_instances = 1\n")
    (app / "prod.json").write_text(json.dumps([{"ParameterKey": "Count", "ParameterValue": "2"}]))
    for name in ("template.yaml", "stack.yaml", "stacks/chat.json", "templates/chat.json"):
        (app / name).write_text(json.dumps(STACK))
    monkeypatch.chdir(app)


@pytest.mark.usefixtures("folder")
@each(("page", "arguments"), COMMANDS)
def test_a_command_of_a_page_runs(page: str, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    del page  # names the row
    status = main(arguments)
    printed = capsys.readouterr()
    assert status != ExitStatus.UNABLE, printed.err
    assert printed.out.strip()
