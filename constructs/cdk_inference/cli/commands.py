"""The commands: what each is about, an example, its page. A command's module is loaded when it is used."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import NamedTuple

from cdk_inference.core.pages import page


class Command(NamedTuple):
    """One command. about: a phrase for `--help`. page: the address of its page. Its module has the same name."""

    about: str
    example: str
    page: str


COMMANDS = {
    "summary": Command(
        about="endpoints with their hardware, instances, alarms, findings and notifications",
        example="cdk-inference summary cdk.out",
        page=page("deploying"),
    ),
    "check": Command(
        about="template settings that AWS rejects or ignores although schemas allow them",
        example="cdk-inference check template.yaml --region eu-west-1",
        page=page("rules"),
    ),
    "estimate": Command(
        about="hourly and monthly cost of templates",
        example="cdk-inference estimate cdk.out --budget 3000 --format html --output estimate.html",
        page=page("prices"),
    ),
    "choose": Command(
        about="instance types that fit a model, cheapest first",
        example="cdk-inference choose --parameters 8B --precision bf16 --context 8k --batch 16 --region us-east-1",
        page=page("choosing"),
    ),
    "claims": Command(
        about="check that the numbers in documents are backed by results",
        example="cdk-inference claims check report.md",
        page=page("proof"),
    ),
    "compare": Command(
        about="measure two or more candidates against each other, and judge claims about them",
        example="cdk-inference compare run comparison.toml",
        page=page("proof"),
    ),
    "prices": Command(
        about="SageMaker hosting prices from the AWS Price List, as a table",
        example="cdk-inference prices refresh --region us-east-1 --output prices.csv",
        page=page("prices"),
    ),
    "rehearse": Command(
        about="deploy, change, break, roll back and destroy an app on this machine, without an account",
        example="cdk-inference rehearse .",
        page=page("rehearsal"),
    ),
    "review": Command(
        about="what a template change replaces, breaks, loosens and costs",
        example="cdk-inference review --base deployed/ --head cdk.out --max-increase-usd 500",
        page=page("review"),
    ),
    "completion": Command(
        about="shell completion of commands and options",
        example="cdk-inference completion bash > ~/.local/share/bash-completion/completions/cdk-inference",
        page=page("commands"),
    ),
}


def load(name: str) -> ModuleType:
    """Returns the command's module: `add_arguments(parser)`, and `run(chosen, today)` -> (text, exit status)."""
    return importlib.import_module(f"cdk_inference.cli.{name}")
