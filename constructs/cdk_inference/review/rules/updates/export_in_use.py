"""An export that other stacks import, and that goes or changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdk_inference.review.finding import Hit
from cdk_inference.review.formatting import listed
from cdk_inference.review.pair import DeploymentPair, StackPair
from cdk_inference.review.resource_versions import as_text
from cdk_inference.review.rule import Rule
from cdk_inference.template.stacks import Stack
from cdk_inference.template.values import mapping, references_in

_DEPTH_MAX = 60


def check_all(deployments: DeploymentPair) -> Iterator[Hit]:
    """Exports and imports of what is deployed, against those to come."""
    exporting = [pair for pair in deployments.stacks if pair.before is not None and any(_exports(pair.before))]
    users = _users(deployments, before=True) if exporting else {}
    if not users:
        return
    later = _users(deployments, before=False)
    for pair in exporting:
        if pair.before is None or pair.after is None:
            continue
        after = dict(_exports(pair.after))
        for name in dict(_exports(pair.before)):
            importers = users.get((name, pair.before.region), [])
            if not importers:
                continue
            still = [one for one in importers if one in later.get((name, pair.after.region), [])]
            if name not in after:
                yield _gone(pair, name, importers, still)
            elif any(_replaced(pair, logical_id) for _, logical_id, _ in references_in(str(after[name]))):
                yield pair.hit(
                    f"the value of its export {name} changes, since it refers to something that is replaced",
                    f"the update fails: {listed(tuple(importers))} imports it, and an export in use cannot change",
                    "export the new one under another name, migrate the users, then remove the old one",
                )


def _gone(pair: StackPair, name: str, importers: list[str], still: list[str]) -> Hit:
    if still:
        means = f"the update fails: {listed(tuple(still))} still imports it"
        safe = "keep the export as long as it is imported"
    else:
        means = f"the update fails if it comes before that of {listed(tuple(importers))}, which imports it until then"
        safe = "keep the export for one deployment of both (CDK: `export_value`), then remove it"
    return pair.hit(f"its export {name} is removed", means, safe)


def _replaced(pair: StackPair, logical_id: str) -> bool:
    found = pair.replacements.get(logical_id)
    return found is not None and found.certain


def _exports(stack: Stack) -> Iterator[tuple[str, Any]]:
    """(name, value) of each export whose name is known."""
    for output, written in mapping(stack.template.get("Outputs")).items():
        name = stack.resolve(mapping(mapping(written).get("Export")).get("Name"))
        if isinstance(name, str):
            yield name, stack.output(output)


def _users(deployments: DeploymentPair, *, before: bool) -> dict[tuple[str, str | None], list[str]]:
    """(export, region) -> names of the stacks that import it."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for pair in deployments.stacks:
        stack = pair.before if before else pair.after
        if stack is None:
            continue
        sections = (stack.template.get("Resources"), stack.template.get("Outputs"))
        text = as_text(sections)
        for written in _imports(sections, 0) if not text or "Fn::ImportValue" in text else ():
            name = stack.resolve(written)
            users = found.setdefault((name, stack.region), []) if isinstance(name, str) else []
            if stack.name not in users:
                users.append(stack.name)
    return found


def _imports(value: Any, depth: int) -> Iterator[Any]:
    if depth > _DEPTH_MAX:
        return
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key == "Fn::ImportValue":
                yield one
            else:
                yield from _imports(one, depth + 1)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _imports(one, depth + 1)


RULE = Rule(
    id="export-in-use",
    level="error",
    title="An export that is removed or changed while another stack imports it",
    why=(
        "CloudFormation neither deletes nor changes an export that a deployed stack imports. The CDK makes exports by "
        "itself where a construct of one stack is used in another. An export that no other stack imports is not a "
        "finding."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html"
    " (read 2026-11-24)",
    check_all=check_all,
    any_type=True,
)
