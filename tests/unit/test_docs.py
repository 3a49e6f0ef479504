"""What the docs show is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import aws_cdk as cdk
import pytest

from cdk_inference.cli.summary import summary
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.network import SERVICES
from cdk_inference.serving import Lmi, S3Model
from cdk_inference.template import deployment_in
from tests.support import models
from tests.synthesized import fleet

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted(ROOT.glob("[!R]*.md")), *sorted((ROOT / "docs").glob("*.md")))
README = PAGES[0].read_text()

pytestmark = pytest.mark.xdist_group("synthesized")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_the_readmes_first_endpoint_is_the_example() -> None:
    assert blocks(README, "python") == [(ROOT / "examples/first_endpoint.py").read_text()]


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_no_other_page_has_python_that_nobody_runs(page: Path) -> None:
    assert blocks(page.read_text(), "python") == []


def test_the_first_endpoint_has_thirteen_lines() -> None:
    lines = (ROOT / "examples/first_endpoint.py").read_text().splitlines()
    assert len([line for line in lines if line]) == 13


def test_the_readmes_table_is_what_synth_prints() -> None:
    found = summary(deployment_in(fleet("dev").assembly))
    assert found.status == 0
    assert blocks(README, "text")[0].strip() == found.text


def test_the_readmes_error_is_what_is_raised() -> None:
    stack = cdk.Stack(cdk.App(), "Demo", env=cdk.Environment(region="us-east-1"))
    model = S3Model(bucket=models(stack), prefix="llama-3.1-8b-instruct/", size_gb=16.1)
    server = Lmi(model=model, tensor_parallel_degree=8)
    with pytest.raises(ConfigurationError) as caught:
        RealtimeEndpoint(stack, "Chat", server=server, hardware="ml.g6.12xlarge", scaling=2)
    assert blocks(README, "text")[1].strip() == str(caught.value)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", "\n".join(blocks(page.read_text(), "sh")))) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_networks_table_is_the_codes() -> None:
    page = (ROOT / "docs/network.md").read_text()
    table = page[page.index("| service | made |") :].partition("\n\n")[0].splitlines()[2:]
    assert table == [f"| `{one.name}` | {one.made} | {one.why} | [AWS]({one.page}) |" for one in SERVICES]
