"""What the docs show is what happens, in few and plain words."""

from __future__ import annotations

import contextlib
import functools
import re
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import aws_cdk as cdk
import botocore.session
import pytest
import yaml
from botocore import xform_name

from cdk_inference.cli import main
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.network import SERVICES
from cdk_inference.requirements import requirements
from cdk_inference.review.rules import all_rules
from cdk_inference.serving import Lmi, S3Model
from cdk_inference.template.acknowledgements import Acknowledgement, acknowledgements
from cdk_inference.template.deployments import deployment_of
from scripts.docs._markdown import NOTE
from scripts.site.__main__ import elsewhere
from scripts.site.docstrings import with_items
from tests.each import each
from tests.support import models

ROOT = Path(__file__).parents[2]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = (ROOT / "README.md", *sorted(ROOT.glob("[!R]*.md")), *DOCS)
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}
README_PAGE = ROOT / "README.md"
README = TEXTS[README_PAGE]
EXAMPLES = {
    path.name: path.read_text(encoding="utf-8").splitlines() for path in sorted((ROOT / "examples").glob("*.py"))
}
CDK = {"init", "synth", "bootstrap", "deploy", "destroy", "diff"}
OTHERS = {"pip", "git", "cd", "mkdir", "source", "optimum-cli", ".venv/bin/python"}
# The words of a page that a script writes are those of its template; its tables and lists come from tables and rules.
# The change log is a history and no guide.
BY_HAND = [
    *(
        page
        for page in PAGES
        if page.name not in ("SECURITY.md", "CHANGELOG.md") and not TEXTS[page].startswith(NOTE.strip())
    ),
    *sorted((ROOT / "scripts/docs").glob("*.md")),
]
WORDS_AT_MOST = 25_000
BANNED = (
    "anybody",
    "asks AWS",
    "beforehand",
    "by the same words",
    "dearer",
    "dearest",
    "fails not",
    "gets at",
    "have both",
    "hears",
    "is asked of",
    "is asked whether",
    "is no news",
    "is none",
    "is told",
    "meanwhile",
    "nobody",
    "of whomever",
    "serves on",
    "so busy",
    "stands in for",
    "tells afterwards",
    "the fewest",
    "the way back",
    "told",
    "what is none",
    "who may do what",
)


def blocks(text: str, language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", text, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block) for _, block in found]


def named(page: Path) -> str:
    return page.stem


def without_output(text: str) -> str:
    return re.sub(r"<!-- output of: .+? -->\n\n```text\n.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def is_excerpt(block: str) -> bool:
    wanted = textwrap.dedent(block).rstrip().splitlines()
    return any(
        textwrap.dedent("\n".join(lines[start : start + len(wanted)])).splitlines() == wanted
        for lines in EXAMPLES.values()
        for start in range(len(lines) - len(wanted) + 1)
    )


def commands(text: str) -> Iterator[list[str]]:
    for block in blocks(text, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            for command in line.split(" && "):
                if words := shlex.split(command.partition(" > ")[0], comments=True):
                    yield words


def test_the_readmes_first_endpoint_is_the_example_in_fifteen_lines() -> None:
    (block,) = blocks(README, "python")
    assert block == (ROOT / "examples/first_endpoint.py").read_text()
    assert len([line for line in block.splitlines() if line]) <= 15


@each("page", PAGES[1:])
def test_python_on_a_page_is_an_excerpt_of_an_example_that_tests_synthesize(page: Path) -> None:
    assert [block for block in blocks(TEXTS[page], "python") if not is_excerpt(block)] == []


@functools.cache
def operations(service: str) -> dict[str, Any]:
    """The operations of an AWS service as the AWS CLI names them."""
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name, "-"): model.operation_model(name) for name in model.operation_names}


@each("page", PAGES)
def test_commands_on_a_page_exist_with_their_options(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for program, *arguments in commands(TEXTS[page]):
        if program == "cdk-inference":
            with mock.patch("cdk_inference.cli.main._run", return_value=0), contextlib.suppress(SystemExit):
                assert main(arguments) == 0
            assert capsys.readouterr().err == ""
        elif program == "make":
            assert arguments[0] in targets
        elif program == "aws" and arguments[0] != "s3":
            service, operation, *rest = arguments
            members = operations(service)[operation].input_shape.members
            options = {f"--{xform_name(member, '-')}" for member in members}
            assert {one for one in rest if one.startswith("--")} <= options
        elif program == "cdk":
            assert arguments[0] in CDK
        else:
            assert program in {"aws", *OTHERS}


@each("page", PAGES)
def test_yaml_on_a_page_is_a_templates_acknowledgement_that_is_read(page: Path) -> None:
    for block in blocks(TEXTS[page], "yaml"):
        (stack,) = deployment_of({"stack": yaml.safe_load(block)}, "us-east-1").stacks
        (read,) = acknowledgements(stack)
        assert isinstance(read, Acknowledgement)
        assert read.rule in {rule.id for rule in (*all_rules(), *requirements())}


@each("page", PAGES)
def test_every_block_is_of_a_kind_that_is_run_or_compared(page: Path) -> None:
    """Diagrams aside. Text is the output of a command, README's error, or an answer that test_choosing_page compares."""
    fences = re.findall(r"^ *```(\S*)$", TEXTS[page], re.MULTILINE)
    assert set(fences[::2]) <= {
        "python",
        "sh",
        "yaml",
        "text",
        "mermaid",
        *(["console"] if page == README_PAGE else []),
    }
    if page.name not in ("README.md", "choosing.md"):
        assert blocks(without_output(TEXTS[page]), "text") == []


def test_the_readmes_error_is_what_is_raised() -> None:
    stack = cdk.Stack(cdk.App(), "Demo", env=cdk.Environment(region="us-east-1"))
    model = S3Model(bucket=models(stack), prefix="llama-3.1-8b-instruct/", size_gb=16.1)
    server = Lmi(model=model, tensor_parallel_degree=8)
    with pytest.raises(ConfigurationError) as caught:
        RealtimeEndpoint(stack, "Chat", server=server, hardware="ml.g6.12xlarge", scaling=2)
    assert blocks(without_output(README), "text") == [f"{caught.value}\n"]


@each("page", PAGES)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\((?!https?://)([^)]+)\)", TEXTS[page]):
        file, _, anchor = target.partition("#")
        path = page.parent / file if file else page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    assert broken == []


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


def test_every_page_is_in_the_navigation_once() -> None:
    # Its other tags are functions of Python, of which it has none.
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    pages = [page for page in leaves(nav) if not page.startswith("api/")]
    assert sorted(pages) == [page.name for page in DOCS]


def test_a_how_to_begins_with_code() -> None:
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    (how_to,) = (part["How to"] for part in nav if isinstance(part, dict) and "How to" in part)
    # The code of review in CI is the workflows, and that of the rehearsal one command.
    pages = set(leaves(how_to)) - {"review-in-ci.md", "rehearsal.md"}
    assert [page for page in sorted(pages) if "```" not in TEXTS[ROOT / "docs" / page].partition("\n## ")[0]] == []


def leaves(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    else:
        for child in node.values() if isinstance(node, dict) else node:  # type: ignore[attr-defined]
            yield from leaves(child)


def test_every_page_is_linked_from_another() -> None:
    linked = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", TEXTS[page])
    }
    assert [page.name for page in DOCS if page not in linked] == []


@each("page", BY_HAND)
def test_no_page_has_words_that_read_as_a_translation(page: Path) -> None:
    text = " ".join(page.read_text(encoding="utf-8").split())
    assert [words for words in BANNED if re.search(rf"\b{words}\b", text)] == []


def test_the_docs_are_short() -> None:
    words = {page.name: len(without_output(page.read_text(encoding="utf-8")).split()) for page in BY_HAND}
    assert sum(words.values()) <= WORDS_AT_MOST, sorted(words.items(), key=lambda item: -item[1])


def test_the_networks_table_is_the_codes() -> None:
    page = TEXTS[ROOT / "docs/network.md"]
    table = page[page.index("| service | made |") :].partition("\n\n")[0].splitlines()[2:]
    assert table == [f"| `{one.name}` | {one.made} | {one.why} | [AWS]({one.page}) |" for one in SERVICES]


@each(
    ("html", "found"),
    [
        ('<script src="https://unpkg.com/x.js"></script>', ["https://unpkg.com/x.js"]),
        ('<link rel="stylesheet" href="https://fonts.example/x.css">', ["https://fonts.example/x.css"]),
        ('<link href="https://fonts.example/x.css" rel="stylesheet">', ["https://fonts.example/x.css"]),
        ('<a href="https://docs.aws.amazon.com/">AWS</a><script src="assets/x.js"></script>', []),
        ('<link rel="canonical" href="https://example.com/">', []),
    ],
)
def test_the_site_finds_what_a_page_loads_from_elsewhere(html: str, found: list[str]) -> None:
    assert elsewhere(html) == found


@each(
    ("docstring", "shown"),
    [
        (
            "Makes it.\n\nusd: dollars.\n    More.\nRaises.",
            "Makes it.\n\n\n- **`usd`**: dollars.\n    More.\n\nRaises.",
        ),
        ("Note: no argument.\nHold: it", "Note: no argument.\nHold: it"),
        ("min_a, max_a: counts.", "\n- **`min_a, max_a`**: counts."),
        ("kind: of it. fixed: the\nsame.", "\n- **`kind`**: of it. fixed: the\n    same."),
    ],
)
def test_arguments_of_a_docstring_are_a_list(docstring: str, shown: str) -> None:
    assert with_items(docstring) == shown
